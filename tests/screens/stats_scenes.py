"""Every picture of the statistics, of a learner with months behind them and of a new one."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

from app.tui.screens.home import HomeScreen
from app.tui.screens.stats import KINDS, StatsScreen
from app.tui.widgets.notice import Notice, Tone
from engine.client import EngineClient
from tests.screens.scenes import Look, Shoot, Stage, on_stage
from tests.screens.year import live_long

_DAYS = 120


async def statistics(stage: Stage) -> None:
    """All nine over a year, two of them over other times, and the page written."""
    await stage.complete_home()
    await stage.press("s")
    for number, kind in enumerate(KINDS, 1):
        await stage.press(str(number))
        await counted(stage)
        await stage.shoot(f"stats-{number}-{kind}")
    await stage.press("1", "p")
    await counted(stage)
    await stage.press("p")
    await counted(stage)
    await stage.press("p")
    await counted(stage)
    await stage.shoot("stats-month")
    await stage.press("x")
    await stage.until(lambda: bool(_notice(stage)), "the page")
    await stage.press("escape")
    await stage.until(lambda: isinstance(stage.app.screen, HomeScreen), "home")


async def no_statistics(stage: Stage) -> None:
    """Nothing to count yet."""
    await stage.complete_home()
    await stage.press("s")
    await counted(stage)
    await stage.shoot("stats-empty")
    await stage.press("3")
    await counted(stage)
    await stage.shoot("stats-empty-retention")
    await stage.press("escape")
    await stage.until(lambda: isinstance(stage.app.screen, HomeScreen), "home")


def stats_of(stage: Stage) -> StatsScreen:
    """The statistics on top."""
    screen = stage.app.screen
    assert isinstance(screen, StatsScreen), screen
    return screen


async def counted(stage: Stage) -> None:
    """Wait for the picture."""
    await stage.until(
        lambda: isinstance(stage.app.screen, StatsScreen) and stage.app.screen.result is not None,
        "a picture",
    )
    await stage.settle()


def _notice(stage: Stage) -> str:
    notice = stats_of(stage).query_one(Notice)
    return notice.words if notice.tone is Tone.DONE else ""


def run_statistics(
    look: Look, lived: Path, scratch: Path, engine: EngineClient, shoot: Shoot
) -> None:
    """Both scenes, each on a home of its own."""
    months = lived.with_name("lived-for-months")
    if not months.exists():
        _emptied(lived, months)
        live_long(months, engine, days=_DAYS)
    for name, source, act in (("months", months, statistics), ("none", None, no_statistics)):
        home = scratch / f"{look.name}-stats-{name}"
        if source is None:
            _emptied(lived, home)
        else:
            shutil.copytree(source, home)
        asyncio.run(on_stage(look, home, engine, shoot, act))


def _emptied(lived: Path, home: Path) -> None:
    """The same home without progress: its packs are read already."""
    shutil.copytree(lived, home)
    for file in home.glob("progress.sqlite*"):
        file.unlink()
