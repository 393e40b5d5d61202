"""A figure as lines of styled spans: for the screen, for the shell, and for a braille line.

Promise: no line is wider than asked; words first, then what they are about. Must not know colours.
"""

from __future__ import annotations

from app.locale import Locale
from app.statistics.figure import Drawn, Figure, Table
from content.text import Paragraph, Span, Spans, lines
from content.text.clean import clean_line
from content.text.pictures import (
    Calendar,
    Columns,
    Meters,
    draw_calendar,
    draw_columns,
    draw_meters,
    draw_picture,
)
from content.text.pictures.words import plain_signs
from content.text.wrap import cells, cut

_ROWS = 8
_CURVE_ROWS = 13
_GAP = 3
_ASCII = str.maketrans("▁▂▃▄▅▆▇█–−·≥，。：；（）“”", '__--==##--.>,.:;()""')


def figure_lines(
    figure: Figure,
    width: int,
    say: Locale,
    *,
    rows: int = _ROWS,
    titled: bool = True,
    ascii: bool = False,  # noqa: A002
) -> list[Spans]:
    """The whole figure; a picture's bars take `rows` lines."""
    found: list[Spans] = []
    if titled:
        found += _title(figure, width)
    if figure.empty:
        return [*found, *_text(figure.empty, width, say, "plain")]
    for sentence in figure.said:
        found += _text(sentence, width, say, "plain")
    for picture in figure.pictures:
        found += [(), *drawn_lines(picture, width, say, rows=rows, ascii=ascii)]
    if figure.table is not None:
        found += [(), *_table(figure.table, width)]
    found.append(())
    for sentence in (*figure.defined, *figure.legend):
        found += _text(sentence, width, say, "axis")
    return [_plain(line) for line in found] if ascii else found


def drawn_lines(
    picture: Drawn,
    width: int,
    say: Locale,
    *,
    rows: int = _ROWS,
    ascii: bool = False,  # noqa: A002
) -> tuple[Spans, ...]:
    """One picture."""
    if isinstance(picture, Calendar):
        return draw_calendar(picture, width, ascii=ascii)
    if isinstance(picture, Columns):
        return draw_columns(picture, width, rows, ascii=ascii)
    if isinstance(picture, Meters):
        return draw_meters(picture, width, ascii=ascii)
    return draw_picture(picture, width, rows + _CURVE_ROWS - _ROWS, say.language, ascii=ascii)


def _title(figure: Figure, width: int) -> list[Spans]:
    """Title and range on one line, or on two."""
    title, range_ = Span(figure.title, "strong"), Span(clean_line(figure.range), "axis")
    if cells(title.text) + _GAP + cells(range_.text) <= width:
        return [(title, Span(" " * _GAP), range_), ()]
    return [(title,), cut((range_,), width), ()]


def _text(text: str, width: int, say: Locale, style: str) -> list[Spans]:
    return list(lines((Paragraph((Span(clean_line(text), style),)),), width, say.language))


def _table(table: Table, width: int) -> list[Spans]:
    """Names at the left, numbers at the right of their columns."""
    whole = (table.header, *table.rows)
    sizes = [max(cells(row[n]) for row in whole) for n in range(len(table.header))]
    found: list[Spans] = []
    for row in whole:
        style = "axis" if row is table.header else "plain"
        spans: list[Span] = []
        for n, text in enumerate(row):
            pad = " " * (sizes[n] - cells(text))
            spans.append(Span(text + pad if n == 0 else " " * _GAP + pad + text, style))
        found.append(cut(tuple(spans), width))
    return found


def _plain(line: Spans) -> Spans:
    return tuple(Span(plain_signs(span.text).translate(_ASCII), span.style) for span in line)
