"""Metrics of classification, and perplexity.

Promise: rows of a confusion matrix are the truth, columns the prediction. Counts are exact whole
numbers, metrics plain numbers in float64. Must not look at a model.
"""

from __future__ import annotations

import math
from typing import Annotated, Final

import torch

from engine.library import Group
from engine.refusal import refused
from engine.runtime.arguments import (
    Natural,
    Real,
    Values,
    dtype_name,
    real,
    whole,
    words,
)
from engine.runtime.register import Register

METRICS: Final = Register()
_CLASSES: Final = 1_000

Classes = Annotated[int, whole(1, _CLASSES)]
Samples = Annotated[int, whole(0, 10**15)]
Average = Annotated[str, words("binary", "macro", "micro", "weighted", "none")]


@METRICS.function(Group.MEASURE)
def confusion_matrix(x: Values, target: Values, classes: Classes | None = None) -> torch.Tensor:
    """How often each true class (row) was predicted as each class (column).

    x holds class numbers (N), or scores (N, C), of which the largest counts; target class numbers
    (N) -> (C, C), int64. C is `classes`; without it as many as there are scores,
    or one more than the largest class number.

    Source: the order of scikit-learn: for classes 0 and 1 [[TN, FP], [FN, TP]].
    Example: confusion_matrix(tensor([1, 0, 1, 1]), tensor([1, 0, 0, 1])) -> tensor([[1, 1], [0,
    2]], dtype=int64)
    """
    guessed = _class_numbers(x.argmax(1) if x.dim() == 2 else x, "x")
    truth = _class_numbers(target, "target")
    if guessed.shape != truth.shape:
        raise refused("loss-shapes", a=tuple(guessed.shape), b=tuple(truth.shape))
    seen = 1 + max(int(guessed.max()), int(truth.max())) if truth.numel() else 1
    sides = max(seen, x.shape[1] if x.dim() == 2 else 1) if classes is None else classes
    if seen > sides or sides > _CLASSES:
        raise refused("class-out-of-range", argument="classes", classes=sides)
    counts = torch.bincount(truth * sides + guessed, minlength=sides * sides)
    return counts.reshape(sides, sides)


def _class_numbers(x: torch.Tensor, argument: str) -> torch.Tensor:
    if x.is_floating_point() or x.dim() != 1:
        raise refused("loss-class-numbers", argument=argument)
    if x.numel() and int(x.min()) < 0:
        raise refused("class-out-of-range", argument=argument)
    return x.long()


@METRICS.function(Group.MEASURE, method=False)
def binary_confusion(tp: Samples, fn: Samples, fp: Samples, tn: Samples) -> torch.Tensor:
    """The confusion matrix [[TN, FP], [FN, TP]] of four counts: rows are the truth.

    tp, fn: positives found and missed; fp, tn: negatives taken for positive and left alone.
    Class 1 is the positive one.

    Example: binary_confusion(tp=8, fn=2, fp=1, tn=89) -> tensor([[89, 1], [2, 8]], dtype=int64)
    """
    return torch.tensor([[tn, fp], [fn, tp]])


def _matrix(x: torch.Tensor, target: torch.Tensor | None) -> torch.Tensor:
    """The confusion matrix that is given, or that of predictions and labels."""
    if target is not None:
        return confusion_matrix(x, target).cpu()
    if x.dim() != 2 or x.shape[0] != x.shape[1] or not x.numel():
        raise refused("confusion-shape", shape=tuple(x.shape))
    if x.is_floating_point() or x.dtype is torch.bool:
        raise refused("dtype-unsupported", argument="x", dtype=dtype_name(x.dtype))
    if int(x.min()) < 0:
        raise refused("confusion-shape", shape=tuple(x.shape))
    return x.long().cpu()


Outcomes = tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]


def _outcomes(matrix: torch.Tensor) -> Outcomes:
    """TP, FN, FP, TN of every class against the rest, in float64."""
    counts = matrix.double()
    hits = counts.diag()
    missed, wrong = counts.sum(1) - hits, counts.sum(0) - hits
    return hits, missed, wrong, counts.sum() - hits - missed - wrong


def _share(part: float, whole_: float, empty: float) -> float:
    return part / whole_ if whole_ else empty


def _averaged(
    matrix: torch.Tensor,
    parts: tuple[torch.Tensor, torch.Tensor],
    average: str,
    positive: int,
    empty: float,
) -> object:
    """parts[0] / parts[1] of one class, of all classes, or averaged over them."""
    over, under = parts
    if average == "binary":
        if positive >= len(over):
            raise refused("class-out-of-range", argument="positive", classes=len(over))
        return _share(float(over[positive]), float(under[positive]), empty)
    if average == "micro":
        return _share(float(over.sum()), float(under.sum()), empty)
    each = torch.where(under != 0, over / torch.where(under != 0, under, 1.0), empty)
    if average == "none":
        return each
    if average == "macro":
        return float(each.mean())
    share = matrix.sum(1).double()
    return _share(float((each * share).sum()), float(share.sum()), empty)


