"""The file: opening, refusing, migrating, surviving."""

from __future__ import annotations

import os
import sqlite3
import traceback
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from study_desk import HandClock

from app.locale import LANGUAGES
from app.progress import opening, revision
from app.progress.backup import KEPT, back_up
from app.progress.events import EventKind, NewEvent
from app.progress.models import Base
from app.progress.opening import open_database
from app.progress.problems import CODES, StoreProblem
from app.progress.store import Store

ID = "0190" + "0" * 28


def refusal(path: Path, clock: HandClock) -> StoreProblem:
    """The problem that opening meets; the file must be as it was."""
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StoreProblem) as caught:
        Store.open(path, clock=clock)
    assert (path.read_bytes() if path.is_file() else None) == before
    return caught.value


def as_ordinary_user(action: Callable[[], None]) -> None:
    """Run where file permissions count: they do not for root."""
    child = os.fork()
    if child == 0:  # pragma: no cover  (another process)
        try:
            if os.geteuid() == 0:
                os.setuid(65534)
            action()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0


def test_an_empty_folder_gets_a_database_at_the_newest_revision(
    tmp_path: Path, clock: HandClock
) -> None:
    path = tmp_path / "new" / "folder" / "progress.sqlite"
    store = Store.open(path, clock=clock)
    learner, device = store.learner, store.device
    assert len({learner, device}) == 2
    store.close()
    again = Store.open(path, clock=clock)
    assert (again.learner, again.device) == (learner, device)
    assert again.problems() == []
    again.close()
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [
            (revision.HEAD,)
        ]


def test_the_migrations_build_what_the_models_declare(database: Path, clock: HandClock) -> None:
    from alembic.autogenerate import compare_metadata

    connection = open_database(database, database.parent, clock.now())
    context = MigrationContext.configure(connection)
    assert compare_metadata(context, Base.metadata) == []
    found = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    indexes = {row.name: row.sql for row in connection.exec_driver_sql(found)}
    for table in Base.metadata.tables.values():
        for index in table.indexes:
            where = index.dialect_options["sqlite"]["where"]
            assert where is None or str(where) in indexes[str(index.name)]
    connection.close()
    connection.engine.dispose()


def test_the_newest_revision_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(opening.__file__).parent / "migrations"))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [revision.HEAD]
    known = {script.revision for script in scripts.walk_revisions()}
    assert known == revision.OLDER | {revision.HEAD}


