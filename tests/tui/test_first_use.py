"""What a person meets who uses the study screen for the first time."""

from __future__ import annotations

import re

import pytest

from app.tui.screens.choosing import Phase
from app.tui.widgets.options import OptionsView
from app.tui.widgets.reading import what_was_read
from app.tui.widgets.side import SideView
from engine.verdict import Truth, judge
from tests.screens.cells import text_of
from tests.screens.scenes import CHOICE, MISTAKE, SELF, Stage
from tests.tui.conftest import OpenApp


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
