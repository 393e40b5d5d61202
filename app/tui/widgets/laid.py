"""The base of every widget on a page: lines laid out for a width, in the language of the moment.

Promise: a subclass says in `lay` what stands on each line and nothing else; wrapping is its own
(Chinese must not break before closing punctuation, which a terminal toolkit does not know), so a
line is never wrapped again and never parsed as markup. Must not hold words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget

if TYPE_CHECKING:
    from app.locale import Locale
    from app.tui.app import Gradus

Piece = Content | tuple[str, str] | str

APART = 2
"""Blank cells between a line's two ends: with one they read as one text."""


def line(*pieces: Piece) -> Content:
    """One line of pieces, each a text or (text, style)."""
    return Content.assemble(*pieces)


def fitted(text: str, width: int) -> str:
    """The text in exactly `width` cells, an ellipsis where it is cut."""
    if cell_len(text) <= width:
        return text + " " * (width - cell_len(text))
    if width < 1:
        return ""
    return set_cell_size(set_cell_size(text, width - 1).rstrip() + "…", width)


def right(text: str, width: int) -> str:
    """The text at the right of `width` cells."""
    return " " * max(0, width - cell_len(text)) + text


def spread(left: Content, end: Content, width: int) -> Content:
    """Two texts at the two ends of a line; the left one gives way."""
    room = width - end.cell_length
    if left.cell_length > room - 1:
        left = left.truncate(max(0, room - 1), ellipsis=True)
    return line(left, " " * max(0, room - left.cell_length), end)


def indented(lines: list[Content], cells: int) -> list[Content]:
    """The lines, moved to the right."""
    return [line(" " * cells, content) for content in lines]


class Laid(Widget):
    """A widget whose lines are laid out for its width."""

    DEFAULT_CSS = """
    Laid {
        height: auto;
        width: 1fr;
        text-wrap: nowrap;
        text-overflow: clip;
        pointer: default;
    }
    """

    _kept: tuple[int, list[Content]] | None = None

    @property
    def gradus(self) -> Gradus:
        """The app."""
        return cast("Gradus", self.app)

    @property
    def say(self) -> Locale:
        """The language of the moment."""
        return self.gradus.say

    def lay(self, width: int) -> list[Content]:
        """The lines for that width; none at all makes the widget vanish."""
        raise NotImplementedError

    def lines(self, width: int) -> list[Content]:
        """`lay`, kept until the width or the data changes."""
        if self._kept is None or self._kept[0] != width:
            self._kept = (width, self.lay(width))
        return self._kept[1]

    def relay(self) -> None:
        """Lay out anew: the data or the language changed."""
        self._kept = None
        if self.is_mounted:
            self.refresh(layout=True)

    def redraw(self) -> bool:
        """`relay` for what grows in place: a page is laid out only if the lines became more or
        fewer, which is the answer."""
        before = self._kept
        if before is None or not self.is_mounted:
            self.relay()
            return True
        self._kept = None
        moved = len(self.lines(before[0])) != len(before[1])
        self.refresh(layout=moved)
        return moved

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As many rows as there are lines."""
        return len(self.lines(width)) if width else 0

    def render(self) -> Content:
        """The lines as one text."""
        width = self.size.width
        return Content("\n").join(self.lines(width)) if width else Content("")


class LineByLine(Laid):
    """Hundreds of lines: only those in view are laid out, each by itself."""

    def _height(self) -> int:
        """How many lines there are."""
        raise NotImplementedError

    def _line(self, y: int, width: int) -> Content:
        """The line at that height."""
        raise NotImplementedError

    def lay(self, width: int) -> list[Content]:
        """All of them."""
        return [self._line(y, width) for y in range(self._height())]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As many rows as there are lines, none of them laid out."""
        return self._height() if width else 0

    def render_line(self, y: int) -> Strip:
        """One line."""
        width = self.size.width
        content = self._line(y, width) if y < self._height() else Content("")
        return Visual.to_strips(self, content, width, 1, self.visual_style)[0]
