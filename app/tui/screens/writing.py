"""A few lines of one's own: a note on an item, a report of what is wrong with it.

Promise: Esc goes back and what was written is not lost; every letter goes to the text. Must not
save anything itself.
"""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import TextArea

from app.tui.commands import Command, bindings
from app.tui.screens.page import Page, band
from app.tui.widgets.footer import CommandFooter
from app.tui.widgets.header import HeaderLine
from app.tui.widgets.laid import Laid, line

_LONGEST = 20_000


class _About(Laid):
    """What the words are for."""

    def __init__(self, subject: str) -> None:
        super().__init__(id="about")
        self._subject = subject

    def lay(self, width: int) -> list[Content]:
        """A sentence or two."""
        from app.tui.page import text_lines

        words = self.say(f"tui.writing.{self._subject}.about")
        return [*text_lines(words, width, self.say.language, "$muted"), Content("")]


class _Field(TextArea):
    """The text. Esc is the page's."""

    takes_letters = True

    def __init__(self, text: str) -> None:
        super().__init__(
            text, id="writing", compact=True, soft_wrap=True, tab_behavior="focus",
            highlight_cursor_line=False,
        )  # fmt: skip
        self.cursor_blink = False


class WritingScreen(Page[str]):
    """Dismissed with what was written; with None where the report is called off."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("keep_note", ("escape",), weight=9),
        Command("keep_note", (), twin="ctrl+s", weight=0),
        Command("send_report", (), twin="ctrl+s", weight=9),
        Command("call_off", ("escape",), words="call-off", weight=8),
    )
    BINDINGS = bindings(KEYS)

    def __init__(self, subject: str, text: str) -> None:
        """`subject` is "note" or "report"."""
        super().__init__()
        self._subject = subject
        self._text = text
        self.left = text
        """What was written when the report was called off."""

    def compose(self) -> ComposeResult:
        """Header, what it is for, the text, footer."""
        yield band(HeaderLine(self._header))
        with Horizontal(id="writing-band"), Vertical(id="column"):
            yield _About(self._subject)
            yield _Field(self._text)
        yield band(CommandFooter())

    def on_mount(self) -> None:
        """Write on where it ended."""
        super().on_mount()
        field = self.query_one(_Field)
        self.set_focus(field)
        field.move_cursor(field.document.end)

    def allows(self, action: str) -> bool:
        """A note is kept; a report is written or called off."""
        if action == "keep_note":
            return self._subject == "note"
        if action in ("send_report", "call_off"):
            return self._subject == "report"
        return True

    def _header(self, width: int) -> tuple[Content, Content]:  # noqa: ARG002
        return line((self.say(f"tui.writing.{self._subject}.title"), "bold")), Content("")

    @property
    def text(self) -> str:
        """What stands there now."""
        return self.query_one(_Field).text[:_LONGEST]

    def action_keep_note(self) -> None:
        """Back, with what was written."""
        self.dismiss(self.text)

    def action_send_report(self) -> None:
        """Back, with what was written."""
        self.dismiss(self.text)

    def action_call_off(self) -> None:
        """Back; nothing is reported."""
        self.left = self.text
        self.dismiss(None)
