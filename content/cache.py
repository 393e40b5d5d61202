"""The compiled form of packs on disk: one SQLite file that can be thrown away at any time.

Promise: opening and reading import neither yaml nor pydantic; a damaged, locked or unwritable
cache is replaced by one in memory, never an error; only the classes of a pack are ever unpickled.
Must not know which packs there are.
"""

from __future__ import annotations

import contextlib
import io
import pickle
import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from content import manifest, pack
from content.diagnostic import Diagnostic

_VERSION = 3
_CLASSES = {
    (kind.__module__, kind.__qualname__): kind
    for kind in (Diagnostic, *vars(pack).values(), *vars(manifest).values())
    if isinstance(kind, type) and hasattr(kind, "__dataclass_fields__")
}
_FIELDS = {kind: tuple(kind.__dataclass_fields__) for kind in _CLASSES.values()}
_TABLES = """
CREATE TABLE files (
  id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE, folder TEXT NOT NULL,
  size INTEGER NOT NULL, modified INTEGER NOT NULL, hash TEXT NOT NULL,
  name TEXT NOT NULL, head BLOB NOT NULL, body BLOB NOT NULL, problems BLOB NOT NULL);
CREATE TABLE items (
  file INTEGER NOT NULL, position INTEGER NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL,
  level INTEGER NOT NULL, seconds INTEGER NOT NULL, formerly TEXT NOT NULL, hash TEXT NOT NULL,
  PRIMARY KEY (file, position)) WITHOUT ROWID;
"""


class DamagedError(Exception):
    """A stored value cannot be read back."""


@dataclass(frozen=True, slots=True)
class CachedFile:
    """A compiled file without its contents. `name` is its topic, "" for pack.yaml or none."""

    id: int
    path: str
    folder: str
    size: int
    modified: int
    hash: str
    name: str
    has_problems: bool


ItemRow = tuple[str, str, int, int, str, str]
"""id, kind, level, seconds, formerly (space-separated), hash."""


def encode(value: object) -> bytes:
    """A value of pack classes as bytes."""
    held = io.BytesIO()
    _Writer(held, protocol=5).dump(value)
    return held.getvalue()


def decode(data: bytes) -> Any:
    """What `encode` was given. Raises DamagedError."""
    try:
        return _Reader(io.BytesIO(data)).load()
    except Exception as error:  # a damaged pickle may raise anything
        raise DamagedError(str(error)) from error


class _Writer(pickle.Pickler):
    """Writes dataclasses as calls of their class: read back twice as fast as by their state."""

    def reducer_override(self, value: Any) -> Any:
        kind = type(value)
        if kind not in _FIELDS:
            return NotImplemented
        return kind, tuple([getattr(value, name) for name in _FIELDS[kind]])


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        found = _CLASSES.get((module, name))
        if found is None:
            raise pickle.UnpicklingError(f"{module}.{name}")
        return found


def _fingerprint() -> int:
    """Changes when a pack class gains, loses or moves a field."""
    shape = [(name, tuple(kind.__dataclass_fields__)) for name, kind in sorted(_CLASSES.items())]
    return zlib.crc32(repr((_VERSION, shape)).encode()) & 0x7FFFFFFF


