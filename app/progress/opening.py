"""Opening a database: is it ours, sound, writable and of this schema; if older, migrate it.

Promise: a file that cannot be used is left byte for byte as it was, and the reason is a
`StoreProblem`. Every connection has foreign keys, `synchronous=FULL` and a busy timeout; the
write-ahead log is never checkpointed within an answer. Alembic is imported only where a migration
runs, and a copy of the file is made before it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import StaticPool

from app.progress.backup import back_up
from app.progress.problems import StoreProblem, problem_of
from app.progress.revision import HEAD, OLDER

BUSY_SECONDS = 2.0
"""How long a write waits for another process before the store counts as locked."""

_HEADER = b"SQLite format 3\x00"
_MIGRATIONS = Path(__file__).parent / "migrations"
_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "wal_autocheckpoint = 0",
    "cache_size = -16000",
    "recursive_triggers = ON",  # else INSERT OR REPLACE would slip past the log's guards
)


def open_database(path: Path, backups: Path, now: datetime) -> Connection:
    """A connection at revision `HEAD` in autocommit mode. Raises `StoreProblem`."""
    revision = _revision(path)
    if revision is not None and revision != HEAD and revision not in OLDER:
        raise StoreProblem("newer", {"path": str(path), "revision": revision})
    if revision is not None:
        _require_writable(path)
    copy = None
    if revision in OLDER:
        try:
            copy = back_up(path, backups, now)
        except (OSError, sqlite3.Error) as error:
            raise problem_of(error, path) from error
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = _connect(path)
    except (OSError, sqlite3.Error, SQLAlchemyError) as error:
        raise problem_of(error, path) from error
    try:
        if revision != HEAD:
            _migrate(connection, path, copy)
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")
    except BaseException:
        let_go(connection)
        raise
    return connection


def let_go(connection: Connection) -> None:
    """Close the file: a connection that is closed alone goes back to its pool, open."""
    connection.close()
    connection.engine.dispose()


def _revision(path: Path) -> str | None:
    """The schema revision of an existing database; None for one that is still to be made."""
    try:
        if not path.exists() or path.stat().st_size == 0:
            return None
        with path.open("rb") as file:
            header = file.read(len(_HEADER))
    except OSError as error:
        raise problem_of(error, path) from error
    if header != _HEADER:
        reason = "no SQLite database"
        raise StoreProblem("corrupt", {"path": str(path), "reason": reason})
    try:
        uri = f"{path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS)) as database:
            tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
            if not tables:
                return None
            if "alembic_version" not in tables:
                raise StoreProblem("foreign", {"path": str(path)})
            row = database.execute("SELECT version_num FROM alembic_version").fetchone()
            if row is None or ("event" not in tables and row[0] in OLDER | {HEAD}):
                raise StoreProblem("foreign", {"path": str(path)})
            return str(row[0])
    except sqlite3.Error as error:
        raise problem_of(error, path) from error


def _require_writable(path: Path) -> None:
    """Take and release the write lock: finds a read-only file or folder, or another writer."""
    try:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS)) as database:
            database.execute("PRAGMA wal_autocheckpoint = 0")
            database.execute("BEGIN IMMEDIATE")
            database.execute("ROLLBACK")
    except sqlite3.Error as error:
        raise problem_of(error, path) from error


def _connect(path: Path) -> Connection:
    def connect() -> sqlite3.Connection:
        database = sqlite3.connect(
            path, isolation_level=None, timeout=BUSY_SECONDS, check_same_thread=False
        )
        try:
            for pragma in _PRAGMAS:
                database.execute(f"PRAGMA {pragma}")
        except BaseException:
            database.close()
            raise
        return database

    engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool)
    try:
        return engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    except BaseException:
        engine.dispose()
        raise


def built(path: Path, revision: str) -> None:
    """Make a database of that revision at `path`, or bring the one there up to it."""
    connection = _connect(path)
    try:
        _migrate(connection, path, None, revision)
    finally:
        let_go(connection)


def _migrate(connection: Connection, path: Path, copy: Path | None, revision: str = "head") -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        command.upgrade(config, revision)
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
            raise ValueError("a row names another that is not there")
        connection.exec_driver_sql("COMMIT")
    except Exception as error:
        with suppress(SQLAlchemyError):
            connection.exec_driver_sql("ROLLBACK")
        if copy is None:
            raise problem_of(error, path) from error
        reason = str(getattr(error, "orig", None) or error)
        raise StoreProblem(
            "migration", {"path": str(path), "reason": reason, "backup": str(copy)}
        ) from error
