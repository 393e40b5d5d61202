"""Slips that every exercise shares: signs, powers of ten, units, MACs for FLOPs, layouts.

Promise: each id here is stable and has words in `engine.verdict_words`; an author's own mistakes
are always tried before these. Must not decide whether an answer is right.
"""

from __future__ import annotations

import math
from fractions import Fraction

from engine.answer import Reading
from engine.closeness import Exact, equal, rounds_to, tolerance_of
from engine.truth import Truth
from engine.units import MEMORY, SHARE, WORK, Unit, unit_named

MACS_FOR_FLOPS = "macs-for-flops"
GIB_FOR_GB = "gib-for-gb"
UNIT = "unit"
SIGN = "sign"
POWER_OF_TEN = "power-of-ten"
LAYOUT_NHWC = "layout-nhwc"
BATCH_MISSING = "batch-missing"
BATCH_EXTRA = "batch-extra"
HEIGHT_WIDTH_SWAPPED = "height-width-swapped"
AXES_PERMUTED = "axes-permuted"

GENERIC = frozenset(
    {
        MACS_FOR_FLOPS,
        GIB_FOR_GB,
        UNIT,
        SIGN,
        POWER_OF_TEN,
        LAYOUT_NHWC,
        BATCH_MISSING,
        BATCH_EXTRA,
        HEIGHT_WIDTH_SWAPPED,
        AXES_PERMUTED,
    }
)
"""Every id this module may give."""

_FEWEST_DIGITS = 2
"""Significant digits of a rounded form that a generic mistake is recognised by."""
_POWERS = 12
_PREFIXES = 4

Found = tuple[str, tuple[tuple[str, str], ...]]
"""A generic mistake's id and the details of its words."""


def number_slip(truth: Truth, value: Exact, reading: Reading) -> Found | None:
    """The generic mistake by which `reading` misses `value`, or None."""
    if isinstance(value, float):
        if isinstance(reading.value, float) and reading.value == -value:
            return SIGN, ()
        return None
    if value == 0 or isinstance(reading.value, float):
        return None
    asked = unit_named(truth.unit) if truth.unit else None
    if reading.foreign:
        return (UNIT, (("unit", truth.unit or ""),)) if _is(truth, reading, value) else None
    return (
        _work(truth, value, reading, asked)
        or _memory(truth, value, reading, asked)
        or _sign(truth, value, reading)
        or _power_of_ten(truth, value, reading, asked)
    )


def _is(truth: Truth, reading: Reading, candidate: Fraction) -> bool:
    return equal(reading.value, candidate, tolerance_of(truth)) or rounds_to(
        reading, candidate, digits=_FEWEST_DIGITS
    )


def _work(truth: Truth, value: Fraction, reading: Reading, asked: Unit | None) -> Found | None:
    if asked is None or asked.dimension != WORK:
        return None
    for factor in (Fraction(2), Fraction(1, 2)):
        if _is(truth, reading, value * factor):
            return MACS_FOR_FLOPS, (("asked", asked.base), ("unit", truth.unit or ""))
    return None


def _memory(truth: Truth, value: Fraction, reading: Reading, asked: Unit | None) -> Found | None:
    if asked is None or asked.dimension != MEMORY:
        return None
    for power in range(1, _PREFIXES + 1):
        binary = Fraction(1024, 1000) ** power
        if _is(truth, reading, value * binary) or _is(truth, reading, value / binary):
            return GIB_FOR_GB, (("unit", truth.unit or ""),)
    for factor in (8, *(1024**power for power in range(1, _PREFIXES + 1))):
        if _is(truth, reading, value * factor) or _is(truth, reading, value / factor):
            return UNIT, (("unit", truth.unit or ""),)
    return None


def _sign(truth: Truth, value: Fraction, reading: Reading) -> Found | None:
    return (SIGN, ()) if _is(truth, reading, -value) else None


def _power_of_ten(
    truth: Truth, value: Fraction, reading: Reading, asked: Unit | None
) -> Found | None:
    if value.denominator == 1 and abs(value) < 10:
        return None  # from 1 to 10 is no slip of the zeros
    if not isinstance(reading.value, Fraction) or reading.value == 0:
        return None
    ratio = abs(reading.value / value)
    power = abs(round(math.log10(ratio.numerator) - math.log10(ratio.denominator)))
    if not 1 <= power <= _POWERS:
        return None
    factor = 10**power
    if not _is(truth, reading, value * factor if ratio > 1 else value / factor):
        return None
    share = [unit for unit in (asked, reading.unit) if unit and unit.dimension == SHARE]
    if power == 2 and share:
        return UNIT, (("unit", truth.unit or ""),)
    return POWER_OF_TEN, (("factor", f"{factor:,}"),)


def shape_slip(truth: tuple[int, ...], typed: tuple[int, ...]) -> str | None:
    """The layout by which a right shape was written differently, or None."""
    if _batch_missing(truth, typed):
        return BATCH_MISSING
    if _batch_missing(typed, truth):
        return BATCH_EXTRA
    bodies = [truth]
    if truth[:1] == (1,):
        bodies.append(truth[1:])
    for body in bodies:
        if typed in _channels_last(body) and typed != body:
            return LAYOUT_NHWC
    if len(truth) >= 2 and typed == (*truth[:-2], truth[-1], truth[-2]):
        return HEIGHT_WIDTH_SWAPPED
    if len(truth) >= 2 and sorted(typed) == sorted(truth):
        return AXES_PERMUTED
    return None


def _batch_missing(full: tuple[int, ...], bare: tuple[int, ...]) -> bool:
    return len(full) >= 2 and bare == full[1:] and (full[0] == 1 or len(full) >= 4)


def _channels_last(shape: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    if len(shape) == 4:  # N, C, H, W
        return ((shape[0], *shape[2:], shape[1]),)
    if len(shape) == 3:  # C, H, W or N, C, L
        return ((*shape[1:], shape[0]), (shape[0], shape[2], shape[1]))[:1]
    return ()


def shape_near(truth: tuple[int, ...], typed: tuple[int, ...]) -> bool:
    """One element off by one, all others right."""
    if len(truth) != len(typed):
        return False
    off = [abs(a - b) for a, b in zip(truth, typed, strict=True) if a != b]
    return off == [1]
