"""Losses that compare distributions, directions and players.

Promise: Kullback-Leibler in torch's form and the textbooks', cosine, InfoNCE, the two sides of a
generative adversarial network, distillation. Must not train.
"""

from __future__ import annotations

import math
from typing import Annotated

import torch
from torch.nn import functional

from engine.refusal import refused
from engine.runtime.arguments import Dim, Flag, Integer, Positively, Real, Values, real, words
from engine.runtime.foresight import check_broadcast
from engine.runtime.functions.losses.entering import (
    LOSSES,
    Reduction,
    floating,
    reduced,
    same_shape,
    within,
)

Temperature = Annotated[float, real(1e-6)]
Judged = Annotated[str, words("probabilities", "logits")]


@LOSSES.function()
def kl_div(
    x: Values,
    target: Values,
    reduction: Annotated[str, words("mean", "batchmean", "sum", "none")] = "mean",
    log_target: Flag = False,
) -> torch.Tensor:
    """The mean of target (log target - x): x holds log probabilities, target probabilities.

    Any shape, the same for both. The mean divides by every element, as PyTorch does; the divergence
    of the textbooks is reduction="sum" of one row, "batchmean" of many. log_target=True reads
    logarithms in target too.
    Source: Kullback and Leibler 1951, KL(target || exp x), natural logarithms.
    Example: kl_div(log(tensor([0.5, 0.5])), tensor([0.25, 0.75]), "sum") -> tensor(0.13081202,
    dtype=float32)
    """
    same_shape(x, target)
    floating(x, "x")
    return functional.kl_div(x, target, reduction=reduction, log_target=log_target)


@LOSSES.function()
def kl_divergence(p: Values, q: Values) -> torch.Tensor:
    """Σ p log(p / q) along the last axis: how far q is from p, both probabilities.

    (*, C), the same for both -> (*). 0 log 0 is 0; inf where q is 0 and p is not. Not symmetric.
    Source: Kullback and Leibler 1951, natural logarithms (nats).
    Example: kl_divergence(tensor([0.25, 0.75]), tensor([0.5, 0.5])) -> tensor(0.13081202,
    dtype=float32)
    """
    same_shape(p, q)
    for values, name in ((p, "p"), (q, "q")):
        floating(values, name)
        within(values, name, 0.0, 1.0)
    if not p.dim():
        raise refused("loss-classes-axis", shape=())
    there = p > 0
    return (p * (torch.where(there, p, 1.0).log() - torch.where(there, q, 1.0).log())).sum(-1)


@LOSSES.function()
def cosine_similarity(x1: Values, x2: Values, dim: Dim = 1, eps: Positively = 1e-8) -> torch.Tensor:
    """x1 · x2 / (|x1| |x2|) along dim: 1 the same direction, 0 a right angle, -1 opposite.

    Shapes that broadcast. The norms are raised to at least eps, so that a vector of zeros gives 0.
    Source: formula.
    Example: cosine_similarity(tensor([3., 4.]), tensor([4., 3.]), dim=0) -> tensor(0.96000004,
    dtype=float32)
    """
    check_broadcast(x1, x2)
    floating(x1, "x1")
    return functional.cosine_similarity(x1, x2, dim, eps)


@LOSSES.function()
def cosine_embedding_loss(
    x1: Values, x2: Values, target: Values, margin: Real = 0.0, reduction: Reduction = "mean"
) -> torch.Tensor:
    """The mean of 1 - cos(x1, x2) where the target is 1, of max(0, cos - margin) where it is -1.

    x1, x2 (N, D), target (N); or (D), (D) and one number.
    Source: formula of torch.nn.CosineEmbeddingLoss.
    Example: cosine_embedding_loss(tensor([3., 4.]), tensor([4., 3.]), tensor(1)) ->
    tensor(0.04000002, dtype=float32)
    """
    same_shape(x1, x2)
    floating(x1, "x1")
    if x1.dim() not in (1, 2):
        raise refused("loss-vectors", shape=tuple(x1.shape))
    if target.shape != x1.shape[:-1]:
        raise refused("loss-class-shape", a=tuple(x1.shape), b=tuple(target.shape),
                      expected=tuple(x1.shape[:-1]))  # fmt: skip
    return functional.cosine_embedding_loss(x1, x2, target, margin=margin, reduction=reduction)


