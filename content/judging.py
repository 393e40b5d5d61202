"""Judging any answer: most by the truth that was measured ahead, a program by running it.

Promise: `judged` never raises for any text; what the engine could not run is unreadable, with the
engine's reason, and so is never counted; the learner's expression meets no reference value. Must
not talk to the engine itself: whoever calls says how a job is run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from content.pack import Exercise, texts_by_language
from content.prepare import Prepared
from content.text import Figure, TextError, figures_in
from engine.expression import Refused
from engine.programs import RUN_KINDS, as_expression, check_allowed
from engine.protocol import Failure, Job, Measure, Outcome, Trial
from engine.trials import judge_layer, judge_tensor, unreadable
from engine.verdict import Verdict, judge

Run = Callable[[Job], Outcome]
"""Has the engine run a job and waits for it."""

SECONDS = 5.0
"""Wall time of a learner's program."""


def judged(prepared: Prepared, typed: str, run: Run) -> Verdict:
    """The verdict on what was typed."""
    if prepared.truth.kind not in RUN_KINDS:
        return judge(prepared.truth, typed)
    try:
        job = trial_job(prepared, typed)
    except Refused as refusal:
        return unreadable(refusal.failure(typed))
    return verdict_on(prepared, job, run(job))


def trial_job(prepared: Prepared, typed: str) -> Job:
    """The job that runs a layer or a tensor expression. Raises Refused where it cannot be read."""
    exercise = prepared.exercise
    source = as_expression(typed)
    if exercise.kind == "layer":
        trial, measures = Trial(source), tuple(requirements(exercise))
    else:
        names = [name for group in exercise.inputs for name in group]
        check_allowed(source, exercise.allow, [*names, *dict(prepared.draw)])
        trial, measures = tensor_trial(exercise, source), ()
    return replace(
        prepared.job,
        measures=measures,
        seconds=SECONDS,
        trace=False,
        reruns=(),
        trial=trial,
    )


def tensor_trial(exercise: Exercise, source: str) -> Trial:
    """An expression on every set of an exercise's inputs."""
    return Trial(
        source=source,
        allow=exercise.allow,
        inputs=tuple(tuple(group.items()) for group in exercise.inputs),
        reference=exercise.reference or "",
        mistakes=tuple(
            Measure(f"mistakes.{n}", mistake.value, mistake.when)
            for n, mistake in enumerate(exercise.mistakes)
        ),
        gradient=exercise.gradient,
    )


def requirements(exercise: Exercise) -> Iterator[Measure]:
    """What a layer is held against, and the figures of what is said where it fails."""
    for n, requirement in enumerate(exercise.require):
        yield Measure(f"require.{n}", requirement.that)
        sources = dict.fromkeys(
            figure.source
            for form in texts_by_language(requirement.why).values()
            for figure in _figures(form)
        )
        yield from (Measure(f"require.{n}:{source}", source) for source in sources)


def _figures(form: str) -> Iterator[Figure]:
    try:
        yield from figures_in(form)
    except TextError:
        return  # reported by the check; the text then shows as it stands


def verdict_on(prepared: Prepared, job: Job, outcome: Outcome) -> Verdict:
    """The verdict on a program that was run."""
    if isinstance(outcome, Failure):
        return unreadable(outcome)
    if job.trial is not None and job.trial.inputs:
        ids = [mistake.id for mistake in prepared.exercise.mistakes]
        return judge_tensor(prepared.truth, outcome.tried, ids)
    keys = (measure.key for measure in job.measures)
    return judge_layer(tuple(zip(keys, outcome.values, strict=True)))
