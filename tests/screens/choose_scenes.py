"""What to study and a day to be ready by, in the real app."""

from __future__ import annotations

from dataclasses import replace

from app.study.choice import Choice
from app.study.recent import remember
from app.tui.screens.choose import ChooseScreen
from app.tui.screens.home import HomeScreen
from app.tui.screens.ready import ReadyScreen
from app.tui.widgets.ahead_lines import AheadView
from tests.screens.scenes import Stage

EARLIER = (
    Choice(topics=frozenset({"foundations:cnn"}), kinds=frozenset({"card"}), minutes=15),
    Choice(mistaken_since=7),
)


async def choosing(stage: Stage) -> None:
    """Topics and filters, a goal that fits and one that does not, home before the day."""
    for choice in EARLIER:
        remember(stage.app.paths.choices, choice)
    await stage.complete_home()
    await stage.press("c")
    await counted(stage)
    await stage.shoot("choose")
    await stage.press("2")
    await counted(stage)
    await stage.press("a", "x", *["down"] * 2, "right", "down", "space", "down", "down")
    await counted(stage)
    await stage.shoot("choose-narrowed")
    await stage.press("backspace", "pageup", "down", "down", "left", "down", "space", "d")
    await planned(stage)
    await stage.shoot("ready")
    await stage.press(*["backspace"] * 12)
    await stage.type("2026-11-21")
    await stage.press("tab")
    await stage.type("interview")
    await planned(stage)
    await stage.shoot("ready-too-soon")
    await stage.press("pagedown", "pagedown")
    await planned(stage)
    await stage.press("enter")
    await stage.until(lambda: isinstance(stage.app.screen, ChooseScreen), "the choice")
    await stage.press("escape")
    await stage.until(lambda: isinstance(stage.app.screen, HomeScreen), "home")
    view = stage.app.home.query_one(AheadView)
    await stage.until(lambda: view.ahead.plan is not None, "the goal on home")
    await stage.shoot("home-goal")
    stage.app.comfort.adopt(replace(stage.app.settings, days_off="2026-11-20"))
    stage.app.refresh_home()
    await stage.until(lambda: view.ahead.day_off, "a day off")
    await stage.shoot("home-day-off")
    spread = replace(stage.app.settings, days_off="", spread_days=5, spread_from="2026-11-20")
    stage.app.comfort.adopt(spread)
    await stage.press("c")
    await counted(stage)
    await stage.press("d")
    await planned(stage)
    await stage.shoot("ready-spread")


async def counted(stage: Stage) -> None:
    """Wait until what is chosen is counted."""
    await stage.settle()
    await stage.until(
        lambda: isinstance(stage.app.screen, ChooseScreen) and stage.app.screen.brought is not None,
        "a count",
    )
    await stage.settle()


async def planned(stage: Stage) -> None:
    """Wait until the plan stands."""
    await stage.settle()
    await stage.until(
        lambda: isinstance(stage.app.screen, ReadyScreen) and stage.app.screen.plan is not None,
        "a plan",
    )
    await stage.settle()
