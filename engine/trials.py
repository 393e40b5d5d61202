"""Judging a layer and a tensor expression by what running them gave.

Promise: what could not be run counts for nothing; each way of being wrong has its own code, and a
tensor's verdict holds the inputs that show it. Must not run anything.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.closeness import tolerance_of
from engine.protocol import Failure, FailureKind, Skipped, Slopes, Tried
from engine.truth import Truth, Verdict, VerdictKind
from engine.values import LayerValue, TensorValue, Value

_REQUIREMENT = "require."
_ROUNDING = {"float32": 1e-5, "float16": 4e-3, "bfloat16": 3e-2}
"""Relative to the largest element of the truth, and to the element itself: a sum may be taken in
another order. Any other dtype: as float64."""
_FLOAT64 = 1e-9
_SLOPES = 4.0
"""A gradient may be off by so many times what a value may."""
_ORDER = ("tensor-shape", "tensor-dtype", "tensor-values", "tensor-nan", "tensor-fails",
          "tensor-slopes")  # fmt: skip
"""Of several things that are wrong, the first is told."""


def judge_layer(values: Sequence[tuple[str, Value | Failure | Skipped]]) -> Verdict:
    """The verdict on a layer that was built; `values` are its requirements and their figures."""
    required = [(k, v) for k, v in values if k.startswith(_REQUIREMENT) and ":" not in k]
    failed = [(key, value) for key, value in required if not _met(value)]
    if not failed:
        return Verdict(VerdictKind.RIGHT)
    too_large = [v for _, v in failed if isinstance(v, Failure) and v.kind is FailureKind.LIMIT]
    if len(too_large) == len(failed):
        return unreadable(too_large[0])
    return Verdict(VerdictKind.WRONG, code="layer-fails", values=tuple(values))


def unmet(verdict: Verdict) -> list[int]:
    """The requirements that a layer does not meet, by their place in the exercise."""
    return [
        int(key.removeprefix(_REQUIREMENT))
        for key, value in verdict.values
        if ":" not in key and key.startswith(_REQUIREMENT) and not _met(value)
    ]


def _met(value: Value | Failure | Skipped) -> bool:
    value = value.data if isinstance(value, TensorValue) else value
    return value is True or (isinstance(value, int) and bool(value))


def unreadable(failure: Failure) -> Verdict:
    """An answer that could not be run: asked again, never counted."""
    return Verdict(VerdictKind.UNREADABLE, code="program", failure=failure)


def judge_tensor(truth: Truth, tried: Sequence[Tried], mistakes: Sequence[str]) -> Verdict:
    """The verdict on a tensor expression; `mistakes` are the ids of `Tried.mistakes`."""
    answers = [one.answer for one in tried]
    failures = [answer for answer in answers if isinstance(answer, Failure)]
    over = next((f for f in failures if f.kind is not FailureKind.EXPRESSION), None)
    if over is not None or len(failures) == len(answers):
        return unreadable(over or failures[0])
    for answer in answers:
        if (got := _not_a_tensor(answer)) is not None:
            return unreadable(Failure(FailureKind.EXPRESSION, "answer-not-tensor", (("got", got),)))
    slips = [(slip, one) for one in tried for slip in _slips(truth, one)]
    if not slips:
        return Verdict(VerdictKind.RIGHT)
    slips.sort(key=lambda found: (_ORDER.index(found[0].code), _elements(found[1])))
    slip, at = slips[0]
    verdict = Verdict(VerdictKind.WRONG, code=slip.code, details=slip.details, tried=at)
    for n, mistake in enumerate(mistakes):
        if _is_mistake(truth, tried, n):
            return replace(verdict, kind=VerdictKind.MISTAKE, mistake=mistake)
    if slip.code == "tensor-dtype" and all(found.code == slip.code for found, _ in slips):
        return replace(verdict, kind=VerdictKind.CLOSE)
    return verdict


@dataclass(frozen=True, slots=True)
class _Slip:
    code: str
    details: tuple[tuple[str, str], ...] = ()


def _slips(truth: Truth, tried: Tried) -> Iterator[_Slip]:
    """What is wrong on one set of inputs: of its value the first thing, then of its slopes."""
    answer, wanted = tried.answer, tried.truth
    found = _slip(truth, answer, wanted)
    if found is not None:
        yield found
    elif not _same_slopes(truth, tried.answer_slopes, tried.truth_slopes):
        yield _Slip("tensor-slopes")


def _slip(truth: Truth, answer: Value | Failure, wanted: Value) -> _Slip | None:
    if isinstance(answer, Failure):
        return _Slip("tensor-fails")
    if shape_of(answer) != shape_of(wanted):
        sizes = (("yours", _shape(answer)), ("truth", _shape(wanted)))
        return _Slip("tensor-shape", sizes)
    mine, true = _flat(answer), _flat(wanted)
    allowed = _allowed(truth, wanted, true)
    if all(_same(a, b, allowed) for a, b in zip(mine, true, strict=True)):
        return _dtype_slip(answer, wanted)
    lost = [a for a, b in zip(mine, true, strict=True) if not _finite(a) and _finite(b)]
    if lost:
        special = "nan" if any(map(math.isnan, lost)) else "inf"
        return _Slip("tensor-nan", (("special", special),))
    return _Slip("tensor-values")


def _dtype_slip(answer: Value, wanted: Value) -> _Slip | None:
    """A bare number has no dtype of its own."""
    if not (isinstance(answer, TensorValue) and isinstance(wanted, TensorValue)):
        return None
    if answer.dtype == wanted.dtype:
        return None
    return _Slip("tensor-dtype", (("yours", answer.dtype), ("truth", wanted.dtype)))


def same_tensors(truth: Truth, one: Value | Failure | Skipped, other: Value | Failure) -> bool:
    """Whether two values are the same answer; a failure is like any other failure."""
    if isinstance(one, Failure) or isinstance(other, Failure):
        return isinstance(one, Failure) and isinstance(other, Failure)
    if isinstance(one, Skipped):
        return False
    return _slip(truth, one, other) is None


def _is_mistake(truth: Truth, tried: Sequence[Tried], n: int) -> bool:
    """Whether the answer does what the mistake does wherever it applies, and that is wrong."""
    known = [one for one in tried if not isinstance(one.mistakes[n], Skipped)]
    same = all(same_tensors(truth, one.mistakes[n], one.answer) for one in known)
    return same and any(_slip(truth, one.answer, one.truth) is not None for one in known)


def _same_slopes(truth: Truth, mine: Slopes | None, true: Slopes | None) -> bool:
    if mine is None or true is None:  # nobody asked for them
        return True
    if mine.failure is not None or true.failure is not None:
        return False
    own: Mapping[str, Value] = dict(mine.by)
    for name, wanted in true.by:
        if shape_of(own.get(name)) != shape_of(wanted):
            return False
        numbers = _flat(wanted)
        relative, absolute = _allowed(truth, wanted, numbers)
        allowed = relative * _SLOPES, absolute * _SLOPES
        pairs = zip(_flat(own[name]), numbers, strict=True)
        if not all(_same(a, b, allowed) for a, b in pairs):
            return False
    return True


def _not_a_tensor(answer: Value | Failure) -> str | None:
    """What else an answer is; a bare number is taken for a tensor without axes."""
    if isinstance(answer, LayerValue):
        return "@layer"
    if isinstance(answer, tuple):
        return "@tuple"
    if answer is None or isinstance(answer, str):
        return "@none" if answer is None else "@text"
    return None if isinstance(answer, TensorValue | int | float | Failure) else "@value"


def shape_of(value: Value) -> tuple[int, ...]:
    """The shape of a tensor; a number has none."""
    return value.shape if isinstance(value, TensorValue) else ()


def _shape(value: Value) -> str:
    return str(shape_of(value))


def _elements(tried: Tried) -> int:
    return sum(math.prod(shape_of(value)) for _, value in tried.inputs)


def _flat(value: Value) -> list[float]:
    found: list[float] = []
    stack: list[Value] = [value.data if isinstance(value, TensorValue) else value]
    while stack:
        part = stack.pop()
        if isinstance(part, tuple):
            stack.extend(reversed(part))
        else:
            found.append(float(part) if isinstance(part, int | float) else math.nan)
    return found


def _allowed(truth: Truth, wanted: Value, numbers: list[float]) -> tuple[float, float]:
    """The relative and the absolute distance that counts as equal."""
    if truth.tolerance is not None or truth.absolute:
        stated = tolerance_of(truth)
        return stated.relative, stated.absolute
    dtype = wanted.dtype if isinstance(wanted, TensorValue) else "float64"
    if dtype.startswith(("int", "uint", "bool")):
        return 0.0, 0.0
    rounding = _ROUNDING.get(dtype, _FLOAT64)
    largest = max((abs(number) for number in numbers if math.isfinite(number)), default=0.0)
    return rounding, rounding * min(largest, 1e30)


def _same(mine: float, true: float, allowed: tuple[float, float]) -> bool:
    if not (math.isfinite(mine) and math.isfinite(true)):
        return mine == true or (math.isnan(mine) and math.isnan(true))
    relative, absolute = allowed
    return abs(mine - true) <= relative * abs(true) + absolute


def _finite(number: float) -> bool:
    return math.isfinite(number)
