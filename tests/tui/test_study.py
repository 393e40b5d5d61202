"""The study screen on the real loop."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.study.views import Rating
from app.tui.messages import EngineChanged
from app.tui.screens.choosing import Phase
from app.tui.screens.help import HelpScreen
from app.tui.screens.home import HomeScreen
from app.tui.screens.measure import MeasureScreen
from app.tui.screens.study_page import header
from app.tui.screens.summary import SummaryScreen
from app.tui.widgets.answer import AnswerField
from app.tui.widgets.footer import CommandFooter
from app.tui.widgets.notice import Notice, Tone
from app.tui.widgets.options import OptionsView
from app.tui.widgets.outcome import OutcomeView
from app.tui.widgets.ratings import RatingBar
from content.text import plain
from engine.protocol import EngineEvent, Job
from engine.verdict import canonical
from tests.screens.cells import text_of
from tests.screens.checks import faults
from tests.screens.scenes import CHOICE, MISTAKE, SELF, Stage
from tests.tui.conftest import OpenApp

CARDS = "foundations:cnn.weight-sharing"
WORDS_ALONE = "foundations:intro.series-map/what-builds-on-what"


def answered(home: Path) -> int:
    """Reviews in the log."""
    with closing(sqlite3.connect(home / "progress.sqlite")) as database:
        (count,) = database.execute("SELECT count(*) FROM event WHERE kind = 'review'").fetchone()
    return int(count)


async def exercise(stage: Stage, item: str = MISTAKE) -> None:
    await stage.complete_home()
    await stage.find(lambda name, _: name == item, item.partition("/")[0])


async def test_a_card_is_turned_rated_and_undone(open_app: OpenApp, tmp_path: Path) -> None:
    async with open_app() as stage:
        await stage.complete_home()
        await stage.find(lambda _, kind: kind == "card", CARDS)
        front = stage.study.shown
        assert front is not None
        assert not stage.study.query_one(RatingBar).shown
        await stage.press("space")
        await stage.phase(Phase.BACK)
        assert "again" in "\n".join(text_of(stage.app))
        await stage.press("3")
        await stage.until(lambda: stage.study.shown is not front, "next")
        assert answered(tmp_path) == 1
        await stage.press("ctrl+z")
        await stage.until(
            lambda: stage.study.shown is not None and stage.study.shown.name == front.name, "undone"
        )
        assert stage.study.phase is Phase.FRONT


async def test_letters_go_to_the_field_and_twins_act(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await exercise(stage)
        field = stage.study.query_one(AnswerField)
        await stage.press("u", "L", "r", "question_mark", "t", "1")
        assert field.value == "uLr?t1"
        assert stage.app.say.language == "en"
        await stage.press("f1")
        await stage.settle()
        assert isinstance(stage.app.screen, HelpScreen)
        shown = "\n".join(text_of(stage.app))
        assert "f2" in shown
        assert "^l" in shown
        await stage.press("escape")
        assert field.value == "uLr?t1"


async def test_the_language_turns_in_place(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await exercise(stage)
        await stage.type("12")
        await stage.press("f2")
        await stage.press("ctrl+l")
        await stage.settle()
        shown = "\n".join(text_of(stage.app))
        assert "提示" in shown
        assert "卷积" in shown
        assert stage.study.query_one(AnswerField).value == "12"
        assert stage.study.hints == 1
        assert faults(stage.app) == []


async def test_a_rating_lowered_by_a_hint_says_so(open_app: OpenApp) -> None:
    async with open_app(language="en") as stage:
        await exercise(stage)
        shown = stage.study.shown
        assert shown is not None
        await stage.press("f2")
        await stage.type(str(shown.prepared.truth.value))
        await stage.press("enter")
        await stage.phase(Phase.JUDGED)
        assert "A hint was used, so this counts as hard." in "\n".join(text_of(stage.app))
        await stage.press("L")
        await stage.settle()
        assert "用了提示，所以计为“困难”。" in "\n".join(text_of(stage.app))
        assert faults(stage.app) == []


async def test_a_known_mistake_is_named_and_its_rating_changed(
    open_app: OpenApp, tmp_path: Path
) -> None:
    async with open_app() as stage:
        await exercise(stage)
        shown = stage.study.shown
        assert shown is not None
        await stage.type(str(shown.prepared.truth.mistakes[0].value))
        await stage.press("enter")
        await stage.phase(Phase.JUDGED)
        page = "\n".join(text_of(stage.app))
        assert "◆ mistake" in page
        assert "measured" in page
        assert stage.study.rating is Rating.AGAIN
        await stage.press("2")
        await stage.until(lambda: stage.study.rating is Rating.HARD, "changed")
        assert answered(tmp_path) == 1
        await stage.press("r")
        await stage.phase(Phase.QUESTION)
        practice = stage.study.shown
        assert practice is not None
        assert practice.practice
        assert practice.name == shown.name
        await stage.type(canonical(practice.prepared.truth, "en").replace(",", ""))
        await stage.press("enter")
        await stage.phase(Phase.JUDGED)
        assert "✓ right" in "\n".join(text_of(stage.app))
        assert not stage.study.query_one(RatingBar).shown


async def test_what_cannot_be_read_is_asked_again(open_app: OpenApp, tmp_path: Path) -> None:
    async with open_app() as stage:
        await exercise(stage)
        await stage.type("many")
        await stage.press("enter")
        await stage.until(lambda: stage.study.judged is not None, "judged")
        await stage.settle()
        assert stage.study.phase is Phase.QUESTION
        assert "? unreadable" in "\n".join(text_of(stage.app))
        assert stage.study.query_one(AnswerField).value == "many"
        assert answered(tmp_path) == 0
        await stage.press("backspace")
        await stage.settle()
        assert stage.study.query_one(OutcomeView).size.height == 0


async def test_an_answer_that_cannot_be_saved_stays(open_app: OpenApp, tmp_path: Path) -> None:
    async with open_app() as stage:
        await exercise(stage)
        await stage.type("77")
        holder = sqlite3.connect(tmp_path / "progress.sqlite", isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
        await stage.press("enter")
        notice = stage.study.query_one(Notice)
        await stage.until(lambda: notice.tone is Tone.PROBLEM and bool(notice.words), "a problem")
        holder.close()
        assert stage.study.phase is Phase.QUESTION
        assert stage.study.query_one(AnswerField).value == "77"
        await stage.press("enter")
        await stage.phase(Phase.JUDGED)
        assert answered(tmp_path) == 1


async def test_leaving_keeps_what_was_typed(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await exercise(stage)
        await stage.type("64")
        await stage.leave()
        assert isinstance(stage.app.screen, HomeScreen)
        stage.app.study(MISTAKE.partition("/")[0])
        await stage.phase(Phase.QUESTION)
        assert stage.study.query_one(AnswerField).value == "64"


async def test_options_by_keys_by_typing_and_by_mouse(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await exercise(stage, CHOICE)
        options = stage.study.query_one(OptionsView)
        field = stage.study.query_one(AnswerField)
        await stage.press("down", "down")
        assert (options.chosen, field.value) == (frozenset({1}), "b")
        await stage.press("backspace", "c")
        assert options.chosen == frozenset({2})
        right = _right(stage)
        await stage.pilot.click(OptionsView, offset=(6, 1 + right))
        await stage.settle()
        assert (options.chosen, field.value) == (frozenset({right}), "abc"[right])
        other = "abc"[(right + 1) % 3]
        await stage.press("backspace", other)  # a click leaves the keys with the field
        assert field.value == other
        await stage.press("backspace", "abc"[right], "enter")
        await stage.phase(Phase.JUDGED)
        assert "✓ right" in "\n".join(text_of(stage.app))


async def test_points_are_ticked(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await exercise(stage, SELF)
        await stage.press("enter")
        await stage.phase(Phase.POINTS)
        options = stage.study.query_one(OptionsView)
        await stage.press("1", "3", "3", "9", "down", "down", "space")
        assert options.chosen == frozenset({0, 1})
        await stage.press("enter")
        await stage.phase(Phase.JUDGED)
        assert stage.study.judged is not None
        assert stage.study.judged.verdict.ticked == (1, 2)


async def test_figures_are_measured_before_the_learner(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await stage.complete_home()
        await stage.find(
            lambda name, kind: kind == "card" and "Conv2d" in str(_job(stage, name)), CARDS
        )
        await stage.press("enter", "m")
        await stage.settle()
        assert isinstance(stage.app.screen, MeasureScreen)
        await stage.until(lambda: "→" in "\n".join(text_of(stage.app)), "measured")
        await stage.press("escape")
        assert stage.study.phase is Phase.BACK


async def test_a_card_without_figures_offers_no_measurement(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await stage.complete_home()
        await stage.find(lambda name, _: name == WORDS_ALONE, WORDS_ALONE.partition("/")[0])
        await stage.press("enter")
        await stage.phase(Phase.BACK)
        assert _job(stage, WORDS_ALONE).measures == ()
        assert "measure it" not in text_of(stage.app)[-1]
        await stage.press("m")
        assert not isinstance(stage.app.screen, MeasureScreen)


def _right(stage: Stage) -> int:
    """Where the right option stands; options are shuffled."""
    shown = stage.study.shown
    assert shown is not None
    return next(n for n, choice in enumerate(shown.prepared.truth.options) if choice.right)


def _job(stage: Stage, name: str) -> Job:
    shown = stage.study.shown
    assert shown is not None
    assert shown.name == name
    return shown.prepared.job


async def test_a_session_ends_in_its_summary(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await exercise(stage)
        await stage.type("5")
        await stage.press("enter")
        await stage.phase(Phase.JUDGED)
        await stage.press("enter")
        for _ in range(40):
            await stage.settle()
            if isinstance(stage.app.screen, SummaryScreen):
                break
            await stage.press("f4")
        await stage.settle()
        assert "1 answered" in "\n".join(text_of(stage.app))
        await stage.press("u")
        await stage.phase(Phase.QUESTION)
        assert stage.study.shown is not None
        assert stage.study.shown.name == MISTAKE


async def test_a_restarted_engine_is_told_quietly(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await exercise(stage)
        stage.app.post_message(EngineChanged(EngineEvent("restarted")))
        await stage.settle()
        assert "engine was restarted" in "\n".join(text_of(stage.app))
        assert stage.study.phase is Phase.QUESTION


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_the_footer_fits_in_every_phase(open_app: OpenApp, language: str) -> None:
    async with open_app(language=language) as stage:
        await exercise(stage)
        footer = stage.study.query_one(CommandFooter)
        await stage.type("1")
        assert faults(stage.app) == []
        assert footer.entries()
        await stage.press("enter")
        await stage.phase(Phase.JUDGED)
        assert faults(stage.app) == []


async def test_the_position_stands_apart_from_the_topic(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await exercise(stage)
        for width in range(40, 81):
            left, end = header(stage.study, width)
            bare = " · " not in left.plain
            assert bare or left.cell_length + 2 <= width - end.cell_length, (width, left.plain)


async def test_a_narrow_terminal_still_works(open_app: OpenApp) -> None:
    async with open_app(width=44, height=16) as stage:
        await exercise(stage)
        await stage.type("1")
        await stage.press("enter")
        await stage.phase(Phase.JUDGED)
        await stage.pilot.resize_terminal(120, 40)
        await stage.settle()
        assert faults(stage.app) == []


async def test_the_word_on_an_option_is_said_once(open_app: OpenApp) -> None:
    async with open_app(height=40) as stage:
        await exercise(stage, CHOICE)
        wrong, other = (n for n in range(3) if n != _right(stage))
        await stage.press("abc"[wrong], "enter")
        await stage.phase(Phase.JUDGED)
        shown = stage.study.shown
        assert shown is not None
        page = " ".join(" ".join(text_of(stage.app)).split())
        for option in (wrong, other):
            words = " ".join(plain(shown.prepared.option_why(option, "en"), "en").split())
            assert page.count(words) == (1 if option == wrong else 0)


async def test_no_point_ticked_is_an_answer(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await exercise(stage, SELF)
        await stage.press("enter")
        await stage.phase(Phase.POINTS)
        await stage.press("enter")
        await stage.phase(Phase.JUDGED)


async def test_an_unknown_topic_is_told(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await stage.complete_home()
        stage.app.study("no.such.topic")
        await stage.until(lambda: "no.such.topic" in "\n".join(text_of(stage.app)), "told")
        await stage.leave()
