"""Surfaces of two variables on which the ways of optimizers are watched.

Promise: each is a formula of x and y, elementwise on tensors, with a gradient everywhere. Must
not step.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, Final

import torch

from engine.documented import Allowed
from engine.refusal import refused
from engine.runtime import device
from engine.runtime.arguments import Rule, kind_of
from engine.runtime.foresight import check_broadcast
from engine.runtime.optimizers.specs import Signed
from engine.runtime.register import Register

SURFACES: Final = Register()


def _number_or_tensor(value: object, argument: str) -> float | torch.Tensor:
    if isinstance(value, torch.Tensor):
        return value
    if isinstance(value, (bool, int, float)):
        return float(value)
    raise refused("argument-tensor", argument=argument, got=kind_of(value))


Coordinate = Annotated[float | torch.Tensor, Rule(_number_or_tensor, Allowed("tensor"))]


def _tensors(x: Any, y: Any) -> tuple[torch.Tensor, torch.Tensor, bool]:
    """Both as tensors, and whether both were plain numbers."""
    check_broadcast(x, y)
    plain = isinstance(x, float) and isinstance(y, float)
    like = next((v.dtype for v in (x, y) if isinstance(v, torch.Tensor)), torch.float64)
    a, b = (v if isinstance(v, torch.Tensor) else
            torch.tensor(v, dtype=like, device=device.current()) for v in (x, y))  # fmt: skip
    return a, b, plain


def _result(value: torch.Tensor, plain: bool) -> float | torch.Tensor:
    return value.item() if plain else value


@SURFACES.function(method=False)
def ravine(x: Coordinate, y: Coordinate, steepness: Signed = 100.0) -> float | torch.Tensor:
    """A long valley, steep in y and flat in x: ½ (x² + steepness · y²), lowest at (0, 0).

    Plain gradient descent diverges along y for a rate above 2 / steepness.

    Example: ravine(10, 1) -> 100.0
    """
    a, b, plain = _tensors(x, y)
    return _result(0.5 * (a * a + steepness * b * b), plain)


@SURFACES.function(method=False)
def rosenbrock(
    x: Coordinate, y: Coordinate, a: Signed = 1.0, b: Signed = 100.0
) -> float | torch.Tensor:
    """A bent valley with a flat floor: (a - x)² + b (y - x²)², lowest at (a, a²).

    Source: Rosenbrock 1960
    Example: rosenbrock(-1, 1) -> 4.0
    """
    first, second, plain = _tensors(x, y)
    bend = second - first * first
    return _result((a - first) * (a - first) + b * bend * bend, plain)


@SURFACES.function(method=False)
def saddle(x: Coordinate, y: Coordinate) -> float | torch.Tensor:
    """A pass between two hills: x² - y², flat at (0, 0) and lowest nowhere.

    From a start with y = 0 exactly, gradient descent stops at the pass.

    Example: saddle(1, 2) -> -3.0
    """
    a, b, plain = _tensors(x, y)
    return _result(a * a - b * b, plain)


@SURFACES.function(method=False)
def rings(x: Coordinate, y: Coordinate) -> float | torch.Tensor:
    """A bowl with ring-shaped furrows: r² / 10 + 1 - cos(2 π r), r = √(x² + y²), lowest at (0, 0).

    Around the lowest point lie rings of local minima, near r = 1, 2, 3 and so on.

    Example: round(rings(0.6, 0.8), 9) -> 0.1
    """
    a, b, plain = _tensors(x, y)
    square = a * a + b * b
    away = square != 0  # the root has no gradient at 0, where the surface is flat
    r = torch.where(away, square, torch.ones_like(square)).sqrt()
    wave = torch.where(away, 1 - torch.cos(2 * math.pi * r), torch.zeros_like(square))
    return _result(square / 10 + wave, plain)
