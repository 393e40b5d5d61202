"""Two machines' progress made one: the union of their logs.

Promise: nothing is written before it was asked for, a copy of what is here is made before, and
all of it is one transaction; whoever merges in whatever order, how often ever, gets the same log.
Two learner ids are one person only if somebody says so. Must not ask: `merged` is told.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.progress.backup import back_up
from app.progress.foreign import ForeignFile, clean_copy
from app.progress.merging import LogsDifferError, Merging, News
from app.progress.problems import StoreProblem, problem_of
from app.progress.replacing import require_alone
from app.progress.store import Store
from app.study.clock import Clock
from app.study.doctor import renew
from app.study.journal import schedulers
from app.transfer.workplace import workplace


@dataclass(frozen=True, slots=True)
class Meeting:
    """This progress and another, compared."""

    news: News
    store: Store
    merging: Merging
    clock: Clock
    backups: Path

    @property
    def asks(self) -> bool:
        """Whether somebody must say first that both are the same person. Where nothing was
        studied here yet there is nobody else."""
        return not self.news.known and self.news.own_reviews > 0


@contextmanager
def meeting(
    file: Path, database: Path, backups: Path, clock: Clock, *, dry: bool = False
) -> Iterator[Meeting]:
    """Look at the other file and compare. Raises `ForeignFile`, `StoreProblem`.

    With `dry` no progress file is made where there is none.
    """
    if database.exists():
        if file.exists() and file.samefile(database):
            raise ForeignFile("itself", file)
        require_alone(database)
    with workplace(database) as folder:
        other = checked(file, folder, clock)
        if dry and not database.exists():
            database = folder / "none.sqlite"
        store = Store.open(database, clock=clock, backups=backups)
        try:
            with store.beside(other) as merging:
                try:
                    news = merging.news()
                except LogsDifferError as error:
                    raise ForeignFile("differs", file, reason=error) from error
                except ValueError as error:
                    raise ForeignFile("damaged", file, reason=error) from error
                yield Meeting(news, store, merging, clock, backups)
        finally:
            store.close()


def merge(found: Meeting) -> Path | None:
    """Add what is new; the copy of what was here, None where nothing was new.

    Raises `StoreProblem`; nothing was then written.
    """
    if found.news.nothing:
        return None
    store = found.store
    try:
        copy = back_up(store.path, found.backups, found.clock.now())
    except (OSError, sqlite3.Error) as error:
        raise problem_of(error, store.path) from error
    with store.transaction():
        renew(store, found.clock, found.merging.absorb())
    return copy


def checked(file: Path, folder: Path, clock: Clock) -> Path:
    """A clean copy that this Gradus can schedule from. Raises `ForeignFile`."""
    clean = clean_copy(file, folder)
    store = Store.open(clean, clock=clock, backups=folder)
    try:
        schedulers(store.log.parameters(), store)
    except StoreProblem as problem:
        revision = problem.details.get("revision", "?")
        raise ForeignFile("newer", file, revision=revision) from problem
    finally:
        store.close()
    return clean
