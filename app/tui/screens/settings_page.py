"""What stands on the settings screen: a line for each, and what the one under the cursor means.

Promise: words are locale strings by the setting's name; a change that waits for the next start
says so. Must not change anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.events import Click

from app.settings import MINUTES_PER_NEW, Settings
from app.settings_editing import NAMES, as_text, kind_of
from app.tui import themes
from app.tui.comfort import LATER
from app.tui.widgets.bars import mastery_bar
from app.tui.widgets.laid import Laid, fitted, line

if TYPE_CHECKING:
    from app.locale import Locale
    from app.tui.screens.settings import SettingsScreen

_NAME = 26
_LEAST = 5
"""Lines that what a setting means always takes, so that the list above it stands still."""
_GROUPS = {
    "language": "looks",
    "minutes_per_day": "day",
    "easy_days": "calendar",
    "desired_retention": "machine",
}
"""Where a new group of settings begins."""


def value_words(name: str, value: object, say: Locale) -> str:
    """A value as a person reads it."""
    kind = kind_of(name)
    if kind == "switch":
        return say("settings.on" if value else "settings.off")
    if kind == "keys":
        assert isinstance(value, dict)
        return say("settings.keys.count", n=len(value)) if value else say("settings.keys.own")
    if kind == "choice":
        return say(f"settings.{name}.{value}")
    if say.has(f"settings.{name}.none") and not value:
        return say(f"settings.{name}.none")
    if kind == "number":
        return say.number(int(str(value)))
    return as_text(value)


class RowsView(Laid):
    """One line for each setting."""

    def __init__(self, page: SettingsScreen) -> None:
        super().__init__(id="settings")
        self._page = page
        self.at: list[int] = []
        """For each line, the setting it shows, or -1."""

    def line_of(self, row: int) -> int:
        """The line of a setting."""
        return self.at.index(row) if row in self.at else 0

    def lay(self, width: int) -> list[Content]:
        """Name and value; the one under the cursor is marked."""
        rows: list[Content] = []
        self.at = []
        for n, name in enumerate(NAMES):
            if name in _GROUPS:
                head = [Content("")] if rows else []
                rows += [*head, line((self.say(f"settings.group.{_GROUPS[name]}"), "$muted"))]
                self.at += [-1] * (len(head) + 1)
            rows.append(self._row(n, name, width))
            self.at.append(n)
        return rows

    def _row(self, n: int, name: str, width: int) -> Content:
        page, say = self._page, self.say
        here = n == page.cursor
        settings = self.gradus.settings
        value = value_words(name, getattr(settings, name), say)
        if name == "new_per_day" and settings.daily_new != settings.new_per_day:
            value = say("settings.load.instead", n=settings.daily_new)
        arrows = here and page.allows("change(1)")
        room = max(1, width - _NAME - 20)
        return line(
            ("▸ " if here else "  ", "$accent"),
            (fitted(say(f"settings.{name}.name"), _NAME), "" if here else "$muted"),
            ("‹ " if arrows else "  ", "$accent"),
            (fitted(value, min(room, cell_len(value))), "bold" if here else ""),
            (" ›" if arrows else "", "$accent"),
            ("" if page.is_default(name) else "   " + say("settings.changed"), "$muted"),
        )

    def on_click(self, event: Click) -> None:
        """A click moves the cursor; on it, it changes the setting."""
        offset = event.get_content_offset(self)
        if offset is not None and 0 <= offset.y < len(self.at) and self.at[offset.y] >= 0:
            self._page.clicked(self.at[offset.y])


class AboutView(Laid):
    """What the setting under the cursor means, when it acts, what it would be."""

    def __init__(self, page: SettingsScreen) -> None:
        super().__init__(id="about")
        self._page = page

    def lay(self, width: int) -> list[Content]:
        """A rule, then the words."""
        from app.tui.page import text_lines

        page, say = self._page, self.say
        name, settings = page.chosen, self.gradus.settings
        rows = [line(("─" * width, "$faint"))]
        rows += text_lines(say(f"settings.{name}.about"), width, say.language)
        notes = []
        if name in ("minutes_per_day", "new_from_minutes", "new_per_day"):
            notes.append(self._load(settings))
        if name in LATER:
            notes.append(say("settings.later"))
        if not page.is_default(name):
            default = value_words(name, getattr(Settings(), name), say)
            notes.append(say("settings.default", value=default))
        if name == "theme":
            notes = [note for note in notes if self.app.theme != themes.TERMINAL.name]
            if self.app.theme == themes.TERMINAL.name:
                notes.append(say("settings.theme.terminal"))
            rows.append(self._sample())
        if notes:
            joint = "" if say.language == "zh" else " "
            rows += text_lines(joint.join(notes), width, say.language, "$muted")
        return rows + [Content("")] * (_LEAST - len(rows))

    def _load(self, settings: Settings) -> str:
        """How many new items a day there are, and by which rule."""
        key = "own"
        if settings.new_from_minutes:
            key = "rule" if settings.minutes_per_day else "rule-without"
        return self.say(f"settings.load.{key}", n=settings.daily_new, minutes=MINUTES_PER_NEW)

    def _sample(self) -> Content:
        """The colours that tell things apart."""
        say = self.say
        return line(
            ("✓ " + say("study.verdict.right"), "$success"),
            ("  ≈ " + say("study.verdict.close"), "$warning"),
            ("  ◆ " + say("study.verdict.mistake"), "$mistake"),
            ("  ✗ " + say("study.verdict.wrong"), "$error"),
            ("  Conv2d", "$code"),
            ("(3, 64)", "$code-number"),
            "  ",
            mastery_bar(0.6, 8),
            ("  1,792", "bold $figure"),
        )
