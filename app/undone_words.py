"""What was taken back or brought back, in words: an item by its topic, several by their number.

Promise: the same words on the screens and line by line. Must not undo, nor import textual.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from content.pack import in_language, split_item_name

if TYPE_CHECKING:
    from app.locale import Locale
    from app.progress.events import Undone
    from content.compiled import PackLibrary
    from content.pack import Text


def topic_title(undone: Undone, library: PackLibrary) -> Text | None:
    """The title of the one item's topic; None for several items, or where the pack is gone."""
    if len(undone.names) != 1:
        return None
    try:
        pack, topic, _ = split_item_name(undone.names[0])
        return library.topic(pack, topic).title
    except (KeyError, ValueError):
        return None


def undone_words(undone: Undone, title: Text | None, say: Locale, *, back: bool) -> str:
    """A sentence."""
    if title is not None:
        about = say("tui.keeping.one-of", topic=in_language(title, say.language))
    elif len(undone.names) == 1:
        about = undone.names[0]
    else:
        about = say("tui.keeping.items", n=len(undone.names))
    return say(f"tui.keeping.{'undone' if back else 'redone'}.{undone.kind}", item=about)
