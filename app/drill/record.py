"""Writing down what happens in a round, and its reviews.

Promise: a step and its review are one transaction; the state changes only after the store has
written. Must not choose questions or judge.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from app.drill.choosing import Asked
from app.drill.setup import Setup
from app.drill.state import Made, QuestionState, RoundState, apply, replay
from app.drill.timing import RoundTimer
from app.progress.events import Answer, StepKind
from app.progress.rounds import NewRound, RoundClock, Step
from app.progress.store import StoreProblem
from app.study.clock import milliseconds
from app.study.rating import propose
from app.study.recorded import draw_to_json, measured_of, value_to_json
from app.study.views import Rating
from content.pack import Card, split_item_name
from content.prepare import Prepared, kind_of
from engine.verdict import Verdict

if TYPE_CHECKING:
    from app.study.session import Study

Payload = Mapping[str, Any]


def stored_state(study: Study, number: int) -> RoundState:
    """The round as it is stored. Raises KeyError where there is none."""
    rounds = study.store.rounds
    with study.store.reading():
        stored = rounds.get(number)
        if stored is None:
            raise KeyError(number)
        return replay(stored, rounds.steps(number), rounds.clock(number))


def begun(study: Study, setup: Setup, made: Made, luck: int, language: str) -> RoundState:
    """A new round, written down. Raises `StoreProblem`."""
    now = study.clock.now()
    new = NewRound(
        id=study.journal.new_id(),
        at=milliseconds(now),
        day=study.clock.day(now),
        setup=setup.to_json(),
        luck=luck,
        packs=made.to_json(),
        language=language,
    )
    with study.store.transaction():
        number = study.store.rounds.add(new)
    return stored_state(study, number)


class Record:
    """Writes one round."""

    def __init__(self, study: Study, state: RoundState, timer: RoundTimer) -> None:
        self._study = study
        self._state = state
        self._timer = timer

    def write(self, kind: StepKind, question: int | None = None, /, **payload: Any) -> None:
        """A step without a review. Raises `StoreProblem`."""
        step = self._step(kind, question, payload)
        with self._study.store.transaction():
            self._append(step)
        apply(self._state, step)

    def asked(self, asked: Asked) -> None:
        """A question was shown for the first time, with all that a report needs of its item."""
        topic, item = self._study.library.item(asked.name)
        self.write(
            StepKind.ASKED,
            asked.number,
            name=asked.name,
            seed=asked.seed,
            follows=asked.follows,
            because=asked.because,
            hash=self._study.content_hash(asked.name),
            kind=kind_of(item),
            topic=f"{split_item_name(asked.name)[0]}:{topic.topic}",
            topic_title=topic.title,
            level=item.level,
            expected=item.seconds,
        )

    def taken_up(self, packs: object = None) -> None:
        """The round goes on: how long it stood. `packs` is what it is made of from now on."""
        now = milliseconds(self._study.clock.now())
        away = max(0, now - self._state.last_at) / 1000
        more: dict[str, Any] = {} if packs is None else {"packs": packs}
        self.write(StepKind.RESUMED, None, away=away, lost=not self._state.paused, **more)

    def clocks(self) -> None:
        """How far the clocks have run; where that cannot be written, an answer will tell."""
        number, question, whole = self._timer.read()
        at = milliseconds(self._study.clock.now())
        store = self._study.store
        with suppress(StoreProblem), store.transaction():
            store.rounds.set_clock(self._state.number, RoundClock(at, number, question, whole))

    def answered(
        self, question: QuestionState, prepared: Prepared, verdict: Verdict, payload: Payload
    ) -> None:
        """An answer, which counts as what it proposes."""
        points, measured = 0, None
        if not isinstance(prepared.item, Card):
            points = prepared.truth.points
            measured = value_to_json(measured_of(prepared.truth, verdict))
        proposal = propose(
            verdict,
            hints=payload["hints"],
            seconds=payload["seconds"],
            expected_seconds=question.expected_seconds,
            points=points,
        )
        assert proposal is not None, "an unreadable answer is not saved"
        rating = proposal.rating
        answer = self._answer(
            question, prepared, rating, payload,
            measured=measured, verdict=verdict.kind.value, mistake=verdict.mistake,
        )  # fmt: skip
        self._review(question, StepKind.ANSWERED, rating, answer, payload)

    def not_known(
        self, question: QuestionState, prepared: Prepared | None, payload: Payload
    ) -> None:
        """A question that was seen and left for good counts as not known."""
        answer = self._answer(question, prepared, Rating.AGAIN, payload)
        self._review(question, StepKind.SKIPPED, Rating.AGAIN, answer, payload)

    def _answer(
        self,
        question: QuestionState,
        prepared: Prepared | None,
        rating: Rating,
        payload: Payload,
        *,
        measured: str | None = None,
        verdict: str | None = None,
        mistake: str | None = None,
    ) -> Answer:
        pack = split_item_name(question.asked.name)[0]
        return Answer(
            pack_version=self._study.versions.get(pack, ""),
            content_hash=question.content_hash,
            proposed=int(rating),
            seconds=payload["seconds"],
            hints=payload.get("hints", 0),
            seed=question.asked.seed,
            draw=draw_to_json(() if prepared is None else prepared.draw),
            typed=payload.get("said") or payload.get("typed") or None,
            measured=measured,
            verdict=verdict,
            mistake=mistake,
        )

    def _review(
        self,
        question: QuestionState,
        kind: StepKind,
        rating: Rating,
        answer: Answer,
        payload: Payload,
    ) -> None:
        """The step with its review; the step alone where no pack ever had the item."""
        study, name = self._study, question.asked.name
        with study.store.reading():
            item = study.store.items.key(name)
        if item is None:
            self.write(kind, question.asked.number, **payload)
            return
        review = study.journal.new_id()
        step = self._step(kind, question.asked.number, payload, review)

        def also() -> None:
            self._append(step)

        study.journal.review(review, item, name, rating, answer, also=also)
        apply(self._state, step)

    def _append(self, step: Step) -> None:
        """Inside a transaction. Two processes may hold one round; the second one to write is told,
        for its next step would not follow from what happened."""
        store, state = self._study.store, self._state
        if store.rounds.last(state.number) != state.steps:
            raise StoreProblem("elsewhere", {"path": str(store.path)})
        store.rounds.append(state.number, step, state.steps + 1)

    def _step(
        self, kind: StepKind, question: int | None, payload: Payload, event: str | None = None
    ) -> Step:
        at = milliseconds(self._study.clock.now())
        text = json.dumps({**payload, "clock": self._timer.read()[2]}, ensure_ascii=False)
        return Step(at, kind, question, text, event)
