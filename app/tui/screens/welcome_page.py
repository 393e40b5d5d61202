"""The first page of the first run: two choices and the four keys that matter.

Promise: words only; what the minutes mean is said by their own rule. Must not change anything.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.content import Content
from textual.events import Click

from app.tui.widgets.laid import Laid, fitted, line

if TYPE_CHECKING:
    from app.tui.screens.welcome import WelcomeScreen

CHOICES = ("language", "minutes")
_KEYS = (
    ("⏎", "enter"),
    ("esc", "escape"),
    ("?  f1", "help"),
    ("L  ^l", "language"),
    (",", "settings"),
)
_NAME = 18


class ChoiceView(Laid):
    """What Gradus is, what can be chosen, the keys; empty once the sample has begun."""

    def __init__(self, page: WelcomeScreen) -> None:
        super().__init__(id="welcome")
        self._page = page
        self._rows: dict[int, int] = {}

    def lay(self, width: int) -> list[Content]:
        """By the step."""
        page, say = self._page, self.say
        if page.step != "choose":
            return []
        from app.tui.page import text_lines

        rows = text_lines(say("welcome.about"), width, say.language)
        rows.append(Content(""))
        self._rows = {}
        for n, name in enumerate(CHOICES):
            self._rows[len(rows)] = n
            rows.append(self._row(n, name))
        settings = replace(
            self.gradus.settings, minutes_per_day=page.minutes, new_from_minutes=page.minutes > 0
        )
        key = "rule" if page.minutes else "none"
        words = say(f"welcome.minutes.{key}", n=settings.daily_new)
        rows += [line("  ", row) for row in text_lines(words, width - 2, say.language, "$muted")]
        rows += [Content(""), line((say("welcome.keys"), "$muted"))]
        for keys, name in _KEYS:
            rows.append(line("  ", (fitted(keys, 8), "bold $accent"), say(f"welcome.key.{name}")))
        rows += [Content(""), *text_lines(say("welcome.next"), width, say.language, "$muted")]
        return rows

    def _row(self, n: int, name: str) -> Content:
        page, say = self._page, self.say
        here = n == page.cursor
        if name == "language":
            value = say(f"settings.language.{say.language}")
        else:
            value = (
                say("welcome.minutes.n", n=page.minutes)
                if page.minutes
                else say("settings.minutes_per_day.none")
            )
        return line(
            ("▸ " if here else "  ", "$accent"),
            (fitted(say(f"welcome.choose.{name}"), _NAME), "" if here else "$muted"),
            ("‹ " if here else "  ", "$accent"),
            (value, "bold" if here else ""),
            (" ›" if here else "", "$accent"),
        )

    def on_click(self, event: Click) -> None:
        """A click chooses a line; on it, it changes what is chosen."""
        offset = event.get_content_offset(self)
        if offset is not None and offset.y in self._rows:
            self._page.clicked(self._rows[offset.y])
