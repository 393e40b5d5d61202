"""A page with a sitting of the study loop behind it.

Promise: the sitting is begun at the first call and not before. Must not know cards or exercises.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.locale import Locale
from app.study.selecting import UnknownWord
from app.tui.screens.calling import PATIENCE
from app.tui.screens.choosing import ChoosingPage
from app.tui.widgets.notice import Tone

if TYPE_CHECKING:
    from app.study.choice import Choice
    from app.study.session import StudySession


class NotInPacksError(LookupError):
    """No pack has what was asked for on the command line."""

    def __init__(self, word: UnknownWord) -> None:
        super().__init__(word)
        self.word = word

    def describe(self, language: str) -> str:
        """What is wrong, in that language."""
        return Locale(language)(f"tui.study.no-{self.word.what}", word=self.word.word)


class LoopPage(ChoosingPage):
    """A screen with a session behind it."""

    def __init__(self, what: str | Choice | None) -> None:
        super().__init__()
        self.what = what
        """A topic, a choice, or None for everything due and new."""
        self.finished = False
        self._session: StudySession | None = None
        self.undoable = False
        """Whether the log holds an answer that can be taken back."""

    async def _begin(self) -> StudySession:
        if self._session is None:
            timer = self.set_timer(
                PATIENCE,
                lambda: self._notice.tell(lambda: self.say("tui.study.opening"), Tone.WAIT),
            )
            try:
                study = await self.gradus.desk.study()
            finally:
                timer.stop()
            try:
                self._session = await self._call(
                    "tui.study.opening",
                    lambda: (
                        study.begin(topic=self.what)
                        if isinstance(self.what, str)
                        else study.begin(self.what)
                    ),
                )
            except UnknownWord as word:
                raise NotInPacksError(word) from None
            self.undoable = await self.gradus.desk.do(study.undoable)
        return self._session

    def cancel(self) -> None:
        """Wake whoever waits for a measurement; the session is over, its answers are saved."""
        if self._session is not None:
            self.finished = True
            self._session.cancel()
