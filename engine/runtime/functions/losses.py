"""Losses: how far predictions are from targets.

Promise: PyTorch's definitions; classes are int64, the mean over the batch unless told. Must not
train.
"""

from __future__ import annotations

from typing import Annotated, Final

import torch
from torch.nn import functional

from engine.refusal import refused
from engine.runtime.arguments import Positively, Probability, Values, words
from engine.runtime.register import Register

LOSSES: Final = Register()
Reduction = Annotated[str, words("mean", "sum", "none")]


def _same_shape(x: torch.Tensor, target: torch.Tensor) -> None:
    if x.shape != target.shape:
        raise refused("loss-shapes", a=tuple(x.shape), b=tuple(target.shape))


def _check_classes(x: torch.Tensor, target: torch.Tensor) -> None:
    """Classes below the number of scores; probabilities may stand instead of classes."""
    if target.is_floating_point() or not target.numel() or x.dim() < 1:
        return
    classes = x.shape[0 if x.dim() == 1 else 1]
    if not 0 <= int(target.min()) <= int(target.max()) < classes:
        raise refused("class-out-of-range", argument="target", classes=classes)


@LOSSES.function()
def cross_entropy(
    x: Values,
    target: Values,
    reduction: Reduction = "mean",
    label_smoothing: Probability = 0.0,
) -> torch.Tensor:
    """Logits (N, C), classes (N): the mean of -log_softmax(x)[target]. Expects logits."""
    _check_classes(x, target)
    return functional.cross_entropy(x, target, reduction=reduction,
                                    label_smoothing=label_smoothing)  # fmt: skip


@LOSSES.function()
def nll_loss(x: Values, target: Values, reduction: Reduction = "mean") -> torch.Tensor:
    """Log probabilities (N, C), classes (N): the mean of -x[target]."""
    _check_classes(x, target)
    return functional.nll_loss(x, target, reduction=reduction)


@LOSSES.function()
def mse_loss(x: Values, target: Values, reduction: Reduction = "mean") -> torch.Tensor:
    """The mean of (x - target)²."""
    _same_shape(x, target)
    return functional.mse_loss(x, target, reduction=reduction)


@LOSSES.function()
def l1_loss(x: Values, target: Values, reduction: Reduction = "mean") -> torch.Tensor:
    """The mean of |x - target|."""
    _same_shape(x, target)
    return functional.l1_loss(x, target, reduction=reduction)


@LOSSES.function()
def smooth_l1_loss(
    x: Values, target: Values, reduction: Reduction = "mean", beta: Positively = 1.0
) -> torch.Tensor:
    """Half a square within beta, linear beyond."""
    _same_shape(x, target)
    return functional.smooth_l1_loss(x, target, reduction=reduction, beta=beta)


@LOSSES.function()
def binary_cross_entropy(x: Values, target: Values, reduction: Reduction = "mean") -> torch.Tensor:
    """Probabilities: the mean of -(t log x + (1 - t) log(1 - x)), logarithms cut at -100."""
    _same_shape(x, target)
    if x.numel() and not 0 <= float(x.min()) <= float(x.max()) <= 1:
        raise refused("argument-range", argument="x", got="", low=0, high=1)
    return functional.binary_cross_entropy(x, target, reduction=reduction)


@LOSSES.function()
def binary_cross_entropy_with_logits(
    x: Values, target: Values, reduction: Reduction = "mean"
) -> torch.Tensor:
    """Logits: binary cross-entropy of sigmoid(x), without overflow."""
    _same_shape(x, target)
    return functional.binary_cross_entropy_with_logits(x, target, reduction=reduction)


@LOSSES.function()
def kl_div(x: Values, target: Values, reduction: Reduction = "sum") -> torch.Tensor:
    """Log probabilities x, probabilities target: target (log target - x), summed unless told."""
    _same_shape(x, target)
    return functional.kl_div(x, target, reduction=reduction)
