"""A learner's expression, run apart from everything that the author's expressions hold.

Promise: the learner's scope holds the drawn names, the inputs and what the trial allows; no
binding, no reference and no mistake is in it, nor can one be reached. What the learner's
expression does wrong is a `Failure` told at "answer"; the author's failures end the trial. Must
not judge.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import torch

from engine.expression import Evaluator, Refused
from engine.library import Library
from engine.protocol import Failure, FailureKind, Job, Measure, Rerun, Skipped, Slopes, Trial, Tried
from engine.refusal import refused
from engine.runtime.arguments import kind_of
from engine.runtime.arithmetic import TensorArithmetic
from engine.runtime.layer import Layer
from engine.runtime.library import LIBRARY
from engine.runtime.torch_errors import translated
from engine.runtime.values import plain, traced
from engine.values import TensorValue, Value

ANSWER: Final = "answer"
"""What an author's expression calls the learner's layer, and where its failures happen."""

_WHOLE_JOB: Final = (FailureKind.TIMEOUT, FailureKind.MEMORY, FailureKind.CRASH)
_DIFFERENTIATING: Final = (RuntimeError, ValueError, NotImplementedError)


def layer_of(trial: Trial, job: Job, deadline: float) -> Layer:
    """The layer that the learner's expression builds, on the meta device."""
    answer = Evaluator(LIBRARY, dict(job.names), TensorArithmetic(), seed=job.seed,
                       deadline=deadline).evaluate(trial.source, where=ANSWER)  # fmt: skip
    if not isinstance(answer, Layer):
        raise refused("answer-not-layer", got=kind_of(answer)).located(trial.source, ANSWER)
    return answer


def reran(job: Job, rerun: Rerun, deadline: float) -> tuple[Value | Failure | Skipped, ...]:
    """The values of a rerun's measures; all fail where a binding does."""
    try:
        evaluator = Evaluator(LIBRARY, dict(rerun.names), TensorArithmetic(), seed=job.seed,
                              deadline=deadline)  # fmt: skip
        for name, source in job.lets:
            evaluator.bind(name, source)
    except Refused as refusal:
        _unless_whole(refusal)
        return tuple(refusal.failure() for _ in rerun.measures)
    return tuple(_measured(evaluator, measure) for measure in rerun.measures)


def tried(trial: Trial, job: Job, evaluator: Evaluator, deadline: float) -> tuple[Tried, ...]:
    """The learner's expression on every set of inputs, beside the reference and the mistakes.

    `evaluator` is the author's; it is left as it was. Raises `Refused` where the author's part
    fails.
    """
    library = {name: LIBRARY[name] for name in trial.allow if name in LIBRARY}
    for n, name in enumerate(trial.allow):
        if name not in LIBRARY:
            raise refused("unknown-name", name=name, nearest="").located(name, f"allow.{n}")
    return tuple(
        _Set(trial, job, evaluator, library, deadline, number).tried()
        for number in range(len(trial.inputs))
    )


