"""FSRS-6 with learning steps, whole days and fuzz: from a memory and a rating to the next memory.

Promise: pure and deterministic. The same memory, rating, review id, moment and study day give the
same next memory under the same `Parameters`, so a displayed interval is what the rating does, and
a replay of the log gives the very same states. The only module that knows of FSRS. Must not read
a clock or a store.

Conventions: stability in days; elapsed time in whole study days (0 on the same day, where FSRS
uses its short-term formula); learning steps in seconds. Fuzz spreads due days and is seeded by the
review's id, one share for all ratings, so that Hard <= Good <= Easy always holds. Load balancing
(choosing the quieter of the fuzzed days) is not done.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice
from typing import TYPE_CHECKING

import fsrs_rs_python as fsrs

from app.study.views import Rating

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

SCHEDULER = "fsrs-6/1"
"""Version of everything in this module that decides a state; logged with each parameter set."""

RETENTION_RANGE = (0.7, 0.99)
"""Desired retention; FSRS itself accepts any float and answers 0 with an infinite interval."""

DEFAULT_WEIGHTS = tuple(float(w) for w in fsrs.DEFAULT_PARAMETERS)

_RATINGS = tuple(Rating)
_FUZZ_BANDS = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.1), (20.0, math.inf, 0.05))
"""(from day, to day, share of the days in between that the due day may move either way)."""
_FUZZ_FROM = 2.5
_SINGLE_STEP_HARD = 1.5
"""Hard on the only step waits this much longer than the step."""


class Phase(IntEnum):
    """Where an item stands: still in (re)learning steps, or in day-long review."""

    LEARNING = 1
    REVIEW = 2
    RELEARNING = 3


@dataclass(frozen=True, slots=True)
class Parameters:
    """Everything a schedule depends on. Raises ValueError where a value is out of range."""

    weights: tuple[float, ...] = DEFAULT_WEIGHTS
    desired_retention: float = 0.9
    learning_steps: tuple[int, ...] = (60, 600)
    relearning_steps: tuple[int, ...] = (600,)
    maximum_interval: int = 36_500
    fuzz: bool = True
    scheduler: str = SCHEDULER

    def __post_init__(self) -> None:
        low, high = RETENTION_RANGE
        if not low <= self.desired_retention <= high:
            raise ValueError(f"desired retention {self.desired_retention} outside {low} to {high}")
        if len(self.weights) != len(DEFAULT_WEIGHTS) or not all(map(math.isfinite, self.weights)):
            raise ValueError(f"FSRS-6 has {len(DEFAULT_WEIGHTS)} finite weights")
        if any(step < 1 for step in self.learning_steps + self.relearning_steps):
            raise ValueError("a learning step lasts at least a second")
        if self.maximum_interval < 1:
            raise ValueError("the longest interval is at least a day")
        if self.scheduler != SCHEDULER:
            raise ValueError(f"unknown scheduler {self.scheduler}")


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of an item after its last review.

    In (re)learning `due_at` (milliseconds since 1970) says when it comes back and `due_day` is the
    study day of the review; in review `due_at` is None and the item is due from `due_day` on.
    """

    phase: Phase
    step: int
    stability: float
    difficulty: float
    due_at: int | None
    due_day: int
    first_day: int
    last_day: int
    last_at: int
    reviews: int
    lapses: int

    @property
    def interval(self) -> int:
        """Seconds from the last review to the due moment or day."""
        if self.due_at is not None:
            return (self.due_at - self.last_at) // 1000
        return (self.due_day - self.last_day) * 86_400


