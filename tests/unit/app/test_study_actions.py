"""Suspend, bury, flag, note, reset; undo and redo of everything: the log against a simple model."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from study_desk import HandClock, ScriptedEngine, cards, write_pack

from app.progress.events import PLAIN, Answer, EventKind, NewEvent, Standing, Undone
from app.progress.glance import glance
from app.progress.store import Store
from app.study.doctor import rebuild, verify
from app.study.session import DailyLimits, Study, StudySession
from app.study.starting_over import start_over
from app.study.views import Finished, Rating, Shown
from content.compiled import PackLibrary

NAMES = tuple(f"demo:{topic}/{topic[0]}{n}" for topic in ("a.first", "b.second") for n in (1, 2))
OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "review", "review", "suspend", "unsuspend", "bury", "unbury", "flag", "note",
                "reset", "undo", "undo", "undo", "redo", "redo", "day", "reopen", "rerate",
            ]
        ),
        st.integers(1, 15),
    ),
    max_size=40,
)  # fmt: skip
ANSWER = Answer("1.0.0", "", None, 4.0, 0, 1, "{}")


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
        seed=1,
    )


Item = tuple[int, Standing]
"""Reviews that build the memory, and how the item stands."""
State = dict[str, Item]


@dataclass
class Model:
    """What a learner expects: a list of states, and one to go back and forth in it."""

    states: list[State] = field(default_factory=lambda: [dict.fromkeys(NAMES, (0, PLAIN))])
    undone: list[State] = field(default_factory=list)

    @property
    def now(self) -> State:
        return self.states[-1]

    def act(self, names: list[str], change: Callable[[Item], Item]) -> None:
        after = self.now | {name: change(self.now[name]) for name in names}
        if after != self.now:
            self.states.append(after)
            self.undone.clear()

    def undo(self) -> bool:
        if len(self.states) > 1:
            self.undone.append(self.states.pop())
            return True
        return False

    def redo(self) -> bool:
        if self.undone:
            self.states.append(self.undone.pop())
            return True
        return False


def said(**values: object) -> Callable[[Item], Item]:
    return lambda item: (item[0], replace(item[1], **values))  # type: ignore[arg-type]


def step(study: Study, model: Model, today: int, what: str, number: int) -> None:
    """The same action in the app and in the model."""
    names = [name for n, name in enumerate(NAMES) if number >> n & 1]
    match what:
        case "review":
            name = names[0]
            key = study.store.items.key(name)
            assert key is not None
            rating = Rating(1 + number % 4)
            study.journal.review(study.journal.new_id(), key, name, rating, ANSWER)
            model.states.append(model.now | {name: (model.now[name][0] + 1, model.now[name][1])})
            model.undone.clear()
        case "suspend" | "unsuspend":
            study.suspend(names, on=what == "suspend")
            model.act(names, said(suspended=what == "suspend"))
        case "bury":
            study.bury(names, None if number % 2 else today + 2)
            model.act(names, said(buried_until=today + (1 if number % 2 else 2)))
        case "unbury":
            study.unbury(names)
            names = [name for name in names if model.now[name][1].buried_until > today]
            model.act(names, said(buried_until=0))
        case "flag":
            study.flag(names, number % 5)
            model.act(names, said(flag=number % 5))
        case "note":
            study.note(names[0], "" if number == 1 else f"*{number}*\n")
            model.act(names[:1], said(note="" if number == 1 else f"*{number}*"))
        case "reset":
            study.reset(names)
            model.act(names, lambda item: (0, item[1]))
        case "undo":
            assert (study.undo() is not None) is model.undo()
        case "redo":
            assert study.redoable() is bool(model.undone)
            assert (study.redo() is not None) is model.redo()


def check(study: Study, model: Model, today: int) -> None:
    """Caches, log and glance say what the model says."""
    seen = glance(study.store.path, today, reviews_per_day=1000)
    study.actions.wake()
    store = study.store
    assert store.awake.overslept(today) == []
    active = dict(store._driver.execute("SELECT item, active FROM memory").fetchall())
    fresh = {row[0] for row in store._driver.execute("SELECT item FROM fresh")}
    for name, (reviews, standing) in model.now.items():
        key = store.items.key(name)
        assert key is not None
        memory = store.memories.get(key)
        assert (0 if memory is None else memory.reviews) == reviews, name
        assert study.standing(name) == standing
        awake = not standing.asleep(today)
        assert active.get(key) == (awake if reviews else None)
        assert (key in fresh) is (awake and not reviews)
    overview = study.overview()
    assert seen is not None
    assert (seen.due, seen.new, seen.backlog) == (overview.due, overview.new, overview.backlog)
    assert [(t.topic, t.due, t.new) for t in seen.topics] == [
        (t.topic, t.due, t.new) for chapter in overview.chapters for t in chapter.topics
    ]


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(operations=OPERATIONS)
def test_any_series_of_actions_gives_what_the_model_says(
    operations: list[tuple[str, int]], empty_database: Path, shared_pack: Path, tmp_path: Path
) -> None:
    folder = Path(mkdtemp(dir=tmp_path))
    path = Path(shutil.copy(empty_database, folder / "progress.sqlite"))
    clock = HandClock.at_nine()
    study, model = opened(path, shared_pack, clock), Model()
    for what, number in operations:
        if what == "day":
            clock.forward(days=1 + number % 3)
        elif what == "reopen":
            study.close()
            study = opened(path, shared_pack, clock)
        elif what == "rerate":
            newest = study.store.turning.newest()
            if newest and newest[0].kind is EventKind.REVIEW:
                study.journal.rerate(newest[0].event, newest[0].item, Rating(1 + number % 4))
                model.undone.clear()
        else:
            step(study, model, clock.today(), what, number)
    check(study, model, clock.today())
    assert verify(study.store, clock.today()).sound
    rebuild(study.store, clock)
    assert verify(study.store, clock.today()).sound
    check(study, model, clock.today())
    study.close()


def test_an_action_on_many_items_is_taken_back_whole(
    database: Path, shared_pack: Path, clock: HandClock
) -> None:
    study = opened(database, shared_pack, clock)
    study.flag(NAMES[:1], 2)
    assert study.suspend(NAMES) == 4
    assert study.suspend(NAMES) == 0  # nothing changes: no action
    assert study.overview().new == 0
    assert isinstance(study.begin().next(), Finished)
    undone = study.undo()
    assert undone is not None
    assert (undone.kind, sorted(undone.names)) == (EventKind.SUSPEND, sorted(NAMES))
    assert study.overview().new == 4
    study.close()
    study = opened(database, shared_pack, clock)
    assert study.redo() is not None
    assert study.overview().new == 0
    assert study.undo() is not None
    assert study.undo() == Undone(EventKind.FLAG, NAMES[:1])
    assert study.undo() is None
    study.close()


def test_what_is_buried_comes_again_the_next_day(
    database: Path, shared_pack: Path, clock: HandClock
) -> None:
    study = opened(database, shared_pack, clock)
    assert study.bury(NAMES) == 4
    session = study.begin()
    assert isinstance(session.next(), Finished)
    before = glance(database, clock.today(), new_per_day=3)
    assert before is not None
    assert before.new == 0
    clock.forward(days=1)
    asleep = study.store._driver.execute("SELECT count(*) FROM fresh").fetchone()
    assert asleep == (0,)  # nothing has woken them yet,
    seen = glance(database, clock.today(), new_per_day=3)
    assert seen is not None
    assert seen.new == 3  # and the first frame counts them all the same
    assert isinstance(session.next(), Shown)  # a session that was open over night brings them
    assert verify(study.store, clock.today()).sound
    study.close()


def test_a_new_day_is_counted_in_the_first_frame_where_items_are_due(
    database: Path, shared_pack: Path, clock: HandClock
) -> None:
    study = opened(database, shared_pack, clock)
    session = study.begin()
    while isinstance(session.next(), Shown):
        session.rate(Rating.EASY, hints=0, seconds=1.0)
    study.bury(NAMES[:3], clock.today() + 200)
    clock.forward(days=200)
    for reviews, due in ((None, 4), (2, 2)):
        seen = glance(database, clock.today(), reviews_per_day=reviews)
        assert seen is not None
        assert (seen.due, seen.backlog) == (due, 4)
    assert study.overview().due == 4
    study.close()


def test_a_reset_keeps_the_history_and_can_be_taken_back(
    database: Path, shared_pack: Path, clock: HandClock
) -> None:
    study = opened(database, shared_pack, clock)
    session = study.begin()
    shown = session.next()
    assert isinstance(shown, Shown)
    session.rate(Rating.EASY, hints=0, seconds=1.0)
    key = study.store.items.key(shown.name)
    assert key is not None
    before = study.store.memories.get(key)
    assert study.reset([shown.name, "demo:none/of-it"]) == 1
    assert study.store.memories.get(key) is None
    (review,) = study.store.log.reviews(key)
    assert review.in_force
    assert review.forgotten
    assert study.overview().activity[-1] == 1
    assert study.undo() == Undone(EventKind.RESET, (shown.name,))
    assert study.store.memories.get(key) == before
    assert verify(study.store, clock.today()).sound
    study.close()


def test_a_log_that_started_over_by_undoing_keeps_working(
    database: Path, shared_pack: Path, clock: HandClock
) -> None:
    """Before resets, every review was taken back by an undo of its own, the first one last."""
    study = opened(database, shared_pack, clock)
    session = study.begin()
    shown = session.next()
    assert isinstance(shown, Shown)
    session.rate(Rating.AGAIN, hints=0, seconds=1.0)
    key = study.store.items.key(shown.name)
    assert key is not None
    clock.forward(minutes=5)
    study.journal.review(study.journal.new_id(), key, shown.name, Rating.GOOD, ANSWER)
    with study.store.transaction():
        for review in reversed(study.store.log.reviews(key)):
            study.store.log.append(
                NewEvent(study.journal.new_id(), 1, 1, EventKind.UNDO, target=review.order.id)
            )
        study.store.memories.put(key, None)
    assert verify(study.store, clock.today()).sound
    study.close()
    study = opened(database, shared_pack, clock)
    assert study.undo() is None
    counts = []
    while study.redo() is not None:
        memory = study.store.memories.get(key)
        counts.append(0 if memory is None else memory.reviews)
    assert counts == [1, 2]
    assert start_over(study.store, clock, [shown.name]) == 1
    assert verify(study.store, clock.today()).sound
    study.close()


def test_a_word_that_cannot_be_read_says_nothing(
    database: Path, shared_pack: Path, clock: HandClock
) -> None:
    study = opened(database, shared_pack, clock)
    study.flag(NAMES[:1], 3)
    with study.store.transaction():
        for n, payload in enumerate(("{", "[]", '{"flag": "red"}', None)):
            study.store.log.append(
                NewEvent(f"{n:032x}", 1, 1, EventKind.FLAG, item=NAMES[0], payload=payload)
            )
    rebuild(study.store, clock)
    assert study.standing(NAMES[0]) == Standing(flag=3)
    study.close()


def test_the_doctor_finds_and_mends_what_stands_wrongly(
    database: Path, shared_pack: Path, clock: HandClock
) -> None:
    study = opened(database, shared_pack, clock)
    study.flag(NAMES[:2], 1)
    study.suspend(NAMES[2:3])
    run = study.store._driver.execute
    run("UPDATE standing SET flag = 2 WHERE item = (SELECT min(item) FROM standing)")
    found = verify(study.store, clock.today())
    assert (len(found.standings), found.stale) == (1, 0)
    run("UPDATE standing SET suspended = 1 - suspended")
    found = verify(study.store, clock.today())
    assert (len(found.standings), found.stale) == (3, 3)
    rebuild(study.store, clock)
    assert verify(study.store, clock.today()).sound
    assert study.standing(NAMES[0]) == Standing(flag=1)
    study.close()


def test_merged_devices_share_counters(database: Path, shared_pack: Path, clock: HandClock) -> None:
    """Events of another machine, merged in, with the same counters: (counter, device, id)."""
    study = opened(database, shared_pack, clock)
    for flag in (1, 2, 3):
        study.flag(NAMES[:1], flag)
    run = study.store._driver.execute
    run("INSERT INTO device (id, own, created) VALUES (?, 0, 1)", ("f" * 32,))
    run(
        """INSERT INTO event (id, learner, device, counter, at, day, kind, item, payload)
        SELECT 'f' || substr(id, 2), learner, (SELECT max(key) FROM device), counter, at, day,
        'note', item, '{"text": "' || counter || '"}' FROM event WHERE kind = 'flag'"""
    )
    rebuild(study.store, clock)
    (last,) = run("SELECT max(counter) FROM event").fetchone()
    kinds = []
    while (undone := study.undo()) is not None:
        kinds.append(undone.kind)
    assert kinds == [EventKind.NOTE, EventKind.FLAG] * 3
    assert study.standing(NAMES[0]) == PLAIN
    for _ in range(6):
        assert study.redo() is not None
    assert study.standing(NAMES[0]) == Standing(flag=3, note=str(last))
    assert study.redo() is None
    assert verify(study.store, clock.today()).sound
    study.close()


def test_renamed_items_keep_what_was_said_of_them(
    database: Path, tmp_path: Path, clock: HandClock
) -> None:
    pack = write_pack(tmp_path / "demo", {"a": cards("one", "two")})
    study = opened(database, pack, clock)
    study.note("demo:a/one", "mine")
    study.suspend(["demo:a/one"])
    study.close()
    write_pack(
        tmp_path / "demo",
        {"a": cards("two") + "- {id: uno, formerly: [a/one], front: Uno?, back: Yes.}\n"},
    )
    study = opened(database, pack, clock)
    assert study.standing("demo:a/uno") == Standing(suspended=True, note="mine")
    assert study.overview().new == 1
    assert verify(study.store, clock.today()).sound
    assert study.undo() == Undone(EventKind.SUSPEND, ("demo:a/uno",))
    study.close()


def test_many_items_at_once(database: Path, tmp_path: Path, clock: HandClock) -> None:
    """More than one IN list takes."""
    ids = [f"c{n}" for n in range(1200)]
    pack = write_pack(tmp_path / "many", {"a": cards(*ids)})
    study = opened(database, pack, clock)
    names = [f"many:a/{one}" for one in ids]
    assert study.suspend(names) == 1200
    undone = study.undo()
    assert undone is not None
    assert len(undone.names) == 1200
    assert study.overview().new == 1200
    assert verify(study.store, clock.today()).sound
    study.close()


def test_payloads_are_plain_json(database: Path, shared_pack: Path, clock: HandClock) -> None:
    study = opened(database, shared_pack, clock)
    today = clock.today()
    study.suspend(NAMES[:1])
    study.bury(NAMES[:2])
    study.flag(NAMES[:1], 4)
    study.note(NAMES[0], "卷积 `k`")
    study.close()
    with closing(sqlite3.connect(database)) as file:
        rows = file.execute(
            "SELECT kind, payload, act IS NULL FROM event WHERE payload IS NOT NULL"
        ).fetchall()
    assert [(kind, json.loads(payload), alone) for kind, payload, alone in rows] == [
        ("suspend", {"on": True}, 1),
        ("bury", {"until": today + 1}, 0),
        ("bury", {"until": today + 1}, 0),
        ("flag", {"flag": 4}, 1),
        ("note", {"text": "卷积 `k`"}, 1),
    ]


SITTING = st.lists(
    st.tuples(
        st.sampled_from(
            ["rate", "rate", "rerate", "bury", "suspend", "flag", "note", "skip", "undo", "undo",
             "redo", "redo", "elsewhere", "wait"]
        ),
        st.integers(1, 4),
    ),
    max_size=25,
)  # fmt: skip


def _on_screen(session: StudySession, what: str, number: int) -> None:
    """What is done with the item on screen."""
    if what in ("rate", "rerate"):
        session.rate(Rating(number), hints=0, seconds=2.0)
        if what == "rerate":
            session.rate(Rating(5 - number), hints=0, seconds=2.0)
        session.leech()
    elif what == "flag":
        assert session.flag(number).standing.flag == number
    elif what == "note":
        assert session.note("n" * number).standing.note == "n" * number
    else:
        getattr(session, what)()


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(operations=SITTING)
@example(
    operations=[
        ("rate", 1),
        ("wait", 2),
        ("rate", 2),
        ("elsewhere", 1),
        ("rate", 4),
        ("undo", 1),
        ("rate", 1),
    ]
)
def test_a_sitting_follows_every_action(
    operations: list[tuple[str, int]], empty_database: Path, shared_pack: Path, tmp_path: Path
) -> None:
    """What comes on screen is awake, what the summary counts is in force, whatever was done."""
    folder = Path(mkdtemp(dir=tmp_path))
    path = Path(shutil.copy(empty_database, folder / "progress.sqlite"))
    clock = HandClock.at_nine()
    study = opened(path, shared_pack, clock)
    session = study.begin()
    shown: object = None
    for what, number in operations:
        before, shown = shown, session.next()
        stayed = isinstance(before, Shown) and getattr(shown, "name", "") == before.name
        if isinstance(shown, Shown) and not stayed:  # what is on screen stays there
            assert not study.standing(shown.name).asleep(clock.today())
            assert shown.standing == study.standing(shown.name)
        if what == "undo":
            turned = session.undo()
            # An answer that is taken back is asked again, whether its item is awake or not.
            shown = shown if turned is None else turned.shown or shown
        elif what == "redo":
            session.redo()
        elif what == "wait":
            clock.forward(minutes=number * 7)
        elif what == "elsewhere":
            study.suspend(NAMES[number - 1 : number], on=number % 2 == 0)
            study.bury(NAMES[number - 1 : number])
        elif isinstance(shown, Shown):
            _on_screen(session, what, number)
    in_force = sum(
        review.in_force for _, found in study.store.log.all_reviews() for review in found
    )
    assert session.summary().answered == in_force
    assert verify(study.store, clock.today()).sound
    study.close()
