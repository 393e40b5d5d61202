"""One round: the next question, its answer, its clocks; stopping, resuming, ending.

Promise: an answered question's review, memory and step are written in one transaction before
anything is told of it, or `StoreProblem` is raised and the same answer can be given again. What a
round is follows from its steps alone, so a process that is lost loses no answer. Each question
counts as at most one review; one that the engine could not measure counts for nothing. All
methods block and are called from one thread, except `tick`, `withdraw` and `cancel`.

The clocks run while a question waits for its answer. Where a style closes questions, an answer
that comes after the question's time does not count; when the round's time is over, the question
on screen may still be answered.
"""

from __future__ import annotations

import json
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from app.drill.answers import is_concept, told, verdict_on
from app.drill.asking import Asking
from app.drill.changes import changes, exists, made_now, replanned
from app.drill.choosing import Asked
from app.drill.clocks import RoundClocks
from app.drill.facts import RoundFacts
from app.drill.record import Record, begun, stored_state
from app.drill.report import report
from app.drill.setup import Setup
from app.drill.state import CLOSED, QuestionState, RoundState
from app.drill.styles import RULES
from app.drill.timing import RoundTimer
from app.drill.views import (
    Changed,
    Judged,
    Kept,
    NotMeasured,
    Over,
    Question,
    Report,
    Time,
)
from app.progress.events import StepKind
from app.study.ahead import BrokenOff
from content.prepare import Prepared
from engine.verdict import Verdict, VerdictKind

if TYPE_CHECKING:
    from app.study.session import Study

_LUCK_BITS = 31


