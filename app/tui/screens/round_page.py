"""A page with a round behind it: begun or resumed, its clocks read, left as it stands.

Promise: every call of the round is made off the event loop; while a question is open its clocks
are read twice a second, and one that the style closes is closed. Must not know what is asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.drill.styles import RULES
from app.tui.apart import apart
from app.tui.screens.choosing import ChoosingPage, Phase
from app.tui.widgets.header import HeaderLine

if TYPE_CHECKING:
    from app.drill.rounds import DrillRound
    from app.drill.setup import Setup
    from app.drill.views import Question, Time
    from content.pack import Text

_TICK = 0.5
OPEN = (Phase.FRONT, Phase.QUESTION, Phase.POINTS, Phase.BACK)
"""Phases in which a question waits for its answer."""
_CLOSING = (Phase.FRONT, Phase.QUESTION)


class RoundPage(ChoosingPage):
    """A screen with a round."""

    def __init__(self, setup: Setup | None, number: int | None) -> None:
        """A new round of that set-up, or the stored one of that number."""
        super().__init__()
        self._setup = setup
        self._number = number
        self._ticking = False
        self.round: DrillRound | None = None
        self.named: Text = ""
        """The title of the ready-made round."""
        self.question: Question | None = None
        self.time: Time | None = None
        self.over = False

    def on_mount(self) -> None:
        """The clocks begin to be read."""
        super().on_mount()
        self.set_interval(_TICK, self._tick)

    def time_is_over(self) -> None:
        """The question closed before it was answered."""
        raise NotImplementedError

    @property
    def at_once(self) -> bool:
        """Whether the verdict comes after each answer."""
        return self.round is None or RULES[self.round.setup.style].at_once

    @property
    def skipped(self) -> tuple[int, ...]:
        """Questions to return to."""
        if self.round is None:
            return ()
        here = None if self.question is None else self.question.number
        return tuple(number for number in self.round.progress.skipped if number != here)

    async def _open(self) -> DrillRound:
        if self.round is None:
            from app.drill.rounds import DrillRound
            from app.drill.setup import title_of

            study = await self.gradus.desk.study()
            setup, number, language = self._setup, self._number, self.say.language
            if number is not None:
                resumed = number
                self.round = await self._call(
                    "tui.study.opening", lambda: DrillRound.resume(study, resumed)
                )
            else:
                assert setup is not None
                self.round = await self._call(
                    "tui.study.opening",
                    lambda: DrillRound.begin(study, setup, language=language),
                )
            self.named = title_of(study.library, self.round.setup)
        return self.round

    # The clocks

    def _tick(self) -> None:
        """Read the clocks, off the event loop; a question whose time is over closes."""
        if self.round is None or self._ticking or self._busy or self.phase not in OPEN:
            return
        self._ticking = True
        apart(self, self._read_clock, "clock")

    async def _read_clock(self) -> None:
        try:
            if self.round is not None:
                self.time = await self.gradus.desk.do(self.round.tick)
        finally:
            self._ticking = False
        if not self.is_mounted:
            return
        self.query_one(HeaderLine).redraw()
        if self.time is not None and self.time.closed and self.phase in _CLOSING:
            self._go(self._expire())

    async def _expire(self) -> None:
        drill = await self._open()
        await self._call("tui.study.saving", drill.expire)
        self.time_is_over()

    def action_leave(self) -> None:
        """Back to the list; the clocks stand, the round waits."""
        if not self._busy:
            self._go(self._leave())
        elif self.round is None or not self.round.withdraw():
            self.cancel()
            self.gradus.drilling.leave()

    async def _leave(self) -> None:
        if self.round is not None and self.phase in OPEN:
            await self._call("tui.study.saving", self.round.pause)
        self.gradus.drilling.leave()

    def cancel(self) -> None:
        """Wake whoever waits for a measurement; what was answered is saved."""
        if self.round is not None and not self.over:
            self.round.cancel()
