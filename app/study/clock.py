"""The only source of time: moments, study days, durations.

Promise: every moment is an aware UTC datetime; a study day is the learner's local calendar day
that begins at the rollover hour (4:00), given as a proleptic ordinal (`date.toordinal`). The local
zone is read anew at each call, so a journey or a change to summer time takes effect at once.
`GRADUS_NOW` (ISO, local time unless it names an offset) says where the clock starts; it runs on
from there. Must not be bypassed: no other module asks the system, or SQL, for the time.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo

ROLLOVER_HOUR = 4
"""A study day lasts until this hour of the next calendar day: a late evening counts as one day."""

VARIABLE = "GRADUS_NOW"


class ClockError(ValueError):
    """`GRADUS_NOW` holds no ISO time; `text` is what it holds."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{VARIABLE} is no ISO time: {text!r} (like 2026-03-01T09:00)")
        self.text = text


class Clock:
    """Time as the learner lives it."""

    def __init__(
        self,
        start: datetime | None = None,
        *,
        zone: tzinfo | None = None,
        rollover_hour: int = ROLLOVER_HOUR,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """Real time, or time that begins at `start` and runs on by `ticks` (seconds).

        `zone` replaces the system's local zone.
        """
        self._zone = zone
        self._rollover = timedelta(hours=rollover_hour)
        self._ticks = ticks
        self._start = None if start is None else self._utc(start)
        self._origin = ticks()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Clock:
        """The real clock, or the one `GRADUS_NOW` starts. Raises `ClockError`."""
        text = (os.environ if environment is None else environment).get(VARIABLE, "").strip()
        if not text:
            return cls()
        try:
            return cls(datetime.fromisoformat(text))
        except (ValueError, OverflowError) as error:
            raise ClockError(text) from error

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        if self._start is None:
            return datetime.now(UTC)
        return self._start + timedelta(seconds=self._ticks() - self._origin)

    def monotonic(self) -> float:
        """Seconds for measuring durations; never goes back."""
        return self._ticks()

    def local(self, moment: datetime) -> datetime:
        """The moment on the learner's wall clock."""
        self._look_up_zone()
        return moment.astimezone(self._zone)

    def day(self, moment: datetime) -> int:
        """The study day of that moment."""
        wall = self.local(moment).replace(tzinfo=None)
        return (wall - self._rollover).date().toordinal()

    def today(self) -> int:
        """The study day of now."""
        return self.day(self.now())

    def starts(self, day: int) -> datetime:
        """When that study day begins, in UTC."""
        wall = datetime.combine(date.fromordinal(day), datetime.min.time()) + self._rollover
        return self._utc(wall)

    def _utc(self, moment: datetime) -> datetime:
        if moment.tzinfo is None:
            self._look_up_zone()
            moment = moment.replace(tzinfo=self._zone) if self._zone else moment.astimezone()
        return moment.astimezone(UTC)

    def _look_up_zone(self) -> None:
        if self._zone is None and hasattr(time, "tzset"):
            time.tzset()  # else a change of the system's zone goes unnoticed until a restart


def milliseconds(moment: datetime) -> int:
    """The moment as whole milliseconds since 1970, the form in which it is stored."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def moment_of(stored: int) -> datetime:
    """The moment of a stored number of milliseconds."""
    return _EPOCH + timedelta(milliseconds=stored)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
