"""The keys of commands: choose a command, press the key it is to have.

Promise: the next key pressed is the choice, whatever it meant before; a key that something else
on the same screen has is refused in words, and so is one that no command can have. Esc calls it
off. Must not bind anything itself.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import Click, Key

from app.key_names import Chosen, character_of, read, slot_of
from app.tui.apart import apart
from app.tui.commands import Command, bindings, remapped, shown
from app.tui.screens.page import Page, band
from app.tui.widgets.footer import CommandFooter
from app.tui.widgets.header import HeaderLine
from app.tui.widgets.laid import Laid, fitted, line
from app.tui.widgets.notice import Notice, Tone

if TYPE_CHECKING:
    from app.tui.registry import Entry

_KEYS = 16


class KeysView(Laid):
    """One line for each command."""

    def __init__(self, page: KeysScreen) -> None:
        super().__init__(id="keys")
        self._page = page

        self.at: list[int] = []
        """For each line, the command it tells of."""

    def lay(self, width: int) -> list[Content]:
        """Its keys and what it does; the one under the cursor is marked."""
        rows: list[Content] = []
        self.at = []
        for n, entry in enumerate(self._page.entries):
            found = self._rows(n, entry, width)
            rows += found
            self.at += [n] * len(found)
        return rows

    def _rows(self, n: int, entry: Entry, width: int) -> list[Content]:
        from app.tui.page import text_lines

        page, say = self._page, self.say
        here = n == page.cursor
        keys = keys_words(remapped(entry.command, self.gradus.settings.keys))
        if here and page.waiting:
            keys = say("settings.keys.press")
        words = say(entry.command.help)
        if entry.id in self.gradus.settings.keys:
            words += "   " + say("settings.changed")
        rows = text_lines(words, width - _KEYS - 4, say.language, "bold" if here else "")
        leads = [
            line(("▸ " if here else "  ", "$accent"), (fitted(keys, _KEYS), "bold $accent")),
            *(Content(" " * (_KEYS + 2)) for _ in rows[1:]),
        ]
        return [line(lead, row) for lead, row in zip(leads, rows, strict=True)]

    def on_click(self, event: Click) -> None:
        """A click moves the cursor; on it, it asks for a key."""
        offset = event.get_content_offset(self)
        if offset is not None and 0 <= offset.y < len(self.at):
            self._page.clicked(self.at[offset.y])


def keys_words(command: Command) -> str:
    """Every key of a command: `u  ^z`."""
    return "  ".join(shown(key) for key in (*command.keys, command.twin) if key)


class KeysScreen(Page[None]):
    """Commands and their keys."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("choose", ("enter",), words="keys-choose", weight=9),
        Command("move(-1)", ("up", "k"), words="up", weight=0),
        Command("move(1)", ("down", "j"), words="settings-down", weight=4),
        Command("page(-1)", ("pageup",), words="keys-page-up", weight=0),
        Command("page(1)", ("pagedown",), words="keys-page-down", weight=0),
        Command("reset", ("r",), words="settings-reset", twin="f6", weight=6),
    )
    LAST: ClassVar[tuple[Command, ...]] = (Command("back", ("escape",), weight=9),)
    BINDINGS = bindings((*KEYS, *LAST))

    def __init__(self) -> None:
        super().__init__()
        self.entries: tuple[Entry, ...] = ()
        self.cursor = 0
        self.waiting = False
        """Whether the next key is the choice."""

    def compose(self) -> ComposeResult:
        """Header, commands, footer."""
        yield band(HeaderLine(self._header))
        with VerticalScroll(id="sheet", can_focus=False), Vertical(id="column"):
            yield KeysView(self)
        with Horizontal(classes="band"), Vertical(id="dock"):
            yield Notice()
        yield band(CommandFooter())

    def on_mount(self) -> None:
        """Find the commands of every screen."""
        super().on_mount()
        apart(self, self._load)

    async def _load(self) -> None:
        from app.tui import registry

        self.entries = await asyncio.to_thread(registry.entries)
        self.redraw()
        found = list(registry.clashes(self.gradus.settings.keys))
        if found:
            _, key, other = found[0]
            self.query_one(Notice).tell(
                lambda: self.say("settings.keys.clash", key=shown(key), what=self.say(other.help)),
                Tone.PROBLEM,
            )

    def _header(self, width: int) -> tuple[Content, Content]:  # noqa: ARG002
        return line((self.say("settings.keys.name"), "bold")), Content("")

    @property
    def entry(self) -> Entry | None:
        """The command under the cursor."""
        return self.entries[self.cursor] if self.entries else None

    def allows(self, action: str) -> bool:
        """Nothing but Esc while a key is awaited."""
        if self.waiting:
            return action == "back"
        if action == "reset":
            return self.entry is not None and self.entry.id in self.gradus.settings.keys
        return action != "choose" or self.entry is not None

    # Actions

    def action_move(self, step: int) -> None:
        """Another command."""
        if self.entries:
            self._to((self.cursor + step) % len(self.entries))

    def action_page(self, step: int) -> None:
        """A screen further."""
        rows = max(1, self.query_one("#sheet").size.height - 1)
        if self.entries:
            self._to(max(0, min(len(self.entries) - 1, self.cursor + step * rows)))

    def _to(self, cursor: int) -> None:
        self.cursor = cursor
        self.redraw()
        sheet, view = self.query_one("#sheet", VerticalScroll), self.query_one(KeysView)
        view.lines(view.size.width)
        height, lines = sheet.size.height, [n for n, at in enumerate(view.at) if at == cursor]
        if not lines or not height:
            return
        if lines[0] < sheet.scroll_offset.y:
            sheet.scroll_to(y=lines[0], animate=False)
        elif lines[-1] >= sheet.scroll_offset.y + height:
            sheet.scroll_to(y=lines[-1] - height + 1, animate=False)

    def action_choose(self) -> None:
        """The next key is the choice."""
        self.waiting = True
        self.query_one(Notice).tell(lambda: self.say("settings.keys.how"))
        self.redraw()

    def catches(self, event: Key) -> bool:
        """The key that was asked for."""
        entry = self.entry
        if not self.waiting or entry is None:
            return False
        self.waiting = False
        event.stop()
        self.query_one(Notice).clear()
        if event.key != "escape":
            self._take(entry, event)
        self.redraw()
        return True

    def _take(self, entry: Entry, event: Key) -> None:
        from app.tui import registry

        key = event.key
        slot = slot_of(key)
        if slot is None:
            self._tell("settings.keys.never", key=shown(key))
            return
        keys = dict(self.gradus.settings.keys)
        known = read(keys.get(entry.id, "")) or Chosen()
        chosen = known._replace(**{slot: key})
        other = registry.taken(entry.id, key, keys)
        if other is not None:
            words = other.help
            self.query_one(Notice).tell(
                lambda: self.say("settings.keys.taken", key=shown(key), what=self.say(words)),
                Tone.PROBLEM,
            )
            return
        own = entry.command
        if chosen.character in own.keys[:1]:
            chosen = chosen._replace(character=None)
        if chosen.control == own.twin:
            chosen = chosen._replace(control=None)
        keys.pop(entry.id, None)
        if chosen != Chosen():
            keys[entry.id] = chosen.text()
        self._adopt(keys)
        name = character_of(key) or shown(key)
        self.query_one(Notice).tell(
            lambda: self.say("settings.keys.done", key=name, what=self.say(own.help)), Tone.DONE
        )

    def _tell(self, message: str, **values: str) -> None:
        self.query_one(Notice).tell(lambda: self.say(message, **values), Tone.PROBLEM)

    def action_reset(self) -> None:
        """The command's own keys."""
        entry = self.entry
        if entry is not None:
            keys = dict(self.gradus.settings.keys)
            keys.pop(entry.id, None)
            self._adopt(keys)

    def _adopt(self, keys: dict[str, str]) -> None:
        problem = self.gradus.comfort.adopt(replace(self.gradus.settings, keys=keys))
        if problem is not None:
            self._tell(
                "settings.unsaved",
                path=str(self.gradus.paths.settings),
                why=problem.strerror or type(problem).__name__,
            )
        self.redraw()

    def action_back(self) -> None:
        """The settings."""
        self.dismiss(None)

    def clicked(self, row: int) -> None:
        """As the arrow keys and Enter."""
        if self.waiting:
            return
        if row == self.cursor:
            self.action_choose()
        else:
            self._to(row)
