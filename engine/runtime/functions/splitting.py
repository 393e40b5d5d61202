"""The arithmetic of data: shares, hold-out, folds, batches and steps.

Promise: exact whole numbers whose parts add up to the whole. Must not look at data.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Annotated, Final

from engine.documented import Allowed
from engine.library import Group
from engine.refusal import refused
from engine.runtime.arguments import (
    Flag,
    Natural,
    Positive,
    Probability,
    Rule,
    kind_of,
    real,
    whole,
)
from engine.runtime.register import Register

SPLITTING: Final = Register()
_FOLDS: Final = 10_000

Samples = Annotated[int, whole(0, 10**15)]


def _shares(value: object, argument: str) -> tuple[Fraction, ...]:
    """Shares of a whole as they are meant: 0.1 is a tenth, 1/7 a seventh."""
    if not isinstance(value, (tuple, list)) or not 1 <= len(value) <= 100:
        raise refused("argument-shape", argument=argument)
    check = real(0.0, 1.0)
    return tuple(_meant(_finite(check(part, argument), argument)) for part in value)


def _meant(share: float) -> Fraction:
    simple = Fraction(share).limit_denominator(10**6)
    return simple if float(simple) == share else Fraction(repr(share))


def _finite(value: object, argument: str) -> float:
    assert isinstance(value, (int, float))
    if math.isnan(value):
        raise refused("argument-number", argument=argument, got=kind_of(value))
    return value


Shares = Annotated[tuple[Fraction, ...], Rule(_shares, Allowed("shares"))]


@SPLITTING.function(Group.MEASURE, method=False)
def split_sizes(n: Samples, shares: Shares) -> tuple[int, ...]:
    """The sizes of the parts when n samples are split by shares that add up to 1.

    Every part gets its share rounded down; what is left over goes to the first parts, one sample
    each. shares is a tuple such as (0.8, 0.2), counted exactly: 0.29 of 100 is 29, where PyTorch
    multiplies in floating point and gets 28.

    Source: torch.utils.data.random_split.
    Example: split_sizes(1000, (0.8, 0.2)) -> (800, 200)
    Example: split_sizes(11, (0.7, 0.2, 0.1)) -> (8, 2, 1)
    """
    total = sum(shares, Fraction(0))
    if abs(total - 1) > Fraction(1, 10**6):
        raise refused("shares-sum", argument="shares", got=float(total))
    sizes = [math.floor(n * share) for share in shares]
    for place in range(n - sum(sizes)):
        sizes[place % len(sizes)] += 1
    return tuple(sizes)


@SPLITTING.function(Group.MEASURE, method=False)
def holdout_sizes(n: Samples, test: Probability = 0.2) -> tuple[int, int]:
    """The sizes of the training and the test set when a share of n samples is held out.

    The test set's size is rounded up. random_split of PyTorch rounds otherwise: split_sizes.

    Source: train_test_split of scikit-learn.
    Example: holdout_sizes(1000, 0.2) -> (800, 200)
    """
    (share,) = _shares((test,), "test")
    held = math.ceil(n * share)
    return n - held, held


@SPLITTING.function(Group.MEASURE, method=False)
def kfold_sizes(n: Samples, k: Annotated[int, whole(2, _FOLDS)]) -> tuple[int, ...]:
    """The sizes of the k folds of n samples: the first n % k folds get one sample more.

    Source: KFold of scikit-learn.
    Example: kfold_sizes(1000, 5) -> (200, 200, 200, 200, 200)
    Example: kfold_sizes(10, 4) -> (3, 3, 2, 2)
    """
    if k > n:
        raise refused("too-few-samples", argument="k", n=n, k=k)
    size, more = divmod(n, k)
    return (size + 1,) * more + (size,) * (k - more)


@SPLITTING.function(Group.MEASURE, method=False)
def kfold_split(
    n: Samples, k: Annotated[int, whole(2, _FOLDS)], fold: Natural = 0
) -> tuple[int, int]:
    """The sizes of the training and the validation set when one fold of k is held out.

    fold counts from 0. Each of the k trainings uses another fold for validation, so that every
    sample is validated once.

    Source: KFold of scikit-learn.
    Example: kfold_split(1000, 5) -> (800, 200)
    """
    sizes = kfold_sizes(n, k)
    if fold >= k:
        raise refused("argument-range", argument="fold", got=fold, low=0, high=k - 1)
    return n - sizes[fold], sizes[fold]


@SPLITTING.function(Group.MEASURE, method=False)
def steps_per_epoch(n: Samples, batch_size: Positive, drop_last: Flag = False) -> int:
    """Batches that n samples make: n / batch_size, rounded up; rounded down with drop_last.

    Source: torch.utils.data.DataLoader.
    Example: steps_per_epoch(50000, 128) -> 391
    Example: steps_per_epoch(50000, 128, drop_last=True) -> 390
    """
    return n // batch_size if drop_last else -(-n // batch_size)


@SPLITTING.function(Group.MEASURE, method=False)
def training_steps(
    n: Samples, batch_size: Positive, epochs: Natural = 1, drop_last: Flag = False
) -> int:
    """Optimizer steps of a whole training: steps per epoch times epochs.

    Example: training_steps(50000, 128, 5) -> 1955
    """
    return steps_per_epoch(n, batch_size, drop_last) * epochs


@SPLITTING.function(Group.MEASURE, method=False)
def last_batch(n: Samples, batch_size: Positive) -> int:
    """Samples in the last batch of an epoch: the remainder, or a full batch where there is none.

    Example: last_batch(50000, 128) -> 80
    """
    return (n - 1) % batch_size + 1 if n else 0
