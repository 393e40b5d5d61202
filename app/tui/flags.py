"""A flag as it is shown everywhere: glyph, number and word, never colour alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from app.tui.widgets.laid import line

if TYPE_CHECKING:
    from app.locale import Locale

STYLES = ("", "$error", "$mistake", "$success", "$accent")
_WORDS = ("none", "red", "orange", "green", "blue")


def flag_mark(flag: int, say: Locale, *, none: bool = False) -> Content:
    """The flag; nothing where there is none, unless `none` asks for the word."""
    if not 0 < flag < len(STYLES):
        return Content(say("tui.flag.none")) if none else Content("")
    return line((f"⚑{flag} {say(f'tui.flag.{_WORDS[flag]}')}", STYLES[flag]))
