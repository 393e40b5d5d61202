"""The clocks of a round: of the question on screen and of the whole.

Promise: both run while a question waits for its answer and at no other time; safe to read from
several threads. Must not know what a question is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable


class RoundTimer:
    """Two clocks that start and stop together."""

    def __init__(self, ticks: Callable[[], float], round_spent: float = 0.0) -> None:
        self._ticks = ticks
        self._lock = threading.Lock()
        self._question: int | None = None
        self._question_spent = 0.0
        self._round_spent = max(0.0, round_spent)
        self._since: float | None = None

    def show(self, question: int | None, spent: float = 0.0) -> None:
        """Another question, on which so many seconds were spent before; the clocks stand."""
        with self._lock:
            self._settle()
            self._since = None
            self._question, self._question_spent = question, max(0.0, spent)

    def start(self) -> None:
        """Let the clocks run."""
        with self._lock:
            if self._since is None:
                self._since = self._ticks()

    def stop(self) -> None:
        """Let them stand."""
        with self._lock:
            self._settle()
            self._since = None

    @property
    def running(self) -> bool:
        """Whether they run."""
        return self._since is not None

    def read(self) -> tuple[int | None, float, float]:
        """The question, the seconds spent on it and the seconds of the round."""
        with self._lock:
            self._settle()
            return self._question, self._question_spent, self._round_spent

    def _settle(self) -> None:
        if self._since is not None:
            now = self._ticks()
            passed = max(0.0, now - self._since)
            self._question_spent += passed
            self._round_spent += passed
            self._since = now
