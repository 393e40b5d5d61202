"""The instructor's guide: its examples are sound, its slips are found, its reference is fresh."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

import content
from content.checks import Checked, check
from content.reference import reference
from engine.client import EngineClient
from engine.protocol import Job, Outcome

GUIDE = Path(content.__file__).parent / "PACKS.md"
GUIDES = (GUIDE, GUIDE.with_name("PACKS.zh.md"))
_BLOCK = re.compile(r"^```yaml ?(?P<info>[^\n]*)\n(?P<text>.*?)^```$", re.M | re.S)
_MANIFEST = "id: guide\nversion: 1.0.0\ntitle: {{en: Guide, zh: 指南}}\nlanguages: [{languages}]\n"


def blocks(guide: Path) -> list[tuple[str, str]]:
    """Every YAML example with the words behind its fence."""
    found = _BLOCK.finditer(guide.read_text(encoding="utf-8"))
    return [(match["info"], match["text"]) for match in found]


def slips() -> list[tuple[Path, str, str]]:
    """Every example of a slip: its guide, its code, its text."""
    return [(guide, *one) for guide in GUIDES for one in blocks(guide) if one[0].startswith("G")]


def topic_of(name: str, items: Sequence[str], title: str = "Items") -> str:
    """A topic's file with these items."""
    parts: dict[str, list[str]] = {"cards": [], "exercises": []}
    for text in items:
        parts["exercises" if "\n  kind:" in text else "cards"].append(textwrap.indent(text, "  "))
    body = "".join(f"{part}:\n{''.join(texts)}" for part, texts in parts.items() if texts)
    return f"topic: {name}\ntitle: {title}\n{body}"


Prove = Callable[[dict[str, str]], Checked]


@pytest.fixture
def prove(engine: EngineClient, tmp_path: Path) -> Prove:
    """Checks a pack made of files."""

    def measure(jobs: Sequence[Job]) -> Iterator[Outcome]:
        for future in engine.submit_many(jobs):
            yield future.result()

    def run(files: dict[str, str]) -> Checked:
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        return check(tmp_path, measure, draws=5)

    return run


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_all_examples_together_are_one_sound_pack(guide: Path, prove: Prove) -> None:
    sound = [text for info, text in blocks(guide) if not info]
    (manifest,) = (text for text in sound if text.startswith("id:"))
    (topic,) = (text for text in sound if text.startswith("topic:"))
    items = [text for text in sound if text.startswith("- id:")]
    assert len(items) + 2 == len(sound)
    manifest = manifest.replace("[conv.cost]}", "[conv.cost, guide.items]}")
    files = {"pack.yaml": manifest, "a.yaml": topic, "b.yaml": topic_of("guide.items", items)}
    checked = prove(files)
    assert checked.diagnostics == ()
    assert checked.items == len(items) + 1


@pytest.mark.parametrize(
    ("info", "text"), [one for g in GUIDES for one in blocks(g) if "," in one[0]]
)
def test_an_example_in_several_languages_is_sound(info: str, text: str, prove: Prove) -> None:
    files = {
        "pack.yaml": _MANIFEST.format(languages=info),
        "a.yaml": topic_of("guide.items", [text], "{en: Items, zh: 条目}"),
    }
    assert prove(files).diagnostics == ()


@pytest.mark.parametrize(("guide", "code", "text"), slips())
def test_a_slip_is_found_under_the_code_it_names(
    guide: Path, code: str, text: str, prove: Prove
) -> None:
    (manifest,) = (text for info, text in blocks(guide) if not info and text.startswith("id:"))
    manifest = re.sub(r"chapters:\n.*\n", "", manifest)
    manifest = re.sub(r", topic: conv.cost", "", manifest.split("drills:")[0])
    found = prove({"pack.yaml": manifest, "a.yaml": topic_of("guide.items", [text])})
    assert {one.code for one in found.diagnostics} - {"G702"} == {code}


def test_the_reference_of_fields_is_fresh() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    start = text.index("-->\n", text.index("<!-- fields:")) + 4
    stands = text[start : text.index("<!-- end of fields -->")]
    assert stands.strip() == reference().strip(), "`gradus pack schema fields` writes it anew"


def test_the_readme_leads_to_the_guide() -> None:
    assert "content/PACKS.md" in (GUIDE.parents[1] / "README.md").read_text(encoding="utf-8")


def test_both_guides_show_the_same_examples_in_the_same_order() -> None:
    english, chinese = (
        [(info, text.split("\n", 1)[0]) for info, text in blocks(guide)] for guide in GUIDES
    )
    assert english == chinese
    for guide in GUIDES:
        words = guide.read_text(encoding="utf-8")
        for command in ("build", "--sign", "install", "--key", "update", "diff", "remove", "git+"):
            assert command in words
