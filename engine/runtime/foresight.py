"""Sizes and work foreseen, so that what is too large is refused before torch allocates it.

Promise: pure functions of shapes; each returns nothing or raises `Refused`. Must not compute with
tensors.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch

from engine import limits
from engine.refusal import over_limit, refused


def check_elements(shape: Sequence[int], high: int = limits.ELEMENTS) -> None:
    """Refuse a real tensor of that shape before it is allocated."""
    if len(shape) > limits.DIMENSIONS:
        raise over_limit("too-many-dimensions", got=len(shape), high=limits.DIMENSIONS)
    elements = math.prod(max(1, side) for side in shape)
    if elements > high:
        raise over_limit("too-many-elements", got=elements, high=high)


def check_broadcast(*operands: object) -> None:
    """Refuse operands whose shapes do not go together or whose result would be too large."""
    shapes = [tuple(x.shape) for x in operands if isinstance(x, torch.Tensor)]
    if len(shapes) < 2:
        return
    result = shapes[0]
    for shape in shapes[1:]:
        result = broadcast(result, shape)
    check_elements(result)


def broadcast(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of two shapes together: from the right, sides are equal or 1."""
    width = max(len(a), len(b))
    left, right = (1,) * (width - len(a)) + a, (1,) * (width - len(b)) + b
    sides: list[int] = []
    for x, y in zip(left, right, strict=True):
        if x != y and 1 not in (x, y):
            raise refused("shapes-do-not-broadcast", a=a, b=b)
        sides.append(y if x == 1 else x)
    return tuple(sides)


def check_copies(elements: int) -> None:
    """Refuse a product for which torch would copy more than twice the largest tensor."""
    if elements > 2 * limits.ELEMENTS:
        raise over_limit("too-much-work", got=elements, high=2 * limits.ELEMENTS)


def check_work(macs: int) -> None:
    """Refuse a real product of more multiply-accumulates than the limit."""
    if macs > limits.MATMUL_MACS:
        raise over_limit("too-much-work", got=macs, high=limits.MATMUL_MACS)
