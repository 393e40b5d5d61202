"""A training run after an answer: it happens before the learner's eyes, and may be stopped.

Promise: begun when the verdict shows, called off when the page moves on; nothing waits for it.
Must not judge and must not save.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.content import Content
from textual.message import Message

from app.tui.apart import apart
from app.tui.widgets.laid import Laid, line

if TYPE_CHECKING:
    from app.lab.session import Entry, LabSession
    from content.prepare import Prepared
    from engine.client import EngineClient
    from engine.protocol import Outcome, Progress

_REDRAW = 0.1
_PATIENCE = 0.2


class RunView(Laid):
    """The run of one item, or nothing."""

    class Progressed(Message):
        """A word of progress, from the engine's thread."""

        def __init__(self, entry: Entry, ticket: int, word: Progress) -> None:
            super().__init__()
            self.entry = entry
            self.ticket = ticket
            self.word = word

    class Ended(Message):
        """The run is over, one way or another."""

    def __init__(self) -> None:
        super().__init__(id="training")
        self._session: LabSession | None = None
        self.entry: Entry | None = None
        self._engine: EngineClient | None = None
        self._future: Future[Outcome] | None = None
        self._late = False
        self._redrawing = False

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self.entry is not None and self.entry.running

    def begin(self, prepared: Prepared, source: str) -> None:
        """Start that run under the item's own draw and bindings."""
        from app.lab.whatif import run_of

        self.end()
        self._session, self.entry = run_of(prepared, source)
        self._late = False
        apart(self, partial(self._run, self._session, self.entry))
        self.relay()

    async def _run(self, session: LabSession, entry: Entry) -> None:
        ticket, job = session.ask(entry)
        late = self.set_timer(_PATIENCE, self._tell_late)
        try:
            engine = await self.gradus.desk.ready_engine()
            if self.entry is not entry or not entry.running:
                return

            def progressed(word: Progress) -> None:
                self.post_message(self.Progressed(entry, ticket, word))

            self._engine = engine
            self._future = engine.submit(job, on_progress=progressed)
            outcome = await asyncio.wrap_future(self._future)
            session.settle(entry, ticket, outcome)
        finally:
            late.stop()
            if self.entry is entry:
                self.relay()
                self.post_message(self.Ended())

    def _tell_late(self) -> None:
        self._late = True
        self.relay()

    @on(Progressed)
    def _progressed(self, message: Progressed) -> None:
        message.stop()
        session, entry = self._session, self.entry
        if session is None or entry is not message.entry:
            return
        if session.progressed(entry, message.ticket, message.word) and not self._redrawing:
            self._redrawing = True
            self.set_timer(_REDRAW, self._redraw)

    def _redraw(self) -> None:
        self._redrawing = False
        if self.running:
            self.redraw()

    def stop(self) -> None:
        """Call it off; what it came to stays on the page."""
        if self._future is not None and self._engine is not None:
            self._engine.cancel(self._future)

    def end(self) -> None:
        """Call it off and vanish."""
        self.stop()
        self._future = None
        if self.entry is not None:
            self.entry = None
            self.relay()

    def on_unmount(self) -> None:
        """Nobody watches any more."""
        self.stop()

    def lay(self, width: int) -> list[Content]:
        """The run under its title."""
        if self.entry is None:
            return []
        from app.tui.ascii import terminal_has_unicode
        from app.tui.widgets.entry import entry_lines

        rows = entry_lines(
            self.entry,
            self.say,
            width,
            height=10,
            late=self._late,
            ascii_only=not terminal_has_unicode(),
        )
        return [Content(""), line((self.say("tui.run.title"), "$muted")), *rows]
