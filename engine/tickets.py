"""Jobs on their way to the worker: tickets, and the queue as the keeper sees it.

Promise: a ticket is answered once, by whoever comes first; any thread may call anything, and
nobody is told anything while a lock is held. Must not import torch.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Final, Protocol

from engine.protocol import Failure, FailureKind, Outcome, Progress

Listener = Callable[[Progress], None]

CANCELLED: Final = Failure(FailureKind.CANCELLED, "cancelled")
"""The outcome of a job that was called off."""


@dataclass(eq=False)
class Ticket:
    """A job on its way: its frame, its time limit, who waits for it and who follows it."""

    frame: bytes
    seconds: float
    on_progress: Listener | None = None
    future: Future[Outcome] = field(default_factory=Future)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _begun: bool = False
    _over: bool = False

    @property
    def wanted(self) -> bool:
        """Whether somebody still waits for it."""
        return not (self._over or self.future.cancelled())

    def begin(self) -> bool:
        """Whether somebody still waits; from then on `future.cancel()` is refused."""
        with self._lock:
            return self._begin()

    def tell(self, progress: Progress) -> None:
        """Pass on how far it is; whatever the listener raises."""
        if self.on_progress is not None and self.wanted:
            self.on_progress(progress)

    def resolve(self, outcome: Outcome) -> bool:
        """Answer whoever waits; whether nobody had before."""
        with self._lock:
            if not self._begin():
                return False
            self._over = True
        self.future.set_result(outcome)
        return True

    def _begin(self) -> bool:
        if not (self._begun or self._over):
            self._begun = self.future.set_running_or_notify_cancel()
            self._over = not self._begun
        return not self._over


class JobQueue(Protocol):
    """Where the keeper gets jobs from."""

    @property
    def closing(self) -> bool: ...
    def take(self, *, begin: bool = True) -> Ticket | None: ...
    def give_back(self, ticket: Ticket) -> None: ...
    def fail_all(self, failure: Failure) -> None: ...
    def shut(self) -> None: ...
