"""The welcome of a first run, the settings, the keys of commands."""

from __future__ import annotations

from app.tui.screens.home import HomeScreen
from app.tui.screens.keys import KeysScreen
from app.tui.screens.settings import SettingsScreen
from app.tui.screens.welcome import WelcomeScreen
from tests.screens.scenes import Stage


async def comfort(stage: Stage) -> None:
    """Each of their states."""
    await stage.complete_home()
    await _welcome(stage)
    await stage.press("comma")
    await stage.until(lambda: isinstance(stage.app.screen, SettingsScreen), "settings")
    await stage.shoot("settings")
    screen = stage.app.screen
    assert isinstance(screen, SettingsScreen)
    for name in ("theme", "days_off", "keys"):
        while screen.chosen != name:
            await stage.press("down")
        if name == "days_off":
            await stage.press("enter", *"soon", "enter")
        await stage.shoot(f"settings-{name}")
        if name == "days_off":
            await stage.press("escape")
    await stage.press("enter")
    await stage.until(
        lambda: isinstance(stage.app.screen, KeysScreen) and bool(stage.app.screen.entries), "keys"
    )
    await stage.press("down", "down", "down", "down", "down", "down", "down", "enter")
    await stage.shoot("keys-waiting")
    await stage.press("q")
    await stage.shoot("keys-taken")
    await stage.press("escape", "escape")
    await stage.until(lambda: isinstance(stage.app.screen, HomeScreen), "home")


async def _welcome(stage: Stage) -> None:
    screen = WelcomeScreen()
    stage.app.push_screen(screen)
    await stage.settle()
    await stage.shoot("welcome")
    await stage.press("enter")
    await stage.until(lambda: screen.shown is not None and not screen._busy, "a card")
    await stage.press("enter")
    await stage.shoot("welcome-card")
    await stage.press("3")
    await stage.until(lambda: screen.step == "question" and not screen._busy, "an exercise")
    shown = screen.shown
    assert shown is not None
    await stage.type(str(shown.prepared.truth.mistakes[0].value))
    await stage.press("enter")
    await stage.until(lambda: screen.step == "judged", "judged")
    await stage.shoot("welcome-exercise")
    await stage.press("enter")
    await stage.until(lambda: isinstance(stage.app.screen, HomeScreen), "home")