class DrillRound(RoundFacts):
    """A round that is being played. Call `next`, then `answer` or `skip`, until `Over`; `end`."""

    def __init__(self, study: Study, state: RoundState) -> None:
        """Use `begin` or `resume`."""
        self._study = study
        super().__init__(state, Asking(study, state))
        self._rules = RULES[state.setup.style]
        self._timer = RoundTimer(study.clock.monotonic, state.round_seconds)
        self._record = Record(study, state, self._timer)
        self._clocks = RoundClocks(study.clock, state, self._timer, self._record)
        self._verdicts: dict[int, Verdict] = {}
        self._coming: Asked | None = None
        """Chosen, not yet shown."""
        self._tries = 0
        self._late = False
        """Whether the question shown last was closed because its time was over."""
        self.changed: Changed | None = None
        """What differs since the round was made: `accept` it before going on."""

    @classmethod
    def begin(
        cls, study: Study, setup: Setup, *, language: str = "en", luck: int | None = None
    ) -> DrillRound:
        """A new round, written down at once. `luck` stands in for chance where no seed is set.

        Raises `StoreProblem`; ValueError where no item fits the set-up.
        """
        if setup.seed is not None:
            luck = setup.seed
        elif luck is None:
            luck = secrets.randbits(_LUCK_BITS)
        made = made_now(study, setup, luck)
        if not made.questions:
            raise ValueError("no item fits this set-up")
        return cls(study, begun(study, setup, made, luck, language))

    @classmethod
    def resume(cls, study: Study, number: int) -> DrillRound:
        """A round that is not over, as its steps tell it, with the time away noted.

        Raises `StoreProblem`; KeyError where there is no such round or it has ended.
        """
        state = stored_state(study, number)
        if state.ended:
            raise KeyError(number)
        found = cls(study, state)
        found.changed = changes(study, state)
        if found.changed is None:
            found._record.taken_up()
        return found

    def accept(self) -> None:
        """Go on though packs changed: open questions take their items' present form, or another
        item's where theirs is gone."""
        if self.changed is not None:
            made = replanned(self._study, self._state, self._asking.chooser)
            self._record.taken_up(json.loads(made.to_json()))
            self.changed = None

    def next(self) -> Question | NotMeasured | Over:
        """The question to be answered now; the same one while it is open or not measured."""
        if self.changed is not None:
            raise RuntimeError("packs changed: accept it, or end the round")
        self._study.store.checkpoint()
        state = self._state
        with suppress(BrokenOff):
            while not state.ended:
                if (current := state.open) is not None:
                    if (now := self._asking.present(current.asked)) is not None:
                        return self._show(now)
                    self._leave(current, "unmeasured")
                    continue
                if not self._clocks.over:
                    self._coming = self._coming or self._asking.fresh()
                    if (asked := self._asking.present(self._coming)) is not None:
                        return self._show(asked)
                back = self._asking.put_off(time_is_over=self._clocks.over)
                if back is None:
                    return Over(self._reason())
                if back.standing == "skipped":
                    self._record.write(StepKind.ASKED, back.asked.number, again=True)
                elif exists(self._study, back.asked.name):
                    return self._show(back.asked)
                else:
                    self._leave(back, "uncompared")
            return Over(state.ended)
        return Over("left")

    def reveal(self) -> bool:
        """A concept question was answered: its clock stops, its points may be shown.

        False where its time was over and the style closes it: then it is closed.
        """
        question, _ = self._on_screen()
        if self._clocks.closed(question, self._clocks.seconds):
            self.expire()
            return False
        self._timer.stop()
        self.tick(write=True)
        return True

    def answer(
        self, typed: str, *, hints: int = 0, sure: bool | None = None, said: str = ""
    ) -> Judged | Kept:
        """Judge what was typed and save it.

        `sure` is the confidence given before the verdict. `said` is the free text of a concept
        question; its `typed` are the ticked points, or 1, 2, 3 for a card known, partly, not.
        Raises `StoreProblem` where saving failed: the same call may be made again.
        """
        if self._late and self._state.open is None:  # it was closed while this was being typed
            return Judged(None, 0.0, closed=True)
        question, prepared = self._on_screen()
        number, ticking = question.asked.number, question.standing == "said"
        at_once, running = self._rules.at_once, self._timer.running
        seconds = question.seconds if ticking else self._clocks.seconds
        if self._clocks.closed(question, seconds):
            self.expire()
            return Judged(None, 0.0, closed=True) if at_once else Kept()
        if ticking:
            hints, said, sure = question.hints, question.said, question.sure
        payload: dict[str, Any] = {"seconds": seconds, "hints": hints, "said": said, "sure": sure}
        self._timer.stop()
        try:
            if is_concept(question.kind) and not at_once and not ticking:
                self._record.write(StepKind.ANSWERED, number, pending=True, **payload)
                self._closed()
                return Kept()
            calculator = self._rules.calculator
            verdict = verdict_on(prepared, typed, self._asking.ahead.run, calculator=calculator)
            if verdict.kind is VerdictKind.UNREADABLE:
                self._tries += 1
                return Judged(verdict, 0.0, self._tries)
            payload |= told(self._study.library, prepared, typed, verdict, hints)
            self._record.answered(question, prepared, verdict, {"pending": False, **payload})
            self._verdicts[number] = verdict
            tries = self._tries
            self._closed()
            return Judged(verdict, payload["credit"], tries) if at_once else Kept()
        finally:
            if running and self._state.open is question:  # it is to be answered again
                self._timer.start()

    def skip(self) -> None:
        """Leave the question for later; a second time for good. One that could not be measured
        is left for good and counts for nothing."""
        question = self._state.open
        if question is None and self._coming is not None:
            self._record.asked(self._coming)
            question = self._state.open
        if question is None:  # a spoken answer is not compared with its points
            question = self._asking.put_off(time_is_over=self._clocks.over)
        if question is None:
            raise RuntimeError("no question is on screen")
        if question.standing == "said":
            self._leave(question, "uncompared")
        elif question.asked.number not in self._asking.prepared:
            self._leave(question, "unmeasured")
        else:
            self._leave(question, "left" if question.returned else "skipped")
        self._closed()

    def expire(self) -> None:
        """The question's time is over, and with it the question: it counts as not known."""
        if (question := self._state.open) is not None:
            self._leave(question, "time")
            self._closed()
            self._late = True

    def go(self, number: int) -> Question | NotMeasured | Over:
        """Return to a skipped question; one that is open is skipped in its stead.

        Raises KeyError where that question is not one to return to.
        """
        if number not in self._state.numbers("skipped"):
            raise KeyError(number)
        if self._state.open is not None:
            self.skip()
        self._coming = None
        self._record.write(StepKind.ASKED, number, again=True)
        return self.next()

    def flag(self) -> bool:
        """Flag the question on screen, or take the flag away; whether it is flagged now."""
        question, _ = self._on_screen()
        kind = StepKind.UNFLAGGED if question.flagged else StepKind.FLAGGED
        self._record.write(kind, question.asked.number)
        return question.flagged

    def tick(self, *, write: bool = False) -> Time:
        """The clocks now; every few seconds they are written down. From any thread."""
        return self._clocks.tick(write=write)

    def pause(self) -> None:
        """Stop the clocks until `go_on`; the question is to be covered meanwhile."""
        if not self._state.paused:
            self._timer.stop()
            self.tick(write=True)
            self._record.write(StepKind.PAUSED)

    def go_on(self) -> None:
        """After a pause: the clocks run again."""
        if self._state.paused:
            self._record.taken_up()
            if self._state.open is not None:
                self._timer.start()

    def end(self) -> Report:
        """End the round, whatever is left, and tell what it came to.

        Questions that were seen and left count as not known. Raises `StoreProblem`.
        """
        state = self._state
        if not state.ended:
            self._timer.stop()
            reason = self._reason()
            for question in list(state.questions):
                if question.standing in ("open", "skipped"):
                    self._leave(question, "left")
            self._record.write(StepKind.ENDED, reason=reason)
            self._asking.ahead.close()
        return report(self._study, self.number, self._asking.prepared, self._verdicts)

    def withdraw(self) -> bool:
        """Call off the judging of a program that takes too long: the answer is then unreadable.
        False where none is being judged. From any thread."""
        return self._asking.ahead.withdraw()

    def cancel(self) -> None:
        """Whoever waits in `next` gets `Over("left")`; the round is not ended. From any thread."""
        self._timer.stop()
        self._asking.ahead.break_off()

    # What comes next

    def _reason(self) -> str:
        closed = sum(one.standing in CLOSED for one in self._state.questions)
        if closed >= self._state.made.questions:
            return "done"
        return "time" if self._clocks.over else "left"

    def _closed(self) -> None:
        """The question on screen is done with: have what comes next measured while its verdict
        is read."""
        self._tries = 0
        self._timer.show(None)
        self._coming = None
        if self._state.open is None and not self._clocks.over:
            self._coming = self._asking.fresh()
            self._asking.look_ahead(self._coming)

    def _show(self, asked: Asked) -> Question | NotMeasured:
        number = asked.number
        measured = self._asking.measured(asked)
        if isinstance(measured, NotMeasured):
            return measured
        known = next((one for one in self._state.questions if one.asked.number == number), None)
        ticking = known is not None and known.standing == "said"
        if known is None or (not ticking and self._asking.is_other(known, asked)):
            self._record.asked(asked)
            known = self._state.question(number)
        self._coming, self._late = None, False
        if self._clocks.question != number:
            self._timer.show(number, known.seconds)
            if not ticking:
                self._timer.start()
                self.tick(write=True)
        return self._asking.view(known, self._clocks.time(known))

    def _on_screen(self) -> tuple[QuestionState, Prepared]:
        question = self._state.open
        if question is None and (number := self._clocks.question) is not None:
            question = self._state.question(number)
        if question is None or question.asked.number not in self._asking.prepared:
            raise RuntimeError("no question is on screen")
        return question, self._asking.prepared[question.asked.number]

    def _leave(self, question: QuestionState, why: str) -> None:
        """Close a question without an answer, or put it off."""
        number = question.asked.number
        payload = {"why": why, "seconds": self._clocks.spent(question)}
        if why in ("left", "time"):
            self._record.not_known(question, self._asking.prepared.get(number), payload)
        else:
            self._record.write(StepKind.SKIPPED, number, **payload)
        if self._clocks.question == number:
            self._timer.show(None)
