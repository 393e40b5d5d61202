"""A measurement that runs away is killed and the next one answered.

Time runs from the end of the runaway's own limit until the next job's outcome is there.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from engine.client import EngineClient
from engine.protocol import Failure, FailureKind, Job, Measure, Measured
from tests.benchmarks.report import Row, median, ms

_RUNAWAY = "sum(rand(2150, 2150) @ rand(2150, 2150))"
"""One call of C of a few hundred milliseconds, as much work as the limits let through."""
_SECONDS = 0.1
_RUNS = 20
_GOAL = 0.2


def run() -> list[Row]:
    """One row."""
    runaway = Job((Measure("m", _RUNAWAY),), device="cpu", seconds=_SECONDS)
    following = Job((Measure("m", "parameters(nn.Linear(3, 4))"),), device="cpu")
    seconds = []
    with (
        tempfile.TemporaryDirectory() as folder,
        EngineClient(Path(folder) / "engine.log", device="cpu") as engine,
    ):
        engine.measure(following)
        for _ in range(_RUNS):
            begun = time.perf_counter()
            first, second = engine.submit_many((runaway, following))
            outcome, answered = first.result(), second.result()
            seconds.append(time.perf_counter() - begun - _SECONDS)
            assert isinstance(outcome, Failure), outcome
            assert outcome.kind is FailureKind.TIMEOUT, outcome
            assert isinstance(answered, Measured), answered
    slowest = max(seconds)
    return [
        Row(
            f"runaway killed, next answered, {_RUNS} times",
            f"slowest {ms(slowest)}, median {ms(median(seconds))}",
            "",
            None,
            "< 200 ms",
            slowest < _GOAL,
        )
    ]
