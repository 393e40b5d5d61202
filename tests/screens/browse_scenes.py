"""The items from a query to one of them, in the real app."""

from __future__ import annotations

import shutil

from app.tui.screens.browse import BrowseScreen
from app.tui.screens.browse_item import BrowseItemScreen
from app.tui.screens.browse_looked import LookedView
from app.tui.screens.home import HomeScreen
from app.tui.screens.writing import WritingScreen
from app.tui.widgets.notice import Notice
from tests.screens.scenes import MISTAKE, Stage


def browser_of(stage: Stage) -> BrowseScreen:
    """The browser on top."""
    screen = stage.app.screen
    assert isinstance(screen, BrowseScreen), screen
    return screen


async def answer_to(stage: Stage, text: str) -> None:
    """Put a query into the field and wait for what it finds."""
    screen = browser_of(stage)
    screen.query_one("#browse-field").value = text  # type: ignore[attr-defined]
    await stage.until(lambda: screen.answered == text, "an answer")
    await still(stage)


async def still(stage: Stage) -> None:
    """Wait until the item beside the table is measured, where there is one."""
    await stage.pilot.pause(0.5)
    looked = browser_of(stage).query_one(LookedView)
    await stage.until(lambda: not looked.waiting, "the item beside")
    await stage.settle()


async def browse(stage: Stage) -> None:
    """Everything, words found, an error, completion, a selection acted on, an item, nothing."""
    await stage.complete_home()
    await stage.press("slash")
    await stage.until(
        lambda: isinstance(stage.app.screen, BrowseScreen) and browser_of(stage).names_known,
        "texts",
    )
    screen = browser_of(stage)
    await still(stage)
    await stage.shoot("browse-everything")
    await answer_to(stage, "卷积 topc:cnn")
    await stage.shoot("browse-error")
    await answer_to(stage, "池化 is:")
    await stage.press("tab")
    await still(stage)
    await stage.shoot("browse-complete")
    await stage.press("escape")
    await answer_to(stage, "-is:new -kind:shape")
    await stage.press("enter", "o", "o", "o")
    await stage.until(lambda: screen.sorting.column == "due", "sorted")
    await stage.press("space", "shift+down")
    await stage.press("1")
    await stage.until(lambda: bool(screen.query_one("#notice").words), "flagged")  # type: ignore[attr-defined]
    await stage.press("down", "space", "s")
    await stage.until(lambda: not screen.busy, "suspended")
    await still(stage)
    await stage.shoot("browse-selected")
    await stage.press("escape")
    await answer_to(stage, f"id:{MISTAKE}")
    await stage.press("enter", "enter")
    await stage.until(lambda: isinstance(stage.app.screen, BrowseItemScreen), "the item")
    item = stage.app.screen
    await stage.until(lambda: item.allows("draw_again"), "measured")  # type: ignore[attr-defined]
    await stage.shoot("browse-item")
    await stage.press("n")
    await stage.until(lambda: isinstance(stage.app.screen, WritingScreen), "a note")
    await stage.type("Two biases: one of each layer.")
    await stage.press("escape")
    await stage.until(lambda: bool(item.query_one(Notice).words), "the note")
    await stage.shoot("browse-note")
    await stage.press("escape", "slash")
    await gone(stage)
    await answer_to(stage, "nosuchword")
    await stage.shoot("browse-nothing")
    await stage.press("escape")
    await stage.until(lambda: isinstance(stage.app.screen, HomeScreen), "home")


async def gone(stage: Stage) -> None:
    """An item whose pack is removed while its page is opened, and the table after it."""
    await answer_to(stage, "pack:broken")
    shutil.rmtree(stage.app.paths.packs / "broken")
    await stage.press("enter", "enter")
    await stage.until(lambda: isinstance(stage.app.screen, BrowseItemScreen), "the item")
    item = stage.app.screen
    assert isinstance(item, BrowseItemScreen)
    await stage.until(lambda: not item.waiting, "what became of it")
    await stage.shoot("browse-gone")
    await stage.press("escape", "slash")
