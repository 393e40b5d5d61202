"""What a person meets who uses the study screen for the first time."""

from __future__ import annotations

import re
from datetime import date

import pytest

from app.study.views import Rating
from app.tui.screens.choosing import Phase
from app.tui.widgets.answer import AnswerField
from app.tui.widgets.notice import Notice
from app.tui.widgets.options import OptionsView
from app.tui.widgets.reading import what_was_read
from app.tui.widgets.side import SideView
from content.text import plain
from engine.verdict import Truth, judge
from tests.screens.cells import text_of
from tests.screens.scenes import CHOICE, MISTAKE, SELF, Stage
from tests.tui.conftest import OpenApp

pytestmark = pytest.mark.slow


async def exercise(stage: Stage, item: str = MISTAKE) -> None:
    await stage.complete_home()
    await stage.find(lambda name, _: name == item, item.partition("/")[0])


def page(stage: Stage) -> str:
    return "\n".join(text_of(stage.app))


async def test_drawn_values_wait_for_the_verdict(open_app: OpenApp) -> None:
    async with open_app(width=120, height=40) as stage:
        await exercise(stage)
        assert stage.study.query_one(SideView).region.width
        assert "Level" in page(stage)
        assert "This draw" not in page(stage)
        await stage.type("many")
        await stage.press("enter")
        await stage.until(lambda: stage.study.judged is not None, "judged")
        await stage.settle()
        assert "This draw" not in page(stage)
        await stage.press("backspace", "backspace", "backspace", "backspace", "7", "enter")
        await stage.phase(Phase.JUDGED)
        assert "This draw" in page(stage)
        await stage.press("r")
        await stage.phase(Phase.QUESTION)
        assert "This draw" not in page(stage)


