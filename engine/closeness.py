"""When two values are the same, when a written form is a rounding, and when an answer is close.

Promise: whole numbers are exact; reals are compared as exact fractions within a relative
tolerance that the dtype decides and an absolute floor; NaN equals NaN; infinities by sign.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from engine.answer import Reading
from engine.truth import Truth
from engine.values import DtypeValue, LayerValue, TensorValue, Value

DIGITS = 3
"""Significant digits that a rounded form needs to be right."""

NEAR = Fraction(2, 100)
"""An answer this close to the truth is called close."""

_RELATIVE = {"float64": 1e-9, "float32": 1e-5, "float16": 2e-3, "bfloat16": 2e-2}
_FLOOR = {"float64": 1e-15, "float32": 1e-12, "float16": 1e-8, "bfloat16": 1e-12}
_ARITHMETIC = 1e-12
"""What floating-point arithmetic in an answer may cost where a whole number is asked."""

Exact = Fraction | float
"""A fraction, or NaN or an infinity as a float."""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a real may be off."""

    relative: float
    absolute: float


def tolerance_of(truth: Truth) -> Tolerance:
    """The tolerance of a truth's reals: stated, or by dtype."""
    dtype = truth.dtype or (truth.value.dtype if isinstance(truth.value, TensorValue) else None)
    name = dtype if dtype in _RELATIVE else "float64"
    if truth.tolerance is not None or truth.absolute:
        return Tolerance(truth.tolerance or 0.0, truth.absolute)
    return Tolerance(_RELATIVE[name], _FLOOR[name])


def is_whole(value: Value) -> bool:
    """True for whole numbers, which are compared exactly unless the exercise says otherwise."""
    return isinstance(value, int) and not isinstance(value, bool)


def exact(number: bool | int | float) -> Exact:
    """The number as an exact value."""
    if isinstance(number, float) and not math.isfinite(number):
        return number
    return Fraction(number)


def equal(answer: Exact, truth: Exact, tolerance: Tolerance | None) -> bool:
    """Whether an answer equals a truth; without a tolerance, exactly."""
    if isinstance(answer, float) or isinstance(truth, float):
        if isinstance(answer, float) and isinstance(truth, float):
            return answer == truth or (math.isnan(answer) and math.isnan(truth))
        return False
    if answer == truth or tolerance is None:
        return answer == truth
    allowed = abs(truth) * Fraction(tolerance.relative) + Fraction(tolerance.absolute)
    return abs(answer - truth) <= allowed


def scalar_tolerance(truth: Truth, value: Value) -> Tolerance | None:
    """The tolerance for comparing with `value`: none for whole numbers unless one is stated."""
    if is_whole(value) and truth.tolerance is None and not truth.absolute:
        return None
    return tolerance_of(truth)


def matches(reading: Reading, value: Exact, tolerance: Tolerance | None) -> bool:
    """Whether the reading's value equals `value`, allowing for arithmetic in an expression."""
    if tolerance is None and reading.step is None:
        return equal(reading.value, value, Tolerance(_ARITHMETIC, 0.0))
    return equal(reading.value, value, tolerance)


def rounds_to(reading: Reading, value: Exact, *, digits: int = DIGITS) -> bool:
    """Whether the form as written is `value` rounded to at least that many digits.

    A whole number is a rounded form of a real as well (65504 for 65503.7).
    """
    if reading.step is None or reading.digits < digits:
        return False
    if isinstance(value, float) or isinstance(reading.value, float):
        return False
    if not reading.rounded and value.denominator == 1:
        return False
    return abs(value - reading.value) <= reading.step / 2


def near(answer: Exact, value: Exact) -> bool:
    """Within two per cent, and not merely both zero."""
    if isinstance(answer, float) or isinstance(value, float) or value == 0:
        return False
    return abs(answer - value) <= abs(value) * NEAR


def same_value(left: Value, right: Value, truth: Truth) -> bool:
    """Whether two measured values are the same answer, by the truth's tolerance."""
    left, right = plain(left), plain(right)
    if is_whole(left) and is_whole(right) and truth.tolerance is None and not truth.absolute:
        return left == right
    if isinstance(left, tuple) or isinstance(right, tuple):
        return (
            isinstance(left, tuple)
            and isinstance(right, tuple)
            and len(left) == len(right)
            and all(same_value(a, b, truth) for a, b in zip(left, right, strict=True))
        )
    if isinstance(left, int | float) and isinstance(right, int | float):
        # A whole number on one side only (a formula's 30.0 for 30) is compared as a real.
        both = is_whole(left) and is_whole(right)
        return equal(
            exact(left),
            exact(right),
            scalar_tolerance(truth, right) if both else tolerance_of(truth),
        )
    return left == right


def plain(value: Value) -> Value:
    """A value without its tensor, layer or dtype wrapper, sequences as tuples."""
    if isinstance(value, TensorValue):
        return value.data
    if isinstance(value, LayerValue):
        return value.code
    if isinstance(value, DtypeValue):
        return value.name
    return value
