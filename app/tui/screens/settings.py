"""The settings: each with what it means, changed in place, in effect at once where it can be.

Promise: every field of `Settings` is shown and edited by its kind, so a new one needs words and
nothing else; a value that cannot be used is refused in words and what was typed stays. Esc leaves;
everything is saved as it is changed. Must not put anything into effect itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input, Static

from app.settings import CHOICES, Settings, usable
from app.settings_editing import NAMES, RefusedError, as_text, changed, kind_of, typed
from app.tui.commands import Command, bindings
from app.tui.screens.page import Page, band
from app.tui.screens.settings_page import AboutView, RowsView
from app.tui.widgets.footer import CommandFooter
from app.tui.widgets.header import HeaderLine
from app.tui.widgets.laid import line
from app.tui.widgets.notice import Notice, Tone

if TYPE_CHECKING:
    from textual.content import Content

_TYPED = ("number", "share", "text", "date", "list")
_STEPS = {"number": 5, "share": 0.01}
"""How far an arrow key moves what could also be typed."""


class SettingsScreen(Page[None]):
    """Everything that can be chosen."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("accept", ("enter",), words="settings-accept", weight=9),
        Command("write", ("enter",), words="settings-write", weight=9),
        Command("keys", ("enter",), words="settings-keys", weight=9),
        Command("change(1)", ("right", "l", "enter"), words="settings-next", weight=8),
        Command("change(-1)", ("left", "h"), words="settings-before", weight=0),
        Command("move(-1)", ("up", "k"), words="up", weight=0),
        Command("move(1)", ("down", "j"), words="settings-down", weight=4),
        Command("reset", ("r",), twin="f6", words="settings-reset", weight=6),
    )
    LAST: ClassVar[tuple[Command, ...]] = (
        Command("stop_writing", ("escape",), words="settings-stop", weight=9),
        Command("back", ("escape",), weight=9),
    )
    BINDINGS = bindings((*KEYS, *LAST))

    def __init__(self) -> None:
        super().__init__()
        self.cursor = 0
        self.writing = False

    def compose(self) -> ComposeResult:
        """Header, the settings, what the one under the cursor means, a field, footer."""
        yield band(HeaderLine(self._header))
        with VerticalScroll(id="sheet", can_focus=False), Vertical(id="column"):
            yield RowsView(self)
        with Horizontal(classes="band"), Vertical(id="dock"):
            yield AboutView(self)
            with Horizontal(id="answer-row"):
                yield Static("▏", id="answer-mark", markup=False)
                yield Input(id="answer", compact=True, select_on_focus=False, max_length=2_000)
            yield Notice()
        yield band(CommandFooter())

    def on_mount(self) -> None:
        """The field takes no key before it is asked for."""
        field = self.query_one(Input)
        field.cursor_blink = False
        field.disabled = True
        super().on_mount()

    def _header(self, width: int) -> tuple[Content, Content]:  # noqa: ARG002
        where = self.say("settings.place", n=self.cursor + 1, total=len(NAMES))
        return line((self.say("settings.title"), "bold")), line((where, "$muted"))

    # What is shown

    @property
    def chosen(self) -> str:
        """The setting under the cursor."""
        return NAMES[self.cursor]

    def allows(self, action: str) -> bool:
        """Enter does what fits the setting; while one types, only what belongs to the field."""
        kind = kind_of(self.chosen)
        if action in ("accept", "stop_writing"):
            return self.writing
        if action == "reset":
            return not self.is_default(self.chosen)
        if action.startswith("app."):
            return True
        if self.writing:
            return False
        if action == "write":
            return kind in _TYPED
        if action == "keys":
            return kind == "keys"
        if action.startswith("change"):
            return kind in ("choice", "switch", *_STEPS)
        return True

    def is_default(self, name: str) -> bool:
        """Whether a setting is what it is for somebody who never chose."""
        return bool(getattr(self.gradus.settings, name) == getattr(Settings(), name))

    # Actions

    def action_move(self, step: int) -> None:
        """Another setting."""
        self._to((self.cursor + step) % len(NAMES))

    def _to(self, cursor: int) -> None:
        self.cursor = cursor
        self.refresh_rows()
        sheet = self.query_one("#sheet", VerticalScroll)
        top, height = self.query_one(RowsView).line_of(cursor), sheet.size.height
        if not sheet.scroll_offset.y <= top < sheet.scroll_offset.y + height:
            sheet.scroll_to(y=max(0, top - height // 2), animate=False)

    def action_change(self, step: int) -> None:
        """The next or the previous value."""
        name, value = self.chosen, getattr(self.gradus.settings, self.chosen)
        kind = kind_of(name)
        if kind == "switch":
            self._adopt(name, not value)
        elif kind == "choice":
            known = CHOICES[name]
            self._adopt(name, known[(known.index(value) + step) % len(known)])
        elif kind in _STEPS:
            moved = value + step * _STEPS[kind]
            moved = round(moved, 4) if kind == "share" else max(0, moved)
            if usable(name, moved):
                self._adopt(name, moved)

    def action_write(self) -> None:
        """A field for the value."""
        field = self.query_one(Input)
        field.value = as_text(getattr(self.gradus.settings, self.chosen))
        field.disabled = False
        self.writing = True
        self.add_class("-field")
        self.set_focus(field)
        field.cursor_position = len(field.value)
        field.action_select_all()
        self.refresh_rows()

    @on(Input.Submitted)
    def action_accept(self) -> None:
        """What was typed, if it can be used."""
        if not self.writing:
            return
        name = self.chosen
        try:
            value = typed(name, self.query_one(Input).value, self.gradus.clock.today())
        except RefusedError:
            self.query_one(Notice).tell(
                lambda: self.say("settings.refused", range=self.say(f"settings.{name}.range")),
                Tone.PROBLEM,
            )
            return
        self.action_stop_writing()
        self._adopt(name, value)

    def action_stop_writing(self) -> None:
        """Leave the value as it was."""
        field = self.query_one(Input)
        self.writing = False
        self.set_focus(None)
        field.disabled = True
        self.remove_class("-field")
        self.query_one(Notice).clear()
        self.refresh_rows()

    def action_reset(self) -> None:
        """As it is for somebody who never chose."""
        if self.writing:
            self.action_stop_writing()
        self._adopt(self.chosen, getattr(Settings(), self.chosen))

    def action_keys(self) -> None:
        """The commands and their keys."""
        from app.tui.screens.keys import KeysScreen

        self.app.push_screen(KeysScreen(), lambda _: self.refresh_rows())

    def action_back(self) -> None:
        """Where one came from."""
        self.dismiss(None)

    def _adopt(self, name: str, value: object) -> None:
        settings = changed(self.gradus.settings, name, value)
        problem = self.gradus.comfort.adopt(settings)
        notice = self.query_one(Notice)
        if problem is not None:
            path, why = self.gradus.paths.settings, problem.strerror or type(problem).__name__
            notice.tell(lambda: self.say("settings.unsaved", path=path, why=why), Tone.PROBLEM)
        else:
            notice.clear()
        self.refresh_rows()

    def refresh_rows(self) -> None:
        """What is shown is another."""
        self.redraw()

    # The mouse

    def clicked(self, row: int) -> None:
        """A click moves the cursor; on the cursor it does what Enter does."""
        if self.writing:
            return
        if row != self.cursor:
            self._to(row)
            return
        for action in ("write", "keys", "change(1)"):
            if self.allows(action):
                self.call_later(self.run_action, action)
                return
