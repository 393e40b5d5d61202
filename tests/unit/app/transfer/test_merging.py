"""Two machines made one: the union of their logs, in whatever order, how often ever."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import sys
import time
from contextlib import closing
from itertools import product
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from study_desk import HandClock, ScriptedEngine, cards, write_pack

from app.cli import main
from app.progress.events import EventKind, NewEvent, StepKind
from app.progress.extract import canonical_lines, reading
from app.progress.foreign import COPIED, DERIVED, ForeignFile, clean_copy
from app.progress.models import Base
from app.progress.problems import StoreProblem
from app.progress.rounds import NewRound, RoundClock, Step
from app.progress.store import Store
from app.study.doctor import verify
from app.study.session import DailyLimits, Study
from app.study.views import Finished, NotMeasured, Rating
from app.transfer.merging import meeting, merge
from content.compiled import PackLibrary

NAMES = tuple(f"demo:{topic}/{topic[0]}{n}" for topic in ("a.first", "b.second") for n in (1, 2))
OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.integers(1, 4)),
        st.tuples(st.just("rerate"), st.integers(1, 4)),
        st.tuples(st.sampled_from(["undo", "undo", "redo"]), st.just(0)),
        st.tuples(st.sampled_from(["suspend", "flag", "note", "reset", "bury"]), st.integers(0, 3)),
        st.tuples(st.just("wait"), st.integers(1, 40_000)),
    ),
    max_size=10,
)
HEALTH = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@pytest.fixture(scope="module")
def shared_pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pack(
        tmp_path_factory.mktemp("packs") / "demo",
        {"a.first": cards("a1", "a2"), "b.second": cards("b1", "b2")},
    )


def opened(path: Path, pack: Path, clock: HandClock) -> Study:
    return Study(
        Store.open(path, clock=clock),
        PackLibrary([pack], None),
        ScriptedEngine(),  # type: ignore[arg-type]
        clock,
        limits=DailyLimits(new=None, reviews=None),
    )


def study(path: Path, pack: Path, clock: HandClock, operations: list[tuple[str, int]]) -> None:
    """Do that, on that file."""
    loop = opened(path, pack, clock)
    session, judged = loop.begin(), False
    for action, number in operations:
        name = NAMES[number % len(NAMES)]
        if action == "answer":
            judged = not isinstance(session.next(), Finished | NotMeasured)
        if action in ("answer", "rerate") and judged:
            session.rate(Rating(number), hints=0, seconds=5.0)
        if action in ("answer", "rerate"):
            continue
        if action == "wait":
            clock.forward(minutes=number)
        elif action == "undo":
            loop.undo()
        elif action == "redo":
            loop.redo()
        elif action == "suspend":
            loop.suspend([name], on=number % 2 == 0)
        elif action == "flag":
            loop.flag([name], number)
        elif action == "note":
            loop.note(name, f"note {number}")
        elif action == "bury":
            loop.bury([name])
        else:
            loop.reset([name])
        session, judged = loop.begin(), False
    loop.close()


def log_of(path: Path) -> list[str]:
    with reading(path) as database:
        return list(canonical_lines(database))


def merged(path: Path, other: Path, clock: HandClock) -> None:
    """Merge `other` into `path`; the caches are then what the log says."""
    with meeting(other, path, path.parent / "backups", clock) as found:
        merge(found)
    store = Store.open(path, clock=clock)
    findings = verify(store, clock.today())
    store.close()
    assert findings.sound, findings


def copy(path: Path, folder: Path, name: str) -> Path:
    return Path(shutil.copy(path, folder / name))


@settings(max_examples=4, suppress_health_check=HEALTH)
@given(before=OPERATIONS, one=OPERATIONS, two=OPERATIONS)
def test_two_copies_studied_apart_become_equal_in_either_order(
    before: list[tuple[str, int]],
    one: list[tuple[str, int]],
    two: list[tuple[str, int]],
    empty_database: Path,
    shared_pack: Path,
    tmp_path: Path,
) -> None:
    folder, clock = Path(mkdtemp(dir=tmp_path)), HandClock.at_nine()
    a = copy(empty_database, folder, "a.sqlite")
    study(a, shared_pack, clock, before)
    b = copy(a, folder, "b.sqlite")
    study(a, shared_pack, clock, one)
    study(b, shared_pack, clock, two)
    ab = copy(a, folder, "ab.sqlite")
    merged(ab, b, clock)
    merged(b, a, clock)
    assert log_of(ab) == log_of(b)
    assert _standings(ab) == _standings(b)
    once = ab.read_bytes()
    merged(ab, b, clock)
    assert ab.read_bytes() == once
    # Study goes on with counters above all. The note is one that no operation writes: a mark that
    # is set already would change nothing and log nothing.
    study(ab, shared_pack, clock, [("note", len(NAMES))])
    *_, highest, last = sorted(_counters(ab))
    assert last == highest + 1


@pytest.mark.slow
@settings(max_examples=15, suppress_health_check=HEALTH)
@given(before=OPERATIONS, one=OPERATIONS, two=OPERATIONS, three=OPERATIONS)
def test_three_machines_become_equal_in_whatever_order(
    before: list[tuple[str, int]],
    one: list[tuple[str, int]],
    two: list[tuple[str, int]],
    three: list[tuple[str, int]],
    empty_database: Path,
    shared_pack: Path,
    tmp_path: Path,
) -> None:
    folder, clock = Path(mkdtemp(dir=tmp_path)), HandClock.at_nine()
    a = copy(empty_database, folder, "a.sqlite")
    study(a, shared_pack, clock, before)
    b = copy(a, folder, "b.sqlite")
    # The third is another machine's: other ids of learner and device.
    c = copy(empty_database, folder, "c.sqlite")
    for path, operations in ((a, one), (b, two), (c, three)):
        study(path, shared_pack, clock, operations)
    ab, bc = copy(a, folder, "ab.sqlite"), copy(b, folder, "bc.sqlite")
    merged(ab, b, clock)
    merged(bc, c, clock)
    ab_c, a_bc, cab = (copy(p, folder, f"{n}.sqlite") for n, p in enumerate((ab, a, c)))
    merged(ab_c, c, clock)
    merged(a_bc, bc, clock)
    merged(cab, ab, clock)
    assert log_of(ab_c) == log_of(a_bc) == log_of(cab)
    assert _standings(ab_c) == _standings(a_bc) == _standings(cab)


def _counters(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as database:
        return [row[0] for row in database.execute("SELECT counter FROM event")]


def _standings(path: Path) -> list[tuple[object, ...]]:
    """What is remembered and said of each item, by name."""
    with closing(sqlite3.connect(path)) as database:
        return database.execute(
            """SELECT i.name, m.phase, m.step, m.stability, m.due_day, m.reviews, s.suspended,
            s.flag, s.note FROM item i LEFT JOIN memory m ON m.item = i.key
            LEFT JOIN standing s ON s.item = i.key ORDER BY i.name"""
        ).fetchall()


@pytest.fixture
def two(empty_database: Path, shared_pack: Path, tmp_path: Path, clock: HandClock) -> list[Path]:
    """Two copies of a file with one review."""
    start = copy(empty_database, tmp_path, "start.sqlite")
    study(start, shared_pack, clock, [("answer", 3)])
    return [copy(start, tmp_path, "a.sqlite"), copy(start, tmp_path, "b.sqlite")]


def test_an_undone_review_stays_undone(
    two: list[Path], shared_pack: Path, clock: HandClock
) -> None:
    a, b = two
    study(a, shared_pack, clock, [("undo", 0)])
    study(b, shared_pack, clock, [("answer", 4)])
    merged(a, b, clock)
    merged(b, a, clock)
    assert log_of(a) == log_of(b)
    loop = opened(b, shared_pack, clock)
    memories = dict(loop.store.memories.everything())
    assert len(memories) == 1  # of the second answer alone
    assert [row.last_at for row in memories.values()] != []
    loop.close()


def test_a_conflict_is_decided_by_counter_then_device_then_id(
    two: list[Path], shared_pack: Path, clock: HandClock
) -> None:
    a, b = two
    with closing(sqlite3.connect(a)) as database:
        (review,) = database.execute("SELECT id FROM event WHERE kind = 'review'").fetchone()
    study(a, shared_pack, clock, [("undo", 0)])
    study(b, shared_pack, clock, [("flag", 1)])  # so that b's redo has the larger counter
    loop = opened(b, shared_pack, clock)
    with loop.store.transaction():
        for kind in (EventKind.UNDO, EventKind.REDO):
            event = NewEvent(loop.journal.new_id(), 1, 739_677, kind, target=review)
            loop.store.log.append(event)
    loop.close()
    merged(a, b, clock)
    merged(b, a, clock)
    assert log_of(a) == log_of(b)
    assert _standings(a) == _standings(b)
    assert any(row[1] is not None for row in _standings(a))  # the redo wins: it is remembered


def _drill(path: Path, clock: HandClock, *kinds: StepKind, luck: int = 1) -> None:
    """Steps of the one round there, at moments of their own."""
    store = Store.open(path, clock=clock)
    with store.transaction():
        rounds = store.rounds.all()
        number = rounds[0].number if rounds else store.rounds.add(
            NewRound("a" * 31 + str(luck), 1000, 739_677, "{}", luck, "{}", "en")
        )  # fmt: skip
        for kind in kinds:
            clock.forward(seconds=1)
            at = int(clock.now().timestamp() * 1000)
            step = Step(at, kind, 1)
            store.rounds.append(number, step, store.rounds.last(number) + 1)
            store.rounds.set_clock(number, RoundClock(at, 1, 2.0, 3.0))
    store.close()


def _steps(path: Path, clock: HandClock) -> list[str]:
    store = Store.open(path, clock=clock)
    steps = [step.kind.value for step in store.rounds.steps(1)]
    store.close()
    return steps


def test_a_round_in_progress_elsewhere_is_taken_as_it_is_and_goes_on(
    two: list[Path], clock: HandClock
) -> None:
    a, b = two
    _drill(a, clock, StepKind.ASKED, StepKind.PAUSED)
    merged(b, a, clock)
    assert _steps(b, clock) == ["asked", "paused"]
    _drill(b, clock, StepKind.RESUMED, StepKind.SKIPPED)
    merged(a, b, clock)
    assert _steps(a, clock) == ["asked", "paused", "resumed", "skipped"]
    assert log_of(a) == log_of(b)
    store = Store.open(a, clock=clock)
    taken = store.rounds.clock(1)
    store.close()
    assert taken is not None
    assert taken.at == int(clock.now().timestamp() * 1000)


def test_a_round_that_went_on_in_both_places_is_kept_both_ways(
    two: list[Path], clock: HandClock, tmp_path: Path
) -> None:
    a, b = two
    _drill(a, clock, StepKind.ASKED)
    merged(b, a, clock)
    _drill(a, clock, StepKind.ANSWERED)
    _drill(b, clock, StepKind.SKIPPED, StepKind.ENDED)
    before = copy(a, tmp_path, "before.sqlite")
    with meeting(b, a, tmp_path / "backups", clock) as found:
        assert (found.news.apart, found.news.new_steps) == (1, 2)
    merged(a, b, clock)
    merged(b, before, clock)
    assert log_of(a) == log_of(b)
    assert _steps(a, clock) == ["asked", "answered"]
    assert _steps(b, clock) == ["asked", "skipped", "ended"]
    _drill(a, clock, StepKind.ENDED)
    c = copy(b, tmp_path, "c.sqlite")
    merged(c, a, clock)
    merged(a, c, clock)
    merged(b, a, clock)
    assert log_of(a) == log_of(b) == log_of(c)
    assert sum('"type":"step"' in line for line in log_of(a)) == 5


def test_items_that_no_pack_here_has_come_with_their_topic_and_are_absent(
    database: Path, shared_pack: Path, tmp_path: Path, clock: HandClock, empty_database: Path
) -> None:
    study(database, shared_pack, clock, [("answer", 3), ("answer", 2)])
    other_pack = write_pack(tmp_path / "packs" / "other", {"x.only": cards("x1")})
    here = copy(empty_database, tmp_path, "here.sqlite")
    loop = opened(here, other_pack, clock)
    loop.close()
    merged(here, database, clock)
    with closing(sqlite3.connect(here)) as file:
        rows = file.execute(
            "SELECT i.name, i.present, t.name, t.present FROM item i"
            " JOIN topic t ON t.key = i.topic WHERE i.name LIKE 'demo:%' ORDER BY i.name"
        ).fetchall()
        assert file.execute("SELECT count(*) FROM memory WHERE active = 1").fetchone() == (0,)
    assert len(rows) == 2
    assert all(row[1:] == (0, row[0][5:].partition("/")[0], 0) for row in rows)
    loop = opened(here, shared_pack, clock)  # the pack is installed here too
    assert verify(loop.store).sound
    assert loop.store.memories.next_due(0) != (None, None)
    loop.close()
    assert set(log_of(database)[1:]) <= set(log_of(here)[1:])


def test_two_learner_ids_must_be_said_to_be_one_person_once(
    empty_database: Path,
    shared_pack: Path,
    tmp_path: Path,
    clock: HandClock,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    here, there = home / "progress.sqlite", tmp_path / "there.sqlite"
    shutil.copy(empty_database, there)
    study(there, shared_pack, clock, [("answer", 3)])  # the older one
    shutil.copy(empty_database, here)
    clock.forward(days=1)
    study(here, shared_pack, clock, [("answer", 2)])
    monkeypatch.setenv("GRADUS_HOME", str(home))
    monkeypatch.setenv("GRADUS_NOW", "2026-03-05T09:00")
    before = here.read_bytes()
    assert main(["merge", str(there)]) == 2
    told = capsys.readouterr().err
    assert "In the file: 1 review, 1 new here." in told
    assert "--same-person" in told
    assert main(["merge", str(there), "--dry-run", "--json", "--same-person"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert (summary["new_reviews"], summary["merged"], summary["known"]) == (1, False, False)
    assert here.read_bytes() == before
    assert main(["merge", str(there), "--same-person", "--language", "zh"]) == 0
    told = capsys.readouterr().err
    assert "已合并：新增 1 条复习" in told
    assert "2026-03-02 至 2026-03-02" in told
    canonical = json.loads(log_of(there)[0])["learner"]
    head = json.loads(log_of(here)[0])
    assert head["learner"] == canonical
    assert len(head["also"]) == 1
    # From now on both files know; no word is needed in either direction.
    merged(there, here, clock)
    assert log_of(there) == log_of(here)
    study(there, shared_pack, clock, [("flag", 1)])
    assert main(["merge", str(there)]) == 0
    assert log_of(there) == log_of(here)
    capsys.readouterr()
    before = here.read_bytes()
    assert main(["merge", str(there), "--json"]) == 0
    out = capsys.readouterr()
    assert "Nothing new" in out.err
    assert json.loads(out.out)["merged"] is False
    assert here.read_bytes() == before


def test_a_file_in_use_or_this_very_file_is_refused(
    two: list[Path], shared_pack: Path, clock: HandClock, tmp_path: Path
) -> None:
    a, b = two
    loop = opened(a, shared_pack, clock)
    with pytest.raises(StoreProblem) as in_use, meeting(b, a, tmp_path / "x", clock):
        pass
    assert in_use.value.code == "in-use"
    merged(b, a, clock)  # the other one may be open: it is only read
    loop.close()
    with pytest.raises(ForeignFile) as itself, meeting(a, a, tmp_path / "x", clock):
        pass
    assert itself.value.code == "itself"


def test_every_table_is_copied_or_derived() -> None:
    assert {*COPIED, *DERIVED} == set(Base.metadata.tables)


def _broken(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA writable_schema = ON")
        for kind, table in product(("update", "delete"), ("event", "answer")):
            database.execute(f"DROP TRIGGER IF EXISTS {table}_no_{kind}")
        for statement in statements:
            database.execute(statement)


@pytest.mark.parametrize(
    ("code", "statements"),
    [
        ("newer", ["UPDATE alembic_version SET version_num = '9999'"]),
        ("foreign", ["DROP TABLE alembic_version"]),
        ("damaged", ["UPDATE event SET counter = 9007199254740991 WHERE counter = 2"]),
        ("damaged", ["UPDATE event SET day = 'monday' WHERE kind = 'review'"]),
        ("damaged", ["UPDATE event SET at = 9e17 WHERE kind = 'review'"]),
        ("damaged", ["UPDATE event SET id = 'not an id' WHERE kind = 'review'"]),
        ("damaged", ["UPDATE answer SET parameters = NULL"]),
        ("damaged", ["UPDATE answer SET draw = '{'"]),
        ("damaged", ["UPDATE answer SET typed = zeroblob(100)"]),
        ("damaged", ["UPDATE answer SET typed = printf('%.*c', 2000000, 'x')"]),
        ("damaged", ["UPDATE answer SET measured = printf('%.*c', 5000, '[')"]),
        ("damaged", ["PRAGMA ignore_check_constraints = ON", "UPDATE event SET rating = 9"]),
        ("damaged", ["DELETE FROM answer"]),
        ("damaged", ["DROP TABLE answer", "CREATE VIEW answer AS SELECT * FROM event"]),
        ("several", [f"INSERT INTO learner (id, created) VALUES ('{'e' * 32}', 5)"]),
        ("differs", ["UPDATE event SET rating = 1 WHERE kind = 'review'"]),
        ("newer", ["UPDATE parameter_set SET scheduler = 'fsrs-9/1'",]),
    ],
)  # fmt: skip
def test_a_hostile_file_is_refused_and_nothing_changes(
    code: str, statements: list[str], two: list[Path], clock: HandClock, tmp_path: Path
) -> None:
    a, b = two
    with closing(sqlite3.connect(b, isolation_level=None)) as database:
        database.execute("DROP TRIGGER parameter_set_no_update")
    _broken(b, *statements)
    before, theirs = a.read_bytes(), b.read_bytes()
    with pytest.raises(ForeignFile) as caught, meeting(b, a, tmp_path / "x", clock):
        pass
    assert caught.value.code == code
    for language in ("en", "zh"):
        assert str(b) in caught.value.describe(language)
    assert a.read_bytes() == before
    assert b.read_bytes() == theirs
    assert not list(tmp_path.glob("b.sqlite-*"))


@pytest.mark.parametrize("contents", [b"", b"text", b"SQLite format 3\x00" + b"\xff" * 9000])
def test_what_is_no_progress_file_is_refused(
    contents: bytes, two: list[Path], clock: HandClock, tmp_path: Path
) -> None:
    file = tmp_path / "other.sqlite"
    file.write_bytes(contents)
    with pytest.raises(ForeignFile) as caught, meeting(file, two[0], tmp_path / "x", clock):
        pass
    assert caught.value.code in ("no-database", "damaged")


@pytest.mark.parametrize(("place", "code"), [("", "folder"), ("none.sqlite", "absent")])
def test_what_is_no_file_is_said(
    place: str, code: str, two: list[Path], clock: HandClock, tmp_path: Path
) -> None:
    with (
        pytest.raises(ForeignFile) as caught,
        meeting(tmp_path / place, two[0], tmp_path / "x", clock),
    ):
        pass
    assert caught.value.code == code
    for language in ("en", "zh"):
        assert str(tmp_path) in caught.value.describe(language)


def test_triggers_and_views_of_a_foreign_file_are_never_run(
    two: list[Path], shared_pack: Path, clock: HandClock, tmp_path: Path
) -> None:
    a, b = two
    study(b, shared_pack, clock, [("answer", 4)])
    _broken(
        b,
        "CREATE TRIGGER harm AFTER INSERT ON event BEGIN DELETE FROM answer; END",
        "CREATE VIEW spy AS SELECT load_extension('/tmp/none')",
        "CREATE TRIGGER more BEFORE INSERT ON item BEGIN SELECT RAISE(ABORT, 'no'); END",
    )
    merged(a, b, clock)
    with closing(sqlite3.connect(a)) as database:
        names = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
        assert database.execute("SELECT count(*) FROM answer").fetchone() == (2,)
    assert not names & {"harm", "spy", "more"}


def test_a_file_with_its_write_ahead_log_is_read_whole(
    two: list[Path], shared_pack: Path, clock: HandClock, tmp_path: Path
) -> None:
    a, b = two
    loop = opened(b, shared_pack, clock)
    session = loop.begin()
    session.next()
    session.rate(Rating.GOOD, hints=0, seconds=1.0)
    lost = tmp_path / "lost"
    lost.mkdir()
    for end in ("", "-wal"):  # as a stick pulled out holds it
        shutil.copy(f"{b}{end}", lost / f"b.sqlite{end}")
    loop.close()
    merged(a, lost / "b.sqlite", clock)
    assert log_of(a) == log_of(b)
    assert {path.name for path in lost.iterdir()} <= {"b.sqlite", "b.sqlite-wal", "b.sqlite-shm"}


def test_an_older_file_is_brought_up_to_date_in_a_copy(
    two: list[Path], clock: HandClock, tmp_path: Path
) -> None:
    from app.progress.opening import built

    old = tmp_path / "old.sqlite"
    built(old, "0001")
    device, learner = "d" * 32, "c" * 32
    with closing(sqlite3.connect(old, isolation_level=None)) as database:
        database.execute("INSERT INTO learner (id, created) VALUES (?, 5)", (learner,))
        database.execute("INSERT INTO device (id, own, created) VALUES (?, 1, 5)", (device,))
        database.execute(
            "INSERT INTO event (id, learner, device, counter, at, day, kind, target)"
            " VALUES (?, 1, 1, 1, 5, 739000, 'undo', ?)", ("b" * 32, "f" * 32),
        )  # fmt: skip
    before = old.read_bytes()
    a = two[0]
    with meeting(old, a, tmp_path / "x", clock) as found:
        assert (found.news.new_events, found.asks) == (1, True)
        merge(found)
    assert old.read_bytes() == before
    assert json.loads(log_of(a)[0])["learner"] == learner  # the older id
    clean = clean_copy(old, Path(mkdtemp(dir=tmp_path)))
    assert any('"kind":"undo"' in line for line in log_of(clean))


@pytest.mark.skipif(sys.platform == "win32", reason="no kill -9")
@pytest.mark.parametrize("delay", [0.0, 0.003, 0.01, 0.03])
def test_killed_anywhere_merging_leaves_the_old_or_the_new(
    delay: float, two: list[Path], shared_pack: Path, clock: HandClock, tmp_path: Path
) -> None:
    a, b = two
    study(b, shared_pack, clock, [("answer", 4), ("answer", 1), ("flag", 2)])
    before = log_of(a)
    ready, tell = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover  (another process)
        with meeting(b, a, tmp_path / "x", clock) as found:
            os.write(tell, b"!")
            merge(found)
        os._exit(0)
    assert os.read(ready, 1) == b"!"
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(ready)
    os.close(tell)
    assert log_of(a) in (before, log_of(b))
    merged(a, b, clock)
    assert log_of(a) == log_of(b)
