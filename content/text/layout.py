"""Documents as lines: wrapped for a width, or unwrapped as plain text.

Promise: no line is wider than asked; code and drawings are never wrapped, only cut with `…`.
Must not know colours or screens.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from content.text.document import (
    Block,
    Code,
    Diagram,
    Document,
    Drawing,
    Heading,
    Listing,
    Paragraph,
    Quote,
    Span,
    Spans,
    Table,
)
from content.text.pictures import described, draw_picture, height_of
from content.text.said import in_words
from content.text.wrap import NARROWEST, cells, cut, wrapped

INDENT = 4
"""Cells before code, drawings and formulas, where there is room."""

_GAP = 2
_INSIDE = 4
"""Cells that a list or a quote takes from a picture in it."""


def lines(
    document: Document,
    width: int,
    language: str,
    *,
    ascii: bool = False,  # noqa: A002
    told: bool = False,
    drawn: bool = True,
    room: int | None = None,
) -> tuple[Spans, ...]:
    """The document wrapped for `width` cells, blocks set apart by an empty line.

    Pictures in ASCII signs where `ascii`; where `told`, in words before they are drawn; where not
    `drawn`, everything in words alone; curves and surfaces in `room` lines.
    """
    if drawn:
        shown = _Draw(language, ascii, told, room).blocks(document, width)
    else:
        shown = in_words(document, language)
    return tuple(_document(shown, max(NARROWEST, width)))


def plain(document: Document, language: str) -> str:
    """The document's words, one paragraph to a line; a picture in words."""
    return "\n".join(_plain_block(block, language) for block in document)


@dataclass(frozen=True, slots=True)
class _Draw:
    """Puts lines in the place of pictures."""

    language: str
    ascii: bool
    told: bool
    room: int | None

    def blocks(self, blocks: Document, width: int) -> Document:
        """The blocks with every picture drawn, those inside lists and quotes too."""
        return tuple(block for one in blocks for block in self._block(one, width))

    def _block(self, block: Block, width: int) -> Iterator[Block]:
        if isinstance(block, Drawing):
            if self.told:
                yield Paragraph((Span(described(block.picture, self.language)),))
            high = height_of(block.picture, self.room)
            yield Code(draw_picture(block.picture, width, high, self.language, ascii=self.ascii))
        elif isinstance(block, Diagram) and self.told and block.told and block.style == "plain":
            yield Paragraph((Span(block.told),))
            yield block
        elif isinstance(block, Listing):
            items = tuple(self.blocks(item, width - _INSIDE) for item in block.items)
            yield Listing(items, block.ordered, block.start)
        elif isinstance(block, Quote):
            yield Quote(self.blocks(block.blocks, width - _INSIDE))
        else:
            yield block


def _document(document: Document, width: int, *, tight: bool = False) -> Iterator[Spans]:
    for at, block in enumerate(document):
        if at and not (tight and isinstance(block, Listing)):
            yield ()
        yield from _block(block, width)


def _block(block: Block, width: int) -> Iterator[Spans]:
    if isinstance(block, Paragraph):
        yield from wrapped(block.spans, width)
    elif isinstance(block, Heading):
        strong = tuple(
            Span(s.text, "strong" if s.style == "plain" else s.style) for s in block.spans
        )
        yield from wrapped(strong, width)
    elif isinstance(block, Code):
        yield from _verbatim(block.lines, width)
    elif isinstance(block, Diagram):
        yield from _verbatim(tuple((Span(line, block.style),) for line in block.lines), width)
    elif isinstance(block, Listing):
        yield from _listing(block, width)
    elif isinstance(block, Table):
        yield from _table(block, width)
    elif isinstance(block, Quote):
        for line in _document(block.blocks, max(NARROWEST, width - 2)):
            yield _prefixed("▏ ", line, width)


def _verbatim(content: tuple[Spans, ...], width: int) -> Iterator[Spans]:
    longest = max((_width(line) for line in content), default=0)
    indent = max(0, min(INDENT, width - longest))
    for line in content:
        shown = cut(line, width - indent)
        yield (Span(" " * indent), *shown) if indent and shown else shown


