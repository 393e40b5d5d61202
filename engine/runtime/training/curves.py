"""Regressions: noisy curves, linear data of any scale, sums of sequences.

Promise: targets are real, (n, 1), float32; the same for the same seed and place. Must not change
data.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated, Final

import torch

from engine.documented import Allowed
from engine.library import Group, Site
from engine.refusal import refused
from engine.runtime.arguments import Flag, Rule, Seed, kind_of, real, whole, words
from engine.runtime.register import Register
from engine.runtime.tensors import generator
from engine.runtime.training.data import Data, Samples, check_sides
from engine.runtime.training.points import Distance, Features, Noise, here

CURVES: Final = Register()
_SHAPES: Final[dict[str, Callable[[torch.Tensor], torch.Tensor]]] = {
    "sine": lambda x: torch.sin(3 * x),
    "wave": lambda x: torch.sin(2 * math.pi * x),
    "cubic": lambda x: x**3 - 0.5 * x,
    "square": lambda x: x**2,
    "step": lambda x: (x > 0).to(x.dtype),
    "line": lambda x: 2 * x + 1,
}
Curve = Annotated[str, words(*_SHAPES)]
Length = Annotated[int, whole(1, 10_000)]


def _each(value: object, argument: str) -> float | tuple[float, ...]:
    """One number for all features, or one for each."""
    one = real(-1e9, 1e9)
    if not isinstance(value, (tuple, list)):
        return float(one(value, argument))  # type: ignore[arg-type]
    if not 1 <= len(value) <= 1_000:
        raise refused("argument-numbers", argument=argument, got=kind_of(value))
    return tuple(float(one(part, argument)) for part in value)  # type: ignore[arg-type]


Each = Annotated[
    float | tuple[float, ...], Rule(_each, Allowed("type", words=("float, (float, ...)",)))
]


def row_of(value: float | tuple[float, ...], features: int, argument: str) -> torch.Tensor:
    """A number for each feature."""
    if isinstance(value, tuple) and len(value) != features:
        raise refused("argument-length", argument=argument, got=len(value), expected=features)
    return torch.tensor(value, dtype=torch.float32).expand(features)


@CURVES.combinator("make_curve", group=Group.TENSOR)
def make_curve(
    n: Samples = 16,
    shape: Curve = "sine",
    noise: Noise = 0.3,
    low: Distance = -1.0,
    high: Distance = 1.0,
    even: Flag = True,
    seed: Seed | None = None,
    *,
    site: Site,
    code: str,
) -> Data:
    """Points of a curve with noise: x (n, 1) from low to high, y (n, 1).

    shape: "sine" sin 3x, "wave" sin 2πx, "cubic" x³ - x/2, "square" x², "step" 0 then 1, "line"
    2x + 1. noise is the standard deviation of y; even=False draws x at random.

    Example: targets_of(make_curve(3, "line", noise=0.0)) -> tensor([[-1.0],
            [ 1.0],
            [ 3.0]], dtype=float32)
    """
    if low >= high:
        raise refused("argument-range", argument="high", got=high, low=low, high="∞")
    draw = generator(site, seed)
    x = torch.linspace(low, high, n)
    if not even:
        x = low + (high - low) * torch.rand(n, generator=draw)
    y = _SHAPES[shape](x) + noise * torch.randn(n, generator=draw)
    return Data(code, here(x[:, None]), here(y[:, None]), None)


@CURVES.combinator("make_linear", group=Group.TENSOR)
def make_linear(
    n: Samples = 256,
    features: Features = 10,
    noise: Noise = 0.5,
    scales: Each = 1.0,
    means: Each = 0.0,
    weights: Each | None = None,
    bias: Distance = 0.0,
    seed: Seed | None = None,
    *,
    site: Site,
    code: str,
) -> Data:
    """A linear regression: y = w · z + bias + noise, z standard normal, x = means + scales z.

    scales and means are one number or one for each feature: that is what unscaled inputs are.
    weights are w, drawn from the standard normal distribution unless given. x (n, features),
    y (n, 1); the least loss possible is about noise².

    Example: shape(inputs_of(make_linear(256, 2, scales=(1, 1000), means=(0, 3000)))) -> (256, 2)
    """
    check_sides(n, features)
    draw = generator(site, seed)
    z = torch.randn(n, features, generator=draw)
    if weights is None:
        w = torch.randn(features, generator=draw)
    else:
        w = row_of(weights, features, "weights")
    y = z @ w + bias + noise * torch.randn(n, generator=draw)
    x = row_of(means, features, "means") + row_of(scales, features, "scales") * z
    return Data(code, here(x), here(y[:, None]), None)


@CURVES.combinator("make_sums", group=Group.TENSOR)
def make_sums(
    n: Samples = 128, length: Length = 40, seed: Seed | None = None, *, site: Site, code: str
) -> Data:
    """Sequences of standard normal numbers; to be told is their sum over the root of the length.

    x (n, length, 1), y (n, 1) of variance about 1: what guessing the mean costs.

    Example: shape(inputs_of(make_sums(128, 40))) -> (128, 40, 1)
    """
    check_sides(n, length)
    x = torch.randn(n, length, 1, generator=generator(site, seed))
    return Data(code, here(x), here(x.sum(1) / math.sqrt(length)), None)


@CURVES.function(method=False)
def chebyshev(x: Annotated[torch.Tensor, Rule(lambda v, a: _line(v, a), Allowed("tensor"))],
              degree: Annotated[int, whole(0, 100)]) -> torch.Tensor:  # fmt: skip
    """Chebyshev polynomials at every x, from T0 up to the degree: columns of a least-squares fit.

    x (n) or (n, 1) from -1 to 1 -> (n, degree + 1), Tk = cos(k arccos x), in float64: for `lstsq`.

    Source: T0 = 1, T1 = x, Tk+1 = 2 x Tk - Tk-1
    Example: chebyshev(tensor([0.5]), 3) -> tensor([[1.0, 0.5, -0.5, -1.0]], dtype=float64)
    """
    check_sides(x.shape[0], degree + 1)
    columns = [torch.ones_like(x), x]
    for _ in range(degree - 1):
        columns.append(2 * x * columns[-1] - columns[-2])
    return torch.stack(columns[: degree + 1], 1)


def _line(value: object, argument: str) -> torch.Tensor:
    if not isinstance(value, torch.Tensor) or value.device.type == "meta":
        raise refused("argument-tensor", argument=argument, got=kind_of(value))
    x = value[:, 0] if value.dim() == 2 and value.shape[1] == 1 else value
    if x.dim() != 1 or not x.numel():
        raise refused("wrong-shape", argument=argument, got=tuple(value.shape), expected="(n)")
    if bool((x.abs() > 1).any()):
        raise refused("argument-range", argument=argument, got=float(x.abs().max()), low=-1,
                      high=1)  # fmt: skip
    return x.double()
