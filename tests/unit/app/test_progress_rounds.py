"""Drills in the file: written once, never changed; older files get their tables."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from study_desk import HandClock

from app.progress import opening
from app.progress.events import StepKind
from app.progress.rounds import NewRound, RoundClock, Step
from app.progress.store import Store
from app.study.doctor import verify


def new_round(number: int = 1) -> NewRound:
    return NewRound(f"{number:032x}", 1000, 5, "{}", 7, "{}", "zh")


def test_a_file_of_the_first_tables_gets_those_of_drills(tmp_path: Path, clock: HandClock) -> None:
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine

    path = tmp_path / "progress.sqlite"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(opening.__file__).parent / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql(f"INSERT INTO learner (id, created) VALUES ('{'a' * 32}', 1)")
    engine.dispose()
    store = Store.open(path, clock=clock, backups=tmp_path / "copies")
    assert store.learner == "a" * 32
    assert store.rounds.all() == []
    with store.transaction():
        assert store.rounds.add(new_round()) == 1
    store.close()
    (copy,) = (tmp_path / "copies").iterdir()
    with closing(sqlite3.connect(copy)) as old:
        assert old.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]


def test_rounds_and_steps_are_kept_and_never_changed(database: Path, clock: HandClock) -> None:
    store = Store.open(database, clock=clock)
    steps = [Step(1, StepKind.ASKED, 1, '{"a": 1}'), Step(2, StepKind.PAUSED)]
    with store.transaction():
        number = store.rounds.add(new_round())
        for position, step in enumerate(steps, 1):
            store.rounds.append(number, step, position)
    assert [*store.rounds.steps(number)] == steps
    stored = store.rounds.get(number)
    assert stored is not None
    assert (stored.number, stored.luck, stored.language) == (1, 7, "zh")
    assert store.rounds.get(2) is None
    for clock_row in (RoundClock(3, 1, 4.5, 6.0), RoundClock(9, None, 0.0, 8.0)):
        with store.transaction():
            store.rounds.set_clock(number, clock_row)
        assert store.rounds.clock(number) == clock_row
    store.close()
    with closing(sqlite3.connect(database)) as file:
        for table in ("drill_round", "drill_step"):
            for change in (f"DELETE FROM {table}", f"UPDATE {table} SET at = 0"):
                with pytest.raises(sqlite3.IntegrityError, match="never changed"):
                    file.execute(change)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("DELETE FROM drill_step WHERE position = 1", "steps-missing"),
        ("UPDATE drill_step SET payload = '{'", "step-unreadable"),
        ("UPDATE drill_round SET setup = '{'", "setup-unreadable"),
        ("UPDATE drill_step SET event = 'none'", "review-missing"),
    ],
)
def test_doctor_finds_what_makes_no_round(
    database: Path, clock: HandClock, change: str, code: str
) -> None:
    store = Store.open(database, clock=clock)
    with store.transaction():
        number = store.rounds.add(new_round())
        for position in range(2):
            store.rounds.append(number, Step(position, StepKind.FLAGGED, 1), position + 1)
    found = verify(store)
    assert found.sound
    assert found.rounds == 1
    store.close()
    with closing(sqlite3.connect(database)) as file:
        for table in ("drill_round", "drill_step"):
            for name in ("update", "delete"):
                file.execute(f"DROP TRIGGER {table}_no_{name}")
        file.execute(change)
        file.commit()
    store = Store.open(database, clock=clock)
    assert (number, code) in verify(store).broken_rounds
    store.close()
