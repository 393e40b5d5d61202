"""What comes on the days ahead, beyond what is planned already: a simulation with FSRS.

An item is taken to be recalled with the probability that FSRS gives it on the day it comes, and is
then rated Good, else Again and Good in its steps; a new item's first rating has the shares that
the FSRS simulator takes for those of many learners. Repetitions within a day are not counted. What
is due is studied on its day; `under_limit` then moves what is over the limit of reviews to the next
day, as a session would, and lets alone what the delay does to later days. A sample of the items
stands for all.

Promise: pure, and the same for the same arguments. Must not read a store.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from app.statistics.periods import Span
from app.study.scheduling import Memory, Phase, Scheduler
from app.study.views import Rating

_FIRST_RATINGS = (0.24, 0.094, 0.495, 0.171)
"""Again, Hard, Good, Easy: `first_rating_prob` of the FSRS simulator's defaults."""
_TRIED = 300
"""New items lived through: one profile of repetitions stands for all of them."""
_DAY_MS = 86_400_000
_STEPS_MOST = 20


def expected(
    memories: Sequence[Memory],
    weight: float,
    new_left: int,
    new_per_day: int | None,
    span: Span,
    scheduler: Scheduler,
) -> tuple[float, ...]:
    """Per day of the span, what comes besides each item's planned day.

    Each memory stands for `weight` items.
    """
    chance = random.Random(span.first)  # noqa: S311
    extra = [0.0] * span.days
    for memory in memories:
        day = max(memory.due_day, span.first)
        for following in _days_after(memory, day, span.last, scheduler, chance):
            extra[following - span.first] += weight
    profile = _profile(span.days, scheduler, chance) if new_left else []
    for offset, count in enumerate(introduced(new_left, new_per_day, span.days)):
        extra[offset] += count
        for later, share in enumerate(profile[: span.days - offset]):
            extra[offset + later] += count * share
    return tuple(extra)


@dataclass(frozen=True, slots=True)
class Held:
    """Reviews per day under a limit, and what waits over each day's end."""

    planned: tuple[int, ...]
    again: tuple[float, ...]
    waiting: tuple[float, ...]


def under_limit(
    planned: Sequence[int], again: Sequence[float], limit: int | None, today: int | None
) -> Held:
    """At most `limit` reviews a day, on the first day `today`; the longest planned come first."""
    if limit is None:
        return Held(tuple(planned), tuple(again), (0.0,) * len(planned))
    first: list[int] = []
    then: list[float] = []
    waiting: list[float] = []
    owed, owed_again = 0, 0.0
    for day, (items, repeated) in enumerate(zip(planned, again, strict=True)):
        room = limit if day or today is None else today
        owed, owed_again = owed + items, owed_again + repeated
        first.append(min(owed, room))
        then.append(min(owed_again, float(room - first[-1])))
        owed, owed_again = owed - first[-1], owed_again - then[-1]
        waiting.append(owed + owed_again)
    return Held(tuple(first), tuple(then), tuple(waiting))


def introduced(left: int, per_day: int | None, days: int) -> list[int]:
    """New items per day until none are left; days after that are left out."""
    found = []
    for _ in range(days):
        count = left if per_day is None else min(left, per_day)
        if not count:
            break
        found.append(count)
        left -= count
    return found


def _profile(days: int, scheduler: Scheduler, chance: random.Random) -> list[float]:
    """How often a new item comes so many days after its first."""
    found = [0.0] * days
    for _ in range(_TRIED):
        first = Rating(chance.choices((1, 2, 3, 4), _FIRST_RATINGS)[0])
        memory = _through_steps(scheduler.after(None, first, _id(chance), 0, 0), scheduler, chance)
        for day in _days_after(memory, memory.due_day, days - 1, scheduler, chance):
            found[day] += 1 / _TRIED
        if memory.due_day < days:
            found[memory.due_day] += 1 / _TRIED
    return found


def _days_after(
    memory: Memory, day: int, last: int, scheduler: Scheduler, chance: random.Random
) -> list[int]:
    """The days on which it comes again, after being studied on `day`, up to `last`."""
    found = []
    while day <= last:
        if memory.phase is Phase.REVIEW:
            known = chance.random() < scheduler.retrievability(memory, day)
            rating = Rating.GOOD if known else Rating.AGAIN
        else:
            rating = Rating.GOOD
        memory = scheduler.after(memory, rating, _id(chance), day * _DAY_MS, day)
        memory = _through_steps(memory, scheduler, chance)
        day = max(day + 1, memory.due_day)
        if day <= last:
            found.append(day)
    return found


def _through_steps(memory: Memory, scheduler: Scheduler, chance: random.Random) -> Memory:
    """Good, until it leaves the steps."""
    for _ in range(_STEPS_MOST):
        if memory.phase is Phase.REVIEW:
            break
        memory = scheduler.after(memory, Rating.GOOD, _id(chance), memory.last_at, memory.last_day)
    return memory


def _id(chance: random.Random) -> str:
    return f"{chance.getrandbits(64):016x}"