@LOSSES.function()
def info_nce(
    similarity: Values,
    positive: Integer = 0,
    temperature: Temperature = 1.0,
    reduction: Reduction = "mean",
) -> torch.Tensor:
    """The mean of -log(exp(s+ / τ) / Σ exp(s / τ)): cross-entropy whose class is the positive pair.

    similarity is (K) or (N, K), one column the positive pair, the others negatives.
    positive=-1 is the last column.
    Source: van den Oord 2018, InfoNCE; Chen 2020, SimCLR (NT-Xent).
    Example: info_nce(tensor([1., 0., 0., 0.]), temperature=0.5) -> tensor(0.34075305,
    dtype=float32)
    """
    floating(similarity, "similarity")
    if similarity.dim() not in (1, 2):
        raise refused("loss-vectors", shape=tuple(similarity.shape))
    columns = similarity.shape[-1]
    if not -columns <= positive < columns:
        raise refused("index-out-of-range", argument="positive", index=positive,
                      dim=similarity.dim() - 1, size=columns)  # fmt: skip
    parts = -torch.log_softmax(similarity / temperature, -1)[..., positive]
    return reduced(parts, reduction)


def _logs(x: torch.Tensor, given: str, argument: str) -> tuple[torch.Tensor, torch.Tensor]:
    """log D and log(1 - D)."""
    floating(x, argument)
    if given == "logits":
        return functional.logsigmoid(x), functional.logsigmoid(-x)
    within(x, argument, 0.0, 1.0)
    return x.log(), torch.log1p(-x)


@LOSSES.function()
def gan_value(real: Values, fake: Values, given: Judged = "probabilities") -> torch.Tensor:
    """mean(log D(real)) + mean(log(1 - D(fake))): what D makes large and G makes small.

    Any shapes: what the discriminator says of real and of generated samples, as probabilities of
    being real, or as logits where given="logits".
    Source: Goodfellow 2014, min over G, max over D.
    Example: gan_value(tensor([0.5, 0.5]), tensor([0.5, 0.5])) -> tensor(-1.3862944, dtype=float32)
    """
    return _logs(real, given, "real")[0].mean() + _logs(fake, given, "fake")[1].mean()


@LOSSES.function()
def discriminator_loss(real: Values, fake: Values, given: Judged = "logits") -> torch.Tensor:
    """-mean(log D(real)) - mean(log(1 - D(fake))): the negative of gan_value.

    Any shapes: logits of real and of generated samples, or probabilities where told.
    Source: Goodfellow 2014.
    Example: discriminator_loss(tensor([0.]), tensor([0.])) -> tensor(1.3862944, dtype=float32)
    """
    return -(_logs(real, given, "real")[0].mean() + _logs(fake, given, "fake")[1].mean())


@LOSSES.function()
def generator_loss(
    fake: Values,
    form: Annotated[str, words("non-saturating", "saturating")] = "non-saturating",
    given: Judged = "logits",
    reduction: Reduction = "mean",
) -> torch.Tensor:
    """The mean of -log D(fake), what practice makes small; or of log(1 - D(fake)), "saturating".

    Any shape: logits of generated samples, or probabilities where told. Where D is sure (logit -4)
    the slope is -0.982, of the saturating form only -0.018.
    Source: Goodfellow 2014, section 3.
    Example: generator_loss(tensor([-4.])) -> tensor(4.01815, dtype=float32)
    Example: generator_loss(tensor([-4.]), "saturating") -> tensor(-0.01814993, dtype=float32)
    """
    judged, doubted = _logs(fake, given, "fake")
    return reduced(-judged if form == "non-saturating" else doubted, reduction)


@LOSSES.function()
def distillation_loss(
    student: Values,
    teacher: Values,
    temperature: Temperature = 1.0,
    scaled: Flag = True,
) -> torch.Tensor:
    """T² times the mean over rows of KL(softmax(teacher / T) || softmax(student / T)).

    Logits (N, C) or (C), the same for both. scaled=False leaves the factor T² out.
    Source: Hinton 2015.
    Example: distillation_loss(tensor([0., 0., 0.]), tensor([5., 2., 0.]), temperature=4.) ->
    tensor(2.062467, dtype=float32)
    """
    same_shape(student, teacher)
    floating(student, "student")
    if not student.dim():
        raise refused("loss-classes-axis", shape=())
    hard = torch.log_softmax(student / temperature, -1)
    soft = torch.log_softmax(teacher / temperature, -1)
    rows = math.prod(student.shape[:-1])
    loss = (soft.exp() * (soft - hard)).sum() / max(1, rows)
    return loss * temperature**2 if scaled else loss
