"""Backups: made by hand, made every study day, listed, thinned.

Promise: a backup is whole and sound or absent; what a person made by hand is never removed.
Automatic ones are made on a thread of their own, at most one a study day and only where something
was written since, and whatever goes wrong with them is no business of the study.

In the folder, `progress-...` were made before a risky step, `daily-...` automatically,
`kept-...` by hand.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.progress.backup import STAMP, copy_database, copy_into
from app.progress.problems import problem_of
from app.study.clock import Clock
from app.transfer.thinning import kept
from app.transfer.workplace import sweep

DAILY, BY_HAND = "daily", "kept"
_NAME = re.compile(r"(?P<kind>[a-z]+)-(?P<stamp>\d{8}-\d{6})(-\d+)?\.sqlite\Z")
_LOG_SIZE = "SELECT count(*), coalesce(max(counter), 0) FROM event"
_CONTENTS = """SELECT count(*), max(day) FROM event WHERE kind = 'review'"""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup in the folder."""

    path: Path
    kind: str
    at: datetime
    size: int
    reviews: int | None = None
    """None where it cannot be read."""
    last_day: int | None = None


def back_up_by_hand(database: Path, folder: Path, clock: Clock, target: Path | None = None) -> Path:
    """Copy the progress to `target`, or into the folder. Raises `StoreProblem`."""
    try:
        if target is None:
            return copy_into(database, folder, BY_HAND, clock.now())
        copy_database(database, target)
    except (OSError, sqlite3.Error) as error:
        raise problem_of(error, database if target is None else target) from error
    return target


def listed(folder: Path) -> list[Backup]:
    """What is in the folder, the newest first."""
    found = [
        Backup(path, kind, at, path.stat().st_size, *_contents(path))
        for path, kind, at in _named(folder)
    ]
    return sorted(found, key=lambda backup: (backup.at, backup.path.name), reverse=True)


def begin_daily(database: Path, folder: Path, clock: Clock) -> threading.Thread:
    """Make today's backup if there is none, beside everything else that goes on; what a killed
    process left goes."""
    thread = threading.Thread(
        target=_daily_quietly, args=(database, folder, clock), name="backup", daemon=True
    )
    thread.start()
    return thread


def daily(database: Path, folder: Path, clock: Clock) -> Path | None:
    """Make today's backup and thin the others; None where there is nothing new to keep."""
    made = sorted((at, path) for path, kind, at in _named(folder) if kind == DAILY)
    if made:
        newest_at, newest = made[-1]
        if clock.day(newest_at) == clock.today() or _size(newest) == _size(database):
            return None
    for left in folder.glob(f"{DAILY}-*.partial*"):
        left.unlink(missing_ok=True)  # a process ended while it copied
    copy = copy_into(database, folder, DAILY, clock.now())
    thin(folder, clock)
    return copy


def thin(folder: Path, clock: Clock) -> None:
    """Remove the automatic backups that are no longer kept."""
    dated = {(clock.day(at), path.name): path for path, kind, at in _named(folder) if kind == DAILY}
    for gone in dated.keys() - kept(dated, clock.today()):
        dated[gone].unlink(missing_ok=True)


def _daily_quietly(database: Path, folder: Path, clock: Clock) -> None:
    try:
        sweep(database.parent)
        daily(database, folder, clock)
    except (OSError, sqlite3.Error):
        return  # a full or read-only disk: the next opening tries again


def _named(folder: Path) -> Iterator[tuple[Path, str, datetime]]:
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        match = _NAME.match(path.name)
        if match:
            try:
                at = datetime.strptime(match["stamp"], STAMP).replace(tzinfo=UTC)
            except ValueError:
                continue
            yield path, match["kind"], at


def _size(path: Path) -> tuple[int, int]:
    """How many events, and the last one's counter: what tells one log from a later one."""
    row = _read(path, _LOG_SIZE)
    return int(row[0]), int(row[1])


def _contents(path: Path) -> tuple[int | None, int | None]:
    try:
        return _read(path, _CONTENTS)
    except sqlite3.Error:
        return None, None


def _read(path: Path, sql: str) -> tuple[int, int]:
    uri = f"{path.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as database:
        row: tuple[int, int] = database.execute(sql).fetchone()
        return row
