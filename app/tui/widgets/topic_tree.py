"""Chapters and topics to be ticked, with how well each is known.

Promise: one line each, only those in view are laid out; a chapter is ticked where all its topics
are, half where some are; what is ticked is given back in as few words as say it. Must not study.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.events import Click
from textual.message import Message

from app.topic_words import belongs
from app.tui.themes import cursor_style
from app.tui.widgets.bars import mastery_bar
from app.tui.widgets.laid import LineByLine, fitted, line, right
from app.tui.widgets.outline import title_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.study.offering import Offered
    from app.study.views import ChapterOverview
    from content.pack import Text

_BAR = 8
_TITLE = 54
_HEADS = 2
"""Lines above the first row."""


@dataclass(frozen=True, slots=True)
class Row:
    """A chapter, or a topic of one."""

    chapter: ChapterOverview
    word: str
    """What it is called in a choice."""
    title: Text
    mastery: float
    items: int
    topics: tuple[str, ...]
    is_chapter: bool


class TopicTree(LineByLine):
    """The rows under a head line; the first one stands under the cursor."""

    class Pressed(Message):
        """A row was clicked."""

        def __init__(self, row: int) -> None:
            super().__init__()
            self.row = row

    def __init__(self) -> None:
        super().__init__(id="topic-tree")
        self._chapters: tuple[ChapterOverview, ...] = ()
        self._ticked: set[str] = set()
        self._folded: set[str] = set()
        self._rows: list[Row] = []
        self.cursor = 0

    def show(self, offered: Offered, words: Iterable[str]) -> None:
        """Show these, ticked as those words say; chapters closed but for what is ticked."""
        self._chapters = offered.overview.chapters
        self.tick_words(words)
        self._folded = {
            chapter.id
            for chapter in self._chapters
            if not any(name in self._ticked for name in _names(chapter))
        }
        self._arrange()

    def tick_words(self, words: Iterable[str]) -> None:
        """Tick what those words stand for and nothing else."""
        self._ticked = set[str]().union(*map(self._named, words))
        self.relay()

    def words(self) -> frozenset[str]:
        """What is ticked: chapters where all of one is, else topics."""
        found: set[str] = set()
        for chapter in self._chapters:
            names = _names(chapter)
            ticked = [name for name in names if name in self._ticked]
            whole = len(ticked) == len(names) and self._named(chapter.id) <= self._ticked
            found |= {chapter.id} if whole else set(ticked)
        return frozenset(found)

    def _named(self, word: str) -> set[str]:
        """The topics a word stands for. A chapter's may be the beginning of another's topics too:
        `act` is also `act.softmax`, which another chapter teaches."""
        return {
            f"{topic.pack}:{topic.topic}"
            for chapter in self._chapters
            for topic in chapter.topics
            if belongs(topic.pack, chapter.id.partition(":")[2], topic.topic, word)
        }

    @property
    def selected(self) -> Row | None:
        """The row under the cursor."""
        return self._rows[self.cursor] if self._rows else None

    def tick(self) -> None:
        """Tick the row under the cursor, or tick it no longer."""
        row = self.selected
        if row is None:
            return
        if all(name in self._ticked for name in row.topics):
            self._ticked.difference_update(row.topics)
        else:
            self._ticked.update(row.topics)
        self.relay()

    def move_to(self, cursor: int) -> None:
        """Put the cursor on that row, or the nearest there is."""
        self.cursor = max(0, min(cursor, len(self._rows) - 1))
        self.relay()

    def fold(self, *, closed: bool) -> None:
        """Close or open the chapter of the row under the cursor."""
        row = self.selected
        if row is None:
            return
        (self._folded.add if closed else self._folded.discard)(row.chapter.id)
        self._arrange()
        self.cursor = next(
            n
            for n, one in enumerate(self._rows)
            if one.chapter is row.chapter and (one.is_chapter if closed else one.word == row.word)
        )
        self.relay()

    def line_of(self, row: int) -> int:
        """The line that a row stands on."""
        return row + _HEADS

    def _arrange(self) -> None:
        rows: list[Row] = []
        for chapter in self._chapters:
            items = sum(topic.items for topic in chapter.topics)
            names = _names(chapter)
            rows.append(
                Row(chapter, chapter.id, chapter.title, chapter.mastery, items, names, True)
            )
            if chapter.id not in self._folded:
                rows += [
                    Row(chapter, name, topic.title, topic.mastery, topic.items, (name,), False)
                    for name, topic in zip(names, chapter.topics, strict=True)
                ]
        self._rows = rows
        self.cursor = max(0, min(self.cursor, len(rows) - 1))
        self.relay()

    # Lines

    def _height(self) -> int:
        return len(self._rows) + _HEADS if self._rows else 0

    def _line(self, y: int, width: int) -> Content:
        room = min(_TITLE, width - _BAR - 17)
        if y == 0:
            return Content("")
        if y == 1:
            say = self.say
            head = fitted("    " + say("tui.home.topic"), room + 2)
            head += fitted(say("tui.home.mastery"), _BAR + 7)
            return line((head + right(say("choose.items"), 8), "$muted"))
        return self._row(y - _HEADS, width, room)

    def _row(self, number: int, width: int, room: int) -> Content:
        row = self._rows[number]
        ticked = [name in self._ticked for name in row.topics]
        mark = "✓" if all(ticked) else "–" if any(ticked) else " "
        lead = ("▸ " if row.chapter.id in self._folded else "▾ ") if row.is_chapter else "  "
        title = title_in(row.title, self.say.language)
        share = f"{int(row.mastery * 100)}%"
        laid = line(
            (f"{mark} ", "bold $accent"),
            (fitted(lead + title, room - 1) + " ", "bold" if row.is_chapter else ""),
            mastery_bar(row.mastery, _BAR, "$accent" if row.is_chapter else "$bar"),
            (right(share, 5) + "  ", "$muted" if row.mastery else "$faint"),
            (right(str(row.items), 8), "$muted"),
        )
        laid = laid.pad_right(max(0, width - laid.cell_length))
        if number == self.cursor:
            return laid.stylize_before(cursor_style(self.app.theme))
        return laid

    def on_click(self, event: Click) -> None:
        """A click moves the cursor there; on the cursor it ticks."""
        offset = event.get_content_offset(self)
        if offset is not None and _HEADS <= offset.y < self._height():
            self.post_message(self.Pressed(offset.y - _HEADS))


def _names(chapter: ChapterOverview) -> tuple[str, ...]:
    return tuple(f"{topic.pack}:{topic.topic}" for topic in chapter.topics)
