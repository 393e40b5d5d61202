"""How long a session goes on: so many answers, or so many minutes.

Promise: time runs while an item is on screen and until the next is asked for; who walks away is
counted for a few minutes, not for hours. Must not end anything itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.study.choice import Choice
    from app.study.clock import Clock

_AWAY = 300.0
"""Seconds counted at most for one item."""


class Span:
    """The answers and minutes that a choice allows."""

    def __init__(self, clock: Clock, choice: Choice) -> None:
        self._clock = clock
        self.limit = choice.limit
        self._seconds = None if choice.minutes is None else choice.minutes * 60.0
        self._spent = 0.0
        self._since: float | None = None

    def shown(self) -> None:
        """An item came on screen."""
        if self._since is None:
            self._since = self._clock.monotonic()

    def moved_on(self) -> None:
        """The item on screen is done with."""
        if self._since is not None:
            self._spent += min(_AWAY, self._clock.monotonic() - self._since)
            self._since = None

    def over(self, answered: int) -> str:
        """What is used up after so many answers: "limit", "minutes" or nothing."""
        if self.limit is not None and answered >= self.limit:
            return "limit"
        if self._seconds is not None and answered and self._spent >= self._seconds:
            return "minutes"
        return ""
