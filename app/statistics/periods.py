"""Which days a statistic looks at, and how they are put together to be shown.

Promise: pure; days are study-day ordinals. Must not read a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_DAILY = 31
"""Days up to which each is shown by itself."""
_WEEKLY = 400
"""Days up to which weeks are shown; months beyond."""
_QUARTERLY = 1900


class Period(StrEnum):
    """How far back, and for the forecast how far ahead."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ALL = "all"


class Step(StrEnum):
    """What one column of a picture stands for."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


_DAYS = {Period.WEEK: 7, Period.MONTH: 30, Period.QUARTER: 90, Period.YEAR: 365}


@dataclass(frozen=True, slots=True)
class Span:
    """Study days from `first` to `last`, both included."""

    first: int
    last: int

    @property
    def days(self) -> int:
        """How many."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Bucket:
    """A column: the days that it stands for."""

    first: int
    last: int


def back(period: Period, today: int, first: int | None) -> Span:
    """The days up to today; all of them begin with the first review."""
    if period is Period.ALL:
        return Span(min(today, today if first is None else first), today)
    return Span(today - _DAYS[period] + 1, today)


def ahead(period: Period, today: int) -> Span:
    """The days from today on; "all" looks as far as a year."""
    return Span(today, today + _DAYS.get(period, 365) - 1)


def step_of(span: Span) -> Step:
    """The finest step in which the span has columns for a screen."""
    if span.days <= _DAILY:
        return Step.DAY
    if span.days <= _WEEKLY:
        return Step.WEEK
    return Step.MONTH if span.days <= _QUARTERLY else Step.QUARTER


def buckets(span: Span) -> tuple[Bucket, ...]:
    """The span in steps: weeks begin on Mondays, months and quarters on their first days."""
    step, found, first = step_of(span), [], span.first
    while first <= span.last:
        last = min(span.last, _end(first, step))
        found.append(Bucket(first, last))
        first = last + 1
    return tuple(found)


def gathered(values: Mapping[int, float], into: tuple[Bucket, ...]) -> tuple[float, ...]:
    """The sum of a value by day over each bucket."""
    sums = [0.0] * len(into)
    if not into:
        return ()
    at = {day: n for n, one in enumerate(into) for day in range(one.first, one.last + 1)}
    for day, value in values.items():
        if day in at:
            sums[at[day]] += value
    return tuple(sums)


def _end(first: int, step: Step) -> int:
    """The last day of the step that holds that day."""
    day = date.fromordinal(first)
    if step is Step.DAY:
        return first
    if step is Step.WEEK:
        return first + 6 - day.weekday()
    months = 1 if step is Step.MONTH else 3
    following = (day.month - 1) // months * months + months
    start = date(day.year + following // 12, following % 12 + 1, 1)
    return (start - timedelta(days=1)).toordinal()
