"""What the database sums is what a plain count over the events in force comes to."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from math import isclose, sqrt
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from logs import EXERCISE, Writer, lived_through
from study_desk import HandClock, ScriptedEngine, cards, write_pack

from app.locale import Locale
from app.progress.events import EventKind
from app.progress.store import Store
from app.statistics.forecast import under_limit
from app.statistics.gathering import Kind, Statistics, StoppedError
from app.statistics.periods import Period
from app.statistics.results import (
    Calendar,
    Calibration,
    Forecast,
    Mastery,
    Mistakes,
    Retention,
    Stability,
    Studied,
    Times,
)
from app.statistics.telling import figure
from app.study.session import DailyLimits, Study
from content.compiled import PackLibrary

ITEMS = ("demo:a.first/a1", "demo:a.first/a2", "demo:b.second/e1")
OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("review"), st.integers(0, 2), st.integers(1, 4)),
        st.tuples(st.just("mistake"), st.integers(0, 2), st.integers(0, 1)),
        st.tuples(st.just("rerate"), st.integers(0, 30), st.integers(1, 4)),
        st.tuples(st.just("undo"), st.integers(0, 60), st.just(0)),
        st.tuples(st.just("redo"), st.integers(0, 60), st.just(0)),
        st.tuples(st.just("reset"), st.integers(0, 2), st.just(0)),
        st.tuples(st.just("wait"), st.integers(1, 40), st.just(0)),
    ),
    min_size=5,
    max_size=60,
)


@pytest.fixture(scope="module")
def two_topics(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pack(
        tmp_path_factory.mktemp("packs") / "demo",
        {"a.first": cards("a1", "a2"), "b.second": EXERCISE},
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


@pytest.fixture
def study(database: Path, two_topics: Path, clock: HandClock) -> Iterator[Study]:
    found = opened(database, two_topics, clock)
    yield found
    found.close()


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(operations=OPERATIONS, period=st.sampled_from(list(Period)))
def test_figures_are_a_plain_count_of_the_events(
    operations: list[tuple[str, int, int]],
    period: Period,
    empty_database: Path,
    two_topics: Path,
    tmp_path: Path,
) -> None:
    folder = Path(mkdtemp(dir=tmp_path))
    path = Path(shutil.copy(empty_database, folder / "progress.sqlite"))
    clock = HandClock.at_nine()
    study = opened(path, two_topics, clock)
    writer = written(study, clock, operations)
    for topic in (None, "demo:b.second"):
        check(study, writer, clock.today(), period, topic)
    study.close()


def written(study: Study, clock: HandClock, operations: list[tuple[str, int, int]]) -> Writer:
    writer = Writer(study.store)
    events: list[str] = []
    with study.store.transaction():
        for action, one, two in operations:
            day = clock.today()
            if action == "review":
                events.append(writer.review(ITEMS[one], day, two, seconds=7.0 * two + 50 * one))
            elif action == "mistake":
                name = f"wrong-{two}"
                events.append(writer.review(ITEMS[one], day, 1, 300.0, mistake=name))
            elif action == "reset":
                events.append(writer.reset(ITEMS[one], day))
            elif action == "wait":
                clock.forward(days=one)
            elif events:
                target = events[one % len(events)]
                rating = two if action == "rerate" else None
                events.append(writer.turn(EventKind(action), target, day, rating))
    return writer


def check(study: Study, writer: Writer, today: int, period: Period, topic: str | None) -> None:
    """Every figure of the log against the slow way."""
    statistics = Statistics(study)
    wanted = ITEMS if topic is None else ITEMS[2:]
    days = {Period.WEEK: 7, Period.MONTH: 30, Period.QUARTER: 90, Period.YEAR: 365}
    first = min((one.day for one in writer.given), default=today)
    since = first if period is Period.ALL else today - days[period] + 1
    all_of_them = [one for one in writer.in_force() if one.item in wanted]
    counted = [one for one in all_of_them if since <= one.day <= today]

    calendar = statistics.gather(Kind.CALENDAR, period, topic)
    assert isinstance(calendar, Calendar)
    by_day = Counter(one.day for one in counted)
    assert calendar.reviews == tuple(by_day.get(day, 0) for day in range(since, today + 1))
    assert calendar.total == len(counted)

    mistakes = statistics.gather(Kind.MISTAKES, period, topic)
    assert isinstance(mistakes, Mistakes)
    assert {one.mistake: one.times for one in mistakes.lines} == Counter(
        one.mistake for one in counted if one.mistake is not None
    )
    assert all(sum(one.over_time) == one.times for one in mistakes.lines)
    assert mistakes.exercises == sum(one.item == ITEMS[2] for one in counted)

    times = statistics.gather(Kind.TIMES, period, topic)
    assert isinstance(times, Times)
    assert times.exercises.answers == mistakes.exercises
    for pace, exercise in ((times.cards, False), (times.exercises, True)):
        seconds = sorted(int(s.seconds) for s in counted if (s.item == ITEMS[2]) is exercise)
        assert sum(pace.counts) == pace.answers == len(seconds)
        if seconds:
            assert pace.median == seconds[(len(seconds) - 1) // 2]

    studied = statistics.gather(Kind.TIME, period, topic)
    assert isinstance(studied, Studied)
    capped = (min(one.seconds, 180 if one.item == ITEMS[2] else 60) for one in counted)
    assert isclose(studied.total, sum(capped))
    assert isclose(sum(studied.seconds), studied.total)

    scheduler = study.journal.scheduler
    expected = [
        one
        for item in wanted
        for one in lived_through(writer, item, scheduler)
        if since <= one[0] <= today
    ]
    retention = statistics.gather(Kind.RETENTION, period, topic)
    assert isinstance(retention, Retention)
    assert retention.all.of == len(expected)
    assert retention.all.right == sum(passed for *_, passed in expected)
    assert sum(one.of for one in retention.over_time) == len(expected)
    assert retention.young.of + retention.mature.of == len(expected)

    calibration = statistics.gather(Kind.CALIBRATION, period, topic)
    assert isinstance(calibration, Calibration)
    assert calibration.reviews == len(expected)
    if expected:
        mean = sum(predicted for _, predicted, _ in expected) / len(expected)
        assert calibration.predicted is not None
        assert isclose(calibration.predicted, mean, rel_tol=1e-6)
        assert calibration.rmse is not None
        squares = (b.observed.of * (b.predicted - b.observed.value) ** 2 for b in calibration.bins)
        assert isclose(calibration.rmse, sqrt(sum(squares) / len(expected)), rel_tol=1e-9)


def test_parameters_of_other_weights_are_told_review_by_review(study: Study) -> None:
    """Two parameter sets of unlike weights: each review under its own."""
    from dataclasses import replace

    from app.study.journal import Journal
    from app.study.scheduling import Parameters

    writer = Writer(study.store)
    today = study.clock.today()
    with study.store.transaction():
        for ago in (40, 30, 20):
            writer.review(ITEMS[0], today - ago, 4)
    weights = tuple(w * 1.2 if n < 4 else w for n, w in enumerate(Parameters().weights))
    study.journal = Journal(
        study.store, study.clock, replace(Parameters(), weights=weights), seed=2
    )
    writer.parameters = study.store.log.parameters()[-1][0]
    with study.store.transaction():
        for ago in (10, 3):
            writer.review(ITEMS[0], today - ago, 3)
            writer.review(ITEMS[1], today - ago, 4)
    found = Statistics(study).gather(Kind.CALIBRATION, Period.ALL)
    assert isinstance(found, Calibration)
    known = study.journal.schedulers
    predicted = []
    for item, parameters in ((ITEMS[0], (0, 0, 0, 1, 1)), (ITEMS[1], (1, 1))):
        memory = None
        sets = list(known.values())
        days = [one.day for one in writer.in_force() if one.item == item]
        ratings = [one.rating for one in writer.in_force() if one.item == item]
        for day, rating, which in zip(days, ratings, parameters, strict=True):
            scheduler = sets[which]
            if memory is not None:
                predicted.append(scheduler.retrievability(memory, day))
            from app.study.views import Rating

            memory = scheduler.after(memory, Rating(rating), "", 0, day)
    assert found.reviews == len(predicted) == 5
    assert found.predicted == pytest.approx(sum(predicted) / 5, rel=1e-6)


def test_a_reset_takes_no_review_out_of_what_was_done(study: Study) -> None:
    writer = Writer(study.store)
    today = study.clock.today()
    with study.store.transaction():
        writer.review(ITEMS[0], today - 9, 4)
        writer.review(ITEMS[0], today - 6, 3)
        writer.reset(ITEMS[0], today - 5)
        writer.review(ITEMS[0], today - 4, 4)
        writer.review(ITEMS[0], today - 1, 1)
    statistics = Statistics(study)
    calendar = statistics.gather(Kind.CALENDAR, Period.MONTH)
    retention = statistics.gather(Kind.RETENTION, Period.MONTH)
    assert isinstance(calendar, Calendar)
    assert isinstance(retention, Retention)
    assert calendar.total == 4
    # The first after the reset is new: nothing was predicted of it.
    assert (retention.all.right, retention.all.of) == (1, 2)


def test_what_is_ahead_and_what_is_known(study: Study, clock: HandClock) -> None:
    session = study.begin(topic="demo:a.first")
    for _ in range(2):
        shown = session.next()
        assert shown is not None
        session.rate(4, hints=0, seconds=5.0)  # type: ignore[arg-type]
    statistics = Statistics(study)
    forecast = statistics.gather(Kind.FORECAST, Period.QUARTER)
    assert isinstance(forecast, Forecast)
    with study.store.reading():
        due = sorted(row.due_day for _, row in study.store.memories.everything())
    assert [n for n, count in enumerate(forecast.planned) for _ in range(count)] == [
        day - clock.today() for day in due
    ]
    assert forecast.new_left == 1
    assert sum(forecast.expected) >= 1
    mastery = statistics.gather(Kind.MASTERY, Period.ALL)
    assert isinstance(mastery, Mastery)
    chapters = study.overview().chapters
    assert {one.topic.partition(":")[2]: one.mastery for one in mastery.topics} == {
        topic.topic: topic.mastery for chapter in chapters for topic in chapter.topics
    }
    stability = statistics.gather(Kind.STABILITY, Period.ALL)
    assert isinstance(stability, Stability)
    assert stability.items == sum(stability.counts) == 2


def test_practice_is_time_studied_and_told_of(study: Study) -> None:
    writer, today = Writer(study.store), study.clock.today()
    with study.store.transaction():
        writer.review(ITEMS[0], today - 3, 4, 10.0)
        writer.practice(ITEMS[2], today - 3, 900.0, mistake="bias")  # counts 180 s
        writer.practice(ITEMS[1], today - 1, 20.0)
        taken_back = writer.practice(ITEMS[2], today - 1, 30.0)
        writer.turn(EventKind.UNDO, taken_back, today - 1)
        writer.practice(ITEMS[2], today - 60, 30.0)
    statistics = Statistics(study)
    found = statistics.gather(Kind.TIME, Period.MONTH)
    assert isinstance(found, Studied)
    assert (found.total, found.answers, found.days_studied) == (210.0, 3, 2)
    assert (found.practised, found.practice_seconds) == (2, 200.0)
    assert sum(found.seconds) == 210.0
    assert "For practice, which these figures hold: answers 2, 3 min" in " ".join(
        figure(found, Locale("en")).said
    )
    alone = statistics.gather(Kind.TIME, Period.MONTH, "demo:b.second")
    assert isinstance(alone, Studied)
    assert (alone.answers, alone.practised, alone.total) == (1, 1, 180.0)
    mistakes = statistics.gather(Kind.MISTAKES, Period.MONTH)
    assert isinstance(mistakes, Mistakes)
    assert (mistakes.exercises, mistakes.total) == (0, 0)
    assert (mistakes.practised, mistakes.practice_mistakes) == (1, 1)
    told = figure(mistakes, Locale("en"))
    assert not told.empty
    assert "which these figures leave out: exercises 1, named mistakes 1." in told.said[-1]


def test_reviews_over_the_limit_move_to_the_next_day(study: Study) -> None:
    writer, today = Writer(study.store), study.clock.today()
    with study.store.transaction():
        for item in ITEMS:
            writer.review(item, today - 30, 4)
    study.journal.replay_all(study.store.items.keys(ITEMS).values())
    study.limits = DailyLimits(new=0, reviews=2)
    found = Statistics(study).gather(Kind.FORECAST, Period.WEEK)
    assert isinstance(found, Forecast)
    assert found.planned[0] == 3
    assert found.planned_held[:2] == (2, 1)
    assert found.waiting[0] == 1
    assert all(p + e <= 2 for p, e in zip(found.planned_held, found.expected_held, strict=True))
    told = " ".join(figure(found, Locale("en")).said)
    comes = sum(found.planned_held) + sum(found.expected_held)
    assert f"about {round(comes)}, {comes / 7:.1f} a day, at most 2 on" in told
    assert "Your limit is 2 reviews a day: what is over it moves to the next day" in told
    assert "超出的顺延到第二天" in " ".join(figure(found, Locale("zh")).said)
    # Of one topic alone no limit holds; without one nothing moves.
    alone = Statistics(study).gather(Kind.FORECAST, Period.WEEK, "demo:a.first")
    assert isinstance(alone, Forecast)
    assert (alone.reviews_per_day, alone.planned_held) == (None, alone.planned)
    # What was reviewed today is no longer part of today's room.
    with study.store.transaction():
        writer.review(ITEMS[0], today, 4)
    study.journal.replay_all(study.store.items.keys(ITEMS[:1]).values())
    later = Statistics(study).gather(Kind.FORECAST, Period.WEEK)
    assert isinstance(later, Forecast)
    assert (later.planned[0], later.planned_held[:2]) == (2, (1, 1))


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 20)), min_size=1, max_size=40),
    st.integers(0, 25),
    st.integers(0, 25),
)
def test_nothing_is_lost_under_a_limit(days: list[tuple[int, int]], limit: int, today: int) -> None:
    planned, again = [one for one, _ in days], [float(other) for _, other in days]
    held = under_limit(planned, again, limit, today)
    room = [today, *([limit] * (len(days) - 1))]
    both = [a + b for a, b in zip(held.planned, held.again, strict=True)]
    assert all(one <= most for one, most in zip(both, room, strict=True))
    assert sum(both) + held.waiting[-1] == sum(planned) + sum(again)
    for day, one in enumerate(both):
        assert one == room[day] or held.waiting[day] == 0  # a day is filled before any waits


def test_a_figure_is_given_up_when_nobody_waits(study: Study) -> None:
    with study.store.transaction():
        Writer(study.store).review(ITEMS[0], study.clock.today(), 3)
    for kind in (Kind.FORECAST, Kind.RETENTION, Kind.CALENDAR):
        with pytest.raises(StoppedError):
            Statistics(study).gather(kind, Period.YEAR, stop=lambda: True)


def test_an_unknown_topic_is_a_key_error(study: Study) -> None:
    with pytest.raises(KeyError):
        Statistics(study).gather(Kind.CALENDAR, Period.YEAR, "demo:no")


def test_days_and_items_are_found_by_an_index(study: Study) -> None:
    """No statement that a day or an item bounds reads the whole log."""
    from app.progress import figures

    values = {
        "learner": 1, "since": 1, "until": 2, "topic": None, "undone": "[]", "low": 1, "high": 9,
        "ids": "[]", "day": 1,
    }  # fmt: skip
    histories = figures._HISTORIES.format(parameters="''")
    for sql in (figures._BY_DAY, figures._SECONDS, figures._TIMES, figures._MISTAKES,
                figures._EXERCISES, figures._FIRST_DAY, figures._REVIEWS_NAMED, histories,
                figures._TURNS, figures._RESETS):  # fmt: skip
        with study.store.reading():
            plan = [str(row[3]) for row in study.store.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
        assert not any(step.startswith("SCAN e") and "INDEX" not in step for step in plan), plan
    for sql, index in (
        (figures._BY_DAY, "COVERING INDEX ix_event_day (learner=? AND day>? AND day<?)"),
        (histories, "ix_event_item (item=? AND learner=?)"),
        (figures._REVIEWS_NAMED, "(id=?)"),
    ):
        with study.store.reading():
            plan = [str(row[3]) for row in study.store.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
        assert any(index in step for step in plan), plan
