"""Answers to choose from and points to tick: by letter, number, arrow keys or mouse.

Promise: what is chosen is marked by a glyph; after the verdict the right ones and the chosen
wrong one are marked too. Must not judge; the screen turns a choice into a typed answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.events import Click
from textual.message import Message

from app.tui.widgets.laid import Laid, line

if TYPE_CHECKING:
    from content.text import Document

LETTERS = "abcdefghijklmnop"


def chosen_in(typed: str, count: int) -> frozenset[int]:
    """The options that a typed answer names by letter or number: "a, c" is 0 and 2."""
    found = set()
    for word in typed.replace("，", ",").replace("、", ",").replace(",", " ").lower().split():
        if len(word) == 1 and word in LETTERS[:count]:
            found.add(LETTERS.index(word))
        elif word.isascii() and word.isdigit() and 1 <= int(word) <= count:
            found.add(int(word) - 1)
    return frozenset(found)


def as_letters(chosen: frozenset[int]) -> str:
    """The typed form of a choice: "a, c"."""
    return ", ".join(LETTERS[n] for n in sorted(chosen))


class OptionsView(Laid):
    """Options, one or several of which are chosen."""

    @dataclass
    class Picked(Message):
        """An option was clicked."""

        option: int

    def __init__(self) -> None:
        super().__init__(id="options")
        self._options: Callable[[str], tuple[Document, ...]] | None = None
        self._several = False
        self._numbered = False
        self._rows: list[int] = []
        self.chosen: frozenset[int] = frozenset()
        self.cursor: int | None = None
        self.count = 0
        self.marks: dict[int, tuple[str, str]] = {}

    def show(
        self,
        options: Callable[[str], tuple[Document, ...]] | None,
        count: int = 0,
        *,
        several: bool = False,
        numbered: bool = False,
    ) -> None:
        """Show these; None clears."""
        self._options, self._several, self._numbered = options, several, numbered
        self.count, self.chosen, self.cursor, self.marks = count, frozenset(), None, {}
        self.relay()

    def choose(self, chosen: frozenset[int]) -> None:
        """Mark these as chosen."""
        if chosen != self.chosen:
            self.chosen = chosen
            self.relay()

    def toggle(self, option: int) -> frozenset[int]:
        """What is chosen if this one is picked."""
        return self.chosen ^ {option} if self._several else frozenset({option})

    def move(self, step: int) -> int:
        """Move the cursor; the option it is on now."""
        if self.cursor is None:
            self.cursor = 0 if step > 0 else self.count - 1
        else:
            self.cursor = (self.cursor + step) % self.count
        self.relay()
        return self.cursor

    def mark(self, marks: dict[int, tuple[str, str]]) -> None:
        """Show glyphs and colours of the verdict beside the options."""
        self.marks, self.cursor = marks, None
        self.relay()

    def lay(self, width: int) -> list[Content]:
        """Each option with its key, glyph and text."""
        if self._options is None:
            return []
        from app.tui.page import document_lines

        rows: list[Content] = [Content("")]
        self._rows = [-1]
        for n, option in enumerate(self._options(self.say.language)):
            glyph, colour = self.marks.get(n, (self._box(n), ""))
            key = str(n + 1) if self._numbered else LETTERS[n]
            at = n == self.cursor
            lead = line(
                ("▸" if at else " ", "$accent"),
                (key, "bold $accent"),
                " ",
                (glyph, colour or ("bold $accent" if n in self.chosen else "$muted")),
                " ",
            )
            style = colour or ("bold" if n in self.chosen or at else "")
            body = document_lines(option, width - lead.cell_length, self.say.language)
            for number, text in enumerate(body or [Content("")]):
                front = lead if number == 0 else Content(" " * lead.cell_length)
                rows.append(line(front, text.stylize_before(style)))
                self._rows.append(n)
        return rows

    def _box(self, option: int) -> str:
        if self._several:
            return "☑" if option in self.chosen else "☐"
        return "●" if option in self.chosen else "○"

    def on_click(self, event: Click) -> None:
        """A click picks the option of that line."""
        offset = event.get_content_offset(self)
        if offset is not None and 0 <= offset.y < len(self._rows) and self._rows[offset.y] >= 0:
            self.post_message(self.Picked(self._rows[offset.y]))
