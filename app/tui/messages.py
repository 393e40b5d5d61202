"""Messages that background work posts; handlers on the event loop own the state.

Promise: plain data, safe to post from any thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from engine.protocol import EngineEvent


@dataclass
class EngineChanged(Message):
    """The engine's state changed: starting, ready, restarted or stopped."""

    event: EngineEvent


@dataclass
class CommandChosen(Message):
    """A command was picked with the mouse or in the palette."""

    action: str
