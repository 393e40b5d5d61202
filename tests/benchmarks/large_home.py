"""A learner's home after years: 100,000 cards in an installed pack, 1,000,000 reviews.

Promise: the pack is read by the real loader, the catalogue written by the real study loop, the
tables are those of the migrations; only the rows of the log and of its cache are generated, in
SQL, since typing them in would take weeks. Made once and kept; a copy is handed to whoever writes.
"""

from __future__ import annotations

import shutil
import sqlite3
import sys
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path

from app.paths import Paths
from app.progress.glance import glance
from app.progress.revision import HEAD
from app.progress.store import Store
from app.study.clock import Clock
from app.study.session import Study
from content.compiled import PackLibrary, builtin_root
from engine.client import EngineClient
from tests.benchmarks.places import FOLDER, NOW

TOPICS = 200
CARDS_A_TOPIC = 500
CHAPTERS = 20
REVIEWS = 1_000_000
LEARNED = 90_000
"""Cards with reviews; the others are new."""
DAYS = 730
FRONT = "What is fact"
"""How every generated question begins."""
_DAY_MS = 86_400_000
_VERSION = 1
"""Count it up when what is generated changes."""

# Rows in the order of time: `i` runs over the days; which card a review is of jumps about, so that
# neither table nor index is laid out by luck.
_EVENTS = """
INSERT INTO event (id, learner, device, counter, at, day, kind, item, target, rating)
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :reviews)
SELECT printf('%012x7%019x', :first_at + i * :span / :reviews, i), :learner, :device,
    :counter + i, :first_at + i * :span / :reviews, :first_day + i * :days / :reviews,
    'review', :item + (i * 7919) % :learned, NULL, 1 + (i * 31 % 10 + 5) / 5
FROM n"""
_ANSWERS = """
INSERT INTO answer (event, pack_version, content_hash, parameters, seconds, hints, seed, draw)
SELECT key, '1.0.0', '', :parameters, 4 + key % 20, 0, key, '{}' FROM event WHERE kind = 'review'"""
_TURNS = """
INSERT INTO event (id, learner, device, counter, at, day, kind, item, target, rating)
SELECT printf('%012x7%019x', at + 1, 10000000 + key), learner, device, :counter + :reviews + key,
    at, day, CASE key % 3 WHEN 0 THEN 'undo' ELSE 'rerate' END, NULL, id,
    CASE key % 3 WHEN 0 THEN NULL ELSE 2 END
FROM event WHERE kind = 'review' AND key % 500 = 7"""
# A tenth is due by now, as after a week away; one in a thousand is in a learning step.
_MEMORIES = """
INSERT INTO memory (learner, item, topic, active, phase, step, stability, difficulty, due_at,
    due_day, first_day, last_day, last_at, reviews, lapses)
SELECT :learner, key, topic, 1, CASE WHEN key % 1000 = 1 THEN 3 ELSE 2 END, 0,
    5.0 + key % 300, 3.0 + key % 5,
    CASE WHEN key % 1000 = 1 THEN :last_at + 600000 END,
    CASE WHEN key % 1000 = 1 THEN :today ELSE :today - 7 + (key * 7919) % 100 END,
    :first_day + key % 300, :today - 8 - key % 60, :last_at - (key % 60) * 86400000, 11, key % 3
FROM item WHERE key >= :item AND key < :item + :learned"""


def large_home() -> Path:
    """The folder; made if it is not there, or if what it is made of has changed."""
    home = FOLDER / f"home-{_VERSION}-{HEAD}"
    if not (home / "ready").exists():
        for old in FOLDER.glob("home-*"):
            shutil.rmtree(old)
        begun = time.perf_counter()
        sys.stderr.write("generating 100,000 cards and 1,000,000 reviews ...\n")
        _generate(home)
        (home / "ready").touch()
        sys.stderr.write(f"  {time.perf_counter() - begun:.0f} s\n")
    _open(home)  # the built-in packs may be others by now: read them before any timing
    _warm(home)
    return home


def due_text(home: Path) -> str:
    """What the home screen must say is due: the daily limit's worth and the learning steps."""
    seen = glance(
        Paths.inside(home).database, _clock().today(), new_per_day=20, reviews_per_day=200
    )
    assert seen is not None
    assert seen.due >= 200
    return f"{seen.due} due"


