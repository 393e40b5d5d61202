"""Whatever is typed: an answer or a sentence for a person, never a crash, a hang or torch's words.

The texts go to a real worker; 5,000 here, 100,000 in the long run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.client import EngineClient
from engine.messages import describe
from engine.protocol import Failure, FailureKind, Job, Measure, Measured
from engine.runtime.library import LIBRARY
from tests.chance import text_seed
from tests.unit.engine.runtime.writing import LETS, Writer

_SECONDS = 20.0
"""Far beyond what the largest returned value takes on a busy machine: a hang is looked for."""
_AT_ONCE = 50
_MOST_BYTES = 2 * 2**30
"""Resident in a worker; its limit on addresses is higher, and torch alone takes some of it."""
_TORCH = re.compile(
    r"Traceback|RuntimeError|TypeError|ValueError|IndexError|size mismatch|\[Float|Expected |"
    r"\baten\b|expected scalar|ATen|c10|dispatch|not implemented for|object at 0x|must be Tensor"
    r"|[A-Z]\w+Value\(|\b(?:Curves|Bars|Heat|Windows|Grid|Series)\(|<class|<function|NoneType"
)


def _faults(engine: EngineClient, texts: list[str]) -> Iterator[str]:
    jobs = [
        Job((Measure("measure", text),), lets=LETS, device="cpu", seconds=_SECONDS)
        for text in texts
    ]
    for text, future in zip(texts, engine.submit_many(jobs), strict=True):
        outcome = future.result()
        failure = outcome if isinstance(outcome, Failure) else None
        if isinstance(outcome, Measured) and isinstance(outcome.values[0], Failure):
            failure = outcome.values[0]
        if failure is None:
            continue
        said = describe(failure, "en") + describe(failure, "zh")
        if failure.kind is FailureKind.CRASH:
            yield f"{text!r} broke the engine: {failure.code} {failure.details}"
        elif failure.kind is FailureKind.TIMEOUT:
            yield f"{text!r} took {_SECONDS} s"
        elif _TORCH.search(said.replace(text, "")):
            yield f"{text!r} is answered in torch's words: {said}"
        elif failure.column is not None and not 1 <= failure.column <= len(text) + 1:
            yield f"{text!r}: column {failure.column} is not in it"


def _check(engine: EngineClient, seed: int, count: int) -> None:
    writer = Writer(LIBRARY, seed)
    faults: list[str] = []
    for _ in range(count // _AT_ONCE):
        faults += _faults(engine, [writer.text() for _ in range(_AT_ONCE)])
    assert not faults, f"seed {seed}, {len(faults)} faults:\n" + "\n".join(faults[:40])
    assert _largest_worker() < _MOST_BYTES


def _largest_worker() -> int:
    """Peak resident bytes of any worker still alive; 0 where the system does not tell."""
    peak = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            command = (status.parent / "cmdline").read_bytes()
            lines = status.read_text().splitlines()
        except OSError:
            continue
        if b"engine/boot.py" in command:
            peak = max([peak, *(int(x.split()[1]) * 1024 for x in lines if x.startswith("VmHWM"))])
    return peak


def test_five_thousand_texts(engine: EngineClient) -> None:
    _check(engine, seed=20, count=5_000)


@pytest.mark.slow
def test_a_hundred_thousand_texts(engine: EngineClient) -> None:
    _check(engine, seed=text_seed(9_115_501), count=100_000)
