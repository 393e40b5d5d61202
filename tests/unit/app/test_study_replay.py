"""The log is the truth: whatever happens, the caches are its replay, and a glance counts it."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from study_desk import HandClock, ScriptedEngine, cards, write_pack

from app.progress.events import EventKind, Order, Turn, Turns
from app.progress.glance import glance
from app.progress.models import EventRow, FreshRow, ItemNameRow, ItemRow, MemoryTable, TopicRow
from app.progress.store import Store
from app.study.doctor import rebuild, verify
from app.study.session import DailyLimits, Study
from app.study.views import Finished, NotMeasured, Rating
from content.compiled import PackLibrary

OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.integers(1, 4)),
        st.tuples(st.just("rerate"), st.integers(1, 4)),
        st.tuples(st.just("undo"), st.just(0)),
        st.tuples(st.just("redo"), st.just(0)),
        st.tuples(st.just("wait"), st.integers(1, 40_000)),
        st.tuples(st.just("reopen"), st.sampled_from([80, 90, 95])),
    ),
    max_size=30,
)


@pytest.fixture(scope="module")
def shared_pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pack(
        tmp_path_factory.mktemp("packs") / "demo",
        {"a.first": cards("a1", "a2"), "b.second": cards("b1", "b2")},
    )


def opened(path: Path, pack: Path, clock: HandClock, retention: float = 0.9) -> Study:
    return Study(
        Store.open(path, clock=clock),
        PackLibrary([pack], None),
        ScriptedEngine(),  # type: ignore[arg-type]
        clock,
        limits=DailyLimits(new=3, reviews=5),
        desired_retention=retention,
        seed=1,
    )


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(operations=OPERATIONS)
def test_caches_are_the_replay_of_the_log(
    operations: list[tuple[str, int]],
    empty_database: Path,
    shared_pack: Path,
    tmp_path: Path,
) -> None:
    folder = Path(mkdtemp(dir=tmp_path))
    path = Path(shutil.copy(empty_database, folder / "progress.sqlite"))
    clock = HandClock.at_nine()
    study = opened(path, shared_pack, clock)
    session = study.begin()
    judged = False
    for action, number in operations:
        if action == "answer":
            judged = not isinstance(session.next(), Finished | NotMeasured)
            if judged:
                session.rate(Rating(number), hints=0, seconds=5.0)
        elif action == "rerate" and judged:
            session.rate(Rating(number), hints=0, seconds=5.0)
        elif action == "undo":
            session.undo()
            judged = False
        elif action == "redo":
            study.redo()
            session, judged = study.begin(), False
        elif action == "wait":
            clock.forward(minutes=number)
        elif action == "reopen":
            study.close()
            study = opened(path, shared_pack, clock, number / 100)
            session, judged = study.begin(), False
    found = verify(study.store)
    assert found.sound, found
    check_counts(study, clock)
    rebuild(study.store, clock)
    assert verify(study.store).sound
    study.close()


def check_counts(study: Study, clock: HandClock) -> None:
    """The glance, the overview and a naive count through the ORM agree."""
    day, limits = clock.today(), study.limits
    seen = glance(study.store.path, day, new_per_day=limits.new, reviews_per_day=limits.reviews)
    overview = study.overview()
    assert seen is not None
    assert limits.new is not None
    assert limits.reviews is not None
    assert (seen.due, seen.new, seen.backlog, seen.minutes, seen.streak, seen.activity) == (
        overview.due, overview.new, overview.backlog, overview.minutes, overview.streak,
        overview.activity,
    )  # fmt: skip
    assert [(t.topic, t.due, t.new) for t in seen.topics] == [
        (t.topic, t.due, t.new) for chapter in overview.chapters for t in chapter.topics
    ]
    with Session(study.store._connection) as orm:
        events = orm.scalars(select(EventRow)).all()
        turns = Turns.of(
            Turn(Order(e.counter, "", e.id), EventKind(e.kind), e.target, e.rating)
            for e in events
            if e.target is not None
        )
        reviews = [e for e in events if e.kind == "review" and turns.in_force(e.id)]
        by_day = [sum(e.day == d for e in reviews) for d in range(day - 6, day + 1)]
        assert list(seen.activity) == by_day
        memories = orm.scalars(select(MemoryTable)).all()
        introduced = sum(m.first_day == day for m in memories)
        answered = len({e.item for e in reviews if e.day == day})
        steps = sum(m.due_at is not None and m.due_day <= day for m in memories)
        due = sum(m.due_at is None and m.due_day <= day for m in memories)
        fresh = orm.scalar(
            select(func.count())
            .select_from(ItemRow)
            .where(~ItemRow.key.in_(select(MemoryTable.item)))
        )
        assert fresh == orm.scalar(select(func.count()).select_from(FreshRow))
        assert seen.backlog == due
        assert seen.due == steps + min(due, max(0, limits.reviews - (answered - introduced)))
        assert seen.new == min(fresh or 0, max(0, limits.new - introduced))
        assert {m.item for m in memories} == set(
            orm.scalars(
                select(ItemNameRow.item).where(ItemNameRow.key.in_([e.item for e in reviews]))
            )
        )
        assert orm.scalar(select(func.count()).select_from(TopicRow)) == len(seen.topics)


def test_what_is_in_force_is_decided_by_counter_then_device_then_id() -> None:
    def turn(counter: int, device: str, event: str, kind: EventKind) -> Turn:
        return Turn(Order(counter, device, event), kind, "r")

    undo, redo = EventKind.UNDO, EventKind.REDO
    assert Turns.of([]).in_force("r")
    assert not Turns.of([turn(5, "a", "1", undo)]).in_force("r")
    assert Turns.of([turn(6, "a", "2", redo), turn(5, "b", "1", undo)]).in_force("r")
    assert not Turns.of([turn(5, "b", "1", undo), turn(5, "a", "2", redo)]).in_force("r")
    assert Turns.of([turn(5, "a", "1", undo), turn(5, "a", "2", redo)]).in_force("r")


def test_an_undone_rerate_does_not_count() -> None:
    rerate = Turn(Order(2, "a", "x"), EventKind.RERATE, "r", 4)
    undo = Turn(Order(3, "a", "y"), EventKind.UNDO, "x")
    assert Turns.of([rerate]).rating("r", 1) == 4
    assert Turns.of([rerate, undo]).rating("r", 1) == 1


def test_the_doctor_finds_and_mends_a_cache_that_was_tampered_with(
    database: Path, shared_pack: Path, clock: HandClock
) -> None:
    study = opened(database, shared_pack, clock)
    session = study.begin()
    for rating in (Rating.GOOD, Rating.EASY):
        session.next()
        session.rate(rating, hints=0, seconds=1.0)
    run = study.store._driver.execute
    run("UPDATE memory SET due_day = due_day + 1 WHERE item = (SELECT min(item) FROM memory)")
    run("DELETE FROM memory WHERE item = (SELECT max(item) FROM memory)")
    run("DELETE FROM fresh")
    found = verify(study.store)
    assert (found.reviews, found.items, len(found.differences)) == (2, 2, 2)
    assert found.stale == 3  # two items are new, and the one deleted counts as new
    copy = rebuild(study.store, clock)
    assert verify(study.store).sound
    with closing(sqlite3.connect(copy)) as file:  # the copy is of what it was before
        assert file.execute("SELECT count(*) FROM memory").fetchone() == (1,)
    study.close()


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        ("_DUE_ITEMS", "ix_memory_due"),
        ("_STEP_ITEMS", "ix_memory_steps"),
        ("_FRESH_ITEMS", "PRIMARY KEY"),
        ("_NEXT_DAY", "ix_memory_due"),
    ],
)
def test_what_is_due_is_found_by_an_index(
    statement: str, index: str, database: Path, clock: HandClock
) -> None:
    from app.progress import memories

    store = Store.open(database, clock=clock)
    sql = str(getattr(memories, statement).compile(store._connection))
    plan = " ".join(
        row[3] for row in store._driver.execute(f"EXPLAIN QUERY PLAN {sql}", [0] * sql.count("?"))
    )
    store.close()
    assert index in plan
    assert "TEMP B-TREE" not in plan
    assert "SCAN" not in plan


def test_the_glance_reads_indexes_only(database: Path) -> None:
    from app.progress import counts

    values = {"learner": 1, "day": 1, "most": 1}
    with closing(sqlite3.connect(database)) as file:
        for sql in (
            counts._REVIEWS_DUE, counts._BACKLOG, counts._STEPS_DUE, counts._FRESH,
            counts._ALL_FRESH, counts._INTRODUCED, counts._BY_DAY, counts._DUE_SECONDS,
            counts._FRESH_SECONDS,
        ):  # fmt: skip
            plan = [row[3] for row in file.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
            reads = [line for line in plan if line.startswith("SEARCH")]
            assert reads
            assert all("COVERING INDEX" in line or "PRIMARY KEY" in line for line in reads), plan


def test_who_overslept_is_found_among_the_buried_alone(database: Path) -> None:
    from app.progress.oversleeping import OVERSLEPT

    with closing(sqlite3.connect(database)) as file:
        rows = file.execute(f"EXPLAIN QUERY PLAN {OVERSLEPT}", {"learner": 1, "day": 1})
        plan = [row[3] for row in rows]
    assert "ix_standing_buried" in plan[0]
    assert not any("SCAN" in line or "TEMP B-TREE" in line for line in plan), plan


def test_a_glance_of_nothing_or_of_the_unknown_is_nothing(tmp_path: Path, database: Path) -> None:
    assert glance(tmp_path / "absent.sqlite", 1) is None
    assert glance(database, 1) is None  # no learner yet
    with closing(sqlite3.connect(database)) as file:
        file.execute("UPDATE alembic_version SET version_num = '9999'")
        file.commit()
    assert glance(database, 1) is None
    (tmp_path / "text.sqlite").write_text("no database")
    assert glance(tmp_path / "text.sqlite", 1) is None


def test_a_glance_loads_no_database_library() -> None:
    program = (
        "import sys, app.progress.glance, app.study.clock, app.progress.problems;"
        "print(sorted({'sqlalchemy', 'alembic', 'torch', 'pydantic', 'yaml', 'fsrs_rs_python'}"
        " & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert done.stdout.strip() == "[]"


def test_an_item_s_events_and_the_newest_actions_are_found_by_an_index(
    database: Path, clock: HandClock
) -> None:
    from app.progress import log, standings, turning

    store = Store.open(database, clock=clock)
    for statement, index in (
        (log._ITEM_REVIEWS, "ix_event_item"),
        (log._ITEM_RESETS, "ix_event_"),
        (log._ITEM_MISTAKES, "ix_event_item"),
        (log._MISTAKES, "ix_answer_mistake"),
        (turning._BACK, "ix_event_counter"),
        (turning._ACT, "ix_event_act"),
        (turning._ACTED, "sqlite_autoindex_event_1"),
        (standings._SAID_OF, "ix_event_"),
        (standings._SAID, "ix_event_said"),
        (standings._SOME, "PRIMARY KEY"),
    ):
        sql = re.sub(r"__\[POSTCOMPILE_\w+\]", "?", str(statement.compile(store._connection)))
        values = [0] * sql.count("?")
        plan = [row[3] for row in store._driver.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
        assert any(index in line for line in plan), plan
        assert not any("TEMP B-TREE" in line for line in plan), plan
    store.close()
