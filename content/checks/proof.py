"""Measures every item over many draws, with the jobs that a learner's session would send.

Promise: draws, jobs and truths come from `content.prepare`, so what is proved here is what is
shown there. Jobs go out many at a time. Must not judge what was measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from statistics import median

from content.checks.meeting import Met, met
from content.checks.view import ItemView
from content.judging import requirements, tensor_trial
from content.pack import Exercise, item_name
from content.prepare import Draw, Prepared, draw_item, job_for
from engine.draw import every_draw
from engine.expression import Refused
from engine.programs import as_expression
from engine.protocol import Failure, FailureKind, Job, Measure, Measured, Outcome, Trial

Measurer = Callable[[Sequence[Job]], Iterator[Outcome]]
"""Measures jobs and yields their outcomes in order."""
Progress = Callable[[int, int], None]
"""Told how many jobs of how many are done."""

DRAWS = 100
"""Draws an exercise is proved on unless it has fewer or says otherwise."""

IDLE = "Identity()"
"""A layer that does nothing: requirements that it meets ask for nothing."""

_AT_ONCE = 512
_ROUNDS = ((0, 1), (1, 5), (5, 25), (25, None))
"""Draws are measured in rounds over all items, so that a bad item is known after its first."""
_GAVE_UP = frozenset({FailureKind.TIMEOUT, FailureKind.MEMORY, FailureKind.CRASH})


@dataclass(frozen=True, slots=True)
class Failed:
    """A measurement that gave no value. `key` as in `Job.measures`, or the binding's name."""

    key: str
    failure: Failure
    draw: Draw


@dataclass
class Proof:
    """What measuring one item over its draws gave."""

    view: ItemView
    full_name: str
    prepared: list[Prepared] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    drawn: int = 0
    """How many draws were sent to the engine."""
    idle: Measured | None = None
    """What the requirements of a layer give for one that changes nothing."""

    @property
    def gave_up(self) -> bool:
        """Whether the engine gave up on some draw."""
        return any(failed.failure.kind in _GAVE_UP for failed in self.failed)

    @cached_property
    def met(self) -> Met:
        """What happened to the exercise's mistakes; asked once everything is measured."""
        exercise = self.view.exercise
        if exercise is None or exercise.inputs:  # a tensor's mistakes are met on its inputs: G808
            return Met()
        return met(self.prepared, exercise)

    @property
    def usual_seconds(self) -> float:
        """The median time of one draw."""
        return median(self.seconds) if self.seconds else 0.0

    def add(self, seed: int, draw: Draw, job: Job, outcome: Outcome) -> None:
        """Takes one outcome."""
        self.drawn += 1
        if isinstance(outcome, Failure):
            self.failed.append(Failed(outcome.where, outcome, draw))
            return
        self._add_measured(seed, draw, job, outcome)

    def _add_measured(self, seed: int, draw: Draw, job: Job, outcome: Measured) -> None:
        self.seconds.append(outcome.seconds)
        for measure, value in zip(job.measures, outcome.values, strict=True):
            if isinstance(value, Failure):
                self.failed.append(Failed(measure.key, value, draw))
        view = self.view
        self.prepared.append(
            Prepared(self.full_name, view.topic.title, view.item, seed, draw, job, outcome)
        )


def prove(
    items: Sequence[ItemView], measure: Measurer, draws: int, progress: Progress
) -> dict[str, Proof]:
    """Proofs by item name (`topic/id`).

    An item on which the engine gave up is not measured any further: a hundred time-outs would
    say no more than one.
    """
    proofs = [Proof(view, item_name(view.pack, *_split(view))) for view in items]
    planned = [(proof, *_plan(proof, draws)) for proof in proofs]
    total = sum(len(drawn) for *_, drawn in planned)
    done = 0
    progress(done, total)
    for start, stop in _ROUNDS:
        todo = [
            (proof, seed, drawn, replace(job, seed=seed, names=drawn))
            for proof, job, every in planned
            for seed, drawn in (() if proof.gave_up else every[start:stop])
        ]
        for first in range(0, len(todo), _AT_ONCE):
            part = todo[first : first + _AT_ONCE]
            outcomes = measure([job for *_, job in part])
            for (proof, seed, drawn, job), outcome in zip(part, outcomes, strict=True):
                proof.add(seed, drawn, job, outcome)
                done += 1
                progress(done, total)
    _try_idle_layers([(proof, job) for proof, job, _ in planned], measure)
    return {proof.view.name: proof for proof in proofs}


def _plan(proof: Proof, draws: int) -> tuple[Job, list[tuple[int, Draw]]]:
    """The job that is the same for all draws but for the numbers; and the draws."""
    job = job_for(proof.view.item, 0, trace=False, hidden=False)
    exercise = proof.view.exercise
    if exercise is not None:
        job = with_run(exercise, with_example(exercise, job))
    return job, _draws(proof, draws)


def with_example(exercise: Exercise, job: Job) -> Job:
    """The job with the author's own layer or tensor expression on trial beside it."""
    try:
        if exercise.kind == "layer" and exercise.example:
            measures = (*job.measures, *requirements(exercise))
            return replace(job, measures=measures, trial=Trial(as_expression(exercise.example)))
        if exercise.kind == "tensor" and exercise.example and exercise.inputs:
            return replace(job, trial=tensor_trial(exercise, as_expression(exercise.example)))
    except Refused:
        pass  # G501 tells
    return job


def with_run(exercise: Exercise, job: Job) -> Job:
    """The job with the run that a learner sees after the answer."""
    if exercise.run is None:
        return job
    return replace(job, measures=(*job.measures, Measure("run", exercise.run)))


def _try_idle_layers(planned: Sequence[tuple[Proof, Job]], measure: Measurer) -> None:
    """Holds a layer that changes nothing against each exercise's requirements, once."""
    todo = [
        (proof, replace(job, names=proof.prepared[0].draw, trial=Trial(IDLE)))
        for proof, job in planned
        if job.trial is not None and not job.trial.inputs and proof.prepared
    ]
    outcomes = measure([job for _, job in todo]) if todo else iter(())
    for (proof, _), outcome in zip(todo, outcomes, strict=True):
        proof.idle = outcome if isinstance(outcome, Measured) else None


def _split(view: ItemView) -> tuple[str, str]:
    return view.topic.topic, view.item.id


def _draws(proof: Proof, draws: int) -> list[tuple[int, Draw]]:
    """Every draw if they are few, else so many different ones; none if drawing fails."""
    item = proof.view.item
    if not isinstance(item, Exercise) or not item.draw:
        return [(0, ())]
    wanted = min(draws, item.draws) if item.draws is not None else draws
    try:
        every = every_draw(item.draw, item.where, wanted)
        if every is not None:
            return [(seed, tuple(drawn.items())) for seed, drawn in enumerate(every)]
        found: dict[Draw, int] = {}
        for seed in range(20 * wanted):
            found.setdefault(draw_item(proof.full_name, item, seed), seed)
            if len(found) >= wanted:
                break
        return [(seed, drawn) for drawn, seed in found.items()]
    except Refused:
        return []  # G507 and G601 tell