class Scheduler:
    """FSRS-6 under one parameter set."""

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        self._fsrs = fsrs.FSRS(list(parameters.weights))

    def outlook(
        self, memory: Memory | None, review: str, at: int, day: int
    ) -> tuple[Memory, Memory, Memory, Memory]:
        """The memory after Again, Hard, Good and Easy of the review with that id.

        `memory` is None for an item never reviewed; `at` is milliseconds, `day` the study day.
        """
        states = self._states(memory, day)
        days = self._days(states, review, memory)
        again, hard, good, easy = (
            self._after(memory, rating, state, span, at, day)
            for rating, state, span in zip(_RATINGS, states, days, strict=True)
        )
        return again, hard, good, easy

    def after(
        self, memory: Memory | None, rating: Rating, review: str, at: int, day: int
    ) -> Memory:
        """The memory after that rating: the outlook's, without the other three."""
        states, days = self._states(memory, day), 0
        if self._step_of(memory, rating) is None:
            days = next(islice(self._days(states, review, memory), rating - 1, None))
        return self._after(memory, rating, states[rating - 1], days, at, day)

    def retrievability(self, memory: Memory, day: int) -> float:
        """Probability of recalling the item on that study day."""
        return retrievability(
            memory.stability, max(0, day - memory.last_day), self.parameters.weights
        )

    def stabilities(self, histories: Sequence[Sequence[tuple[int, int]]]) -> list[list[float]]:
        """After each review (rating, whole days since the one before) of each history, the
        stability: what `after` gives review by review, ten times as fast."""
        items = [
            fsrs.FSRSItem([fsrs.FSRSReview(rating, days) for rating, days in history])
            for history in histories
        ]
        found = self._fsrs.historical_memory_state_batch(items)
        return [[state.stability for state in states] for states in found]

    def stage(self, phase: Phase, step: int, rating: int) -> tuple[Phase, int]:
        """Phase and step after that rating; an item never reviewed stands at (LEARNING, 0)."""
        following = self._step(phase, step, Rating(rating))
        if following is None:
            return Phase.REVIEW, 0
        return (Phase.RELEARNING if phase is Phase.REVIEW else phase), following[0]

    def recall(self, stability: float, days: int) -> float:
        """Probability of recalling an item of that stability so many days after its review."""
        return retrievability(stability, days, self.parameters.weights)

    def expected(
        self, stability: float, difficulty: float, elapsed: int, *, known: bool
    ) -> tuple[float, float, int]:
        """(stability, difficulty, days to wait) after a Good, or after an Again whose relearning
        ends the same day: what a forecast takes an answer for. Without fuzz."""
        memory = fsrs.MemoryState(stability, difficulty)
        retention = self.parameters.desired_retention
        states = self._fsrs.next_states(memory, retention, max(0, elapsed))
        state = states.good
        if not known:
            state = self._fsrs.next_states(states.again.memory, retention, 0).good
        return self._forecast(state)

    def learned(self) -> tuple[float, float, int]:
        """The same for a new item that is Good through its learning steps on its first day."""
        retention = self.parameters.desired_retention
        state = self._fsrs.next_states(None, retention, 0).good
        for _ in self.parameters.learning_steps[1:]:
            state = self._fsrs.next_states(state.memory, retention, 0).good
        return self._forecast(state)

    def _forecast(self, state: fsrs.ItemState) -> tuple[float, float, int]:
        days = fuzzed(state.interval, None, self.parameters.maximum_interval)
        return state.memory.stability, state.memory.difficulty, max(1, days)

    def _states(self, memory: Memory | None, day: int) -> tuple[fsrs.ItemState, ...]:
        if memory is None:
            known, elapsed = None, 0
        else:
            known = fsrs.MemoryState(memory.stability, memory.difficulty)
            elapsed = max(0, day - memory.last_day)
        states = self._fsrs.next_states(known, self.parameters.desired_retention, elapsed)
        return states.again, states.hard, states.good, states.easy

    def _days(
        self, states: tuple[fsrs.ItemState, ...], review: str, memory: Memory | None
    ) -> Iterator[int]:
        """The days to wait after each rating in turn."""
        reviewed = memory is not None and memory.phase is Phase.REVIEW
        share = _share(review) if self.parameters.fuzz else None
        longest = self.parameters.maximum_interval
        least = 1
        for rating, state in zip(_RATINGS, states, strict=True):
            days = min(max(fuzzed(state.interval, share, longest), least), longest)
            yield days
            # A better rating waits at least a day longer; in the steps Hard does not wait for
            # days, and Again never does.
            longer = rating is Rating.GOOD or (rating is Rating.HARD and reviewed)
            least = 1 if rating is Rating.AGAIN else days + longer

    def _after(
        self,
        memory: Memory | None,
        rating: Rating,
        state: fsrs.ItemState,
        days: int,
        at: int,
        day: int,
    ) -> Memory:
        phase = Phase.LEARNING if memory is None else memory.phase
        lapsed = phase is Phase.REVIEW and rating is Rating.AGAIN
        step = self._step_of(memory, rating)
        phase = Phase.RELEARNING if phase is Phase.REVIEW else phase
        return Memory(
            phase=Phase.REVIEW if step is None else phase,
            step=0 if step is None else step[0],
            stability=state.memory.stability,
            difficulty=state.memory.difficulty,
            due_at=None if step is None else at + step[1] * 1000,
            due_day=day + days if step is None else day,
            first_day=day if memory is None else memory.first_day,
            last_day=day,
            last_at=at,
            reviews=1 if memory is None else memory.reviews + 1,
            lapses=(0 if memory is None else memory.lapses) + lapsed,
        )

    def _step_of(self, memory: Memory | None, rating: Rating) -> tuple[int, int] | None:
        if memory is None:
            return self._step(Phase.LEARNING, 0, rating)
        return self._step(memory.phase, memory.step, rating)

    def _step(self, phase: Phase, index: int, rating: Rating) -> tuple[int, int] | None:
        """(step, seconds to wait), or None where the item goes to, or stays in, day-long review."""
        relearning = self.parameters.relearning_steps
        if phase is Phase.REVIEW:
            return (0, relearning[0]) if rating is Rating.AGAIN and relearning else None
        learning = self.parameters.learning_steps
        return _next_step(learning if phase is Phase.LEARNING else relearning, index, rating)


