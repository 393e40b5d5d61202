"""A job from beginning to end: names, bindings, measures, and the trace of what was done.

Promise: `run` gives `Measured` or `Failure` for any job and never raises. A binding that fails
fails the job; a measure that fails is a `Failure` among the values, unless time or memory ran
out. In a trace a tensor of more than 1,000 elements has `data` None. Must not keep anything
between jobs.
"""

from __future__ import annotations

import ast
import time
import traceback
import warnings
from typing import Final

import torch

from engine.expression import Evaluator, Refused, filled
from engine.protocol import (
    Failure,
    FailureKind,
    Job,
    LayerRow,
    Measured,
    Skipped,
    Trace,
    TraceStep,
    Tried,
)
from engine.runtime import device, trying
from engine.runtime.arithmetic import TensorArithmetic
from engine.runtime.clock import until
from engine.runtime.documentation import documentation
from engine.runtime.eager import stay_eager
from engine.runtime.library import LIBRARY
from engine.runtime.progress import Sink, about, reporting
from engine.runtime.survey import Shown, rows, survey, watched
from engine.runtime.values import bounded, plain, traced
from engine.runtime.walking import Survey
from engine.values import Value

ENGINE_VERSION: Final = f"1 (torch {torch.__version__})"
"""Changes whenever a measurement may change: the key under which figures are cached."""

_WHOLE_JOB: Final = (FailureKind.TIMEOUT, FailureKind.MEMORY, FailureKind.CRASH)


def preload() -> None:
    """Make the first job fast: every import and one walk on the meta device. Touches no device."""
    torch.set_num_threads(1)
    stay_eager()
    evaluator = Evaluator(LIBRARY, {}, TensorArithmetic())
    evaluator.evaluate("macs(Sequential(Parallel(Conv2d(1, 1, 3), Conv2d(1, 1, 3)), ReLU(), "
                       "Residual(AvgPool2d(1)), Upsample(scale_factor=2), MaxPool2d(2), "
                       "Flatten(), Linear(8, 2)), zeros(1, 1, 4, 4))")  # fmt: skip
    evaluator.evaluate("macs(LSTM(1, 1), zeros(1, 1, 1))")
    evaluator.evaluate("softmax(tensor([1., 2.]))")


def run(job: Job, deadline: float, sink: Sink | None = None) -> Measured | Failure:
    """Measure a job; `deadline` is a `time.monotonic()` moment, `sink` gets its progress."""
    started = time.perf_counter()
    torch.set_num_threads(1)
    try:
        with warnings.catch_warnings(), torch.no_grad(), until(deadline), reporting(sink):
            warnings.simplefilter("ignore")
            return _Run(job, deadline, started).outcome()
    except Refused as refusal:
        return refusal.failure()
    except MemoryError:
        return Failure(FailureKind.MEMORY, "out-of-memory")
    except Exception as error:
        traceback.print_exc()  # into the worker's log file
        return Failure(FailureKind.CRASH, "measuring-broke", (("error", type(error).__name__),))


class _Run:
    """One job under way."""

    def __init__(self, job: Job, deadline: float, started: float) -> None:
        self.job = job
        self.deadline = deadline
        self.started = started
        self.device = device.choose(job.device)
        self.evaluator = Evaluator(LIBRARY, dict(job.names), TensorArithmetic(), seed=job.seed,
                                   deadline=deadline)  # fmt: skip
        self.steps: list[TraceStep] = []

    def outcome(self) -> Measured | Failure:
        with watched() as bound:
            for name, source in self.job.lets:
                self._bind(name, source)
        job, limit = self.job, self.deadline
        if job.trial is not None and not job.trial.inputs:
            self.evaluator.names[trying.ANSWER] = trying.layer_of(job.trial, job, limit)
        values: list[Value | Failure | Skipped] = []
        with watched() as seen:
            for measure in self.job.measures:
                value = self._measured(measure.key, measure.source, measure.when)
                if isinstance(value, Failure) and value.kind in _WHOLE_JOB:
                    return value
                values.append(value)
        trace = None
        if self.job.trace:
            trace = Trace(tuple(self.steps), layer_table(seen or bound))
        reruns = tuple(trying.reran(job, rerun, limit) for rerun in job.reruns)
        tried: tuple[Tried, ...] = ()
        if job.trial is not None and job.trial.inputs:
            tried = trying.tried(job.trial, job, self.evaluator, limit)
        seconds = time.perf_counter() - self.started
        name = device.described(self.device)
        told = documentation(LIBRARY) if self.job.documented else ()
        return Measured(tuple(values), name, seconds, trace, ENGINE_VERSION, told, reruns, tried)

    def _measured(self, key: str, source: str, when: str | None) -> Value | Failure | Skipped:
        start = time.perf_counter()
        value: Value | Failure | Skipped
        try:
            if when is not None and not self._holds(when, key):
                value = Skipped()
            else:
                with about(key):
                    value = plain(self.evaluator.evaluate(source, where=key))
        except Refused as refusal:
            value = refusal.failure(source, key)
        if self.job.trace:
            shown = value if isinstance(value, (Failure, Skipped)) else bounded(value)
            self.steps.append(self._trace_step(key, source, shown, start))
        return value

    def _holds(self, when: str, key: str) -> bool:
        value = self.evaluator.evaluate(when, where=key)
        if isinstance(value, torch.Tensor):
            return TensorArithmetic().truth(value)
        return bool(value)

    def _bind(self, name: str, source: str) -> None:
        start = time.perf_counter()
        with about(name):
            value = self.evaluator.bind(name, source)
        if self.job.trace:
            self.steps.append(self._trace_step(name, source, traced(value), start))

    def _trace_step(
        self, name: str, source: str, value: Value | Failure | Skipped, start: float
    ) -> TraceStep:
        seconds = time.perf_counter() - start
        return TraceStep(name, self._filled(source), value, seconds)

    def _filled(self, source: str) -> str:
        lets = {name: ast.unparse(tree) for name, tree in self.evaluator.sources.items()}
        drawn = {name: x for name, x in self.evaluator.names.items() if name not in lets}
        try:
            return filled(source, drawn, lets, pytorch=True)
        except Refused:
            return source


def layer_table(seen: list[Shown]) -> tuple[LayerRow, ...]:
    """The layers of the model that was measured first, with an input if it ever had one."""
    if not seen:
        return ()
    model = seen[0].model
    inputs = next((shown.inputs for shown in seen if shown.model is model and shown.inputs), None)
    if inputs is None:
        return rows(model, None)
    walked: Survey = survey(model, inputs, counted=True)
    return rows(model, walked)
