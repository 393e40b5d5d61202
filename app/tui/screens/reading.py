"""A card to read: front and back at once, nothing asked, nothing counted.

Promise: its figures were measured before it is opened. Must not touch the schedule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from app.tui.screens.overlay import ReadingPage
from app.tui.widgets.laid import line
from content.pack import in_language

if TYPE_CHECKING:
    from content.prepare import Prepared


class ReadScreen(ReadingPage[None]):
    """One card."""

    def __init__(self, prepared: Prepared) -> None:
        super().__init__()
        self._prepared = prepared

    def header(self, width: int) -> tuple[Content, Content]:  # noqa: ARG002
        """The card's topic."""
        title = in_language(self._prepared.topic_title, self.say.language)
        return line((title, "bold"), (f" · {self.say('study.kind.card')}", "$muted")), Content("")

    def lay(self, width: int) -> list[Content]:
        """Question, rule, answer."""
        from app.tui.page import document_lines

        language, rows = self.say.language, self.app.size.height
        front = document_lines(self._prepared.front(language), width, language, screen=rows)
        back = document_lines(self._prepared.back(language), width, language, screen=rows)
        return [*front, Content(""), line(("─" * width, "$faint")), *back]
