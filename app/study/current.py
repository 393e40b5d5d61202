"""The item on screen, and what has become of it."""

from __future__ import annotations

from dataclasses import dataclass

from app.study.ahead import Ask
from app.study.journal import Outlook
from app.study.queue import Planned
from app.study.views import Rating, Shown


@dataclass(slots=True)
class Current:
    """An item of a session."""

    ask: Ask
    planned: Planned
    practice: bool = False
    """Not scheduled: new numbers of what was just judged, or what the choice only repeats."""
    shown: Shown | None = None
    outlook: Outlook | None = None
    answered: bool = False
    rating: Rating | None = None
    """What the saved answer counts as."""

    @property
    def again(self) -> bool:
        """Whether it is the item before, once more with new numbers."""
        return self.practice and not self.planned.practice
