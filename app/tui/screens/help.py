"""Help: the keys that work on the screen it was called from, and only those.

Promise: derives from that screen's commands in the state it is in. Must not list keys itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from app.tui.commands import Command, shown
from app.tui.screens.overlay import ReadingPage
from app.tui.widgets.laid import fitted, line

_KEYS_AT_LEAST = 12


class HelpScreen(ReadingPage[None]):
    """Keys and what they do."""

    def __init__(self, commands: Sequence[Command], *, typing: bool) -> None:
        super().__init__()
        self._commands = commands
        self._by_typing = typing

    def allows(self, action: str) -> bool:
        """No help on help."""
        return action != "app.help"

    def header(self, width: int) -> tuple[Content, Content]:  # noqa: ARG002
        """The title."""
        return line((self.say("tui.help.title"), "bold")), Content("")

    def lay(self, width: int) -> list[Content]:
        """One command a line; where one types, its twin first."""
        from app.tui.page import text_lines

        say = self.say
        taken: set[str] = set()
        entries = [(self._keys(command, taken), say(command.help)) for command in self._commands]
        entries = [(keys, words) for keys, words in entries if keys]
        column = max([_KEYS_AT_LEAST, *(cell_len(keys) for keys, _ in entries)]) + 2
        rows = []
        for keys, words in entries:
            for n, row in enumerate(text_lines(words, width - column, say.language)):
                lead = fitted(keys if n == 0 else "", column)
                rows.append(line((lead, "bold $accent"), row))
        notes = ["tui.help.typing"] if self._by_typing else []
        for key in (*notes, "tui.help.mouse"):
            rows += [Content(""), *text_lines(say(key), width, say.language, "$muted")]
        return rows

    def _keys(self, command: Command, taken: set[str]) -> str:
        """Its keys, but for those with which an earlier command acts; they are added to `taken`."""
        if command.numbered:
            return "" if self._by_typing else f"{command.keys[0]}-{command.keys[-1]}"
        if self._by_typing and not command.inborn:
            keys = [command.key(typing=True) or ""]
        else:
            keys = [shown(key) for key in (*command.keys, command.twin) if key]
        free = [key for key in keys if key not in taken]
        taken.update(free)
        return "  ".join(free)
