"""Searching while one types: what is found, what may be completed, what is wrong with a query.

Promise: the last items found stay while a query is unfinished or cannot be read; every query is
answered in a thread and the newest one wins. Must not act on items.
"""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import on
from textual.content import Content
from textual.widgets import Input

from app.browse.browser import Browser, Sorting
from app.browse.collection import COLUMNS
from app.browse.completion import Known, suggested
from app.browse.query import QueryError
from app.browse.telling import counted
from app.lab.completion import Candidate, Completion
from app.tui.apart import apart, opened_apart
from app.tui.screens.calling import CallingPage
from app.tui.widgets.browse_table import BrowseTable
from app.tui.widgets.laid import Laid, line, spread
from app.tui.widgets.notice import Notice, Tone
from app.tui.widgets.offers import Offers

if TYPE_CHECKING:
    from pathlib import Path

    from app.study.session import Study

_PATIENCE = 0.2


class BrowseField(Input):
    """Where the query is typed."""

    def __init__(self, text: str) -> None:
        super().__init__(text, id="browse-field", compact=True, select_on_focus=False)
        self.cursor_blink = False


class StatusLine(Laid):
    """How many items are found, how they are sorted; or what is wrong with the query."""

    def __init__(self, page: BrowseTyping) -> None:
        super().__init__(id="browse-status")
        self._page = page

    def lay(self, width: int) -> list[Content]:
        """One line, or the lines of an error."""
        from app.tui.page import text_lines

        page, say = self._page, self.say
        if page.error is not None and not (page.error.unfinished and page.completing):
            style = "$muted" if page.error.unfinished else "$warning"
            return text_lines(page.error.describe(say), width, say.language, style)
        if not page.loaded:
            return [line((say("tui.browse.reading"), "$muted"))]
        table = page.table
        words = counted(len(table.places), say)
        if table.selected:
            words += " · " + say("tui.browse.selected", n=len(table.selected))
        column = say(f"tui.browse.column.{page.sorting.column}")
        end = say("tui.browse.sorted-down" if page.sorting.down else "tui.browse.sorted", by=column)
        if page.building is not None and page.building[1]:
            done, of = page.building
            end = say("tui.browse.building", done=done, of=of)
        if cell_len(words) + cell_len(end) + 2 > width:
            end = ""
        return [spread(line((words, "")), line((end, "$muted")), width)]


