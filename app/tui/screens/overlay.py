"""A page read from top to bottom: help, summary, a measurement. Esc goes back.

Promise: scrolls where it is longer than the screen. Must not hold state of its own.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from app.tui.commands import SCROLL, Command, bindings
from app.tui.screens.page import Page, band
from app.tui.widgets.footer import CommandFooter
from app.tui.widgets.header import HeaderLine
from app.tui.widgets.laid import Laid

Result = TypeVar("Result")

BACK = Command("back", ("escape",), weight=9)


class TextView(Laid):
    """Lines that its page lays out."""

    def __init__(self, page: ReadingPage[Result]) -> None:
        super().__init__(id="text")
        self._page = page

    def lay(self, width: int) -> list[Content]:
        """As the page says."""
        return self._page.lay(width)


class ReadingPage(Page[Result]):
    """Header, lines, footer."""

    LAST: ClassVar[tuple[Command, ...]] = (SCROLL, BACK)
    BINDINGS = bindings(LAST)

    @abstractmethod
    def lay(self, width: int) -> list[Content]:
        """The lines of the page."""

    @abstractmethod
    def header(self, width: int) -> tuple[Content, Content]:
        """The two ends of the header."""

    def compose(self) -> ComposeResult:
        """Header, the text, footer."""
        yield band(HeaderLine(self.header))
        with VerticalScroll(id="sheet"), Vertical(id="column"):
            yield TextView(self)
        yield band(CommandFooter())

    def on_mount(self) -> None:
        """Arrow keys scroll."""
        super().on_mount()
        self.set_focus(self.query_one("#sheet"))

    def relay(self) -> None:
        """The lines changed."""
        for view in self.query(Laid):
            view.relay()

    def action_back(self) -> None:
        """Back."""
        self.dismiss(None)
