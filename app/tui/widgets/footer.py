"""The last line of a screen: what can be pressed now, and clicked.

Promise: derives from the screen's commands; never wider than the screen (the lightest commands
give way). Must not know any screen.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content
from textual.events import Click

from app.tui.commands import Command
from app.tui.messages import CommandChosen
from app.tui.widgets.laid import Laid, line


class CommandFooter(Laid):
    """Keys and what they do."""

    def __init__(self) -> None:
        super().__init__(id="footer")
        self._commands: Sequence[Command] = ()
        self._typing = False
        self._places: list[tuple[int, int, str]] = []

    def show(self, commands: Sequence[Command], *, typing: bool) -> None:
        """Show these commands from now on."""
        if (commands, typing) != (self._commands, self._typing):
            self._commands, self._typing = commands, typing
            self.relay()

    def entries(self) -> list[tuple[Command, str, str]]:
        """(command, key, words) of everything that stands in a footer wide enough."""
        found = []
        for command in self._commands:
            key = command.key(typing=self._typing)
            if command.weight and key is not None:
                found.append((command, key, self.say(command.label)))
        return found

    def lay(self, width: int) -> list[Content]:
        """One line."""
        entries = self.entries()
        while entries and _length(entries) > width:
            entries.remove(min(reversed(entries), key=lambda entry: entry[0].weight))
        self._places = []
        pieces: list[tuple[str, str]] = []
        at = 0
        for command, key, words in entries:
            if pieces:
                pieces.append(("  ", ""))
                at += 2
            size = cell_len(key) + 1 + cell_len(words)
            self._places.append((at, at + size, command.action))
            pieces += [(key, "bold $accent"), (" ", ""), (words, "$muted")]
            at += size
        return [line(*pieces)]

    def on_click(self, event: Click) -> None:
        """A click does what the key does."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        for start, end, action in self._places:
            if start <= offset.x < end:
                self.post_message(CommandChosen(action))


def _length(entries: list[tuple[Command, str, str]]) -> int:
    return sum(cell_len(key) + 1 + cell_len(words) for _, key, words in entries) + 2 * (
        len(entries) - 1
    )
