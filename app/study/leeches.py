"""Items that keep slipping, and why: the mistake that recurs, the prerequisite that is weak.

Promise: all of it follows from the log of the item: an item is told of with the answer that makes
it slip once too often, and then not again within a week. Must not suspend anything by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.study.needs import Need, needs_of, weakest
from app.study.views import Rating

if TYPE_CHECKING:
    from app.study.session import Study

_LOOKED_AT = 12
"""Newest answers in which a pattern is looked for."""
_DAYS = 4
"""Days with a slip that make an item a leech: one bad evening is none."""
_TIMES = 3
"""Times the same named mistake makes it one."""
_RECURS = 2
_QUIET_DAYS = 7


@dataclass(frozen=True, slots=True)
class Past:
    """An answer in force, as it counts."""

    day: int
    rating: int
    mistake: str | None = None


@dataclass(frozen=True, slots=True)
class Pattern:
    """How an item slips: on how many days, and with which mistake how often (None: no one)."""

    days: int
    mistake: str | None
    times: int


@dataclass(frozen=True, slots=True)
class Leech:
    """An item that keeps slipping. `weak` is a prerequisite that is known badly, if one is."""

    name: str
    pattern: Pattern
    weak: Need | None


def leech(study: Study, name: str) -> Leech | None:
    """What to tell of an item whose newest answer was just saved; None if there is nothing."""
    store = study.store
    with store.reading():
        key = store.items.key(name)
        if key is None:
            return None
        mistakes = store.log.mistakes_in(key)
        past = [
            Past(review.day, review.rating, mistakes.get(review.order.id))
            for review in store.log.reviews(key)
            if review.in_force and not review.forgotten
        ]
    found = told(past)
    return None if found is None else Leech(name, found, weakest(needs_of(study, name)))


def told(past: Sequence[Past]) -> Pattern | None:
    """The pattern that the newest answer makes worth telling."""
    last: int | None = None
    now = None
    for n, answer in enumerate(past, 1):
        now = None
        if answer.rating != Rating.AGAIN:
            continue
        found = pattern(past[:n])
        if found is not None and (last is None or answer.day - last >= _QUIET_DAYS):
            last, now = answer.day, found
    return now


def pattern(past: Sequence[Past]) -> Pattern | None:
    """How an item slips, if it does."""
    recent = past[-_LOOKED_AT:]
    days = len({answer.day for answer in recent if answer.rating == Rating.AGAIN})
    counted = Counter(answer.mistake for answer in recent if answer.mistake is not None)
    mistake, times = max(counted.items(), key=lambda pair: pair[1], default=(None, 0))
    if days < _DAYS and times < _TIMES:
        return None
    return Pattern(days, mistake if times >= _RECURS else None, times)
