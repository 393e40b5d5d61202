"""The plan for a day: everything met where it can be, said where it cannot; gradus plan."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from study_desk import HandClock, cards, write_pack

from app.calendar import Calendar, Goal
from app.cli import main
from app.locale import Locale
from app.paths import Paths
from app.settings import load as settings_in
from app.settings import save
from app.study.deadline import Known, Plan, plan
from app.study.plan_words import percent, told
from app.study.ready import backlog_of, plan_for
from app.study.scheduling import Parameters, Scheduler
from app.study.selecting import UnknownWord
from app.study.session import DailyLimits, Study
from app.study.views import Rating, Shown

TODAY = date(2026, 3, 2).toordinal()
SCHEDULER = Scheduler(Parameters())
OpenStudy = Callable[..., Study]


def planned(known: int, fresh: int, days: int, *, new: int | None = 20, reviews: int | None = 200,
            calendar: Calendar = Calendar()) -> Plan:  # noqa: B008  # fmt: skip
    return plan(
        [Known(5.0 + n % 30, 5.0, TODAY - n % 9, TODAY + n % 12) for n in range(known)],
        fresh, today=TODAY, day=TODAY + days, scheduler=SCHEDULER, calendar=calendar,
        new_per_day=new, reviews_per_day=reviews,
    )  # fmt: skip


@settings(max_examples=40)
@given(
    st.integers(0, 60),
    st.integers(0, 120),
    st.integers(1, 30),
    st.integers(0, 25) | st.none(),
    st.integers(0, 40) | st.none(),
    st.sets(st.integers(0, 30), max_size=20),
)
def test_what_is_planned_adds_up(
    known: int, fresh: int, days: int, new: int | None, reviews: int | None, off: set[int]
) -> None:
    calendar = Calendar(frozenset(TODAY + n for n in off))
    found = planned(known, fresh, days, new=new, reviews=reviews, calendar=calendar)
    for course in (found.needed, found.limited):
        assert [load.day for load in course.loads] == list(range(TODAY, TODAY + days))
        assert sum(load.new for load in course.loads) + course.unmet == fresh
        assert 0 <= course.recall <= 1
        for load in course.loads:
            if not calendar.share(load.day):
                assert load.new == load.reviews == 0
    if found.days:
        assert found.needed.unmet == 0
    if new is not None:
        assert all(load.new <= new for load in found.limited.loads)
    if reviews is not None and found.limited is not found.needed:
        assert all(load.reviews <= reviews for load in found.limited.loads)
    assert found.fits == (found.days > 0 and not found.limited.unmet and not found.limited.waiting)


def test_a_plan_is_repeatable_and_more_study_recalls_more() -> None:
    assert planned(50, 50, 20) == planned(50, 50, 20)
    known = planned(200, 0, 60)
    left_alone = planned(200, 0, 60, reviews=0)
    assert left_alone.limited.recall < known.limited.recall
    assert left_alone.limited.waiting > 0
    assert not left_alone.fits
    assert known.limited.recall > 0.9


def test_what_cannot_be_done_is_said() -> None:
    found = planned(0, 900, 22)
    say = Locale("en")
    lines = told(found, Goal(found.day, "interview", frozenset()), 20, say)
    assert found.needed.new_per_day == 41
    assert found.limited.unmet == 900 - 22 * 20
    assert "460 of 900 items are not met" in lines[-1]
    assert "41 new a day" in lines[-1]
    assert found.limited.recall < 0.6
    nowhere = planned(0, 5, 2, calendar=Calendar(frozenset({TODAY, TODAY + 1})))
    assert told(nowhere, Goal(nowhere.day, "", frozenset()), 20, say)[-1].startswith("There is no")
    with pytest.raises(ValueError):
        planned(1, 1, 0)


def overdue(count: int, days: int, calendar: Calendar, reviews: int | None = None) -> Plan:
    """A plan of items that all wait today."""
    return plan(
        [Known(5.0 + n % 30, 5.0, TODAY - 40, TODAY - 1) for n in range(count)],
        0, today=TODAY, day=TODAY + days, scheduler=SCHEDULER, calendar=calendar,
        new_per_day=20, reviews_per_day=reviews,
    )  # fmt: skip


def test_a_backlog_that_is_spread_is_planned_as_it_will_come() -> None:
    at_once = overdue(200, 20, Calendar())
    assert at_once.limited.loads[0].reviews == 200
    assert at_once.spread_until is None
    found = overdue(200, 20, Calendar(spread_from=TODAY, spread_days=8))
    assert found.spread_until == TODAY + 7
    assert found.limited.loads[0].reviews == 25
    reviews = [load.reviews for load in found.limited.loads]
    # What was reviewed comes again meanwhile: a little more each day, and nothing heaped up.
    assert max(reviews[:8]) < 60
    assert sum(reviews[:8]) >= 200
    assert found.fits
    words = told(found, Goal(found.day, "", frozenset()), 20, Locale("en"))
    assert any(line.startswith("The backlog is spread until Mon") for line in words), words
    # An easy day before the last one of the window gets half a share.
    easy = overdue(200, 20, Calendar(shares=(0.5, *(1.0,) * 6), spread_from=TODAY, spread_days=8))
    assert easy.limited.loads[0].reviews == 15  # of 7 shares, half a one


def test_what_waits_at_the_end_is_laid_to_its_cause() -> None:
    def last(found: Plan) -> str:
        return told(found, Goal(found.day, "", frozenset()), 20, Locale("en"))[-1]

    spread = overdue(200, 4, Calendar(spread_from=TODAY, spread_days=30))
    assert (spread.fits, spread.limits_reviews) == (False, False)
    assert "Over so many days the backlog is not done by then" in last(spread)
    limited = overdue(200, 4, Calendar(), reviews=10)
    assert limited.limits_reviews
    assert f"{limited.reviews_needed:,} reviews a day would leave none" in last(limited)
    assert overdue(200, 4, Calendar(), reviews=limited.reviews_needed).fits
    easy = overdue(200, 1, Calendar(shares=(0.5,) * 7), reviews=500)
    assert last(easy) == "Easy days leave 100 reviews waiting at the end."


def test_many_items_are_stood_for_by_some() -> None:
    whole, sample = planned(1400, 0, 15), planned(14_000, 0, 15, reviews=None)
    assert sample.limited.recall == pytest.approx(whole.limited.recall, abs=0.01)
    reviews = sum(load.reviews for load in sample.limited.loads)
    assert reviews == pytest.approx(10 * sum(load.reviews for load in whole.needed.loads), rel=0.05)


def test_nearly_all_is_not_all() -> None:
    assert [percent(share) for share in (0.0, 0.934, 0.996, 1.0)] == ["0%", "93%", "99%", "100%"]


def test_who_follows_the_plan_has_met_everything_and_recalls_as_foreseen(
    open_study: OpenStudy, tmp_path: Path, clock: HandClock
) -> None:
    many = write_pack(
        tmp_path / "many",
        {"a.a": cards(*(f"a{n}" for n in range(12))), "b.b": cards(*(f"b{n}" for n in range(12)))},
    )
    goal = Goal(clock.today() + 6, "interview", frozenset({"b"}))
    limits = DailyLimits(new=2, reviews=None, goal=goal)
    first = plan_for(open_study(roots=(many,), limits=limits), goal)
    assert first is not None
    assert (first.items, first.met, first.needed.new_per_day, first.fits) == (12, 0, 2, True)
    for _ in range(6):
        session = open_study(roots=(many,), limits=limits).begin()
        while isinstance(session.next(), Shown):
            session.rate(Rating.GOOD, hints=0, seconds=5.0)
        clock.forward(days=1)
    study = open_study(roots=(many,), limits=limits)
    known = list(study.store.memories.everything())
    scheduler = study.journal.scheduler
    of_goal = [memory for item, memory in known if study.store.items.known([item])[item].topic == 2]
    assert len(of_goal) == 12
    recall = sum(scheduler.recall(m.stability, goal.day - m.last_day) for m in of_goal) / 12
    assert recall == pytest.approx(first.limited.recall, abs=0.05)
    assert plan_for(study, goal) is None  # its day has come
    with pytest.raises(UnknownWord):
        plan_for(study, Goal(goal.day + 9, "", frozenset({"nowhere"})))


def test_no_backlog_is_offered_where_there_is_none(open_study: OpenStudy) -> None:
    found = backlog_of(open_study())
    assert (found.waiting, found.days) == (0, 0)


# The command


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, compiled_packs: Path) -> Path:
    monkeypatch.setenv("GRADUS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GRADUS_NOW", "2026-03-02T09:00")
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    cache = Paths.from_environment().compiled_packs
    cache.parent.mkdir(parents=True)
    shutil.copy(compiled_packs, cache)
    return tmp_path / "home"


def test_gradus_plan_tells_keeps_and_forgets(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plan"]) == 1
    assert main(["plan", "--before", "2026-03-01"]) == 2
    assert main(["plan", "--before", "2026-03-30", "--topic", "nowhere"]) == 2
    assert "nowhere" in capsys.readouterr().err
    words = ["plan", "--before", "2026-03-30", "--topic", "cnn,act", "--name", "interview"]
    assert main([*words, "--json", "--keep"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["date"], data["name"], data["topics"]) == (
        "2026-03-30",
        "interview",
        ["act", "cnn"],
    )
    assert len(data["needed"]["loads"]) == data["days"] == 28
    assert data["spread_until"] is None
    assert data["reviews_needed"] == max(one["reviews"] for one in data["needed"]["loads"])
    spread = replace(settings_in(Paths.from_environment().settings)[0], spread_days=5)
    save(replace(spread, spread_from="2026-03-02"), Paths.from_environment().settings)
    assert main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["spread_until"] == "2026-03-06"
    assert main([*words]) == 0
    assert "The backlog is spread until Fri 6 Mar" in capsys.readouterr().out
    assert main(["plan", "--language", "zh"]) == 0
    assert "interview" in capsys.readouterr().out
    assert main(["plan", "--forget"]) == 0
    assert main(["plan"]) == 1