@METRICS.function(Group.MEASURE)
def accuracy(x: Values, target: Values | None = None) -> float:
    """Right predictions / all samples.

    x is a confusion matrix (rows the truth), or predictions (N) or scores (N, C) with labels (N)
    as target. nan of no samples.

    Source: (TP + TN) / (TP + TN + FP + FN).
    Example: accuracy(binary_confusion(tp=8, fn=2, fp=1, tn=89)) -> 0.97
    Example: accuracy(tensor([1, 0, 1, 1]), tensor([1, 0, 0, 1])) -> 0.75
    """
    matrix = _matrix(x, target)
    return _share(int(matrix.diag().sum()), int(matrix.sum()), math.nan)


@METRICS.function(Group.MEASURE)
def precision(
    x: Values,
    target: Values | None = None,
    average: Average = "binary",
    positive: Natural = 1,
    zero_division: Real = 0.0,
) -> object:
    """TP / (TP + FP): how many of the predicted positives are real.

    x is a confusion matrix (rows the truth), or predictions or scores with labels as target.
    average: "binary" is the figure of the class `positive`, "none" that of every class, "macro"
    their mean, "weighted" their mean by the samples of each class, "micro" that of all counts
    together (the accuracy). zero_division stands where nothing was predicted positive.

    Source: formula; the conventions of scikit-learn.
    Example: precision(binary_confusion(tp=8, fn=2, fp=1, tn=89)) -> 0.8888888888888888
    """
    matrix = _matrix(x, target)
    hits, _, wrong, _ = _outcomes(matrix)
    return _averaged(matrix, (hits, hits + wrong), average, positive, zero_division)


@METRICS.function(Group.MEASURE, also=("sensitivity",))
def recall(
    x: Values,
    target: Values | None = None,
    average: Average = "binary",
    positive: Natural = 1,
    zero_division: Real = 0.0,
) -> object:
    """TP / (TP + FN): how many of the real positives were found; also called sensitivity.

    x is a confusion matrix (rows the truth), or predictions or scores with labels as target.
    average as in precision. zero_division stands where there is no real positive.

    Source: formula; the conventions of scikit-learn.
    Example: recall(binary_confusion(tp=8, fn=2, fp=1, tn=89)) -> 0.8
    """
    matrix = _matrix(x, target)
    hits, missed, _, _ = _outcomes(matrix)
    return _averaged(matrix, (hits, hits + missed), average, positive, zero_division)


@METRICS.function(Group.MEASURE)
def specificity(
    x: Values,
    target: Values | None = None,
    average: Average = "binary",
    positive: Natural = 1,
    zero_division: Real = 0.0,
) -> object:
    """TN / (TN + FP): how many of the real negatives were left alone.

    x is a confusion matrix (rows the truth), or predictions or scores with labels as target.
    average as in precision. zero_division stands where there is no real negative.

    Source: formula.
    Example: specificity(binary_confusion(tp=8, fn=2, fp=1, tn=89)) -> 0.9888888888888889
    """
    matrix = _matrix(x, target)
    _, _, wrong, right = _outcomes(matrix)
    return _averaged(matrix, (right, right + wrong), average, positive, zero_division)


@METRICS.function(Group.MEASURE)
def f1_score(
    x: Values,
    target: Values | None = None,
    average: Average = "binary",
    positive: Natural = 1,
    beta: Annotated[float, real(0.0, 1e6)] = 1.0,
    zero_division: Real = 0.0,
) -> object:
    """2 TP / (2 TP + FP + FN): the harmonic mean of precision and recall.

    x is a confusion matrix (rows the truth), or predictions or scores with labels as target.
    average as in precision: "macro" is the mean of the classes' F1, not the F1 of the means. beta
    above 1 weighs recall higher: (1 + β²) TP / ((1 + β²) TP + β² FN + FP).

    Source: van Rijsbergen 1979; the conventions of scikit-learn.
    Example: f1_score(binary_confusion(tp=8, fn=2, fp=1, tn=89)) -> 0.8421052631578947
    """
    matrix = _matrix(x, target)
    hits, missed, wrong, _ = _outcomes(matrix)
    square = beta * beta
    over = (1 + square) * hits
    return _averaged(matrix, (over, over + square * missed + wrong), average, positive,
                     zero_division)  # fmt: skip


@METRICS.function(Group.MEASURE)
def perplexity(x: Values, unit: Annotated[str, words("nats", "bits")] = "nats") -> float:
    """exp of the mean loss, or 2 to its power where the loss is in bits.

    x is a mean cross-entropy, or the losses of the single tokens, of which the mean is taken.
    Guessing among k equally likely tokens has perplexity k. inf where it is beyond all numbers.

    Source: formula: exp(-1/N Σ log p).
    Example: perplexity(log(10.)) -> 10.000000000000002
    Example: perplexity(3., unit="bits") -> 8.0
    """
    mean = float(x.double().mean()) if x.numel() else math.nan
    try:
        return math.exp(mean) if unit == "nats" else 2.0**mean
    except OverflowError:
        return math.inf
