"""A round's clocks under its rules: how much time there is, and when it is over.

Promise: the clocks are written down every few seconds while they run, so that a process that is
lost loses no more of them; `tick` is called from any thread, all else from one. Must not choose
questions or close them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.drill.answers import is_concept
from app.drill.record import Record
from app.drill.state import QuestionState, RoundState
from app.drill.styles import RULES
from app.drill.timing import RoundTimer
from app.drill.views import Time

if TYPE_CHECKING:
    from app.study.clock import Clock

HEARTBEAT = 5.0
"""Seconds after which the clocks are written down again."""


class RoundClocks:
    """The clocks of one round."""

    def __init__(self, clock: Clock, state: RoundState, timer: RoundTimer, record: Record) -> None:
        self._clock = clock
        self._state = state
        self._rules = RULES[state.setup.style]
        self._timer = timer
        self._record = record
        self._beat = clock.monotonic()

    @property
    def question(self) -> int | None:
        """The question on screen."""
        return self._timer.read()[0]

    @property
    def seconds(self) -> float:
        """What was spent on the question on screen."""
        return self._timer.read()[1]

    def spent(self, question: QuestionState) -> float:
        """Seconds spent on that question, also where it is not on screen."""
        shown, seconds, _ = self._timer.read()
        return seconds if shown == question.asked.number else question.seconds

    @property
    def over(self) -> bool:
        """Whether the round's time is over."""
        return self._timer.read()[2] >= self._allowed_whole

    def closed(self, question: QuestionState, seconds: float) -> bool:
        """Whether so many seconds close the question.

        A concept question whose clock stands was revealed in time.
        """
        return (
            self._rules.closes
            and question.standing == "open"
            and seconds > self._allowed(question)
            and (self._timer.running or not is_concept(question.kind))
        )

    def time(self, question: QuestionState | None) -> Time:
        """What the clocks show, that question being on screen."""
        _, seconds, whole = self._timer.read()
        return Time(
            question_spent=seconds,
            question_allowed=0.0 if question is None else self._allowed(question),
            round_spent=whole,
            round_allowed=self._allowed_whole,
            closed=question is not None and self.closed(question, seconds),
            over=whole >= self._allowed_whole,
        )

    def tick(self, *, write: bool = False) -> Time:
        """The clocks now, written down where that is due. From any thread."""
        shown = self.time(self._state.open)
        now = self._clock.monotonic()
        if write or (self._timer.running and now - self._beat >= HEARTBEAT):
            self._beat = now
            self._record.clocks()
        return shown

    @property
    def _allowed_whole(self) -> float:
        return self._state.setup.minutes * 60.0

    def _allowed(self, question: QuestionState) -> float:
        return self._rules.pace * question.expected_seconds
