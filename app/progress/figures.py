"""Reading the log for statistics: sums by day, by mistake, by time, and reviews item by item.

Promise: read-only; what can be summed is summed by the database, from an index wherever days or
items bound it; what is not in force counts nowhere and a rerate's rating replaces the one given.
A reset leaves its reviews in every sum. Must not know what a figure means.

Turns (undo, redo, rerate) are few beside reviews: they are read whole and decided as everywhere
else, and the statements are told the keys of the reviews that do not count.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.progress.counts import _UNDONE, Execute
from app.progress.events import EventKind, Order, Turn, Turns
from app.progress.models import WORDS

SLOWEST = 3
"""Times what is expected, counted at most for one answer: who leaves the screen does not study."""
CARD_SECONDS, EXERCISE_SECONDS = 20.0, 60.0
"""What an item usually takes: what packs assume of items that say nothing else."""
LONGEST_SECONDS = 600
"""Seconds from which on answer times are not told apart."""

_TURNS = """SELECT e.counter, d.id, e.id, e.kind, e.target, e.rating
    FROM event e JOIN device d ON d.key = e.device
    WHERE e.target IS NOT NULL AND e.learner = :learner"""
# CROSS JOIN fixes the order in which SQLite looks: else it would walk all of a learner's reviews.
_REVIEWS_NAMED = """SELECT e.key, e.id, e.rating FROM json_each(:ids) j
    CROSS JOIN event e ON e.id = j.value WHERE e.kind = 'review' AND e.learner = :learner"""
_COUNTS = """e.learner = :learner AND e.kind = 'review' AND e.day >= :since AND e.day <= :until
    AND e.key NOT IN (SELECT value FROM json_each(:undone))"""
_ITEM = """JOIN item_name n ON n.key = e.item JOIN item i ON i.key = n.item"""
_TOPIC = "(:topic IS NULL OR i.topic = :topic)"
_CAPPED = f"""min(max(a.seconds, 0), {SLOWEST} * CASE i.kind WHEN 'card' THEN {CARD_SECONDS}
    ELSE {EXERCISE_SECONDS} END)"""
_FIRST_DAY = """SELECT min(day) FROM event WHERE learner = :learner AND kind = 'review'"""
_BY_DAY = f"""SELECT e.day, count(*) FROM event e WHERE {_COUNTS} GROUP BY e.day"""  # noqa: S608
_BY_DAY_OF_TOPIC = f"""SELECT e.day, count(*) FROM event e {_ITEM}
    WHERE {_COUNTS} AND i.topic = :topic GROUP BY e.day"""  # noqa: S608
_SECONDS = f"""SELECT e.day, sum({_CAPPED}) FROM event e {_ITEM}
    JOIN answer a ON a.event = e.key WHERE {_COUNTS} AND {_TOPIC} GROUP BY e.day"""  # noqa: S608
_TIMES = f"""SELECT i.kind = 'card', min(CAST(a.seconds AS INTEGER), {LONGEST_SECONDS}), count(*)
    FROM event e {_ITEM} JOIN answer a ON a.event = e.key
    WHERE {_COUNTS} AND {_TOPIC} AND a.seconds >= 0 GROUP BY 1, 2"""  # noqa: S608
_MISTAKES = f"""SELECT t.pack, a.mistake, e.day, count(*)
    FROM event e {_ITEM} JOIN topic t ON t.key = i.topic JOIN answer a ON a.event = e.key
    WHERE {_COUNTS} AND {_TOPIC} AND a.mistake IS NOT NULL GROUP BY 1, 2, 3"""  # noqa: S608
_EXERCISES = f"""SELECT e.day, count(*) FROM event e {_ITEM}
    WHERE {_COUNTS} AND {_TOPIC} AND i.kind <> 'card' GROUP BY e.day"""  # noqa: S608
# Practice is rare and has no index: one pass over the events, and only what it finds is looked up.
_PRACTICE = f"""SELECT e.day, count(*), sum({_CAPPED}), sum(i.kind <> 'card'), count(a.mistake)
    FROM event e CROSS JOIN answer a ON a.event = e.key
    CROSS JOIN item_name n ON n.key = e.item CROSS JOIN item i ON i.key = n.item
    WHERE e.learner = :learner AND e.kind = 'practice' AND e.day >= :since AND e.day <= :until
    AND {_TOPIC} AND NOT {_UNDONE.format(event="e")} GROUP BY e.day"""  # noqa: S608
_STABILITIES = """SELECT stability FROM memory WHERE learner = :learner AND active = 1
    AND phase = 2 AND (:topic IS NULL OR topic = :topic)"""
_LEARNED = """SELECT topic, stability, last_day FROM memory WHERE learner = :learner AND active = 1
    AND (:topic IS NULL OR topic = :topic)"""
_DUE = """SELECT max(due_day, :day), count(*) FROM memory WHERE learner = :learner AND active = 1
    AND due_at IS NULL AND due_day <= :until AND (:topic IS NULL OR topic = :topic) GROUP BY 1"""
_STEPS = """SELECT max(due_day, :day), count(*) FROM memory WHERE learner = :learner
    AND active = 1 AND due_at IS NOT NULL AND (:topic IS NULL OR topic = :topic) GROUP BY 1"""
_FRESH = """SELECT count(*) FROM fresh WHERE learner = :learner
    AND (:topic IS NULL OR topic = :topic)"""
_SAMPLE = """SELECT item, phase, step, stability, difficulty, due_at, due_day, first_day, last_day,
    last_at, reviews, lapses FROM memory WHERE learner = :learner AND active = 1
    AND (:topic IS NULL OR topic = :topic) AND item % :every = 0 ORDER BY item"""
_KNOWN = """SELECT count(*) FROM memory WHERE learner = :learner AND active = 1
    AND (:topic IS NULL OR topic = :topic)"""
_RANGE = "SELECT min(key), max(key) FROM item"
_PARAMETERS = "(SELECT a.parameters FROM answer a WHERE a.event = e.key)"
_HISTORIES = f"""SELECT n.item, e.day, e.rating, e.key, e.counter, d.id, e.id,
    {{parameters}} FROM item i CROSS JOIN item_name n ON n.item = i.key
    CROSS JOIN event e ON e.item = n.key AND e.learner = :learner AND e.kind = 'review'
    CROSS JOIN device d ON d.key = e.device
    WHERE i.key >= :low AND i.key < :high AND {_TOPIC}
    ORDER BY n.item, e.counter, d.id, e.id"""  # noqa: S608
_RESETS = f"""SELECT n.item, e.counter, d.id, e.id FROM event e JOIN device d ON d.key = e.device
    JOIN item_name n ON n.key = e.item WHERE e.learner = :learner AND e.kind IN ({WORDS})
    AND e.kind = 'reset'"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Turned:
    """What turns make of reviews, by the reviews' keys."""

    undone: frozenset[int] = frozenset()
    ratings: Mapping[int, int] = field(default_factory=dict)
    """What a review counts as, where that is not the rating given."""
    turns: Turns = field(default_factory=Turns)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which reviews: study days (both included) and, with `topic`, one topic's key."""

    learner: int
    since: int
    until: int
    topic: int | None = None


