"""A report: its numbers, its advice, its four forms."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from drill_desk import give, right_answer
from study_desk import HandClock

from app.drill.exporting import as_data, export, exported
from app.drill.report import line_of, report, rounds, wilson
from app.drill.rounds import DrillRound
from app.drill.setup import Setup
from app.drill.views import Question, Report
from app.locale import LANGUAGES, Locale
from app.study.session import Study
from content.text.said import is_drawn

Home = Callable[..., Study]
SETUP = Setup(
    questions=4,
    minutes=10,
    seed=6,
    items=("small:main/count", "small:main/pick", "small:main/tell", "small:mend/biases"),
)
TRICKY = "<script>alert('x')</script> | `code` **b** & \x1b[31m"


def played(study: Study, clock: HandClock) -> Report:
    """One of each: a named mistake, a right answer, half the points, a skip."""
    drill = DrillRound.begin(study, SETUP)
    while isinstance(shown := drill.next(), Question):
        clock.forward(seconds=30)
        if shown.name == "small:main/count":
            typed = str(dict(shown.prepared.draw)["a"] * 3)
            drill.answer(typed, sure=True)
        elif shown.name == "small:main/pick":
            drill.answer(right_answer(shown), sure=False)
        elif shown.kind == "self":
            drill.reveal()
            drill.answer("1", said=TRICKY)
        else:
            drill.skip()
    return drill.end()


def test_the_numbers_of_a_report(home: Home, clock: HandClock) -> None:
    study = home()
    found = played(study, clock)
    by_name = {one.name.partition("/")[2]: one for one in found.results}
    assert {name: one.outcome for name, one in by_name.items()} == {
        "count": "mistake", "pick": "right", "tell": "close", "biases": "left",
    }  # fmt: skip
    assert (found.share.right, found.share.of) == (1, 4)
    assert (found.share.low, found.share.high) == wilson(1, 4)
    assert found.credit == (0 + 1 + 0.5 + 0) / 4
    assert found.pace == 90 / (40 + 20 + 60)
    assert found.seconds == 4 * 30 + 30  # the skipped one was seen twice
    calibration = found.calibration
    assert (calibration.sure, calibration.sure_right) == (1, 0)
    assert (calibration.unsure, calibration.unsure_right) == (1, 1)
    assert found.level is not None
    assert 1.0 <= found.level.low < found.level.value < found.level.high <= 3.0
    assert {part.id: part.share.of for part in found.topics} == {"small:main": 3, "small:mend": 1}
    (main,) = (part for part in found.topics if part.id == "small:main")
    assert main.mistakes == ({"en": "Bias forgotten", "zh": "漏掉偏置"},)
    count = by_name["count"]
    assert count.mistake_title == {"en": "Bias forgotten", "zh": "漏掉偏置"}
    assert count.prepared is not None
    assert count.truth == dict.fromkeys(LANGUAGES, str(count.prepared.truth.value))
    assert by_name["biases"].truth


def test_the_advice_mends_what_was_missed(home: Home, clock: HandClock) -> None:
    study, repeat, read = played(home(), clock).advice
    # The mistake of `main` is mended by `mend`, where a question was missed as well.
    assert (study.kind, study.target, study.cards, study.exercises) == (
        "study_topic", "small:mend", 1, 1,
    )  # fmt: skip
    assert (repeat.kind, repeat.count) == ("repeat", 3)
    assert set(repeat.items) == {"small:main/count", "small:main/tell", "small:mend/biases"}
    assert (read.kind, read.target) == ("read", "small:mend/what")
    assert read.title == {"en": "What is a bias?", "zh": "什么是偏置？"}


def test_a_report_is_the_same_another_day(home: Home, clock: HandClock) -> None:
    found = played(home(), clock)
    clock.forward(days=40)
    again = report(home(), found.number)

    def bare(one: Report) -> Report:
        return replace(one, results=tuple(replace(r, prepared=None) for r in one.results))

    assert bare(again) == bare(found)
    assert [one.prepared.draw for one in again.results if one.prepared] == [
        one.prepared.draw for one in found.results if one.prepared
    ]


def test_rounds_of_a_kind_are_compared(home: Home, clock: HandClock) -> None:
    study = home()
    first = played(study, clock)
    clock.forward(days=1)
    second = played(study, clock)
    assert first.earlier == ()
    assert [(one.number, one.right, one.of) for one in second.earlier] == [(1, 1, 4)]
    assert rounds(study) == (line_of(second), line_of(first))
    assert [line.number for line in rounds(study)] == [2, 1]
    assert "2026-03-03" in exported(second, "text", "en")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_whole_and_holds_no_markup_of_others(
    home: Home, clock: HandClock, language: str, tmp_path: Path
) -> None:
    found = played(home(), clock)
    page = exported(found, "html", language)
    reader = _Reader()
    reader.feed(page)
    assert reader.open == []
    assert reader.links == []
    assert "script" not in reader.tags
    assert "&lt;script&gt;" in page
    assert "http" not in page
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    assert ("漏掉偏置" in page) is (language == "zh")
    path = export(found, tmp_path / "out", language)
    assert path.read_text("utf-8") == page
    assert path.with_suffix(".md").exists()


def test_markdown_holds_what_was_typed_as_text(home: Home, clock: HandClock) -> None:
    text = exported(played(home(), clock), "md", "en")
    assert "<script>" not in text
    assert "\\<script\\>" in text
    assert "\x1b" not in text
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    widths = {row.replace("\\|", "").count("|") for row in rows}
    assert widths <= {4, 5, 6}
    assert text.startswith("# Drill report")


@pytest.mark.parametrize("language", LANGUAGES)
def test_json_and_text_say_what_was_answered(home: Home, clock: HandClock, language: str) -> None:
    found = played(home(), clock)
    data = json.loads(exported(found, "json", language))
    assert data == json.loads(json.dumps(as_data(found, Locale(language))))
    assert data["score"]["right"] == 1
    assert [one["outcome"] for one in data["questions"]] == [one.outcome for one in found.results]
    assert all(one["question"] for one in data["questions"])
    assert len(data["next"]) == 3
    text = exported(found, "text", language)
    for one in found.results:
        if one.kind in ("number", "choice") and one.typed:
            assert one.typed in text
    assert "\x1b" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_alone_for_those_who_hear_it(home: Home, clock: HandClock, language: str) -> None:
    study = home()
    played(study, clock)
    clock.forward(days=1)
    found = played(study, clock)  # with a picture of both rounds
    assert is_drawn(exported(found, "text", language))
    text = exported(found, "text", language, bare=True)
    assert not is_drawn(text)
    assert not set("✓✗≈◆") & set(text)
    number, right = (Locale(language)(f"drill.report.column.{name}") for name in ("round", "right"))
    colon, stop = ("：", "；") if language == "zh" else (": ", "; ")
    assert f"{number}{colon}1{stop}" in text
    assert f"{stop}{right}{colon}" in text


def test_wilsons_interval() -> None:
    low, high = wilson(8, 10)
    assert (round(low, 3), round(high, 3)) == (0.541, 0.931)
    assert wilson(0, 0) == (0.0, 1.0)
    for of in range(1, 60):
        assert wilson(0, of)[0] == 0.0
        assert wilson(of, of)[1] == 1.0
        for right in range(of + 1):
            low, high = wilson(right, of)
            assert 0.0 <= low <= right / of <= high <= 1.0


def test_faultless_rounds_lead_on(home: Home) -> None:
    drill = DrillRound.begin(home(), SETUP)
    while isinstance(shown := drill.next(), Question):
        give(drill, shown, right_answer(shown))
    kinds = [one.kind for one in drill.end().advice]
    assert kinds == ["study_topic", "repeat", "read"]
