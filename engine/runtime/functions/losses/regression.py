"""Losses of numbers: squares, amounts, logarithms and percentages of the error.

Promise: prediction and target have one shape; nothing is broadcast. Where torch has no such loss,
the formula of the textbooks, with the safeguards of common code as arguments. Must not know
classes.
"""

from __future__ import annotations

import math
from typing import Annotated

import torch
from torch.nn import functional

from engine.runtime.arguments import Flag, Positively, Probability, Values, real
from engine.runtime.functions.losses.entering import (
    LOSSES,
    Reduction,
    floating,
    reduced,
    same_shape,
    within,
)

AboveZero = Annotated[float, real(1e-12)]


@LOSSES.function()
def mse_loss(
    x: Values, target: Values, reduction: Reduction = "mean", half: Flag = False
) -> torch.Tensor:
    """The mean of (x - target)².

    Any shape, the same for both. reduction="sum" gives the sum of squares (SSE), half=True the
    textbooks' ½ Σ (x - target)², whose slope is x - target.
    Source: formula: 1/n Σ (x - t)², slope 2 (x - t) / n.
    Example: mse_loss(tensor([2.5, 0., 2., 8.]), tensor([3., -0.5, 2., 7.])) -> tensor(0.375,
    dtype=float32)
    Example: mse_loss(tensor([2.5, 0., 2., 8.]), tensor([3., -0.5, 2., 7.]), "sum", half=True) ->
    tensor(0.75, dtype=float32)
    """
    same_shape(x, target)
    loss = functional.mse_loss(x, target, reduction=reduction)
    return loss / 2 if half else loss


@LOSSES.function()
def l1_loss(x: Values, target: Values, reduction: Reduction = "mean") -> torch.Tensor:
    """The mean of |x - target|, the mean absolute error (MAE).

    Any shape, the same for both. Its slope is ±1/n, however large the error; 0 where there is none.
    Source: formula: 1/n Σ |x - t|.
    Example: l1_loss(tensor([1., 2., 6.]), tensor([1., 3., 3.])) -> tensor(1.3333334, dtype=float32)
    """
    same_shape(x, target)
    return functional.l1_loss(x, target, reduction=reduction)


@LOSSES.function()
def msle_loss(
    x: Values, target: Values, reduction: Reduction = "mean", clip: Positively | None = None
) -> torch.Tensor:
    """The mean of (log(1 + x) - log(1 + target))², the mean squared logarithmic error.

    Any shape, the same for both; for numbers above -1 (nan below). clip=1e-5 raises both to at
    least 1e-5 first, as common code does: negative predictions then get no gradient.
    Source: formula: 1/n Σ (log(1 + x) - log(1 + t))², natural logarithms.
    Example: msle_loss(tensor([50.]), tensor([100.])) -> tensor(0.46689174, dtype=float32)
    Example: msle_loss(tensor([-5.]), tensor([100.]), clip=1e-5) -> tensor(21.299244, dtype=float32)
    """
    same_shape(x, target)
    if clip is not None:
        x, target = torch.clamp(x, min=clip), torch.clamp(target, min=clip)
    return reduced((torch.log1p(x) - torch.log1p(target)) ** 2, reduction)


@LOSSES.function()
def mape_loss(
    x: Values,
    target: Values,
    reduction: Reduction = "mean",
    clip: Positively | None = None,
    percent: Flag = True,
) -> torch.Tensor:
    """100 times the mean of |x - target| / |target|, the mean absolute percentage error.

    Any shape, the same for both; inf where a target is 0. clip=1e-5 divides by at least 1e-5, as
    common code does. percent=False leaves the factor 100 out.
    Source: formula: 100/n Σ |(x - t) / t|.
    Example: mape_loss(tensor([110., 180.]), tensor([100., 200.])) -> tensor(10.0, dtype=float32)
    """
    same_shape(x, target)
    truth = target.abs()
    if clip is not None:
        truth = torch.clamp(truth, min=clip)
    loss = reduced((x - target).abs() / truth, reduction)
    return 100 * loss if percent else loss


