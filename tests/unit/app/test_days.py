"""A streak of study days: as they were stored, over every zone there is."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.progress.days import Row, row, seconds, streak
from app.study.clock import Clock, milliseconds

_TABLES = """
CREATE TABLE device (key INTEGER PRIMARY KEY, id TEXT);
CREATE TABLE event (key INTEGER PRIMARY KEY, id TEXT, learner INT, device INT, counter INT,
    at INT, day INT, kind TEXT, item INT, target TEXT);
CREATE TABLE answer (event INTEGER PRIMARY KEY, seconds REAL);
CREATE INDEX ix_event_day ON event (learner, day, item, kind) WHERE kind = 'review';
INSERT INTO device VALUES (1, 'd');
"""
_ZONES = (
    *("Etc/GMT+12", "Pacific/Pago_Pago", "Pacific/Honolulu", "America/Los_Angeles"),
    *("America/New_York", "America/St_Johns", "UTC", "Europe/Berlin", "Asia/Kolkata"),
    *("Asia/Shanghai", "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Apia"),
    *("Pacific/Kiritimati", "Etc/GMT-14"),
)
_STEP = timedelta(minutes=30)
_HOUR = 3_600_000


_opened = ExitStack()


@pytest.fixture(autouse=True)
def logs_closed() -> Iterator[None]:
    """Close every log of a test."""
    with _opened:
        yield


class Log:
    """A log of reviews, and what the statements see of it."""

    def __init__(self) -> None:
        self.database = _opened.enter_context(closing(sqlite3.connect(":memory:")))
        self.database.executescript(_TABLES)
        self._next = 0

    def add(self, day: int, at: int, kind: str = "review", target: str | None = None) -> str:
        self._next += 1
        row = (self._next, f"e{self._next}", self._next, at, day, kind, target)
        self.database.execute("INSERT INTO event VALUES (?, ?, 1, 1, ?, ?, ?, ?, 1, ?)", row)
        self.database.execute("INSERT INTO answer VALUES (?, 30.4)", (self._next,))
        return f"e{self._next}"

    def execute(self, sql: str, values: Mapping[str, object]) -> Iterable[Sequence[object]]:
        return self.database.execute(sql, dict(values))

    def streak(self, day: int, now: int | None = None) -> int:
        return streak(self.execute, 1, day, now)


def at(day: int, hour: float) -> int:
    """That hour after a study day began, in one zone."""
    return int((day * 24 + hour) * _HOUR)


def studied(days: Iterable[int], hour: float = 12) -> Log:
    log = Log()
    for day in days:
        log.add(day, at(day, hour))
    return log


def test_days_in_a_row_up_to_today_or_yesterday() -> None:
    log = studied([100, 101, 102])
    assert [log.streak(day, at(day, 1)) for day in (101, 102, 103, 105)] == [3, 3, 3, 0]
    assert Log().streak(100) == 0


def test_two_days_left_out_end_it() -> None:
    assert studied([100, 101, 104]).streak(104) == 1


def test_one_day_left_out_is_forgiven_where_few_hours_passed() -> None:
    log = studied([100, 101, 102])
    log.add(104, at(104, 8))
    assert log.streak(104) == 4
    log = studied([100, 101, 102])
    log.add(104, at(104, 15))
    assert log.streak(104) == 1


def test_what_was_forgiven_is_known() -> None:
    log = studied([100, 101, 102])
    assert row(log.execute, 1, 102).forgiven == ()
    assert row(log.execute, 1, 104, at(104, 13)) == Row(3, (103,))
    log.add(104, at(104, 8))
    assert row(log.execute, 1, 104) == Row(4, (103,))
    for day in (105, 107):
        log.add(day, at(day, 8))
    assert row(log.execute, 1, 107) == Row(6, (106, 103))
    # One that ended the row is not forgiven.
    log = studied([100, 101, 102])
    log.add(104, at(104, 15))
    assert row(log.execute, 1, 104) == Row(1)


def test_every_other_day_is_no_streak() -> None:
    log = studied(range(100, 120, 2))
    assert log.streak(118) == 2


def test_a_day_left_out_is_pending_while_few_hours_passed() -> None:
    log = studied([100, 101, 102])
    assert log.streak(104, at(104, 13)) == 3
    assert log.streak(104, at(104, 15)) == 0
    assert log.streak(104) == 0


def test_what_was_undone_was_not_studied() -> None:
    log = studied([100, 101])
    last = log.add(102, at(102, 3))
    assert log.streak(102) == 3
    log.add(102, at(102, 4), "undo", last)
    assert log.streak(102) == 2
    assert seconds(log.execute, 1, 101) == 30
    assert seconds(log.execute, 1, 102) == 0


def test_a_flight_to_the_west_repeats_a_day() -> None:
    log = studied([100, 101, 102])
    assert log.streak(101) == 3
    assert log.streak(100) == 3
    log.add(101, at(103, 0))
    log.add(102, at(104, 0))
    log.add(103, at(105, 0))
    assert log.streak(103) == 4


def test_from_honolulu_to_auckland_a_day_is_missing() -> None:
    log = Log()
    honolulu, auckland = (
        Clock(zone=ZoneInfo(name)) for name in ("Pacific/Honolulu", "Pacific/Auckland")
    )
    before = datetime(2026, 7, 4, 20, tzinfo=ZoneInfo("Pacific/Honolulu"))
    after = datetime(2026, 7, 6, 21, tzinfo=ZoneInfo("Pacific/Auckland"))
    log.add(honolulu.day(before), milliseconds(before.astimezone(UTC)))
    log.add(auckland.day(after), milliseconds(after.astimezone(UTC)))
    assert auckland.day(after) == honolulu.day(before) + 2
    assert log.streak(auckland.day(after)) == 2


@st.composite
def journeys(draw: st.DrawFn) -> list[tuple[datetime, str]]:
    """From when on a person is in which zone; at least two days in each."""
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=draw(st.integers(0, 8000)))
    found = []
    for _ in range(draw(st.integers(1, 6))):
        found.append((moment, draw(st.sampled_from(_ZONES))))
        moment += timedelta(hours=draw(st.integers(50, 120)))
    return [*found, (moment, "")]


@example(
    [
        (datetime(2026, 1, 3, 8, tzinfo=UTC), "America/St_Johns"),
        (datetime(2026, 1, 5, 10, tzinfo=UTC), "Australia/Lord_Howe"),
        (datetime(2026, 1, 9, 20, tzinfo=UTC), "Etc/GMT+12"),
        (datetime(2026, 1, 18, 4, tzinfo=UTC), ""),
    ],
    Random(1),
)
@given(journeys(), st.randoms(use_true_random=False))
def test_who_studies_on_every_day_lived_through_never_breaks_it(journey, random) -> None:  # type: ignore[no-untyped-def]
    lived: dict[int, list[datetime]] = {}
    seen: list[tuple[datetime, int]] = []
    for (start, name), (end, _) in itertools.pairwise(journey):
        clock = Clock(zone=ZoneInfo(name))
        moment = start
        while moment < end:
            day = clock.day(moment)
            # A day that a flight to the west brings back was to be studied the first time.
            if day not in lived or (seen[-1][1] == day and lived[day][-1] == seen[-1][0]):
                lived.setdefault(day, []).append(moment)
            seen.append((moment, day))
            moment += _STEP
    answers = {random.choice(moments): day for day, moments in lived.items()}
    log, days = Log(), set[int]()
    for moment, day in seen:
        if moment in answers:
            log.add(answers[moment], milliseconds(moment))
            days.add(answers[moment])
            assert log.streak(day, milliseconds(moment)) == len(days)
    last, day = seen[-1]
    assert log.streak(day, milliseconds(last)) == len(days) == len(lived)


@pytest.mark.parametrize("zone", _ZONES)
def test_every_zone_has_days_of_23_to_25_hours(zone: str) -> None:
    clock = Clock(zone=ZoneInfo(zone))
    first = clock.day(datetime(2026, 1, 1, 12, tzinfo=UTC))
    lengths = {clock.starts(day + 1) - clock.starts(day) for day in range(first, first + 366)}
    assert lengths <= {timedelta(hours=h / 2) for h in range(46, 51)}
