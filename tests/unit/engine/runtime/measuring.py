"""One measurement inside the test process, as a worker would make it."""

from __future__ import annotations

import time

from engine.protocol import Failure, Job, Measure, Measured
from engine.runtime.job import run
from engine.values import Scalar, TensorValue, Value


def outcome(
    *sources: str,
    lets: dict[str, str] | None = None,
    names: dict[str, Scalar] | None = None,
    seed: int = 0,
    trace: bool = False,
    device: str = "cpu",
) -> Measured | Failure:
    """What a job with these measures gives."""
    job = Job(
        tuple(Measure(f"m{index}", source) for index, source in enumerate(sources)),
        tuple((names or {}).items()),
        tuple((lets or {}).items()),
        seed,
        device,
        trace=trace,
    )
    return run(job, time.monotonic() + 60)


def measured(source: str, seed: int = 0, **lets: str) -> Value:
    """The value of one expression."""
    result = outcome(source, lets=lets, seed=seed)
    assert isinstance(result, Measured), result
    (value,) = result.values
    assert not isinstance(value, Failure), value
    return value  # type: ignore[return-value]


def numbers(source: str, seed: int = 0, **lets: str) -> object:
    """The numbers of a tensor expression."""
    value = measured(source, seed, **lets)
    assert isinstance(value, TensorValue), value
    return value.data


def refusal(source: str, **lets: str) -> Failure:
    """The failure of one expression."""
    result = outcome(source, lets=lets)
    if isinstance(result, Failure):
        return result
    (value,) = result.values
    assert isinstance(value, Failure), value
    return value
