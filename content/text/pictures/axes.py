"""Scales and ticks: where a value lies along an axis, and which values are written beside it.

Promise: any finite range, however wide or narrow, has a scale and at least one tick; nothing
overflows. Must not draw.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
_SUPERSCRIPT: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_FEWEST: Final = 1e-300


@dataclass(frozen=True, slots=True)
class Tick:
    """A written value and where it lies, from 0 to 1."""

    place: float
    text: str


@dataclass(frozen=True, slots=True)
class Scale:
    """A range of values on an axis, by powers of ten where `log`."""

    low: float
    high: float
    log: bool = False

    def place(self, value: float) -> float | None:
        """From 0 to 1 within the range; None where the axis has no such value."""
        if not math.isfinite(value) or (self.log and value <= 0):
            return None
        if self.log:
            low, high = math.log10(self.low), math.log10(self.high)
            return (math.log10(value) - low) / (high - low)
        # Halved first: the whole range may be wider than the largest number.
        return (value / 2 - self.low / 2) / (self.high / 2 - self.low / 2)

    def ticks(self, most: int) -> list[Tick]:
        """At most so many ticks (two at least are tried), by round numbers."""
        return self._log_ticks(max(2, most)) if self.log else self._linear_ticks(max(2, most))

    def _linear_ticks(self, most: int) -> list[Tick]:
        step = _step((self.high / 2 - self.low / 2) / most * 2, lambda s: self._count(s) <= most)
        first = math.ceil(self.low / step - 1e-9)
        values = [(first + n) * step for n in range(self._count(step))]
        values = [v for v in values if math.isfinite(v)] or [self.low]
        texts = _written(values, step)
        return [Tick(min(1.0, max(0.0, self.place(v) or 0.0)), t)
                for v, t in zip(values, texts, strict=True)]  # fmt: skip

    def _count(self, step: float) -> int:
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return max(0, int(last - first) + 1)

    def _log_ticks(self, most: int) -> list[Tick]:
        first = math.ceil(math.log10(self.low) - 1e-9)
        last = math.floor(math.log10(self.high) + 1e-9)
        powers = range(first, last + 1)
        if len(powers) < 2:
            return [Tick(place, text) for value, text in self._between()
                    if (place := self.place(value)) is not None]  # fmt: skip
        every = -(-len(powers) // most)
        found = []
        for power in powers[::every]:
            place = (power - math.log10(self.low)) / (math.log10(self.high) - math.log10(self.low))
            found.append(Tick(min(1.0, max(0.0, place)), power_of_ten(power)))
        return found

    def _between(self) -> list[tuple[float, str]]:
        """Round numbers of an axis that holds at most one power of ten."""
        base = 10.0 ** math.floor(math.log10(self.low))
        values = [base * n for n in (1, 2, 5, 10, 20, 50)]
        inside = [v for v in values if self.low <= v <= self.high]
        chosen = inside if len(inside) > 1 else [self.low, self.high]
        return [(v, f"{v:.3g}".replace("-", "−")) for v in chosen]


def scale_of(values: Iterable[float], *, log: bool, margin: float = 0.0) -> Scale | None:
    """The scale that holds all finite values, wider by that share at both ends; None without."""
    usable = [v for v in values if math.isfinite(v) and (not log or v > 0)]
    if not usable:
        return None
    low, high = min(usable), max(usable)
    if log:
        low, high = max(low, _FEWEST), max(high, _FEWEST)
        if high <= low * (1 + 1e-9):
            return Scale(low / 10 if low > 1e-299 else low, min(high, 1e300) * 10, log=True)
        room = (high / low) ** margin if high / low < math.inf else 1.0
        return Scale(max(low / room, _FEWEST), high * room if high < 1e300 else high, log=True)
    if _alike(low, high):
        room = abs(low) / 2 or 1.0
        if abs(low) > 1e307:
            room = abs(low) / 1e3
        return Scale(low - room if low > -1.7e308 else low, high + room if high < 1.7e308 else high)
    room = (high / 2 - low / 2) * 2 * margin if abs(low) < 1e307 and abs(high) < 1e307 else 0.0
    return Scale(low - room, high + room)


def _alike(low: float, high: float) -> bool:
    return high / 2 - low / 2 <= max(abs(low), abs(high)) * 1e-12 or high - low < 1e-305


def _step(rough: float, fits: object) -> float:
    """The smallest round step that is not too fine."""
    assert callable(fits)
    power = math.floor(math.log10(max(rough, 1e-307)))
    for exponent in range(power - 1, power + 3):
        for step in _STEPS[:-1]:
            found = step * 10.0 ** min(exponent, 308)
            if 0 < found < math.inf and fits(found):
                return found
    return max(rough, 1e-307)


def power_of_ten(power: int) -> str:
    """1, 10, 100, 0.1 as they are, others as 10⁴."""
    if -2 <= power <= 3:
        return f"{10.0**power:g}"
    return "10" + str(power).translate(_SUPERSCRIPT)


def _written(values: list[float], step: float) -> list[str]:
    """With as many decimals as the step needs; very large and very small ones by powers."""
    largest = max(abs(v) for v in values)
    if largest >= 1e6 or step < 1e-4:
        digits = max(2, min(6, 1 + math.ceil(math.log10(max(largest / step, 1.0)) + 0.01)))
        return [_by_power(v, digits) for v in values]
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    if abs(step * 10**decimals - round(step * 10**decimals)) > 1e-6:
        decimals += 1
    return [f"{v + 0.0:,.{decimals}f}".replace("-0", "0", 1).replace("-", "−")
            if round(v, decimals) == 0 else f"{v:,.{decimals}f}".replace("-", "−")
            for v in values]  # fmt: skip


def _by_power(value: float, digits: int) -> str:
    if value == 0:
        return "0"
    mantissa, power = f"{value:.{digits - 1}e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{mantissa}e{int(power)}".replace("-", "−")
