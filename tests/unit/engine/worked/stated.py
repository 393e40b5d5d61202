"""A worked number of the curriculum beside the expression that measures it.

Promise: `agrees` evaluates a row as a worker would and fails, naming topic and expression, unless
every number is the stated one. Must not hold any figure of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pytest

from engine.values import DtypeValue, LayerValue, TensorValue
from tests.unit.engine.runtime.measuring import measured


@dataclass(frozen=True)
class Between:
    """A figure that depends on random numbers: any value from `low` to `high` is right."""

    low: float
    high: float


Stated = bool | int | float | str | Between | tuple["Stated", ...]
"""What the curriculum states; tuples follow tuples and the axes of tensors."""


@dataclass(frozen=True)
class Worked:
    """One figure: the topic that states it, what to measure, and what comes out.

    Whole numbers must agree exactly, real ones to the digits they are written with (at least to
    about four decimals or five significant digits) unless `tolerance`, an absolute one, is given.
    """

    topic: str
    expression: str
    value: Stated
    tolerance: float | None = None
    lets: Mapping[str, str] = field(default_factory=dict)
    seed: int = 0

    def __str__(self) -> str:
        bindings = "; ".join(f"{name} = {source}" for name, source in self.lets.items())
        return f"{self.topic}: {bindings}; {self.expression}"


def stating(rows: Iterable[Worked]) -> pytest.MarkDecorator:
    """A test run for every row, called `row`."""
    return pytest.mark.parametrize("row", [pytest.param(row, id=str(row)) for row in rows])


def agrees(row: Worked) -> None:
    """Measure the row and compare."""
    found = _data(measured(row.expression, row.seed, **row.lets))
    wrong = list(_differences(found, row.value, row.tolerance))
    assert not wrong, f"{row}\n" + "\n".join(wrong)


def _data(value: object) -> object:
    """A measured value as numbers and tuples; a layer or dtype by its text."""
    match value:
        case TensorValue(data=data):
            return data
        case LayerValue(code=text) | DtypeValue(name=text):
            return text
        case tuple():
            return tuple(_data(part) for part in value)
    return value


def _differences(
    found: object, stated: Stated, tolerance: float | None, place: str = ""
) -> Iterable[str]:
    if isinstance(stated, tuple):
        if not isinstance(found, tuple) or len(found) != len(stated):
            yield f"at {place or 'the top'}: {found!r} is no {len(stated)} values"
            return
        for index, (one, other) in enumerate(zip(found, stated, strict=True)):
            yield from _differences(one, other, tolerance, f"{place}[{index}]")
    elif not _same(found, stated, tolerance):
        yield f"{place or 'value'}: measured {found!r}, stated {stated!r}"


def _same(found: object, stated: object, tolerance: float | None) -> bool:
    if isinstance(stated, (bool, str)) or isinstance(found, (bool, str)):
        return type(found) is type(stated) and found == stated
    if not isinstance(found, (int, float)):
        return False
    if isinstance(stated, Between):
        return stated.low <= found <= stated.high
    assert isinstance(stated, (int, float))
    if math.isnan(stated) or math.isinf(stated):
        return repr(float(found)) == repr(float(stated))
    allowed = _written(stated) if tolerance is None else tolerance
    return abs(found - stated) <= allowed


def _written(stated: float) -> float:
    """Half a unit of the last digit, or less where few digits were needed (0.5, 2.32)."""
    if isinstance(stated, int):
        return 0.0
    mantissa, _, exponent = f"{stated!r}".partition("e")
    decimals = len(mantissa.partition(".")[2]) - int(exponent or 0)
    half = 0.5 * 10.0**-decimals
    return min(half, max(5e-5, 5e-6 * abs(stated))) * (1 + 1e-9)
