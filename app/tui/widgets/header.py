"""The first line of a screen: where am I, and how far.

Promise: two texts at the two ends of the line; the left one gives way.
"""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content

from app.tui.widgets.laid import Laid, spread


class HeaderLine(Laid):
    """A title at the left, a state at the right; both asked for when laid out."""

    def __init__(self, ends: Callable[[int], tuple[Content, Content]]) -> None:
        super().__init__(id="header")
        self._ends = ends

    def lay(self, width: int) -> list[Content]:
        """One line."""
        left, end = self._ends(width)
        return [spread(left, end, width)]
