"""Proving and mending the caches: memories and standings against the log, mirrors against both.

Promise: examining writes nothing; mending writes only caches, in one transaction, after a copy of
the file was made. The log is never touched. Counts say what was found, so that "nothing was wrong"
is a statement.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.progress.backup import back_up
from app.progress.problems import problem_of
from app.progress.store import Store
from app.study.clock import Clock
from app.study.journal import memory_of, replay, row_of, schedulers
from app.study.scheduling import Memory, Scheduler

_TOLERANCE = 1e-4
"""Relative, for stability and difficulty: FSRS reckons in 32-bit floats, whose last bits differ
between processors."""


@dataclass(frozen=True, slots=True)
class Difference:
    """An item whose cached memory is not what the log says."""

    item: int
    cached: Memory | None
    replayed: Memory | None


@dataclass(frozen=True, slots=True)
class Findings:
    """What an examination found; `sound` if nothing is wrong."""

    reviews: int = 0
    items: int = 0
    differences: tuple[Difference, ...] = ()
    stale: int = 0
    """Rows that mirror the catalogue, or who sleeps, and do not agree with it."""
    standings: tuple[int, ...] = ()
    """Items that do not stand as the log says: suspended, buried, flagged, noted."""
    damage: tuple[str, ...] = field(default=())
    """SQLite's own findings about the file."""
    rounds: int = 0
    broken_rounds: tuple[tuple[int, str], ...] = ()
    """(round, code of `app.progress.rounds`) of drills whose steps make no round."""

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not (
            self.differences or self.stale or self.standings or self.damage or self.broken_rounds
        )


def verify(store: Store, day: int | None = None) -> Findings:
    """Replay the whole log and compare. Raises `StoreProblem` where it cannot be read.

    `day` is today: what is buried beyond it must sleep. Without it anything buried may.
    """
    damage = tuple(store.problems())
    with store.reading():
        cached = {item: memory_of(row) for item, row in store.memories.everything()}
        replayed, reviews = _replay_all(store)
        stale = store.awake.stale(day)
        standing, said = dict(store.standings.everything()), store.standings.replayed()
        rounds, broken = store.rounds.count(), tuple(store.rounds.damage())
    differences = tuple(
        Difference(item, cached.get(item), replayed.get(item))
        for item in sorted(cached.keys() | replayed.keys())
        if not same(cached.get(item), replayed.get(item))
    )
    wrong = [i for i in sorted(standing.keys() | said.keys()) if standing.get(i) != said.get(i)]
    return Findings(
        reviews, len(replayed), differences, stale, tuple(wrong), damage, rounds, broken
    )


def rebuild(store: Store, clock: Clock, backups: Path | None = None) -> Path:
    """Write every cache anew from the log and the catalogue; returns the copy made before."""
    try:
        copy = back_up(store.path, backups or store.path.parent / "backups", clock.now())
    except (OSError, sqlite3.Error) as error:
        raise problem_of(error, store.path) from error
    with store.transaction():
        renew(store, clock)
    return copy


def renew(store: Store, clock: Clock, items: Sequence[int] | None = None) -> None:
    """Write the caches of these items, or all, anew from the log and the catalogue. Call inside a
    transaction."""
    if items is not None:
        known = schedulers(store.log.parameters(), store)
        for item in items:
            memory = replay(store.log.reviews(item), known)
            store.memories.put(item, None if memory is None else row_of(memory))
        store.standings.put(store.standings.replayed(items))
        store.awake.follow(items, clock.today())
        return
    replayed, _ = _replay_all(store)
    store.memories.replace([(item, row_of(memory)) for item, memory in replayed.items()])
    store.standings.replace(store.standings.replayed())
    store.awake.follow_all(clock.today())


def same(one: Memory | None, other: Memory | None) -> bool:
    """Whether two memories say the same, rounding of different processors aside."""
    if one is None or other is None:
        return one is other
    close = math.isclose(one.stability, other.stability, rel_tol=_TOLERANCE) and math.isclose(
        one.difficulty, other.difficulty, rel_tol=_TOLERANCE
    )
    return close and _exact(one) == _exact(other)


def _exact(memory: Memory) -> tuple[object, ...]:
    return (
        memory.phase,
        memory.step,
        memory.due_at,
        memory.due_day,
        memory.first_day,
        memory.last_day,
        memory.last_at,
        memory.reviews,
        memory.lapses,
    )


def _replay_all(store: Store) -> tuple[dict[int, Memory], int]:
    known: dict[str, Scheduler] = schedulers(store.log.parameters(), store)
    replayed: dict[int, Memory] = {}
    reviews = 0
    for item, found in store.log.all_reviews():
        reviews += len(found)
        memory = replay(found, known)
        if memory is not None:
            replayed[item] = memory
    return replayed, reviews
