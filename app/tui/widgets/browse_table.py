"""The items found, a line each; only those in view are ever laid out.

Promise: as quick with 100,000 lines as with ten; columns are aligned by cells; what is selected
stays selected while it is found. Must not look for anything and must not act on items.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.events import Click, MouseScrollDown, MouseScrollUp, Resize
from textual.message import Message

from app.browse.telling import state, when
from app.tui.flags import STYLES
from app.tui.themes import cursor_style
from app.tui.widgets.laid import Laid, fitted, line, right
from content.pack import in_language

if TYPE_CHECKING:
    from app.browse.browser import Browser, Sorting
    from app.browse.collection import Item

_WHEN, _RECALL, _LAPSES, _MARKS = 9, 8, 8, 5
_LEAST_TOPIC, _MOST_TOPIC = 12, 24
_WHEEL = 3
_EXAMPLES = ("topic:cnn is:due", "lapses>3 -is:suspended", '"max pooling" or 池化', "mistake:*")
_WHEN_STYLES = {"due": "bold", "new": "$accent", "suspended": "$faint", "buried": "$faint"}


class BrowseTable(Laid, can_focus=True):
    """Places of a browser's items, one under the cursor, some selected."""

    class Moved(Message):
        """The cursor stands on another line, or the lines are others."""

    class Chosen(Message):
        """The line under the cursor was clicked."""

    class Headed(Message):
        """The head of a column was clicked."""

        def __init__(self, column: str) -> None:
            super().__init__()
            self.column = column

    def __init__(self) -> None:
        super().__init__(id="browse-table")
        self._browser: Browser | None = None
        self._sorting: Sorting | None = None
        self._heads: list[tuple[int, int, str]] = []
        self._anchor: int | None = None
        self._reading = False
        self.places: Sequence[int] = ()
        self.cursor = 0
        self.top = 0
        self.selected: set[int] = set()

    def show(
        self, browser: Browser, places: Sequence[int], sorting: Sorting, *, reading: bool = False
    ) -> None:
        """These lines; the cursor stays on its item where that is still found, on its line where
        the item is gone. More may be found while texts are being read."""
        here = self.here
        self._reading = reading
        self._browser, self._sorting, self.places = browser, sorting, places
        self._anchor = None
        if here is not None and here in places:
            self.cursor = places.index(here)
        elif here is None or here not in browser.collection.gone:
            self.cursor = self.top = 0
        if self.selected:
            self.selected &= set(places)
        self.move_to(self.cursor)

    @property
    def here(self) -> int | None:
        """The place under the cursor."""
        return self.places[self.cursor] if self.cursor < len(self.places) else None

    @property
    def height(self) -> int:
        """Lines in view, the head left out."""
        return max(1, self.size.height - 1)

    def chosen(self) -> list[int]:
        """What an action is about: what is selected, else what is under the cursor."""
        if self.selected:
            return [place for place in self.places if place in self.selected]
        return [] if self.here is None else [self.here]

    def move_to(self, cursor: int, *, range_: bool = False) -> None:
        """The cursor to that line; with `range_` everything on the way is selected."""
        if range_ and self._anchor is None:
            self._anchor = self.cursor
        self.cursor = max(0, min(cursor, len(self.places) - 1))
        if range_ and self._anchor is not None:
            low, high = sorted((self._anchor, self.cursor))
            self.selected |= set(self.places[low : high + 1])
        elif not range_:
            self._anchor = None
        height = self.height
        self.top = max(0, min(self.top, len(self.places) - height))
        self.top = min(max(self.top, self.cursor - height + 1), self.cursor)
        self.repaint()
        self.post_message(self.Moved())

    def toggle(self) -> None:
        """Select the line under the cursor, or not; then the next line."""
        if self.here is not None:
            self.selected ^= {self.here}
            self.move_to(self.cursor + 1)

    def select_all(self) -> None:
        """Everything found; again: nothing."""
        everything = set(self.places)
        self.selected = set() if self.selected == everything else everything
        self.repaint()

    def unselect(self) -> None:
        """Nothing."""
        self.selected = set()
        self._anchor = None
        self.repaint()

    def repaint(self) -> None:
        """The same number of lines with other words: nothing around moves."""
        self._kept = None
        if self.is_mounted:
            self.refresh()

    def relay(self) -> None:
        """The height is the screen's, whatever stands in it."""
        self.repaint()

    # What is painted

    def lay(self, width: int) -> list[Content]:
        """The head and the lines in view."""
        browser = self._browser
        if browser is None:
            return []
        if not self.places:
            return self._nothing(width)
        topic = max(_LEAST_TOPIC, min(_MOST_TOPIC, width // 6))
        title = width - _MARKS - topic - _WHEN - _RECALL - _LAPSES - 3
        rows = [self._head(title, topic)]
        bar = self._bar()
        language = self.say.language
        for n in range(self.top, min(self.top + self.height, len(self.places))):
            place = self.places[n]
            item = browser.item(place, language)
            row = self._row(item, title, topic, selected=place in self.selected)
            if n == self.cursor:
                row = row.stylize_before(cursor_style(self.app.theme))
            rows.append(line(row, " ", (bar[n - self.top], "$faint")))
        return rows

    def _nothing(self, width: int) -> list[Content]:
        from app.tui.page import text_lines

        say = self.say
        words = "tui.browse.none-yet" if self._reading else "tui.browse.none"
        rows = [line((say(words), "$muted")), Content("")]
        rows += text_lines(say("tui.browse.none-how"), width, say.language, "$muted")
        return [*rows, *(line("  ", (example, "$code")) for example in _EXAMPLES)]

    def _head(self, title: int, topic: int) -> Content:
        say, sorting = self.say, self._sorting
        self._heads = []
        pieces: list[tuple[str, str]] = []
        at = 0
        for column, cells, to_right in (
            ("flag", _MARKS, False), ("question", title, False), ("topic", topic + 1, False),
            ("due", _WHEN, True), ("recall", _RECALL, True), ("lapses", _LAPSES, True),
        ):  # fmt: skip
            here = sorting is not None and sorting.column == column
            arrow = ("▾" if sorting is not None and sorting.down else "▴") if here else ""
            words = say(f"tui.browse.column.{column}")
            if cell_len(words + arrow) > cells:
                words = ""  # the arrow alone says it
            words += arrow
            laid = right(words, cells) if to_right else fitted(words, cells)
            pieces.append((laid, "bold $accent" if here else "$muted"))
            self._heads.append((at, at + cells, column))
            at += cells
        return line(*pieces)

    def _row(self, item: Item, title: int, topic: int, *, selected: bool) -> Content:
        say = self.say
        standing = state(item)
        asleep = standing in ("suspended", "buried")
        style = "$muted" if asleep else ""
        flag = f"⚑{item.flag}" if item.flag else "  "
        recall = "" if item.recall is None else f"{item.recall * 100:.0f}%"
        return line(
            ("◉" if selected else " ", "bold $accent"),
            (flag, STYLES[item.flag]),
            ("✎" if item.note else " ", "$accent"),
            " ",
            (fitted(item.title, title - 1), style),
            " ",
            (fitted(in_language(item.topic.title, say.language), topic), "$muted"),
            " ",
            (right(when(item, say), _WHEN), _WHEN_STYLES.get(standing, "$muted")),
            (right(recall, _RECALL), style),
            (right(str(item.lapses) if item.lapses else "", _LAPSES), style),
        )

    def _bar(self) -> list[str]:
        """A thumb as long as what is in view is of everything."""
        height, count = self.height, len(self.places)
        if count <= height:
            return [" "] * height
        size = max(1, height * height // count)
        first = (height - size) * self.top // (count - height)
        return ["▌" if first <= n < first + size else "│" for n in range(height)]

    # The mouse

    def on_resize(self, _event: Resize) -> None:
        """The cursor stays in view."""
        self.move_to(self.cursor)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Some lines down."""
        self._scroll(_WHEEL)
        event.stop()

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Some lines up."""
        self._scroll(-_WHEEL)
        event.stop()

    def _scroll(self, lines: int) -> None:
        top = max(0, min(self.top + lines, len(self.places) - self.height))
        self.top = top
        self.move_to(min(max(self.cursor, top), top + self.height - 1))

    def on_click(self, event: Click) -> None:
        """A click moves the cursor, with shift it selects up to there; a second click opens."""
        offset = event.get_content_offset(self)
        if offset is None or not self.places:
            return
        self.focus()
        if offset.y == 0:
            for start, end, column in self._heads:
                if start <= offset.x < end:
                    self.post_message(self.Headed(column))
        elif offset.x >= self.size.width - 1 and len(self.places) > self.height:
            share = (offset.y - 1) / max(1, self.height - 1)
            self.top = round(share * (len(self.places) - self.height))
            self.move_to(min(max(self.cursor, self.top), self.top + self.height - 1))
        elif (row := self.top + offset.y - 1) < len(self.places):
            if row == self.cursor and not event.shift:
                self.post_message(self.Chosen())
            else:
                self.move_to(row, range_=event.shift)
