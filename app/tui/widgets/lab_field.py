"""The lab's input: one line, or several while a bracket is open.

Promise: every letter goes to the text; Enter asks once the brackets are closed,
or on an empty line; up and down leave
the text only at its first and last line. Must not evaluate and must not know the history.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.events import Key
from textual.message import Message
from textual.widgets import TextArea

from app.lab.statements import complete

_NEW_LINE = ("ctrl+j", "shift+enter", "alt+enter")
_LONGEST = 20_000


class LabField(TextArea):
    """Where expressions are typed."""

    @dataclass
    class Entered(Message):
        """A whole text is to be evaluated."""

        text: str

    @dataclass
    class Moved(Message):
        """Up (-1) or down (1) beyond the text."""

        step: int

    def __init__(self, offering: Callable[[], bool]) -> None:
        """`offering`: whether a list of completions has the arrows and Enter."""
        super().__init__(
            id="lab-field", compact=True, highlight_cursor_line=False, tab_behavior="focus"
        )
        self._offering = offering
        self.cursor_blink = False

    @property
    def place(self) -> int:
        """The cursor, in characters from the beginning."""
        row, column = self.cursor_location
        return sum(len(line) + 1 for line in self.text.split("\n")[:row]) + column

    def put(self, text: str) -> None:
        """Replace the whole text, the cursor behind it."""
        self.text = text
        self.move_cursor(self.document.end)

    def put_in(self, start: int, text: str) -> None:
        """Replace what stands between a place and the cursor."""
        before = self.text[:start]
        row = before.count("\n")
        column = start - (before.rfind("\n") + 1)
        self.replace(text, (row, column), self.cursor_location)

    async def _on_key(self, event: Key) -> None:
        key = event.key
        if key in _NEW_LINE:
            self._take(event)
            self.insert("\n")
        elif key == "enter":
            self._take(event)
            empty = not self.document.get_line(self.cursor_location[0]).strip()
            if self._offering() or empty or complete(self.text):
                self.post_message(self.Entered(self.text.rstrip()))
            else:
                self.insert("\n")
        elif key == "up" and (self._offering() or self.cursor_location[0] == 0):
            self._take(event)
            self.post_message(self.Moved(-1))
        elif key == "down" and (
            self._offering() or self.cursor_location[0] == self.document.line_count - 1
        ):
            self._take(event)
            self.post_message(self.Moved(1))
        elif event.is_printable and len(self.text) >= _LONGEST:
            self._take(event)
        else:
            await super()._on_key(event)

    @staticmethod
    def _take(event: Key) -> None:
        event.stop()
        event.prevent_default()
