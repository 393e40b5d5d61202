"""Losses of classes: cross-entropy and the negative log-likelihood, of logits or probabilities.

Promise: PyTorch's order of arguments; targets are class numbers (int64) or, for cross-entropy,
probabilities such as one-hot rows. Classes lie along axis 1, or along the only axis of x.
Must not take labels of one class or two.
"""

from __future__ import annotations

from typing import Annotated

import torch
from torch.nn import functional

from engine.refusal import refused
from engine.runtime.arguments import Integer, Probability, Values, words
from engine.runtime.foresight import check_elements
from engine.runtime.functions.losses.entering import (
    LOSSES,
    Reduction,
    floating,
    reduced,
    same_shape,
    within,
)

Given = Annotated[str, words("logits", "log-probabilities", "probabilities")]


def check_scores(x: torch.Tensor, weight: torch.Tensor | None) -> int:
    """The number of classes in x."""
    floating(x, "x")
    if not x.dim():
        raise refused("loss-classes-axis", shape=())
    classes = x.shape[0 if x.dim() == 1 else 1]
    if weight is not None and tuple(weight.shape) != (classes,):
        raise refused("wrong-shape", argument="weight", got=tuple(weight.shape),
                      expected=(classes,))  # fmt: skip
    return classes


def check_numbers(x: torch.Tensor, target: torch.Tensor, classes: int, ignored: int | None) -> None:
    """One class number for each row of x, below the number of classes unless ignored."""
    if target.is_floating_point() or target.dtype is torch.bool:
        raise refused("loss-class-numbers", argument="target")
    expected = tuple(x.shape[:1] + x.shape[2:]) if x.dim() > 1 else ()
    if tuple(target.shape) != expected:
        if target.shape == x.shape:
            raise refused("loss-one-hot", argument="target")
        raise refused("loss-class-shape", a=tuple(x.shape), b=tuple(target.shape),
                      expected=expected)  # fmt: skip
    if target.device.type == "meta" or not target.numel():
        return
    wrong = (target < 0) | (target >= classes)
    if ignored is not None:
        wrong &= target != ignored
    if bool(wrong.any()):
        raise refused("class-out-of-range", argument="target", classes=classes)


@LOSSES.function()
def cross_entropy(
    x: Values,
    target: Values,
    weight: Values | None = None,
    ignore_index: Integer = -100,
    reduction: Reduction = "mean",
    label_smoothing: Probability = 0.0,
    given: Given = "logits",
) -> torch.Tensor:
    """The mean of -log softmax(x)[target]: x holds logits, not probabilities.

    x is (N, C), (N, C, d...) or (C); target holds class numbers (N), (N, d...) or one number, or
    probabilities of x's shape (one-hot rows as real numbers): then -Σ target log softmax(x).
    Natural logarithms.

    weight (C) is one factor per class; the mean over class numbers divides by the sum of their
    weights, the mean over probabilities by N. Rows whose class is ignore_index count nowhere.
    label_smoothing=s mixes the target with s / C everywhere. given="probabilities" takes
    probabilities instead of logits, as textbooks do: -Σ target log x, where 0 log 0 is 0;
    given="log-probabilities" their logarithms.
    Source: formula: -1/N Σ Σ t log p; slope by the logits (p - t) / N.
    Example: cross_entropy(tensor([[1., 2., 3.]]), tensor([2])) -> tensor(0.40760595, dtype=float32)
    Example: cross_entropy(tensor([[0.1, 0.2, 0.7]]), tensor([[0., 0., 1.]]), given="probabilities")
    -> tensor(0.35667497, dtype=float32)
    """
    classes = check_scores(x, weight)
    if target.is_floating_point():
        same_shape(x, target)
        if ignore_index >= 0:
            raise refused("ignore-needs-numbers", argument="ignore_index")
    else:
        check_numbers(x, target, classes, ignore_index)
        target = target.long()
    if given != "logits":
        return _of_probabilities(x, target, weight, ignore_index, reduction, label_smoothing, given)
    if target.is_floating_point() and target.dtype != x.dtype:
        target = target.to(x.dtype)
    return functional.cross_entropy(x, target, _alike(weight, x), ignore_index=ignore_index,
                                    reduction=reduction,
                                    label_smoothing=label_smoothing)  # fmt: skip


