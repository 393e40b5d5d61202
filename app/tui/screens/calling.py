"""Blocking calls, made by a screen without waiting on the event loop.

Promise: one call at a time; a wait longer than 200 ms says what it waits for; a failure becomes
words on the screen, which keeps its state. What follows the typing is done when it pauses. Must
not know what is called.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from app.tui.apart import apart
from app.tui.problems import sentence
from app.tui.screens.page import Page
from app.tui.widgets.notice import Notice, Tone

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from textual.timer import Timer

Result = TypeVar("Result")
PATIENCE = 0.2
"""Seconds before a wait is named."""


class CallingPage(Page[None]):
    """A screen that has things done in the desk's thread and tells of them in its notice."""

    def __init__(self) -> None:
        super().__init__()
        self._busy = False
        self._until_still: Timer | None = None

    def _go(self, work: Coroutine[None, None, None]) -> None:
        if self._busy:
            work.close()
            return
        self._busy = True
        apart(self, partial(self._guarded, work), "study")

    async def _guarded(self, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except Exception as error:  # every failure becomes words; the screen keeps its state
            words = error
            self._notice.tell(
                lambda: sentence(words, self.say, self.gradus.paths.app_log), Tone.PROBLEM
            )
        finally:
            self._busy = False
            self.refooter()

    async def _call(self, wait: str, work: Callable[[], Result]) -> Result:
        timer = self.set_timer(
            PATIENCE, lambda: self._notice.tell(lambda: self.say(wait), Tone.WAIT)
        )
        try:
            return await self.gradus.desk.do(work)
        finally:
            timer.stop()
            self._notice.clear(Tone.WAIT)

    def _soon(self, seconds: float, work: Callable[[], Coroutine[None, None, None]]) -> None:
        """Do it once nothing else was wanted for so long; what is still under way is dropped."""
        if self._until_still is not None:
            self._until_still.stop()
        self._until_still = self.set_timer(seconds, lambda: self._at_once(work))

    def _at_once(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        apart(self, work, "at-once", exclusive=True)

    @property
    def _notice(self) -> Notice:
        return self.query_one(Notice)
