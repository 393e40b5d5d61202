"""What a drill's parts are called on its screens.

Promise: pure functions from views to words. Must not know widgets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from content.pack import Text, in_language

if TYPE_CHECKING:
    from app.drill.setup import Setup
    from app.locale import Locale


def round_title(title: Text, setup: Setup, say: Locale) -> str:
    """A ready-made round's title, else what it was put together of."""
    named = in_language(title, say.language) if title else ""
    if named:
        return named
    if setup.items:
        return say("tui.drill.repeated")
    style = say(f"drill.style.{setup.style}")
    if len(setup.topics) == 1:
        return f"{style} · {setup.topics[0]}"
    return style
