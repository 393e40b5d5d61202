"""One quiet line or two above the footer: a wait, a problem, something done.

Promise: says it in the language of the moment. Must not blink or move.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from textual.content import Content

from app.tui.widgets.laid import Laid, line


class Tone(Enum):
    """What kind of notice: its glyph and style."""

    WAIT = ("…", "$muted")
    DONE = ("✓", "$success")
    NOTE = ("·", "$muted")
    PROBLEM = ("!", "bold $error")


class Notice(Laid):
    """A notice, or nothing."""

    def __init__(self) -> None:
        super().__init__(id="notice")
        self._words: Callable[[], str] | None = None
        self.tone = Tone.NOTE

    def tell(self, words: Callable[[], str], tone: Tone = Tone.NOTE) -> None:
        """Show what `words()` gives until cleared."""
        self._words, self.tone = words, tone
        self.relay()

    def clear(self, *tones: Tone) -> None:
        """Vanish, if it has one of these tones (or any)."""
        if self._words is not None and (not tones or self.tone in tones):
            self._words = None
            self.relay()

    @property
    def words(self) -> str:
        """What is shown now."""
        return self._words() if self._words else ""

    def lay(self, width: int) -> list[Content]:
        """The wrapped words behind their glyph, under an empty line."""
        if self._words is None:
            return []
        from app.tui.page import text_lines

        glyph, style = self.tone.value
        body = "$error" if self.tone is Tone.PROBLEM else "$muted"
        rows = text_lines(self._words(), width - 2, self.say.language, body)
        marked = [line((glyph if n == 0 else " ", style), " ", row) for n, row in enumerate(rows)]
        return [Content(""), *marked]
