"""The client, the worker and torch together."""

from __future__ import annotations

import subprocess
import sys

import pytest

from engine.client import EngineClient
from engine.protocol import Failure, FailureKind, Job, Measure, Measured, Outcome
from engine.values import TensorValue


def job(source: str, *lets: tuple[str, str], seconds: float = 60.0, seed: int = 0) -> Job:
    return Job((Measure("value", source),), lets=lets, seconds=seconds, seed=seed)


def value(outcome: Outcome) -> object:
    assert isinstance(outcome, Measured), outcome
    return outcome.values[0]


def test_a_thousand_structural_measurements(engine: EngineClient) -> None:
    futures = engine.submit_many([job(f"parameters(Conv2d({n}, 64, 3))") for n in range(1, 1001)])
    assert [value(future.result()) for future in futures] == [576 * n + 64 for n in range(1, 1001)]


def test_real_values_and_where_they_were_computed(engine: EngineClient) -> None:
    outcome = engine.measure(job("softmax(tensor([0., 0.]))"))
    assert value(outcome) == TensorValue("float32", (2,), (0.5, 0.5))
    assert isinstance(outcome, Measured)
    assert outcome.device == "cpu"
    assert outcome.engine


def test_a_seed_means_the_same_in_every_worker(engine: EngineClient) -> None:
    first = engine.measure(job("randn(5)", seed=3))
    runaway = engine.measure(job("1", *WORK, seconds=0.05))
    assert isinstance(runaway, Failure)
    assert value(engine.measure(job("randn(5)", seed=3))) == value(first)


WORK = (
    ("a", "rand(1200, 1200)"),
    *((chr(98 + n), f"{chr(97 + n)} @ {chr(97 + n)} / 600") for n in range(20)),
)


def test_a_runaway_measurement_is_stopped(engine: EngineClient) -> None:
    futures = engine.submit_many([job("1", *WORK, seconds=0.1), job("6 * 7")])
    failed = futures[0].result()
    assert isinstance(failed, Failure)
    assert failed.kind is FailureKind.TIMEOUT
    assert value(futures[1].result()) == 42


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the limit on addresses is Linux's")
def test_memory_runs_out_in_the_worker_alone(engine: EngineClient) -> None:
    """Each binding is as large as one tensor may be; together they are too large."""
    lets = tuple((f"t{n}", "exp(zeros(2**26, dtype=float64))") for n in range(14))
    failed = engine.measure(job("1", *lets))
    assert isinstance(failed, Failure)
    assert failed.kind is FailureKind.MEMORY
    assert value(engine.measure(job("6 * 7"))) == 42


def test_the_client_needs_no_torch() -> None:
    script = (
        "import sys, engine.client\n"
        "heavy = {'torch', 'numpy', 'pydantic', 'sqlalchemy', 'textual', 'asyncio'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    got = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert got.stdout == "[]\n"
