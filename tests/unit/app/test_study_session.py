"""A learner's sitting, on a real database: what comes, what is saved, what an undo takes back."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from study_desk import HandClock, ScriptedEngine, cards, write_pack

from app.progress import opening
from app.progress.counts import pace
from app.progress.events import EventKind, Undone
from app.progress.problems import StoreProblem
from app.study.doctor import verify
from app.study.session import DailyLimits, Study, StudySession
from app.study.views import Finished, NotMeasured, Rating, Shown
from engine.client import EngineClient
from engine.protocol import Failure, FailureKind, Measured
from engine.verdict import VerdictKind

OpenStudy = Callable[..., Study]

EXERCISES = """
exercises:
- id: weights
  kind: number
  seconds: 60
  draw: {c_in: [1, 3, 16, 32], c_out: {from: 8, to: 256, step: 8}, k: [3, 5, 7]}
  let: {layer: "Conv2d(c_in, c_out, k)"}
  question: "How many parameters has {{ code(layer) }}?"
  measure: parameters(layer)
  solution: k*k*c_in*c_out + c_out
  mistakes:
  - {id: bias-forgotten, value: k*k*c_in*c_out, why: "One bias for each output channel."}
"""
MANIFEST = "mistakes: {bias-forgotten: {title: bias forgotten}}\n"


def taken_back(session: StudySession) -> Shown:
    turned = session.undo()
    assert turned is not None
    assert turned.shown is not None
    return turned.shown


def shown(session: StudySession) -> Shown:
    found = session.next()
    assert isinstance(found, Shown), found
    return found


def answer_all(session: StudySession, rating: Rating = Rating.EASY) -> list[str]:
    names = []
    while isinstance(found := session.next(), Shown):
        names.append(found.name.rpartition("/")[2])
        session.rate(rating, hints=0, seconds=4.0)
    return names


def test_new_items_come_in_teaching_order_and_prerequisites_first(open_study: OpenStudy) -> None:
    names = answer_all(open_study().begin())
    assert sorted(names) == [f"{t}{n}" for t in "abc" for n in range(1, 5)]
    for topic in "abc":
        assert [n for n in names if n[0] == topic] == [f"{topic}{n}" for n in range(1, 5)]
    assert names.index("a4") < names.index("b1")
    assert names[:8] == ["a1", "c1", "a2", "c2", "a3", "c3", "a4", "c4"]


def test_daily_limits_hold_over_sessions_and_end_with_the_day(
    open_study: OpenStudy, clock: HandClock
) -> None:
    study = open_study(limits=DailyLimits(new=5, reviews=3))
    assert (study.overview().due, study.overview().new) == (0, 5)
    assert len(answer_all(study.begin(limit=2))) == 2
    assert study.overview().new == 3
    assert len(answer_all(study.begin())) == 3
    assert answer_all(study.begin()) == []
    clock.forward(days=15)
    assert study.overview().due == 3
    assert study.overview().backlog == 5
    assert study.overview().new == 5
    assert len(answer_all(study.begin())) == 8
    assert study.overview().due == 0


def test_a_topic_alone(open_study: OpenStudy) -> None:
    study = open_study()
    assert answer_all(study.begin(topic="c.other")) == ["c1", "c2", "c3", "c4"]
    assert len(answer_all(study.begin(topic="demo:a.first", limit=3))) == 3
    with pytest.raises(KeyError):
        study.begin(topic="nowhere")


def test_due_items_of_one_topic_are_kept_apart(open_study: OpenStudy, clock: HandClock) -> None:
    study = open_study()
    answer_all(study.begin())
    clock.forward(days=40)
    topics = [name[0] for name in answer_all(study.begin())]
    assert len(topics) == 12
    assert all(one != other for one, other in pairwise(topics))


def test_the_order_of_due_items_is_the_same_each_time(
    open_study: OpenStudy, clock: HandClock
) -> None:
    answer_all(open_study().begin())
    clock.forward(days=40)

    def order() -> list[str]:
        session = open_study().begin()
        names = []
        while isinstance(found := session.next(), Shown):
            names.append(found.name)
            session.skip()
        return names

    assert order() == order()
    assert len(order()) == 12


def test_what_a_key_shows_is_what_it_does(open_study: OpenStudy, clock: HandClock) -> None:
    session = open_study().begin()
    for count in range(40):
        found = session.next()
        if isinstance(found, Finished):
            clock.forward(days=9)
            session = open_study().begin()
            continue
        assert isinstance(found, Shown)
        rating = Rating(1 + count % 4)
        rated = session.rate(rating, hints=0, seconds=2.0)
        interval = found.intervals[rating - 1]
        assert interval.rating is rating
        assert rated.due == interval.due
        clock.forward(minutes=3)


def test_a_failed_card_returns_in_the_same_session(open_study: OpenStudy, clock: HandClock) -> None:
    session = open_study(limits=DailyLimits(new=2, reviews=0)).begin()
    first = shown(session)
    session.rate(Rating.AGAIN, hints=0, seconds=2.0)
    second = shown(session)
    assert second.name != first.name
    session.rate(Rating.EASY, hints=0, seconds=2.0)
    third = shown(session)  # due in a minute only, but nothing else is left
    assert third.name == first.name
    assert not third.is_new
    session.rate(Rating.GOOD, hints=0, seconds=2.0)
    clock.forward(minutes=10)
    assert shown(session).name == first.name
    session.rate(Rating.GOOD, hints=0, seconds=2.0)
    assert isinstance(session.next(), Finished)


def test_a_step_that_is_due_comes_before_the_plan(open_study: OpenStudy, clock: HandClock) -> None:
    session = open_study().begin()
    first = shown(session)
    session.rate(Rating.AGAIN, hints=0, seconds=2.0)
    shown(session)
    session.rate(Rating.EASY, hints=0, seconds=2.0)
    clock.forward(minutes=2)
    assert shown(session).name == first.name


def test_numbers_and_totals(open_study: OpenStudy) -> None:
    session = open_study().begin(limit=3)
    assert (shown(session).number, shown(session).total) == (1, 3)
    session.rate(Rating.EASY, hints=0, seconds=2.0)
    assert (shown(session).number, shown(session).total) == (2, 3)
    whole = open_study().begin()
    assert (shown(whole).number, shown(whole).total) == (1, 11)


def test_what_comes_back_is_counted_once(open_study: OpenStudy, clock: HandClock) -> None:
    session = open_study(limits=DailyLimits(new=4, reviews=0)).begin()
    places = []
    while isinstance(found := session.next(), Shown):
        places.append((found.number, found.total, found.returning))
        clock.forward(minutes=2)
        session.rate(Rating.AGAIN if len(places) < 5 else Rating.EASY, hints=0, seconds=2.0)
    assert {total for _, total, _ in places} == {4}
    numbers = [number for number, _, _ in places]
    assert numbers == sorted(numbers)
    assert numbers[-1] == 4
    assert [number for number, _, returning in places if not returning] == [1, 2, 3, 4]
    assert len(places) > 4


def test_an_undo_takes_its_place_back(open_study: OpenStudy) -> None:
    session = open_study().begin()
    session.next()
    session.rate(Rating.AGAIN, hints=0, seconds=2.0)
    session.next()
    back = taken_back(session)
    assert (back.number, back.total, back.returning) == (1, 12, False)
    session.rate(Rating.GOOD, hints=0, seconds=2.0)
    assert (shown(session).number, shown(session).total) == (2, 12)


def test_skipping_makes_a_session_shorter(open_study: OpenStudy) -> None:
    session = open_study().begin()
    session.next()
    session.skip()
    assert (shown(session).number, shown(session).total) == (1, 11)


def test_undo_survives_a_restart(open_study: OpenStudy) -> None:
    session = open_study().begin()
    names = []
    for rating in (Rating.EASY, Rating.GOOD):
        names.append(shown(session).name)
        session.rate(rating, hints=0, seconds=2.0)
    study = open_study()
    session = study.begin()
    waiting = shown(session).name
    for name in reversed(names):
        back = taken_back(session)
        assert back.name == name
        assert back.is_new
    assert session.undo() is None
    assert verify(study.store).sound
    session.rate(Rating.EASY, hints=0, seconds=2.0)
    assert shown(session).name in (waiting, names[1])
    assert len(answer_all(session)) == 11


def test_redo_brings_the_answer_back(open_study: OpenStudy) -> None:
    study = open_study()
    session = study.begin()
    name = shown(session).name
    session.rate(Rating.EASY, hints=0, seconds=2.0)
    before = study.overview()
    assert study.redo() is None
    assert study.undo() == Undone(EventKind.REVIEW, (name,))
    assert study.overview() != before
    study = open_study()
    assert study.redo() == Undone(EventKind.REVIEW, (name,))
    assert study.overview() == before
    assert study.redo() is None
    assert verify(study.store).sound


def test_a_changed_rating_is_a_rerate(open_study: OpenStudy, database: Path) -> None:
    study = open_study()
    session = study.begin()
    shown(session)
    first = session.rate(Rating.AGAIN, hints=0, seconds=2.0)
    second = session.rate(Rating.EASY, hints=0, seconds=2.0)
    assert second.event == first.event
    assert second.due > first.due
    session.rate(Rating.EASY, hints=0, seconds=2.0)  # no change, no event
    assert session.summary().again == 0
    assert verify(study.store).sound
    with closing(sqlite3.connect(database)) as file:
        kinds = file.execute("SELECT kind, rating FROM event ORDER BY counter").fetchall()
    assert kinds == [("parameters", None), ("review", 1), ("rerate", 4)]


def test_an_answer_that_cannot_be_saved_is_kept(
    open_study: OpenStudy, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.02)
    study = open_study()
    session = study.begin()
    card = shown(session)
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreProblem) as caught:
            session.rate(Rating.GOOD, hints=0, seconds=2.0)
        assert caught.value.code == "locked"
        assert session.summary().answered == 0
        assert session.next() is card
        other.execute("ROLLBACK")
    assert session.rate(Rating.GOOD, hints=0, seconds=2.0).due == card.intervals[2].due
    assert session.summary().answered == 1


def test_a_full_disk_is_named_and_costs_nothing(open_study: OpenStudy) -> None:
    study = open_study()
    session = study.begin()
    shown(session)
    session.rate(Rating.GOOD, hints=0, seconds=2.0)
    driver = study.store._driver
    (pages,) = driver.execute("PRAGMA page_count").fetchone()
    driver.execute(f"PRAGMA max_page_count = {pages}")
    saved = Rating.GOOD

    def change_until_full() -> None:
        nonlocal saved
        for turn in range(2000):
            wanted = Rating(1 + turn % 2)
            session.rate(wanted, hints=0, seconds=2.0)
            saved = wanted

    with pytest.raises(StoreProblem) as caught:
        change_until_full()
    assert caught.value.code == "full"
    driver.execute("PRAGMA max_page_count = 1000000")
    assert verify(study.store).sound
    last = driver.execute("SELECT rating FROM event ORDER BY counter DESC LIMIT 1").fetchone()
    assert last == (saved,)
    assert session.rate(Rating.EASY, hints=0, seconds=2.0).rating is Rating.EASY


def test_the_summary_counts_what_is_in_force(open_study: OpenStudy) -> None:
    session = open_study(limits=DailyLimits(new=4, reviews=9)).begin()
    for rating in (Rating.AGAIN, Rating.GOOD, Rating.EASY):
        shown(session)
        session.rate(rating, hints=0, seconds=7.0)
    shown(session)
    session.undo()
    summary = session.summary()
    assert (summary.answered, summary.right, summary.again, summary.new) == (2, 1, 1, 2)
    assert summary.seconds == 14.0
    assert (summary.due_left, summary.new_left) == (2, 2)
    assert summary.next_due is not None


def test_a_skipped_item_waits_for_another_session(open_study: OpenStudy) -> None:
    study = open_study()
    session = study.begin()
    name = shown(session).name.rpartition("/")[2]
    session.skip()
    assert name not in answer_all(session)
    assert answer_all(study.begin()) == [name]


def test_items_gone_from_the_packs_keep_their_history(
    open_study: OpenStudy, pack: Path, clock: HandClock
) -> None:
    answer_all(open_study().begin(topic="c.other"))
    text = (pack / "c.other.yaml").read_text()
    (pack / "c.other.yaml").unlink()
    clock.forward(days=30)
    study = open_study()
    assert "c.other" not in [t.topic for c in study.overview().chapters for t in c.topics]
    assert study.overview().due == 0
    assert verify(study.store).sound
    (pack / "c.other.yaml").write_text(text)
    study = open_study()
    assert study.overview().due == 4
    assert verify(study.store).sound


def test_a_renamed_item_keeps_its_progress(
    open_study: OpenStudy, pack: Path, clock: HandClock
) -> None:
    answer_all(open_study().begin(topic="c.other"))
    (pack / "c.other.yaml").unlink()
    write_pack(
        pack,
        {
            "d.moved": "cards:\n- {id: d1, front: F, back: B, formerly: [c.other/c1]}\n"
            "- {id: d2, front: F, back: B}\n"
        },
    )
    study = open_study()
    clock.forward(days=30)
    overview = study.overview()
    moved = next(t for c in overview.chapters for t in c.topics if t.topic == "d.moved")
    assert (moved.items, moved.due, moved.new) == (2, 1, 1)
    assert verify(study.store).sound
    assert answer_all(study.begin(topic="d.moved"))[-1:]
    assert verify(study.store).sound


def test_two_items_that_become_one_share_their_history(open_study: OpenStudy, pack: Path) -> None:
    answer_all(open_study().begin(topic="c.other"))
    write_pack(pack, {"c.other": cards("c1", "c2") + "- {id: c3, front: F, back: B, "
                                 "formerly: [c.other/c4]}\n"})  # fmt: skip
    study = open_study()
    assert verify(study.store).sound
    (key,) = [study.store.items.key("demo:c.other/c3")]
    assert key is not None
    memory = study.store.memories.get(key)
    assert memory is not None
    assert memory.reviews == 2


class TestWithTheEngine:
    """Exercises, measured by a real worker."""

    @pytest.fixture
    def study(self, open_study: OpenStudy, tmp_path: Path, engine: EngineClient) -> Study:
        pack = write_pack(tmp_path / "packs" / "computed", {"conv": EXERCISES}, MANIFEST)
        return open_study(roots=(pack,), engine=engine)

    def test_an_exercise_rates_itself(self, study: Study) -> None:
        session = study.begin()
        found = shown(session)
        values = dict(found.prepared.draw)
        weights = values["k"] ** 2 * values["c_in"] * values["c_out"]  # type: ignore[operator]
        unread = session.answer("many", hints=0, seconds=1.0)
        assert unread.verdict.kind is VerdictKind.UNREADABLE
        assert (unread.proposal, unread.event) == (None, None)
        judged = session.answer(str(weights), hints=0, seconds=20.0)
        assert judged.verdict.mistake == "bias-forgotten"
        assert judged.proposal is Rating.AGAIN
        assert judged.intervals == found.intervals
        again = session.again()
        assert isinstance(again, Shown)
        assert again.practice
        assert again.prepared.seed != found.prepared.seed
        practice = session.answer("1", hints=0, seconds=3.0)
        assert (practice.proposal, practice.event) == (None, None)
        assert verify(study.store).reviews == 1
        summary = session.summary()
        assert summary.topics[0].mistakes == ("bias-forgotten",)
        following = shown(session)  # in a minute: new numbers, for keeps
        assert not following.practice
        assert following.prepared.seed not in (found.prepared.seed, again.prepared.seed)
        truth = following.prepared.truth.value
        assert session.answer(str(truth), hints=0, seconds=45.0).proposal is Rating.GOOD
        assert session.rate(Rating.EASY, hints=0, seconds=0.0).rating is Rating.EASY

    def test_an_undone_exercise_comes_with_the_same_numbers(self, study: Study) -> None:
        session = study.begin()
        found = shown(session)
        session.answer("1", hints=0, seconds=3.0)
        back = taken_back(session)
        assert back.prepared.draw == found.prepared.draw
        assert back.prepared.truth == found.prepared.truth

    def test_a_mistake_made_twice_is_told_at_home(self, study: Study) -> None:
        session = study.begin()
        for _ in range(2):
            values = dict(shown(session).prepared.draw)
            weights = values["k"] ** 2 * values["c_in"] * values["c_out"]  # type: ignore[operator]
            session.answer(str(weights), hints=0, seconds=20.0)
        (told,) = study.overview().chapters[0].topics[0].mistakes
        assert (told.id, told.title, told.times) == ("bias-forgotten", "bias forgotten", 2)

    def test_what_was_typed_and_measured_is_in_the_log(self, study: Study) -> None:
        session = study.begin()
        found = shown(session)
        session.answer("１２３", hints=1, seconds=3.5)
        row = study.store._driver.execute(
            "SELECT typed, measured, verdict, hints, seconds, proposed, pack_version, seed,"
            " length(content_hash) > 0, draw FROM answer"
        ).fetchone()
        assert row[:4] == ("１２３", str(found.prepared.truth.value), "wrong", 1)
        assert row[4:9] == (3.5, 1, "1.0.0", found.prepared.seed, 1)
        assert '"c_in"' in row[9]


class TestTheEngineFails:
    """No failure of the engine counts against the learner."""

    CRASH = Failure(FailureKind.CRASH, "worker-died")

    @pytest.fixture
    def figures(self, tmp_path: Path) -> Path:
        text = cards("f1", "f2", extra=" {{ 2**10 }}")
        return write_pack(tmp_path / "packs" / "figures", {"fig": text})

    def test_a_crash_is_tried_again_by_itself(self, open_study: OpenStudy, figures: Path) -> None:
        fine = Measured((1024,), "cpu", 0.1)
        engine = ScriptedEngine(self.CRASH, fine, fine)
        session = open_study(roots=(figures,), engine=engine).begin()
        shown(session)
        assert len(engine.jobs) == 3  # two items ahead, one of them twice

    def test_a_second_crash_is_told_and_may_be_retried(
        self, open_study: OpenStudy, figures: Path
    ) -> None:
        fine = Measured((1024,), "cpu", 0.1)
        engine = ScriptedEngine(self.CRASH, fine, self.CRASH, fine)
        study = open_study(roots=(figures,), engine=engine)
        session = study.begin()
        failed = session.next()
        assert isinstance(failed, NotMeasured)
        assert failed.failure == self.CRASH
        assert shown(session).name == failed.name
        assert verify(study.store).reviews == 0

    def test_a_timeout_is_told_at_once_and_can_be_skipped(
        self, open_study: OpenStudy, figures: Path
    ) -> None:
        late = Failure(FailureKind.TIMEOUT, "worker-timeout")
        engine = ScriptedEngine(late, Measured((1024,), "cpu", 0.1))
        session = open_study(roots=(figures,), engine=engine).begin()
        failed = session.next()
        assert isinstance(failed, NotMeasured)
        session.skip()
        other = shown(session)
        assert other.name != failed.name
        session.rate(Rating.EASY, hints=0, seconds=1.0)
        assert isinstance(session.next(), Finished)

    def test_leaving_wakes_whoever_waits(self, open_study: OpenStudy, figures: Path) -> None:
        engine = ScriptedEngine(None, None)
        session = open_study(roots=(figures,), engine=engine).begin()
        timer = threading.Timer(0.05, session.cancel)
        timer.start()
        assert isinstance(session.next(), Finished)
        timer.join()
        assert len(engine.waiting) == 2


def test_the_time_forecast_moves_slowly(open_study: OpenStudy) -> None:
    study = open_study()
    session = study.begin()
    forecasts = [study.overview().minutes]
    for seconds in (1.0, 900.0, 2.0, 1.0, 1.0, 600.0):
        session.next()
        session.rate(Rating.EASY, hints=0, seconds=seconds)
        forecasts.append(study.overview().minutes)
    assert forecasts[0] == 4  # twelve cards of twenty seconds
    assert all(abs(after - before) <= 1 for before, after in pairwise(forecasts)), forecasts


def test_the_learner_s_own_pace_is_learned(open_study: OpenStudy, clock: HandClock) -> None:
    study = open_study()
    for _ in range(4):
        session = study.begin()
        while isinstance(session.next(), Shown):
            session.rate(Rating.EASY, hints=0, seconds=10.0)
        clock.forward(days=4000)
    assert study.overview().minutes == 2  # twelve cards of ten seconds
    assert pace(study.store.execute) == pytest.approx(0.5)


def test_an_answer_left_lying_counts_three_times_what_is_expected(open_study: OpenStudy) -> None:
    study = open_study()
    session = study.begin()
    session.next()
    session.rate(Rating.EASY, hints=0, seconds=10_000.0)
    assert pace(study.store.execute) == pytest.approx((60 + 19 * 40) / (20 + 19 * 40))


def test_what_cannot_be_measured_is_shown_as_far_as_it_can_be_read(
    open_study: OpenStudy, tmp_path: Path
) -> None:
    asked = "exercises:\n- {id: x, kind: number, measure: '1 + 1', solution: '2', question: %s}\n"
    for name, question, text in (
        ("plain", "How many are two?", "How many are two?"),
        ("figured", "'How many are {{ 1 + 1 }}?'", None),
    ):
        pack = write_pack(tmp_path / name, {"a.one": asked % question})
        failing = ScriptedEngine(Failure(FailureKind.TIMEOUT, "too-slow"))
        found = open_study(roots=(pack,), engine=failing).begin().next()
        assert isinstance(found, NotMeasured)
        assert found.text == text
