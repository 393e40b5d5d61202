"""A note on an item that was found: written on the page that the study page uses, then kept.

Promise: what could not be saved is there when the note is opened again. Must not tell of it.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from app.tui.apart import apart

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from textual.screen import Screen

    from app.browse.browser import Browser
    from app.browse.collection import Item
    from app.tui.app import Gradus


def write_note(
    page: Screen[Any],
    item: Item,
    drafts: dict[str, str],
    keep: Callable[[str, str], Coroutine[Any, Any, None]],
) -> None:
    """Let a note be written; what is new is handed to `keep`."""
    from app.tui.screens.writing import WritingScreen

    def written(text: str | None) -> None:
        words = "" if text is None else text.strip()
        if words == item.note:
            drafts.pop(item.name, None)
            return
        drafts[item.name] = words
        apart(page, partial(keep, item.name, words), "browse-note")

    page.app.push_screen(WritingScreen("note", drafts.get(item.name, item.note)), written)


async def keep_note(app: Gradus, browser: Browser, name: str, words: str) -> None:
    """Save it, empty words as none; the browser then knows it. Raises `StoreProblem`."""
    study = await app.desk.study()
    await app.desk.do(partial(study.note, name, words))
    await asyncio.to_thread(browser.renew, [name])
