"""Days off, easy days, a backlog over days: every item on one day, no day above its share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from math import ceil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from study_desk import HandClock, cards, write_pack

from app.calendar import (
    Calendar,
    calendar_of,
    coming_day,
    day_of,
    days_off_in,
    easy_days_in,
    goal_of,
)
from app.progress.events import MemoryRow
from app.progress.glance import glance
from app.settings import Settings, load, save
from app.study.load import Waiting, by_risk, days_for, spread
from app.study.session import DailyLimits, Study
from app.study.views import Rating, Shown

MONDAY = date(2026, 3, 2).toordinal()
SHARES = st.lists(st.sampled_from([0.0, 0.2, 0.5, 1.0, 1.0]), min_size=7, max_size=7).filter(any)
CALENDARS = st.builds(
    lambda off, shares: Calendar(frozenset(MONDAY + n for n in off), tuple(shares)),
    st.sets(st.integers(-5, 25), max_size=12),
    SHARES,
)
OpenStudy = Callable[..., Study]


def test_days_off_are_read_as_they_are_typed() -> None:
    first = date(2026, 12, 24).toordinal()
    for text in ("2026-12-24..2026-12-26", "2026-12-24 – 2026-12-26", "2026-12-24到2026-12-26"):
        assert days_off_in(text) == {first, first + 1, first + 2}
    assert days_off_in(" 2026-12-24，2026-12-26 ;") == {first, first + 2}
    assert days_off_in("") == frozenset()


@pytest.mark.parametrize("text", ["tomorrow", "2026-02-30", "2026-12-26..2026-12-24",
                                  "2026-01-01..2030-01-01", "2026-12", "0-1-1"])  # fmt: skip
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        days_off_in(text)


def test_easy_days_are_read_as_they_are_typed() -> None:
    assert easy_days_in("") == (1.0,) * 7
    assert easy_days_in("sat, sunday 0%") == (1, 1, 1, 1, 1, 0.5, 0)
    assert easy_days_in("周六、星期天 20") == (1, 1, 1, 1, 1, 0.5, 0.2)
    for text in ("someday", "sat 150%", "su", "mon 0,tue 0,wed 0,thu 0,fri 0,sat 0,sun 0"):
        with pytest.raises(ValueError):
            easy_days_in(text)


def test_a_day_is_read_as_gradus_writes_it() -> None:
    day = date(2026, 12, 12).toordinal()
    for text in ("2026-12-12", "2026/12/12", "2026年12月12日", " 2026 年 12 月 12 日 "):
        assert day_of(text) == day
    assert days_off_in("2026年12月12日至2026年12月13日") == {day, day + 1}
    for text in ("12月12日", "12-12", "12/12", "12月12"):
        assert coming_day(text, MONDAY) == coming_day(text, day) == day
        assert coming_day(text, day + 1) == date(2027, 12, 12).toordinal()
    assert coming_day("2月29日", MONDAY) == date(2028, 2, 29).toordinal()
    assert coming_day("2026-12-12", MONDAY) == day
    assert coming_day("", MONDAY) is None
    for text in ("2月30日", "13-1", "12", "1-2-3-4", "99999999999999999999-1"):
        with pytest.raises(ValueError):
            coming_day(text, MONDAY)


@given(st.text(max_size=30))
def test_no_text_breaks_the_readers(text: str) -> None:
    for reader in (days_off_in, easy_days_in, day_of, lambda text: coming_day(text, MONDAY)):
        try:
            reader(text)
        except ValueError:
            continue


def test_settings_keep_the_calendar_and_refuse_nonsense(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    chosen = Settings(
        language="en", easy_days="sat, sun 0%", days_off="2026-12-24..2026-12-26",
        spread_days=5, spread_from="2026-03-02", goal_date="2026-12-12", goal_name="interview",
        goal_topics="cnn, loss.mse",
    )  # fmt: skip
    save(chosen, file)
    assert load(file) == (chosen, ())
    goal = goal_of(chosen)
    assert goal is not None
    assert goal.topics == {"cnn", "loss.mse"}
    calendar = calendar_of(chosen)
    assert calendar.window(MONDAY) == MONDAY + 4
    file.write_text('{"easy_days": "never", "days_off": 3, "spread_days": 99, "goal_date": "soon"}')
    settings, problems = load(file)
    assert problems == ("easy_days", "days_off", "spread_days", "goal_date")
    assert calendar_of(settings) == Calendar()
    assert goal_of(settings) is None


@given(st.integers(0, 300), st.integers(1, 30), CALENDARS)
def test_every_item_stands_on_one_day_and_no_day_has_more_than_its_share(
    count: int, days: int, calendar: Calendar
) -> None:
    laid = spread(list(range(count)), MONDAY, days, calendar)
    assert [item for day in sorted(laid) for item in laid[day]] == list(range(count))
    assert all(calendar.share(day) > 0 for day in laid)
    whole = sum(calendar.share(day) for day in laid)
    for day, items in laid.items():
        assert len(items) <= ceil(count * calendar.share(day) / whole - 1e-9) + 1


@given(st.lists(st.tuples(st.floats(0.1, 400), st.integers(0, 90)), max_size=40))
def test_the_nearest_to_being_lost_come_first(found: list[tuple[float, int]]) -> None:
    waiting = [Waiting(n, s, MONDAY - ago) for n, (s, ago) in enumerate(found)]
    ordered = by_risk(waiting, MONDAY)
    assert sorted(one.item for one in ordered) == [one.item for one in waiting]
    risks = [(MONDAY - one.last_day) / one.stability for one in ordered]
    assert risks == sorted(risks, reverse=True)


@given(
    st.integers(0, 500),
    st.lists(st.integers(0, 60), min_size=40, max_size=40),
    st.integers(1, 21),
    CALENDARS,
    st.integers(1, 9),
)
def test_day_by_day_nothing_is_lost_and_the_backlog_is_through_in_time(
    backlog: int, arrivals: list[int], days: int, calendar: Calendar, bites: int
) -> None:
    calendar = calendar._replace(spread_from=MONDAY, spread_days=days)
    due, done_in_all, loads = backlog, 0, Counter[int]()
    for number in range(30):
        day = MONDAY + number
        due += arrivals[number] if number else 0
        coming = {day + n: arrivals[number + n] for n in range(1, 10)}
        done = 0
        while True:  # answered in several sittings: what a day gets does not grow with answers
            allowed = calendar.allowance(day, due, done, coming)
            bite = min(bites, due if allowed is None else allowed)
            if not bite:
                break
            due, done = due - bite, done + bite
        loads[day], done_in_all = done, done_in_all + done
        if not calendar.share(day):
            assert done == 0
        end = calendar.window(day)
        if calendar.share(day) and (end == day or (end is None and calendar.share(day) == 1)):
            assert due == 0
    assert done_in_all + due == backlog + sum(arrivals[1:30])


def test_a_backlog_alone_is_spread_evenly() -> None:
    calendar = Calendar(spread_from=MONDAY, spread_days=7)
    due, loads = 700, []
    for day in range(MONDAY, MONDAY + 7):
        allowed = calendar.allowance(day, due, 0, {})
        loads.append(due if allowed is None else allowed)
        due -= loads[-1]
    assert loads == [100] * 7


def test_known_arrivals_do_not_pile_up_on_the_last_day() -> None:
    calendar = Calendar(spread_from=MONDAY, spread_days=5)
    due, loads = 400, []
    for day in range(MONDAY, MONDAY + 5):
        due += 20 if day > MONDAY else 0
        coming = dict.fromkeys(range(day + 1, MONDAY + 5), 20)
        allowed = calendar.allowance(day, due, 0, coming)
        loads.append(due if allowed is None else allowed)
        due -= loads[-1]
    assert loads == [96] * 5


def test_after_days_off_their_work_is_spread_and_then_over() -> None:
    calendar = Calendar(frozenset({MONDAY, MONDAY + 1}))
    assert calendar.share(MONDAY) == 0
    assert [calendar.window(MONDAY + n) for n in range(2, 7)] == [MONDAY + 4] * 3 + [None] * 2
    assert calendar.before_days_off(MONDAY - 3) is None
    assert calendar.before_days_off(MONDAY - 2) == (MONDAY, MONDAY + 1)
    assert calendar.before_days_off(MONDAY - 1) == (MONDAY, MONDAY + 1)


def test_spreading_is_offered_where_it_helps() -> None:
    assert days_for(20, 0) == 0
    assert days_for(100, 100) == 0
    assert days_for(100, 40) == 3
    assert 3 <= days_for(900, 40) <= 21
    assert days_for(100_000, 40) == 21


# With a real database


def learned(study: Study, count: int, today: int, *, overdue: int = 10) -> None:
    """So many items learned long ago: due day by day up to today, the later the more stable."""
    with study.store.transaction():
        for n, found in enumerate(study.store.memories.fresh(count)):
            due, last = today - n % overdue, today - overdue - 5
            row = MemoryRow(2, 0, 2.0 + n, 5.0, None, due, today - 60, last, 0, 3, 0)
            study.store.memories.put(found.item, row)


@pytest.fixture
def many(tmp_path: Path) -> Path:
    return write_pack(
        tmp_path / "many",
        {f"t{t}.x": cards(*(f"i{t}-{n}" for n in range(20))) for t in range(3)},
    )


def finished(study: Study, rating: Rating = Rating.EASY) -> list[str]:
    session, names = study.begin(), list[str]()
    while isinstance(shown := session.next(), Shown):
        names.append(shown.name)
        session.rate(rating, hints=0, seconds=5.0)
    return names


def test_after_a_break_each_day_brings_its_part(
    open_study: OpenStudy, many: Path, clock: HandClock
) -> None:
    calendar = Calendar(spread_from=clock.today(), spread_days=4)
    limits = DailyLimits(new=0, reviews=None, calendar=calendar)
    study = open_study(roots=(many,), limits=limits)
    learned(study, 60, clock.today())
    before = dict(study.store.memories.everything())
    assert study.overview().backlog == 60
    first = study.store.chosen.due(clock.today(), 15, None, riskiest=True)
    met: list[str] = []
    for number in range(4):
        study = open_study(roots=(many,), limits=limits)
        assert study.overview().due == 15
        seen = glance(study.store.path, clock.today(), new_per_day=0, calendar=calendar)
        assert seen is not None
        assert (seen.due, seen.new) == (15, 0)
        today = finished(study)
        assert len(today) == 15
        assert finished(study) == []
        if not number:
            assert {study.store.items.key(name) for name in today} == {one.item for one in first}
            after = dict(study.store.memories.everything())
            moved = {item for item in before if before[item] != after[item]}
            assert moved == {one.item for one in first}
        met += today
        clock.forward(days=1)
    assert len(set(met)) == 60
    assert open_study(roots=(many,), limits=limits).overview().due == 0


def test_an_easy_day_gets_its_share_and_the_rest_comes_the_next(
    open_study: OpenStudy, many: Path, clock: HandClock
) -> None:
    calendar = Calendar(shares=easy_days_in("mon 25%"))
    limits = DailyLimits(new=8, reviews=None, calendar=calendar)
    study = open_study(roots=(many,), limits=limits)
    learned(study, 40, clock.today())
    assert (study.overview().due, study.overview().new) == (10, 2)
    assert len(finished(study)) == 12
    assert finished(study) == []
    clock.forward(days=1)
    study = open_study(roots=(many,), limits=limits)
    assert (study.overview().due, study.overview().new) == (30, 8)


def test_on_a_day_off_nothing_is_due_and_part_of_it_comes_before(
    open_study: OpenStudy, many: Path, clock: HandClock
) -> None:
    today = clock.today()
    limits = DailyLimits(new=5, reviews=None, calendar=Calendar(frozenset({today + 1, today + 2})))
    study = open_study(roots=(many,), limits=limits)
    rows = [
        # (due in days, last reviewed days ago): two of the days off may come early, two may not
        (1, 30), (2, 30), (1, 1), (2, 1), (3, 30), (0, 10),
    ]  # fmt: skip
    with study.store.transaction():
        for found, (due, ago) in zip(study.store.memories.fresh(6), rows, strict=True):
            row = MemoryRow(2, 0, 20.0, 5.0, None, today + due, today - 60, today - ago, 0, 3, 0)
            study.store.memories.put(found.item, row)
    assert (study.overview().due, study.overview().new) == (3, 5)  # one due, two early
    seen = glance(study.store.path, today, new_per_day=5, calendar=limits.calendar)
    assert seen is not None
    assert seen.due == 3
    session = study.begin()
    early = 0
    while isinstance(shown := session.next(), Shown):
        early += shown.early
        session.rate(Rating.EASY, hints=0, seconds=5.0)
    assert early == 2
    for left in (2, 1):
        clock.forward(days=1)
        study = open_study(roots=(many,), limits=limits)
        assert (study.overview().due, study.overview().new) == (0, 0)
        assert finished(study) == []
        following = study.overview().next_due
        assert following is not None
        assert clock.day(following) == clock.today() + left
    clock.forward(days=1)
    assert 1 <= open_study(roots=(many,), limits=limits).overview().due <= 4


def test_the_goals_new_items_come_first(open_study: OpenStudy, many: Path) -> None:
    goal = goal_of(Settings(goal_date="2026-12-12", goal_topics="t2"))
    limits = DailyLimits(new=7, reviews=None, goal=goal)
    study = open_study(roots=(many,), limits=limits)
    of_goal = [t.new for chapter in study.overview().chapters for t in chapter.topics]
    assert of_goal == [0, 0, 7]
    seen = glance(study.store.path, study.clock.today(), new_per_day=7, goal=goal)
    assert seen is not None
    assert [topic.new for topic in seen.topics] == [0, 0, 7]
    assert all(name.startswith("many:t2.x/") for name in finished(study))
    past = DailyLimits(new=7, reviews=None, goal=goal_of(Settings(goal_date="2020-01-01")))
    assert open_study(roots=(many,), limits=past).overview().new == 0
