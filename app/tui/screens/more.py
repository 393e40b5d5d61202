"""Everything that can be done with the item on the study page, one key each.

Promise: chooses and does nothing; letters act here also where the page below has a field. Must not
know the session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.events import Click

from app.tui.commands import SCROLL, Command, bindings, shown
from app.tui.flags import flag_mark
from app.tui.screens.overlay import BACK, ReadingPage
from app.tui.widgets.laid import line
from content.pack import in_language

if TYPE_CHECKING:
    from app.study.views import Shown

_KEYS = 5


class MoreScreen(ReadingPage[str]):
    """A list of actions; dismissed with the one chosen."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("note", ("n",), weight=0),
        Command("flag", ("0", "1", "2", "3", "4"), weight=0, numbered=True),
        Command("bury", ("b",), weight=0),
        Command("suspend", ("s",), weight=0),
        Command("needs", ("p",), weight=0),
        Command("edit", ("e",), weight=0),
        Command("report", ("r",), weight=0),
        Command("redo", ("y",), weight=0),
        Command("move(-1)", ("up", "k"), words="up", weight=0),
        Command("move(1)", ("down", "j"), words="more-down", weight=4),
        Command("pick", ("enter",), words="more-pick", weight=8),
    )
    LAST: ClassVar[tuple[Command, ...]] = (SCROLL._replace(keys=("pageup", "pagedown")), BACK)
    BINDINGS = bindings((*KEYS, BACK))

    def __init__(self, item: Shown, *, redoable: bool) -> None:
        super().__init__()
        self._item = item
        self._redoable = redoable
        self._cursor = 0
        self._at: list[str] = []

    def allows(self, action: str) -> bool:
        """Nothing to bring back where nothing was taken back."""
        return action != "redo" or self._redoable

    def header(self, width: int) -> tuple[Content, Content]:  # noqa: ARG002
        """Whose item."""
        title = in_language(self._item.topic_title, self.say.language)
        return line((self.say("tui.keeping.title"), "bold"), (f" · {title}", "$muted")), Content("")

    def _entries(self) -> list[tuple[str, str, Content]]:
        """(action, key, words) of every row."""
        say, found = self.say, list[tuple[str, str, Content]]()
        for command in self.KEYS[:8]:
            if command.action == "flag":
                for flag in range(5):
                    mark = flag_mark(flag, say, none=True)
                    if flag == self._item.standing.flag:
                        mark = line(mark, (f"  {say('tui.keeping.now')}", "$muted"))
                    found.append((f"flag({flag})", str(flag), mark))
            elif self.allows(command.action):
                name = command.action
                if name == "note" and self._item.standing.note:
                    name = "note-change"
                found.append(
                    (command.action, shown(command.keys[0]), Content(say(f"tui.keeping.{name}")))
                )
        return found

    def lay(self, width: int) -> list[Content]:  # noqa: ARG002
        """One action a line."""
        entries = self._entries()
        self._at = [action for action, _, _ in entries]
        return [
            line(
                ("▸ " if n == self._cursor else "  ", "$accent"),
                (f"{key:<{_KEYS}}", "bold $accent"),
                words,
            )
            for n, (_, key, words) in enumerate(entries)
        ]

    def on_click(self, event: Click) -> None:
        """A click on a line does it."""
        view = self.query_one("#text")
        offset = event.get_content_offset(view)
        if offset is not None and 0 <= offset.y < len(self._at):
            self.dismiss(self._at[offset.y])

    def action_move(self, step: int) -> None:
        """Another line."""
        self._cursor = (self._cursor + step) % max(1, len(self._at))
        self.relay()

    def action_pick(self) -> None:
        """The line under the cursor."""
        self.dismiss(self._at[self._cursor])

    def action_flag(self, flag: int) -> None:
        """That flag."""
        self.dismiss(f"flag({flag})")

    def action_note(self) -> None:
        """Write on it."""
        self.dismiss("note")

    def action_bury(self) -> None:
        """Tomorrow."""
        self.dismiss("bury")

    def action_suspend(self) -> None:
        """No more."""
        self.dismiss("suspend")

    def action_needs(self) -> None:
        """What it builds on."""
        self.dismiss("needs")

    def action_edit(self) -> None:
        """Its source."""
        self.dismiss("edit")

    def action_report(self) -> None:
        """What is wrong with it."""
        self.dismiss("report")

    def action_redo(self) -> None:
        """What was taken back."""
        self.dismiss("redo")
