"""Content's documents as lines of a page.

Promise: styles are names of the theme; text from a pack is never parsed as markup. This module is
imported with the first card, never before the first frame.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from app.tui.ascii import terminal_has_unicode
from app.tui.widgets.laid import line
from content.text import Document, Paragraph, Span, Spans, lines

_LOWEST, _HIGHEST, _OTHER_ROWS = 8, 15, 16
"""Rows of a curve, and of what stands around it on a page."""
_STYLES = {
    "plain": "",
    "strong": "bold",
    "emphasis": "italic",
    "code": "$code",
    "math": "$math",
    "figure": "bold $figure",
    "link": "underline",
    "code.keyword": "$code-keyword",
    "code.number": "$code-number",
    "code.name": "$code",
    "code.string": "$code-string",
    "code.comment": "italic $code-comment",
    "code.operator": "$code-operator",
    "axis": "$muted",
    "heat": "$figure",
    "mark": "bold $mistake",
    "wrong": "bold $error",
    "series.1": "$figure",
    "series.2": "$mistake",
    "series.3": "$code-keyword",
    "series.4": "$code-string",
    "series.5": "$code-number",
    "series.6": "bold",
}


def document_lines(
    document: Document, width: int, language: str, *, screen: int = 24
) -> list[Content]:
    """A document, wrapped for that many cells; its curves suit a screen of so many rows."""
    room = max(_LOWEST, min(_HIGHEST, screen - _OTHER_ROWS))
    plain = not terminal_has_unicode()
    return [
        line(*((span.text, _STYLES.get(span.style, "")) for span in row))
        for row in lines(document, max(8, width), language, ascii=plain, room=room)
    ]


def text_lines(text: str, width: int, language: str, style: str = "") -> list[Content]:
    """An interface string, wrapped by the same rules as content."""
    document: Document = (Paragraph((Span(text, "plain"),)),)
    return [row.stylize_before(style) for row in document_lines(document, width, language)]


def span_lines(rows: Iterable[Spans]) -> list[Content]:
    """Lines that were laid out already: pictures."""
    return [line(*((span.text, _STYLES.get(span.style, "")) for span in row)) for row in rows]
