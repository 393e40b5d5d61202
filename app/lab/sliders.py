"""Values a person may slide: a drawn name of an item, or `k = slider(3, 1, 11, 2)`.

Promise: steps are exact (a step of 0.1 means a tenth); a slider remembers the value it began
with. Must not know where its rows are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from engine.values import Scalar

if TYPE_CHECKING:
    from content.pack import DrawScalar, Span

Number = int | float
_LONGEST = 12
"""Characters of a typed value."""


@dataclass(frozen=True, slots=True)
class Slider:
    """A name, its value now and at first, and what it may be moved to.

    Either `choices` holds every value, or `low`, `high` and `step` tell them.
    """

    name: str
    value: Scalar
    original: Scalar
    choices: tuple[Scalar, ...] = ()
    low: Number = 0
    high: Number = 0
    step: Number = 1

    @property
    def changed(self) -> bool:
        """Whether it stands elsewhere than at first."""
        return not _same(self.value, self.original)

    @property
    def allowed(self) -> bool:
        """Whether the value is one of those it moves to."""
        if self.choices:
            return any(_same(self.value, choice) for choice in self.choices)
        if not _number(self.value):
            return False
        place = (_exact(self.value) - _exact(self.low)) / _exact(self.step)
        return place.denominator == 1 and place >= 0 and _exact(self.value) <= _exact(self.high)

    @property
    def share(self) -> float:
        """How far along it stands, 0 to 1; values beyond either end stand at that end."""
        if self.choices:
            place = next((n for n, c in enumerate(self.choices) if _same(c, self.value)), 0)
            return place / max(1, len(self.choices) - 1)
        return _share(self.value, self.low, self.high)

    @property
    def original_share(self) -> float:
        """As `share`, of the value at first."""
        return replace(self, value=self.original).share

    def moved(self, steps: int) -> Slider:
        """At the next value, up (1) or down (-1); at an end it stays."""
        if self.choices:
            return replace(self, value=self._next_choice(steps))
        low, step = _exact(self.low), _exact(self.step)
        last = (_exact(self.high) - low) // step
        now = (_exact(self.value) - low) / step if _number(self.value) else Fraction(0)
        place = now // 1 + steps if steps > 0 or now.denominator == 1 else now // 1 + steps + 1
        value = low + min(max(Fraction(place), Fraction(0)), Fraction(last)) * step
        whole = all(isinstance(part, int) for part in (self.low, self.step))
        return replace(self, value=int(value) if whole else float(value))

    def _next_choice(self, steps: int) -> Scalar:
        place = next((n for n, c in enumerate(self.choices) if _same(c, self.value)), None)
        if place is not None:
            return self.choices[min(max(place + steps, 0), len(self.choices) - 1)]
        numbers = sorted(c for c in self.choices if isinstance(c, int | float))
        value = self.value
        if not numbers or not isinstance(value, int | float):
            return self.choices[0]
        beyond = [c for c in numbers if (c > value if steps > 0 else c < value)]
        if not beyond:
            return numbers[-1] if steps > 0 else numbers[0]
        return beyond[0] if steps > 0 else beyond[-1]

    def back(self) -> Slider:
        """At its first value."""
        return replace(self, value=self.original)

    def at(self, value: Scalar) -> Slider:
        """At that value, whether it moves there by itself or not."""
        return replace(self, value=value)

    def typed(self, text: str) -> Slider | None:
        """At the value typed, None where it cannot be one of this kind."""
        text = text.strip()
        if not text or len(text) > _LONGEST:
            return None
        if isinstance(self.original, bool):
            return self.at(text not in ("0", "False")) if text in _TRUTHS else None
        if isinstance(self.original, str):
            match = [c for c in self.choices if isinstance(c, str) and c.startswith(text)]
            return self.at(match[0]) if match else None
        try:
            return self.at(int(text))
        except ValueError:
            pass
        try:
            value = float(text)
        except ValueError:
            return None
        return self.at(value) if value == value and abs(value) != float("inf") else None


def unfinished(slider: Slider, text: str) -> bool:
    """Whether the text may yet become a number: `-`, `1e`, `2.`."""
    if not _number(slider.original):
        return False
    return text == "-" or text.lower().endswith(("e", "e-")) or text in (".", "-.")


_TRUTHS = ("0", "1", "False", "True")


def of_draw(name: str, value: Scalar, values: tuple[DrawScalar, ...] | Span) -> Slider:
    """The slider of a drawn name."""
    if isinstance(values, tuple):
        return Slider(name, value, value, in_order(values))
    return Slider(name, value, value, (), values.from_, values.to, values.step)


def in_order(values: Sequence[Scalar]) -> tuple[Scalar, ...]:
    """Numbers from small to large; anything else as it stands."""
    numbers = [value for value in values if isinstance(value, int | float) and _number(value)]
    return tuple(sorted(numbers)) if len(numbers) == len(values) else tuple(values)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _same(one: Scalar, other: Scalar) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _exact(value: object) -> Fraction:
    # By way of text: a step of 0.1 means a tenth, not the float nearest to it.
    return Fraction(str(value))


def _share(value: Scalar, low: Number, high: Number) -> float:
    if not isinstance(value, int | float) or high == low:
        return 0.0
    return min(max((value - low) / (high - low), 0.0), 1.0)