def _next_step(steps: tuple[int, ...], index: int, rating: Rating) -> tuple[int, int] | None:
    """(step, seconds to wait), or None where the item leaves the steps."""
    if not steps or rating is Rating.EASY:
        return None
    index = min(index, len(steps) - 1)
    if rating is Rating.AGAIN:
        return 0, steps[0]
    if rating is Rating.GOOD:
        return (index + 1, steps[index + 1]) if index + 1 < len(steps) else None
    if index > 0:
        return index, steps[index]
    if len(steps) > 1:
        return 0, (steps[0] + steps[1]) // 2
    return 0, int(steps[0] * _SINGLE_STEP_HARD)


def fuzzed(interval: float, share: float | None, longest: int) -> int:
    """The interval in whole days, moved within its fuzz range by `share` (0 to 1, None: none)."""
    interval = min(max(interval, 1.0), float(longest))
    nearest = _nearest(interval)
    if share is None or interval < _FUZZ_FROM:
        return nearest
    reach = 0.0
    for lower, upper, rate in _FUZZ_BANDS:  # not by `sum`: Pythons differ in how it adds floats
        if interval <= lower:
            break
        reach += rate * (min(interval, upper) - lower)
    reach += 1.0
    low = max(2, _nearest(interval - reach))
    high = min(longest, _nearest(interval + reach))
    return min(low + int(share * (high - low + 1)), high)


def retrievability(stability: float, days: float, weights: tuple[float, ...]) -> float:
    """FSRS-6's forgetting curve: 0.9 after `stability` days."""
    decay = -weights[20]
    factor = 0.9 ** (1 / decay) - 1
    return float((1 + factor * days / stability) ** decay)


def retrievabilities(
    stabilities: NDArray[float64], days: NDArray[float64], weights: tuple[float, ...]
) -> NDArray[float64]:
    """The same for many memories at once."""
    decay = -weights[20]
    factor = 0.9 ** (1 / decay) - 1
    found: NDArray[float64] = (1 + factor * days / stabilities) ** decay
    return found


def _nearest(value: float) -> int:
    """Rounded half up: Python's own round() takes 2.5 to 2."""
    return math.floor(value + 0.5)


def _share(review: str) -> float:
    # Only the random end of the id: its beginning is the time, which must not decide.
    review = review[-16:]
    return int.from_bytes(hashlib.sha256(review.encode()).digest()[:8]) / 2**64