class Cache:
    """The open cache."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._db = self._open()

    def _open(self) -> sqlite3.Connection:
        if self._path is not None:
            for _ in range(2):
                with contextlib.suppress(sqlite3.Error, OSError):
                    return _opened(self._path)
                with contextlib.suppress(OSError):
                    self._path.unlink(missing_ok=True)
            self._path = None
        return _opened(None)

    def to_memory(self) -> None:
        """Goes on in memory, empty, leaving the file to whoever holds it."""
        self.close()
        self._path = None
        self._db = _opened(None)

    def clear(self) -> None:
        """Forgets everything."""
        with self._db:
            self._db.execute("DELETE FROM items")
            self._db.execute("DELETE FROM files")

    def files(self) -> dict[str, CachedFile]:
        """Every compiled file by path."""
        rows = self._db.execute(
            "SELECT id, path, folder, size, modified, hash, name, length(problems) > 0 FROM files"
        )
        return {row[1]: CachedFile(*row) for row in rows}

    def ids(self) -> set[int]:
        """The compiled files' numbers. One that is compiled anew gets another."""
        return {row[0] for row in self._db.execute("SELECT id FROM files")}

    def store(self, files: list[Compiled], dropped: list[int]) -> None:
        """Replaces what changed in one transaction."""
        with self._db:
            for id_ in dropped:
                self._drop(id_)
            for file in files:
                self._put(file)

    def touch(self, id_: int, size: int, modified: int) -> None:
        """Notes a new size and time of a file whose content is the same."""
        with self._db:
            self._db.execute(
                "UPDATE files SET size = ?, modified = ? WHERE id = ?", (size, modified, id_)
            )

    def _drop(self, id_: int) -> None:
        self._db.execute("DELETE FROM items WHERE file = ?", (id_,))
        self._db.execute("DELETE FROM files WHERE id = ?", (id_,))

    def _put(self, file: Compiled) -> None:
        cursor = self._db.execute(
            "INSERT INTO files (path, folder, size, modified, hash, name, head, body, problems)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                file.path,
                file.folder,
                file.size,
                file.modified,
                file.hash,
                file.name,
                encode(file.head),
                b"" if file.body is None else encode(file.body),
                encode(file.problems) if file.problems else b"",
            ),
        )
        self._db.executemany(
            "INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [(cursor.lastrowid, n, *row) for n, row in enumerate(file.items)],
        )

    def head(self, id_: int) -> Any:
        """A manifest, or a topic's (title, needs)."""
        return self._decoded("SELECT head FROM files WHERE id = ?", id_)

    def body(self, id_: int) -> Any:
        """A topic."""
        return self._decoded("SELECT body FROM files WHERE id = ?", id_)

    def problems(self, id_: int) -> tuple[Diagnostic, ...]:
        """What was wrong with a file."""
        found: tuple[Diagnostic, ...] = self._decoded(
            "SELECT problems FROM files WHERE id = ?", id_
        )
        return found

    def _decoded(self, query: str, id_: int) -> Any:
        row = self._db.execute(query, (id_,)).fetchone()
        if row is None:
            raise DamagedError(str(id_))
        return decode(row[0])

    def items(self, id_: int) -> Iterator[ItemRow]:
        """The items of a file in teaching order."""
        return self._db.execute(
            "SELECT id, kind, level, seconds, formerly, hash FROM items"
            " WHERE file = ? ORDER BY position",
            (id_,),
        )

    def close(self) -> None:
        """Lets the file go."""
        with contextlib.suppress(sqlite3.Error):
            self._db.close()


@dataclass(frozen=True, slots=True)
class Compiled:
    """A file ready to be stored."""

    path: str
    folder: str
    size: int
    modified: int
    hash: str
    name: str
    head: object
    body: object | None
    items: tuple[ItemRow, ...]
    problems: tuple[Diagnostic, ...]


def _opened(path: Path | None) -> sqlite3.Connection:
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(
        str(path) if path is not None else ":memory:", timeout=1.0, check_same_thread=False
    )
    try:
        _prepare(db)
    except BaseException:
        db.close()
        raise
    return db


def _prepare(db: sqlite3.Connection) -> None:
    wanted = _fingerprint()
    (held,) = db.execute("PRAGMA user_version").fetchone()
    if held != wanted:
        db.executescript(
            "PRAGMA journal_mode = WAL; DROP TABLE IF EXISTS items; DROP TABLE IF EXISTS files;"
            f"{_TABLES} PRAGMA user_version = {wanted};"
        )
    db.execute("PRAGMA synchronous = NORMAL")
