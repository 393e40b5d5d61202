"""What it takes to be ready by a day: items a day, and how much will be recalled then.

Promise: pure and repeatable; every item is lived through day by day under the scheduler's own
memory model, with the chance of each answer drawn from a seed; days off, easy days and a backlog
that is spread cut a day as they will. What cannot be done is said: how many items a day it would
take, and what the limits that hold leave unmet. Must not read the store or a clock.

Expected recall is the mean, over all items of the goal, of the probability of recalling each on
that day; an item not met by then counts nothing.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from app.calendar import Calendar
from app.study.scheduling import Scheduler

_SAMPLE = 1500
"""Items lived through at most; more of them are stood for by these."""
_RUNS_FOR = 600
"""Items lived through in all: few are lived through several times."""
ANSWERS_OF_NEW = 2
"""Answers in which a new item is learned on its first day."""


@dataclass(frozen=True, slots=True)
class Known:
    """An item met before."""

    stability: float
    difficulty: float
    last_day: int
    due_day: int


@dataclass(frozen=True, slots=True)
class DayLoad:
    """What a day brings."""

    day: int
    new: int
    reviews: int


@dataclass(frozen=True, slots=True)
class Course:
    """The days until then at so many new items a day."""

    new_per_day: int
    loads: tuple[DayLoad, ...]
    recall: float
    """Expected share of all items recalled on the day."""
    unmet: int
    """Items not met by then."""
    waiting: int
    """Reviews that the daily limit kept waiting on the last day."""

    @property
    def items_per_day(self) -> int:
        """New and due items on a usual day that is not off."""
        open_days = [load.new + load.reviews for load in self.loads if load.new + load.reviews]
        return math.ceil(sum(open_days) / len(open_days)) if open_days else 0

    @property
    def busiest(self) -> DayLoad | None:
        """The day that brings most."""
        return max(self.loads, key=lambda load: load.new + load.reviews, default=None)


@dataclass(frozen=True, slots=True)
class Plan:
    """How to be ready by a day."""

    today: int
    day: int
    items: int
    met: int
    days: int
    """Study days left that are not off, today among them; the day itself is not."""
    needed: Course
    """Meeting everything, whatever the limits."""
    limited: Course
    """Under the limits that hold."""
    seconds_per_item: float = 40.0
    reviews_per_day: int | None = None
    """The limit under which `limited` was worked out."""
    spread_until: int | None = None
    """The last day over which what waits today is spread, where it is."""

    @property
    def fits(self) -> bool:
        """Whether the limits leave room for all of it."""
        return self.limited.unmet == 0 and self.limited.waiting == 0 and self.days > 0

    @property
    def limits_reviews(self) -> bool:
        """Whether the limit of reviews, not the calendar, keeps some waiting at the end."""
        limit = self.reviews_per_day
        enough = limit is None or limit >= self.reviews_needed
        return not enough and self.limited.waiting > self.needed.waiting

    @property
    def reviews_needed(self) -> int:
        """Reviews a day that leave none waiting but for the calendar."""
        return max((load.reviews for load in self.needed.loads), default=0)

    @property
    def course(self) -> Course:
        """What will happen: under the limits."""
        return self.limited

    @property
    def minutes_per_day(self) -> int:
        """About how long a usual day takes."""
        days = [load for load in self.limited.loads if load.new + load.reviews]
        answers = sum(load.reviews + ANSWERS_OF_NEW * load.new for load in days)
        return math.ceil(answers / len(days) * self.seconds_per_item / 60) if days else 0


def plan(
    known: Sequence[Known],
    fresh: int,
    *,
    today: int,
    day: int,
    scheduler: Scheduler,
    calendar: Calendar,
    new_per_day: int | None,
    reviews_per_day: int | None,
    seconds_per_item: float = 40.0,
) -> Plan:
    """The way to that day for these items. Raises ValueError where it is not to come."""
    if day <= today:
        raise ValueError(day)
    open_days = [one for one in range(today, day) if calendar.share(one)]
    shares = sum(calendar.share(one) for one in open_days)
    needed = math.ceil(fresh / shares - 1e-9) if shares else 0
    journey = _Journey(known, fresh, today, day, scheduler, calendar)
    allowed = needed if new_per_day is None else min(needed, new_per_day)
    whole = journey.course(needed, None)
    fits = allowed == needed and (
        reviews_per_day is None or all(load.reviews <= reviews_per_day for load in whole.loads)
    )
    return Plan(
        today=today,
        day=day,
        items=len(known) + fresh,
        met=len(known),
        days=len(open_days),
        needed=whole,
        limited=whole if fits else journey.course(allowed, reviews_per_day),
        seconds_per_item=seconds_per_item,
        reviews_per_day=reviews_per_day,
        spread_until=calendar.window(today),
    )


@dataclass(slots=True)
class _Life:
    """An item on its way."""

    stability: float
    difficulty: float
    last_day: int
    due_day: int


class _Journey:
    """The days from today to the goal, lived through for a sample of the items."""

    def __init__(
        self,
        known: Sequence[Known],
        fresh: int,
        today: int,
        day: int,
        scheduler: Scheduler,
        calendar: Calendar,
    ) -> None:
        total = len(known) + fresh
        self._scale = max(1.0, total / _SAMPLE)
        # The most urgent and the least come to the same share of the sample.
        ordered = sorted(known, key=lambda one: (one.due_day, one.stability))
        count = round(len(known) / self._scale)
        self._known = [ordered[int(n * self._scale)] for n in range(count)]
        self._fresh_known = (len(known), fresh)
        self._fresh = round(fresh / self._scale)
        self._today, self._day = today, day
        self._scheduler = scheduler
        self._calendar = calendar
        sample = max(1, len(self._known) + self._fresh)
        self._runs = max(1, min(10, _RUNS_FOR // sample))

    def course(self, new_per_day: int, reviews_per_day: int | None) -> Course:
        """The mean of several runs."""
        runs = [self._run(n, new_per_day, reviews_per_day) for n in range(self._runs)]
        loads = []
        for number, day in enumerate(range(self._today, self._day)):
            new = self._new_on(day, new_per_day)
            reviews = sum(run[0][number] for run in runs) / len(runs) * self._scale
            loads.append(DayLoad(day, new, round(reviews)))
        met, fresh = self._fresh_known
        unmet = fresh - sum(load.new for load in loads)
        total = met + fresh
        recalled = sum(run[1] for run in runs) / len(runs)
        waiting = sum(run[2] for run in runs) / len(runs) * self._scale
        return Course(
            new_per_day=new_per_day,
            loads=tuple(loads),
            recall=recalled * self._scale / total if total else 0.0,
            unmet=unmet,
            waiting=round(waiting),
        )

    def _new_on(self, day: int, new_per_day: int) -> int:
        """New items of that day: the order of days decides, not chance."""
        left = self._fresh_known[1]
        for one in range(self._today, day + 1):
            quota = min(left, math.ceil(new_per_day * self._calendar.share(one) - 1e-9))
            left -= quota
        return quota

    def _run(
        self, number: int, new_per_day: int, reviews_per_day: int | None
    ) -> tuple[list[int], float, int]:
        """(reviews of each day, items recalled on the day, reviews kept waiting)."""
        chance = random.Random(f"{number}:{self._today}:{self._day}")  # noqa: S311
        lives = [
            _Life(one.stability, one.difficulty, one.last_day, max(one.due_day, self._today))
            for one in self._known
        ]
        reviews: list[int] = []
        owed = 0.0
        left = self._fresh
        waiting = 0
        for day in range(self._today, self._day):
            due = [life for life in lives if life.due_day <= day]
            now = self._now(due, lives, day, reviews_per_day)
            waiting = len(due) - len(now) if self._calendar.share(day) else waiting
            for life in now:
                self._review(life, day, chance)
            reviews.append(len(now))
            owed += self._new_on(day, new_per_day) / self._scale
            while left and owed >= 1 - 1e-9:
                owed, left = owed - 1, left - 1
                lives.append(self._met(day))
        recalled = sum(
            self._scheduler.recall(life.stability, self._day - life.last_day) for life in lives
        )
        return reviews, recalled, waiting

    def _now(
        self, due: list[_Life], lives: list[_Life], day: int, reviews_per_day: int | None
    ) -> list[_Life]:
        """What that day gets of the due, as the calendar and the limit cut it in truth."""
        arriving: Counter[int] = Counter()
        if self._calendar.window(day) is not None:
            arriving.update(life.due_day for life in lives if life.due_day > day)
        allowed = self._calendar.allowance(day, len(due), 0, arriving)
        most = len(due) if allowed is None else allowed
        if reviews_per_day is not None:
            most = min(most, math.floor(reviews_per_day / self._scale))
        if most >= len(due):
            return due
        due.sort(key=lambda life: -(day - life.last_day) / life.stability)
        return due[:most]

    def _review(self, life: _Life, day: int, chance: random.Random) -> None:
        elapsed = day - life.last_day
        known = chance.random() < self._scheduler.recall(life.stability, elapsed)
        after = self._scheduler.expected(life.stability, life.difficulty, elapsed, known=known)
        life.stability, life.difficulty, days = after
        life.last_day, life.due_day = day, day + days

    def _met(self, day: int) -> _Life:
        stability, difficulty, days = self._scheduler.learned()
        return _Life(stability, difficulty, day, day + days)
