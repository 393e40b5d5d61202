"""A private folder beside the progress file, for what is looked at before it is used.

Promise: it goes when the work is done; where a process was killed in it, whoever begins next, or
the next start, takes it away. A folder that a running process holds is never touched: each holds
a lock that ends with its process. Must not know what is put into it.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from app.progress.problems import problem_of

PREFIX = ".work-"
_LOCK = "held"
_TRIES = 3


@contextmanager
def workplace(database: Path) -> Iterator[Path]:
    """An empty folder of this process. Raises `StoreProblem` where none can be made."""
    beside = database.parent
    new = not beside.exists()
    try:
        beside.mkdir(parents=True, exist_ok=True)
        sweep(beside)
        folder, lock = _held(beside)
    except (OSError, sqlite3.Error) as error:
        raise problem_of(error, database) from error
    try:
        with closing(lock):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if new:
            with suppress(OSError):  # something was put there, and stays
                beside.rmdir()


def sweep(beside: Path) -> None:
    """Remove the folders of processes that are no more."""
    for folder in beside.glob(f"{PREFIX}*"):
        with suppress(sqlite3.Error):  # another process holds it
            with closing(_lock(folder)):
                shutil.rmtree(folder, ignore_errors=True)
            shutil.rmtree(folder, ignore_errors=True)  # Windows keeps a lock while it is held


def _held(beside: Path) -> tuple[Path, sqlite3.Connection]:
    for left in reversed(range(_TRIES)):
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=beside))
        try:
            lock = _lock(folder)
        except sqlite3.Error:
            shutil.rmtree(folder, ignore_errors=True)
            if not left:
                raise
            continue
        if (folder / _LOCK).exists():
            return folder, lock
        lock.close()  # another process swept it before it was held
    raise OSError(f"nothing stays in {beside}")


def _lock(folder: Path) -> sqlite3.Connection:
    """SQLite's own lock, which every system has and which no killed process keeps."""
    database = sqlite3.connect(
        folder / _LOCK, isolation_level=None, timeout=0, check_same_thread=False
    )
    try:
        database.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error:
        database.close()
        raise
    return database
