"""Which automatic backups are kept: many of late, fewer the older.

Promise: pure. The newest backup is always kept, and never more than `MOST`; of every study day,
week and month that still counts, the last backup is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

ALL_DAYS, ALL_MOST = 2, 20
"""Every backup of today and yesterday, the newest twenty at most."""
DAYS, WEEKS, MONTHS = 14, 8, 12
"""The last one of each of these days, weeks and months, those of today included."""
MOST = ALL_MOST + DAYS + WEEKS + MONTHS

Backup = tuple[int, str]
"""(study day, name); of one day, the name that sorts last is the newest."""


def kept(backups: Iterable[Backup], today: int) -> set[Backup]:
    """Those to keep. A backup from a day yet to come (a clock was wrong) counts as of today."""
    ordered = sorted(set(backups), reverse=True)
    if not ordered:
        return set()
    recent = [backup for backup in ordered if _day(backup, today) > today - ALL_DAYS]
    chosen = {ordered[0], *recent[:ALL_MOST]}
    seen: set[tuple[str, int]] = set()
    for backup in ordered:
        day = _day(backup, today)
        buckets = {("day", day): today - day < DAYS}
        buckets["week", _week(day)] = _week(today) - _week(day) < WEEKS
        buckets["month", _month(day)] = _month(today) - _month(day) < MONTHS
        new = {bucket for bucket, counts in buckets.items() if counts} - seen
        if new:
            chosen.add(backup)
            seen |= new
    return chosen


def _day(backup: Backup, today: int) -> int:
    return min(backup[0], today)


def _week(day: int) -> int:
    return (day - 1) // 7  # day 1 was a Monday


def _month(day: int) -> int:
    when = date.fromordinal(day)
    return when.year * 12 + when.month
