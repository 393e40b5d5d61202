"""Reading the log out of a progress file: its reviews one by one, or everything, in canonical form.

Promise: the file is opened read-only and seen at one moment, rows are streamed (memory does not
grow with the log), standard library only. Two files that hold the same log give the same canonical
lines, byte for byte, whatever the keys inside them. Must not know formats of files or of people.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from app.progress.events import EventKind, Order, Turn, Turns
from app.progress.problems import problem_of
from app.progress.steps import apart, played

LOG_FORMAT = "gradus-log/1"
_BATCH = 500
"""Reviews whose undos are looked up together: below SQLite's older limit of 999 variables."""
_BUSY_SECONDS = 2.0

_REVIEWS = """SELECT e.counter, d.id, e.id, n.name, e.kind, e.at, e.day, e.rating, a.proposed,
        a.verdict, a.mistake, a.typed, a.measured, a.seconds, a.hints, a.seed, a.draw,
        a.pack_version, a.content_hash
    FROM event e INDEXED BY ix_event_counter
    JOIN device d ON d.key = e.device
    JOIN item_name n ON n.key = e.item
    JOIN answer a ON a.event = e.key
    WHERE e.kind IN ('review', 'practice') AND e.learner = :learner
    ORDER BY e.counter, d.id, e.id"""
_TURNS = """SELECT e.counter, d.id, e.id, e.kind, e.target, e.rating FROM event e
    JOIN device d ON d.key = e.device WHERE e.target IN ({marks})"""
_EVENTS = """SELECT {columns} FROM event e INDEXED BY ix_event_counter
    JOIN device d ON d.key = e.device LEFT JOIN item_name n ON n.key = e.item
    LEFT JOIN answer a ON a.event = e.key LEFT JOIN parameter_set p ON p.event = e.key
    WHERE e.learner = :learner ORDER BY e.counter, d.id, e.id"""
_ROUNDS = """SELECT r.key, {columns} FROM drill_round r JOIN device d ON d.key = r.device
    WHERE r.learner = :learner ORDER BY r.at, d.id, r.id"""
_KEYS = frozenset({"key", "learner"})
"""Columns that mean something in one file only."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An answer as the log tells it now."""

    order: Order
    item: str
    """Full name of the item, as it was called then."""
    kind: EventKind
    """`review`, or `practice`: answered without being scheduled."""
    at: int
    day: int
    rating: int | None
    """What it counts as: a later change of the rating included. None for practice."""
    given: int | None
    """The rating first given."""
    proposed: int | None
    in_force: bool
    """False once it was taken back."""
    verdict: str | None
    mistake: str | None
    typed: str | None
    measured: str | None
    seconds: float
    hints: int
    seed: int
    draw: str
    pack_version: str
    content_hash: str


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """The file as it is at this moment, read-only. Database errors become `StoreProblem`."""
    try:
        uri = f"{path.resolve().as_uri()}?mode=ro"
        with closing(
            sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)
        ) as database:
            database.execute("BEGIN")
            yield database
    except sqlite3.Error as error:
        raise problem_of(error, path) from error


def recorded(database: sqlite3.Connection) -> Iterator[Recorded]:
    """Every answer in the order of the log, those taken back too."""
    cursor = database.execute(_REVIEWS, {"learner": _learner(database)[0]})
    while rows := cursor.fetchmany(_BATCH):
        turns = _turns(database, [row[2] for row in rows])
        for counter, device, event, item, kind, at, day, given, *answer in rows:
            yield Recorded(
                Order(counter, device, event),
                item,
                EventKind(kind),
                at,
                day,
                None if given is None else turns.rating(event, given),
                given,
                answer[0],
                turns.in_force(event),
                *answer[1:],
            )


def canonical_lines(database: sqlite3.Connection) -> Iterator[str]:
    """The whole log, one JSON object a line: whose it is, events by (counter, device, id), then
    each drill with its steps. Fields that are empty are left out."""
    learner, name = _learner(database)
    others = [row[0] for row in database.execute("SELECT id FROM learner_alias ORDER BY id")]
    yield _line({"type": "log", "format": LOG_FORMAT, "learner": name, "also": others or None})
    tables = {"e": "event", "a": "answer", "p": "parameter_set"}
    columns = {
        f"{short}.{column}": column
        for short, table in tables.items()
        for column in _columns(database, table)
        if column not in _KEYS and not (short != "e" and column == "event")
    }
    columns |= {"e.device": "device", "e.item": "item"}
    shown = {"e.device": "d.id", "e.item": "n.name"}
    sql = _EVENTS.format(columns=", ".join(shown.get(c, c) for c in columns))
    names = list(columns.values())
    for row in database.execute(sql, {"learner": learner}):
        yield _line({"type": "event", **dict(zip(names, row, strict=True))})
    yield from _drills(database, learner)


def _drills(database: sqlite3.Connection, learner: int) -> Iterator[str]:
    names = [c for c in _columns(database, "drill_round") if c not in _KEYS]
    columns = ", ".join("d.id" if c == "device" else f"r.{c}" for c in names)
    for key, *row in database.execute(_ROUNDS.format(columns=columns), {"learner": learner}):
        told = dict(zip(names, row, strict=True))
        yield _line({"type": "drill", **told})
        round_ = str(told["id"])
        # Which of two ways a drill went on is the main one differs between machines: all alike.
        links = [*played(database, key, round_), *apart(database, key, round_)]
        for link in sorted(links, key=lambda link: (link.position, link.id)):
            yield _line({"type": "step", "drill": round_, **asdict(link)})


def _turns(database: sqlite3.Connection, events: Sequence[str]) -> Turns:
    """Turns about those events, and turns about these turns (a rerate may be undone)."""
    found: list[Turn] = []
    targets = list(events)
    while targets:
        more: list[Turn] = []
        for start in range(0, len(targets), _BATCH):
            some = targets[start : start + _BATCH]
            rows = database.execute(_TURNS.format(marks=", ".join("?" * len(some))), some)
            more += [
                Turn(Order(counter, device, event), EventKind(kind), target, rating)
                for counter, device, event, kind, target, rating in rows
            ]
        found += more
        targets = [turn.order.id for turn in more]
    return Turns.of(found)


def _learner(database: sqlite3.Connection) -> tuple[int, str]:
    row = database.execute("SELECT key, id FROM learner ORDER BY key LIMIT 1").fetchone()
    return (0, "") if row is None else row


def _columns(database: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in database.execute(f"PRAGMA table_info({table})")]


def _line(values: Mapping[str, object]) -> str:
    told = {name: value for name, value in values.items() if value is not None}
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
