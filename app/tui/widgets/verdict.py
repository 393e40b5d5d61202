"""A verdict's line: glyph, word and colour, then the explanation.

Promise: never colour alone. Must not judge.
"""

from __future__ import annotations

from textual.content import Content

from app.tui.widgets.laid import line

STYLES = {
    "right": ("✓", "$success"),
    "close": ("≈", "$warning"),
    "mistake": ("◆", "$mistake"),
    "wrong": ("✗", "$error"),
    "unreadable": ("?", "$warning"),
}


def verdict_mark(kind: str, word: str, title: str = "") -> Content:
    """`◆ mistake · bias forgotten`."""
    glyph, colour = STYLES[kind]
    rest = f" · {title}" if title else ""
    return line((f"{glyph} {word}", f"bold {colour}"), (rest, colour))
