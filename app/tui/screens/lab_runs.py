"""Entries of the lab on the engine: asked one after the other, shown as they come, cancelled.

Promise: nothing waits on the event loop; an outcome that is no longer asked for is dropped; what
is under way tells its steps and draws its curve at most ten times a second. Must not read keys.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical, VerticalScroll
from textual.message import Message

from app.lab.session import Entry, LabSession
from app.tui.apart import apart
from app.tui.screens.page import Page
from app.tui.widgets.entry import EntryView
from app.tui.widgets.notice import Notice, Tone
from engine.protocol import Failure, FailureKind, Outcome, Progress

if TYPE_CHECKING:
    from engine.client import EngineClient

_REDRAW = 0.1
"""Seconds between two pictures of a curve that grows."""
_PATIENCE = 0.2
"""Seconds before a wait is named."""
_DEBOUNCE = 0.03
"""Seconds in which further changes of a slider join the first."""
_MOST_VIEWS = 120
_STOPPED = Failure(FailureKind.CANCELLED, "cancelled")


class LabProgressed(Message):
    """A word of progress, from the engine's thread."""

    def __init__(self, entry: Entry, ticket: int, word: Progress) -> None:
        super().__init__()
        self.entry = entry
        self.ticket = ticket
        self.word = word


class Transcript(VerticalScroll):
    """Entries from top to bottom; the newest stays in view until somebody scrolls."""

    def __init__(self) -> None:
        super().__init__(id="sheet", can_focus=False)
        self._following = False

    def to_end(self) -> None:
        """To the newest entry, from now on."""
        self._following = True
        self.scroll_end(animate=False)

    def turn(self, lines: int) -> None:
        """Scroll by hand."""
        self._following = False
        self.scroll_relative(y=lines, animate=False)

    def on_resize(self) -> None:
        """What stands below it has grown or shrunk."""
        if self._following:
            self.call_after_refresh(self.scroll_end, animate=False)


