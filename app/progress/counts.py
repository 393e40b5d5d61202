"""Counts read from covering indexes: what is due, what is new, how the week went.

Promise: plain SQL without an ORM, so that a glance (standard library only) and the store run the
very same statements. Nothing is precomputed here. Every statement is answered from an index; the
literals in them repeat the partial indexes' conditions, without which SQLite would not use them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.calendar import Calendar, Goal
from app.topic_words import belongs

Execute = Callable[[str, Mapping[str, object]], Iterable[Sequence[object]]]
"""Runs one statement with named parameters and yields its rows."""

WEEK = 7
NO_LIMIT = -1
"""SQLite's LIMIT for "all"."""
_EVERY_DAY = Calendar()
_PACE_OF = 100
_SLOWEST = 3
"""Times what is expected, counted at most for one answer: who leaves the screen does not study."""
_TRUSTED = 20
"""Answers from which on a learner's own pace alone counts."""
_SAMPLE = 200
"""Items of a kind of work looked at to know how long one of them takes."""
_USUAL = 40.0

EARLY = """learner = :learner AND active = 1 AND due_at IS NULL
    AND due_day BETWEEN :first AND :last AND due_day - (:last - :first + 1) <= :day
    AND last_day < :day
    AND due_day - (:last - :first + 1) - last_day >= 0.7 * (due_day - last_day)"""
"""Reviews of days off that are done as long before as the days off last, where that is no earlier
than seven tenths of their interval."""

_UNDONE = """EXISTS (
    SELECT 1 FROM event u JOIN device ud ON ud.key = u.device
    WHERE u.target = {event}.id AND u.kind = 'undo' AND NOT EXISTS (
        SELECT 1 FROM event r JOIN device rd ON rd.key = r.device
        WHERE r.target = {event}.id AND r.kind = 'redo'
        AND (r.counter, rd.id, r.id) > (u.counter, ud.id, u.id)))"""

_REVIEWS_DUE = """SELECT topic, count(*) FROM (
    SELECT topic FROM memory WHERE learner = :learner AND active = 1 AND due_at IS NULL
    AND due_day <= :day ORDER BY due_day, item LIMIT :most) GROUP BY topic"""
_RISKIEST_DUE = """SELECT topic, count(*) FROM (
    SELECT topic FROM memory WHERE learner = :learner AND active = 1 AND due_at IS NULL
    AND due_day <= :day ORDER BY (:day - last_day) / stability DESC, item LIMIT :most)
    GROUP BY topic"""
_EARLY = f"""SELECT topic, count(*) FROM memory WHERE {EARLY} GROUP BY topic"""  # noqa: S608
_ARRIVING = """SELECT due_day, count(*) FROM memory WHERE learner = :learner AND active = 1
    AND due_at IS NULL AND due_day > :day AND due_day <= :end GROUP BY due_day"""
_BACKLOG = """SELECT count(*) FROM memory WHERE learner = :learner AND active = 1
    AND due_at IS NULL AND due_day <= :day"""
_STEPS_DUE = """SELECT topic, count(*) FROM memory WHERE learner = :learner AND active = 1
    AND due_at IS NOT NULL AND due_day <= :day GROUP BY topic"""
_FRESH = """SELECT topic, count(*) FROM (
    SELECT topic FROM fresh WHERE learner = :learner ORDER BY rank, item LIMIT :most)
    GROUP BY topic"""
_FIRST_FRESH = """SELECT topic, count(*) FROM (
    SELECT topic FROM fresh WHERE learner = :learner
    ORDER BY topic NOT IN (SELECT value FROM json_each(:first)), rank, item LIMIT :most)
    GROUP BY topic"""
_TOPICS = "SELECT key, pack, name, chapter FROM topic WHERE present = 1"
_ALL_FRESH = "SELECT topic, count(*) FROM fresh WHERE learner = :learner GROUP BY topic"
_INTRODUCED = "SELECT count(*) FROM memory WHERE learner = :learner AND first_day = :day"
_ANSWERED = f"""SELECT count(DISTINCT e.item) FROM event e WHERE e.learner = :learner
    AND e.kind = 'review' AND e.day = :day AND NOT {_UNDONE.format(event="e")}"""  # noqa: S608
_BY_DAY = """SELECT day, count(*) FROM event WHERE learner = :learner AND kind = 'review'
    AND day > :day - 7 AND day <= :day GROUP BY day"""