def test_an_older_database_is_copied_then_migrated(
    database: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first tables stand for an older schema: an empty alembic step from a made-up past."""
    with closing(sqlite3.connect(database)) as file:
        for (name,) in file.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall():
            if name not in ("alembic_version", "event"):
                file.execute(f"DROP TABLE {name}")
        file.execute("DROP TABLE event")
        file.execute("CREATE TABLE event (old)")
        file.execute("INSERT INTO event VALUES ('kept')")
        file.execute("UPDATE alembic_version SET version_num = '0000'")
        file.commit()
        before = file.execute("SELECT * FROM event").fetchall()
    monkeypatch.setattr(opening, "OLDER", frozenset({"0000"}))
    with pytest.raises(StoreProblem) as caught:  # no migration leads on from 0000
        Store.open(database, clock=clock, backups=database.parent / "copies")
    assert caught.value.code == "migration"
    copy = Path(caught.value.details["backup"])
    assert copy.parent == database.parent / "copies"
    for path in (copy, database):  # the copy is whole, and the file as it was
        with closing(sqlite3.connect(path)) as file:
            assert file.execute("SELECT * FROM event").fetchall() == before
            assert file.execute("SELECT version_num FROM alembic_version").fetchall() == [("0000",)]


def test_only_the_newest_copies_are_kept(database: Path, clock: HandClock, tmp_path: Path) -> None:
    made = []
    for _ in range(KEPT + 2):
        made.append(back_up(database, tmp_path / "copies", clock.now()))
        clock.forward(minutes=1)
    assert sorted((tmp_path / "copies").iterdir()) == made[-KEPT:]
    with closing(sqlite3.connect(made[-1])) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize(
    "content", [b"not a database at all", b"SQLite format 3\x00" + b"\xff" * 5000]
)
def test_a_damaged_file_is_left_alone(tmp_path: Path, clock: HandClock, content: bytes) -> None:
    path = tmp_path / "progress.sqlite"
    path.write_bytes(content)
    assert refusal(path, clock).code == "corrupt"


def test_a_file_damaged_in_the_middle_is_left_alone(database: Path, clock: HandClock) -> None:
    with database.open("r+b") as file:
        file.seek(100)
        file.write(b"\xa5" * 4000)
    assert refusal(database, clock).code == "corrupt"


def test_a_newer_database_is_left_alone(database: Path, clock: HandClock) -> None:
    with closing(sqlite3.connect(database)) as file:
        file.execute("PRAGMA journal_mode = DELETE")
        file.execute("UPDATE alembic_version SET version_num = '9999'")
        file.commit()
    problem = refusal(database, clock)
    assert problem.code == "newer"
    assert "9999" in problem.describe("en")


def test_a_database_of_another_program_is_left_alone(tmp_path: Path, clock: HandClock) -> None:
    path = tmp_path / "progress.sqlite"
    with closing(sqlite3.connect(path)) as file:
        file.execute("CREATE TABLE notes (text)")
    assert refusal(path, clock).code == "foreign"


def test_a_read_only_file_is_named(database: Path, clock: HandClock) -> None:
    database.chmod(0o444)
    _let_anyone_in(database)

    def open_it() -> None:
        with pytest.raises(StoreProblem) as caught:
            Store.open(database, clock=clock)
        assert caught.value.code == "read-only"

    before = database.read_bytes()
    as_ordinary_user(open_it)
    assert database.read_bytes() == before


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, clock: HandClock) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    closed.chmod(0o555)
    _let_anyone_in(closed)

    def open_it() -> None:
        with pytest.raises(StoreProblem) as caught:
            Store.open(closed / "below" / "progress.sqlite", clock=clock)
        assert caught.value.code == "read-only"

    as_ordinary_user(open_it)


def test_a_folder_that_is_a_file_is_named(tmp_path: Path, clock: HandClock) -> None:
    (tmp_path / "file").write_text("x")
    assert refusal(tmp_path / "file" / "progress.sqlite", clock).code == "folder"


def test_a_locked_database_is_named_and_opens_once_free(
    database: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.02)
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreProblem) as caught:
            Store.open(database, clock=clock)
        assert caught.value.code == "locked"
        other.execute("ROLLBACK")
    Store.open(database, clock=clock).close()


def test_every_problem_can_be_told_in_every_language() -> None:
    for code in CODES:
        for language in LANGUAGES:
            text = StoreProblem(code, {"path": "P"}).describe(language)
            assert "P" in text
            assert "{" not in text


def test_the_log_refuses_every_change(database: Path, clock: HandClock) -> None:
    store = Store.open(database, clock=clock)
    with store.transaction():
        store.log.append(NewEvent(ID, 1, 1, EventKind.UNDO, target=ID))
    again = "key, id, learner, device, 99, at, day, kind, item, target, rating, payload, act"
    for change in (
        "UPDATE event SET day = 2",
        "DELETE FROM event",
        f"INSERT OR REPLACE INTO event SELECT {again} FROM event",
    ):
        with pytest.raises(StoreProblem, match="never changed"), store.transaction():
            store._driver.execute(change)
    with closing(sqlite3.connect(database)) as file:
        assert file.execute("SELECT counter, day FROM event").fetchall() == [(1, 1)]
    store.close()


def test_a_transaction_that_fails_leaves_nothing(database: Path, clock: HandClock) -> None:
    store = Store.open(database, clock=clock)

    def half() -> None:
        with store.transaction():
            store.log.append(NewEvent(ID, 1, 1, EventKind.UNDO, target=ID))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    with store.transaction():
        store.log.append(NewEvent(ID, 1, 1, EventKind.UNDO, target=ID))
    store.close()


def test_the_write_ahead_log_is_written_back_between_answers(
    database: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.progress.store._CHECKPOINT_ROWS", 1)
    store = Store.open(database, clock=clock)
    with store.transaction():
        store.log.append(NewEvent(ID, 1, 1, EventKind.UNDO, target=ID))
    store.checkpoint()
    assert store._checkpointing is not None
    store.settle()
    with closing(sqlite3.connect(f"file:{database}?immutable=1", uri=True)) as file:
        assert file.execute("SELECT count(*) FROM event").fetchone() == (1,)
    store.close()


def _let_anyone_in(path: Path) -> None:
    """Pytest's folders are for their owner only; the way to this one is opened."""
    for folder in path.parents:
        if folder == Path("/tmp"):
            break
        folder.chmod(0o755)