class LabRuns(Page[None]):
    """A page with a session of the lab and the engine behind it."""

    def __init__(self, session: LabSession) -> None:
        super().__init__()
        self.session = session
        self._queue: deque[Entry] = deque()
        self._futures: dict[int, Future[Outcome]] = {}
        self._draining = False
        self._changed: dict[int, Entry] = {}
        self._timing = False
        self._redrawing = False
        self._grown: set[int] = set()

    # Asking

    def ask(self, entries: Iterable[Entry]) -> None:
        """Evaluate entries in order, behind what is under way."""
        for entry in entries:
            self._queue.append(entry)
            self._show(entry)
        if not self._draining:
            self._draining = True
            apart(self, self._drain, "lab")
        self.refooter()

    async def _drain(self) -> None:
        try:
            while self._queue:
                await self._evaluate(self._queue.popleft())
        finally:
            self._draining = False
            if self.is_mounted:
                self.refooter()

    def ask_soon(self, entries: Iterable[Entry]) -> None:
        """Evaluate anew what a change concerns; changes in quick succession count as one."""
        self._changed.update((entry.number, entry) for entry in entries)
        if self._changed and not self._timing:
            self._timing = True
            self.set_timer(_DEBOUNCE, self._ask_changed)

    def _ask_changed(self) -> None:
        self._timing = False
        changed, self._changed = list(self._changed.values()), {}
        for entry in changed:
            self._ask_now(entry)

    def _ask_now(self, entry: Entry) -> None:
        apart(self, partial(self._evaluate, entry), "lab-again")

    async def _evaluate(self, entry: Entry) -> None:
        ticket, job = self.session.ask(entry)
        late = self.set_timer(_PATIENCE, lambda: self._late(entry, ticket))
        outcome: Outcome | None = None
        try:
            engine = await self.gradus.desk.ready_engine()
            if entry.ticket != ticket:
                return
            before = self._futures.get(entry.number)
            if before is not None:
                engine.cancel(before)

            def progressed(word: Progress) -> None:
                self.post_message(LabProgressed(entry, ticket, word))

            future = engine.submit(job, on_progress=progressed)
            self._futures[entry.number] = future
            self.refooter()
            outcome = await asyncio.wrap_future(future)
            if self._futures.get(entry.number) is future:
                del self._futures[entry.number]
        except asyncio.CancelledError:
            self.session.settle(entry, ticket, _STOPPED)
            raise
        except Exception as error:  # an engine that cannot start: told, the screen stays
            from app.tui.problems import sentence

            words = error
            self.session.settle(entry, ticket, _STOPPED)
            self.query_one(Notice).tell(
                lambda: sentence(words, self.say, self.gradus.paths.app_log), Tone.PROBLEM
            )
        finally:
            late.stop()
        if outcome is not None:
            self._settled(entry, ticket, outcome)

    def _settled(self, entry: Entry, ticket: int, outcome: Outcome) -> None:
        if entry.ticket != ticket:
            return
        follow = self.session.settle(entry, ticket, outcome)
        if not self.is_mounted:
            return
        for other in follow:
            self._ask_now(other)
        self._refresh_views(entry)
        self.names_changed()
        self.refooter()

    def names_changed(self) -> None:
        """Sliders or names may be other ones now."""

    # Showing

    @property
    def sheet(self) -> Transcript:
        """The transcript."""
        return self.query_one(Transcript)

    def to_end(self) -> None:
        """The newest entry in view, once it is laid out."""
        self.call_after_refresh(self.sheet.to_end)

    def _show(self, entry: Entry) -> None:
        column = self.query_one("#column", Vertical)
        views = column.query(EntryView)
        if not any(view.entry is entry for view in views):
            column.mount(EntryView(entry))
            for old in list(views)[: max(0, len(views) - _MOST_VIEWS)]:
                old.remove()
        if not entry.item:
            self.to_end()

    def _refresh_views(self, entry: Entry) -> None:
        """The entry's view, and those of entries that another one has replaced."""
        for view in self.query(EntryView):
            if view.entry is entry or view.entry.replaced:
                view.late = view.late and view.entry.running
                view.relay()
        if not entry.item and entry is self.session.entries[-1]:
            self.to_end()

    def _late(self, entry: Entry, ticket: int) -> None:
        if entry.ticket == ticket and entry.running:
            for view in self.query(EntryView):
                if view.entry is entry:
                    view.late = True
                    view.relay()

    @on(LabProgressed)
    def _progressed(self, message: LabProgressed) -> None:
        if self.session.progressed(message.entry, message.ticket, message.word):
            self._grown.add(message.entry.number)
            if not self._redrawing:
                self._redrawing = True
                self.set_timer(_REDRAW, self._redraw_grown)

    def _redraw_grown(self) -> None:
        self._redrawing = False
        grown, self._grown = self._grown, set()
        for view in self.query(EntryView):
            if view.entry.number in grown and view.entry.running:
                moved = view.redraw()
                if moved and view.entry is self.session.entries[-1]:
                    self.to_end()

    # Stopping

    @property
    def running(self) -> bool:
        """Whether anything is under way or waits."""
        return bool(self._queue or self._futures)

    def stop(self) -> None:
        """Call off everything that is under way or waits."""
        waiting = list(self._queue)
        self._queue.clear()
        self._changed.clear()
        for entry in waiting:
            ticket, _ = self.session.ask(entry)
            self.session.settle(entry, ticket, _STOPPED)
            self._refresh_views(entry)
        engine: EngineClient | None = self.gradus.desk.engine
        for future in list(self._futures.values()):
            if engine is not None:
                engine.cancel(future)
        self.refooter()

    def on_unmount(self) -> None:
        """Nobody waits for these any more."""
        engine = self.gradus.desk.engine
        for future in list(self._futures.values()):
            if engine is not None:
                engine.cancel(future)
        for entry in self.session.entries:
            if entry.running:
                self.session.settle(entry, entry.ticket, _STOPPED)
