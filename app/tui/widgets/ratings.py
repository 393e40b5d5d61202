"""The four ratings with the interval each would give; keys 1 to 4 or a click.

Promise: the chosen or proposed one is marked by a glyph, not by colour alone. Must not save.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content
from textual.events import Click
from textual.message import Message

from app.study.views import Interval, Rating
from app.tui.widgets.laid import Laid, fitted, line

_COLUMN = 15


class RatingBar(Laid):
    """A question over four columns; empty until shown."""

    @dataclass
    class Picked(Message):
        """A rating was clicked."""

        rating: Rating

    def __init__(self) -> None:
        super().__init__(id="ratings")
        self._title: Callable[[], str] = str
        self._intervals: tuple[Interval, ...] = ()
        self._marked: Rating | None = None
        self._timed = True

    def show(
        self,
        title: Callable[[], str],
        intervals: tuple[Interval, ...],
        marked: Rating | None = None,
        *,
        timed: bool = True,
    ) -> None:
        """Show these ratings, one of them marked; without times where none is scheduled."""
        self._title, self._intervals, self._marked = title, intervals, marked
        self._timed = timed
        self.relay()

    def clear(self) -> None:
        """Vanish."""
        self.show(str, ())

    @property
    def shown(self) -> bool:
        """Whether ratings can be given."""
        return bool(self._intervals)

    def lay(self, width: int) -> list[Content]:
        """An empty line that parts them from the sheet, a title, two lines."""
        if not self._intervals:
            return []
        column = min(_COLUMN, width // 4)
        names: list[tuple[str, str]] = []
        times: list[tuple[str, str]] = []
        for interval in self._intervals:
            marked = interval.rating == self._marked
            key = f"{'▸' if marked else ' '}{int(interval.rating)} "
            name = self.say(f"study.rating.{int(interval.rating)}")
            names.append((key, "bold $accent"))
            names.append((fitted(name, column - cell_len(key)), "bold" if marked else ""))
            when = " " * cell_len(key) + self.say.interval(interval.seconds)
            times.append((fitted(when, column), "$muted"))
        rows = [Content(""), line((self._title(), "$muted")), line(*names)]
        return [*rows, line(*times)] if self._timed else rows

    def on_click(self, event: Click) -> None:
        """Columns are as wide as they are laid out."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y not in (2, 3) or not self._intervals:
            return
        column = min(_COLUMN, self.size.width // 4)
        if offset.x < column * 4:
            self.post_message(self.Picked(Rating(offset.x // column + 1)))
