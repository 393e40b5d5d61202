"""Study days, whatever the zone does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.study.clock import Clock, ClockError, milliseconds, moment_of

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Shanghai", "Pacific/Apia",
         "America/Sao_Paulo", "Asia/Kathmandu", "Australia/Lord_Howe"]  # fmt: skip


def wall(zone: str, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone))  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (wall("Europe/Berlin", 2026, 3, 2, 3, 59, 59), date(2026, 3, 1)),
        (wall("Europe/Berlin", 2026, 3, 2, 4, 0, 0), date(2026, 3, 2)),
        (wall("Europe/Berlin", 2026, 3, 2, 23, 59), date(2026, 3, 2)),
        (wall("Europe/Berlin", 2026, 3, 3, 0, 1), date(2026, 3, 2)),
        # The night of 29 March 2026 has no 2:30, that of 25 October has it twice.
        (wall("Europe/Berlin", 2026, 3, 29, 1, 59) + timedelta(minutes=2), date(2026, 3, 28)),
        (wall("Europe/Berlin", 2026, 3, 29, 4, 0), date(2026, 3, 29)),
        (wall("Europe/Berlin", 2026, 10, 25, 3, 59), date(2026, 10, 24)),
        (wall("Europe/Berlin", 2026, 10, 25, 4, 0), date(2026, 10, 25)),
    ],
)
def test_a_study_day_begins_at_four(moment: datetime, expected: date) -> None:
    clock = Clock(zone=ZoneInfo("Europe/Berlin"))
    assert clock.day(moment.astimezone(UTC)) == expected.toordinal()


@given(
    st.integers(946_684_800, 2_840_140_800).map(lambda second: datetime.fromtimestamp(second, UTC)),
    st.sampled_from(ZONES),
)
def test_every_moment_lies_between_its_day_and_the_next(moment: datetime, zone: str) -> None:
    clock = Clock(zone=ZoneInfo(zone))
    day = clock.day(moment)
    assert clock.starts(day) <= moment < clock.starts(day + 1) or zone == "Pacific/Apia"
    assert clock.day(clock.starts(day)) == day or zone == "Pacific/Apia"  # a day it left out
    assert moment_of(milliseconds(moment)) == moment


def test_a_journey_east_moves_the_day_at_once() -> None:
    moment = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)
    assert Clock(zone=ZoneInfo("Europe/Berlin")).day(moment) == date(2026, 3, 2).toordinal()
    assert Clock(zone=ZoneInfo("Asia/Shanghai")).day(moment) == date(2026, 3, 3).toordinal()


def test_a_change_of_the_system_zone_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, moment = Clock(), datetime(2026, 3, 2, 21, 0, tzinfo=UTC)
    monkeypatch.setenv("TZ", "Europe/Berlin")
    assert clock.day(moment) == date(2026, 3, 2).toordinal()
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    assert clock.day(moment) == date(2026, 3, 3).toordinal()


def test_gradus_now_starts_the_clock_and_it_runs_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    clock = Clock.from_environment({"GRADUS_NOW": "2026-03-01T09:00"})
    first = clock.now()
    assert timedelta(0) <= first - datetime(2026, 3, 1, 8, tzinfo=UTC) < timedelta(minutes=1)
    while clock.now() == first:
        pass
    assert clock.now() > first
    zoned = Clock.from_environment({"GRADUS_NOW": "2026-03-01T09:00+08:00"}).now()
    assert timedelta(0) <= zoned - datetime(2026, 3, 1, 1, tzinfo=UTC) < timedelta(minutes=1)


@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01", "9:00"])
def test_a_wrong_time_is_named(text: str) -> None:
    with pytest.raises(ClockError, match="GRADUS_NOW"):
        Clock.from_environment({"GRADUS_NOW": text})


def test_without_gradus_now_time_is_real() -> None:
    assert abs(Clock.from_environment({}).now() - datetime.now(UTC)) < timedelta(minutes=1)
