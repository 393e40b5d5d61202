"""How a backlog is laid over days: what spreading it would give each day, before it is agreed to.

Promise: pure functions of what is due, the calendar and the day; no memory is touched. Every item
stands on exactly one day, a day off gets none, and no day gets more than its share of what is
left, rounded up. Must not read the store or a clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from app.calendar import Calendar, part_of

Item = TypeVar("Item")
WORTH_SPREADING = 1.5
"""Times a usual day's reviews from which on a backlog is worth spreading."""
_LEAST = 30


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item that is due, with what decides how urgent it is."""

    item: int
    stability: float
    last_day: int


def by_risk(waiting: Iterable[Waiting], day: int) -> list[Waiting]:
    """The nearest to being lost first: the time since the last review is longest for how stable
    they are."""
    return sorted(waiting, key=lambda one: (-(day - one.last_day) / one.stability, one.item))


def spread(items: Sequence[Item], day: int, days: int, calendar: Calendar) -> dict[int, list[Item]]:
    """The items, in their order, over so many days from that day on.

    Where every one of those days is off, the first day that is not gets them all.
    """
    open_days = [one for one in range(day, day + max(1, days)) if calendar.share(one)]
    if not open_days:
        following = day + max(1, days)
        while not calendar.share(following):
            following += 1
        open_days = [following]
    laid: dict[int, list[Item]] = {one: [] for one in open_days}
    start = 0
    for number, one in enumerate(open_days):
        left = sum(calendar.share(other) for other in open_days[number:])
        count = part_of(len(items) - start, calendar.share(one), left)
        laid[one] = list(items[start : start + count])
        start += count
    return laid


def days_for(backlog: int, usual: int) -> int:
    """Over how many days a backlog is best spread, 0 where it is none: so that a day is half as
    much again as usual, within three days and three weeks."""
    if backlog < _LEAST or backlog <= usual * WORTH_SPREADING:
        return 0
    extra = max(10, usual // 2)
    return max(3, min(21, -(-backlog // (usual + extra))))
