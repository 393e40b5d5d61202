"""Whatever is typed: an answer or a sentence for a person, never a crash, a hang or torch's words.

The texts go to a real worker; 5,000 here, 100,000 in the long run.
"""

from __future__ import annotations

import os
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
_LOOKED_AT = 20
"""Rounds between two looks at the memory of the workers."""
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
    for number in range(count // _AT_ONCE):
        faults += _faults(engine, [writer.text() for _ in range(_AT_ONCE)])
        if number % _LOOKED_AT == 0 and (peak := _largest_worker()) >= _MOST_BYTES:
            faults.append(f"{peak} bytes after {(number + 1) * _AT_ONCE} texts")
    assert not faults, f"seed {seed}, {len(faults)} faults:\n" + "\n".join(faults[:40])
    assert _largest_worker() < _MOST_BYTES


def _largest_worker() -> int:
    """Peak resident bytes of any process that this one started and that lives, or that such a one
    started; 0 where the system does not tell. Other tests' workers may hold what they like."""
    told = dict(filter(None, map(_parent_and_peak, Path("/proc").glob("[0-9]*/status"))))
    ours, found = {os.getpid()}, 1
    while found:
        more = {process for process, (parent, _) in told.items() if parent in ours} - ours
        ours, found = ours | more, len(more)
    return max((told[process][1] for process in ours - {os.getpid()}), default=0)


def _parent_and_peak(status: Path) -> tuple[int, tuple[int, int]] | None:
    try:
        lines = status.read_text().splitlines()
    except OSError:  # it has ended meanwhile
        return None
    fields = {name: words.split() for name, _, words in (line.partition(":") for line in lines)}
    peak = fields.get("VmHWM", ["0"])[0]
    return int(status.parent.name), (int(fields["PPid"][0]), int(peak) * 1024)


def test_what_our_own_workers_hold_is_seen(engine: EngineClient) -> None:
    """Three times 128 MiB of numbers show in the peak of a worker that has 350 MB at most."""
    if not Path("/proc/self/status").exists():
        pytest.skip("this system does not tell")
    engine.measure(Job((Measure("measure", "sum(randn(2**25) + randn(2**25))"),), device="cpu"))
    assert _largest_worker() >= 3 * 2**27


def test_five_thousand_texts(engine: EngineClient) -> None:
    _check(engine, seed=20, count=5_000)


@pytest.mark.slow
def test_a_hundred_thousand_texts(engine: EngineClient) -> None:
    _check(engine, seed=text_seed(9_115_501), count=100_000)
