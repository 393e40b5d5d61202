"""A person's calendar: days off, easy days, a backlog that is spread, a day to be ready by.

Promise: read from settings as a person types them, in either language; what is no date raises
`ValueError`. Everything follows from the settings and the day: nothing else is remembered. Small
enough to be imported before the first frame. Must not know what is due.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.settings import Settings

LONGEST_SPREAD = 60
"""Days over which a backlog may be spread."""
_EASY = 0.5
_SPREAD_AFTER = 7
"""Days over which what fell on days off is spread at most."""
MOST_EARLY = 2 * _SPREAD_AFTER
"""Days before it is due that an item of a day off may come."""
_MOST_DAYS_OFF = 366
_LEAP_YEARS = 8
"""From one 29 February to the next, at most."""
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORTEST = 3
"""Letters that name a weekday."""
_HAN = "一二三四五六日"
_DATE = r"\d{4}[-/年]\d{1,2}[-/月]\d{1,2}日?"
_PARTED = str.maketrans("/年月", "---")
_RANGE = rf"({_DATE})(?:\s*(?:\.\.|~|–|—|到|至|to)\s*({_DATE}))?"
_EASY_DAY = r"([a-z]+|(?:周|星期)[一二三四五六日天])\s*(?:(\d{1,3})\s*%?)?"
_COMMAS = r"[,，、;；\n]+"
"""Patterns are compiled where they are needed: before the first frame none is."""


class Goal(NamedTuple):
    """A day to be ready by."""

    day: int
    name: str
    topics: frozenset[str]
    """Words as in a choice; none are all topics."""


class Calendar(NamedTuple):
    """Which part of its work each study day gets."""

    days_off: frozenset[int] = frozenset()
    shares: tuple[float, ...] = (1.0,) * 7
    """By weekday, Monday first: the share of a day's work that is done on it."""
    spread_from: int = 0
    spread_days: int = 0

    def share(self, day: int) -> float:
        """From 0 (nothing is due) to 1."""
        return 0.0 if day in self.days_off else self.shares[(day - 1) % 7]

    def window(self, day: int) -> int | None:
        """The last day over which what waits on that day is spread, if it is spread."""
        ends = [self.spread_from + self.spread_days - 1] if self._spreading(day) else []
        before = day - 1
        while before >= day - _SPREAD_AFTER and before not in self.days_off:
            before -= 1
        if before in self.days_off and day not in self.days_off:
            first = before
            while first - 1 in self.days_off:
                first -= 1
            end = before + min(before - first + 2, _SPREAD_AFTER)
            ends += [end] if end >= day else []
        if not ends:
            return None
        last = max(ends)
        while last > day and not self.share(last):
            last -= 1
        return last

    def cuts(self, day: int) -> bool:
        """Whether that day may get less than what is due."""
        return self.share(day) < 1 or self.window(day) is not None

    def before_days_off(self, day: int) -> tuple[int, int] | None:
        """(first, last) of the days off whose work is done as long before as they last, if that
        day is one of those before."""
        for first in range(day + 1, day + 1 + _SPREAD_AFTER):
            if first in self.days_off and first - 1 not in self.days_off:
                last = first
                while last + 1 in self.days_off:
                    last += 1
                length = min(last - first + 1, _SPREAD_AFTER)
                return (first, first + length - 1) if day >= first - length else None
        return None

    def allowance(self, day: int, due: int, done: int, arriving: Mapping[int, int]) -> int | None:
        """How many of the `due` reviews that day still gets when `done` are done; None for all.

        `arriving` says how many fall due on each later day: while a backlog is spread they are
        part of what is left, so that the last days are no heavier than the first.
        """
        share = self.share(day)
        if not share:
            return 0
        end = self.window(day)
        if end is None:
            return None if share >= 1 else max(0, part_of(due + done, share, 1.0) - done)
        if end <= day:
            return None
        coming = sum(count for other, count in arriving.items() if day < other <= end)
        left = sum(self.share(other) for other in range(day, end + 1))
        return max(0, min(due, part_of(due + done + coming, share, left) - done))

    def _spreading(self, day: int) -> bool:
        return self.spread_from <= day < self.spread_from + self.spread_days


