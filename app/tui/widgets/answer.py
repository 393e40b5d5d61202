"""The answer field: one line that takes every letter, however the language is switched.

Promise: what was typed stays until the screen clears it. Up and down move through options, and
space picks the one the arrows are on. Must not judge.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.events import Key
from textual.message import Message
from textual.widgets import Input


class AnswerField(Input):
    """An input of one line without a border."""

    @dataclass
    class Moved(Message):
        """An arrow key was pressed: -1 up, 1 down."""

        step: int

    @dataclass
    class Ticked(Message):
        """Space was pressed while the arrows are on an option."""

    def __init__(self) -> None:
        super().__init__(id="answer", compact=True, select_on_focus=False, max_length=400)
        self.on_option = False
        self.cursor_blink = False

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Only the cursor shows the focus; no style depends on it."""
        self.refresh()

    def watch_disabled(self, _disabled: bool) -> None:
        """It looks the same when it takes no keys; who disables it moves the focus first."""

    async def _on_key(self, event: Key) -> None:
        if event.key in ("up", "down"):
            event.stop()
            event.prevent_default()
            self.post_message(self.Moved(1 if event.key == "down" else -1))
        elif event.key == "space" and self.on_option:
            event.stop()
            event.prevent_default()
            self.post_message(self.Ticked())
        else:
            if event.is_printable:
                self.on_option = False
            await super()._on_key(event)
