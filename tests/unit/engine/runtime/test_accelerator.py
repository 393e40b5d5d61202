"""On an accelerator everything answers as on the CPU: whole numbers exactly, reals by dtype.

Skipped where there is none. Reals may differ by what another order of summation costs: ten times
the tolerance by which two answers count as equal.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

import pytest
import torch

from engine.protocol import Failure, Job, Measure, Measured, Skipped
from engine.runtime.documentation import documentation
from engine.runtime.job import run
from engine.runtime.library import LIBRARY
from engine.values import TensorValue, Value
from tests.unit.engine.runtime.writing import LETS, Writer

_RELATIVE = {"float64": 1e-8, "float32": 1e-4, "float16": 2e-2, "bfloat16": 2e-1}
_TEXTS = 1_000
_SECONDS = 10.0
_DEVICES = [
    *(["cuda"] if torch.cuda.is_available() else []),
    *(["mps"] if torch.backends.mps.is_available() else []),
]
_NO_FLOAT64 = {"mps"}

Found = Value | Failure | Skipped


def _found(text: str, device: str) -> Found:
    job = Job((Measure("measure", text),), lets=LETS, device=device, seconds=_SECONDS)
    outcome = run(job, time.monotonic() + _SECONDS)
    return outcome.values[0] if isinstance(outcome, Measured) else outcome


def _agree(one: object, other: object, relative: float) -> bool:
    if isinstance(one, TensorValue) and isinstance(other, TensorValue):
        same = (one.shape, one.dtype) == (other.shape, other.dtype)
        loose = _RELATIVE.get(one.dtype, 0.0)
        return same and _agree(one.data, other.data, loose)
    if isinstance(one, Failure) and isinstance(other, Failure):
        return one.code == other.code
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(_agree(a, b, relative) for a, b in pairs)
    if isinstance(one, float) and isinstance(other, float):
        both_nan = math.isnan(one) and math.isnan(other)
        return both_nan or math.isclose(one, other, rel_tol=relative, abs_tol=relative)
    return type(one) is type(other) and one == other


def _differing(texts: Iterator[str], device: str) -> list[str]:
    faults = []
    for text in texts:
        cpu, other = _found(text, "cpu"), _found(text, device)
        if isinstance(other, Failure) and device in _NO_FLOAT64 and "float64" in text:
            continue
        if not _agree(cpu, other, _RELATIVE["float32"]):
            faults.append(f"{text}\n  cpu: {str(cpu)[:200]}\n  {device}: {str(other)[:200]}")
    return faults


@pytest.mark.skipif(not _DEVICES, reason="no accelerator on this machine")
@pytest.mark.parametrize("device", _DEVICES)
def test_every_example_is_the_same_on_the_accelerator(device: str) -> None:
    examples = (e.expression for entry in documentation(LIBRARY) for e in entry.examples)
    faults = _differing(examples, device)
    assert not faults, f"{len(faults)} differ\n" + "\n".join(faults)


@pytest.mark.skipif(not _DEVICES, reason="no accelerator on this machine")
@pytest.mark.parametrize("device", _DEVICES)
def test_random_texts_are_answered_alike(device: str) -> None:
    writer = Writer(LIBRARY, seed=7)
    faults = _differing((writer.text() for _ in range(_TEXTS)), device)
    assert not faults, f"{len(faults)} differ\n" + "\n".join(faults[:30])


def test_what_counts_as_the_same() -> None:
    near = TensorValue("float32", (1,), (1.00005,))
    assert _agree(TensorValue("float32", (1,), (1.0,)), near, 0.0)
    assert not _agree(TensorValue("float32", (1,), (1.001,)), near, 0.0)
    assert not _agree(TensorValue("float64", (1,), (1.0,)), near, 0.0)
    assert _agree(float("nan"), float("nan"), 0.0)
    assert not _agree(3, 4, 1.0)
    assert not _agree(True, 1, 1.0)


def test_the_machinery_finds_nothing_between_a_device_and_itself() -> None:
    writer = Writer(LIBRARY, seed=8)
    assert not _differing((writer.text() for _ in range(60)), "cpu")
