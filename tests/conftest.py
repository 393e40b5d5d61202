"""What tests of several rooms share."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.client import EngineClient
from tests.chance import steady

steady()


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineClient]:
    """A running engine; torch is loaded once for all tests of a run."""
    log = tmp_path_factory.mktemp("engine") / "engine.log"
    with EngineClient(log, device="cpu", start_seconds=600.0) as client:
        yield client


class Connections:
    """Every database that was opened since the test began."""

    def __init__(self) -> None:
        self.opened: list[tuple[str, sqlite3.Connection]] = []

    def left(self) -> list[str]:
        """Those that nobody closed, by file."""
        return [name for name, connection in self.opened if _open(connection)]


def _open(connection: sqlite3.Connection) -> bool:
    try:
        connection.total_changes  # noqa: B018  (asked for the error alone)
    except sqlite3.ProgrammingError:
        return False
    return True


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> Connections:
    """Counts databases: what is left open cannot be replaced or removed on every system."""
    seen = Connections()
    connect = sqlite3.connect

    def noted(path: str | Path, **options: object) -> sqlite3.Connection:
        connection = connect(path, **options)  # type: ignore[call-overload]
        seen.opened.append((str(path), connection))
        return connection

    monkeypatch.setattr(sqlite3, "connect", noted)
    return seen
