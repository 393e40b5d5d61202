"""Putting other contents into the progress file.

Promise: refused while another process has the file open (`StoreProblem` "in-use"); one SQLite
transaction, so a process killed at any moment leaves the old contents or the new ones. What the
file held is copied first; a file that SQLite cannot open is copied as it lies, with its log, and
replaced by a rename.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from app.progress.backup import STAMP, back_up, copy_database, settle_folder, unused
from app.progress.problems import StoreProblem, problem_of

_WAIT_SECONDS = 0.5
_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_LOGS = ("-wal", "-journal")


def require_alone(path: Path) -> None:
    """Raises `StoreProblem` "in-use" where another process has the file open."""
    try:
        with _alone(path):
            return
    except sqlite3.Error as error:
        raise problem_of(error, path) from error


def replace_contents(path: Path, contents: Path, backups: Path, now: datetime) -> Path | None:
    """Make `path` hold what `contents` holds; the copy of what it held, None if it was not there.

    Raises `StoreProblem`; `path` is then as it was.
    """
    try:
        if not path.exists() or path.stat().st_size == 0:
            path.parent.mkdir(parents=True, exist_ok=True)
            copy_database(contents, path)
            return None
        try:
            with _alone(path) as target:
                copy = back_up(path, backups, now, target)
                with closing(sqlite3.connect(contents)) as source:
                    source.backup(target)
                return copy
        except sqlite3.DatabaseError as error:
            if not (getattr(error, "sqlite_errorname", None) or "").startswith(_DAMAGED):
                raise
        return _replace_damaged(path, contents, backups, now)
    except (OSError, sqlite3.Error) as error:
        raise problem_of(error, path) from error


@contextmanager
def _alone(path: Path) -> Iterator[sqlite3.Connection]:
    """The only connection to the file: every other one, an idle one too, holds a lock on it."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=_WAIT_SECONDS)) as database:
        database.execute("PRAGMA locking_mode = EXCLUSIVE")
        try:
            database.execute("BEGIN IMMEDIATE")
            database.execute("ROLLBACK")
            database.execute("PRAGMA synchronous = FULL")
        except sqlite3.OperationalError as error:
            if (getattr(error, "sqlite_errorname", None) or "").startswith("SQLITE_BUSY"):
                raise StoreProblem("in-use", {"path": str(path)}) from error
            raise
        yield database


def _replace_damaged(path: Path, contents: Path, backups: Path, now: datetime) -> Path:
    backups.mkdir(parents=True, exist_ok=True)
    aside = unused(backups, f"damaged-{now.strftime(STAMP)}", path.suffix)
    for end in ("", *_LOGS):
        lying = path.with_name(path.name + end)
        if lying.exists():
            shutil.copyfile(lying, aside.with_name(aside.name + end))
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    copy_database(contents, partial)
    # The log of the damaged file must not be played into the new one.
    for end in (*_LOGS, "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    partial.replace(path)
    settle_folder(path.parent)
    return aside
