"""A file of the second schema is migrated with every row, guard, index and key."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from study_desk import HandClock, ScriptedEngine, cards, write_pack

from app.progress import opening, revision
from app.progress.store import Store
from app.study.doctor import verify
from app.study.session import DailyLimits, Study
from app.study.views import Rating, Shown
from content.compiled import PackLibrary

KEPT = "key, id, learner, device, counter, at, day, kind, item, target, rating"


def studied_with_the_second_schema(path: Path, pack: Path, clock: HandClock) -> None:
    """Reviews, a rerate, an undo and a drill's step, as the program before wrote them."""
    newer = path.with_name("newer.sqlite")
    study = Study(
        Store.open(newer, clock=clock),
        PackLibrary([pack], None),
        ScriptedEngine(),  # type: ignore[arg-type]
        clock,
        limits=DailyLimits(None, None),
    )
    session = study.begin()
    for rating in (Rating.GOOD, Rating.EASY, Rating.AGAIN):
        assert isinstance(session.next(), Shown)
        session.rate(rating, hints=0, seconds=3.0)
        session.rate(Rating.HARD, hints=0, seconds=3.0)
    session.undo()
    study.close()
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine

    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(opening.__file__).parent / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
    engine.dispose()
    with closing(sqlite3.connect(path)) as file:
        file.execute("ATTACH ? AS newer", (str(newer),))
        for table in (
            "learner", "device", "catalogue", "topic", "item", "item_name", "event", "answer",
            "parameter_set", "memory", "fresh",
        ):  # fmt: skip
            columns = ", ".join(row[1] for row in file.execute(f"PRAGMA table_info({table})"))
            file.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM newer.{table}")
        file.execute("INSERT INTO drill_round VALUES (1, 'd', 1, 1, 1, 1, '{}', 1, '{}', 'en')")
        file.execute(
            "INSERT INTO drill_step SELECT 1, 1, 1, 'answered', 1, '{}', id FROM event"
            " WHERE kind = 'review' LIMIT 1"
        )
        file.commit()


def test_a_file_of_the_second_schema_keeps_everything(tmp_path: Path, clock: HandClock) -> None:
    path = tmp_path / "progress.sqlite"
    pack = write_pack(tmp_path / "demo", {"a": cards("a1", "a2", "a3")})
    studied_with_the_second_schema(path, pack, clock)
    with closing(sqlite3.connect(path)) as file:
        before = file.execute(f"SELECT {KEPT} FROM event ORDER BY key").fetchall()
        objects = set(file.execute("SELECT type, name FROM sqlite_master").fetchall())
    assert len(before) == 8
    store = Store.open(path, clock=clock, backups=tmp_path / "copies")
    assert verify(store, clock.today()).sound
    run = store._driver.execute
    assert run(f"SELECT {KEPT} FROM event ORDER BY key").fetchall() == before
    assert run("SELECT count(*) FROM event WHERE payload IS NULL AND act IS NULL").fetchone() == (
        len(before),
    )
    assert run("PRAGMA foreign_key_check").fetchall() == []
    targets = {
        row[2]
        for table in ("answer", "parameter_set", "drill_step")
        for row in run(f"PRAGMA foreign_key_list({table})")
    }
    assert targets == {"event", "drill_round"}
    after = set(run("SELECT type, name FROM sqlite_master").fetchall())
    assert objects <= after
    assert not any("anew" in name for _, name in after)
    for change in ("DELETE FROM event", "UPDATE event SET day = 0"):
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            run(change)
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        run(
            "INSERT INTO answer SELECT 999, pack_version, content_hash, parameters, proposed,"
            " seconds, hints, seed, draw, typed, measured, verdict, mistake FROM answer LIMIT 1"
        )
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        run(
            f"INSERT INTO event ({KEPT}) SELECT 99, 'x', learner, device, counter, at, day,"
            " 'unknown', item, target, rating FROM event LIMIT 1"
        )
    store.close()
    (copy,) = (tmp_path / "copies").iterdir()
    with closing(sqlite3.connect(copy)) as old:
        assert old.execute("SELECT version_num FROM alembic_version").fetchall() == [("0002",)]
        assert old.execute("SELECT * FROM event ORDER BY key").fetchall() == before
    study = Study(
        Store.open(path, clock=clock),
        PackLibrary([pack], None),
        ScriptedEngine(),  # type: ignore[arg-type]
        clock,
    )
    assert study.redo() is not None  # what the older program took back
    assert study.reset(["demo:a/a1"]) == 1
    assert verify(study.store, clock.today()).sound
    study.close()


def test_every_older_schema_can_be_migrated() -> None:
    assert frozenset({"0001", "0002"}) <= revision.OLDER