_UNDONE_BY_DAY = f"""SELECT e.day, count(*) FROM event e WHERE e.id IN (
        SELECT target FROM event WHERE learner = :learner AND kind = 'undo' AND day > :day - 7)
    AND e.kind = 'review' AND e.day > :day - 7 AND e.day <= :day
    AND {_UNDONE.format(event="e")} GROUP BY e.day"""  # noqa: S608
_EXPECTED = "CASE item.kind WHEN 'card' THEN 20.0 ELSE 60.0 END"
"""Seconds an item usually takes: what packs assume of items that say nothing else."""
_PACE = f"""SELECT count(*), sum(min(seconds, {_SLOWEST} * expected)), sum(expected) FROM (
    SELECT answer.seconds, {_EXPECTED} AS expected FROM answer
    JOIN event ON event.key = answer.event JOIN item_name ON item_name.key = event.item
    JOIN item ON item.key = item_name.item
    ORDER BY answer.event DESC LIMIT {_PACE_OF})"""  # noqa: S608
_DUE_SECONDS = f"""SELECT avg({_EXPECTED}) FROM (
    SELECT item AS key FROM memory WHERE learner = :learner AND active = 1 AND due_at IS NULL
    AND due_day <= :day ORDER BY due_day, item LIMIT {_SAMPLE}) AS due
    JOIN item ON item.key = due.key"""  # noqa: S608
_FRESH_SECONDS = f"""SELECT avg({_EXPECTED}) FROM (
    SELECT item AS key FROM fresh WHERE learner = :learner ORDER BY rank, item LIMIT :most) AS new
    JOIN item ON item.key = new.key"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Today:
    """What a study day holds within its limits, per topic key."""

    due: Mapping[int, int]
    new: Mapping[int, int]
    reviews_left: int | None
    """Day-long reviews the limit still allows; None without a limit."""
    new_left: int | None
    first: tuple[int, ...] = ()
    """Topics whose new items come before the others."""


def today(
    execute: Execute,
    learner: int,
    day: int,
    new_per_day: int | None,
    reviews_per_day: int | None,
    calendar: Calendar = _EVERY_DAY,
    goal: Goal | None = None,
) -> Today:
    """Due and new per topic, as a session begun now would bring them.

    The calendar may leave less than is due to a day; the goal's new items come first.
    """
    reviews_left = (
        None
        if reviews_per_day is None
        else max(0, reviews_per_day - reviewed(execute, learner, day))
    )
    if new_per_day is not None:
        new_per_day = math.ceil(new_per_day * calendar.share(day))
    new_left = (
        None if new_per_day is None else max(0, new_per_day - introduced(execute, learner, day))
    )
    if not calendar.share(day):
        new_left = 0
    cut = calendar.cuts(day)
    if cut:
        reviews_left = _least(reviews_left, _allowed(execute, learner, day, calendar))
    due = reviews_due(execute, learner, day, reviews_left, riskiest=cut)
    steps = steps_due(execute, learner, day) if calendar.share(day) else {}
    for found in (steps, early(execute, learner, day, calendar)):
        for topic, count in found.items():
            due[topic] = due.get(topic, 0) + count
    first = () if goal is None or goal.day < day else topics_of(execute, goal)
    return Today(due, fresh(execute, learner, new_left, first), reviews_left, new_left, first)


def topics_of(execute: Execute, goal: Goal) -> tuple[int, ...]:
    """The keys of the goal's topics; none where the goal is everything."""
    if not goal.topics:
        return ()
    return tuple(
        int(str(key))
        for key, pack, name, chapter in execute(_TOPICS, {})
        for where in (str(chapter).partition(":")[2],)
        if any(belongs(str(pack), where, str(name), word) for word in goal.topics)
    )


def early(execute: Execute, learner: int, day: int, calendar: Calendar) -> dict[int, int]:
    """Per topic, the reviews of coming days off that are done on that day."""
    off = calendar.before_days_off(day) if calendar.share(day) else None
    if off is None:
        return {}
    values = {"learner": learner, "day": day, "first": off[0], "last": off[1]}
    return _by_key(execute(_EARLY, values))


def arriving(execute: Execute, learner: int, day: int, end: int) -> dict[int, int]:
    """Per later day up to that one, the reviews that fall due on it."""
    return _by_key(execute(_ARRIVING, {"learner": learner, "day": day, "end": end}))


