"""How far a long measurement is, told to whoever asked for it while it goes on.

Promise: whoever loops calls `report` in every turn; without a listener that costs next to nothing.
A word leaves at most every 50 ms, the last of a run always; its size is bounded however many steps
there were. Must not measure and must not know what is being measured.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from engine import limits
from engine.protocol import Progress
from engine.thinning import Thinned

Sink = Callable[[Progress], None]


class _Teller:
    """One job's words: what was reported since the last one, and when that left."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._told_at = -limits.PROGRESS_SECONDS
        self._points: Thinned[tuple[int, float]] = Thinned(limits.PROGRESS_POINTS)
        self._validation: Thinned[tuple[int, float]] = Thinned(limits.PROGRESS_POINTS)
        self.turn_to("")

    def turn_to(self, key: str) -> None:
        """What comes now is about another measure or binding."""
        self.tell()
        self._key = key
        self._run = 0
        self._step: int | None = None
        self._steps = 0
        self._note = ""

    def report(
        self, step: int, steps: int, loss: float, validation: float | None, note: str
    ) -> None:
        if self._step is not None and step <= self._step:
            self.tell()
            self._run += 1
        self._step, self._steps, self._note = step, steps, note
        self._points.add((step, loss))
        if validation is not None:
            self._validation.add((step, validation))
        if step >= steps or time.monotonic() - self._told_at >= limits.PROGRESS_SECONDS:
            self.tell()

    def tell(self) -> None:
        """Send what was not told yet, if anything."""
        if len(self._points) == 0 or self._step is None:
            return
        word = Progress(self._key, self._step, self._steps, self._points.take(),
                        self._note[: limits.PROGRESS_NOTE], self._validation.take(),
                        self._run)  # fmt: skip
        self._sink(word)
        self._told_at = time.monotonic()


_teller: Final[ContextVar[_Teller | None]] = ContextVar("teller", default=None)


@contextmanager
def reporting(sink: Sink | None) -> Iterator[None]:
    """Send to `sink` what is reported meanwhile; to nobody where it is None."""
    teller = None if sink is None else _Teller(sink)
    token = _teller.set(teller)
    try:
        yield
    finally:
        _teller.reset(token)
        if teller is not None:
            teller.tell()


@contextmanager
def about(key: str) -> Iterator[None]:
    """What is reported meanwhile belongs to that measure or binding; ends with its last word."""
    teller = _teller.get()
    if teller is not None:
        teller.turn_to(key)
    try:
        yield
    finally:
        if teller is not None:
            teller.tell()


def report(
    step: int, steps: int, loss: float, validation: float | None = None, note: str = ""
) -> None:
    """Step `step` of `steps` is done, with that loss; steps rise within a run."""
    teller = _teller.get()
    if teller is not None:
        teller.report(step, steps, loss, validation, note)


def listened() -> bool:
    """Whether anybody listens: a loss that would have to be computed for it may be spared."""
    return _teller.get() is not None
