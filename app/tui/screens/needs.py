"""What a topic builds on: its prerequisites, how well each is known; Enter studies one.

Promise: chooses only. Must not begin a session itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.events import Click

from app.tui.apart import apart
from app.tui.commands import Command, bindings
from app.tui.screens.overlay import BACK, ReadingPage
from app.tui.widgets.bars import progress_pips
from app.tui.widgets.laid import fitted, line
from content.pack import in_language

if TYPE_CHECKING:
    from app.study.needs import Need
    from app.study.views import Shown

_ABOUT = 2
_END = 34


class NeedsScreen(ReadingPage[str]):
    """Prerequisites; dismissed with the topic to study, `pack:topic`."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("pick", ("enter",), words="needs-pick", weight=9),
        Command("move(-1)", ("up", "k"), words="up", weight=0),
        Command("move(1)", ("down", "j"), words="more-down", weight=4),
    )
    LAST: ClassVar[tuple[Command, ...]] = (BACK,)
    BINDINGS = bindings((*KEYS, *LAST))

    def __init__(self, item: Shown) -> None:
        super().__init__()
        self._item = item
        self.needs: tuple[Need, ...] | None = None
        self._cursor = 0

    def on_mount(self) -> None:
        """Look them up off the event loop."""
        super().on_mount()
        apart(self, self._load)

    async def _load(self) -> None:
        from app.study.needs import needs_of

        study = await self.gradus.desk.study()
        self.needs = await self.gradus.desk.do(lambda: needs_of(study, self._item.name))
        self.relay()
        self.refooter()

    def allows(self, action: str) -> bool:
        """Nothing to choose where nothing is needed."""
        if action == "pick" or action.startswith("move"):
            return bool(self.needs)
        return True

    def header(self, width: int) -> tuple[Content, Content]:  # noqa: ARG002
        """Of which topic."""
        title = in_language(self._item.topic_title, self.say.language)
        return line((self.say("tui.needs.title", topic=title), "bold")), Content("")

    def lay(self, width: int) -> list[Content]:
        """One prerequisite a line."""
        from app.tui.page import text_lines

        say = self.say
        if self.needs is None:
            return [line((say("tui.needs.looking"), "$muted"))]
        if not self.needs:
            return text_lines(say("tui.needs.none"), width, say.language, "$muted")
        about = fitted(say("tui.needs.about"), width).rstrip()
        rows = [line((about, "$muted")), Content("")]
        for n, need in enumerate(self.needs):
            here = n == self._cursor
            title = in_language(need.title, say.language)
            known = say("tui.needs.known", percent=round(100 * need.mastery))
            rows.append(
                line(
                    ("▸ " if here else "  ", "$accent"),
                    (fitted(title, max(10, width - _END)), "bold" if here else ""),
                    "  ",
                    progress_pips(round(10 * need.mastery), 10),
                    (f"  {known}", "$muted"),
                )
            )
        return rows

    def on_click(self, event: Click) -> None:
        """A click moves the cursor; on the cursor it chooses."""
        offset = event.get_content_offset(self.query_one("#text"))
        place = -1 if offset is None else offset.y - _ABOUT
        if self.needs and 0 <= place < len(self.needs):
            if place == self._cursor:
                self.action_pick()
            else:
                self._cursor = place
                self.relay()

    def action_move(self, step: int) -> None:
        """Another prerequisite."""
        self._cursor = (self._cursor + step) % len(self.needs or (1,))
        self.relay()

    def action_pick(self) -> None:
        """Study it."""
        if self.needs:
            self.dismiss(self.needs[self._cursor].key)
