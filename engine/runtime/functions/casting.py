"""Tensors, layers and plain numbers in another dtype.

Promise: each number becomes what that dtype makes of it, rounded or cut as PyTorch does. Must not
change a shape.
"""

from __future__ import annotations

import math
from typing import Final

import torch

from engine.runtime.arguments import Dtype, tensor_check
from engine.runtime.layer import Layer
from engine.runtime.register import Register

CASTING: Final = Register()


def cast(value: object, target: torch.dtype) -> object:
    """A tensor or a layer in another dtype; a plain number rounded as that dtype would."""
    if isinstance(value, Layer):
        return value.cast(target)
    if isinstance(value, (bool, int, float)):
        return torch.tensor(value, dtype=torch.float64).to(target).item()
    return tensor_check(value, "x").to(target)


@CASTING.function(also=("cast",))
def to(x: object, dtype: Dtype) -> object:
    """x in another dtype, rounded as that dtype rounds; too large becomes inf.

    Example: to(70000., float16) -> inf
    Example: to(tensor([1.5, 2.5]), int64) -> tensor([1, 2], dtype=int64)
    """
    return cast(x, dtype)


@CASTING.function(name="float")
def to_float(x: object) -> object:
    """x in float32.

    Example: float(tensor([1, 2])) -> tensor([1.0, 2.0], dtype=float32)
    """
    return cast(x, torch.float32)


@CASTING.function()
def half(x: object) -> object:
    """x in float16.

    Example: half(0.1) -> 0.0999755859375
    """
    return cast(x, torch.float16)


@CASTING.function()
def double(x: object) -> object:
    """x in float64.

    Example: double(tensor([1, 2])) -> tensor([1.0, 2.0], dtype=float64)
    """
    return cast(x, torch.float64)


@CASTING.function(name="long")
def to_long(x: object) -> object:
    """x in int64, cut towards 0.

    Example: long(tensor([1.9, -1.9])) -> tensor([ 1, -1], dtype=int64)
    """
    return cast(x, torch.int64)


@CASTING.function(name="int")
def to_int(x: object) -> object:
    """x in int32, cut towards 0; a plain number stays plain.

    Example: int(-2.7) -> -2
    """
    return int(x) if isinstance(x, (int, float)) and math.isfinite(x) else cast(x, torch.int32)
