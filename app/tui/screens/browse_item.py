"""An item that was found, over the table: its neighbours beside it, a note written on it.

Promise: back in the table the cursor is on this item. Must not answer or schedule it.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content

from app.browse.gone import Gone
from app.tui.apart import apart
from app.tui.commands import Command, bindings
from app.tui.page import text_lines
from app.tui.problems import sentence
from app.tui.screens.browse_looked import Looked, day_words, look, looked_lines
from app.tui.screens.browse_noting import keep_note, write_note
from app.tui.screens.overlay import ReadingPage, TextView
from app.tui.screens.page import band
from app.tui.turning import tell
from app.tui.widgets.footer import CommandFooter
from app.tui.widgets.header import HeaderLine
from app.tui.widgets.laid import line
from app.tui.widgets.notice import Notice, Tone
from content.pack import Card, in_language
from engine.protocol import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from app.browse.browser import Browser
    from app.browse.collection import Item
    from app.progress.browsing import Given
    from content.prepare import Prepared


class BrowseItemScreen(ReadingPage[int]):
    """One item, over the table; the arrows beside it bring its neighbours."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("neighbour(-1)", ("left", "k"), words="browse-before", weight=6),
        Command("neighbour(1)", ("right", "j"), words="browse-next", weight=6),
        Command("draw_again", ("r",), words="browse-draw", weight=7),
        Command("note", ("n",), weight=5),
        Command("undo", ("u",), twin="ctrl+z", weight=3),
    )
    BINDINGS = bindings(KEYS)

    def __init__(
        self, browser: Browser, places: list[int], at: int, drafts: dict[str, str]
    ) -> None:
        """`drafts` holds notes that could not be saved."""
        super().__init__()
        self._browser, self._places, self._at, self._drafts = browser, places, at, drafts
        self._seed = 0
        self._found: Prepared | Failure | Gone | None = None
        self._history: tuple[Given, ...] = ()
        self._saving = False

    def compose(self) -> ComposeResult:
        """Header, the item, what was done, footer."""
        yield band(HeaderLine(self.header))
        with VerticalScroll(id="sheet"), Vertical(id="column"):
            yield TextView(self)
        with Horizontal(classes="band"), Vertical(id="dock"):
            yield Notice()
        yield band(CommandFooter())

    @property
    def item(self) -> Item:
        """The item on screen."""
        return self._browser.item(self._places[self._at], self.say.language)

    @property
    def waiting(self) -> bool:
        """Whether the item is still being measured."""
        return self._found is None

    def on_mount(self) -> None:
        """Measure it."""
        super().on_mount()
        self._look()

    def allows(self, action: str) -> bool:
        """New numbers only where there are any; notes on what is there, one at a time."""
        found = self._found
        if action == "draw_again":
            return (
                found is not None
                and not isinstance(found, Failure | Gone)
                and not isinstance(found.item, Card)
                and bool(found.draw)
            )
        if action in ("note", "undo"):
            return not self._saving and not (action == "note" and isinstance(found, Gone))
        if action.startswith("neighbour"):
            return len(self._places) > 1
        return True

    def _look(self) -> None:
        self._found, self._history = None, ()
        self.relay()
        apart(self, self._looking, "browse-look", exclusive=True)

    async def _looking(self) -> None:
        name = self.item.name
        self._history = tuple(await asyncio.to_thread(self._browser.history, name))
        found = await look(self.gradus, self._browser, name, self._seed)
        if isinstance(found, Gone):
            self._forget_gone()
        self._found = found
        self.relay()
        self.refooter()

    def _forget_gone(self) -> None:
        """The item on screen stays to be told of; others that went with it are passed over."""
        here, missing = self._places[self._at], self._browser.collection.gone
        self._places = [place for place in self._places if place == here or place not in missing]
        self._at = self._places.index(here)

    def header(self, width: int) -> tuple[Content, Content]:  # noqa: ARG002
        """Topic and kind; which of how many."""
        item, say = self.item, self.say
        title = in_language(item.topic.title, say.language)
        kind = say(f"study.kind.{item.kind}")
        count = f"{say.number(self._at + 1)} / {say.number(len(self._places))}"
        return line((title, "bold"), (f" · {kind}", "$muted")), line((count, "$muted"))

    def lay(self, width: int) -> list[Content]:
        """The item's lines."""
        looked = Looked(self.item, self._found, self._history)
        rows = looked_lines(looked, self.say, width, self.app.size.height, day_words(self.say))
        return [
            *rows,
            Content(""),
            *text_lines(looked.item.name, width, self.say.language, "$muted"),
        ]

    def action_neighbour(self, step: int) -> None:
        """The item before or behind."""
        self._at = (self._at + step) % len(self._places)
        self._seed = 0
        self.query_one("#sheet").scroll_home(animate=False)
        self._look()

    def action_draw_again(self) -> None:
        """The same item with other numbers."""
        self._seed += 1
        self._look()

    # A note

    def action_note(self) -> None:
        """The learner's own words on the item."""
        write_note(self, self.item, self._drafts, self._keep)

    async def _keep(self, name: str, words: str) -> None:
        async def keeping() -> None:
            await keep_note(self.gradus, self._browser, name, words)
            self._drafts.pop(name, None)
            done = "note" if words else "unnote"
            self._notice.tell(
                lambda: self.say(f"tui.browse.done.{done}") + self.say("tui.browse.undo-how"),
                Tone.DONE,
            )

        await self._guarded(keeping)

    def action_undo(self) -> None:
        """Take back what was done last, here or elsewhere."""
        apart(self, partial(self._guarded, self._undoing), "browse-undo")

    async def _undoing(self) -> None:
        study = await self.gradus.desk.study()
        undone = await self.gradus.desk.do(study.undo)
        if undone is not None:
            await asyncio.to_thread(self._browser.renew, undone.names)
        await tell(self._notice, self.gradus, undone)

    async def _guarded(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._saving = True
        self.refooter()
        try:
            await work()
        except Exception as error:  # every failure becomes words; the page stays
            words = error
            self._notice.tell(
                lambda: sentence(words, self.say, self.gradus.paths.app_log), Tone.PROBLEM
            )
        finally:
            self._saving = False
            self.relay()
            self.refooter()

    @property
    def _notice(self) -> Notice:
        return self.query_one(Notice)

    def action_back(self) -> None:
        """Back to the table, the cursor on this item."""
        self.dismiss(self._places[self._at])
