"""Messages that background work posts; handlers on the event loop own the state.

Promise: plain data, safe to post from any thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from engine.protocol import EngineEvent


class EngineChanged(Message):
    """The engine's state changed: starting, ready, restarted or stopped."""

    def __init__(self, event: EngineEvent) -> None:
        super().__init__()
        self.event = event


class CommandChosen(Message):
    """A command was picked with the mouse or in the palette."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action = action
