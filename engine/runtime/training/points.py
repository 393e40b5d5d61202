"""Classes of points: rings, spirals, blobs, XOR, Gaussians of unequal size.

Promise: classes alternate in order, so that any first part has them in nearly equal shares (but
for `make_gaussians`, whose counts are told); float32; the same for the same seed and place. Must
not change data.
"""

from __future__ import annotations

import math
from typing import Annotated, Final

import torch

from engine import limits
from engine.documented import Allowed
from engine.library import Group, Site
from engine.refusal import over_limit, refused
from engine.runtime import device
from engine.runtime.arguments import Rule, Seed, kind_of, whole
from engine.runtime.optimizers.specs import finite
from engine.runtime.register import Register
from engine.runtime.tensors import generator
from engine.runtime.training.data import Data, Samples, check_sides

POINTS: Final = Register()
Noise = Annotated[float, finite(0.0, 1e6)]
Turns = Annotated[float, finite(0.0, 100.0)]
Distance = Annotated[float, finite(-1e6, 1e6)]
Features = Annotated[int, whole(1, 10_000)]
Classes = Annotated[int, whole(2, 1_000)]


def _counts(value: object, argument: str) -> tuple[int, ...]:
    if not isinstance(value, (tuple, list)) or not 2 <= len(value) <= 100:
        raise refused("argument-counts", argument=argument, got=kind_of(value))
    check = whole(1, limits.SAMPLES)
    found = tuple(int(check(part, argument)) for part in value)  # type: ignore[call-overload]
    if sum(found) > limits.SAMPLES:
        raise over_limit("argument-too-large", argument=argument, got=sum(found),
                         high=limits.SAMPLES)  # fmt: skip
    return found


Counts = Annotated[tuple[int, ...], Rule(_counts, Allowed("type", words=("(int, ...)",)))]


def here(x: torch.Tensor) -> torch.Tensor:
    """Random numbers are drawn on the CPU; data lies where the job computes."""
    return x.to(device.current())


def _classified(code: str, x: torch.Tensor, y: torch.Tensor, classes: int) -> Data:
    return Data(code, here(x), here(y), classes)


@POINTS.combinator("make_rings", group=Group.TENSOR)
def make_rings(
    n: Samples = 256, noise: Noise = 0.08, seed: Seed | None = None, *, site: Site, code: str
) -> Data:
    """Two classes on two rings of radius 0.5 and 1.2, which no straight line separates.

    x is (n, 2), y 0 and 1 in turn; noise is the standard deviation of the radius. A linear model
    comes to a cross-entropy of about 0.684, guessing to ln 2 = 0.6931.

    Example: class_counts(make_rings()) -> (128, 128)
    """
    draw = generator(site, seed)
    y = torch.arange(n) % 2
    radius = 0.5 + 0.7 * y + noise * torch.randn(n, generator=draw)
    angle = 2 * math.pi * torch.rand(n, generator=draw)
    return _classified(code, torch.stack([radius * angle.cos(), radius * angle.sin()], 1), y, 2)


@POINTS.combinator("make_spirals", group=Group.TENSOR)
def make_spirals(
    n: Samples = 256,
    noise: Noise = 0.03,
    turns: Turns = 1.25,
    seed: Seed | None = None,
    *,
    site: Site,
    code: str,
) -> Data:
    """Two classes on two spirals wound into each other.

    x is (n, 2), y 0 and 1 in turn; noise is the standard deviation of both coordinates.

    Example: shape(inputs_of(make_spirals(64))) -> (64, 2)
    """
    draw = generator(site, seed)
    y = torch.arange(n) % 2
    way = 0.1 + 0.9 * torch.rand(n, generator=draw)
    angle = turns * 2 * math.pi * way + math.pi * y
    x = torch.stack([way * angle.cos(), way * angle.sin()], 1)
    return _classified(code, x + noise * torch.randn(n, 2, generator=draw), y, 2)


@POINTS.combinator("make_xor", group=Group.TENSOR)
def make_xor(
    n: Samples = 256, noise: Noise = 0.1, seed: Seed | None = None, *, site: Site, code: str
) -> Data:
    """Four heaps at the corners (0, 0), (0, 1), (1, 0), (1, 1): class 1 where the two differ.

    x is (n, 2); noise is the standard deviation around the corner.

    Source: Minsky and Papert, Perceptrons, 1969
    Example: targets_of(make_xor(4)) -> tensor([0, 1, 1, 0], dtype=int64)
    Example: inputs_of(make_xor(2, noise=0.0)) -> tensor([[0.0, 0.0],
            [0.0, 1.0]], dtype=float32)
    """
    draw = generator(site, seed)
    corner = torch.arange(n) % 4
    a, b = corner // 2, corner % 2
    x = torch.stack([a, b], 1).float() + noise * torch.randn(n, 2, generator=draw)
    return _classified(code, x, (a != b).long(), 2)


@POINTS.combinator("make_blobs", group=Group.TENSOR)
def make_blobs(
    n: Samples = 300,
    classes: Classes = 3,
    features: Features = 2,
    noise: Noise = 0.3,
    seed: Seed | None = None,
    *,
    site: Site,
    code: str,
) -> Data:
    """Classes of normally distributed points, each around a centre of its own.

    x is (n, features), y the classes in turn. Each coordinate of a centre is drawn from the
    standard normal distribution; noise is the standard deviation around it.

    Example: class_counts(make_blobs(300)) -> (100, 100, 100)
    """
    check_sides(max(n, classes), features)
    draw = generator(site, seed)
    centres = torch.randn(classes, features, generator=draw)
    y = torch.arange(n) % classes
    x = centres[y] + noise * torch.randn(n, features, generator=draw)
    return _classified(code, x, y, classes)


@POINTS.combinator("make_gaussians", group=Group.TENSOR)
def make_gaussians(
    counts: Counts = (980, 20),
    shift: Distance = 1.5,
    features: Features = 2,
    seed: Seed | None = None,
    *,
    site: Site,
    code: str,
) -> Data:
    """Overlapping standard normal classes of so many samples each: imbalanced data.

    x is (sum of counts, features), class after class; every coordinate of class k has the mean
    k · shift.

    Example: class_counts(make_gaussians((9800, 200))) -> (9800, 200)
    """
    check_sides(sum(counts), features)
    draw = generator(site, seed)
    parts = [torch.randn(n, features, generator=draw) + k * shift for k, n in enumerate(counts)]
    y = torch.repeat_interleave(torch.arange(len(counts)), torch.tensor(counts))
    return _classified(code, torch.cat(parts), y, len(counts))