def _listing(block: Listing, width: int) -> Iterator[Spans]:
    last = len(str(block.start + len(block.items) - 1))
    loose = any(sum(not isinstance(inner, Listing) for inner in item) > 1 for item in block.items)
    for at, item in enumerate(block.items):
        if at and loose:
            yield ()
        mark = f"{block.start + at:>{last}}. " if block.ordered else "• "
        inner = max(NARROWEST, width - len(mark))
        for number, line in enumerate(_document(item, inner, tight=True)):
            yield _prefixed(mark if number == 0 else " " * len(mark), line, width)


def _prefixed(prefix: str, line: Spans, width: int) -> Spans:
    if not line and not prefix.strip():
        return ()
    if len(prefix) + _width(line) > width:
        return line  # no room for the mark: the words come first
    return (Span(prefix), *line)


def _table(table: Table, width: int) -> Iterator[Spans]:
    columns = len(table.header)
    rows = (table.header, *table.rows)
    natural = [max(max(_width(row[c]) for row in rows), 1) for c in range(columns)]
    widths = _shared(natural, width - _GAP * (columns - 1))
    if widths is None:
        yield from _table_as_list(table, width)
        return
    for number, row in enumerate(rows):
        yield from _table_row(row, widths, table, heading=number == 0)
        if number == 0:
            yield (Span("─" * (sum(widths) + _GAP * (columns - 1))),)


def _shared(natural: list[int], room: int) -> list[int] | None:
    """Column widths that fit: the widest columns give way first; None if nothing sensible fits."""
    widths = list(natural)
    while sum(widths) > room:
        widest = max(range(len(widths)), key=widths.__getitem__)
        if widths[widest] <= 6:
            return None
        widths[widest] -= 1
    return widths


def _table_row(
    row: tuple[Spans, ...], widths: list[int], table: Table, *, heading: bool
) -> Iterator[Spans]:
    styled = [
        tuple(Span(s.text, "strong" if heading and s.style == "plain" else s.style) for s in cell)
        for cell in row
    ]
    wrapped_cells = [wrapped(c, w) for c, w in zip(styled, widths, strict=True)]
    for at in range(max(len(cell) for cell in wrapped_cells)):
        line: list[Span] = []
        for column, cell in enumerate(wrapped_cells):
            content = cell[at] if at < len(cell) else ()
            free = widths[column] - _width(content)
            align = table.align[column] if column < len(table.align) else "left"
            left = free if align == "right" else free // 2 if align == "centre" else 0
            gap = _GAP if column < len(widths) - 1 else 0
            line += [Span(" " * left), *content, Span(" " * (free - left + gap))]
        yield _trimmed(tuple(span for span in line if span.text))


def _table_as_list(table: Table, width: int) -> Iterator[Spans]:
    for number, row in enumerate(table.rows):
        if number:
            yield ()
        for head, cell in zip(table.header, row, strict=True):
            yield from wrapped((*head, Span(": "), *cell), width)


def _trimmed(line: Spans) -> Spans:
    kept = list(line)
    while kept and not kept[-1].text.strip():
        kept.pop()
    return tuple(kept)


def _width(line: Spans) -> int:
    return sum(cells(span.text) for span in line)


def _plain_block(block: Block, language: str) -> str:
    if isinstance(block, Paragraph | Heading):
        return _text(block.spans)
    if isinstance(block, Code):
        return "\n".join(_text(line) for line in block.lines)
    if isinstance(block, Diagram):
        return "\n".join(block.lines)
    if isinstance(block, Listing):
        return "\n".join(_plain_item(block, at, language) for at in range(len(block.items)))
    if isinstance(block, Table):
        rows = (block.header, *block.rows)
        return "\n".join(" | ".join(_text(cell) for cell in row) for row in rows)
    if isinstance(block, Drawing):
        return described(block.picture, language)
    return "\n".join(f"> {line}" for line in plain(block.blocks, language).split("\n"))


def _plain_item(block: Listing, at: int, language: str) -> str:
    mark = f"{block.start + at}. " if block.ordered else "- "
    body = plain(block.items[at], language).split("\n")
    return mark + ("\n" + " " * len(mark)).join(body)


def _text(spans: Spans) -> str:
    return "".join(span.text for span in spans)
