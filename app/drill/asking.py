"""Which question comes now, measured and ready to be shown.

Promise: what was shown is shown again as it was; an item that left the packs gives way to another.
Must not write and must not run a clock.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from app.drill.answers import is_concept
from app.drill.changes import exists, substitute, used_in
from app.drill.choosing import Asked, Chooser
from app.drill.state import QuestionState, RoundState
from app.drill.styles import RULES
from app.drill.views import NotMeasured, Progress, Question, Time
from app.study.ahead import Ahead, Ask
from content.prepare import Prepared, kind_of
from engine.protocol import Failure

if TYPE_CHECKING:
    from app.study.session import Study

_AHEAD = 3
"""Questions of a fixed plan measured before they are needed."""


class Asking:
    """The questions of one round."""

    def __init__(self, study: Study, state: RoundState) -> None:
        self._study = study
        self._state = state
        self._rules = RULES[state.setup.style]
        self.chooser = Chooser(study.library, state.setup, state.luck)
        self.ahead = Ahead(study.engine, study.library)
        self.prepared: dict[int, Prepared] = {}

    @property
    def progress(self) -> Progress:
        """Where the round stands."""
        state = self._state
        return Progress(
            answered=state.numbers("answered", "said", "time"),
            skipped=state.numbers("skipped"),
            flagged=tuple(one.asked.number for one in state.questions if one.flagged),
        )

    def fresh(self) -> Asked | None:
        """The next question that was not asked yet; None where all were."""
        state = self._state
        number = len(state.questions) + 1
        if number > state.made.questions:
            return None
        if state.made.plan:
            return state.made.plan[number - 1].asked
        return self.chooser.next([question.given() for question in state.questions])

    def put_off(self, *, time_is_over: bool) -> QuestionState | None:
        """What comes back: skipped questions while there is time, then what was only said."""
        questions = self._state.questions
        wanted = ("said",) if time_is_over else ("skipped", "said")
        return next((one for kind in wanted for one in questions if one.standing == kind), None)

    def present(self, asked: Asked | None) -> Asked | None:
        """The question, or another item's in place of one that left the packs; None where there
        is no other."""
        if asked is None:
            return None
        if not exists(self._study, asked.name):
            asked = substitute(asked, self.chooser, used_in(self._state))
        return asked if exists(self._study, asked.name) else None

    def look_ahead(self, asked: Asked | None) -> None:
        """Have the question measured, and those after it as far as they are known."""
        if asked is not None:
            later = self._state.made.plan[asked.number :][:_AHEAD]
            with suppress(KeyError):  # an item that left the packs is told of when it is shown
                self.ahead.want([_ask(asked), *(_ask(one.asked) for one in later)])

    def measured(self, asked: Asked) -> Prepared | NotMeasured:
        """The question under its draw; waits. Raises `BrokenOff` once that was called off."""
        known = self.prepared.get(asked.number)
        if known is not None and known.name == asked.name:
            return known
        self.look_ahead(asked)
        found = self.ahead.get(_ask(asked))
        if isinstance(found, Failure):
            self.ahead.forget(_ask(asked).review)  # so that another try measures anew
            topic, item = self._study.library.item(asked.name)
            total = self._state.made.questions
            return NotMeasured(asked.number, total, asked.name, kind_of(item), topic.title, found)
        self.prepared[asked.number] = found
        return found

    def is_other(self, known: QuestionState, asked: Asked) -> bool:
        """Whether the question is no longer what was shown under its number."""
        now = asked.name, self._study.content_hash(asked.name)
        return (known.asked.name, known.content_hash) != now

    def view(self, question: QuestionState, time: Time) -> Question:
        """The question as an interface shows it."""
        asked = question.asked
        return Question(
            number=asked.number,
            total=self._state.made.questions,
            name=asked.name,
            kind=question.kind,
            topic=question.topic,
            topic_title=question.topic_title,
            level=question.level,
            expected_seconds=question.expected_seconds,
            prepared=self.prepared[asked.number],
            time=time,
            progress=self.progress,
            follows=asked.follows,
            because=asked.because,
            concept=is_concept(question.kind),
            stage="tick" if question.standing == "said" else "ask",
            said=question.said,
            hints=self._rules.hints,
            calculator=self._rules.calculator,
            returning=question.returned,
        )


def _ask(asked: Asked) -> Ask:
    return Ask(f"{asked.number}:{asked.name}", asked.name, asked.seed)
