"""Every command closes the databases it opened, also where it gives up in the middle."""

from __future__ import annotations

import io
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from app.cli import main
from app.commands.prompt import PlainHome
from app.commands.study import open_study
from app.paths import Paths
from app.progress import opening
from app.progress.problems import StoreProblem
from app.progress.store import Store
from app.settings import Settings
from app.study.clock import Clock
from app.study.session import Study
from content import compiled
from content.compiled import PackLibrary
from tests.conftest import Connections


@pytest.fixture
def home(tmp_path: Path, pack: Path, database: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three installed topics, none that come with the program; no learner yet."""
    assert database.parent == tmp_path
    monkeypatch.setattr(compiled, "builtin_root", lambda: tmp_path / "none")
    assert pack.parent == Paths.inside(tmp_path).packs
    monkeypatch.setenv("GRADUS_HOME", str(tmp_path))
    monkeypatch.setenv("GRADUS_NOW", "2026-11-20T09:00")
    monkeypatch.setattr("sys.stdin", io.StringIO())
    return tmp_path


def left(connections: Connections) -> list[str]:
    """What is open when the backup that begins beside everything else is made too."""
    for thread in threading.enumerate():
        if thread.name in ("backup", "checkpoint"):
            thread.join()
    assert connections.opened
    return connections.left()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("items --json", 0),
        ("exercise show core:no.such/item", 1),
        ("drill list", 0),
        ("drill --plain --topics nothing", 2),
        ("find a1", 0),
        ("stats forecast --period week", 0),
        ("stats --topic no.such", 2),
        ("plan --before 2026-12-12", 0),
        ("study --plain", 0),
        ("pack coverage", 0),
        ("backup", 0),
    ],
)
def test_commands_leave_no_database_open(
    home: Path, connections: Connections, words: str, code: int
) -> None:
    assert main(words.split()) == code
    assert left(connections) == []


def test_topics_at_the_prompt(home: Path, connections: Connections) -> None:
    sink = io.StringIO()
    assert PlainHome(Paths.inside(home), io.StringIO("topics\n"), sink).run() == 0
    assert "a.first" in sink.getvalue()
    assert left(connections) == []


def test_a_study_loop_that_cannot_begin(
    home: Path, connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: Study) -> None:
        raise StoreProblem("locked", {"path": "progress.sqlite"})

    monkeypatch.setattr(Study, "refresh", refused)
    with pytest.raises(StoreProblem), open_study(Paths.inside(home), Settings()):
        pass
    assert left(connections) == []


@pytest.mark.parametrize("when", ["_migrate", "PRAGMA"])
def test_progress_that_cannot_be_opened(
    tmp_path: Path, connections: Connections, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    def broken(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    if when == "PRAGMA":
        monkeypatch.setattr(opening, "_PRAGMAS", ("journal_mode = WAL", "no such thing ("))
    else:
        monkeypatch.setattr(opening, when, broken)
    with pytest.raises((StoreProblem, sqlite3.Error)):
        Store.open(tmp_path / "progress.sqlite", clock=Clock.from_environment())
    assert left(connections) == []


def test_a_damaged_cache_is_closed_before_it_is_replaced(
    tmp_path: Path, connections: Connections
) -> None:
    cache = tmp_path / "packs.sqlite"
    cache.write_bytes(b"no database" * 1000)
    with PackLibrary((tmp_path,), cache) as library:
        assert library.manifests() == ()
        assert connections.left() == [str(cache)]
    assert left(connections) == []
    with closing(sqlite3.connect(cache)) as made:
        assert made.execute("SELECT count(*) FROM files").fetchone() == (0,)


def test_packs_that_cannot_be_looked_at(
    tmp_path: Path, connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(compiled, "pack_folders", unreadable)
    with pytest.raises(PermissionError):
        PackLibrary((tmp_path,), tmp_path / "packs.sqlite")
    assert left(connections) == []
