"""What a progress file holds, in figures a person can compare.

Promise: read-only; a file that cannot be read is None. Must not decide anything.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

_REVIEWS = "SELECT count(*), min(day), max(day) FROM event WHERE kind = 'review'"
_IDS = "SELECT id FROM event WHERE kind = 'review'"


@dataclass(frozen=True, slots=True)
class Contents:
    """Reviews in a progress file, and from the study day of the first to that of the last."""

    reviews: int
    first_day: int | None
    last_day: int | None


def contents(path: Path) -> Contents | None:
    """What is in that file."""
    try:
        with _reading(path) as database:
            return Contents(*database.execute(_REVIEWS).fetchone())
    except (sqlite3.Error, OSError):
        return None


def reviews_only_in(path: Path, other: Path) -> int:
    """How many reviews the first file has and the second has not."""
    try:
        with _reading(path) as one, _reading(other) as another:
            known = {row[0] for row in another.execute(_IDS)}
            return sum(row[0] not in known for row in one.execute(_IDS))
    except (sqlite3.Error, OSError):
        return 0


def _reading(path: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True))
