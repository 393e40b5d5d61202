"""Plain glyphs for a terminal whose encoding has no Unicode.

Promise: every cell keeps its width, so nothing on a page moves; what has no plain form is shown
as `?`. Must not touch terminals that can show Unicode.
"""

from __future__ import annotations

import locale
from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_PLAIN = str.maketrans(
    {
        "✓": "+", "✗": "x", "≈": "~", "◆": "*", "·": ".", "…": "~", "▸": ">", "▾": "v",
        "▰": "#", "▱": ".", "█": "#", "▉": "#", "▊": "#", "▋": "=", "▌": "=", "▍": "-",
        "▎": "-", "▏": "|", "▁": "_", "▂": "_", "▃": "-", "▄": "-", "▅": "=", "▆": "=",
        "▇": "#", "─": "-", "━": "-", "│": "|", "┃": "|", "┌": "+", "┐": "+", "└": "+",
        "┘": "+", "├": "+", "┤": "+", "┬": "+", "┴": "+", "┼": "+", "╭": "+", "╮": "+",
        "╰": "+", "╯": "+", "×": "x", "÷": "/", "−": "-", "–": "-", "—": "-", "‘": "'",
        "’": "'", "“": '"', "”": '"', "⏎": ">", "↑": "^", "↓": "v", "←": "<", "→": ">",
        "≤": "<", "≥": ">", "≠": "!", "∞": "8", "√": "V", "²": "2", "³": "3", "○": "o",
        "●": "@", "☐": "o", "☑": "x", "◉": "x", "▕": "|", "▔": "-", "›": ">", "°": "'",
        "\xa0": " ", "‹": "<", "⚑": "!", "✎": "=", "▴": "^",
    }
)  # fmt: skip


def terminal_has_unicode() -> bool:
    """Whether the locale's encoding can carry the glyphs of a page."""
    try:
        "✓▏─中".encode(locale.getpreferredencoding(False))
    except (LookupError, UnicodeEncodeError):
        return False
    return True


@lru_cache(4096)
def plain(text: str) -> str:
    """The text in ASCII, each character as wide as it was."""
    if text.isascii():
        return text
    return "".join(
        char if char.isascii() else "?" * cell_len(char) for char in text.translate(_PLAIN)
    )


class PlainGlyphs(LineFilter):
    """Rewrites each painted line with `plain`."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """The same cells in ASCII."""
        return [Segment(plain(text), style, control) for text, style, control in segments]
