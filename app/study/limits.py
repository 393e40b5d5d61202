"""How much a study day brings: the limits, the calendar, the day to be ready by.

Promise: the same for home, for a session and for the first glance, which all count with
`counts.today`. Must not know of screens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.calendar import Calendar, Goal, calendar_of, goal_of
from app.progress import counts

if TYPE_CHECKING:
    from app.progress.store import Store
    from app.settings import Settings


@dataclass(frozen=True, slots=True)
class DailyLimits:
    """How much a study day brings; None is without limit."""

    new: int | None = 20
    reviews: int | None = 200
    calendar: Calendar = Calendar()  # noqa: RUF009  (a tuple)
    goal: Goal | None = None

    @classmethod
    def of(cls, settings: Settings) -> DailyLimits:
        """As the settings say."""
        return cls(
            settings.daily_new,
            settings.reviews_per_day,
            calendar_of(settings),
            goal_of(settings),
        )

    def today(self, store: Store, day: int) -> counts.Today:
        """What that day holds within the limits. Call while reading."""
        return counts.today(
            store.execute,
            store.learner_key,
            day,
            self.new,
            self.reviews,
            self.calendar,
            self.goal,
        )
