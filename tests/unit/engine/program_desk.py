"""An exercise whose answer is a program, measured by the real engine."""

from __future__ import annotations

from content.judging import judged
from content.pack import Exercise, Mistake, Requirement
from content.prepare import Prepared, draw_item, job_for
from content.verdict_text import why
from engine.client import EngineClient
from engine.protocol import FailureKind, Measured
from engine.verdict import Verdict

AT_ONCE = (FailureKind.EXPRESSION, FailureKind.LIMIT)
"""Refused before anything ran for long: neither time nor memory ran out."""
EMPTY = {"en": "why", "zh": "原因"}


def formula(
    measure: str,
    solution: str,
    draw: dict[str, tuple[int | float | bool, ...]],
    *mistakes: tuple[str, str],
    where: str | None = None,
) -> Exercise:
    """A formula exercise."""
    return Exercise(
        id="it",
        kind="formula",
        question="?",
        draw=dict(draw),
        where=where,
        measure=measure,
        solution=solution,
        mistakes=tuple(Mistake(i, value, EMPTY) for i, value in mistakes),
    )


def layer(example: str, *that: str) -> Exercise:
    """A layer exercise."""
    required = tuple(Requirement(one, EMPTY) for one in that)
    return Exercise(id="it", kind="layer", question="?", require=required, example=example)


def tensor(
    reference: str,
    allow: str,
    inputs: tuple[dict[str, str], ...],
    *mistakes: tuple[str, str],
    gradient: bool = False,
    example: str = "",
) -> Exercise:
    """A tensor exercise."""
    return Exercise(
        id="it",
        kind="tensor",
        question="?",
        reference=reference,
        allow=tuple(allow.split()),
        inputs=inputs,
        gradient=gradient,
        example=example or reference,
        mistakes=tuple(Mistake(i, value, EMPTY) for i, value in mistakes),
    )


class Desk:
    """Exercises prepared once, answered through the engine."""

    def __init__(self, engine: EngineClient) -> None:
        self.engine = engine
        self._known: dict[int, Prepared] = {}

    def prepared(self, exercise: Exercise) -> Prepared:
        """The exercise under its first draw."""
        known = self._known.get(id(exercise))
        if known is None:
            drawn = draw_item("p:t/it", exercise, 0)
            job = job_for(exercise, 0, drawn, trace=False)
            outcome = self.engine.measure(job)
            assert isinstance(outcome, Measured), outcome
            known = Prepared("p:t/it", "T", exercise, 0, drawn, job, outcome)
            assert not known.failures
            self._known[id(exercise)] = known
        return known

    def answer(self, exercise: Exercise, typed: str) -> Verdict:
        """The verdict; it can be told in both languages."""
        prepared = self.prepared(exercise)
        verdict = judged(prepared, typed, self.engine.measure)
        for language in ("en", "zh"):
            words = why(prepared, verdict, language)
            assert words or verdict.kind == "right"
        return verdict
