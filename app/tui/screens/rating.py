"""Rating what is on the study page: a card that was turned, an exercise that counts otherwise.

Promise: a card stays until its rating is saved; what is rated above its verdict is said. Must not
choose a rating.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from textual import on

from app.study.views import Rating
from app.tui.screens.choosing import Phase
from app.tui.screens.keeping import KeepingPage
from app.tui.widgets.ratings import RatingBar

if TYPE_CHECKING:
    from app.study.choice import Choice


class RatingPage(KeepingPage):
    """A page whose item can be rated."""

    def __init__(self, what: str | Choice | None) -> None:
        super().__init__(what)
        self.rating: Rating | None = None
        self._seconds = 0.0
        """What the answer took."""

    @abstractmethod
    def show_rating(self) -> None:
        """What the exercise counts as now."""

    def allows(self, action: str) -> bool:
        """Practice is not rated."""
        if action.partition("(")[0] == "rate" and self.phase is Phase.JUDGED:
            return self.judged is not None and self.judged.proposal is not None
        return super().allows(action)

    def action_rate(self, digit: int) -> None:
        """Rate the card, or change what the exercise counts as."""
        rating = Rating(digit)
        if self.phase is Phase.BACK:
            self._go(self._rate_card(rating))
        elif rating != self.rating:
            self._go(self._rerate(rating))

    async def _rate_card(self, rating: Rating) -> None:
        session = await self._begin()
        await self._call(
            "tui.study.saving",
            lambda: session.rate(rating, hints=self.hints, seconds=self._seconds),
        )
        self.undoable, self.redoable = True, False
        self.phase = Phase.WAITING
        await self._advance()

    async def _rerate(self, rating: Rating) -> None:
        session = await self._begin()
        await self._call(
            "tui.study.saving",
            lambda: session.rate(rating, hints=self.hints, seconds=self._seconds),
        )
        self._notice.clear()
        self.rating = rating
        self.show_rating()
        judged = self.judged
        if judged is not None and judged.rated_up(rating):
            seconds = judged.intervals[rating - 1].seconds
            self._notice.tell(
                lambda: self.say(
                    "tui.study.rated-up",
                    rating=self.say(f"study.rating.{int(rating)}"),
                    interval=self.say.interval(seconds),
                )
            )

    @on(RatingBar.Picked)
    def _rating_clicked(self, message: RatingBar.Picked) -> None:
        self.action_rate(int(message.rating))
