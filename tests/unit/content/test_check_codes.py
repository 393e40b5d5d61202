"""Every diagnostic code: documented in both languages, and found by a failing example."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from content.checks import RULES, Checked, check, check_loaded
from content.checks.documentation import documentation
from content.checks.report import Words, as_json, render
from content.compiled import PackLibrary
from content.diagnostic import WARNINGS, Diagnostic
from content.loader import Loaded, load
from content.since import names_of
from engine.client import EngineClient
from engine.protocol import Failure, FailureKind, Job, Measured, Outcome

DATA = Path(__file__).parents[2] / "data" / "packs"
PARTS = {
    "en": ("What it does", "Why is this bad?", "Example", "Use instead"),
    "zh": ("检查什么", "为什么不好", "例子", "改成"),
}


@pytest.fixture(autouse=True)
def _at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def pack_of(code: str) -> Path:
    """A pack that is sound but for the slip of one code, in the working folder."""
    pack = Path("pack")
    shutil.copytree(DATA / "sound", pack)
    for source, target in (
        (f"{code}.yaml", "topic.yaml"),
        (f"{code}.pack.yaml", "pack.yaml"),
        (f"{code}.twin.yaml", "twin.yaml"),
        (f"{code}.yml", "more.yml"),
    ):
        if (DATA / "codes" / source).exists():
            shutil.copy(DATA / "codes" / source, pack / target)
    if code in SLIPS:
        SLIPS[code](pack)
    return pack


def _missing(pack: Path) -> None:
    (pack / "pack.yaml").unlink()


def _large(pack: Path) -> None:
    with (pack / "topic.yaml").open("ab") as file:
        file.write(b"#" * 50_000_000)


def _link(pack: Path) -> None:
    (pack.parent / "secret.yaml").write_text("topic: secret\n", encoding="utf-8")
    (pack / "link.yaml").symlink_to(Path("..", "secret.yaml"))


SLIPS: dict[str, Callable[[Path], None]] = {
    "G001": _missing,
    "G003": _large,
    "G013": _link,
}


@pytest.fixture
def measure(engine: EngineClient) -> Callable[[Sequence[Job]], Iterator[Outcome]]:
    """Measures with the real engine."""

    def run(jobs: Sequence[Job]) -> Iterator[Outcome]:
        for future in engine.submit_many(jobs):
            yield future.result()

    return run


def _timeout(jobs: Sequence[Job]) -> Iterator[Outcome]:
    for _ in jobs:
        yield Failure(FailureKind.TIMEOUT, "out-of-time")


def codes_in(checked: Checked) -> set[str]:
    return {found.code for found in checked.diagnostics}


def test_a_sound_pack_has_nothing_to_mend(
    measure: Callable[[Sequence[Job]], Iterator[Outcome]],
) -> None:
    checked = check(DATA / "sound", measure)
    assert checked.diagnostics == ()
    assert (checked.items, checked.exercises, checked.draws) == (2, 1, 49)


def assert_as_printed(code: str, found: Sequence[Diagnostic], loaded: Loaded | None) -> None:
    """The reports on a code are the golden ones.

    `GRADUS_WRITE_GOLDEN=1` writes them anew; look at the difference before keeping it.
    """
    sources = (loaded.manifest, *loaded.sources) if loaded else ()
    lines = {s.file: s.positions.lines for s in sources if s and s.positions.source}
    about = [one for one in found if one.code == code]
    for language in ("en", "zh"):
        report = "\n".join(render(about, lambda file: lines.get(file, ()), language)) + "\n"
        assert f"[{code}]" in report
        assert "\x1b" not in report
        golden = DATA / "reports" / f"{code}.{language}.txt"
        if os.environ.get("GRADUS_WRITE_GOLDEN"):
            golden.write_text(report, encoding="utf-8")
        assert report == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("code", sorted(set(RULES) - {"G202", "G212", "G604", "G606"}))
def test_the_failing_example_is_found(
    code: str, tmp_path: Path, measure: Callable[[Sequence[Job]], Iterator[Outcome]]
) -> None:
    checked = check(pack_of(code), measure, draws=10)
    assert code in codes_in(checked)
    found = next(d for d in checked.diagnostics if d.code == code)
    assert (found.severity == "warning") == (code in WARNINGS)
    assert_as_printed(code, checked.diagnostics, checked.loaded)


def test_a_measurement_that_takes_for_ever_is_told(tmp_path: Path) -> None:
    checked = check(pack_of("G604"), _timeout)
    assert codes_in(checked) - {"G702"} == {"G604"}
    assert_as_printed("G604", checked.diagnostics, checked.loaded)


def test_a_slow_measurement_is_told(
    tmp_path: Path, measure: Callable[[Sequence[Job]], Iterator[Outcome]]
) -> None:
    def slow(jobs: Sequence[Job]) -> Iterator[Outcome]:
        for outcome in measure(jobs):
            assert isinstance(outcome, Measured)
            yield Measured(outcome.values, outcome.device, 1.5, outcome.trace, outcome.engine)

    checked = check(pack_of("G606"), slow, draws=2)
    assert codes_in(checked) - {"G702"} == {"G606"}
    assert_as_printed("G606", checked.diagnostics, checked.loaded)


def test_a_second_pack_of_the_same_name_is_told(tmp_path: Path) -> None:
    shutil.copytree(DATA / "sound", tmp_path / "a")
    pack_of("G202")
    with PackLibrary([Path()], None) as library:
        assert [problem.code for problem in library.problems()] == ["G202"]
        assert_as_printed("G202", library.problems(), None)


def test_an_item_that_learners_would_lose_is_told() -> None:
    loaded = load(pack_of("G212"))
    before = names_of(DATA / "sound")
    found = check_loaded(loaded, None, before=before).diagnostics
    assert [one.code for one in found] == ["G212"]
    assert_as_printed("G212", found, loaded)
    topic = Path("pack", "topic.yaml")
    kept = "    formerly: [cnn.params/sharing]\n    front: {en: Why does"
    text = topic.read_text(encoding="utf-8").replace("    front: {en: Why does", kept)
    topic.write_text(text, encoding="utf-8")
    assert check_loaded(load(Path("pack")), None, before=before).diagnostics == ()


def test_every_code_has_a_bad_file_and_a_golden_report() -> None:
    held = {path.name.split(".")[0] for path in (DATA / "codes").iterdir()}
    assert held | {"G001", "G003", "G013"} == set(RULES)  # no file, a huge one, a link: made anew
    reports = {f"{code}.{language}.txt" for code in RULES for language in ("en", "zh")}
    assert {path.name for path in (DATA / "reports").iterdir()} == reports


def test_an_engine_that_gives_up_is_asked_no_more() -> None:
    asked = []

    def gives_up(jobs: Sequence[Job]) -> Iterator[Outcome]:
        asked.extend(jobs)
        return _timeout(jobs)

    assert codes_in(check(DATA / "sound", gives_up)) == {"G604"}
    assert len(asked) == 2  # one per item


def test_code_is_measured_with_its_numbers_filled_in(
    tmp_path: Path, measure: Callable[[Sequence[Job]], Iterator[Outcome]]
) -> None:
    shutil.copytree(DATA / "sound", tmp_path / "pack")
    topic = tmp_path / "pack" / "topic.yaml"
    layers = ", ".join(["Conv2d(1, 1, 3)"] * 6)
    block = f"```\n        {{{{ code(Sequential({layers})) }}}}\n        ```\n"
    card = f"    back:\n      en: |\n        {block}      zh: |\n        {block}"
    text = topic.read_text(encoding="utf-8")
    start, end = text.index("    back:"), text.index("exercises:")
    topic.write_text(text[:start] + card + text[end:], encoding="utf-8")
    assert codes_in(check(tmp_path / "pack", None)) == set()
    assert codes_in(check(tmp_path / "pack", measure)) == {"G404"}


def test_titles_are_looked_at_too(tmp_path: Path) -> None:
    shutil.copytree(DATA / "sound", tmp_path / "pack")
    manifest = tmp_path / "pack" / "pack.yaml"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace("en: Sample", 'en: "\\e[31mSample"'), encoding="utf-8")
    (found,) = check(tmp_path / "pack", None).diagnostics
    assert (found.code, found.line) == ("G406", 3)


def test_of_two_packs_with_one_id_the_first_wins(tmp_path: Path) -> None:
    for name in ("a", "b"):
        shutil.copytree(DATA / "sound", tmp_path / name)
    with PackLibrary([tmp_path], None) as library:
        assert [problem.code for problem in library.problems()] == ["G202"]
        assert len(library.manifests()) == 1


@pytest.mark.parametrize("code", sorted(RULES))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_code_is_documented(code: str, language: str) -> None:
    text = documentation(code, language)
    assert text is not None
    places = [text.index(f"\n{part}\n") for part in PARTS[language]]
    assert places == sorted(places)
    assert text.startswith(f"{code} {RULES[code].name}")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_code_has_words(language: str) -> None:
    words = Words(language)
    for code in RULES:
        found = Diagnostic(code, "error", "pack.yaml")
        assert words.message(found)
        assert words.part("why", found) or code in {"G401", "G402", "G501", "G601", "G604"}
        assert words.mend(found)


def test_both_languages_have_the_same_words() -> None:
    from content.checks.report import _table

    assert list(_table("en")) == list(_table("zh"))


def test_json_names_every_code() -> None:
    for entry in as_json([Diagnostic(code, "error", "f") for code in RULES], "en"):
        assert entry["name"] == RULES[entry["code"]].name


def test_names_are_told_apart() -> None:
    names = [rule.name for rule in RULES.values()]
    assert len(set(names)) == len(names)
    assert set(WARNINGS) <= set(RULES)