class BrowseTyping(CallingPage):
    """A page with a query and a table of what it finds."""

    def __init__(self, text: str, sorting: Sorting) -> None:
        super().__init__()
        self.text, self.sorting = text, sorting
        self.browser: Browser | None = None
        self.error: QueryError | None = None
        self.building: tuple[int, int] | None = None
        self.loaded = False
        self.answered: str | None = None
        """The query that the table, or the error, answers."""
        self._known = Known()
        self._stop = threading.Event()
        self._reading: asyncio.Future[bool] | None = None
        """The texts being read into the search file."""

    @property
    def table(self) -> BrowseTable:
        """What is found."""
        return self.query_one(BrowseTable)

    @property
    def names_known(self) -> bool:
        """Whether the texts of all items are read, and what can be completed."""
        return bool(self._known.topics)

    @property
    def busy(self) -> bool:
        """Whether something is saved just now."""
        return self._busy

    @property
    def completing(self) -> bool:
        """Whether something is offered that would complete the query."""
        return self._offers.open

    @property
    def _field(self) -> BrowseField:
        return self.query_one(BrowseField)

    @property
    def _offers(self) -> Offers:
        return self.query_one(Offers)

    # Opening

    async def _open(self) -> None:
        study = await self.gradus.desk.study()
        browser = await opened_apart(lambda: _loaded(study, self.gradus.paths.search))
        self.browser, self.loaded = browser, True
        await self._search()
        if not await asyncio.to_thread(lambda: browser.current):
            await self._build(browser)
            await self._search()
        self._known = await asyncio.to_thread(_known, study, browser)

    async def _build(self, browser: Browser) -> None:
        loop = asyncio.get_running_loop()

        def told(done: int, of: int) -> None:
            # Nothing waits here: the loop may be about to end.
            loop.call_soon_threadsafe(self._built, done, of)

        self.building = (0, 0)
        self._reading = loop.run_in_executor(None, browser.build, self._stop.is_set, told)
        try:
            await asyncio.shield(self._reading)
        finally:
            self.building = None

    def _built(self, done: int, of: int) -> None:
        if not self._stop.is_set():
            self.building = (done, of)
            self.query_one(StatusLine).relay()

    def on_unmount(self) -> None:
        """Nobody waits for the texts any more; the file goes when nobody reads into it."""
        self._stop.set()
        browser, reading = self.browser, self._reading
        if browser is None:
            return
        if reading is None or reading.done():
            browser.close()
            return

        def close(done: asyncio.Future[bool]) -> None:
            if not done.cancelled():
                done.exception()  # nobody is left to be told of it
            browser.close()

        reading.add_done_callback(close)

    # Finding

    @on(Input.Changed)
    def _changed(self, message: Input.Changed) -> None:
        message.stop()
        if self._field.value != self.text:
            self.text = self._field.value
            self.find()
        self._offer()

    def find(self) -> None:
        """Look for what stands in the field."""
        if self.loaded:
            apart(self, self._search, "browse-find", exclusive=True)

    async def _search(self) -> None:
        browser = self.browser
        assert browser is not None
        text, sorting, language = self.text, self.sorting, self.say.language
        notice = self.query_one(Notice)
        timer = self.set_timer(
            _PATIENCE, lambda: notice.tell(lambda: self.say("tui.browse.searching"), Tone.WAIT)
        )
        try:
            places = await asyncio.to_thread(browser.find, text, sorting, language)
        except QueryError as error:
            self.error = error
        else:
            self.error = None
            self.table.show(browser, places, sorting, reading=self.building is not None)
        finally:
            timer.stop()
            notice.clear(Tone.WAIT)
        self.answered = text
        self.query_one(StatusLine).relay()
        self.found()

    def found(self) -> None:
        """Other items stand in the table."""
        self.refooter()

    def sort_by(self, column: str) -> None:
        """By that column; once more: from its end."""
        again = column == self.sorting.column
        self.sorting = Sorting(column, again and not self.sorting.down)
        self.find()

    def action_sort(self) -> None:
        """By the next column."""
        at = COLUMNS.index(self.sorting.column)
        self.sorting = Sorting(COLUMNS[(at + 1) % len(COLUMNS)])
        self.find()

    def action_reverse(self) -> None:
        """From the other end."""
        self.sort_by(self.sorting.column)

    @on(BrowseTable.Headed)
    def _headed(self, message: BrowseTable.Headed) -> None:
        self.sort_by(message.column)

    # Completing

    def _fitting(self) -> Completion:
        field = self._field
        found = suggested(field.value, field.cursor_position, self._known, self.say)
        candidates = tuple(
            Candidate(one.text, found.about or one.line, one.line) for one in found.suggestions
        )
        return Completion(found.start, candidates, found.about)

    def _offer(self, open_: bool | None = None) -> None:
        was = self._offers.open
        shown = self._field.value or open_
        self._offers.show(self._fitting() if shown else None, open_=open_)
        if was != self._offers.open:
            self.query_one(StatusLine).relay()
            self.refooter()

    def action_complete(self) -> None:
        """Complete the word as far as it is clear; then offer what fits."""
        if self._offers.open:
            self._offers.move(1)
            return
        found, field = self._fitting(), self._field
        word = field.value[found.start : field.cursor_position]
        if not found.candidates:
            words = "lab.no-match" if self.names_known else "tui.browse.names-to-come"
            self.query_one(Notice).tell(lambda: self.say(words))
        elif len(found.candidates) == 1:
            self._put(found.start, found.candidates[0].text)
        else:
            if len(found.common) > len(word) and found.common.startswith(word):
                self._put(found.start, found.common, whole=False)
            self._offer(open_=True)

    def _accept(self) -> None:
        chosen, found = self._offers.chosen, self._offers.completion
        if chosen is not None and found is not None:
            self._offers.show(None)
            self._put(found.start, chosen.text)
            self.refooter()

    def _put(self, start: int, text: str, *, whole: bool = True) -> None:
        """The text in the place of the word before the cursor, and a space behind a value."""
        field = self._field
        end = " " if whole and not text.endswith((":", ">")) else ""
        rest = field.value[field.cursor_position :]
        field.value = field.value[:start] + text + end + rest.lstrip()
        field.cursor_position = start + len(text + end)


def _loaded(study: Study, search: Path) -> Browser:
    browser = Browser(study, search)
    try:
        browser.load()
    except BaseException:
        browser.close()
        raise
    return browser


def _known(study: Study, browser: Browser) -> Known:
    library = study.library
    manifests = library.manifests()
    titles = {name: one.title for pack in manifests for name, one in pack.mistakes.items()}
    made = dict.fromkeys(browser.mistakes(), "")
    tags = {tag for tags in browser.collection.tags.values() for tag in tags.split()}
    return Known(
        topics={topic.topic: topic.title for topic in library.topics()},
        packs={pack.id: pack.title for pack in manifests},
        tags=tuple(sorted(tags)),
        mistakes={name: titles.get(name, "") for name in (*made, *titles)},
    )
