"""Expressions on a page: highlighted, in lines that fit.

Promise: every character of the code stands there, and no other. Must not parse it: what cannot be
read is shown all the same.
"""

from __future__ import annotations

import re

from rich.cells import cell_len
from textual.content import Content

from app.tui.widgets.laid import line

_TOKEN = re.compile(
    r"(?P<string>'[^'\n]*'|\"[^\"\n]*\")|(?P<comment>#[^\n]*)"
    r"|(?P<number>\b\d[\d_]*\.?[\d_]*(?:[eE][+-]?\d+)?)"
    r"|(?P<keyword>\b(?:let|True|False|None|if|else|and|or|not)\b)|(?P<operator>[-+*/%@<>=!]+)"
)


def highlighted(text: str) -> Content:
    """One line of code in its colours."""
    pieces: list[tuple[str, str]] = []
    at = 0
    for found in _TOKEN.finditer(text):
        pieces.append((text[at : found.start()], "$code"))
        pieces.append((found[0], f"$code-{found.lastgroup}"))
        at = found.end()
    pieces.append((text[at:], "$code"))
    return line(*(piece for piece in pieces if piece[0]))


def code_rows(text: str, width: int) -> list[Content]:
    """Code in lines of at most `width` cells."""
    from app.code_text import code_lines
    from app.tui.widgets.solution import broken
    from content.text import clean

    rows = []
    for written in clean(text).split("\n"):
        for row in code_lines(written, width):
            rows += [row] if cell_len(row) <= width else broken(row, width)
    return [highlighted(row) for row in rows]
