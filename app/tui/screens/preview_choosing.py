"""Choosing an item of the preview by typing a part of its name.

Promise: every item is offered until something is typed, then those whose names hold it, in
teaching order. Must not show the item itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider

from app.locale import Locale
from app.tui.widgets.laid import line


def choosing(names: Sequence[str], choose: Callable[[str], None], say: Locale) -> CommandPalette:
    """The screen on which one types; `choose` is called with the full name."""

    class Items(Provider):
        """The items of the pack."""

        async def discover(self) -> Hits:
            """All of them."""
            for name in names:
                shown = name.partition(":")[2]
                yield DiscoveryHit(shown, partial(choose, name), shown)

        async def search(self, query: str) -> Hits:
            """Those whose names hold what was typed."""
            wanted = query.strip().casefold()
            found = [name for name in names if wanted in name.partition(":")[2].casefold()]
            for place, name in enumerate(found):
                shown = name.partition(":")[2]
                at = shown.casefold().index(wanted)
                end = at + len(wanted)
                words = line(shown[:at], (shown[at:end], "bold"), shown[end:])
                yield Hit(1.0 - place / len(found), words, partial(choose, name), text=shown)
            if not found:
                words = line((say("tui.preview.choose-none"), "$muted"))
                yield Hit(0.01, words, lambda: None, text=say("tui.preview.choose-none"))

    return CommandPalette([Items], placeholder=say("tui.preview.choose"))
