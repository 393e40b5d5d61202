"""A picture as lines of styled spans, for any surface.

Promise: no line is wider than `width` cells, there are at most `height` lines, and no picture
raises, whatever its numbers are. Styles are those of `Span` and series.1 to series.6, axis and
heat. Must not know colours or screens, and lets no escape sequence through.
"""

from __future__ import annotations

from content.text.document import Span, Spans
from content.text.wrap import cut
from engine.protocol import Picture


def draw_picture(
    picture: Picture,
    width: int,
    height: int,
    language: str,
    *,
    ascii: bool = False,  # noqa: A002
) -> tuple[Spans, ...]:
    """The picture in at most `width` cells and `height` lines; with `ascii` in ASCII signs."""
    title = picture.title or type(picture).__name__
    return (cut((Span(title, "strong"),), width),)[:height]
