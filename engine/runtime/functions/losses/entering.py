"""What all losses share: their register, the reduction and the checks of shapes.

Promise: a shape or a number a loss cannot take is refused in words; on the meta device, where
tensors have no numbers, only shapes are checked. Must not define a loss.
"""

from __future__ import annotations

from typing import Annotated, Final

import torch

from engine.refusal import refused
from engine.runtime.arguments import dtype_name, words
from engine.runtime.foresight import broadcast
from engine.runtime.register import Register

LOSSES: Final = Register()

Reduction = Annotated[str, words("mean", "sum", "none")]


def reduced(parts: torch.Tensor, reduction: str) -> torch.Tensor:
    """The mean, the sum, or the parts themselves."""
    if reduction == "none":
        return parts
    return parts.mean() if reduction == "mean" else parts.sum()


def same_shape(x: torch.Tensor, target: torch.Tensor) -> None:
    """Refuse a target that would be broadcast: (N) and (N, 1) would make (N, N)."""
    if x.shape != target.shape:
        raise refused("loss-shapes", a=tuple(x.shape), b=tuple(target.shape))


def floating(x: torch.Tensor, argument: str) -> None:
    """Refuse whole numbers where slopes are wanted."""
    if not x.is_floating_point():
        raise refused("dtype-unsupported", argument=argument, dtype=dtype_name(x.dtype))


def within(x: torch.Tensor, argument: str, low: float, high: float) -> None:
    """Refuse numbers outside a range; nan passes, so that it is seen in the loss."""
    if x.device.type == "meta" or not x.numel():
        return
    wrong = (x < low) | (x > high)
    if bool(wrong.any()):
        raise refused("argument-range", argument=argument, got=float(x[wrong][0]), low=low,
                      high=high)  # fmt: skip


def fitting_weight(weight: torch.Tensor | None, x: torch.Tensor, argument: str) -> None:
    """Refuse a weight that does not broadcast to the shape of x."""
    if weight is None:
        return
    if broadcast(tuple(x.shape), tuple(weight.shape)) != tuple(x.shape):
        raise refused("wrong-shape", argument=argument, got=tuple(weight.shape),
                      expected=tuple(x.shape))  # fmt: skip