class _Set:
    """One set of inputs under trial."""

    def __init__(self, trial: Trial, job: Job, evaluator: Evaluator,
                 library: Library, deadline: float, number: int) -> None:  # fmt: skip
        self.trial = trial
        self.job = job
        self.author = evaluator
        self.library = library
        self.deadline = deadline
        self.number = number

    def tried(self) -> Tried:
        before = dict(self.author.names), dict(self.author.sources)
        try:
            inputs = {
                name: self.author.bind(name, source)
                for name, source in self.trial.inputs[self.number]
            }
            return self._beside(inputs)
        except Refused as refusal:
            refusal.where = refusal.where or f"inputs.{self.number}"
            raise
        finally:
            self.author.names, self.author.sources = before

    def _beside(self, inputs: dict[str, object]) -> Tried:
        truth = plain(self.author.evaluate(self.trial.reference, where="reference"))
        mistakes = tuple(_measured(self.author, mistake) for mistake in self.trial.mistakes)
        slopes = self._slopes(inputs) if self.trial.gradient else None
        return Tried(
            inputs=tuple((name, traced(value)) for name, value in inputs.items()),
            truth=truth,
            answer=self._answer(inputs, truth),
            mistakes=mistakes,
            truth_slopes=slopes,
            answer_slopes=self._answer_slopes(inputs) if self.trial.gradient else None,
        )

    def _learners(self, inputs: Mapping[str, object]) -> object:
        scope = {**dict(self.job.names), **{name: _own(value) for name, value in inputs.items()}}
        evaluator = Evaluator(self.library, scope, TensorArithmetic(), seed=self.job.seed,
                              deadline=self.deadline)  # fmt: skip
        return evaluator.evaluate(self.trial.source, where=ANSWER)

    def _answer(self, inputs: dict[str, object], truth: Value) -> Value | Failure:
        try:
            answer = self._learners(inputs)
            if isinstance(answer, torch.Tensor) and _shape(truth) != tuple(answer.shape):
                return traced(answer)
            return plain(answer)
        except Refused as refusal:
            _unless_whole(refusal)
            return refusal.failure(self.trial.source, ANSWER)

    def _slopes(self, inputs: dict[str, object]) -> Slopes:
        leaves = {name: _leaf(value) for name, value in inputs.items()}
        self.author.names.update(leaves)
        with torch.enable_grad():
            result = self.author.evaluate(self.trial.reference, where="reference")
            return Slopes(_differentiated(result, leaves, self.trial.reference))

    def _answer_slopes(self, inputs: dict[str, object]) -> Slopes:
        leaves = {name: _leaf(value) for name, value in inputs.items()}
        try:
            with torch.enable_grad():
                result = self._learners(leaves)
                return Slopes(_differentiated(result, leaves, self.trial.source))
        except Refused as refusal:
            _unless_whole(refusal)
            return Slopes(failure=refusal.failure(self.trial.source, ANSWER))


def _differentiated(
    result: object, leaves: Mapping[str, object], source: str
) -> tuple[tuple[str, Value], ...]:
    """The gradient of the weighted sum of a result; equal weights would hide softmax's own."""
    wanted = {name: x for name, x in leaves.items()
              if isinstance(x, torch.Tensor) and x.requires_grad}  # fmt: skip
    if not isinstance(result, torch.Tensor) or not result.requires_grad:
        raise refused("gradient-independent", name=", ".join(wanted)).located(source, ANSWER)
    weights = torch.cos(torch.arange(1.0, result.numel() + 1.0, device=result.device))
    total = (result * weights.reshape(result.shape).to(result.dtype)).sum()
    try:
        found = torch.autograd.grad(total, list(wanted.values()), allow_unused=True)
    except _DIFFERENTIATING as error:
        raise translated(error, "gradient").located(source, ANSWER) from error
    return tuple(
        (name, plain(torch.zeros_like(x) if slope is None else slope))
        for (name, x), slope in zip(wanted.items(), found, strict=True)
    )


def _measured(evaluator: Evaluator, measure: Measure) -> Value | Failure | Skipped:
    try:
        if measure.when is not None and not _holds(evaluator, measure):
            return Skipped()
        return plain(evaluator.evaluate(measure.source, where=measure.key))
    except Refused as refusal:
        _unless_whole(refusal)
        return refusal.failure(measure.source, measure.key)


def _holds(evaluator: Evaluator, measure: Measure) -> bool:
    value = evaluator.evaluate(measure.when or "True", where=measure.key)
    return TensorArithmetic().truth(value) if isinstance(value, torch.Tensor) else bool(value)


def _unless_whole(refusal: Refused) -> None:
    if refusal.kind in _WHOLE_JOB:
        raise refusal


def _own(value: object) -> object:
    """A copy, so that nothing done to it is seen elsewhere; one under differentiation stays."""
    if isinstance(value, torch.Tensor) and not value.requires_grad:
        return value.clone()
    return value


def _leaf(value: object) -> object:
    if isinstance(value, torch.Tensor) and value.is_floating_point():
        return value.detach().clone().requires_grad_()
    return value


def _shape(value: Value) -> tuple[int, ...] | None:
    return value.shape if isinstance(value, TensorValue) else None
