"""The first run: a welcome that nothing of is saved, and that comes once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.paths import Paths
from app.progress.beginning import answered_before
from app.settings import load
from app.tui.screens.home import HomeScreen
from app.tui.screens.study import StudyScreen
from app.tui.screens.welcome import WelcomeScreen
from app.tui.widgets.outcome import OutcomeView
from tests.screens.cells import text_of
from tests.screens.checks import faults
from tests.screens.scenes import Stage
from tests.tui.conftest import OpenApp


def page(stage: Stage) -> str:
    return "\n".join(text_of(stage.app))


async def welcomed(stage: Stage) -> WelcomeScreen:
    await stage.until(lambda: isinstance(stage.app.screen, WelcomeScreen), "the welcome")
    await stage.settle()
    screen = stage.app.screen
    assert isinstance(screen, WelcomeScreen)
    return screen


def answers(tmp_path: Path) -> int:
    with closing(sqlite3.connect(Paths.inside(tmp_path).database)) as database:
        return int(database.execute("SELECT count(*) FROM answer").fetchone()[0])


@pytest.mark.parametrize("width", [80, 120])
async def test_language_minutes_and_a_sample_of_which_nothing_is_kept(
    open_app: OpenApp, tmp_path: Path, width: int
) -> None:
    async with open_app(welcome=True, width=width, height=24 if width == 80 else 40) as stage:
        screen = await welcomed(stage)
        assert "5 new items a day" in page(stage)
        await stage.press("right")
        assert "欢迎" in page(stage)
        await stage.press("left", "down", "right")
        assert "20 minutes" in page(stage)
        assert "6 new items a day" in page(stage)
        assert faults(stage.app) == []
        await stage.press("enter")
        await stage.until(lambda: screen.shown is not None and not screen._busy, "a card")
        await stage.press("enter")
        assert screen.step == "back"
        await stage.settle()
        assert "How well did you know it?" in page(stage)
        assert faults(stage.app) == []
        await stage.press("3")
        await stage.until(lambda: screen.step == "question" and not screen._busy, "an exercise")
        await stage.type("l")
        await stage.press("enter")
        await stage.until(
            lambda: not screen._busy and bool(screen.query_one(OutcomeView).lines(70)), "unreadable"
        )
        assert screen.step == "question"
        await stage.press("backspace", "1", "enter")
        await stage.until(lambda: screen.step == "judged", "judged")
        await stage.settle()
        assert "Nothing was saved" in page(stage)
        assert faults(stage.app) == []
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, HomeScreen), "home")
        await stage.until(lambda: stage.app.home.today.new == 6, "a day's load")
    settings, problems = load(Paths.inside(tmp_path).settings)
    assert (settings.minutes_per_day, settings.daily_new, problems) == (20, 6, ())
    assert answers(tmp_path) == 0


async def test_esc_skips_it_for_ever(open_app: OpenApp, tmp_path: Path) -> None:
    async with open_app(welcome=True) as stage:
        await welcomed(stage)
        await stage.press("escape")
        await stage.until(lambda: isinstance(stage.app.screen, HomeScreen), "home")
    paths = Paths.inside(tmp_path)
    assert paths.settings.exists()
    assert load(paths.settings)[0].minutes_per_day == 0


async def test_who_has_answered_is_not_greeted(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await stage.complete_home()
        assert not answered_before(stage.app.paths.database)
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, StudyScreen), "study")
        await stage.until(lambda: stage.study.shown is not None, "an item")
        await stage.press("enter", "3")
        await stage.until(lambda: stage.study.undoable, "an answer")
        await stage.leave()
        assert answered_before(stage.app.paths.database)
        stage.app.comfort.welcome()
        assert isinstance(stage.app.screen, HomeScreen)


def test_a_file_that_cannot_be_read_is_no_beginning(tmp_path: Path) -> None:
    assert not answered_before(tmp_path / "none.sqlite")
    (tmp_path / "odd.sqlite").write_bytes(b"no database")
    assert answered_before(tmp_path / "odd.sqlite")
