"""Typing in the lab: earlier inputs come back, names and arguments are completed.

Promise: what stands in the input is kept while one looks through the history; what is offered
comes from the engine and the session. Must not evaluate.
"""

from __future__ import annotations

import asyncio
import gc
from importlib import import_module

from textual import on

from app.lab.completion import Completer, Completion
from app.lab.history import History
from app.lab.session import LabSession
from app.tui.screens.lab_runs import LabRuns
from app.tui.widgets.lab_field import LabField
from app.tui.widgets.notice import Notice
from app.tui.widgets.offers import Offers
from engine.protocol import Job, Measured

_SECONDS = 60.0


class LabTyping(LabRuns):
    """A page with an input that remembers and completes."""

    def __init__(self, session: LabSession) -> None:
        super().__init__(session)
        self._completer = Completer()
        self._history: History | None = None
        self._place: int | None = None
        self._draft = ""
        self._searching: str | None = None

    async def _learn_names(self) -> None:
        engine = await self.gradus.desk.ready_engine()
        await asyncio.to_thread(import_module, "content.text.pictures")
        job = Job((), device="cpu", seconds=_SECONDS, documented=True)
        outcome = await asyncio.wrap_future(engine.submit(job))
        if isinstance(outcome, Measured):
            self._completer = Completer(outcome.documentation)
            gc.freeze()  # all of it stays, and looking through it would cost a frame of a run
            if self.is_mounted:
                self._offer()

    @property
    def names_known(self) -> bool:
        """Whether the engine has told its names."""
        return self._completer.ready

    @property
    def _field(self) -> LabField:
        return self.query_one(LabField)

    @property
    def _offers(self) -> Offers:
        return self.query_one(Offers)

    # History

    @on(LabField.Moved)
    def _moved(self, message: LabField.Moved) -> None:
        if self._offers.open:
            self._offers.move(message.step)
            return
        history = self._history
        assert history is not None
        place = len(history.texts) if self._place is None else self._place
        if message.step < 0:
            if self._place is None:
                self._draft = self._field.text
            found = history.before(place)
            if found is not None:
                self._recall(found)
        elif self._place is not None:
            found = history.after(place)
            if found is None:
                self._place = None
                self._field.put(self._draft)
            else:
                self._recall(found)

    def _recall(self, place: int) -> None:
        assert self._history is not None
        self._place = place
        self._field.put(self._history.texts[place])
        self._offers.show(None)

    def action_search(self) -> None:
        """The nearest earlier text that holds what stands in the input; again: one before it."""
        history = self._history
        assert history is not None
        if self._searching is None:
            self._searching = self._draft = self._field.text
            self._place = None
        place = len(history.texts) if self._place is None else self._place
        found = history.holding(self._searching, place)
        part, notice = self._searching, self.query_one(Notice)
        if found is None:
            notice.tell(lambda: self.say("lab.search-none", part=part))
        else:
            self._recall(found)
            notice.tell(lambda: self.say("lab.search", part=part))
        self.refooter()

    def _end_search(self, *, keep: bool = True) -> None:
        if not keep:
            self._field.put(self._draft)
            self._place = None
        self._searching = None
        self.query_one(Notice).clear()
        self.refooter()

    # Completion

    @on(LabField.Changed)
    @on(LabField.SelectionChanged)
    def _typed(self) -> None:
        if self.is_mounted:
            self._offer()

    def _fitting(self) -> Completion:
        own = {name: str(slider.value) for name, slider in self.session.sliders.items()}
        own |= self.session.bindings
        return self._completer.at(self._field.text, self._field.place, own, self.say)

    def _offer(self, open_: bool | None = None) -> None:
        was = self._offers.open
        self._offers.show(self._fitting() if self._field.text else None, open_=open_)
        if was != self._offers.open:
            self.refooter()

    def action_complete(self) -> None:
        """Complete the word as far as it is clear; then offer what fits."""
        field = self._field
        if self._offers.open:
            self._offers.move(1)
            return
        found = self._fitting()
        word = field.text[found.start : field.place]
        if not found.candidates:
            key = "lab.no-match" if self._completer.ready else "lab.no-names-yet"
            self.query_one(Notice).tell(lambda: self.say(key))
        elif len(found.candidates) == 1:
            field.put_in(found.start, found.candidates[0].text)
        else:
            if len(found.common) > len(word) and found.common.startswith(word):
                field.put_in(found.start, found.common)
            self._offer(open_=True)

    def _accept(self) -> None:
        chosen, found = self._offers.chosen, self._offers.completion
        if chosen is not None and found is not None:
            self._offers.show(None)
            self._field.put_in(found.start, chosen.text)
            self.refooter()

    def action_close_offers(self) -> None:
        """Put the list away, or end the search."""
        if self._searching is not None:
            self._end_search(keep=False)
        else:
            self._offers.show(self._offers.completion, open_=False)
        self.refooter()