def _allowed(execute: Execute, learner: int, day: int, calendar: Calendar) -> int | None:
    """How many reviews the calendar still leaves to that day."""
    end = calendar.window(day)
    coming = {} if end is None else arriving(execute, learner, day, end)
    due, done = backlog(execute, learner, day), reviewed(execute, learner, day)
    return calendar.allowance(day, due, done, coming)


def _least(one: int | None, other: int | None) -> int | None:
    given = [limit for limit in (one, other) if limit is not None]
    return min(given, default=None)


def minutes(execute: Execute, learner: int, day: int, found: Today) -> int:
    """Whole minutes for what that day holds, at least one if there is anything.

    Each item at what its kind usually takes, all of it at the learner's pace.
    """
    due, new = sum(found.due.values()), sum(found.new.values())
    if not due + new:
        return 0
    values = {"learner": learner, "day": day, "most": min(new, _SAMPLE)}
    seconds = due * _mean(execute(_DUE_SECONDS, values))
    seconds += new * _mean(execute(_FRESH_SECONDS, values))
    return max(1, round(seconds * pace(execute) / 60))


def reviews_due(
    execute: Execute, learner: int, day: int, most: int | None, *, riskiest: bool = False
) -> dict[int, int]:
    """Per topic, the day-long reviews due on that day, the `most` longest due, or those nearest
    to being lost."""
    values = {"learner": learner, "day": day, "most": NO_LIMIT if most is None else most}
    return _by_key(execute(_RISKIEST_DUE if riskiest else _REVIEWS_DUE, values))


def backlog(execute: Execute, learner: int, day: int) -> int:
    """All day-long reviews due on that day, whatever the daily limit."""
    return _number(execute(_BACKLOG, {"learner": learner, "day": day}))


def steps_due(execute: Execute, learner: int, day: int) -> dict[int, int]:
    """Per topic, items in (re)learning steps that come back on that day."""
    return _by_key(execute(_STEPS_DUE, {"learner": learner, "day": day}))


def fresh(
    execute: Execute, learner: int, most: int | None, first: Sequence[int] = ()
) -> dict[int, int]:
    """Per topic, items never reviewed: all, or the `most` next to be taught, those of the topics
    `first` before the others."""
    if most is None:
        return _by_key(execute(_ALL_FRESH, {"learner": learner}))
    if first:
        values = {"learner": learner, "most": most, "first": json.dumps(list(first))}
        return _by_key(execute(_FIRST_FRESH, values))
    return _by_key(execute(_FRESH, {"learner": learner, "most": most}))


def introduced(execute: Execute, learner: int, day: int) -> int:
    """Items first reviewed on that day."""
    return _number(execute(_INTRODUCED, {"learner": learner, "day": day}))


def reviewed(execute: Execute, learner: int, day: int) -> int:
    """Items reviewed on that day that had been met before."""
    values = {"learner": learner, "day": day}
    return max(0, _number(execute(_ANSWERED, values)) - introduced(execute, learner, day))


def activity(execute: Execute, learner: int, day: int) -> tuple[int, ...]:
    """Reviews in force on each of the seven study days up to that one, the oldest first."""
    values = {"learner": learner, "day": day}
    given, undone = _by_key(execute(_BY_DAY, values)), _by_key(execute(_UNDONE_BY_DAY, values))
    return tuple(given.get(d, 0) - undone.get(d, 0) for d in range(day - WEEK + 1, day + 1))


def pace(execute: Execute) -> float:
    """Time taken as a share of what was expected, over the last hundred answers.

    One long answer counts as three times what was expected of it, and what few answers there are
    is filled up to twenty with answers given in just the expected time: a forecast moves slowly.
    """
    row = next(iter(execute(_PACE, {})), (0, None, None))
    count, taken, expected = int(str(row[0])), float(str(row[1] or 0)), float(str(row[2] or 0))
    filled = max(0, _TRUSTED - count) * _USUAL
    return (taken + filled) / (expected + filled)


def _mean(rows: Iterable[Sequence[object]]) -> float:
    value = next((row[0] for row in rows), None)
    return float(value) if isinstance(value, float | int) else _USUAL


def _by_key(rows: Iterable[Sequence[object]]) -> dict[int, int]:
    return {int(str(row[0])): int(str(row[1])) for row in rows}


def _number(rows: Iterable[Sequence[object]]) -> int:
    return next((int(str(row[0])) for row in rows), 0)
