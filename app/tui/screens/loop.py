"""Calls of the study loop, made by a screen without waiting on the event loop.

Promise: one call at a time; a wait longer than 200 ms says what it waits for; a failure becomes
words on the screen, which keeps its state. Must not know cards or exercises.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from app.locale import Locale
from app.tui.problems import sentence
from app.tui.screens.page import Page
from app.tui.widgets.notice import Notice, Tone

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from app.study.session import StudySession

Result = TypeVar("Result")
_PATIENCE = 0.2
"""Seconds before a wait is named."""


class NoTopicError(LookupError):
    """No pack has the topic that was asked for on the command line."""

    def describe(self, language: str) -> str:
        """What is wrong, in that language."""
        return Locale(language)("tui.study.no-topic", topic=self.args[0])


class LoopPage(Page[None]):
    """A screen with a session behind it."""

    def __init__(self, topic: str | None) -> None:
        super().__init__()
        self.topic = topic
        self.finished = False
        self._session: StudySession | None = None
        self._busy = False
        self.undoable = False
        """Whether the log holds an answer that can be taken back."""

    def _go(self, work: Coroutine[None, None, None]) -> None:
        if self._busy:
            work.close()
            return
        self._busy = True
        self.run_worker(self._guarded(work), group="study", exit_on_error=False)

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
            _PATIENCE, lambda: self._notice.tell(lambda: self.say(wait), Tone.WAIT)
        )
        try:
            return await self.gradus.desk.do(work)
        finally:
            timer.stop()
            self._notice.clear(Tone.WAIT)

    async def _begin(self) -> StudySession:
        if self._session is None:
            timer = self.set_timer(
                _PATIENCE,
                lambda: self._notice.tell(lambda: self.say("tui.study.opening"), Tone.WAIT),
            )
            try:
                study = await self.gradus.desk.study()
            finally:
                timer.stop()
            try:
                self._session = await self._call(
                    "tui.study.opening", lambda: study.begin(topic=self.topic)
                )
            except KeyError:
                raise NoTopicError(self.topic or "") from None
            self.undoable = await self.gradus.desk.do(study.undoable)
        return self._session

    def cancel(self) -> None:
        """Wake whoever waits for a measurement; the session is over, its answers are saved."""
        if self._session is not None:
            self.finished = True
            self._session.cancel()

    @property
    def _notice(self) -> Notice:
        return self.query_one(Notice)