@dataclass(frozen=True, slots=True)
class Lived:
    """A review in force: its study day, what it counts as, under which parameters (may be "").

    With `begins` it is the first after the item was reset.
    """

    day: int
    rating: int
    parameters: str
    begins: bool = False


def turned(execute: Execute, learner: int) -> Turned:
    """Which reviews are undone and which count as another rating."""
    turns = Turns.of(
        Turn(Order(_int(row[0]), str(row[1]), str(row[2])), EventKind(str(row[3])), str(row[4]),
             None if row[5] is None else _int(row[5]))
        for row in execute(_TURNS, {"learner": learner})
    )  # fmt: skip
    values = {"learner": learner, "ids": json.dumps(list(turns.by_target))}
    undone: set[int] = set()
    ratings: dict[int, int] = {}
    for key, event, given in execute(_REVIEWS_NAMED, values):
        if not turns.in_force(str(event)):
            undone.add(_int(key))
        elif (rating := turns.rating(str(event), _int(given))) != given:
            ratings[_int(key)] = rating
    return Turned(frozenset(undone), ratings, turns)


def first_day(execute: Execute, learner: int) -> int | None:
    """The study day of the first review, in force or not."""
    row = next(iter(execute(_FIRST_DAY, {"learner": learner})), (None,))
    return None if row[0] is None else _int(row[0])


def reviews_by_day(execute: Execute, scope: Scope, found: Turned) -> dict[int, int]:
    """Reviews on each study day that has any."""
    statement = _BY_DAY if scope.topic is None else _BY_DAY_OF_TOPIC
    return {_int(d): _int(n) for d, n in execute(statement, _values(scope, found))}


def exercises_by_day(execute: Execute, scope: Scope, found: Turned) -> dict[int, int]:
    """Reviews of exercises on each study day that has any: where mistakes can be made."""
    return {_int(d): _int(n) for d, n in execute(_EXERCISES, _values(scope, found))}


def seconds_by_day(execute: Execute, scope: Scope, found: Turned) -> dict[int, float]:
    """Seconds on each study day, an answer counted for `SLOWEST` times its usual time at most."""
    return {_int(d): _float(s) for d, s in execute(_SECONDS, _values(scope, found))}


@dataclass(frozen=True, slots=True)
class Practised:
    """Answers that were given for practice, which no review counts."""

    answers: int
    seconds: float
    exercises: int
    mistakes: int


def practice_by_day(execute: Execute, scope: Scope) -> dict[int, Practised]:
    """Practice in force on each study day that has any, timed as `seconds_by_day`."""
    values = _memory_values(scope) | {"since": scope.since, "until": scope.until}
    return {
        _int(day): Practised(_int(answers), _float(seconds), _int(exercises), _int(mistakes))
        for day, answers, seconds, exercises, mistakes in execute(_PRACTICE, values)
    }


