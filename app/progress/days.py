"""What became of study days: how many in a row, and how long one was studied.

Promise: plain SQL as in `counts`, from indexes. A day is the one that was stored with each answer:
the study day of wherever the learner then was. Nothing is ever reckoned anew from another zone.

A streak is study days in a row. A journey can repeat a day, which changes nothing, and over the
date line it can swallow one. So a day left out is forgiven where less than `SWALLOWED` passed
between the answers around it, as much as a swallowed day can take; but not twice without two days
in a row between: whoever studies every other day has no streak. Today's answers still to come
break nothing, nor does a day that is yesterday again after a flight to the west.
"""

from __future__ import annotations

from typing import NamedTuple

from app.progress.counts import _UNDONE, Execute

SWALLOWED = 50 * 3_600_000
"""Milliseconds from the first moment of a day to the last of the day after the next (72 hours) for
whom 22 hours of zones are skipped: from Honolulu to Auckland. Longer jumps take less."""
_AHEAD = 2
"""Study days that a flight to the west can turn back."""
_BETWEEN = 2

_REVIEWS = f"""FROM event e WHERE e.learner = :learner AND e.kind = 'review'
    AND e.day {{days}} AND NOT {_UNDONE.format(event="e")}"""
_STUDIED = f"EXISTS (SELECT 1 {_REVIEWS})"
_LATEST = f"SELECT max(e.day) {_REVIEWS.format(days='BETWEEN :day - 3 AND :ahead')}"
_RUN = f"""WITH RECURSIVE back(day) AS (SELECT :day UNION ALL
    SELECT day - 1 FROM back WHERE {_STUDIED.format(days="= back.day - 1")})
    SELECT count(*) FROM back"""  # noqa: S608
_FIRST = f"SELECT min(e.at) {_REVIEWS.format(days='= :day')}"
_LAST = f"SELECT max(e.at) {_REVIEWS.format(days='= :day')}"
_SECONDS = f"""SELECT sum(a.seconds) FROM answer a WHERE a.event IN (
    SELECT e.key {_REVIEWS.format(days="= :day")})"""  # noqa: S608


class Row(NamedTuple):
    """Days studied in a row, and those left out of it that were forgiven, the newest first."""

    days: int
    forgiven: tuple[int, ...] = ()


def streak(execute: Execute, learner: int, day: int, now: int | None = None) -> int:
    """Days studied in a row up to that day or the one before; `now` is in milliseconds."""
    return row(execute, learner, day, now).days


def row(execute: Execute, learner: int, day: int, now: int | None = None) -> Row:
    """As `streak`, with what was forgiven."""
    latest = _number(execute, _LATEST, learner, day, ahead=day + _AHEAD)
    if latest is None or latest < day - 2:
        return Row(0)
    forgiven: list[int] = []
    if latest == day - 2:
        last = _number(execute, _LAST, learner, latest)
        if last is None or now is None or now - last >= SWALLOWED:
            return Row(0)
        forgiven.append(day - 1)
    count, run = 0, _number(execute, _RUN, learner, latest) or 0
    between = False
    while True:
        count += run
        first, before = latest - run + 1, latest - run - 1
        ended = _number(execute, _LAST, learner, before)
        if ended is None or (between and run < _BETWEEN):
            return Row(count, tuple(forgiven))
        began = _number(execute, _FIRST, learner, first)
        if began is None or began - ended >= SWALLOWED:
            return Row(count, tuple(forgiven))
        forgiven.append(before + 1)
        latest, between = before, True
        run = _number(execute, _RUN, learner, latest) or 0


def seconds(execute: Execute, learner: int, day: int) -> int:
    """How long was studied on that day."""
    return _number(execute, _SECONDS, learner, day) or 0


def _number(execute: Execute, sql: str, learner: int, day: int, **more: int) -> int | None:
    row = next(iter(execute(sql, {"learner": learner, "day": day, **more})), (None,))
    return None if row[0] is None else round(float(str(row[0])))
