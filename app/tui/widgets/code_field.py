"""The field for an answer that is a program: it wraps and grows, and completes names by Tab.

Promise: Enter answers, ctrl+j breaks the line; what was typed stays until the screen clears it.
Its interface is the answer field's: `value`, `on_option`, `select_all`. Must not judge.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Key
from textual.message import Message
from textual.widgets import TextArea

_HIGHEST = 8
"""Lines it grows to; longer programs scroll."""
_WORD = re.compile(r"[^\W\d]\w*\Z")
_NEW_LINE = frozenset({"ctrl+j", "alt+enter", "shift+enter"})
_SCREENS_OWN = frozenset({"pageup", "pagedown", "f6", "f7", "ctrl+z,super+z", "ctrl+y,super+y"})
"""Keys that mean something on the page, whatever has the focus."""


def _inherited() -> list[BindingType]:
    return [
        binding
        for binding in TextArea.BINDINGS
        if isinstance(binding, Binding) and binding.key not in _SCREENS_OWN
    ]


class CodeField(TextArea, inherit_bindings=False):
    """An input of several lines without a border."""

    BINDINGS: ClassVar[list[BindingType]] = _inherited()
    takes_letters = True
    """Asked by the page: letters go here and are no commands."""

    @dataclass
    class Submitted(Message):
        """Enter was pressed."""

    @dataclass
    class Edited(Message):
        """The text is another one."""

    def __init__(self) -> None:
        super().__init__(
            id="code",
            compact=True,
            soft_wrap=True,
            highlight_cursor_line=False,
        )
        self.cursor_blink = False
        self.on_option = False
        self.names: Callable[[], list[str]] = list
        """What Tab completes."""
        self._cycle: tuple[str, int, list[str]] | None = None

    @property
    def value(self) -> str:
        """The typed text."""
        return self.text

    @value.setter
    def value(self, text: str) -> None:
        if text != self.text:
            self.load_text(text)
            self.move_cursor(self.document.end)

    def on_text_area_changed(self, message: TextArea.Changed) -> None:
        """Grow with the text."""
        message.stop()
        self.styles.height = min(_HIGHEST, max(1, self.wrapped_document.height))
        self.post_message(self.Edited())

    async def _on_key(self, event: Key) -> None:
        if event.key == "tab":
            self._complete()
        elif event.key == "enter":
            self.post_message(self.Submitted())
        elif event.key in _NEW_LINE:
            self.insert("\n")
        else:
            self._cycle = None
            await super()._on_key(event)
            return
        event.stop()
        event.prevent_default()

    def _complete(self) -> None:
        """The word before the cursor: as far as all names agree, then one name after the other."""
        row, column = self.cursor_location
        before = self.document.get_line(row)[:column]
        if self._cycle is not None:
            word, index, names = self._cycle
            old, new = names[index], names[(index + 1) % len(names)]
            self._cycle = (word, (index + 1) % len(names), names)
            self._replace_word(row, column, len(old), new)
            return
        found = _WORD.search(before)
        if found is None:
            return
        word = found.group()
        names = [name for name in self.names() if name.startswith(word) and name != word]
        if not names:
            return
        shared = _shared(names)
        if len(names) > 1 and shared == word:
            self._cycle = (word, 0, names)
            shared = names[0]
        self._replace_word(row, column, len(word), shared)

    def _replace_word(self, row: int, column: int, length: int, new: str) -> None:
        self.replace(new, (row, column - length), (row, column))
        self.move_cursor((row, column - length + len(new)))


def _shared(names: list[str]) -> str:
    """The beginning that all names have."""
    first, last = min(names), max(names)
    alike = next((n for n, pair in enumerate(zip(first, last, strict=False)) if len(set(pair)) > 1),
                 len(first))  # fmt: skip
    return first[:alike]
