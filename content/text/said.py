"""What is drawn, in words alone: for those who hear a text.

Promise: a table is read row by row as `name: value`, a picture or a drawing is one sentence with
its numbers and names, a tall formula stands on one line; no box, block or braille sign is left.
Whatever is words already stays as it is. Must not know how wide a surface is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from content.text.document import (
    Block,
    Diagram,
    Document,
    Drawing,
    Listing,
    Paragraph,
    Quote,
    Span,
    Table,
)
from content.text.pictures.telling import described
from content.text.pictures.words import word

_SIGNS = "\u2190-\u21ff\u2500-\u25ff\u2800-\u28ff"
_DRAWN = re.compile("[\u2500-\u25ff\u2800-\u28ff]")
_BETWEEN = re.compile(rf"[{_SIGNS}|]+|[-=_~<>+]{{2,}}|\s{{2,}}")
_BARE = re.compile(r"[\s·.,:;'\"^/\\+<>=_~-]*")


def in_words(document: Document, language: str) -> Document:
    """The document with nothing drawn in it."""
    return tuple(said for block in document for said in _block(block, language))


def row_said(header: Sequence[str], row: Sequence[str], language: str) -> str:
    """A row of a table: `layer: conv1; parameters: 1,792`; what is empty is left out."""
    colon, semicolon = ("：", "；") if language == "zh" else (": ", "; ")
    cells = [
        f"{name}{colon}{text}" if name else text
        for name, text in zip((one.strip() for one in header), row, strict=True)
        if text.strip()
    ]
    return semicolon.join(cells)


def drawing_said(text: str, language: str) -> str:
    """The names and numbers that stand in a drawing, in reading order."""
    parts = (part.strip() for line in text.split("\n") for part in _BETWEEN.split(line))
    names = [part for part in parts if not _BARE.fullmatch(part)]
    if not names:
        return word("drawing", language)
    comma = "，" if language == "zh" else ", "
    return word("drawing-of", language, names=comma.join(names))


def is_drawn(text: str) -> bool:
    """Whether a text holds signs that only draw."""
    return bool(_DRAWN.search(text))


def _block(block: Block, language: str) -> Iterator[Block]:
    if isinstance(block, Drawing):
        yield _sentence(described(block.picture, language))
    elif isinstance(block, Table):
        names = [_text(cell) for cell in block.header]
        rows = [row_said(names, [_text(cell) for cell in row], language) for row in block.rows]
        yield _sentence("\n".join(rows))
    elif isinstance(block, Diagram):
        yield from _diagram(block, language)
    elif isinstance(block, Listing):
        items = tuple(in_words(item, language) for item in block.items)
        yield Listing(items, block.ordered, block.start)
    elif isinstance(block, Quote):
        yield _sentence(word("quote", language))
        yield from in_words(block.blocks, language)
    elif isinstance(block, Paragraph) and _drawn_figure(block):
        yield _sentence(drawing_said(_text(block.spans), language))
    else:
        yield block


def _drawn_figure(block: Paragraph) -> bool:
    """A figure that stands alone and is a drawing, as `diagram(model)` is."""
    figure = all(span.style == "figure" for span in block.spans)
    return figure and is_drawn(_text(block.spans))


def _diagram(block: Diagram, language: str) -> Iterator[Block]:
    if block.told:
        yield Paragraph((Span(block.told, "math" if block.style == "math" else "plain"),))
    elif block.style == "math":
        yield block
    elif not all(set(line) == {"─"} for line in block.lines):  # a rule says nothing
        yield _sentence(drawing_said("\n".join(block.lines), language))


def _text(spans: Sequence[Span]) -> str:
    return "".join(span.text for span in spans)


def _sentence(text: str) -> Paragraph:
    return Paragraph((Span(text),))
