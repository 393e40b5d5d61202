"""What a learner knows of items that an update changes.

Promise: opens the progress file for a moment and closes it; raises `StoreProblem` with nothing
written. Must not decide what becomes of the items.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from app.paths import Paths
from app.progress.store import Store
from app.study.clock import Clock
from app.study.starting_over import remembered, start_over


def known(paths: Paths, names: Iterable[str]) -> tuple[str, ...]:
    """Those of the items (full names) that have a schedule."""
    with _store(paths, Clock.from_environment()) as store:
        return remembered(store, names)


def start_anew(paths: Paths, names: Iterable[str]) -> int:
    """Make the items new again; how many it was."""
    clock = Clock.from_environment()
    with _store(paths, clock) as store:
        return start_over(store, clock, names)


@contextmanager
def _store(paths: Paths, clock: Clock) -> Iterator[Store]:
    store = Store.open(paths.database, clock=clock, backups=paths.backups)
    try:
        yield store
    finally:
        store.close()
