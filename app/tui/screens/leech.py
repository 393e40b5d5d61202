"""An item that keeps slipping: how, with which mistake, what it builds on; told once a week.

Promise: says why it is told; goes on with Enter. Must not suspend or study anything itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.content import Content

from app.tui.commands import Command, bindings
from app.tui.screens.overlay import ReadingPage
from app.tui.widgets.laid import line
from content.pack import in_language

if TYPE_CHECKING:
    from app.study.leeches import Leech


class LeechScreen(ReadingPage[str]):
    """Dismissed with "suspend", with the topic to study, or with None to go on."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("study_need", ("p",), words="leech-need", weight=8),
        Command("suspend", ("s",), words="leech-suspend", weight=7),
    )
    LAST: ClassVar[tuple[Command, ...]] = (
        Command("back", ("enter", "escape"), words="leech-on", weight=9),
    )
    BINDINGS = bindings((*KEYS, *LAST))

    def __init__(self, leech: Leech) -> None:
        super().__init__()
        self.leech = leech

    def allows(self, action: str) -> bool:
        """A prerequisite to study, where one is weak."""
        return action != "study_need" or self.leech.weak is not None

    def header(self, width: int) -> tuple[Content, Content]:  # noqa: ARG002
        """What this is about."""
        return line((self.say("tui.leech.title"), "bold")), Content("")

    def lay(self, width: int) -> list[Content]:
        """How it slips, and what may help."""
        from app.tui.page import text_lines

        say, found = self.say, self.leech
        told = [say("tui.leech.item", item=found.name), say("tui.leech.days", n=found.pattern.days)]
        if found.pattern.mistake is not None:
            title = self.gradus.mistake_title(found.name, found.pattern.mistake)
            told.append(
                say(
                    "tui.leech.mistake",
                    mistake=title or found.pattern.mistake,
                    n=found.pattern.times,
                )
            )
        if found.weak is not None:
            topic = in_language(found.weak.title, say.language)
            percent = round(100 * found.weak.mastery)
            told.append(say("tui.leech.weak", topic=topic, percent=percent))
        told.append(say("tui.leech.advice-need" if found.weak else "tui.leech.advice"))
        rows: list[Content] = []
        for words in told:
            rows += [*text_lines(words, width, say.language), Content("")]
        return rows

    def action_study_need(self) -> None:
        """The weak prerequisite."""
        if self.leech.weak is not None:
            self.dismiss(self.leech.weak.key)

    def action_suspend(self) -> None:
        """The item comes no more."""
        self.dismiss("suspend")
