"""The next due item out of 1,000,000 cards, against 10,000, and SQLite's plan for finding it.

Both databases are made by the migrations; the rows of catalogue and memories are generated.
"""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from app.progress.memories import Candidate
from app.progress.revision import HEAD
from app.progress.store import Store
from app.study.clock import Clock
from tests.benchmarks.places import FOLDER, NOW
from tests.benchmarks.report import Row, median, ms

_SMALL, _LARGE = 10_000, 1_000_000
_ROUNDS = 400
_RATIO = 1.25
_GOAL = 0.001
_VERSION = 1
"""Count it up when what is generated changes."""

_TOPICS = """
INSERT INTO topic (key, pack, name, title, chapter, chapter_title, position, present)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
SELECT i, 'bench', 't' || i, '"T"', 'c', '"C"', i, 1 FROM n"""
_ITEMS = """
INSERT INTO item (key, name, topic, kind, level, rank, content_hash, present)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :cards)
SELECT i, 'bench:t' || (1 + i % 200) || '/f' || i, 1 + i % 200, 'card', 1, i, '', 1 FROM n"""
_MEMORIES = """
INSERT INTO memory (learner, item, topic, active, phase, step, stability, difficulty, due_at,
    due_day, first_day, last_day, last_at, reviews, lapses)
SELECT :learner, key, topic, 1, 2, 0, 20.0, 5.0, NULL, :today - 7 + key * 7919 % 200, :today - 400,
    :today - 20, :at, 9, 0 FROM item WHERE key % 10 > 0"""
_FRESH = """
INSERT INTO fresh (learner, rank, item, topic)
SELECT :learner, rank, key, topic FROM item WHERE key % 10 = 0"""


def run() -> list[Row]:
    """One row for the next due item, one for the next new one; the plan as a note."""
    clock = Clock(datetime.fromisoformat(NOW))
    today = clock.today()
    small = Store.open(_database(_SMALL, clock), clock=clock)
    large = Store.open(_database(_LARGE, clock), clock=clock)
    try:
        plan = _plan(large, today)
        return [
            _row("next due item", lambda store: store.memories.due(today, 1), small, large, plan),
            _row("next new item", lambda store: store.memories.fresh(1), small, large, ()),
        ]
    finally:
        small.close()
        large.close()


def _row(
    name: str,
    ask: Callable[[Store], list[Candidate]],
    small: Store,
    large: Store,
    plan: tuple[str, ...],
) -> Row:
    few, many = [], []
    for n in range(_ROUNDS + 20):
        for store, seconds in ((small, few), (large, many))[:: 1 if n % 2 else -1]:
            begun = time.perf_counter()
            found = ask(store)
            seconds.append(time.perf_counter() - begun)
            assert len(found) == 1
    del few[:20], many[:20]
    ratio = median(many) / median(few)
    return Row(
        f"{name} of {_LARGE:,} cards",
        ms(median(many)),
        f"of {_SMALL:,} cards {ms(median(few))}",
        ratio,
        f"< 1 ms, <= {_RATIO}x",
        ratio <= _RATIO and median(many) < _GOAL and all("SCAN" not in line for line in plan),
        plan,
    )


def _plan(store: Store, today: int) -> tuple[str, ...]:
    """What SQLite says of the very statement the store sends."""
    sent: list[str] = []
    driver = store._driver
    driver.set_trace_callback(sent.append)
    store.memories.due(today, 1)
    driver.set_trace_callback(None)
    rows = driver.execute(f"EXPLAIN QUERY PLAN {sent[-1]}").fetchall()
    return tuple(f"EXPLAIN QUERY PLAN: {row[3]}" for row in rows)


def _database(cards: int, clock: Clock) -> Path:
    path = FOLDER / f"due-{_VERSION}-{HEAD}-{cards}.sqlite"
    if not path.exists():
        FOLDER.mkdir(exist_ok=True)
        sys.stderr.write(f"generating memories of {cards:,} cards ...\n")
        for old in FOLDER.glob(f"due-*-{cards}.sqlite*"):
            old.unlink()
        partial = path.with_name(f"partial-{path.name}")
        for left in FOLDER.glob(f"{partial.name}*"):
            left.unlink()
        Store.open(partial, clock=clock).close()
        with closing(sqlite3.connect(partial, isolation_level=None)) as database:
            _fill(database, cards, clock)
        partial.replace(path)
    return path


def _fill(database: sqlite3.Connection, cards: int, clock: Clock) -> None:
    for pragma in ("journal_mode = MEMORY", "synchronous = OFF", "cache_size = -400000"):
        database.execute(f"PRAGMA {pragma}")
    (learner,) = database.execute("SELECT key FROM learner").fetchone()
    at = round(clock.now().timestamp() * 1000)
    values = {"cards": cards, "learner": learner, "today": clock.today(), "at": at}
    database.execute("BEGIN")
    for statement in (_TOPICS, _ITEMS, _MEMORIES, _FRESH):
        database.execute(statement, values)
    database.execute("COMMIT")
    database.execute("PRAGMA journal_mode = WAL")
