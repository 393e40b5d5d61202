"""The topics by chapter: mastery, due, new, and what is worth a look.

Promise: one line each; columns are aligned by cells; closed chapters stay closed. Must not study.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.events import Click
from textual.message import Message

from app.tui.themes import cursor_style
from app.tui.today import ChapterRow, Today, TopicRow
from app.tui.widgets.bars import mastery_bar
from app.tui.widgets.laid import LineByLine, fitted, line, right

if TYPE_CHECKING:
    from content.pack import Text

_BAR = 8
_COUNT = 5
_NOTE = 26
_MARK = 5
_TITLE = 26
_WIDE = 90


def title_in(text: str | dict[str, str], language: str) -> str:
    """A title in that language, else in whichever it has."""
    if isinstance(text, str):
        return text
    return text.get(language) or text.get("en") or next(iter(text.values()), "")


class Outline(LineByLine):
    """Chapters and topics; `cursor` is a line, -1 while it is elsewhere."""

    class Chosen(Message):
        """A line was clicked."""

        def __init__(self, line: int) -> None:
            super().__init__()
            self.line = line

    def __init__(self) -> None:
        super().__init__(id="outline")
        self._today = Today()
        self._folded: set[str] = set()
        self._rows: list[ChapterRow | TopicRow] | None = None
        self._lines: list[int | Text] | None = None
        self._widths: tuple[int, str, tuple[int, int, int]] | None = None
        self.cursor = -1

    def show(self, today: Today) -> None:
        """Show these; the cursor stays where it is as far as it can."""
        self._today, self._rows, self._lines = today, None, None
        self.cursor = min(self.cursor, len(self.rows()) - 1)
        self.relay()

    def rows(self) -> list[ChapterRow | TopicRow]:
        """The open lines, in order."""
        if self._rows is not None:
            return self._rows
        found: list[ChapterRow | TopicRow] = []
        for chapter in self._today.chapters:
            found.append(chapter)
            if chapter.chapter not in self._folded:
                found += chapter.topics
        self._rows = found
        return found

    def relay(self) -> None:
        """Rows, columns and lines are found anew."""
        self._rows = self._lines = self._widths = None
        super().relay()

    @property
    def selected(self) -> ChapterRow | TopicRow | None:
        """The line under the cursor."""
        rows = self.rows()
        return rows[self.cursor] if 0 <= self.cursor < len(rows) else None

    def move_to(self, cursor: int) -> None:
        """Put the cursor on that line, -1 for none."""
        self.cursor = max(-1, min(cursor, len(self.rows()) - 1))
        self.relay()

    def fold(self, *, closed: bool | None = None) -> None:
        """Close, open or turn the chapter under the cursor."""
        row = self.selected
        if isinstance(row, TopicRow):
            if closed is not True:
                return
            row = next(c for c in self._today.chapters if row in c.topics)
        if row is None:
            return
        shut = row.chapter not in self._folded if closed is None else closed
        (self._folded.add if shut else self._folded.discard)(row.chapter)
        self._rows = self._lines = None
        self.cursor = self.rows().index(row)
        self.relay()

    def line_of(self, row: int) -> int:
        """The line that a row stands on."""
        return self._set().index(row)

    def _set(self) -> list[int | Text]:
        """What stands on each line under the head: a row's number, or a pack's title where there
        are several packs."""
        if self._lines is None:
            several = len({str(chapter.pack) for chapter in self._today.chapters}) > 1
            found: list[int | Text] = []
            pack: Text | None = None
            for number, row in enumerate(self.rows()):
                if several and isinstance(row, ChapterRow) and row.pack != pack:
                    pack = row.pack
                    found.append(pack)
                found.append(number)
            self._lines = found
        return self._lines

    def _height(self) -> int:
        lines = len(self._set())
        return lines + 1 if lines else 0

    def _line(self, y: int, width: int) -> Content:
        if y == 0:
            return self._head(width)
        here = self._set()[y - 1]
        if isinstance(here, int):
            return self._row(here, self.rows()[here], width)
        title = fitted(title_in(here, self.say.language), width).rstrip()
        return line((title, "bold $accent")).pad_right(max(0, width - cell_len(title)))

    def _columns(self, width: int) -> tuple[int, int, int]:
        """Cells of title, of due and of new; the rest is worth a look."""
        language = self.say.language
        if self._widths is None or self._widths[:2] != (width, language):
            self._widths = (width, language, self._measured(width, language))
        return self._widths[2]

    def _measured(self, width: int, language: str) -> tuple[int, int, int]:
        longest = max((cell_len(title_in(row.title, language)) for row in self.rows()), default=0)
        room = width - (_BAR + 7) - 2 * _COUNT
        note = 0
        if self._troubled():
            note = _NOTE if width >= _WIDE else _MARK
        title = max(12, min(max(longest + 6, _TITLE), room - note))
        return title, _COUNT, note if note == _MARK else room - title if note else 0

    def _head(self, width: int) -> Content:
        title, count, note = self._columns(width)
        say = self.say
        mastery = fitted(say("tui.home.mastery"), _BAR + 7)
        look = say("tui.home.worth-a-look") if note > _MARK else ""
        return line(
            (
                fitted("  " + say("tui.home.topic"), title)
                + mastery
                + right(say("tui.home.due-column"), count)
                + right(say("tui.home.new-column"), count)
                + (f"   {look}" if look else ""),
                "$muted",
            )
        )

    def _troubled(self) -> bool:
        return any(topic.troubles for chapter in self._today.chapters for topic in chapter.topics)

    def _row(self, number: int, row: ChapterRow | TopicRow, width: int) -> Content:
        title, count, note = self._columns(width)
        chapter = isinstance(row, ChapterRow)
        if isinstance(row, ChapterRow):
            lead = "▸ " if row.chapter in self._folded else "▾ "
        else:
            lead = "    "
        words = fitted(lead + title_in(row.title, self.say.language), title - 1) + " "
        weight = "bold" if chapter else ""
        pieces: list[Content | tuple[str, str] | str] = [(words, weight)]
        if row.mastery is None:
            pieces.append(" " * (_BAR + 7))
        else:
            percent = int(row.mastery * 100)
            bar = mastery_bar(row.mastery, _BAR, "$accent" if chapter else "$bar")
            pieces += [bar, (right(f"{percent}%", 5) + "  ", "$muted")]
        pieces.append((right(str(row.due) if row.due else "", count), "bold" if row.due else ""))
        pieces.append((right(str(row.new) if row.new else "", count), "$muted"))
        if note and isinstance(row, TopicRow) and row.troubles:
            gap = " " * (2 if note <= _MARK else 3)
            pieces.append((fitted(gap + self._trouble(row, note), note), "$mistake"))
        laid = line(*pieces)
        laid = laid.pad_right(max(0, width - laid.cell_length))
        if number == self.cursor:
            return laid.stylize_before(cursor_style(self.app.theme))
        return laid

    def _trouble(self, row: TopicRow, note: int) -> str:
        worst = row.troubles[0]
        if note <= _MARK:
            return f"◆{worst.times}"
        title = title_in(worst.title, self.say.language)
        return self.say("tui.home.trouble", title=title, n=worst.times)

    def on_click(self, event: Click) -> None:
        """A click moves the cursor there; a second click acts."""
        offset = event.get_content_offset(self)
        if offset is None or not 0 < offset.y <= len(self._set()):
            return
        here = self._set()[offset.y - 1]
        if isinstance(here, int):
            self.post_message(self.Chosen(here))
