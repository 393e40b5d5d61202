"""Clipping of gradients, by norm and by value.

Promise: torch.nn.utils' own functions on copies of the gradients. Must not step.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

import torch
from torch.nn import utils

from engine import limits
from engine.documented import Allowed
from engine.library import Group
from engine.refusal import over_limit, refused
from engine.runtime.arguments import Rule, real
from engine.runtime.optimizers.specs import Amount, finite
from engine.runtime.optimizers.stepping import number_or_tensor
from engine.runtime.register import Register

CLIPPING: Final = Register()
_TORCH_EPS: Final = 1e-6


def _together(value: object, argument: str) -> tuple[torch.Tensor, ...] | torch.Tensor:
    """One gradient, or the gradients of several parameters in brackets."""
    if isinstance(value, (tuple, list)) and any(isinstance(g, torch.Tensor) for g in value):
        if len(value) > limits.NETWORK_MODULES:
            raise over_limit("argument-too-large", argument=argument, got=len(value),
                             high=limits.NETWORK_MODULES)  # fmt: skip
        return tuple(_one(part, argument) for part in value)
    return _one(value, argument)


def _one(value: object, argument: str) -> torch.Tensor:
    found = number_or_tensor(value, argument)
    assert isinstance(found, torch.Tensor)
    return found


def _order(value: object, argument: str) -> float:
    """A positive number, or inf for the largest absolute value."""
    found = real(0.0)(value, argument)
    assert isinstance(found, (int, float))
    if not found > 0:
        raise refused("argument-range", argument=argument, got=found, low=0, high="inf")
    return float(found)


Together = Annotated[
    torch.Tensor | tuple[torch.Tensor, ...], Rule(_together, Allowed("tensor"))
]  # fmt: skip
Order = Annotated[float, Rule(_order, Allowed("real", "0"))]
Most = Annotated[float, finite(0.0)]


def _parts(grads: Any) -> tuple[torch.Tensor, ...]:
    return grads if isinstance(grads, tuple) else (grads,)


def _as_given(grads: Any, clipped: list[torch.Tensor]) -> Any:
    return tuple(clipped) if isinstance(grads, tuple) else clipped[0]


@CLIPPING.function(Group.MEASURE, also=("get_total_norm",))
def grad_norm(grads: Together, norm_type: Order = 2.0) -> float:
    """The norm of all gradients as if they were one vector: what torch's clip_grad_norm_ returns.

    norm_type=inf is the largest absolute value.

    Source: torch.nn.utils.get_total_norm
    Example: grad_norm(tensor([3.0, 4.0])) -> 5.0
    Example: grad_norm((tensor([3.0]), tensor([[4.0]]))) -> 5.0
    """
    parts = _parts(grads)
    if not any(part.numel() for part in parts):
        return 0.0
    return float(utils.get_total_norm(parts, norm_type, foreach=False))


@CLIPPING.function(method=False)
def clip_grad_norm(
    grads: Together, max_norm: Most, norm_type: Order = 2.0, eps: Amount = _TORCH_EPS
) -> torch.Tensor | tuple[torch.Tensor, ...]:
    """Gradients scaled down together where their norm is above max_norm; the direction stays.

    Torch: g · min(1, max_norm / (‖g‖ + 1e-6)). eps=0 is the textbook's min(1, max_norm / ‖g‖).
    Several gradients in brackets count as one vector; they come back in brackets. A norm of
    infinity or NaN makes every gradient 0 or NaN, as in torch.

    Source: Pascanu, Mikolov, Bengio 2013, arXiv:1211.5063; torch.nn.utils.clip_grad_norm_
    Example: clip_grad_norm(tensor([3.0, 4.0]), 2.5, eps=0) -> tensor([1.5, 2.0], dtype=float32)
    """
    parts = [part.clone() for part in _parts(grads)]
    if not any(part.numel() for part in parts):
        return grads
    total = utils.get_total_norm(parts, norm_type, foreach=False)
    if eps != _TORCH_EPS:
        if total + eps != 0:
            scale = (max_norm / (total + eps)).clamp(max=1.0)
            for part in parts:
                part.mul_(scale.to(part.dtype))
        return _as_given(grads, parts)  # type: ignore[no-any-return]
    holders = _holders(parts)
    utils.clip_grads_with_norm_(holders, max_norm, total, foreach=False)
    return _as_given(grads, [_gradient(holder) for holder in holders])  # type: ignore[no-any-return]


@CLIPPING.function(method=False)
def clip_grad_value(grads: Together, clip_value: Most) -> torch.Tensor | tuple[torch.Tensor, ...]:
    """Gradients with every element cut to [-clip_value, clip_value]; the direction may change.

    Source: torch.nn.utils.clip_grad_value_
    Example: clip_grad_value(tensor([3.0, 0.5]), 1.0) -> tensor([1.0, 0.5], dtype=float32)
    """
    holders = _holders([part.clone() for part in _parts(grads)])
    utils.clip_grad_value_(holders, clip_value, foreach=False)
    return _as_given(grads, [_gradient(holder) for holder in holders])  # type: ignore[no-any-return]


def _holders(grads: list[torch.Tensor]) -> list[torch.Tensor]:
    """Parameters that have these gradients: torch clips the gradients of parameters."""
    holders = [torch.empty_like(grad).requires_grad_() for grad in grads]
    for holder, grad in zip(holders, grads, strict=True):
        holder.grad = grad
    return holders


def _gradient(holder: torch.Tensor) -> torch.Tensor:
    if holder.grad is None:
        raise refused("argument-tensor", argument="grads", got="@none")
    return holder.grad
