"""Progress as a browser reads it: every item's state in one pass, an item's history, and what was
typed or mistaken where.

Promise: read-only, over a connection of its own with the standard library, so that reading waits
for no answer being saved and holds none up. Every error is a `StoreProblem`. Must not write, and
must not know the texts of items.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from app.progress.counts import _UNDONE
from app.progress.problems import problem_of

_BUSY_SECONDS = 2.0
_CHUNK = 500

_LEARNER = "SELECT key FROM learner WHERE id = coalesce(?, id) ORDER BY key LIMIT 1"
_TOPICS = """SELECT key, pack, name, title, chapter_title FROM topic ORDER BY position"""
NEVER = -(10**9)
"""In the place of a day, where there is none."""

# ruff: noqa: S608  (what is put into these statements are constants and whole numbers)
_ITEMS = f"""SELECT i.key, i.name, i.topic, i.kind, i.level, coalesce(m.phase, 0),
        coalesce(m.due_day, {NEVER}), coalesce(m.stability, 0.0), coalesce(m.difficulty, 0.0),
        coalesce(m.last_day, {NEVER}), coalesce(m.reviews, 0), coalesce(m.lapses, 0),
        coalesce(s.suspended, 0), coalesce(s.buried_until, 0),
        coalesce(s.flag, 0), coalesce(s.note, '')
    FROM item i LEFT JOIN memory m ON m.learner = :learner AND m.item = i.key
    LEFT JOIN standing s ON s.learner = :learner AND s.item = i.key
    WHERE i.present = 1 {{only}} ORDER BY i.rank, i.key"""
_NAMES = "SELECT name FROM item WHERE present = 1"
_OF_ANSWERS = f"""FROM answer a JOIN event e ON e.key = a.event
    JOIN item_name n ON n.key = e.item
    WHERE e.learner = :learner AND NOT {_UNDONE.format(event="e")}"""
_MISTAKES = f"SELECT DISTINCT n.item, a.mistake {_OF_ANSWERS} AND a.mistake IS NOT NULL"
_TYPED = f"""SELECT DISTINCT n.item {_OF_ANSWERS} AND a.typed IS NOT NULL
    AND replace(replace(a.typed, ',', ''), '，', '') LIKE :like ESCAPE '\\'"""
_HISTORY = f"""SELECT e.at, e.day, e.kind,
        coalesce((SELECT r.rating FROM event r WHERE r.target = e.id AND r.kind = 'rerate'
            AND NOT {_UNDONE.format(event="r")} ORDER BY r.counter DESC LIMIT 1), e.rating),
        a.seconds, a.hints, a.typed, a.verdict, a.mistake, {_UNDONE.format(event="e")}
    FROM item_name n JOIN event e ON e.item = n.key JOIN answer a ON a.event = e.key
    WHERE n.item = (SELECT key FROM item WHERE name = :name) AND e.learner = :learner
    ORDER BY e.counter DESC LIMIT :most"""


class ItemState(NamedTuple):
    """An item and what is remembered and said of it; `NEVER` and 0 where it was never reviewed."""

    key: int
    name: str
    topic: int
    kind: str
    level: int
    phase: int
    due_day: int
    stability: float
    difficulty: float
    last_day: int
    reviews: int
    lapses: int
    suspended: int
    buried_until: int
    flag: int
    note: str


class ItemColumns(NamedTuple):
    """The fields of `ItemState` for all items."""

    key: tuple[int, ...]
    name: tuple[str, ...]
    topic: tuple[int, ...]
    kind: tuple[str, ...]
    level: tuple[int, ...]
    phase: tuple[int, ...]
    due_day: tuple[int, ...]
    stability: tuple[float, ...]
    difficulty: tuple[float, ...]
    last_day: tuple[int, ...]
    reviews: tuple[int, ...]
    lapses: tuple[int, ...]
    suspended: tuple[int, ...]
    buried_until: tuple[int, ...]
    flag: tuple[int, ...]
    note: tuple[str, ...]


class TopicName(NamedTuple):
    """A topic; titles by language, or one for all."""

    key: int
    pack: str
    name: str
    title: str | dict[str, str]
    chapter_title: str | dict[str, str]


class Given(NamedTuple):
    """One answer of an item's history; `kind` is "review" or "practice"."""

    at: int
    day: int
    kind: str
    rating: int | None
    seconds: float
    hints: int
    typed: str | None
    verdict: str | None
    mistake: str | None
    undone: int


class Reader:
    """One learner's progress, read."""

    def __init__(self, path: Path, learner: str | None = None) -> None:
        """`learner` is an id, by default the file's own learner."""
        self._path = path
        self._learner = learner

    def topics(self) -> list[TopicName]:
        """Every topic in teaching order."""
        with self._open() as (database, _):
            return [
                TopicName(key, pack, name, json.loads(title), json.loads(chapter))
                for key, pack, name, title, chapter in database.execute(_TOPICS)
            ]

    def columns(self) -> ItemColumns:
        """The items now in the packs, in teaching order: a tuple for each field."""
        with self._open() as (database, learner):
            rows = database.execute(_ITEMS.format(only=""), {"learner": learner}).fetchall()
        empty: tuple[tuple[Any, ...], ...] = ((),) * len(ItemState._fields)
        return ItemColumns._make(tuple(zip(*rows, strict=True)) or empty)

    def items(self, keys: Sequence[int]) -> list[ItemState]:
        """The items with these keys, as far as they are in the packs."""
        with self._open() as (database, learner):
            values = {"learner": learner}
            found: list[ItemState] = []
            for start in range(0, len(keys), _CHUNK):
                wanted = ", ".join(str(int(key)) for key in keys[start : start + _CHUNK])
                sql = _ITEMS.format(only=f"AND i.key IN ({wanted})")
                found += map(ItemState._make, database.execute(sql, values))
            return found

    def names(self) -> set[str]:
        """The items now in the packs."""
        with self._open() as (database, _):
            return {name for (name,) in database.execute(_NAMES)}

    def mistakes(self) -> dict[str, set[int]]:
        """For each mistake, the keys of items it was made at, undone answers left out."""
        found: dict[str, set[int]] = {}
        with self._open() as (database, learner):
            for item, mistake in database.execute(_MISTAKES, {"learner": learner}):
                found.setdefault(mistake, set()).add(item)
        return found

    def typed(self, part: str) -> set[int]:
        """The keys of items that were once answered with that part in the answer, whatever the
        case and the commas in numbers; all that were typed for an empty part."""
        plain = part.replace(",", "").replace("，", "")
        for sign in ("\\", "%", "_"):
            plain = plain.replace(sign, "\\" + sign)
        with self._open() as (database, learner):
            values = {"learner": learner, "like": f"%{plain}%"}
            return {item for (item,) in database.execute(_TYPED, values)}

    def history(self, name: str, most: int = 200) -> list[Given]:
        """The answers given to that item, the newest first."""
        with self._open() as (database, learner):
            values = {"learner": learner, "name": name, "most": most}
            return [Given._make(row) for row in database.execute(_HISTORY, values)]

    @contextmanager
    def _open(self) -> Iterator[tuple[sqlite3.Connection, int]]:
        try:
            uri = f"{self._path.resolve().as_uri()}?mode=ro"
            with closing(sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS)) as database:
                row = database.execute(_LEARNER, (self._learner,)).fetchone()
                yield database, -1 if row is None else row[0]
        except sqlite3.Error as error:
            raise problem_of(error, self._path) from error
