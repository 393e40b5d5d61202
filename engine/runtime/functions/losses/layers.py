"""Losses as layers: PyTorch's classes, called on a prediction and its target.

Promise: each computes what the function of the same loss computes; a class weight is no
parameter. Must not define a loss of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import torch
from torch import nn

from engine.refusal import refused
from engine.runtime.arguments import (
    Flag,
    Integer,
    Positively,
    Probability,
    Real,
    Values,
    real,
    whole,
    words,
)
from engine.runtime.functions.losses import classes, comparing, margins, regression, two_classes
from engine.runtime.functions.losses.entering import LOSSES, Reduction
from engine.runtime.functions.losses.regression import AboveZero


class Criterion(nn.Module):
    """A loss with its settings, for `inputs` tensors."""

    def __init__(self, loss: Callable[..., torch.Tensor], inputs: int, **settings: Any) -> None:
        super().__init__()
        self.loss = loss
        self.inputs = inputs
        self.settings = settings

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        if len(inputs) != self.inputs:
            raise refused("loss-inputs", expected=self.inputs, got=len(inputs))
        place = inputs[0].device
        settings = {
            name: value.to(place) if isinstance(value, torch.Tensor) else value
            for name, value in self.settings.items()
        }
        return self.loss(*inputs, **settings)


def _pair(loss: Callable[..., torch.Tensor], **settings: Any) -> Criterion:
    return Criterion(loss, 2, **settings)


@LOSSES.layer("MSELoss")
def mse(reduction: Reduction = "mean") -> nn.Module:
    """Prediction and target, one shape -> the mean of (x - target)².

    Example: MSELoss()(tensor([1., 2.]), tensor([0., 0.])) -> tensor(2.5, dtype=float32)
    """
    return _pair(regression.mse_loss, reduction=reduction)


@LOSSES.layer("L1Loss")
def l1(reduction: Reduction = "mean") -> nn.Module:
    """Prediction and target, one shape -> the mean of |x - target|.

    Example: L1Loss()(tensor([1., 2.]), tensor([0., 0.])) -> tensor(1.5, dtype=float32)
    """
    return _pair(regression.l1_loss, reduction=reduction)


@LOSSES.layer("SmoothL1Loss")
def smooth_l1(reduction: Reduction = "mean", beta: Positively = 1.0) -> nn.Module:
    """Prediction and target, one shape -> half a square within beta, linear beyond.

    Example: SmoothL1Loss()(tensor([2.]), tensor([0.])) -> tensor(1.5, dtype=float32)
    """
    return _pair(regression.smooth_l1_loss, reduction=reduction, beta=beta)


@LOSSES.layer("HuberLoss")
def huber(reduction: Reduction = "mean", delta: AboveZero = 1.0) -> nn.Module:
    """Prediction and target, one shape -> half a square within delta, slope delta beyond.

    Example: HuberLoss(delta=2.)(tensor([3.]), tensor([0.])) -> tensor(4.0, dtype=float32)
    """
    return _pair(regression.huber_loss, reduction=reduction, delta=delta)


@LOSSES.layer("PoissonNLLLoss")
def poisson_nll(
    log_input: Flag = True,
    full: Flag = False,
    eps: Positively = 1e-8,
    reduction: Reduction = "mean",
) -> nn.Module:
    """Logarithms of expected counts and counts, one shape -> the mean of exp(x) - target x.

    Example: PoissonNLLLoss()(tensor([0.]), tensor([1.])) -> tensor(1.0, dtype=float32)
    """
    return _pair(regression.poisson_nll_loss, log_input=log_input, full=full, eps=eps,
                 reduction=reduction)  # fmt: skip


@LOSSES.layer("GaussianNLLLoss")
def gaussian_nll(
    full: Flag = False, eps: AboveZero = 1e-6, reduction: Reduction = "mean"
) -> nn.Module:
    """Means, targets and variances, one shape -> ½ (log(var) + (x - target)² / var), the mean.

    Example: GaussianNLLLoss()(tensor([1.]), tensor([3.]), tensor([4.])) -> tensor(1.1931472,
    dtype=float32)
    """
    return Criterion(regression.gaussian_nll_loss, 3, full=full, eps=eps, reduction=reduction)


@LOSSES.layer("CrossEntropyLoss")
def cross_entropy(
    weight: Values | None = None,
    ignore_index: Integer = -100,
    reduction: Reduction = "mean",
    label_smoothing: Probability = 0.0,
) -> nn.Module:
    """Logits (N, C) and class numbers (N) -> the mean of -log softmax(x)[target].

    Example: CrossEntropyLoss()(tensor([[1., 2., 3.]]), tensor([2])) -> tensor(0.40760595,
    dtype=float32)
    """
    return _pair(classes.cross_entropy, weight=weight, ignore_index=ignore_index,
                 reduction=reduction, label_smoothing=label_smoothing)  # fmt: skip


@LOSSES.layer("NLLLoss")
def nll(
    weight: Values | None = None, ignore_index: Integer = -100, reduction: Reduction = "mean"
) -> nn.Module:
    """Log probabilities (N, C) and class numbers (N) -> the mean of -x[target].

    Example: NLLLoss()(log(tensor([[0.1, 0.3, 0.6]])), tensor([2])) -> tensor(0.5108256,
    dtype=float32)
    """
    return _pair(classes.nll_loss, weight=weight, ignore_index=ignore_index, reduction=reduction)


@LOSSES.layer("BCELoss")
def bce(weight: Values | None = None, reduction: Reduction = "mean") -> nn.Module:
    """Probabilities and targets 0 or 1, one shape -> binary cross-entropy, logarithms cut at -100.

    Example: BCELoss()(tensor([0.9]), tensor([1.])) -> tensor(0.105360545, dtype=float32)
    """
    return _pair(two_classes.binary_cross_entropy, weight=weight, reduction=reduction)


@LOSSES.layer("BCEWithLogitsLoss")
def bce_with_logits(
    weight: Values | None = None,
    reduction: Reduction = "mean",
    pos_weight: Values | None = None,
) -> nn.Module:
    """Logits and targets 0 or 1, one shape -> binary cross-entropy of sigmoid(x).

    Example: BCEWithLogitsLoss()(tensor([0.]), tensor([1.])) -> tensor(0.6931472, dtype=float32)
    """
    return _pair(two_classes.binary_cross_entropy_with_logits, weight=weight,
                 reduction=reduction, pos_weight=pos_weight)  # fmt: skip


@LOSSES.layer("SoftMarginLoss")
def soft_margin(reduction: Reduction = "mean") -> nn.Module:
    """Scores and targets -1 or 1, one shape -> the mean of log(1 + exp(-target x)).

    Example: SoftMarginLoss()(tensor([2.]), tensor([1.])) -> tensor(0.12692802, dtype=float32)
    """
    return _pair(two_classes.logistic_loss, reduction=reduction)


@LOSSES.layer("HingeEmbeddingLoss")
def hinge_embedding(margin: Real = 1.0, reduction: Reduction = "mean") -> nn.Module:
    """Distances and targets -1 or 1, one shape -> x, or max(0, margin - x) where -1; the mean.

    Example: HingeEmbeddingLoss()(tensor([0.3]), tensor([-1.])) -> tensor(0.7, dtype=float32)
    """
    return _pair(margins.hinge_embedding_loss, margin=margin, reduction=reduction)


@LOSSES.layer("MultiMarginLoss")
def multi_margin(
    p: Annotated[int, whole(1, 2)] = 1,
    margin: Real = 1.0,
    weight: Values | None = None,
    reduction: Reduction = "mean",
) -> nn.Module:
    """Scores (N, C) and class numbers (N) -> the multi-class hinge loss, divided by C.

    Example: MultiMarginLoss()(tensor([[0.1, 0.2, 0.4]]), tensor([2])) -> tensor(0.5, dtype=float32)
    """
    return _pair(margins.multi_margin_loss, p=p, margin=margin, weight=weight,
                 reduction=reduction)  # fmt: skip


@LOSSES.layer("MarginRankingLoss")
def margin_ranking(margin: Real = 0.0, reduction: Reduction = "mean") -> nn.Module:
    """Two scores and targets -1 or 1, one shape -> the mean of max(0, margin - target (x1 - x2)).

    Example: MarginRankingLoss()(tensor([1.]), tensor([3.]), tensor([1.])) -> tensor(2.0,
    dtype=float32)
    """
    return Criterion(margins.margin_ranking_loss, 3, margin=margin, reduction=reduction)


@LOSSES.layer("TripletMarginLoss")
def triplet_margin(
    margin: Positively = 1.0,
    p: Annotated[float, real(0.0)] = 2.0,
    eps: Positively = 1e-6,
    swap: Flag = False,
    reduction: Reduction = "mean",
) -> nn.Module:
    """Anchor, positive, negative (N, D) -> the mean of max(0, d(a, p) - d(a, n) + margin).

    Example: TripletMarginLoss(eps=0.)(tensor([0., 0.]), tensor([3., 4.]), tensor([0., 1.])) ->
    tensor(5.0, dtype=float32)
    """
    return Criterion(margins.triplet_margin_loss, 3, margin=margin, p=p, eps=eps, swap=swap,
                     reduction=reduction)  # fmt: skip


@LOSSES.layer("CosineEmbeddingLoss")
def cosine_embedding(margin: Real = 0.0, reduction: Reduction = "mean") -> nn.Module:
    """Vectors (N, D) twice and targets -1 or 1 (N) -> 1 - cos, or max(0, cos - margin) where -1.

    Example: CosineEmbeddingLoss()(tensor([3., 4.]), tensor([4., 3.]), tensor(1)) ->
    tensor(0.04000002, dtype=float32)
    """
    return Criterion(comparing.cosine_embedding_loss, 3, margin=margin, reduction=reduction)


@LOSSES.layer("KLDivLoss")
def kl_div(
    reduction: Annotated[str, words("mean", "batchmean", "sum", "none")] = "mean",
    log_target: Flag = False,
) -> nn.Module:
    """Log probabilities and probabilities, one shape -> the mean of target (log target - x).

    Example: KLDivLoss(reduction="sum")(log(tensor([0.5, 0.5])), tensor([0.25, 0.75])) ->
    tensor(0.13081202, dtype=float32)
    """
    return _pair(comparing.kl_div, reduction=reduction, log_target=log_target)
