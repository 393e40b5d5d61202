"""The lines of "Study what" around its topics: choices made before, filters, what it brings.

Promise: each filter's key stands before it, what is set is marked by a glyph; clicks do what keys
do. Must not hold the choice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.events import Click
from textual.message import Message

from app.tui.screens.choose_words import (
    FILTERS,
    bringing,
    held_back,
    in_words,
    is_set,
    titles_of,
    value_of,
)
from app.tui.widgets.laid import Laid, fitted, line

if TYPE_CHECKING:
    from app.tui.screens.choose import ChooseScreen

_HALF = (len(FILTERS) + 1) // 2


class RecentView(Laid):
    """The choices made last."""

    class Picked(Message):
        """One was clicked."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, page: ChooseScreen) -> None:
        super().__init__(id="recent")
        self._page = page

    def lay(self, width: int) -> list[Content]:
        """One line each, none where nothing was chosen before."""
        rows = [
            line(
                (f" {number} ", "bold $accent"),
                (fitted(in_words(choice, self._page.offered, self.say), width - 4).rstrip(), ""),
            )
            for number, choice in enumerate(self._page.earlier, 1)
        ]
        return [*rows, Content("")] if rows else []

    def on_click(self, event: Click) -> None:
        """A click chooses it."""
        offset = event.get_content_offset(self)
        if offset is not None and 0 <= offset.y < len(self._page.earlier):
            self.post_message(self.Picked(offset.y + 1))


class FiltersView(Laid):
    """Every filter, in two columns."""

    class Turned(Message):
        """One was clicked."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, page: ChooseScreen) -> None:
        super().__init__(id="filters")
        self._page = page

    def lay(self, width: int) -> list[Content]:
        """As many lines as half the filters."""
        column = width // 2
        return [
            line(*(self._cell(n, column) for n in (row, row + _HALF) if n < len(FILTERS)))
            for row in range(_HALF)
        ]

    def _cell(self, number: int, column: int) -> Content:
        one, page = FILTERS[number], self._page
        chosen = is_set(page.choice, one.name)
        key = next((c.keys[0] for c in page.available() if c.action == f"turn('{one.name}')"), "")
        words = value_of(page.choice, one.name, page.offered, self.say)
        return line(
            ("✓ " if chosen else "  ", "bold $accent"),
            (f"{key or one.key}  ", "bold $accent"),
            (fitted(words, column - 5), "bold" if chosen else "$muted"),
        )

    def on_click(self, event: Click) -> None:
        """A click turns it."""
        offset = event.get_content_offset(self)
        if offset is None or not 0 <= offset.y < _HALF:
            return
        number = offset.y + (_HALF if offset.x >= self.size.width // 2 else 0)
        if number < len(FILTERS):
            self.post_message(self.Turned(FILTERS[number].name))


class OutlookView(Laid):
    """What the topic under the cursor needs, and what the choice brings."""

    def __init__(self, page: ChooseScreen) -> None:
        super().__init__(id="outlook")
        self._page = page

    def lay(self, width: int) -> list[Content]:
        """Always as many lines, so that nothing moves while it is counted."""
        from app.tui.page import text_lines

        page, say = self._page, self.say
        needs = self._needs()
        if page.brought is None:
            words, style = say("choose.counting"), "$muted"
            held = ""
        else:
            words, style = bringing(page.brought, page.wanted, say), "bold"
            held = held_back(page.brought, say)
        rows = [*text_lines(words, width, say.language, style)[:2]]
        rows += text_lines(held, width, say.language, "$muted")[:1] if held else []
        rows = (rows + [Content("")] * 2)[:2]
        return [Content(""), line((fitted(needs, width).rstrip(), "$muted")), *rows]

    def _needs(self) -> str:
        page, say = self._page, self.say
        row = page.row
        if row is None or page.offered is None:
            return ""
        if row.is_chapter:
            return say("choose.topics", n=len(row.topics))
        needs = page.offered.needs.get(row.word, ())
        if not needs:
            return say("choose.needs-nothing")
        titles = titles_of(page.offered, say.language)
        known = {
            f"{topic.pack}:{topic.topic}": topic.mastery
            for chapter in page.offered.overview.chapters
            for topic in chapter.topics
        }
        parts = [f"{titles[name]} {int(known[name] * 100)}%" for name in needs if name in known]
        return say("choose.needs", what=say("choose.comma").join(parts))
