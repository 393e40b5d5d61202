"""Content on a page: a question, a card's back, a hint, an explanation.

Promise: the document is asked for in the language of the moment each time it is laid out, so a
language switch needs no state. Must not measure or judge.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.content import Content

from app.tui.widgets.laid import Laid, line, right

if TYPE_CHECKING:
    from content.text import Document


class DocumentView(Laid):
    """A document, with an optional lead in front of its first line and a caption under it."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._document: Callable[[str], Document] | None = None
        self._caption: Callable[[], str] | None = None
        self._lead: Callable[[], Content] | None = None
        self._apart = False

    def show(
        self,
        document: Callable[[str], Document] | None,
        *,
        caption: Callable[[], str] | None = None,
        lead: Callable[[], Content] | None = None,
        apart: bool = False,
    ) -> None:
        """Show what `document(language)` gives, set apart by an empty line; None clears."""
        same = document == self._document and apart == self._apart
        plain = not (caption or lead or self._caption or self._lead)
        self._document, self._caption, self._lead = document, caption, lead
        self._apart = apart
        if not (same and plain):
            self.relay()

    def lay(self, width: int) -> list[Content]:
        """The wrapped document."""
        if self._document is None:
            return []
        from app.tui.page import document_lines

        lead = self._lead() if self._lead else Content("")
        indent = lead.cell_length
        rows = document_lines(
            self._document(self.say.language),
            width - indent,
            self.say.language,
            screen=self.app.size.height,
        )
        if indent:
            first = rows[0] if rows else Content("")
            rows = [line(lead, first), *(line(" " * indent, row) for row in rows[1:])]
        caption = self._caption() if self._caption else ""
        if caption:
            rows += [Content(""), line((right(caption, width), "$figure"))]
        return [Content(""), *rows] if self._apart else rows
