"""Checked arguments: what a parameter's annotation promises is tested before torch sees it.

Promise: each `Annotated` type below carries a check that returns the value or raises `Refused`
with `argument=` naming the parameter. The meta device accepts a kernel of 0, a padding of -1 and
a dilation of 0; these checks do not. Must not compute anything.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final

import torch

from engine import limits
from engine.documented import Allowed
from engine.refusal import over_limit, refused
from engine.runtime import device
from engine.runtime.foresight import check_elements
from engine.runtime.layer import Layer
from engine.runtime.torch_errors import translated
from engine.values import Bars, Curves, DtypeValue, Heat, Windows

Check = Callable[[object, str], object]
"""A check of (value, parameter name): the value to pass on, or `Refused`."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A check that can also say what it allows."""

    check: Check
    allowed: Allowed

    def __call__(self, value: object, argument: str) -> object:
        return self.check(value, argument)


TORCH_DTYPES: Final[dict[str, torch.dtype]] = {
    name: getattr(torch, name)
    for name in ("float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8",
                 "uint8", "bool")
}  # fmt: skip
_ALIASES: Final = {"float": "float32", "double": "float64", "half": "float16", "long": "int64",
                   "int": "int32"}  # fmt: skip


_SHOWN_PARTS: Final = 8
"""A longer tuple in a message is only called one."""


def dtype_name(dtype: torch.dtype) -> str:
    """`torch.float16` as `float16`."""
    return str(dtype).removeprefix("torch.")


def kind_of(value: object) -> str:
    """A word for what `value` is, to be shown in a message."""
    if isinstance(value, Layer):
        return "@layer"
    if isinstance(value, torch.Tensor):
        return "@tensor"
    if isinstance(value, (tuple, list)):
        return _written(value) or "@tuple"
    return _written(value) or "@picture"


def _written(value: object) -> str:
    """A value as a person writes it, tensors cut short; empty where that is long or impossible."""
    if isinstance(value, (Curves, Bars, Heat, Windows)):
        return ""
    if isinstance(value, torch.Tensor):
        return "tensor(…)"
    if isinstance(value, DtypeValue):
        return value.name
    if isinstance(value, (tuple, list)):
        parts = [_written(part) for part in value] if len(value) <= _SHOWN_PARTS else [""]
        if not all(parts):
            return ""
        return f"({parts[0]},)" if len(parts) == 1 else f"({', '.join(parts)})"
    return repr(value)


def whole(low: int, high: int = limits.SIZE) -> Check:
    """A whole number from `low` to `high`; a tensor of one whole number counts as one."""

    def check(value: object, argument: str) -> int:
        if isinstance(value, torch.Tensor) and value.numel() == 1 and not value.is_floating_point():
            value = int(value.item())
        if isinstance(value, bool) or not isinstance(value, int):
            raise refused("argument-whole", argument=argument, got=kind_of(value), low=low)
        if value < low:
            raise refused("argument-too-small", argument=argument, got=value, low=low)
        if value > high:
            raise over_limit("argument-too-large", argument=argument, got=value, high=high)
        return value

    return Rule(check, Allowed("whole", str(low), str(high)))


def sizes(dims: int, low: int, *, gaps: bool = False) -> Check:
    """One whole number for all `dims` directions, or one for each; None where `gaps`."""
    one = whole(low)

    def check(value: object, argument: str) -> int | tuple[int | None, ...]:
        if not isinstance(value, (tuple, list)):
            return one(value, argument)  # type: ignore[return-value]
        if len(value) != dims:
            raise refused("argument-length", argument=argument, got=len(value), expected=dims)
        return tuple(
            None if gaps and side is None else one(side, argument)  # type: ignore[misc]
            for side in value
        )

    return Rule(check, Allowed("gaps" if gaps else "sizes", str(low), dims=dims))


def _shape(value: object, argument: str) -> tuple[int, ...]:
    sides = value if isinstance(value, (tuple, list, torch.Size)) else (value,)
    if len(sides) > limits.DIMENSIONS:
        raise over_limit("too-many-dimensions", argument=argument, got=len(sides),
                         high=limits.DIMENSIONS)  # fmt: skip
    check = whole(0, 10**13)
    return tuple(check(side, argument) for side in sides)  # type: ignore[misc]


def _flag(value: object, argument: str) -> bool:
    if not isinstance(value, bool):
        raise refused("argument-flag", argument=argument, got=kind_of(value))
    return value


def real(low: float = -math.inf, high: float = math.inf) -> Check:
    """A number from `low` to `high`; a tensor of one number counts as one."""

    def check(value: object, argument: str) -> float:
        if isinstance(value, torch.Tensor) and value.numel() == 1:
            value = value.item()
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise refused("argument-number", argument=argument, got=kind_of(value))
        if not low <= value <= high and not math.isnan(value):
            raise refused("argument-range", argument=argument, got=value, low=low, high=high)
        return value

    return Rule(check, Allowed("real", _end(low), _end(high)))


def _end(number: float) -> str:
    return "" if math.isinf(number) else f"{number:g}"


def _dtype(value: object, argument: str) -> torch.dtype:
    name = value.name if isinstance(value, DtypeValue) else value
    if isinstance(name, str):
        name = name.removeprefix("torch.")
        found = TORCH_DTYPES.get(_ALIASES.get(name, name))
        if found is not None:
            return found
    raise refused("argument-dtype", argument=argument, got=kind_of(value))