def _alike(weight: torch.Tensor | None, x: torch.Tensor) -> torch.Tensor | None:
    return None if weight is None else weight.to(device=x.device, dtype=x.dtype)


def _of_probabilities(
    x: torch.Tensor,
    target: torch.Tensor,
    weight: torch.Tensor | None,
    ignored: int,
    reduction: str,
    smoothing: float,
    given: str,
) -> torch.Tensor:
    """-Σ target log x with torch's weighting, where a target of 0 asks nothing of x."""
    axis = 0 if x.dim() == 1 else 1
    classes = x.shape[axis]
    factors = torch.ones_like(x[:0].sum()).expand(classes) if weight is None else _alike(weight, x)
    assert factors is not None
    sides = [1] * x.dim()
    sides[axis] = classes
    by_class = factors.reshape(sides)
    numbered = not target.is_floating_point()
    kept = torch.ones(x.sum(axis).shape, dtype=torch.bool, device=x.device)
    if numbered:
        check_elements(x.shape)
        kept = target != ignored
        safe = target.where(kept, 0)
        shares = functional.one_hot(safe, classes).movedim(-1, axis).to(x.dtype)
    else:
        shares = target.to(x.dtype)
    mixed = shares * (1 - smoothing) + smoothing / classes if smoothing else shares
    asked = (mixed != 0) & kept.unsqueeze(axis)
    if given == "probabilities":
        within(x, "x", 0.0, 1.0)
        logs = torch.where(asked, x, 1.0).log()
    else:
        logs = torch.where(asked, x, 0.0)
    parts = -(by_class * mixed * logs).sum(axis)
    if reduction != "mean":
        return reduced(parts, reduction)
    if not numbered:
        return parts.sum() / (1 if x.dim() == 1 else x.numel() / classes)
    return parts.sum() / ((by_class * shares).sum(axis) * kept).sum()


@LOSSES.function()
def nll_loss(
    x: Values,
    target: Values,
    weight: Values | None = None,
    ignore_index: Integer = -100,
    reduction: Reduction = "mean",
    given: Given = "log-probabilities",
) -> torch.Tensor:
    """The mean of -x[target], the negative log-likelihood: x holds log probabilities.

    x is (N, C), (N, C, d...) or (C), target class numbers (N), (N, d...) or one number. weight (C)
    is one factor per class; the mean divides by the sum of the weights. Rows whose class is
    ignore_index count nowhere. given="probabilities" takes the logarithm first, as the formula of
    the textbooks does, given="logits" log_softmax.
    Source: formula: -1/N Σ log p(y | x), for any number of classes.
    Example: nll_loss(log_softmax(tensor([[1., 2., 3.]])), tensor([2])) -> tensor(0.40760595,
    dtype=float32)
    Example: nll_loss(tensor([[0.1, 0.3, 0.6]]), tensor([2]), given="probabilities") ->
    tensor(0.5108256, dtype=float32)
    """
    classes = check_scores(x, weight)
    check_numbers(x, target, classes, ignore_index)
    if given == "log-probabilities":
        return functional.nll_loss(x, target.long(), _alike(weight, x), ignore_index=ignore_index,
                                   reduction=reduction)  # fmt: skip
    if given == "logits":
        return functional.cross_entropy(x, target.long(), _alike(weight, x),
                                        ignore_index=ignore_index, reduction=reduction)  # fmt: skip
    return _of_probabilities(x, target.long(), weight, ignore_index, reduction, 0.0, given)
