"""The home screen: from a glance, then from the study loop; what is wrong is said in words."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from app.commands.prompt import PlainHome
from app.paths import Paths
from app.progress.events import Answer, EventKind, NewEvent
from app.settings import Settings, load, save
from app.study.clock import Clock, milliseconds
from app.study.session import Study
from app.tui.app import Gradus
from app.tui.screens.home import HomeScreen
from app.tui.screens.study import StudyScreen
from app.tui.today import Today
from app.tui.widgets.ahead_lines import AheadView
from app.tui.widgets.notice import Notice
from app.tui.widgets.outline import Outline
from engine.client import EngineClient
from tests.screens.cells import text_of
from tests.screens.checks import faults
from tests.screens.history import NOW
from tests.tui.conftest import OpenApp


async def test_home_counts_and_enter_studies(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await stage.complete_home()
        assert "60 new" in "\n".join(text_of(stage.app))
        assert faults(stage.app) == []
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, StudyScreen), "study")
        await stage.until(lambda: stage.study.shown is not None, "an item")


async def test_the_goal_is_whole_and_the_week_gives_way(open_app: OpenApp) -> None:
    async with open_app(minutes_per_day=20) as stage:
        await stage.complete_home()
        home = stage.app.home
        home.show(home.today._replace(streak=1, week=(0, 0, 0, 0, 0, 0, 3)), date(2026, 1, 5))
        for width, week in ((80, True), (60, False)):
            await stage.pilot.resize_terminal(width, 20)
            await stage.settle()
            page = "\n".join(text_of(stage.app))
            assert "of 20 min today" in page
            assert ("studied today" in page) is week


async def test_the_topic_under_the_cursor_is_studied(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await stage.complete_home()
        await stage.press("down", "down", "down")
        row = stage.app.home.query_one(Outline).selected
        assert row is not None
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, StudyScreen), "study")
        assert stage.study.what == getattr(row, "topic", None)


async def test_chapters_fold(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await stage.complete_home()
        outline = stage.app.home.query_one(Outline)
        open_rows = len(outline.rows())
        await stage.press("down", "left")
        assert len(outline.rows()) < open_rows
        await stage.press("enter")
        assert len(outline.rows()) == open_rows
        await stage.press("escape")
        assert outline.cursor == -1


async def test_choices_are_remembered(open_app: OpenApp, tmp_path: Path) -> None:
    async with open_app() as stage:
        await stage.complete_home()
        await stage.press("L", "t")
        assert "开始学习" in "\n".join(text_of(stage.app))
        assert stage.app.theme == "light"
        assert faults(stage.app) == []
    settings, problems = load(Paths.inside(tmp_path).settings)
    assert (settings.language, settings.theme, problems) == ("zh", "light", ())


async def test_the_palette_offers_what_applies(open_app: OpenApp) -> None:
    async with open_app(language="zh") as stage:
        await stage.complete_home()
        await stage.press("ctrl+p")
        await stage.pilot.pause(0.5)
        shown = "\n".join(text_of(stage.app))
        assert "学习所有到期的和新的内容" in shown
        assert "配色：浅色" in shown
        await stage.press("escape")
        assert isinstance(stage.app.screen, HomeScreen)


async def test_a_damaged_database_is_told_and_left_alone(
    tmp_path: Path, engine: EngineClient
) -> None:
    database = Paths.inside(tmp_path).database
    database.write_bytes(b"not a database " * 100)
    app = Gradus(Paths.inside(tmp_path), Settings(language="en"), clock=Clock(NOW), engine=engine)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for _ in range(400):
            await pilot.pause(0.02)
            if app.home.query_one(Notice).words:
                break
        await pilot.pause()
        assert str(database.name) in app.home.query_one(Notice).words
        assert "r try again" in "\n".join(text_of(app))
        assert faults(app) == []
        await pilot.press("q")
    assert database.read_bytes() == b"not a database " * 100


async def test_a_glance_paints_before_anything_is_open(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await stage.complete_home()
        seen = stage.app._glance()
    assert isinstance(seen, Today)
    assert seen.new == 60
    assert seen.chapters
    assert not seen.complete


@pytest.mark.parametrize("colours", [{"NO_COLOR": "1"}, {"TERM": "xterm", "COLORTERM": ""}])
async def test_few_colours_take_the_terminals_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, colours: dict[str, str], engine: EngineClient
) -> None:
    for name, value in colours.items():
        monkeypatch.setenv(name, value)
    app = Gradus(
        Paths.inside(tmp_path),
        Settings(language="en"),
        clock=Clock(NOW),
        engine=engine,
        few_colours=None if "NO_COLOR" in colours else True,
    )
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert app.theme == "terminal"
        assert "Gradus" in "\n".join(text_of(app))
        await pilot.press("ctrl+p")
        await pilot.pause(0.3)
        assert "Quit" in "\n".join(text_of(app))


def test_the_first_frame_imports_nothing_heavy(tmp_path: Path) -> None:
    code = """
