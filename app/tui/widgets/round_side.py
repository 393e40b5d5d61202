"""The round beside the question: which questions are answered, skipped, flagged, open.

Promise: a glyph for each, never colour alone. Must not tell what was right.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.content import Content

from app.tui.widgets.laid import Laid, line, right

if TYPE_CHECKING:
    from app.drill.views import Progress

_IN_A_ROW = 5


class RoundSide(Laid):
    """The numbers of the round's questions."""

    def __init__(self, title: Callable[[], str]) -> None:
        super().__init__(id="round")
        self._title = title
        self._progress: Progress | None = None
        self._here = 0
        self._total = 0

    def show(self, progress: Progress | None, here: int, total: int) -> None:
        """Where the round stands; None clears."""
        if (progress, here, total) != (self._progress, self._here, self._total):
            self._progress, self._here, self._total = progress, here, total
            self.relay()

    def lay(self, width: int) -> list[Content]:  # noqa: ARG002
        """Rows of numbers, then what the glyphs mean."""
        progress = self._progress
        if progress is None:
            return []
        cells = [self._cell(number, progress) for number in range(1, self._total + 1)]
        rows = [line(*cells[at : at + _IN_A_ROW]) for at in range(0, len(cells), _IN_A_ROW)]
        say = self.say
        legend = [(glyph, key) for glyph, key in _GLYPHS if self._has(key, progress)]
        told = [
            line((f"{glyph} ", "bold"), (say(f"tui.drill.mark.{key}"), "$muted"))
            for glyph, key in legend
        ]
        return [line((self._title(), "bold")), Content(""), *rows, Content(""), *told, Content("")]

    def _cell(self, number: int, progress: Progress) -> Content:
        key = self._key(number, progress)
        glyph = next(glyph for glyph, name in _GLYPHS if name == key)
        flag = "⚑" if number in progress.flagged else " "
        style = {"here": "bold $accent", "answered": "$success", "skipped": "$warning"}
        return line(
            (right(str(number), 3), "$muted"),
            (glyph, style.get(key, "$faint")),
            (flag, "$warning"),
            " ",
        )

    def _key(self, number: int, progress: Progress) -> str:
        if number == self._here:
            return "here"
        if number in progress.answered:
            return "answered"
        return "skipped" if number in progress.skipped else "open"

    def _has(self, key: str, progress: Progress) -> bool:
        return any(self._key(n, progress) == key for n in range(1, self._total + 1))


_GLYPHS = (("▸", "here"), ("●", "answered"), ("–", "skipped"), ("·", "open"))
