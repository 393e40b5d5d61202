"""Answering in a round: a concept said and its points ticked, an answer typed, how sure one is.

Promise: what was typed or said stays until it is saved. Must not judge and must not choose what
comes next.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from textual import on

from app.drill.views import Kept
from app.tui.screens.choosing import Phase
from app.tui.screens.drill_view import as_judged
from app.tui.screens.round_page import RoundPage
from app.tui.widgets.answer import AnswerField
from engine.programs import RUN_KINDS

if TYPE_CHECKING:
    from app.drill.setup import Setup


class DrillAnswering(RoundPage):
    """A round whose question can be answered."""

    def __init__(self, setup: Setup | None, number: int | None) -> None:
        """A new round of that set-up, or the stored one of that number."""
        super().__init__(setup, number)
        self.said = ""

    @abstractmethod
    async def _advance(self) -> None:
        """To the next question."""

    @abstractmethod
    def _enter(self, phase: Phase) -> None:
        """The page in that phase."""

    @abstractmethod
    def ask_to_read(self) -> None:
        """What the field holds could not be read."""

    def action_keep(self) -> None:
        """A concept was explained; its points come at the end."""
        self.action_reveal()

    def action_reveal(self) -> None:
        """A concept was explained: now its points, or its back."""
        if self.question is not None and not self._busy:
            self._go(self._reveal())

    async def _reveal(self) -> None:
        drill, question = await self._open(), self.question
        self.said = self._answer.value.strip()
        if question is not None and not self.at_once:
            said = self.said
            hints = self.hints
            await self._call("tui.study.saving", lambda: drill.answer("", hints=hints, said=said))
            await self._advance()
            return
        if not await self._call("tui.study.saving", drill.reveal):
            self.time_is_over()
            return
        is_card = question is not None and question.kind == "card"
        self._enter(Phase.BACK if is_card else Phase.POINTS)

    def on_code_field_submitted(self) -> None:
        """Enter in the field for programs."""
        self.action_check()

    @on(AnswerField.Submitted)
    def _submitted(self) -> None:
        if self.phase is Phase.FRONT:
            self.action_reveal()
        else:
            self.action_check()

    def action_check(self) -> None:
        """Answer with what was typed or ticked."""
        self._give(None)

    def action_sure(self) -> None:
        """Answer, and be sure of it."""
        self._give(True)

    def action_unsure(self) -> None:
        """Answer, and be unsure of it."""
        self._give(False)

    def action_known(self, digit: int) -> None:
        """Say of a card whether it was known."""
        self._go(self._judge(str(digit), None))

    def _give(self, sure: bool | None) -> None:
        if self.phase is Phase.QUESTION:
            typed = self._answer.value
            if not typed.strip():
                self._notice.tell(
                    lambda: self.say("tui.drill.type-first", skip=self.key_of("drill-skip"))
                )
                return
            self._go(self._judge(typed, sure))
        elif self.phase is Phase.POINTS:
            ticked = " ".join(str(n + 1) for n in sorted(self._options.chosen))
            self._go(self._judge(ticked or "0", sure))

    async def _judge(self, typed: str, sure: bool | None) -> None:
        drill = await self._open()
        runs = self.question is not None and self.question.kind in RUN_KINDS
        said, hints = self.said, self.hints
        given = await self._call(
            f"tui.study.{'running' if runs else 'judging'}",
            lambda: drill.answer(typed, hints=hints, sure=sure, said=said),
        )
        self._notice.clear()
        if isinstance(given, Kept):
            await self._advance()
        elif given.closed or given.verdict is None:
            self.time_is_over()
        else:
            self.judged = as_judged(given.verdict)
            if str(given.verdict.kind) == "unreadable":
                self.ask_to_read()
                return
            self._enter(Phase.JUDGED)