def calendar_of(settings: Settings) -> Calendar:
    """The calendar that the settings describe."""
    if not (settings.days_off or settings.easy_days or settings.spread_days):
        return Calendar()
    start = day_of(settings.spread_from)
    return Calendar(
        days_off_in(settings.days_off),
        easy_days_in(settings.easy_days),
        start or 0,
        settings.spread_days if start else 0,
    )


def goal_of(settings: Settings) -> Goal | None:
    """The day to be ready by, if one is set."""
    day = day_of(settings.goal_date)
    if day is None:
        return None
    words = (word.strip() for word in re.split(_COMMAS, settings.goal_topics))
    return Goal(day, settings.goal_name.strip(), frozenset(word for word in words if word))


def with_goal(settings: Settings, goal: Goal | None) -> Settings:
    """The settings with that goal, or without any."""
    if goal is None:
        return replace(settings, goal_date="", goal_name="", goal_topics="")
    return replace(
        settings,
        goal_date=str(date.fromordinal(goal.day)),
        goal_name=goal.name,
        goal_topics=", ".join(sorted(goal.topics)),
    )


def spreading(settings: Settings, today: int, days: int) -> Settings:
    """The settings with a backlog spread over so many days from today on."""
    return replace(settings, spread_days=days, spread_from=str(date.fromordinal(today)))


def day_of(text: str) -> int | None:
    """The study day of `2026-12-12` or `2026年12月12日`; None for no text. Raises ValueError."""
    return _day(text) if text.strip() else None


def coming_day(text: str, today: int) -> int | None:
    """As `day_of`; `12月12日` and `12-12` are the next such day, today or later."""
    parts = _parted(text)
    if len(parts) != 2:
        return day_of(text)
    this_year = date.fromordinal(today).year
    for year in range(this_year, this_year + _LEAP_YEARS + 1):
        try:
            day = _ordinal(year, int(parts[0]), int(parts[1]))
        except ValueError:  # 29 February of another year
            continue
        if day >= today:
            return day
    raise ValueError(text)


def days_off_in(text: str) -> frozenset[int]:
    """`2026-12-24..2026-12-27, 2027-01-01` as study days. Raises ValueError."""
    days: set[int] = set()
    for part in _parts(text):
        found = re.fullmatch(_RANGE, part)
        if found is None:
            raise ValueError(part)
        first = _day(found[1])
        last = _day(found[2]) if found[2] else first
        if not first <= last < first + _MOST_DAYS_OFF:
            raise ValueError(part)
        days.update(range(first, last + 1))
    return frozenset(days)


def easy_days_in(text: str) -> tuple[float, ...]:
    """`sat, sun 0%` or `周六、周日 0%` as shares by weekday, half unless said.

    Raises ValueError.
    """
    shares = [1.0] * 7
    for part in _parts(text.lower()):
        found = re.fullmatch(_EASY_DAY, part)
        if found is None:
            raise ValueError(part)
        percent = 100 * _EASY if found[2] is None else int(found[2])
        if percent > 100:
            raise ValueError(part)
        shares[_weekday(found[1])] = percent / 100
    if not any(shares):
        raise ValueError(text)
    return tuple(shares)


def part_of(work: int, share: float, whole: float) -> int:
    """The share of the work, rounded up, but for what floating point adds."""
    return min(work, math.ceil(work * share / whole - 1e-9))


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(_COMMAS, text) if part.strip()]


def _parted(text: str) -> list[str]:
    return text.strip().translate(_PARTED).removesuffix("日").split("-")


def _day(text: str) -> int:
    year, month, day = (int(part) for part in _parted(text))
    return _ordinal(year, month, day)


def _ordinal(year: int, month: int, day: int) -> int:
    try:
        return date(year, month, day).toordinal()
    except OverflowError as error:
        raise ValueError((year, month, day)) from error


def _weekday(name: str) -> int:
    if name[-1] in _HAN + "天":
        return _HAN.index(name[-1].replace("天", "日"))
    if len(name) >= _SHORTEST:
        for number, day in enumerate(_WEEKDAYS):
            if day.startswith(name):
                return number
    raise ValueError(name)