def times(execute: Execute, scope: Scope, found: Turned) -> list[tuple[bool, int, int]]:
    """(whether a card, whole seconds up to `LONGEST_SECONDS`, answers)."""
    rows = execute(_TIMES, _values(scope, found))
    return [(bool(card), _int(seconds), _int(count)) for card, seconds, count in rows]


def mistakes(execute: Execute, scope: Scope, found: Turned) -> list[tuple[str, str, int, int]]:
    """(pack, mistake, study day, times)."""
    rows = execute(_MISTAKES, _values(scope, found))
    return [(str(pack), str(name), _int(day), _int(count)) for pack, name, day, count in rows]


def stabilities(execute: Execute, learner: int, topic: int | None) -> list[float]:
    """Of every item in day-long review that a pack still has, in days."""
    return [_float(s) for (s,) in execute(_STABILITIES, {"learner": learner, "topic": topic})]


def learned(execute: Execute, learner: int, topic: int | None) -> list[tuple[int, float, int]]:
    """(topic, stability, day of the last review) of every reviewed item still in a pack."""
    rows = execute(_LEARNED, {"learner": learner, "topic": topic})
    return [(_int(t), _float(s), _int(d)) for t, s, d in rows]


def due_by_day(execute: Execute, scope: Scope) -> dict[int, int]:
    """Items due on each study day of the scope, those due before it on its first."""
    values = _memory_values(scope) | {"day": scope.since, "until": scope.until}
    found: dict[int, int] = {}
    for statement in (_DUE, _STEPS):
        for day, count in execute(statement, values):
            found[_int(day)] = found.get(_int(day), 0) + _int(count)
    return {day: count for day, count in found.items() if day <= scope.until}


def fresh(execute: Execute, learner: int, topic: int | None) -> int:
    """Items never reviewed."""
    rows = execute(_FRESH, {"learner": learner, "topic": topic})
    return next((_int(row[0]) for row in rows), 0)


def sample(
    execute: Execute, learner: int, topic: int | None, most: int
) -> tuple[list[Sequence[object]], float]:
    """About `most` memories, evenly over the items, and how many each of them stands for."""
    values: dict[str, object] = {"learner": learner, "topic": topic}
    known = next((_int(row[0]) for row in execute(_KNOWN, values)), 0)
    every = max(1, -(-known // max(1, most)))
    rows = list(execute(_SAMPLE, values | {"every": every}))
    return rows, known / len(rows) if rows else 1.0


def histories(
    execute: Execute,
    scope: Scope,
    found: Turned,
    *,
    at_once: int = 2000,
    parameters: bool = False,
) -> Iterator[list[list[Lived]]]:
    """The reviews in force of every item, in order, some items at a time.

    The days of the scope are not looked at. Without `parameters` the reviews name none: reading
    them costs a look-up for each.
    """
    resets = _resets(execute, scope.learner, found.turns)
    low, high = next(iter(execute(_RANGE, {})), (None, None))
    statement = _HISTORIES.format(parameters=_PARAMETERS if parameters else "''")
    for start in range(_int(low or 0), _int(high or -1) + 1, at_once):
        values = _memory_values(scope) | {"low": start, "high": start + at_once}
        yield _grouped(execute(statement, values), found, resets)


def _grouped(
    rows: Iterable[Sequence[Any]], found: Turned, resets: Mapping[int, list[Order]]
) -> list[list[Lived]]:
    items: list[list[Lived]] = []
    current: object = None
    waiting: list[Order] = []
    begins = False
    undone, ratings = found.undone, found.ratings
    for item, day, rating, key, counter, device, event, used in rows:
        if item != current:
            current, begins = item, False
            waiting = list(resets.get(item, ())) if resets else []
            items.append([])
        while waiting and waiting[0].key() < (counter, device, event):
            waiting.pop(0)
            begins = True
        if key in undone:
            continue
        items[-1].append(Lived(day, ratings.get(key, rating), used or "", begins))
        begins = False
    return [item for item in items if item]


def _resets(execute: Execute, learner: int, turns: Turns) -> dict[int, list[Order]]:
    """By item, its resets in force, oldest first."""
    resets: dict[int, list[Order]] = {}
    for item, counter, device, event in execute(_RESETS, {"learner": learner}):
        if turns.in_force(str(event)):
            order = Order(_int(counter), str(device), str(event))
            resets.setdefault(_int(item), []).append(order)
    return {item: sorted(orders, key=Order.key) for item, orders in resets.items()}


def _values(scope: Scope, found: Turned) -> dict[str, object]:
    return _memory_values(scope) | {
        "since": scope.since,
        "until": scope.until,
        "undone": json.dumps(sorted(found.undone)),
    }


def _memory_values(scope: Scope) -> dict[str, object]:
    return {"learner": scope.learner, "topic": scope.topic}


def _int(value: object) -> int:
    assert isinstance(value, int), value
    return value


def _float(value: object) -> float:
    assert isinstance(value, float | int), value
    return float(value)
