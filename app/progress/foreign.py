"""A progress file from elsewhere: looked at, and copied row by row into a clean one.

Promise: the file is data. It is opened read-only, nothing of its schema is ever run (its triggers
and views are not copied, its functions are refused), every value is checked, and what is worked
with is a fresh database that our own migrations built. Whatever is wrong with it is a
`ForeignFile`, and nothing was written anywhere but in the folder that was given.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from app.locale import Locale
from app.progress.checking import LARGEST, UNSOUND, Checker
from app.progress.opening import built
from app.progress.revision import HEAD, OLDER

_HEADER = b"SQLite format 3\x00"
_BESIDE = ("-wal", "-journal", "-shm")
_BUSY_SECONDS = 2.0
_ROWS_AT_ONCE = 1000
_FUNCTIONS = frozenset({"count", "max", "min"})
COPIED = (
    "learner", "learner_alias", "device", "catalogue", "topic", "item", "item_name", "event",
    "answer", "parameter_set", "drill_round", "drill_step", "drill_step_apart", "drill_clock",
)  # fmt: skip
"""Tables whose rows are taken over, in an order in which each finds what it names."""
DERIVED = ("memory", "fresh", "standing")
"""Caches: made anew from the rows taken over."""


class ForeignFile(Exception):  # noqa: N818  (it is a state of affairs, named as people say it)
    """The file cannot be used; it is as it was, and so is the progress here."""

    def __init__(self, code: str, path: Path, **details: object) -> None:
        self.code = code
        self.details = {"file": str(path), **{name: str(value) for name, value in details.items()}}
        super().__init__(f"{code}: {self.details}")

    def describe(self, language: str) -> str:
        """What is wrong with it and what to do, in that language."""
        return Locale(language)(f"transfer.file.{self.code}", **self.details)


def clean_copy(path: Path, folder: Path) -> Path:
    """A database of revision `HEAD` in `folder` with the rows of `path`, its caches empty.

    Raises `ForeignFile`.
    """
    clean = folder / "clean.sqlite"
    try:
        with _opened(path, folder) as source:
            revision = _revision(source, path)
            found = [row[0] for row in source.execute("PRAGMA integrity_check(1)")]
            if found != ["ok"]:
                raise ForeignFile("damaged", path, reason=found[0])
            source.set_authorizer(_only_reading)
            built(clean, revision)
            with closing(sqlite3.connect(clean, isolation_level=None)) as target:
                _copy(source, target, path)
                _require_sound(target, path)
    except (sqlite3.Error, UnicodeError, OverflowError) as error:
        raise ForeignFile("damaged", path, reason=error) from error
    except OSError as error:
        raise ForeignFile("unreadable", path, reason=error.strerror or error) from error
    if revision != HEAD:
        built(clean, HEAD)
    return clean


@contextmanager
def _opened(path: Path, folder: Path) -> Iterator[sqlite3.Connection]:
    """The file, read-only, without leaving anything beside it."""
    if path.is_dir():
        raise ForeignFile("folder", path)
    if not path.is_file():
        raise ForeignFile("absent", path)
    with path.open("rb") as file:
        if file.read(len(_HEADER)) != _HEADER:
            raise ForeignFile("no-database", path)
    beside = [end for end in _BESIDE if path.with_name(path.name + end).exists()]
    place, mode = path, "immutable=1"
    if beside:
        # Another process has it open, or lost it: SQLite joins file and log in a copy of ours.
        place, mode = folder / "seen.sqlite", "mode=rw"
        try:
            with (
                closing(sqlite3.connect(_uri(path, "mode=ro"), uri=True, timeout=_BUSY_SECONDS))
                as source,
                closing(sqlite3.connect(place)) as copy,
            ):  # fmt: skip
                source.backup(copy)
        except sqlite3.OperationalError:
            for end in ("", *(end for end in beside if end != "-shm")):
                shutil.copyfile(path.with_name(path.name + end), place.with_name(place.name + end))
    with closing(sqlite3.connect(_uri(place, mode), uri=True, isolation_level=None)) as database:
        database.execute("PRAGMA trusted_schema = OFF")
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST)
        yield database


def _uri(path: Path, mode: str) -> str:
    return f"{path.resolve().as_uri()}?{mode}"


def _revision(source: sqlite3.Connection, path: Path) -> str:
    tables = _tables(source)
    if not {"alembic_version", "event"} <= tables.keys():
        raise ForeignFile("foreign", path)
    rows = source.execute("SELECT version_num FROM alembic_version LIMIT 2").fetchall()
    if len(rows) != 1 or not isinstance(rows[0][0], str):
        raise ForeignFile("foreign", path)
    revision: str = rows[0][0]
    if revision != HEAD and revision not in OLDER:
        raise ForeignFile("newer", path, revision=revision[:20])
    return revision


def _tables(database: sqlite3.Connection) -> Mapping[str, str]:
    """Real tables alone: a view and a virtual table have no page of their own."""
    return dict(
        database.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND rootpage > 0"
        ).fetchall()
    )


def _only_reading(action: int, _: str | None, second: str | None, *__: object) -> int:
    if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ):
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION and second in _FUNCTIONS:
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _copy(source: sqlite3.Connection, target: sqlite3.Connection, path: Path) -> None:
    target.execute("PRAGMA synchronous = OFF")  # it lasts no longer than this process
    real, ours = _tables(source), _tables(target)
    target.execute("BEGIN")
    for table in (table for table in COPIED if table in ours):
        if table not in real:
            raise ForeignFile("damaged", path, reason=table)
        checker = Checker(table, target)
        names = ", ".join(f'"{name}"' for name in checker.names)
        rows = source.execute(f"SELECT {names} FROM {table}")  # noqa: S608
        insert = f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(checker.names))})"  # noqa: S608
        while some := rows.fetchmany(_ROWS_AT_ONCE):
            for row in some:
                wrong = checker.wrong(row)
                if wrong is not None:
                    raise ForeignFile("damaged", path, reason=f"{table}.{wrong}")
            target.executemany(insert, some)
    target.execute("COMMIT")


def _require_sound(target: sqlite3.Connection, path: Path) -> None:
    if target.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise ForeignFile("damaged", path, reason="foreign_key_check")
    if target.execute("SELECT count(*) FROM learner").fetchone() == (0,):
        raise ForeignFile("empty", path)
    if target.execute("SELECT count(*) FROM learner").fetchone() != (1,):
        raise ForeignFile("several", path)
    tables = _tables(target)
    for reason, (needs, sql) in UNSOUND.items():
        if needs in tables and target.execute(sql).fetchone() is not None:
            raise ForeignFile("damaged", path, reason=reason)
