"""Beside the sheet on wide screens: what the item is, until its trace takes the place.

Promise: repeats nothing that only stands here; the drawn values, which name the steps of a
solution, wait for the answer. Must not show an answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from app.tui.widgets.laid import Laid, line

if TYPE_CHECKING:
    from app.study.views import Shown


class SideView(Laid):
    """Topic, level, expected time, what the session holds."""

    def __init__(self) -> None:
        super().__init__(id="about")
        self._shown: Shown | None = None
        self._answered = False

    def show(self, shown: Shown | None, *, answered: bool = False) -> None:
        """Show what is known of that item."""
        self._shown, self._answered = shown, answered
        self.relay()

    def lay(self, width: int) -> list[Content]:
        """A few quiet lines."""
        shown, say = self._shown, self.say
        if shown is None:
            return []
        from app.tui.page import text_lines
        from content.pack import in_language

        muted = "$muted"
        rows = text_lines(in_language(shown.topic_title, say.language), width, say.language, "bold")
        about = [
            say("tui.side.level", n=shown.level),
            say("tui.side.time", seconds=shown.expected_seconds),
            self._why(shown),
        ]
        hints = len(shown.prepared.item.hints)
        if hints:
            about.append(say("tui.side.hints", n=hints))
        rows += [line((text, muted)) for text in about]
        names = shown.prepared.draw if self._answered else ()
        if names:
            rows += [Content(""), line((say("tui.side.draw"), muted))]
            wide = max(len(name) for name, _ in names)
            rows += [
                line((f"  {name:<{wide}}  ", "$code"), (str(value), "$code-number"))
                for name, value in names
            ]
        rows.append(Content(""))
        return rows

    def _why(self, shown: Shown) -> str:
        if shown.practice:
            return self.say("tui.side.practice")
        return self.say("tui.side.new" if shown.is_new else "tui.side.due")
