"""Text, JSON and the page: the same numbers, nothing from elsewhere, nothing unescaped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from logs import EXERCISE, Writer
from rich.cells import cell_len
from study_desk import HandClock, ScriptedEngine, write_pack

from app.locale import Locale
from app.progress.store import Store
from app.statistics.exporting import as_json, as_page, as_text, write_page
from app.statistics.gathering import Kind, Statistics
from app.statistics.periods import Period
from app.statistics.results import Result
from app.statistics.telling import figure
from app.study.doctor import rebuild
from app.study.session import DailyLimits, Study
from content.compiled import PackLibrary

GOLDEN = Path(__file__).parents[3] / "data" / "statistics.json"
HOSTILE = '</title><script src=//evil.example/x.js></script>"&\x1b[31m'


class Page(HTMLParser):
    """What a page holds."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def hostile(database: Path, tmp_path: Path, clock: HandClock) -> Iterator[Study]:
    """Packs whose titles are written to break out of whatever holds them."""
    title = json.dumps(HOSTILE)
    folder = write_pack(
        tmp_path / "packs" / "demo",
        {"a.first": "", "b.second": EXERCISE},
        f"mistakes:\n  bias: {{title: {title}}}\n",
    )
    (folder / "a.first.yaml").write_text(
        f"topic: a.first\ntitle: {title}\n"
        "cards:\n- {id: a1, front: A?, back: B.}\n- {id: a2, front: C?, back: D.}\n"
    )
    study = Study(
        Store.open(database, clock=clock),
        PackLibrary([folder], None),
        ScriptedEngine(),  # type: ignore[arg-type]
        clock,
        limits=DailyLimits(new=2, reviews=5),
        seed=1,
    )
    writer, today = Writer(study.store), clock.today()
    with study.store.transaction():
        for ago, rating in ((50, 4), (30, 3), (12, 1), (12, 3), (9, 3), (2, 3)):
            for item in ("demo:a.first/a1", "demo:b.second/e1"):
                mistake = "bias" if rating == 1 and item.endswith("e1") else None
                writer.review(item, today - ago, rating, 4.0 + ago, mistake)
    rebuild(study.store, clock, tmp_path / "backups")
    yield study
    study.close()


def gathered(study: Study, topic: str | None = None) -> list[tuple[str, Result]]:
    statistics = Statistics(study)
    return [(kind.value, statistics.gather(kind, Period.QUARTER, topic)) for kind in Kind]


def test_the_names_in_json_stay(hostile: Study) -> None:
    """Names and values are those of the file; a change of names needs another format number."""
    found = json.loads(as_json(gathered(hostile), hostile.clock.today()))
    wanted = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert found.keys() == wanted.keys()
    assert found["pictures"].keys() == wanted["pictures"].keys()
    for name, picture in wanted["pictures"].items():
        assert same(found["pictures"][name], picture), name


def same(one: object, other: object) -> bool:
    """Equal, rounding of different processors aside."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(same(a, b) for a, b in pairs)
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) < 1e-4
    return one == other


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_loads_and_runs_nothing(hostile: Study, language: str) -> None:
    results = [result for _, result in gathered(hostile)]
    text = as_page(results, hostile.clock.today(), Locale(language))
    page = Page()
    page.feed(text)
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "base", "form", "use", "image"}
    for tag, attributes in page.tags:
        assert not any(name.startswith("on") or name in ("href", "src", "style", "xlink:href")
                       for name in attributes), (tag, attributes)  # fmt: skip
    assert "url(" not in text
    assert "@import" not in text
    assert text.count("http") == text.count("http-equiv") + text.count("http://www.w3.org/2000/svg")
    assert [a["content"] for t, a in page.tags if t == "meta" and "http-equiv" in a] == [
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    ]
    assert "\x1b" not in text
    assert sum(tag == "section" for tag, _ in page.tags) == len(Kind)
    assert sum(tag == "svg" for tag, _ in page.tags) >= len(Kind) - 2
    assert all(a.get("aria-label") for tag, a in page.tags if tag == "svg")
    assert "</title><script" in page.text  # as words, where the title stands


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [40, 76, 100])
@pytest.mark.parametrize("plain", [False, True])
def test_text_keeps_its_width(hostile: Study, language: str, width: int, plain: bool) -> None:
    results = [result for _, result in gathered(hostile)]
    text = as_text(results, Locale(language), width=width, ascii=plain)
    assert "\x1b" not in text
    for line in text.splitlines():
        assert cell_len(line) <= width, line
    if plain and language == "en":
        assert text.isascii(), {c for c in text if not c.isascii()}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_picture_says_what_it_shows_and_what_its_numbers_mean(
    hostile: Study, language: str
) -> None:
    for name, result in gathered(hostile):
        shown = figure(result, Locale(language))
        assert shown.name == name
        assert shown.said, name
        assert shown.defined, name
        assert shown.pictures or shown.table, name
        assert not shown.empty, name


@pytest.mark.parametrize("language", ["en", "zh"])
def test_where_there_is_nothing_yet_it_says_what_to_do(
    database: Path, pack: Path, clock: HandClock, language: str
) -> None:
    study = Study(
        Store.open(database, clock=clock),
        PackLibrary([pack], None),
        ScriptedEngine(),  # type: ignore[arg-type]
        clock,
        limits=DailyLimits(new=0, reviews=None),
        seed=1,
    )
    results = gathered(study)
    for name, result in results:
        shown = figure(result, Locale(language))
        assert shown.empty, name
        assert not shown.pictures, name
    assert json.loads(as_json(results, clock.today()))["pictures"]["calibration"]["rmse"] is None
    assert "<svg" not in as_page([one for _, one in results], clock.today(), Locale(language))
    study.close()


def test_one_topic(hostile: Study) -> None:
    results = gathered(hostile, "b.second")
    data = json.loads(as_json(results, hostile.clock.today()))
    assert data["topic"] == "demo:b.second"
    assert sum(data["pictures"]["calendar"]["reviews"]) == 6
    assert data["pictures"]["times"]["cards"]["answers"] == 0
    assert "About b.second" in as_text([one for _, one in results], Locale("en"))


def test_a_page_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "new" / "page.html"
    write_page(path, "one")
    write_page(path, "two")
    assert path.read_text() == "two"
    assert path.stat().st_mode & 0o777 in (0o644, 0o664, 0o600, 0o640)
    with pytest.raises(OSError):
        write_page(tmp_path / "new" / "page.html" / "below.html", "three")
    with pytest.raises(OSError):
        write_page(tmp_path / "new", "four")
    assert [one.name for one in tmp_path.rglob("*") if one.is_file()] == ["page.html"]
