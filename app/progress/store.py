"""The store: one learner's progress in one SQLite file.

Promise: what a transaction wrote is on the disk when it ends (`synchronous=FULL`); a transaction
that fails leaves nothing; every database error is a `StoreProblem`. One process may write at a
time, and writers wait for each other a moment. Must not schedule and must not know the time.

`events`, `log`, `memories`, `chosen`, `items` and `rounds` hold what is read and written.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, TextClause, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from app.progress.awake import Awake
from app.progress.chosen import Chosen
from app.progress.events import new_id
from app.progress.items import Items
from app.progress.log import Log
from app.progress.memories import Memories
from app.progress.merging import Merging
from app.progress.models import DeviceRow, LearnerRow
from app.progress.opening import BUSY_SECONDS, let_go, open_database
from app.progress.problems import StoreProblem, problem_of
from app.progress.rounds import Rounds
from app.progress.standings import Standings
from app.progress.turning import Turning

__all__ = ["Store", "StoreProblem"]

_CHECKPOINT_ROWS = 256
"""Rows written after which the write-ahead log is worth writing back: some sixty answers, 4 MB.

Its size would not tell: the file keeps its length when it is written over from its start."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Now(Protocol):
    """A source of time (`app.study.clock.Clock`)."""

    def now(self) -> datetime:
        """This moment, aware."""
        ...


class Store:
    """An open progress file."""

    def __init__(self, path: Path, connection: Connection, now: datetime) -> None:
        self.path = path
        self._connection = connection
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        self._driver = driver
        self._lock = threading.RLock()
        self._checkpointing: threading.Thread | None = None
        self._written_back = 0
        self._texts: dict[str, TextClause] = {}
        with self.transaction():
            self.learner_key, self.learner = _own(connection, LearnerRow, now)
            device_key, self.device = _own(connection, DeviceRow, now)
        self.turning = Turning(connection, self.learner_key)
        self.log = Log(connection, self.learner_key, device_key, self.turning)
        self.memories = Memories(connection, self.learner_key)
        self.standings = Standings(connection, self.learner_key, self.turning)
        self.awake = Awake(connection, self.learner_key)
        self.items = Items(connection, self.awake)
        self.chosen = Chosen(connection, self.learner_key, self.log)
        self.rounds = Rounds(connection, self.learner_key, device_key)

    @classmethod
    def open(cls, path: Path, *, clock: Now, backups: Path | None = None) -> Store:
        """Open, make or migrate the file. Raises `StoreProblem`; the file is then as it was."""
        now = clock.now()
        connection = open_database(path, backups or path.parent / "backups", now)
        try:
            return cls(path, connection, now)
        except BaseException:
            let_go(connection)
            raise

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is written, durably, or nothing is."""
        with self._lock:
            driver = self._driver
            try:
                driver.execute("BEGIN IMMEDIATE")
                yield
                driver.execute("COMMIT")
            except BaseException as error:
                with suppress(sqlite3.Error):
                    if driver.in_transaction:
                        driver.execute("ROLLBACK")
                if isinstance(error, SQLAlchemyError | sqlite3.Error):
                    raise problem_of(error, self.path) from error
                raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Turns database errors of what is read inside into `StoreProblem`."""
        with self._lock:
            try:
                yield
            except (SQLAlchemyError, sqlite3.Error) as error:
                raise problem_of(error, self.path) from error

    @contextmanager
    def beside(self, path: Path) -> Iterator[Merging]:
        """This file and another of the same revision, for merging."""
        with self._lock:
            try:
                self._driver.execute("ATTACH DATABASE ? AS other", (str(path),))
                try:
                    yield Merging(self._driver, self.learner_key)
                finally:
                    self._driver.execute("DETACH DATABASE other")
            except sqlite3.Error as error:
                raise problem_of(error, self.path) from error

    def execute(self, sql: str, values: Mapping[str, object]) -> Iterable[Sequence[object]]:
        """Run a statement of `app.progress.counts`."""
        if sql not in self._texts:
            self._texts[sql] = text(sql)
        return self._connection.execute(self._texts[sql], dict(values)).all()

    def checkpoint(self) -> None:
        """Write the write-ahead log back if it has grown, on a thread of its own: it costs more
        than everything else in an answer together. Call between answers."""
        if self._checkpointing is not None and self._checkpointing.is_alive():
            return
        written = self._driver.total_changes
        if written - self._written_back >= _CHECKPOINT_ROWS:
            self._written_back = written
            self._checkpointing = threading.Thread(
                target=_write_back, args=(self.path,), name="checkpoint", daemon=True
            )
            self._checkpointing.start()

    def settle(self) -> None:
        """Wait for a checkpoint that is under way."""
        if self._checkpointing is not None:
            self._checkpointing.join()

    def problems(self) -> list[str]:
        """SQLite's own verdict on the file: empty if it is sound."""
        with self.reading():
            rows = [
                *self._connection.exec_driver_sql("PRAGMA integrity_check"),
                *self._connection.exec_driver_sql("PRAGMA foreign_key_check"),
            ]
        return [str(row[0]) for row in rows if row[0] != "ok"]

    def close(self) -> None:
        """Close the file; SQLite then writes its log back."""
        self.settle()
        with self._lock, suppress(SQLAlchemyError, sqlite3.Error):
            let_go(self._connection)


def _own(
    connection: Connection, table: type[LearnerRow] | type[DeviceRow], now: datetime
) -> tuple[int, str]:
    """(key, id) of this file's learner or device, made on the first opening."""
    own = select(table.key, table.id).order_by(table.key).limit(1)
    if table is DeviceRow:
        own = own.where(DeviceRow.own)
    row = connection.execute(own).first()
    if row is None:
        created = (now - _EPOCH).total_seconds() * 1000
        values: dict[str, object] = {
            "id": new_id(int(created), secrets.randbits),
            "created": int(created),
        }
        if table is DeviceRow:
            values["own"] = True
        connection.execute(insert(table), values)
        row = connection.execute(own).one()
    return row[0], row[1]


def _write_back(path: Path) -> None:
    with suppress(sqlite3.Error), closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as database:
        database.execute("PRAGMA wal_checkpoint(PASSIVE)")
