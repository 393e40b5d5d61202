"""Measuring what comes next while the learner reads, so that a verdict never waits.

Promise: an item wanted ahead is drawn and submitted once; a crash of the engine is tried once more
by itself, every other failure is handed on and counts for nothing. Waiting can be broken off from
any thread. Must not decide what comes next.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass

from content.compiled import PackLibrary
from content.pack import Item, Topic
from content.prepare import Draw, Prepared, draw_item, job_for
from engine.client import EngineClient
from engine.expression import Refused
from engine.protocol import Failure, FailureKind, Job, Measured, Outcome


class BrokenOff(Exception):  # noqa: N818  (no error: the learner left)
    """Waiting for a measurement was broken off."""


@dataclass(frozen=True, slots=True)
class Ask:
    """An item under one draw. `review` is the id its review will have."""

    review: str
    name: str
    seed: int
    draw: Draw | None = None
    """Values drawn before, when an answer was taken back; None draws them from the seed."""


@dataclass(slots=True)
class _Running:
    """A job on its way."""

    topic: Topic
    item: Item
    draw: Draw
    job: Job
    future: Future[Outcome]
    tried_again: bool = False


class Ahead:
    """Measurements wanted soon."""

    def __init__(self, engine: EngineClient, library: PackLibrary) -> None:
        self._engine = engine
        self._library = library
        self._running: dict[str, _Running | Failure] = {}
        self._changed = threading.Condition()
        self._broken_off = False
        self._answer: Future[Outcome] | None = None

    def want(self, asks: Iterable[Ask]) -> None:
        """Measure these; what is no longer among them is dropped."""
        wanted = {ask.review: ask for ask in asks}
        for review in [review for review in self._running if review not in wanted]:
            self.forget(review)
        for ask in wanted.values():
            if ask.review not in self._running:
                self._running[ask.review] = self._start(ask)

    def get(self, ask: Ask) -> Prepared | Failure:
        """The measured item; waits for it. Raises `BrokenOff` once `break_off` was called."""
        running = self._running.get(ask.review)
        if running is None:
            running = self._running[ask.review] = self._start(ask)
        while True:
            if isinstance(running, Failure):
                return running
            outcome = self._wait(running.future)
            if isinstance(outcome, Measured):
                return _prepared(ask, running, outcome)
            if outcome.kind is not FailureKind.CRASH or running.tried_again:
                return outcome
            running.future = self._submit(running.job)
            running.tried_again = True

    def run(self, job: Job) -> Outcome:
        """Have a program run that was just answered, before anything that comes later; waits.

        Raises `BrokenOff` once `break_off` was called; `withdraw` ends it as cancelled.
        """
        future = self._engine.submit(job)
        future.add_done_callback(self._notify)
        with self._changed:
            self._answer = future
        try:
            return self._wait(future)
        except BaseException:  # nobody waits any more: the worker is needed for what comes next
            self._engine.cancel(future)
            raise
        finally:
            with self._changed:
                self._answer = None

    def withdraw(self) -> bool:
        """Call off the program that is running, if there is one. From any thread."""
        with self._changed:
            future = self._answer
        if future is None:
            return False
        self._engine.cancel(future)
        return True

    def forget(self, review: str) -> None:
        """Drop a measurement, whatever became of it."""
        running = self._running.pop(review, None)
        if isinstance(running, _Running):
            running.future.cancel()

    def break_off(self) -> None:
        """Wake whoever waits, for good. From any thread."""
        with self._changed:
            self._broken_off = True
            self._changed.notify_all()

    def close(self) -> None:
        """Drop everything."""
        self.break_off()
        for review in list(self._running):
            self.forget(review)

    def _start(self, ask: Ask) -> _Running | Failure:
        """Raises KeyError where no pack has the item any more."""
        topic, item = self._library.item(ask.name)
        try:
            draw = draw_item(ask.name, item, ask.seed) if ask.draw is None else ask.draw
        except Refused as refused:
            return refused.failure(getattr(item, "where", None), "draw")
        job = job_for(item, ask.seed, draw)
        return _Running(topic, item, draw, job, self._submit(job))

    def _submit(self, job: Job) -> Future[Outcome]:
        if not job.measures:  # a card without a figure need not wait for the engine
            done: Future[Outcome] = Future()
            done.set_result(Measured((), "", 0.0))
            return done
        future = self._engine.submit(job)
        future.add_done_callback(self._notify)
        return future

    def _notify(self, _future: Future[Outcome]) -> None:
        with self._changed:
            self._changed.notify_all()

    def _wait(self, future: Future[Outcome]) -> Outcome:
        with self._changed:
            self._changed.wait_for(lambda: self._broken_off or future.done())
            if not future.done():
                raise BrokenOff
        try:
            return future.result()
        except CancelledError:
            return Failure(FailureKind.CRASH, "worker-died")


def _prepared(ask: Ask, running: _Running, measured: Measured) -> Prepared | Failure:
    prepared = Prepared(
        name=ask.name,
        topic_title=running.topic.title,
        item=running.item,
        seed=ask.seed,
        draw=running.draw,
        job=running.job,
        measured=measured,
    )
    # A question without its figures, or a truth without its value, is no question.
    return next(iter(prepared.failures), prepared)
