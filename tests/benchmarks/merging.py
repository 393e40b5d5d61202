"""Two progress files of 100,000 reviews, half of them shared: merged, merged again, exported.

The logs are generated; merging runs as `gradus merge` does, with its copy and its proof of the
foreign file, and the caches are renewed.
"""

from __future__ import annotations

import resource
import shutil
import sqlite3
import sys
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path

from app.progress.revision import HEAD
from app.progress.store import Store
from app.study.clock import Clock, milliseconds
from app.study.doctor import verify
from app.study.journal import Journal
from app.study.scheduling import Parameters
from app.transfer.merging import meeting, merge
from app.transfer.reviews import export_log, export_reviews
from tests.benchmarks.places import FOLDER, NOW
from tests.benchmarks.report import Row

_REVIEWS, _SHARED, _ITEMS = 100_000, 50_000, 2_000
_VERSION = 1
"""Count it up when what is generated changes."""
_MERGE_GOAL, _AGAIN_GOAL, _EXPORT_GOAL = 60.0, 20.0, 20.0

_TOPIC = """INSERT INTO topic (key, pack, name, title, chapter, chapter_title, position, present)
    VALUES (1, 'bench', 't', '"T"', 'c', '"C"', 1, 1)"""
_ITEM = """INSERT INTO item (key, name, topic, kind, level, rank, content_hash, present)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :items)
    SELECT i, 'bench:t/f' || i, 1, 'card', 1, i, '', 1 FROM n"""
_NAME = "INSERT INTO item_name (key, name, item) SELECT key, name, key FROM item"
_EVENT = """INSERT INTO event (id, learner, device, counter, at, day, kind, item, rating)
    WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last)
    SELECT printf('%s%031x', :letter, i), 1, 1, i + 1, :at + i * 60000, :day + i / 300, 'review',
        1 + i * 7919 % :items, 1 + i * 31 % 4 FROM n"""
_ANSWER = """INSERT INTO answer (event, pack_version, content_hash, parameters, seconds, hints,
        seed, draw, typed, measured, verdict)
    SELECT key, '1.0.0', '', :parameters, 9.5, 0, counter, '{"k": 3, "c": 64}', '1,792', '1792',
        'right' FROM event WHERE kind = 'review' AND counter > :after"""


def run() -> list[Row]:
    """Rows for merging, for merging again and for both exports."""
    clock = Clock(datetime.fromisoformat(NOW))
    one, two = (FOLDER / f"merge-{_VERSION}-{HEAD}-{name}.sqlite" for name in "ab")
    if not two.exists():
        _generate(one, two, clock)
    work = FOLDER / "merge-work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    here = Path(shutil.copy(one, work / "progress.sqlite"))
    merged, new = _merged(two, here, work, clock)
    again, nothing = _merged(two, here, work, clock)
    store = Store.open(here, clock=clock, backups=work)
    sound = verify(store, clock.today()).sound
    store.close()
    exported = _timed(lambda: export_reviews(here, "csv", None, work / "out.csv", everything=True))
    logged = _timed(lambda: export_log(here, None, work / "out.jsonl"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1024 if sys.platform != "darwin" else 2**20
    )
    shutil.rmtree(work)
    total = 2 * _REVIEWS - _SHARED
    return [
        Row(f"merge {new:,} new reviews of {_REVIEWS:,} into {_REVIEWS:,}", f"{merged:.1f} s", "",
            None, f"< {_MERGE_GOAL:.0f} s, sound", merged < _MERGE_GOAL and sound,
            (f"peak memory of the whole run {peak:.0f} MB",)),
        Row("the same again: nothing new", f"{again:.1f} s", "", None,
            f"< {_AGAIN_GOAL:.0f} s", again < _AGAIN_GOAL and nothing == 0),
        Row(f"export {total:,} reviews as CSV", f"{exported:.1f} s", "", None,
            f"< {_EXPORT_GOAL:.0f} s", exported < _EXPORT_GOAL),
        Row("export the whole log", f"{logged:.1f} s", "", None,
            f"< {_EXPORT_GOAL:.0f} s", logged < _EXPORT_GOAL),
    ]  # fmt: skip


def _merged(other: Path, here: Path, work: Path, clock: Clock) -> tuple[float, int]:
    begun = time.perf_counter()
    with meeting(other, here, work, clock) as found:
        merge(found)
        new = found.news.new_reviews
    return time.perf_counter() - begun, new


def _timed(work: object) -> float:
    assert callable(work)
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _generate(one: Path, two: Path, clock: Clock) -> None:
    FOLDER.mkdir(exist_ok=True)
    sys.stderr.write(f"generating two logs of {_REVIEWS:,} reviews ...\n")
    for old in FOLDER.glob("merge-*"):
        if old.is_file():
            old.unlink()
    store = Store.open(one, clock=clock)
    Journal(store, clock, Parameters(), seed=1)
    (parameters,) = (event for event, _ in store.log.parameters())
    store.close()
    values: dict[str, object] = {
        "items": _ITEMS, "parameters": parameters, "at": milliseconds(clock.now()) - 10**10,
        "day": clock.today() - 700,
    }  # fmt: skip
    _fill(one, [_TOPIC, _ITEM, _NAME], values)
    _fill(one, [_EVENT, _ANSWER],
          values | {"letter": "a", "first": 1, "last": _SHARED, "after": 1})  # fmt: skip
    shutil.copy(one, two)
    rest = {"first": _SHARED + 1, "last": _REVIEWS, "after": _SHARED + 1}
    for path, letter in ((one, "b"), (two, "c")):
        _fill(path, [_EVENT, _ANSWER], values | rest | {"letter": letter})


def _fill(path: Path, statements: list[str], values: dict[str, object]) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA synchronous = OFF")
        database.execute("BEGIN")
        for statement in statements:
            database.execute(statement, values)
        database.execute("COMMIT")