import sys, asyncio
from app.paths import Paths
from app.settings import Settings
from app.tui.app import Gradus
from pathlib import Path
app = Gradus(Paths.inside(Path(sys.argv[1])), Settings(language="en"))
app._after_first_frame = lambda: None
async def main():
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
asyncio.run(main())
heavy = {"torch", "sqlalchemy", "pydantic", "yaml", "alembic", "numpy", "pygments", "pylatexenc"}
print(sorted(heavy & {name.partition(".")[0] for name in sys.modules}))
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert done.stdout.strip() == "[]"


async def test_packs_are_told_apart(open_app: OpenApp) -> None:
    """A pack's title stands above its chapters; the cursor passes it by, a click on it is none."""
    async with open_app(width=100, height=40) as stage:
        await stage.complete_home()
        outline = stage.app.home.query_one(Outline)
        for chapter in list(stage.app.home.today.chapters):
            outline.move_to(outline.rows().index(chapter))
            outline.fold(closed=True)
        await stage.settle()
        rows = [row.strip() for row in text_of(stage.app)]
        title = rows.index("Interview questions")
        assert rows.index("Deep learning foundations") < title
        first = next(
            n for n, c in enumerate(stage.app.home.today.chapters) if c.pack["en"][0] == "I"
        )
        assert outline.line_of(first) == outline.line_of(first - 1) + 2
        cursor = outline.cursor
        await stage.pilot.click(Outline, offset=(4, outline.line_of(first)))
        assert outline.cursor == cursor
        await stage.pilot.click(Outline, offset=(4, outline.line_of(first) + 1))
        await stage.settle()
        assert outline.cursor == first


async def test_a_day_that_is_forgiven_is_told_of(
    open_app: OpenApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = NOW.date().toordinal()

    def lived(study: Study) -> None:
        """The last of one day, nothing on the next, the first of the day after it."""
        name = next(iter(study.library.scan())).name
        parameters = study.store.log.parameters()[-1][0]
        with study.store.transaction():
            for number, (ago, hours) in enumerate(((4, 96), (3, 70), (1, 25))):
                moment = milliseconds(study.clock.now() - timedelta(hours=hours))
                answer = Answer("1.0.0", "", None, 5.0, 0, 0, "{}", parameters=parameters)
                review = EventKind.REVIEW
                study.store.log.append(
                    NewEvent(f"{number:032x}", moment, today - ago, review, name, None, 3, answer)
                )

    async with open_app() as stage:
        await stage.complete_home()
        study = await stage.app.desk.study()
        view = stage.app.home.query_one(AheadView)
        await stage.app.desk.do(partial(lived, study))
        stage.app.refresh_home()
        await stage.until(lambda: view.ahead.forgiven is not None, "the day forgiven")
        await stage.settle()
        page = " ".join("\n".join(text_of(stage.app)).split())
        assert "3 days in a row" in page
        assert "Wed 18 Nov is forgiven: a journey can swallow a day, and the row goes on." in page
        assert faults(stage.app) == []
        await stage.press("L")
        await stage.settle()
        assert "但不算中断" in "\n".join(text_of(stage.app))
    monkeypatch.setenv("GRADUS_NOW", NOW.strftime("%Y-%m-%dT%H:%M"))
    told = io.StringIO()
    save(Settings(language="en", plain=True), Paths.inside(tmp_path).settings)
    PlainHome(Paths.inside(tmp_path), io.StringIO("quit\n"), told, lambda _: 0).run()
    assert "Studied 3 days in a row." in told.getvalue()
    assert "Wed 18 Nov is forgiven" in told.getvalue()
