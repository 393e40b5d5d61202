"""Losses of two classes: binary cross-entropy and the logistic loss.

Promise: targets 0 and 1 for binary cross-entropy, -1 and 1 for the logistic loss unless told; a
wrong label is not refused, so that its effect can be measured. Must not know more classes.
"""

from __future__ import annotations

from typing import Annotated

import torch
from torch.nn import functional

from engine.runtime.arguments import Flag, Values, words
from engine.runtime.functions.losses.entering import (
    LOSSES,
    Reduction,
    fitting_weight,
    floating,
    reduced,
    same_shape,
    within,
)


@LOSSES.function()
def binary_cross_entropy(
    x: Values,
    target: Values,
    weight: Values | None = None,
    reduction: Reduction = "mean",
    cut: Flag = True,
) -> torch.Tensor:
    """The mean of -(t log x + (1 - t) log(1 - x)): x holds probabilities, t is the target.

    Any shape, the same for both; weight broadcasts to it. PyTorch cuts the logarithms at -100, so
    that a certain mistake costs 100; cut=False is the formula itself: inf.
    Source: formula, natural logarithms.
    Example: binary_cross_entropy(tensor([0.9, 0.1]), tensor([1., 1.]), reduction="none") ->
    tensor([0.105360545, 2.3025851], dtype=float32)
    Example: binary_cross_entropy(tensor([0.]), tensor([1.]), cut=False) -> tensor(inf,
    dtype=float32)
    """
    same_shape(x, target)
    fitting_weight(weight, x, "weight")
    floating(x, "x")
    within(x, "x", 0.0, 1.0)
    target = target.to(x.dtype)
    if cut:
        return functional.binary_cross_entropy(x, target, weight, reduction=reduction)
    hit = torch.where(target == 0, 1.0, x).log() * target
    miss = torch.where(target == 1, 1.0, 1 - x).log() * (1 - target)
    parts = -(hit + miss)
    return reduced(parts if weight is None else parts * weight, reduction)


@LOSSES.function()
def binary_cross_entropy_with_logits(
    x: Values,
    target: Values,
    weight: Values | None = None,
    reduction: Reduction = "mean",
    pos_weight: Values | None = None,
) -> torch.Tensor:
    """Binary cross-entropy of sigmoid(x), without overflow: x holds logits.

    Any shape, the same for both; weight and pos_weight broadcast to it. pos_weight multiplies the
    part of targets that are 1.
    Source: formula; slope sigmoid(x) - target, divided by n for the mean.
    Example: binary_cross_entropy_with_logits(tensor([0., 9.]), tensor([1., 0.])) ->
    tensor(4.846635, dtype=float32)
    """
    same_shape(x, target)
    fitting_weight(weight, x, "weight")
    fitting_weight(pos_weight, x, "pos_weight")
    floating(x, "x")
    return functional.binary_cross_entropy_with_logits(
        x, target.to(x.dtype), weight, reduction=reduction, pos_weight=pos_weight
    )


@LOSSES.function(also=("soft_margin_loss",))
def logistic_loss(
    x: Values,
    target: Values,
    reduction: Reduction = "mean",
    labels: Annotated[str, words("signs", "bits")] = "signs",
) -> torch.Tensor:
    """The mean of log(1 + exp(-target x)), targets -1 and 1: x is a score (a logit).

    Any shape, the same for both; large scores do not overflow. labels="bits" reads targets 0 and 1:
    binary cross-entropy with logits. Both forms agree: bit b is the sign 2 b - 1. A target of 0
    among signs costs log 2, whatever the score.
    Source: formula, natural logarithms.
    Example: logistic_loss(tensor([2., -5.]), tensor([1., 1.]), "none") -> tensor([0.12692802,
    5.0067153], dtype=float32)
    """
    same_shape(x, target)
    floating(x, "x")
    if labels == "signs":
        return reduced(-functional.logsigmoid(target.to(x.dtype) * x), reduction)
    return functional.binary_cross_entropy_with_logits(x, target.to(x.dtype), reduction=reduction)
