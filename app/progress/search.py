"""The search file: every item's words in an FTS5 table, a cache that may be deleted at any time.

Promise: holds nothing but what the packs say, and never progress: it lies in the cache folder, is
shared by whoever has the same packs, and a damaged or foreign one is made anew. It is not attached
to the progress file: the two have only the items' names in common, a rebuild must not wait for a
learner's transaction nor hold one up, and joining 100,000 rows over two files takes longer than
asking this one for ids and the memories once (see `app.browse.collection`). Must not fold or split:
texts and phrases arrive as tokens.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from app.progress.problems import problem_of

_VERSION = "1"
"""Of the tables and of what is put into them."""
_BUSY_SECONDS = 5.0
_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE doc (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, stamp TEXT NOT NULL,
    en TEXT NOT NULL, zh TEXT NOT NULL, tags TEXT NOT NULL);
CREATE VIRTUAL TABLE words USING fts5(asked, rest, label, tokenize = 'ascii', prefix = '1 2 3');
"""
# The tokenizer splits at spaces and ASCII signs only, and tokens hold neither.
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
"""The last is what SQLite says of a table that is not there."""


class Doc(NamedTuple):
    """An item as it is kept: `stamp` tells its text, the columns are tokens parted by spaces."""

    name: str
    stamp: str
    asked: str
    rest: str
    label: str
    en: str
    zh: str
    tags: str


class Listed(NamedTuple):
    """An item in the file: its number there, first lines, tags parted by spaces."""

    id: int
    name: str
    en: str
    zh: str
    tags: str


class SearchFile:
    """The words of all items. Safe to use from several threads."""

    def __init__(self, path: Path | None) -> None:
        """None keeps it in memory; so does a folder that cannot be written."""
        self._lock = threading.RLock()
        self._path = path
        self._database = self._opened()

    def key(self) -> str:
        """Of which packs it holds all words; empty while it does not."""
        rows = self._all("SELECT value FROM meta WHERE name = 'key'")
        return str(rows[0][0]) if rows else ""

    def stamps(self) -> dict[str, str]:
        """Which text of each item it holds."""
        return dict(self._all("SELECT name, stamp FROM doc"))

    def write(self, docs: Sequence[Doc], gone: Iterable[str] = ()) -> None:
        """Put these in the place of what was held under their names; take `gone` away."""
        with self._lock:
            try:
                self._write(docs, gone)
            except sqlite3.DatabaseError as error:
                self._mend(error)
                self._write(docs, gone)

    def settle(self, key: str) -> None:
        """All words of those packs are in."""
        with self._lock, self._database:
            self._database.execute("REPLACE INTO meta VALUES ('key', ?)", (key,))

    def listing(self) -> list[Listed]:
        """Everything in it."""
        return list(map(Listed._make, self._all("SELECT id, name, en, zh, tags FROM doc")))

    def find(
        self, phrase: Sequence[str], *, prefix: bool, columns: Sequence[str] = ()
    ) -> list[int]:
        """The ids of items that hold these tokens one after the other; with `prefix` the last of
        them may go on."""
        words = f'"{" ".join(phrase)}"' + (" *" if prefix else "")
        if columns:
            words = f"{{{' '.join(columns)}}} : {words}"
        # One value instead of a row each: a frequent word is in every one of 100,000 items.
        rows = self._all("SELECT json_group_array(rowid) FROM words WHERE words MATCH ?", (words,))
        found: list[int] = json.loads(rows[0][0]) if rows else []
        return found

    def close(self) -> None:
        """Let the file go."""
        with self._lock:
            self._database.close()

    def _all(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                return self._database.execute(sql, values).fetchall()
            except sqlite3.DatabaseError as error:
                self._mend(error)
                return self._database.execute(sql, values).fetchall()

    def _write(self, docs: Sequence[Doc], gone: Iterable[str]) -> None:
        database = self._database
        with database:
            database.execute("DELETE FROM meta WHERE name = 'key'")
            for name in (*gone, *(doc.name for doc in docs)):
                row = database.execute("SELECT id FROM doc WHERE name = ?", (name,)).fetchone()
                if row is not None:
                    database.execute("DELETE FROM words WHERE rowid = ?", row)
                    database.execute("DELETE FROM doc WHERE id = ?", row)
            (last,) = database.execute("SELECT coalesce(max(id), 0) FROM doc").fetchone()
            database.executemany(
                "INSERT INTO doc VALUES (?, ?, ?, ?, ?, ?)",
                [(n, d.name, d.stamp, d.en, d.zh, d.tags) for n, d in enumerate(docs, last + 1)],
            )
            database.executemany(
                "INSERT INTO words (rowid, asked, rest, label) VALUES (?, ?, ?, ?)",
                [(n, d.asked, d.rest, d.label) for n, d in enumerate(docs, last + 1)],
            )

    def _opened(self) -> sqlite3.Connection:
        for path in (self._path, self._path, None):
            database: sqlite3.Connection | None = None
            try:
                if path is not None:
                    path.parent.mkdir(parents=True, exist_ok=True)
                database = sqlite3.connect(
                    ":memory:" if path is None else path,
                    timeout=_BUSY_SECONDS,
                    check_same_thread=False,
                )
                _prepared(database)
                return database
            except (sqlite3.DatabaseError, OSError) as error:
                if database is not None:
                    database.close()
                if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
                    self._path = None  # another process holds it: this one goes without
                elif path is not None:
                    _remove(path)
        raise AssertionError("a database in memory can always be made")

    def _mend(self, error: sqlite3.DatabaseError) -> None:
        """Make an empty file in the place of a damaged one; what else is wrong is raised."""
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_MISUSE) & 0xFF
        if code not in _DAMAGED:
            raise problem_of(error, self._path or Path()) from error
        self._database.close()
        if self._path is not None:
            _remove(self._path)
        self._database = self._opened()


def tags_of(tags: Iterable[str]) -> str:
    """Tags as they are kept."""
    return " ".join(tag.replace(" ", "_") for tag in tags)


def _prepared(database: sqlite3.Connection) -> None:
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    database.execute("PRAGMA cache_size = -32000")
    if database.execute("PRAGMA user_version").fetchone() == (int(_VERSION),):
        database.execute("SELECT 1 FROM doc, words, meta LIMIT 0")
        return
    database.execute("BEGIN IMMEDIATE")
    for (name,) in database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name IN ('words', 'doc', 'meta')"
        " ORDER BY name DESC"
    ).fetchall():
        database.execute(f"DROP TABLE {name}")
    for statement in _TABLES.split(";"):
        if statement.strip():
            database.execute(statement)
    database.execute(f"PRAGMA user_version = {_VERSION}")
    database.execute("COMMIT")


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        with suppress(OSError):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
