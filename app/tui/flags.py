"""A flag as it is shown everywhere: glyph, number and word, never colour alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from app.browse.telling import flag_words
from app.tui.widgets.laid import line

if TYPE_CHECKING:
    from app.locale import Locale

STYLES = ("", "$error", "$mistake", "$success", "$accent")


def flag_mark(flag: int, say: Locale, *, none: bool = False) -> Content:
    """The flag; nothing where there is none, unless `none` asks for the word."""
    if not 0 < flag < len(STYLES):
        return Content(flag_words(0, say)) if none else Content("")
    return line((f"⚑{flag} {flag_words(flag, say)}", STYLES[flag]))
