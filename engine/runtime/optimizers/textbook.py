"""The forms of optimizers that textbooks give and torch.optim does not have.

Promise: each is a real torch.optim.Optimizer, so that it can be stepped, scheduled and looked
into like torch's own; its docstring is its formula. g is the gradient, with L2 decay added where
the decay is not decoupled. Must not be chosen unless it is asked for.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Any

import torch


class _Textbook(torch.optim.Optimizer, ABC):
    """What the forms below have in common: the walk over parameters, L2 and decoupled decay."""

    def __init__(self, params: Any, **options: Any) -> None:
        super().__init__(params, options)

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:  # type: ignore[override]
        loss = None if closure is None else closure()
        for group in self.param_groups:
            for p, g in _gradients(group):
                self._move(p, g, self.state[p], group)
        return loss

    @abstractmethod
    def _move(self, p: Any, g: Any, state: dict[str, Any], group: dict[str, Any]) -> None:
        """One parameter's own step along g."""


def _gradients(group: dict[str, Any]) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    for p in group["params"]:
        if p.grad is None:
            continue
        g = -p.grad if group["maximize"] else p.grad
        decay = group["weight_decay"]
        if group.get("decoupled_weight_decay"):
            p.mul_(1 - group["lr"] * decay)
        elif decay:
            g = g + decay * p
        yield p, g


class DecoupledSGD(torch.optim.SGD):
    """torch's SGD with θ ← (1 - lr λ) θ in the place of g + λ θ."""

    def __init__(self, params: Any, *, decoupled: float, **options: Any) -> None:
        super().__init__(params, **options)
        self.decoupled = decoupled

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:  # type: ignore[override]
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    p.mul_(1 - group["lr"] * self.decoupled)
        return super().step(closure)  # type: ignore[no-any-return]


class VelocitySGD(_Textbook):
    """v ← μ v - lr g; θ ← θ + v, v = 0 at the start.

    With `nesterov` g is to be taken at θ + μ v, which `lookahead` gives.
    """

    def _move(self, p: Any, g: Any, state: dict[str, Any], group: dict[str, Any]) -> None:
        v = state.setdefault("velocity", torch.zeros_like(p))
        v.mul_(group["momentum"]).add_(g, alpha=-group["lr"])
        p.add_(v)

    def lookahead(self, p: torch.Tensor) -> torch.Tensor:
        """Where the gradient of `p` is to be taken."""
        group = self.param_groups[0]
        v = self.state[p].get("velocity") if p in self.state else None
        if not group["nesterov"] or v is None:
            return p.detach()
        ahead: torch.Tensor = p.detach() + group["momentum"] * v
        return ahead


class AveragingSGD(_Textbook):
    """v ← μ v + (1 - μ) g; θ ← θ - lr v, v = 0 at the start."""

    def _move(self, p: Any, g: Any, state: dict[str, Any], group: dict[str, Any]) -> None:
        v = state.setdefault("velocity", torch.zeros_like(p))
        v.mul_(group["momentum"]).add_(g, alpha=1 - group["momentum"])
        p.add_(v, alpha=-group["lr"])


class InsideAdagrad(_Textbook):
    """s ← s + g²; θ ← θ - lr g / √(s + ε)."""

    def _move(self, p: Any, g: Any, state: dict[str, Any], group: dict[str, Any]) -> None:
        start = torch.full_like(p, group["initial_accumulator_value"])
        s = state.setdefault("sum", start).addcmul_(g, g)
        t = state["step"] = state.get("step", 0) + 1
        lr = group["lr"] / (1 + (t - 1) * group["lr_decay"])
        p.addcdiv_(g, (s + group["eps"]).sqrt(), value=-lr)


class InsideRMSprop(_Textbook):
    """s ← α s + (1 - α) g²; θ ← θ - lr g / √(s + ε); centred: √(s - ḡ² + ε).

    With momentum, b ← μ b + g / √(s + ε); θ ← θ - lr b, as torch has it.
    """

    def _move(self, p: Any, g: Any, state: dict[str, Any], group: dict[str, Any]) -> None:
        alpha = group["alpha"]
        s = state.setdefault("square_avg", torch.zeros_like(p))
        s.mul_(alpha).addcmul_(g, g, value=1 - alpha)
        spread = s
        if group["centered"]:
            mean = state.setdefault("grad_avg", torch.zeros_like(p))
            mean.mul_(alpha).add_(g, alpha=1 - alpha)
            spread = s - mean * mean
        move = g / (spread + group["eps"]).sqrt()
        if group["momentum"]:
            buffer = state.setdefault("momentum_buffer", torch.zeros_like(p))
            move = buffer.mul_(group["momentum"]).add_(move)
        state["step"] = state.get("step", 0) + 1
        p.add_(move, alpha=-group["lr"])


class TextbookAdam(_Textbook):
    """m ← β1 m + (1 - β1) g; v ← β2 v + (1 - β2) g²; θ ← θ - lr m / (√v + ε) uncorrected.

    With `eps_hat`: θ ← θ - lr √(1 - β2^t) / (1 - β1^t) · m / (√v + ε).
    """

    def _move(self, p: Any, g: Any, state: dict[str, Any], group: dict[str, Any]) -> None:
        first, second = group["betas"]
        t = state["step"] = state.get("step", 0) + 1
        m = state.setdefault("exp_avg", torch.zeros_like(p))
        v = state.setdefault("exp_avg_sq", torch.zeros_like(p))
        m.mul_(first).add_(g, alpha=1 - first)
        v.mul_(second).addcmul_(g, g, value=1 - second)
        lr = group["lr"]
        if group["eps_hat"]:
            lr *= (1 - second**t) ** 0.5 / (1 - first**t)
        p.addcdiv_(m, v.sqrt().add_(group["eps"]), value=-lr)