async def test_new_numbers_only_where_numbers_are_drawn(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await exercise(stage, CHOICE)
        shown = stage.study.shown
        assert shown is not None
        assert not shown.prepared.draw
        await stage.press("a", "enter")
        await stage.phase(Phase.JUDGED)
        assert "new numbers" not in page(stage)
        await stage.press("r")
        await stage.settle()
        assert stage.study.phase is Phase.JUDGED
        await stage.press("f1")
        await stage.settle()
        assert "new numbers" not in page(stage)


async def test_help_tells_how_to_scroll(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await exercise(stage)
        await stage.press("f1")
        await stage.settle()
        assert re.search(r"^ *PgUp  PgDn +Scroll", page(stage), re.MULTILINE)
        await stage.press("escape")
        await stage.type("1")
        await stage.press("enter")
        await stage.phase(Phase.JUDGED)
        await stage.press("f1")
        await stage.settle()
        assert re.search(r"^ *↑  ↓  PgUp  PgDn +Scroll", page(stage), re.MULTILINE)


async def test_a_small_window_scrolls_back_to_the_question(open_app: OpenApp) -> None:
    async with open_app(width=40, height=10) as stage:
        await exercise(stage)
        sheet = stage.study.query_one("#sheet")
        assert sheet.max_scroll_y > 0
        await stage.press("pagedown")
        await stage.until(lambda: sheet.scroll_y > 0, "scrolled while typing")
        await stage.type("1")
        await stage.press("enter")
        await stage.phase(Phase.JUDGED)
        await stage.until(lambda: sheet.scroll_y > 0, "the verdict is in view")
        for _ in range(9):
            await stage.press("pageup")
        await stage.until(lambda: sheet.scroll_y == 0, "the question is in view again")
        await stage.press("pagedown")
        await stage.until(lambda: sheet.scroll_y > 0, "down again")


async def test_arrows_move_among_the_points_of_a_long_page(open_app: OpenApp) -> None:
    async with open_app(width=44, height=12) as stage:
        await exercise(stage, SELF)
        await stage.press("enter")
        await stage.phase(Phase.POINTS)
        assert stage.study.query_one("#sheet").max_scroll_y > 0
        await stage.press("down", "down", "space")
        assert stage.study.query_one(OptionsView).chosen == frozenset({1})


async def test_what_was_read_stands_under_a_wrong_verdict(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await exercise(stage)
        await stage.press("3", "4", "asterisk", "2", "0", "asterisk", "2", "0", "enter")
        await stage.phase(Phase.JUDGED)
        assert "34*20*20 = 13,600" in page(stage)
        await stage.press("r")
        await stage.phase(Phase.QUESTION)
        await stage.type("7")
        await stage.press("enter")
        await stage.phase(Phase.JUDGED)
        assert "7 = 7" not in page(stage)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("34×20×20", "34×20×20 = 13,600"),
        ("10k", "10k = 10,000"),
        ("三百", "三百 = 300"),
        ("1/3", "1/3 ≈ 0.333333"),
        ("3*4 =", "3*4 = 12"),
        ("13,600", ""),
        ("-13 600", ""),
        ("1.50", ""),
        ("3*4=12", ""),
        ("inf", ""),
        ("many", ""),
    ],
)
def test_what_was_read(typed: str, read: str) -> None:
    assert what_was_read(typed, judge(Truth("number", 5), typed), "en") == read


async def test_after_undo_typing_replaces_the_old_answer(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await exercise(stage)
        field = stage.study.query_one(AnswerField)
        await stage.type("77")
        await stage.press("enter")
        await stage.phase(Phase.JUDGED)
        await stage.press("u")
        await stage.phase(Phase.QUESTION)
        assert field.value == "77"
        await stage.press("8")
        assert field.value == "8"
        await stage.press("enter")
        await stage.phase(Phase.JUDGED)
        await stage.leave()
        await stage.until(lambda: stage.app.home.allows("undo"), "undo is offered")
        await stage.press("u")
        await stage.phase(Phase.QUESTION)
        assert field.value == "8"
        await stage.press("9")
        assert field.value == "9"


async def test_undo_is_offered_once_something_is_answered(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await exercise(stage)
        assert "^z" not in page(stage)
        await stage.press("ctrl+z")
        await stage.settle()
        assert not stage.study.query_one(Notice).words
        await stage.type("77")
        await stage.press("enter")
        await stage.phase(Phase.JUDGED)
        assert "u undo" in page(stage)
        await stage.press("u")
        await stage.phase(Phase.QUESTION)
        assert "^z" not in page(stage)
        await stage.press("enter")
        await stage.phase(Phase.JUDGED)
    async with open_app() as later:
        await exercise(later, CHOICE)
        assert "^z undo" in page(later)


async def test_what_is_told_in_passing_goes_with_the_next_key(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await exercise(stage)
        notice = stage.study.query_one(Notice)
        await stage.press("enter")
        await stage.settle()
        assert "Type an answer first" in page(stage)
        await stage.press("7")
        await stage.settle()
        assert not notice.words
        await stage.press("enter")
        await stage.phase(Phase.JUDGED)
        await stage.press("u")
        await stage.phase(Phase.QUESTION)
        assert notice.words
        await stage.press("home")
        await stage.settle()
        assert not notice.words


@pytest.mark.parametrize(
    ("language", "one", "two"),
    [("en", "studied today", "2 days in a row"), ("zh", "今天学过了", "连续学习 2 天")],
)
async def test_one_day_is_no_row(open_app: OpenApp, language: str, one: str, two: str) -> None:
    async with open_app(language=language) as stage:
        await stage.complete_home()
        home = stage.app.home
        for streak, week, words in (
            (1, (0, 0, 0, 0, 0, 0, 3), one),
            (1, (0, 0, 0, 0, 0, 3, 0), {"en": "studied yesterday", "zh": "昨天学过"}[language]),
            (1, (0, 0, 0, 0, 3, 0, 0), {"en": "two days ago", "zh": "前天学过"}[language]),
            (2, (0, 0, 0, 0, 0, 3, 3), two),
        ):
            home.show(home.today._replace(streak=streak, week=week), date(2026, 1, 5))
            await stage.settle()
            assert words in page(stage)


@pytest.mark.parametrize(("item", "hinted"), [(MISTAKE, True), (CHOICE, False)])
async def test_an_empty_answer_names_a_hint_only_where_there_is_one(
    open_app: OpenApp, item: str, hinted: bool
) -> None:
    async with open_app() as stage:
        await exercise(stage, item)
        assert stage.study.allows("hint") is hinted
        await stage.press("enter")
        words = stage.study.query_one(Notice).words
        assert "f4 skips" in words
        assert ("f2" in words) is hinted


@pytest.mark.parametrize(
    ("language", "said"), [("en", "The answer was not right"), ("zh", "这次没有答对，仍计为“简单”")]
)
async def test_a_wrong_answer_rated_up_is_said(open_app: OpenApp, language: str, said: str) -> None:
    async with open_app(language=language) as stage:
        await exercise(stage)
        await stage.type("5")
        await stage.press("enter")
        await stage.phase(Phase.JUDGED)
        await stage.press("4")
        await stage.until(lambda: stage.study.rating is Rating.EASY, "changed")
        await stage.settle()
        assert said in page(stage)
        await stage.press("1")
        await stage.until(lambda: stage.study.rating is Rating.AGAIN, "changed back")
        await stage.settle()
        assert said not in page(stage)


@pytest.mark.parametrize(("language", "said"), [("en", "ctrl+q quits"), ("zh", "按 ctrl+q 退出")])
async def test_ctrl_c_says_how_to_leave(open_app: OpenApp, language: str, said: str) -> None:
    async with open_app(language=language) as stage:
        await exercise(stage)
        await stage.type("12")
        await stage.press("ctrl+c")
        await stage.settle()
        assert said in page(stage)
        await stage.press("3")
        await stage.settle()
        assert said not in page(stage)


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_the_help_is_the_last_to_leave_the_footer(open_app: OpenApp, language: str) -> None:
    async with open_app(language=language, width=60, height=20) as stage:
        await exercise(stage)
        help_key = stage.app.say("tui.command.help")
        assert f"f1 {help_key}" in page(stage)
        await stage.pilot.resize_terminal(24, 20)
        await stage.settle()
        assert f"f1 {help_key}" in page(stage)
        await stage.pilot.resize_terminal(60, 20)
        await stage.type("5")
        await stage.press("enter")
        await stage.phase(Phase.JUDGED)
        assert f"? {help_key}" in page(stage)


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_device_and_time_stand_once(open_app: OpenApp, language: str) -> None:
    async with open_app(language=language, height=50) as stage:
        await exercise(stage)
        await stage.type("5")
        await stage.press("enter")
        await stage.phase(Phase.JUDGED)
        shown = page(stage)
        assert shown.count("cpu") == 1
        assert "✓ （" not in shown


async def test_the_right_option_is_told_in_words(open_app: OpenApp) -> None:
    async with open_app(height=50) as stage:
        await exercise(stage, CHOICE)
        shown = stage.study.shown
        assert shown is not None
        right = next(n for n, choice in enumerate(shown.prepared.truth.options) if choice.right)
        words = plain(shown.prepared.options("en")[right], "en")
        await stage.press("abc"[(right + 1) % 3], "enter")
        await stage.phase(Phase.JUDGED)
        assert f"✓ {'abc'[right]} {words}" in page(stage)


async def test_an_item_that_comes_back_keeps_the_count(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await exercise(stage)
        first = stage.study.shown
        assert first is not None
        await stage.type("5")
        await stage.press("enter")
        await stage.phase(Phase.JUDGED)
        await stage.press("r")
        await stage.phase(Phase.QUESTION)
        practice = stage.study.shown
        assert practice is not None
        assert practice.practice
        assert (practice.number, practice.total) == (first.number, first.total)
        head = page(stage).splitlines()[0]
        assert "· practice " in head  # the long title leaves no room for more
        await stage.pilot.resize_terminal(120, 30)
        await stage.settle()
        assert "practice, not scheduled" in page(stage)
