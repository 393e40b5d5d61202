"""Data changed before training: scaled, balanced, or spoiled on purpose.

Promise: the data given stays as it is; targets and classes stay those of their samples unless the
change is about them. A validation set is scaled by the training set's numbers where `like` says
so. Must not train.
"""

from __future__ import annotations

from typing import Annotated, Final

import torch

from engine import limits
from engine.library import Group, Site
from engine.refusal import over_limit, refused
from engine.runtime.arguments import Seed, whole
from engine.runtime.foresight import check_elements
from engine.runtime.register import Register
from engine.runtime.tensors import generator
from engine.runtime.training.curves import Each, row_of
from engine.runtime.training.data import Data, Given

TRANSFORMS: Final = Register()
Flips = Annotated[int, whole(0, limits.SAMPLES)]


def _changed(data: Data, x: torch.Tensor, code: str) -> Data:
    return Data(code, x, data.y, data.classes)


def _model(data: Data, like: Data | None) -> torch.Tensor:
    """The samples whose statistics are used."""
    if like is None:
        return data.x
    if like.x.shape[1:] != data.x.shape[1:]:
        raise refused("data-differ", argument="like", a=tuple(data.x.shape), b=tuple(like.x.shape))
    return like.x


@TRANSFORMS.combinator("standardised", group=Group.TENSOR)
def standardised(
    data: Given, like: Given | None = None, *, site: object, code: str  # noqa: ARG001
) -> Data:  # fmt: skip
    """Every feature with mean 0 and standard deviation 1: (x - mean) / std.

    With like=train the mean and std of those samples: a validation set is scaled as its training
    set was. std divides by n - 1; a feature that never changes becomes 0.

    Example: round(mean(inputs_of(standardised(make_linear(100, 2, means=50.0)))), 5)
    -> tensor(0.0, dtype=float32)
    """
    base = _model(data, like)
    spread = base.std(0, correction=1 if len(base) > 1 else 0)
    return _changed(data, (data.x - base.mean(0)) / torch.where(spread > 0, spread, 1.0), code)


@TRANSFORMS.combinator("min_max", group=Group.TENSOR)
def min_max(data: Given, like: Given | None = None, *, site: object, code: str) -> Data:  # noqa: ARG001
    """Every feature from 0 to 1: (x - min) / (max - min).

    With like=train the least and the largest of those samples.

    Example: max(inputs_of(min_max(make_linear(100, 2, means=50.0)))) -> tensor(1.0, dtype=float32)
    """
    base = _model(data, like)
    low, high = base.amin(0), base.amax(0)
    return _changed(data, (data.x - low) / torch.where(high > low, high - low, 1.0), code)


@TRANSFORMS.combinator("scaled_data", group=Group.TENSOR)
def scaled_data(
    data: Given, factor: Each = 1.0, shift: Each = 0.0, *, site: object, code: str  # noqa: ARG001
) -> Data:  # fmt: skip
    """Inputs times factor plus shift: one number for all, or one for each of the last axis.

    `scaled_data(d, 1 / 255)` as grey values are scaled; `scaled_data(d, (1, 500), (0, 2000))`
    spoils data.

    Example: inputs_of(scaled_data(make_curve(2, "line", noise=0.0), 10.0, 5.0)) -> tensor([[-5.0],
            [15.0]], dtype=float32)
    """
    width = data.x.shape[-1]
    by = row_of(factor, width, "factor").to(data.x)
    plus = row_of(shift, width, "shift").to(data.x)
    return _changed(data, data.x * by + plus, code)


@TRANSFORMS.combinator("flipped_labels", group=Group.TENSOR)
def flipped_labels(
    data: Given, n: Flips, seed: Seed | None = None, *, site: Site, code: str
) -> Data:
    """The same data, the labels of n random samples wrong: each gets another class.

    Example: sum(targets_of(flipped_labels(make_rings(20), 5)) != targets_of(make_rings(20)))
    -> tensor(5, dtype=int64)
    """
    classes = _classes(data)
    if n > len(data):
        raise refused("data-too-few", argument="n", got=n, most=len(data))
    draw = generator(site, seed)
    places = torch.randperm(len(data), generator=draw)[:n]
    other = torch.randint(1, classes, (n,), generator=draw) if classes > 1 else places * 0
    y = data.y.clone()
    y[places] = (y[places] + other.to(y.device)) % classes
    return Data(code, data.x, y, data.classes)


@TRANSFORMS.combinator("shuffled_labels", group=Group.TENSOR)
def shuffled_labels(data: Given, seed: Seed | None = None, *, site: Site, code: str) -> Data:
    """The same data, its targets dealt out anew: nothing is left to be learned but by heart.

    Example: class_counts(shuffled_labels(make_rings(20))) -> (10, 10)
    """
    order = torch.randperm(len(data), generator=generator(site, seed))
    return Data(code, data.x, data.y[order], data.classes)


@TRANSFORMS.combinator("oversampled", group=Group.TENSOR)
def oversampled(data: Given, seed: Seed | None = None, *, site: Site, code: str) -> Data:
    """Every class as large as the largest: samples of the smaller ones drawn with replacement.

    Example: class_counts(oversampled(make_gaussians((980, 20)))) -> (980, 980)
    """
    groups = _groups(data)
    most = max(map(len, groups))
    if most * len(groups) > limits.SAMPLES:
        raise over_limit("argument-too-large", argument="data", got=most * len(groups),
                         high=limits.SAMPLES)  # fmt: skip
    check_elements((most * len(groups), *data.x.shape[1:]))
    draw = generator(site, seed)
    places = [
        group if len(group) == most else group[torch.randint(len(group), (most,), generator=draw)]
        for group in groups
    ]
    return data.picked(torch.cat(places), code)


@TRANSFORMS.combinator("undersampled", group=Group.TENSOR)
def undersampled(data: Given, seed: Seed | None = None, *, site: Site, code: str) -> Data:
    """Every class as small as the smallest: random samples of the larger ones are left out.

    Example: class_counts(undersampled(make_gaussians((980, 20)))) -> (20, 20)
    """
    groups = _groups(data)
    least = min(map(len, groups))
    draw = generator(site, seed)
    places = [group[torch.randperm(len(group), generator=draw)[:least]] for group in groups]
    return data.picked(torch.cat(places), code)


def _classes(data: Data) -> int:
    if data.classes is None:
        raise refused("data-without-classes", argument="data")
    return data.classes


def _groups(data: Data) -> list[torch.Tensor]:
    """The places of every class that occurs."""
    found = [torch.nonzero(data.y.cpu() == k)[:, 0] for k in range(_classes(data))]
    return [group for group in found if len(group)]