@LOSSES.function()
def smooth_l1_loss(
    x: Values, target: Values, reduction: Reduction = "mean", beta: Positively = 1.0
) -> torch.Tensor:
    """Half a square within beta, linear beyond: ½ e² / beta where |e| < beta, else |e| - beta / 2.

    Any shape, the same for both. The slope is at most 1; beta=0 is l1_loss.
    Source: Girshick 2015, Fast R-CNN.
    Example: smooth_l1_loss(tensor([0.5, 2.]), tensor([0., 0.]), "none") -> tensor([0.125, 1.5],
    dtype=float32)
    """
    same_shape(x, target)
    return functional.smooth_l1_loss(x, target, reduction=reduction, beta=beta)


@LOSSES.function()
def huber_loss(
    x: Values, target: Values, reduction: Reduction = "mean", delta: AboveZero = 1.0
) -> torch.Tensor:
    """Half a square within delta, delta (|e| - delta / 2) beyond.

    Any shape, the same for both. The slope is at most delta either way. With beta=delta
    smooth_l1_loss is this divided by delta.
    Source: Huber 1964.
    Example: huber_loss(tensor([0.5, 3.]), tensor([0., 0.]), "none", delta=2.) -> tensor([0.125,
    4.0], dtype=float32)
    """
    same_shape(x, target)
    return functional.huber_loss(x, target, reduction=reduction, delta=delta)


@LOSSES.function()
def poisson_nll_loss(
    x: Values,
    target: Values,
    log_input: Flag = True,
    full: Flag = False,
    eps: Positively = 1e-8,
    reduction: Reduction = "mean",
) -> torch.Tensor:
    """The mean of exp(x) - target x, for counts: x is the logarithm of the expected count.

    Any shape, the same for both. log_input=False takes the expected count itself:
    x - target log(x + eps). full=True adds Stirling's term for log(target!).
    Source: formula: -log of the Poisson probability of target, without log(target!).
    Example: poisson_nll_loss(tensor([0., 1.]), tensor([1., 2.]), reduction="none") -> tensor([1.0,
    0.71828175], dtype=float32)
    """
    same_shape(x, target)
    floating(x, "x")
    return functional.poisson_nll_loss(
        x, target, log_input=log_input, full=full, eps=eps, reduction=reduction
    )


@LOSSES.function()
def gaussian_nll_loss(
    x: Values,
    target: Values,
    var: Values,
    full: Flag = False,
    eps: AboveZero = 1e-6,
    reduction: Reduction = "mean",
) -> torch.Tensor:
    """The mean of ½ (log(var) + (x - target)² / var): x is a mean, var the variance beside it.

    Any shape, the same for all three. var is raised to at least eps; full=True adds ½ log(2π).
    Source: Nix and Weigend 1994.
    Example: gaussian_nll_loss(tensor([1.]), tensor([3.]), tensor([4.])) -> tensor(1.1931472,
    dtype=float32)
    """
    same_shape(x, target)
    same_shape(x, var)
    floating(x, "x")
    within(var, "var", 0.0, math.inf)
    raised = var + (torch.clamp(var, min=eps) - var).detach()
    parts = (raised.log() + (x - target) ** 2 / raised) / 2
    return reduced(parts + math.log(2 * math.pi) / 2 if full else parts, reduction)


@LOSSES.function()
def quantile_loss(
    x: Values, target: Values, q: Probability, reduction: Reduction = "mean"
) -> torch.Tensor:
    """The mean of max(q (target - x), (q - 1) (target - x)): smallest at the q-quantile.

    Any shape, the same for both. q=0.5 is half the mean absolute error.
    Source: Koenker and Bassett 1978.
    Example: quantile_loss(tensor([1., 5.]), tensor([3., 3.]), 0.9, "none") -> tensor([1.8, 0.2],
    dtype=float32)
    """
    same_shape(x, target)
    error = target - x
    return reduced(torch.maximum(q * error, (q - 1) * error), reduction)
