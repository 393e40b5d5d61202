"""References beyond a topic: other packs, drills, follow-ups, messages for GitHub."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from content.checks import check, check_loaded
from content.checks.github import as_github
from content.checks.report import Words
from content.diagnostic import Diagnostic, diagnostic
from content.loader import load

DATA = Path(__file__).parents[2] / "data" / "packs"


def found(tmp_path: Path, manifest: str = "", topic: str = "") -> list[Diagnostic]:
    """What a sound pack gives with a line more in pack.yaml and at the head of its topic."""
    shutil.copytree(DATA / "sound", tmp_path / "pack")
    for name, more in (("pack.yaml", manifest), ("topic.yaml", topic)):
        file = tmp_path / "pack" / name
        file.write_text(f"{file.read_text(encoding='utf-8')}{more}\n", encoding="utf-8")
    return list(check(tmp_path / "pack", None).diagnostics)


def test_a_prerequisite_in_a_pack_that_this_one_follows_is_allowed(tmp_path: Path) -> None:
    assert found(tmp_path, "after: [foundations]", "needs: [foundations:cnn.params]") == []


@pytest.mark.parametrize(
    ("after", "need", "nearest"),
    [
        ("after: []", "foundations:cnn.params", ""),
        ("after: [foundations]", "foundation:cnn.params", "foundations:cnn.params"),
        ("after: [foundations]", "foundations:Cnn!", "foundations:Cnn!"),
        ("after: [foundations]", "sample:cnn.parms", "cnn.params"),
    ],
)
def test_other_prerequisites_are_not(tmp_path: Path, after: str, need: str, nearest: str) -> None:
    (one,) = found(tmp_path, after, f"needs: ['{need}']")
    assert (one.code, one.detail("id"), one.detail("nearest")) == ("G204", need, nearest)


@pytest.mark.parametrize(
    ("need", "nearest"),
    [("foundations:cnn.parms", "foundations:cnn.params"), ("foundations:zebra", "")],
)
def test_a_prerequisite_that_the_followed_pack_lacks_is_told(
    tmp_path: Path, need: str, nearest: str
) -> None:
    found(tmp_path, "after: [foundations, biology]", f"needs: ['{need}', 'biology:cells']")
    topics = {"foundations": ["cnn.params", "cnn.stride"]}
    (one,) = check_loaded(load(tmp_path / "pack"), None, elsewhere=topics.get).diagnostics
    assert (one.code, one.detail("id"), one.detail("nearest")) == ("G204", need, nearest)
    name = need.partition(":")[2]
    assert Words("en").part("what", one) == f"The pack `foundations` has no topic `{name}`"
    assert Words("zh").part("what", one) == f"题包 `foundations` 里没有主题 `{name}`"


def test_a_prerequisite_that_the_followed_pack_has_is_allowed(tmp_path: Path) -> None:
    found(tmp_path, "after: [foundations]", "needs: [foundations:cnn.params]")
    loaded = load(tmp_path / "pack")
    assert not check_loaded(loaded, None, elsewhere=lambda _: {"cnn.params"}).diagnostics


def test_a_circle_through_the_packs_own_name_is_seen(tmp_path: Path) -> None:
    assert [one.code for one in found(tmp_path, "", "needs: [sample:cnn.params]")] == ["G205"]


@pytest.mark.parametrize(
    ("mix", "code", "value"),
    [
        ("kinds: [number, numbr]", "G104", "numbr"),
        ("kinds: [cards]", "G104", "cards"),
        ("levels: [4]", "G106", "4"),
        ("questions: 0", "G106", "0"),
        ("tags: [rare]", "G210", "rare"),
        ("topics: [cnm]", "G210", "cnm"),
        ("sorts: [number]", "G101", "sorts"),
    ],
)
def test_what_a_drill_cannot_draw_from_is_told(
    tmp_path: Path, mix: str, code: str, value: str
) -> None:
    drill = f"drills:\n  - {{id: a, title: {{en: A, zh: 甲}}, mix: {{{mix}}}}}"
    (one,) = found(tmp_path, drill)
    assert one.code == code
    assert value in dict(one.details).values()
    assert one.line == 8


def test_a_follow_up_is_compared_with_the_items_there_are(tmp_path: Path) -> None:
    (one,) = found(tmp_path, "", "    then: [sharng]")
    assert (one.code, one.detail("nearest")) == ("G210", "sharing")


def test_nothing_in_a_file_name_or_text_ends_a_github_command() -> None:
    one = diagnostic("G101", "a,b:c%\n.yaml", 3, 4, details=(("field", "x\n::error::y"),))
    (line,) = as_github([one], "en")
    assert line.startswith("::error file=a%2Cb%3Ac%25%0A.yaml,line=3,col=4,title=G101 ")
    assert "\n" not in line