def words(*allowed: str) -> Check:
    """One of the listed texts."""

    def check(value: object, argument: str) -> str:
        if isinstance(value, str) and value in allowed:
            return value
        raise refused("argument-word", argument=argument, got=kind_of(value),
                      allowed=", ".join(map(repr, allowed)))  # fmt: skip

    return Rule(check, Allowed("words", words=allowed))


def text(value: object, argument: str) -> str:
    """A written text."""
    if not isinstance(value, str):
        raise refused("argument-text", argument=argument, got=kind_of(value))
    return value


def _layer(value: object, argument: str) -> Layer:
    if not isinstance(value, Layer):
        raise refused("argument-layer", argument=argument, got=kind_of(value))
    return value


def tensor_check(value: object, argument: str) -> torch.Tensor:
    """A tensor; a plain number or nested numbers are made one (a real number in float64)."""
    if isinstance(value, torch.Tensor):
        return value
    if isinstance(value, (int, float)):
        return torch.tensor(value, device=device.current(), dtype=_dtype_of_scalar(value))
    if isinstance(value, (tuple, list)) and value:
        return from_nested(value, argument)
    raise refused("argument-tensor", argument=argument, got=kind_of(value))


def _dtype_of_scalar(value: float) -> torch.dtype | None:
    return torch.float64 if isinstance(value, float) else None


def from_nested(data: object, argument: str, dtype: torch.dtype | None = None) -> torch.Tensor:
    """Nested sequences of numbers as a tensor, checked for size and even rows first."""
    _check_nested(data, argument)
    try:
        return _made_of(data, argument, dtype)
    except (ArithmeticError, RuntimeError, TypeError, ValueError) as error:
        raise translated(error, "tensor") from error


def _made_of(data: object, argument: str, dtype: torch.dtype | None) -> torch.Tensor:
    if isinstance(data, torch.Tensor):
        return data if dtype is None else data.to(dtype)
    if not isinstance(data, (tuple, list)) or not _holds_tensor(data):
        return torch.tensor(data, dtype=dtype, device=device.current())
    parts = [_made_of(x, argument, dtype) for x in data]
    shapes = {tuple(part.shape) for part in parts}
    if len(shapes) > 1:
        mixed = len({len(shape) for shape in shapes}) > 1
        raise refused("rows-mixed" if mixed else "shapes-differ", argument=argument)
    check_elements((len(parts), *parts[0].shape))
    return torch.stack(parts)


def _holds_tensor(data: tuple[object, ...] | list[object]) -> bool:
    return any(
        isinstance(x, torch.Tensor) or (isinstance(x, (tuple, list)) and _holds_tensor(x))
        for x in data
    )


def _check_nested(data: object, argument: str) -> None:
    """Every level of even length, every leaf a number; at most the elements we would return."""
    level: list[object] = [data]
    for _ in range(limits.DIMENSIONS + 1):
        nested = [x for x in level if isinstance(x, (tuple, list))]
        if not nested:
            for leaf in level:
                if not isinstance(leaf, (bool, int, float, torch.Tensor)):
                    raise refused("argument-numbers", argument=argument, got=kind_of(leaf))
            return
        if len(nested) != len(level):
            raise refused("rows-mixed", argument=argument)
        lengths = {len(row) for row in nested}
        if len(lengths) > 1:
            raise refused("rows-differ", argument=argument, a=min(lengths), b=max(lengths))
        level = [x for row in nested for x in row]
        if len(level) > limits.RETURNED_ELEMENTS:
            raise over_limit("too-many-elements", got=len(level), high=limits.RETURNED_ELEMENTS)
    raise over_limit("too-many-dimensions", argument=argument, got=limits.DIMENSIONS + 1,
                     high=limits.DIMENSIONS)  # fmt: skip


def _dims(value: object, argument: str) -> int | tuple[int, ...]:
    one = whole(-limits.DIMENSIONS, limits.DIMENSIONS)
    if isinstance(value, (tuple, list)):
        return tuple(one(side, argument) for side in value)  # type: ignore[misc]
    return one(value, argument)  # type: ignore[return-value]


Positive = Annotated[int, whole(1)]
Natural = Annotated[int, whole(0)]
Integer = Annotated[int, whole(-limits.SIZE)]
Count = Annotated[int, whole(1, limits.MODULES)]
Dim = Annotated[int, whole(-limits.DIMENSIONS, limits.DIMENSIONS)]
Dims = Annotated[int | tuple[int, ...], Rule(_dims, Allowed("dims"))]
Flag = Annotated[bool, Rule(_flag, Allowed("flag"))]
Real = Annotated[float, real()]
Positively = Annotated[float, real(0.0)]
Probability = Annotated[float, real(0.0, 1.0)]
Dtype = Annotated[torch.dtype, Rule(_dtype, Allowed("dtype"))]
Shape = Annotated[tuple[int, ...], Rule(_shape, Allowed("shape"))]
Text = Annotated[str, Rule(text, Allowed("text"))]
Model = Annotated[Layer, Rule(_layer, Allowed("layer"))]
Values = Annotated[torch.Tensor, Rule(tensor_check, Allowed("tensor"))]
Seed = Annotated[int, whole(0, 2**63 - 1)]
Sizes1 = Annotated[int | tuple[int], sizes(1, 1)]
Sizes2 = Annotated[int | tuple[int, int], sizes(2, 1)]
Sizes3 = Annotated[int | tuple[int, int, int], sizes(3, 1)]
Naturals1 = Annotated[int | tuple[int], sizes(1, 0)]
Naturals2 = Annotated[int | tuple[int, int], sizes(2, 0)]
Naturals3 = Annotated[int | tuple[int, int, int], sizes(3, 0)]
