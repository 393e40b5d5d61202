"""Copies of the database: before a risky step, by hand, every day.

Promise: a copy is complete and on the disk, or absent (written beside, then renamed); it is one
file, without a write-ahead log, so it can be carried away and read from anywhere. Reads through
SQLite, so what still stands in the write-ahead log is in the copy. Only the newest copies made
before risky steps are kept; no other copy is removed here.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

KEPT = 5
"""Copies made before risky steps that are kept; older ones go once a new one is complete."""
STAMP = "%Y%m%d-%H%M%S"


def back_up(
    database: Path, folder: Path, now: datetime, source: sqlite3.Connection | None = None
) -> Path:
    """Copy `database` into `folder`; returns the copy. Raises OSError or sqlite3.Error.

    `source` is an open connection to it, where one holds it alone.
    """
    copy = _named(database, folder, database.stem, now)
    if source is None:
        copy_database(database, copy, verify=False)
    else:
        _write(source, copy, verify=False)
    for old in sorted(folder.glob(f"{database.stem}-*{database.suffix}"))[:-KEPT]:
        old.unlink(missing_ok=True)
    return copy


def copy_into(database: Path, folder: Path, stem: str, now: datetime) -> Path:
    """A sound copy in `folder` under a name of its own, made of `stem` and the time."""
    copy = _named(database, folder, stem, now)
    copy_database(database, copy)
    return copy


def copy_database(database: Path, copy: Path, *, verify: bool = True) -> None:
    """Write `copy`, replacing what is there. With `verify` a copy that is not sound is refused
    with sqlite3.DatabaseError."""
    uri = f"{database.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as source:
        _write(source, copy, verify=verify)


def _write(source: sqlite3.Connection, copy: Path, *, verify: bool) -> None:
    partial = copy.with_name(f"{copy.stem}.{os.getpid()}.partial")
    try:
        with closing(sqlite3.connect(partial, isolation_level=None)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")
            if verify:
                found = [row[0] for row in target.execute("PRAGMA integrity_check")]
                if found != ["ok"]:
                    raise sqlite3.DatabaseError(found[0])
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(copy)
        settle_folder(copy.parent)
    except BaseException:
        for left in ("", "-wal", "-shm", "-journal"):
            partial.with_name(partial.name + left).unlink(missing_ok=True)
        raise


def settle_folder(folder: Path) -> None:
    """Make a rename in this folder last through a power cut, where the system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _named(database: Path, folder: Path, stem: str, now: datetime) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return unused(folder, f"{stem}-{now.strftime(STAMP)}", database.suffix)


def unused(folder: Path, stem: str, suffix: str) -> Path:
    """A path that is not there yet."""
    path, n = folder / f"{stem}{suffix}", 1
    while path.exists():
        path, n = folder / f"{stem}-{n}{suffix}", n + 1
    return path
