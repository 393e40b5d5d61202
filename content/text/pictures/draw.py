"""A picture as lines of styled spans, for any surface.

Promise: no line is wider than `width` cells, there are at most `height` lines, and no picture
raises, whatever its numbers are. Styles are those of `Span`, and series.1 to series.6, axis, heat,
mark and wrong. Must not know colours or screens.
"""

from __future__ import annotations

from content.text.clean import clean_line
from content.text.document import Span, Spans
from content.text.pictures.bars import draw_bars
from content.text.pictures.curves import draw_curves
from content.text.pictures.frame import finished
from content.text.pictures.heat import draw_heat
from content.text.pictures.windows import draw_windows
from engine.values import Bars, Curves, Heat, Picture

NARROWEST = 12
"""Cells in which a picture still shows something; a narrower one is cut."""
LOWEST = 4
"""Lines likewise."""


def draw_picture(
    picture: Picture,
    width: int,
    height: int,
    language: str,
    *,
    ascii: bool = False,  # noqa: A002
) -> tuple[Spans, ...]:
    """The picture in at most `width` cells and `height` lines; with `ascii` in ASCII signs."""
    wide, high = max(NARROWEST, width), max(LOWEST, height)
    if isinstance(picture, Curves):
        lines = draw_curves(picture, wide, high, language, ascii=ascii)
    elif isinstance(picture, Bars):
        lines = draw_bars(picture, wide, high, language, ascii=ascii)
    elif isinstance(picture, Heat):
        lines = draw_heat(picture, wide, high, language, ascii=ascii)
    else:
        lines = draw_windows(picture, wide, high, language, ascii=ascii)
    safe = [tuple(Span(clean_line(s.text), s.style) for s in line) for line in lines]
    return finished(safe, width, ascii=ascii)[:height]


def height_of(picture: Picture, room: int | None = None) -> int:
    """Lines of a picture in a text: curves and surfaces take the room, others what they need."""
    if isinstance(picture, Curves):
        return room or 12
    if isinstance(picture, Heat) and picture.x_range:
        return (room or 12) + 4
    return 24
