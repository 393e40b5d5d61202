"""Losses of a margin: hinge, exponential, ranking, triplets and pairs.

Promise: labels are -1 and 1 where a loss has labels; another label is not refused, so that its
effect can be measured. Must not take probabilities.
"""

from __future__ import annotations

from typing import Annotated

import torch
from torch.nn import functional

from engine.refusal import refused
from engine.runtime.arguments import Flag, Positively, Real, Values, real, whole
from engine.runtime.functions.losses.classes import check_numbers, check_scores
from engine.runtime.functions.losses.entering import (
    LOSSES,
    Reduction,
    floating,
    reduced,
    same_shape,
)


@LOSSES.function()
def hinge_loss(
    x: Values,
    target: Values,
    reduction: Reduction = "mean",
    margin: Real = 1.0,
    squared: Flag = False,
) -> torch.Tensor:
    """The mean of max(0, margin - target x), targets -1 and 1: x is a score.

    Any shape, the same for both. A right sign still costs until the margin is reached; a target
    of 0 costs the margin whatever the score. squared=True takes the squares of the parts.
    Source: formula of the support vector machine (Cortes and Vapnik 1995).
    Example: hinge_loss(tensor([0.8, -1.5, -0.3, 0.2]), tensor([1., -1., 1., -1.])) -> tensor(0.675,
    dtype=float32)
    """
    same_shape(x, target)
    parts = torch.clamp(margin - target * x, min=0.0)
    return reduced(parts**2 if squared else parts, reduction)


@LOSSES.function()
def exponential_loss(x: Values, target: Values, reduction: Reduction = "mean") -> torch.Tensor:
    """The mean of exp(-target x), targets -1 and 1: x is a score.

    Any shape, the same for both. Common code takes the sum: reduction="sum".
    Source: formula of AdaBoost (Freund and Schapire 1997).
    Example: exponential_loss(tensor([0.8, -1.5, -0.3, 0.2]), tensor([1., -1., 1., -1.]), "sum") ->
    tensor(3.2437205, dtype=float32)
    """
    same_shape(x, target)
    return reduced(torch.exp(-target * x), reduction)


@LOSSES.function()
def hinge_embedding_loss(
    x: Values, target: Values, margin: Real = 1.0, reduction: Reduction = "mean"
) -> torch.Tensor:
    """The mean of x where the target is 1, of max(0, margin - x) where it is -1: x is a distance.

    Any shape, the same for both. It is not the hinge loss of a score: that is hinge_loss.
    Source: formula of torch.nn.HingeEmbeddingLoss.
    Example: hinge_embedding_loss(tensor([0.3, 0.3]), tensor([1., -1.]), reduction="none") ->
    tensor([0.3, 0.7], dtype=float32)
    """
    same_shape(x, target)
    return functional.hinge_embedding_loss(x, target, margin=margin, reduction=reduction)


@LOSSES.function()
def multi_margin_loss(
    x: Values,
    target: Values,
    p: Annotated[int, whole(1, 2)] = 1,
    margin: Real = 1.0,
    weight: Values | None = None,
    reduction: Reduction = "mean",
) -> torch.Tensor:
    """The mean over rows of Σ max(0, margin - x[target] + x[i])^p / C over the other classes.

    x is (N, C) or (C), target class numbers (N) or one number. weight (C) is one factor per class.
    Source: formula of torch.nn.MultiMarginLoss; the multi-class hinge loss, divided by C.
    Example: multi_margin_loss(tensor([[0.1, 0.2, 0.4]]), tensor([2])) -> tensor(0.5, dtype=float32)
    """
    if x.dim() not in (1, 2):
        raise refused("loss-classes-axis", shape=tuple(x.shape))
    classes = check_scores(x, weight)
    check_numbers(x, target, classes, None)
    factor = None if weight is None else weight.to(device=x.device, dtype=x.dtype)
    return functional.multi_margin_loss(
        x, target.long(), p=p, margin=margin, weight=factor, reduction=reduction
    )


@LOSSES.function()
def margin_ranking_loss(
    x1: Values, x2: Values, target: Values, margin: Real = 0.0, reduction: Reduction = "mean"
) -> torch.Tensor:
    """The mean of max(0, margin - target (x1 - x2)): target 1 wants x1 above x2, -1 below.

    Any shape, the same for all three.
    Source: formula of torch.nn.MarginRankingLoss.
    Example: margin_ranking_loss(tensor([1.]), tensor([3.]), tensor([1.])) -> tensor(2.0,
    dtype=float32)
    """
    same_shape(x1, x2)
    same_shape(x1, target)
    return functional.margin_ranking_loss(x1, x2, target, margin=margin, reduction=reduction)


@LOSSES.function()
def triplet_margin_loss(
    anchor: Values,
    positive: Values,
    negative: Values,
    margin: Positively = 1.0,
    p: Annotated[float, real(0.0)] = 2.0,
    eps: Positively = 1e-6,
    swap: Flag = False,
    reduction: Reduction = "mean",
) -> torch.Tensor:
    """The mean of max(0, d(anchor, positive) - d(anchor, negative) + margin), d a p-norm distance.

    (N, D) or (D), the same for all three. eps is added to every difference, as PyTorch does;
    eps=0 is the formula itself. swap=True takes d(positive, negative) where that is smaller.
    Source: Schroff 2015, FaceNet (with squared distances there).
    Example: triplet_margin_loss(tensor([0., 0.]), tensor([3., 4.]), tensor([0., 1.]), eps=0.) ->
    tensor(5.0, dtype=float32)
    """
    same_shape(anchor, positive)
    same_shape(anchor, negative)
    floating(anchor, "anchor")
    return functional.triplet_margin_loss(
        anchor, positive, negative, margin=margin, p=p, eps=eps, swap=swap, reduction=reduction
    )


@LOSSES.function()
def contrastive_loss(
    distance: Values, target: Values, margin: Positively = 1.0, reduction: Reduction = "mean"
) -> torch.Tensor:
    """The mean of ½ d² for pairs of one kind (target 1), of ½ max(0, margin - d)² for others (0).

    Any shape, the same for both; distance is not negative.
    Source: Hadsell 2006 (there 0 marks a pair of one kind).
    Example: contrastive_loss(tensor([0.5, 0.5]), tensor([1., 0.]), margin=2., reduction="none") ->
    tensor([0.125, 1.125], dtype=float32)
    """
    same_shape(distance, target)
    alike = target.to(distance.dtype)
    apart = torch.clamp(margin - distance, min=0.0)
    return reduced((alike * distance**2 + (1 - alike) * apart**2) / 2, reduction)