def copy_of(home: Path, name: str) -> Path:
    """The same home, to be written to."""
    copy = FOLDER / name
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(home, copy)
    _open(copy)  # the packs of the copy have paths of their own: read them before any timing
    return copy


def _generate(home: Path) -> None:
    _write_pack(Paths.inside(home).packs / "bench")
    _open(home)
    with closing(sqlite3.connect(Paths.inside(home).database, isolation_level=None)) as database:
        _fill(database)


def _write_pack(folder: Path) -> None:
    folder.mkdir(parents=True)
    chapters = []
    for chapter in range(CHAPTERS):
        topics = [f"t{n:03}" for n in range(TOPICS) if n * CHAPTERS // TOPICS == chapter]
        title = f"{{en: Chapter {chapter}, zh: 第 {chapter} 章}}"
        chapters.append(f"  - {{id: c{chapter}, title: {title}, topics: [{', '.join(topics)}]}}")
    folder.joinpath("pack.yaml").write_text(
        "id: bench\nversion: 1.0.0\ntitle: {en: Facts, zh: 事实}\nlanguages: [en, zh]\nchapters:\n"
        + "\n".join(chapters) + "\n",
        encoding="utf-8",
    )  # fmt: skip
    for n in range(TOPICS):
        cards = [
            f"  - id: f{card:03}\n"
            f"    front: {{en: '{FRONT} {card} of {n}?', zh: '{n} 的 {card}？'}}\n"
            f"    back: {{en: 'It follows from fact {card - 1}.', zh: '由前一条可得。'}}\n"
            for card in range(CARDS_A_TOPIC)
        ]
        folder.joinpath(f"t{n:03}.yaml").write_text(
            f"topic: t{n:03}\ntitle: {{en: Topic {n}, zh: 主题 {n}}}\ncards:\n{''.join(cards)}",
            encoding="utf-8",
        )


def _open(home: Path) -> None:
    """What a first visit does: read the packs, make the tables, mirror the catalogue."""
    paths, clock = Paths.inside(home), _clock()
    library = PackLibrary((builtin_root(), paths.packs), paths.compiled_packs)
    store = Store.open(paths.database, backups=paths.backups, clock=clock)
    Study(store, library, EngineClient(paths.engine_log), clock).close()
    library.close()


def _fill(database: sqlite3.Connection) -> None:
    for pragma in ("journal_mode = MEMORY", "synchronous = OFF", "cache_size = -400000"):
        database.execute(f"PRAGMA {pragma}")
    indexes = database.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        " AND tbl_name IN ('event', 'memory')"
    ).fetchall()
    clock = _clock()
    today, last_at = clock.today(), round(clock.now().timestamp() * 1000)
    values = {
        "reviews": REVIEWS,
        "learned": LEARNED,
        "days": DAYS,
        "span": DAYS * _DAY_MS,
        "today": today,
        "last_at": last_at,
        "first_day": today - DAYS,
        "first_at": last_at - DAYS * _DAY_MS,
        "learner": _one(database, "SELECT key FROM learner"),
        "device": _one(database, "SELECT key FROM device"),
        "counter": 1 + _one(database, "SELECT max(counter) FROM event"),
        "parameters": _one(database, "SELECT id FROM event WHERE kind = 'parameters'"),
        "item": _one(
            database,
            "SELECT min(i.key) FROM item i JOIN topic t ON t.key = i.topic WHERE t.pack = 'bench'",
        ),
    }
    database.execute("BEGIN")
    for name, _ in indexes:
        database.execute(f"DROP INDEX {name}")
    for statement in (_EVENTS, _ANSWERS, _TURNS, _MEMORIES):
        database.execute(statement, values)
    database.execute("DELETE FROM fresh WHERE item IN (SELECT item FROM memory)")
    for _, sql in indexes:
        database.execute(sql)
    database.execute("COMMIT")
    database.execute("PRAGMA journal_mode = WAL")


def _one(database: sqlite3.Connection, sql: str) -> int:
    """The one value; item keys and item-name keys are given out side by side."""
    value: int = database.execute(sql).fetchone()[0]
    return value


def _warm(home: Path) -> None:
    """Into the page cache: a benchmark of a cold disk would measure the disk."""
    for path in (Paths.inside(home).database, Paths.inside(home).compiled_packs):
        with path.open("rb") as file:
            while file.read(1 << 24):
                pass


def _clock() -> Clock:
    return Clock(datetime.fromisoformat(NOW))
