"""Choosing on the study page: options by arrow keys, letters or mouse; key points by ticking.

Promise: what is chosen and what stands in the answer field always say the same. Must not judge.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from textual import on

from app.study.views import Judged, Shown
from app.tui.commands import PAGES, Command
from app.tui.screens.calling import CallingPage
from app.tui.widgets.answer import AnswerField
from app.tui.widgets.options import OptionsView, as_letters, chosen_in
from app.tui.widgets.outcome import OutcomeView
from engine.programs import PROGRAM_KINDS

if TYPE_CHECKING:
    from app.tui.widgets.code_field import CodeField


class Phase(StrEnum):
    """What the screen waits for."""

    WAITING = "waiting"
    FRONT = "front"
    """A card's front, or a `self` exercise before its points show."""
    BACK = "back"
    QUESTION = "question"
    POINTS = "points"
    JUDGED = "judged"
    PAUSED = "paused"
    """The clocks stand, the question is covered."""
    FAILED = "failed"
    """The engine could not measure the item."""


class ChoosingPage(CallingPage):
    """A page with an answer field and options."""

    def __init__(self) -> None:
        super().__init__()
        self.phase = Phase.WAITING
        self.shown: Shown | None = None
        self.judged: Judged | None = None
        self.hints = 0

    def available(self) -> tuple[Command, ...]:
        """Of the digits that tick points, as many as there are points; of the keys that scroll,
        those that do nothing else."""
        fewer = {}
        if self.phase is Phase.POINTS:
            fewer["tick"] = tuple("123456789"[: self._options.count])
        if self.phase in (Phase.QUESTION, Phase.POINTS):
            fewer["scroll"] = PAGES
        return tuple(
            command._replace(keys=fewer[command.action]) if command.action in fewer else command
            for command in super().available()
        )

    def _give_keys(self, *, field: bool) -> None:
        """To the answer field, or to the page."""
        if field:
            self._answer.disabled = False
        self.set_focus(self._answer if field else self.query_one("#sheet"))
        self._answer.disabled = not field

    def _see_outcome(self) -> None:
        """Bring the verdict into view where the question above it is long."""
        sheet, outcome = self.query_one("#sheet"), self.query_one(OutcomeView)
        hidden = outcome.region.bottom - sheet.region.bottom
        above = outcome.region.y - sheet.region.y
        if hidden > 0 and above > 0:
            sheet.scroll_relative(y=min(hidden, above), animate=False)

    def action_tick(self, digit: int) -> None:
        """Tick or untick a point."""
        if digit <= self._options.count:
            self._options.choose(self._options.toggle(digit - 1))

    def action_move(self, step: int) -> None:
        """Move among the points."""
        self._options.move(step)

    def action_tick_here(self) -> None:
        """Tick the point under the cursor."""
        if self._options.cursor is not None:
            self._options.choose(self._options.toggle(self._options.cursor))

    @on(OptionsView.Picked)
    def _picked(self, message: OptionsView.Picked) -> None:
        if self.phase is Phase.QUESTION:
            self._choose(self._options.toggle(message.option))
        elif self.phase is Phase.POINTS:
            self._options.choose(self._options.toggle(message.option))

    @on(AnswerField.Moved)
    def _moved(self, message: AnswerField.Moved) -> None:
        if not self._options.count:
            return
        option = self._options.move(message.step)
        if self.shown is not None and self.shown.kind == "several":
            self._answer.on_option = True
        else:
            self._choose(frozenset({option}))

    @on(AnswerField.Ticked)
    def _ticked(self) -> None:
        if self._options.cursor is not None:
            self._choose(self._options.toggle(self._options.cursor))

    def _choose(self, chosen: frozenset[int]) -> None:
        field = self.query_one(AnswerField)
        field.value = as_letters(chosen)
        field.cursor_position = len(field.value)

    @on(AnswerField.Changed)
    def _typed(self, message: AnswerField.Changed) -> None:
        if self._options.count and self.phase is Phase.QUESTION:
            self._options.choose(chosen_in(message.value, self._options.count))
        self._unjudge()

    def on_code_field_edited(self) -> None:
        """What was said of the text before is no longer true."""
        self._unjudge()

    def _unjudge(self) -> None:
        if self.phase is Phase.QUESTION and self.judged is not None:
            self.judged = None
            self.query_one(OutcomeView).show(None, None)

    @property
    def _answer(self) -> AnswerField | CodeField:
        """The field that takes the answer to what is shown."""
        if self.shown is not None and self.shown.kind in PROGRAM_KINDS:
            return self._code_field()
        return self.query_one(AnswerField)

    def _code_field(self) -> CodeField:
        """The field for programs: made when the first one is asked for, as it is slow to load."""
        from app.tui.widgets.code_field import CodeField

        found = self.query(CodeField)
        if found:
            return found.first()
        field = CodeField()
        self.query_one("#answer-row").mount(field)
        return field

    @property
    def _options(self) -> OptionsView:
        return self.query_one(OptionsView)
