"""Whether anything was ever answered, asked with the standard library alone.

Promise: read-only and a few milliseconds, before the store is open. Where it cannot be known,
something was. Must not write.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

_ANY = "SELECT EXISTS (SELECT 1 FROM event WHERE kind = 'review')"


def answered_before(path: Path) -> bool:
    """Whether that progress file holds an answer; a missing file holds none."""
    try:
        if not path.exists():
            return False
        uri = f"{path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=0.05)) as database:
            return bool(database.execute(_ANY).fetchone()[0])
    except (sqlite3.Error, OSError, ValueError):
        return True
