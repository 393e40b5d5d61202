"""Drawing an item's numbers: the same item and seed always give the same draw.

Promise: values come from SHA-256 of (item, seed, name, attempt), never from a random generator,
so a draw is the same on every machine and Python version. Must not import torch.
"""

from __future__ import annotations

import hashlib
import itertools
import math
import time
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final, Protocol

from engine import limits
from engine.expression import evaluate_scalar
from engine.refusal import over_limit, refused
from engine.scalars import kind_of
from engine.values import Scalar


class Range(Protocol):
    """A drawn range, `to` included (`content.pack.Span` is one)."""

    @property
    def from_(self) -> int | float: ...
    @property
    def to(self) -> int | float: ...
    @property
    def step(self) -> int | float: ...


Spec = Mapping[str, "tuple[Scalar, ...] | Range"]
Draw = dict[str, Scalar]

WHERE: Final = "where"
"""The `where` of a failure in an item's condition."""


def draw(item: str, seed: int, spec: Spec, where: str | None = None) -> Draw:
    """The first of at most 1,000 attempts that meets the condition."""
    choices = _choices(spec)
    condition = _Condition(where)
    for attempt in range(limits.ATTEMPTS if choices else 1):
        values = _attempt(item, seed, choices, attempt)
        if condition.holds(values):
            return values
    raise refused("where-never-holds", attempts=limits.ATTEMPTS).located(where or "", WHERE)


def count(spec: Spec) -> int:
    """How many combinations a spec has, whatever the condition."""
    return math.prod(len(choice) for choice in _choices(spec).values())


def every_draw(spec: Spec, where: str | None, limit: int) -> list[Draw] | None:
    """All draws that meet the condition, if they are at most `limit` and can be listed."""
    if count(spec) > max(limit, limits.ENUMERATED):
        return None
    condition = _Condition(where)
    found: list[Draw] = []
    for values in _combinations(_choices(spec)):
        if condition.holds(values):
            found.append(values)
            if len(found) > limit:
                return None
    return found


def acceptance(item: str, spec: Spec, where: str | None, samples: int = 200) -> float:
    """Share of attempts that meet the condition, among that many."""
    choices = _choices(spec)
    condition = _Condition(where)
    met = sum(condition.holds(_attempt(item, seed, choices, 0)) for seed in range(samples))
    return met / samples


class _Condition:
    """`where`, which may cost so much time and no more over all draws it is asked about."""

    def __init__(self, where: str | None) -> None:
        self._where = where
        self._deadline = time.monotonic() + limits.DRAW_SECONDS

    def holds(self, values: Draw) -> bool:
        if self._where is None:
            return True
        if time.monotonic() > self._deadline:
            refusal = over_limit("draw-too-slow", seconds=limits.DRAW_SECONDS)
            raise refusal.located(self._where, WHERE)
        value = evaluate_scalar(self._where, values, where=WHERE)
        if not isinstance(value, int | float):
            refusal = refused("not-a-condition", value=kind_of(value))
            raise refusal.located(self._where, WHERE)
        return bool(value)


class _Steps:
    """The values of a range, computed one at a time and exactly."""

    def __init__(self, name: str, span: Range) -> None:
        try:
            # By way of text: a step of 0.1 means a tenth, not the float nearest to it.
            self._start, end, self._step = (
                Fraction(str(part)) for part in (span.from_, span.to, span.step)
            )
        except ValueError:
            raise refused("bad-span", name=name) from None
        if self._step <= 0 or end < self._start:
            raise refused("bad-span", name=name)
        self._whole = all(isinstance(part, int) for part in (span.from_, span.step))
        self._count = int((end - self._start) / self._step) + 1

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> Scalar:
        if not 0 <= index < self._count:
            raise IndexError(index)
        value = self._start + index * self._step
        return int(value) if self._whole else float(value)

    def __iter__(self) -> Iterator[Scalar]:
        return (self[index] for index in range(self._count))


def _choices(spec: Spec) -> dict[str, tuple[Scalar, ...] | _Steps]:
    choices: dict[str, tuple[Scalar, ...] | _Steps] = {}
    for name, values in spec.items():
        choice = tuple(values) if isinstance(values, tuple | list) else _Steps(name, values)
        if not len(choice):
            raise refused("nothing-to-draw", name=name)
        choices[name] = choice
    return choices


def _attempt(
    item: str, seed: int, choices: Mapping[str, tuple[Scalar, ...] | _Steps], attempt: int
) -> Draw:
    values: Draw = {}
    for name, choice in choices.items():
        key = f"{item}\0{seed}\0{name}\0{attempt}".encode()
        # 256 bits against at most a few million values: no value is preferred noticeably.
        values[name] = choice[int.from_bytes(hashlib.sha256(key).digest(), "big") % len(choice)]
    return values


def _combinations(choices: Mapping[str, tuple[Scalar, ...] | _Steps]) -> Iterator[Draw]:
    for values in itertools.product(*choices.values()):
        yield dict(zip(choices, values, strict=True))
