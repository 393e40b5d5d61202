"""Browse: a query, a table of the items it finds, one of them beside it or over it.

Promise: what was typed, chosen and sorted is there again after a look at an item; letters act only
where nothing is typed. Must not find or save by itself.
"""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import ScreenResume
from textual.widgets import Input, Static

from app.browse.browser import Sorting
from app.browse.gone import Gone, gone_words
from app.tui.commands import Command, bindings
from app.tui.screens.browse_acting import BrowseActing
from app.tui.screens.browse_item import BrowseItemScreen
from app.tui.screens.browse_looked import Looked, LookedView, look
from app.tui.screens.browse_typing import BrowseField, StatusLine
from app.tui.screens.page import band
from app.tui.widgets.browse_table import BrowseTable
from app.tui.widgets.footer import CommandFooter
from app.tui.widgets.header import HeaderLine
from app.tui.widgets.laid import line
from app.tui.widgets.notice import Notice, Tone
from app.tui.widgets.offers import Offers

_STILL = 0.15
"""Seconds the cursor stands before the item beside the table is measured."""


class BrowseScreen(BrowseActing):
    """Every item, searched."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("to_table", ("enter", "down"), words="browse-table", weight=9),
        Command("accept", ("enter",), words="browse-accept", weight=9),
        Command("pick(-1)", ("up",), words="browse-pick-up", weight=0),
        Command("pick(1)", ("down",), words="browse-pick", weight=0),
        Command("complete", (), twin="tab", words="browse-complete", weight=8),
        Command("look", ("enter",), words="browse-look", weight=9),
        Command("search", ("slash",), twin="ctrl+f", words="browse-search", weight=8),
        Command("select", ("space",), words="browse-select", weight=7),
        Command("suspend", ("s",), words="browse-suspend", weight=7),
        Command("flag", ("0", "1", "2", "3", "4"), words="browse-flag", weight=3, numbered=True),
        Command("bury", ("b",), words="browse-bury", weight=4),
        Command("note", ("n",), weight=4),
        Command("reset", ("x",), words="browse-reset", weight=3),
        Command("study_these", ("g",), words="browse-study", weight=4),
        Command("undo", ("u",), twin="ctrl+z", weight=3),
        Command("redo", (), twin="ctrl+y", words="browse-redo", weight=0),
        Command("sort", ("o",), words="browse-sort", weight=4),
        Command("reverse", ("O",), words="browse-reverse", weight=0),
        Command("select_all", ("a",), words="browse-all", weight=0),
        Command("extend(1)", ("shift+down", "J"), words="browse-extend", weight=0),
        Command("extend(-1)", ("shift+up", "K"), words="browse-extend-up", weight=0),
        Command("move(-1)", ("up", "k"), words="up", weight=0),
        Command("move(1)", ("down", "j"), words="browse-down", weight=0),
        Command("page(-1)", ("pageup",), words="browse-page-up", weight=0),
        Command("page(1)", ("pagedown",), words="browse-page-down", weight=0),
        Command("edge(0)", ("home",), words="browse-first", weight=0),
        Command("edge(1)", ("end",), words="browse-last", weight=0),
    )
    LAST: ClassVar[tuple[Command, ...]] = (
        Command("close_offers", ("escape",), words="lab-close", weight=9),
        Command("unselect", ("escape",), words="browse-unselect", weight=9),
        Command("back", ("escape",), weight=9),
    )
    BINDINGS = bindings((*KEYS, *LAST))
    CSS_PATH = "../styles/browse.tcss"

    def __init__(self, text: str = "", sorting: Sorting | None = None) -> None:
        super().__init__(text, sorting or Sorting())
        self._studied: frozenset[str] = frozenset()

    def compose(self) -> ComposeResult:
        """Header, query, table with an item beside it, footer."""
        yield band(HeaderLine(self._header))
        with Horizontal(classes="band"), Vertical(id="browse-top"):
            with Horizontal(id="browse-row"):
                yield Static("›", id="answer-mark", markup=False)
                yield BrowseField(self.text)
            yield Offers()
            yield StatusLine(self)
        with Horizontal(id="browse-body"):
            with Vertical(id="browse-middle"):
                yield BrowseTable()
            with VerticalScroll(id="browse-side", can_focus=False):
                yield LookedView()
        with Horizontal(classes="band"), Vertical(id="dock"):
            yield Notice()
        yield band(CommandFooter())

    def on_mount(self) -> None:
        """Read the items; typing may begin at once."""
        super().on_mount()
        self.set_focus(self._field)
        self._field.select_all()  # what is typed replaces an earlier query
        self._go(self._open())

    def _header(self, _width: int) -> tuple[Content, Content]:
        total = self.browser.collection.count if self.loaded and self.browser else 0
        end = self.say("tui.browse.of", n=self.say.number(total)) if total else ""
        return line((self.say("tui.browse.title"), "bold")), line((end, "$muted"))

    def found(self) -> None:
        """Other items: the header counts, the item beside the table follows."""
        self.query_one(HeaderLine).relay()
        self._look_soon()
        super().found()

    def redraw(self) -> None:
        """In the other language what was found is sorted anew."""
        super().redraw()
        self.find()

    # What applies

    def allows(self, action: str) -> bool:
        """By where the keys go; Esc does what is nearest."""
        if not self.is_mounted:
            return True
        name, typing = action.partition("(")[0], self.typing
        if name in ("to_table", "complete"):
            return typing and (name == "complete" or not self._offers.open)
        if name in ("accept", "pick"):
            return typing and self._offers.open
        if name == "close_offers":
            return self._offers.open
        if name == "unselect":
            return not typing and bool(self.table.selected)
        if name == "back":
            return not self._offers.open and not self.allows("unselect")
        if name in ("undo", "redo"):
            return self.loaded and not typing
        if name in ("search", "sort", "reverse"):
            return not typing
        if name.partition(".")[0] == "app":
            return True
        return not typing and bool(self.table.places)

    # Between the query and the table

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        message.stop()
        if self._offers.open:
            self._accept()
        else:
            self.action_to_table()

    def action_to_table(self) -> None:
        """To the items, as far as there are any."""
        if self.table.places:
            self._offers.show(None)
            self.set_focus(self.table)

    def action_search(self) -> None:
        """To the query."""
        self.set_focus(self._field)
        self._field.action_end()

    def action_close_offers(self) -> None:
        """Put the list away."""
        self._offers.show(self._offers.completion, open_=False)
        self.refooter()

    def action_accept(self) -> None:
        """Put in what is offered."""
        self._accept()

    def action_pick(self, step: int) -> None:
        """Another one of what is offered."""
        self._offers.move(step)

    # In the table

    def action_move(self, step: int) -> None:
        """Another line; up from the first one to the query."""
        if step < 0 and self.table.cursor == 0:
            self.action_search()
        else:
            self.table.move_to(self.table.cursor + step)

    def action_extend(self, step: int) -> None:
        """Another line, selecting what lies between."""
        self.table.move_to(self.table.cursor + step, range_=True)
        self._selection_changed()

    def action_page(self, pages: int) -> None:
        """As many lines as are in view."""
        self.table.move_to(self.table.cursor + pages * self.table.height)

    def action_edge(self, last: int) -> None:
        """The first or the last line."""
        self.table.move_to(len(self.table.places) if last else 0)

    def action_select(self) -> None:
        """Select this line, or not."""
        self.table.toggle()
        self._selection_changed()

    def action_select_all(self) -> None:
        """All that is found, or nothing."""
        self.table.select_all()
        self._selection_changed()

    def action_unselect(self) -> None:
        """Nothing is selected."""
        self.table.unselect()
        self._selection_changed()

    def _selection_changed(self) -> None:
        self.query_one(StatusLine).relay()
        self.refooter()

    @on(BrowseTable.Moved)
    def _moved(self) -> None:
        self._look_soon()

    @on(BrowseTable.Chosen)
    def _clicked(self) -> None:
        self.action_look()

    # Looking at an item

    def _look_soon(self) -> None:
        if self.has_class("-wide"):
            self._soon(_STILL, self._beside)

    async def _beside(self) -> None:
        view, place, browser = self.query_one(LookedView), self.table.here, self.browser
        if place is None or browser is None:
            view.show(None)
            return
        item = browser.item(place, self.say.language)
        history = tuple(await asyncio.to_thread(browser.history, item.name))
        view.show(Looked(item, None, history))
        self.query_one("#browse-side").scroll_home(animate=False)
        found = await look(self.gradus, browser, item.name, 0)
        view.show(Looked(item, found, history))
        if isinstance(found, Gone):
            await self._missing(item.title, found)

    async def _missing(self, title: str, found: Gone) -> None:
        """The table goes on without it; its place in the table is the next item's."""
        await self._search()
        self.query_one(Notice).tell(
            lambda: self.say("tui.browse.gone", title=title) + gone_words(found, self.say),
            Tone.PROBLEM,
        )

    def action_look(self) -> None:
        """The item under the cursor, over the table."""
        if self.browser is not None and self.table.here is not None:
            places, cursor = list(self.table.places), self.table.cursor
            screen = BrowseItemScreen(self.browser, places, cursor, self.drafts)
            self.app.push_screen(screen, self._looked_at)

    def _looked_at(self, place: int | None) -> None:
        if place in self.table.places:
            self.table.move_to(self.table.places.index(place))
        self.find()  # a note was written there, or an item is gone

    def action_study_these(self) -> None:
        """A session of what is selected, or of everything found where nothing is."""
        from app.study.choice import Choice

        assert self.browser is not None
        table, names = self.table, self.browser.collection.names
        places = table.chosen() if table.selected else table.places
        self._studied = frozenset(names[place] for place in places)
        self.gradus.study(Choice(names=self._studied, query=self.text or None))

    @on(ScreenResume)
    def _came_back(self) -> None:
        """What was studied stands otherwise now."""
        if self._studied and not self.busy:
            self._go(self._renew(self._studied))
            self._studied = frozenset()

    def action_back(self) -> None:
        """Home; the query is kept."""
        self.dismiss(None)
