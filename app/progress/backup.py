"""Copies of the database, made before a risky step.

Promise: a copy is complete or absent (written beside, then renamed), and the newest few are kept.
Reads through SQLite, so what still stands in the write-ahead log is in the copy.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

KEPT = 5
"""Copies kept; older ones are removed once a new one is complete."""


def back_up(database: Path, folder: Path, now: datetime) -> Path:
    """Copy `database` into `folder`; returns the copy. Raises OSError or sqlite3.Error."""
    folder.mkdir(parents=True, exist_ok=True)
    copy = _unused(folder, f"{database.stem}-{now:%Y%m%d-%H%M%S}", database.suffix)
    partial = copy.with_suffix(".partial")
    try:
        with (
            closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(partial)) as target,
        ):
            source.backup(target)
        partial.replace(copy)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    for old in sorted(folder.glob(f"{database.stem}-*{database.suffix}"))[:-KEPT]:
        old.unlink(missing_ok=True)
    return copy


def _unused(folder: Path, stem: str, suffix: str) -> Path:
    path, n = folder / f"{stem}{suffix}", 1
    while path.exists():
        path, n = folder / f"{stem}-{n}{suffix}", n + 1
    return path
