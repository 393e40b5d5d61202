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
    style = say(f"tui.drill.style.{setup.style}")
    return f"{style} · {', '.join(setup.topics)}" if setup.topics else style


def setup_words(setup: Setup, say: Locale) -> str:
    """`12 questions · 12 min · rapid`."""
    parts = [
        say("tui.drill.questions", n=setup.questions),
        say("tui.drill.minutes", n=setup.minutes),
        say(f"tui.drill.style.{setup.style}"),
    ]
    if setup.seed is not None:
        parts.append(say("tui.drill.seed", seed=setup.seed))
    return " · ".join(parts)


def clock_words(seconds: float) -> str:
    """`1:05`."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    return f"{minutes}:{rest:02d}"
