"""Dots in terminal cells: lines as fine as a terminal can show them.

Promise: what lies outside is left out; drawing costs time in proportion to the dots. Own dots
rather than a plotting library's: the two looked at take a third of a second to import, draw a
curve in 25 ms and raise at the first NaN, and a diverging run is drawn while it goes on. Must not
know values or scales.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from content.text.document import Span, Spans

_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Bit of a dot by row and column within its cell: two columns of four."""
_BRAILLE = 0x2800
SIGNS = "●▲■◆○△"
ASCII_SIGNS = "*o+x#@"
"""The sign of each series."""


@dataclass(slots=True)
class Canvas:
    """Cells of dots; `ascii` has one dot in a cell and shows it as its owner's sign."""

    columns: int
    rows: int
    ascii: bool = False
    _dots: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    _texts: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    _faint: dict[tuple[int, int], str] = field(default_factory=dict)

    @property
    def fine(self) -> tuple[int, int]:
        """Dots in a cell, across and down."""
        return (1, 1) if self.ascii else (2, 4)

    def dot(self, x: float, y: float, owner: int) -> tuple[int, int] | None:
        """A dot at a place from 0 to 1, y upwards; the cell it lies in."""
        across, down = self.fine
        column = round(x * (self.columns * across - 1))
        row = round((1 - y) * (self.rows * down - 1))
        return self._set(column, row, owner)

    def line(self, a: tuple[float, float], b: tuple[float, float], owner: int) -> None:
        """Dots from one place to another."""
        across, down = self.fine
        width, height = self.columns * across - 1, self.rows * down - 1
        x, y = a[0] * width, (1 - a[1]) * height
        to_x, to_y = b[0] * width, (1 - b[1]) * height
        steps = max(1, round(max(abs(to_x - x), abs(to_y - y))))
        for n in range(min(steps, 4 * (width + height + 2)) + 1):
            share = n / steps
            self._set(round(x + (to_x - x) * share), round(y + (to_y - y) * share), owner)

    def _set(self, column: int, row: int, owner: int) -> tuple[int, int] | None:
        across, down = self.fine
        if not (0 <= column < self.columns * across and 0 <= row < self.rows * down):
            return None
        cell = (column // across, row // down)
        bits, _ = self._dots.get(cell, (0, owner))
        self._dots[cell] = (bits | _BITS[row % down][column % across], owner)
        return cell

    def write(self, column: int, row: int, text: str, style: str) -> bool:
        """A text of one cell over what is there."""
        if 0 <= column < self.columns and 0 <= row < self.rows:
            self._texts[column, row] = (text, style)
            return True
        return False

    def faint(self, column: int, row: int, text: str) -> None:
        """A sign where nothing else is."""
        self._faint[column, row] = text

    def line_of(self, row: int) -> Spans:
        """One row of cells."""
        spans: list[Span] = []
        for column in range(self.columns):
            text, style = self._cell(column, row)
            if spans and spans[-1].style == style:
                spans[-1] = Span(spans[-1].text + text, style)
            else:
                spans.append(Span(text, style))
        return tuple(spans)

    def _cell(self, column: int, row: int) -> tuple[str, str]:
        if written := self._texts.get((column, row)):
            return written
        dots = self._dots.get((column, row))
        if dots is None:
            faint = self._faint.get((column, row))
            return (faint, "axis") if faint else (" ", "plain")
        bits, owner = dots
        style = f"series.{owner + 1}"
        return (
            ASCII_SIGNS[owner % len(ASCII_SIGNS)] if self.ascii else chr(_BRAILLE + bits)
        ), style
