"""Measurements about training, inside the test process."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from engine.protocol import Failure, Job, Measure, Measured
from engine.runtime.job import run
from engine.values import Plain, RunValue, TensorValue, Value


@dataclass(frozen=True)
class Found:
    """The values of several expressions, by place."""

    values: tuple[Value, ...]

    def number(self, place: int) -> float:
        """One number."""
        value = self.values[place]
        if isinstance(value, TensorValue):
            value = value.data
        assert isinstance(value, (int, float)), value
        return float(value)

    def numbers(self, place: int) -> tuple[float, ...]:
        """A row of numbers."""
        value: object = self.values[place]
        if isinstance(value, TensorValue):
            value = value.data
        assert isinstance(value, tuple), value
        return tuple(float(x) for x in value if isinstance(x, (int, float)))

    def text(self, place: int) -> str:
        """A text."""
        value = self.values[place]
        assert isinstance(value, str), value
        return value

    def run(self, place: int) -> RunValue:
        """A run."""
        value = self.values[place]
        assert isinstance(value, RunValue), value
        return value


def found(
    *sources: str, seed: int = 0, given: Mapping[str, str] | None = None, **lets: str
) -> Found:
    """What these expressions give after the bindings, those in `given` first."""
    bound = {**(given or {}), **lets}
    measures = tuple(Measure(f"m{place}", source) for place, source in enumerate(sources))
    outcome = run(Job(measures, (), tuple(bound.items()), seed, "cpu"), time.monotonic() + 300)
    assert isinstance(outcome, Measured), outcome
    values: list[Value] = []
    for value in outcome.values:
        assert not isinstance(value, Failure), value
        values.append(value)  # type: ignore[arg-type]
    return Found(tuple(values))


def data_of(source: str, seed: int = 0) -> tuple[Plain, ...]:
    """The numbers of a tensor expression."""
    value = found(source, seed=seed).values[0]
    assert isinstance(value, TensorValue)
    assert isinstance(value.data, tuple)
    return value.data


def refused_code(source: str, **lets: str) -> str:
    """The code of the message with which an expression is refused."""
    outcome = run(Job((Measure("m", source),), (), tuple(lets.items()), 0, "cpu"),
                  time.monotonic() + 60)  # fmt: skip
    failure = outcome.values[0] if isinstance(outcome, Measured) else outcome
    assert isinstance(failure, Failure), failure
    return failure.code
