"""Normalisation layers, in eval mode: batch norm uses its running statistics.

Promise: PyTorch's names, arguments and defaults. Must not compute values.
"""

from __future__ import annotations

from typing import Annotated, Final

from torch import nn

from engine.protocol import Allowed
from engine.refusal import refused
from engine.runtime.arguments import Flag, Positive, Positively, Real, Rule, whole
from engine.runtime.register import Register

NORMALISATION: Final = Register()


def _normalized(value: object, argument: str) -> tuple[int, ...]:
    sides = value if isinstance(value, tuple) else (value,)
    check = whole(1)
    return tuple(check(side, argument) for side in sides)  # type: ignore[misc]


Normalized = Annotated[tuple[int, ...], Rule(_normalized, Allowed("shape", "1"))]


@NORMALISATION.layer("BatchNorm1d")
def batch_norm1d(
    num_features: Positive,
    eps: Positively = 1e-5,
    momentum: Real | None = 0.1,
    affine: Flag = True,
    track_running_stats: Flag = True,
) -> nn.Module:
    """(N, C) or (N, C, L), unchanged. Weight and bias (C); buffers: mean, variance, a counter."""
    return nn.BatchNorm1d(num_features, eps, momentum, affine, track_running_stats)


@NORMALISATION.layer("BatchNorm2d")
def batch_norm2d(
    num_features: Positive,
    eps: Positively = 1e-5,
    momentum: Real | None = 0.1,
    affine: Flag = True,
    track_running_stats: Flag = True,
) -> nn.Module:
    """(N, C, H, W), unchanged. Weight and bias (C); buffers: mean, variance, a counter."""
    return nn.BatchNorm2d(num_features, eps, momentum, affine, track_running_stats)


@NORMALISATION.layer("InstanceNorm2d")
def instance_norm2d(
    num_features: Positive, eps: Positively = 1e-5, momentum: Real = 0.1, affine: Flag = False
) -> nn.Module:
    """(N, C, H, W), unchanged: each map by its own mean and variance."""
    return nn.InstanceNorm2d(num_features, eps, momentum, affine)


@NORMALISATION.layer("LayerNorm")
def layer_norm(
    normalized_shape: Normalized,
    eps: Positively = 1e-5,
    elementwise_affine: Flag = True,
    bias: Flag = True,
) -> nn.Module:
    """(*, normalized_shape), unchanged: over the last axes, per example."""
    return nn.LayerNorm(normalized_shape, eps, elementwise_affine, bias)


@NORMALISATION.layer("GroupNorm")
def group_norm(
    num_groups: Positive, num_channels: Positive, eps: Positively = 1e-5, affine: Flag = True
) -> nn.Module:
    """(N, C, *), unchanged: over groups of channels, per example. Weight and bias (C)."""
    if num_channels % num_groups:
        raise refused("groups-do-not-divide", argument="num_groups", groups=num_groups,
                      name="num_channels", channels=num_channels)  # fmt: skip
    return nn.GroupNorm(num_groups, num_channels, eps, affine)


@NORMALISATION.layer("RMSNorm")
def rms_norm(
    normalized_shape: Normalized, eps: Positively | None = None, elementwise_affine: Flag = True
) -> nn.Module:
    """(*, normalized_shape), unchanged: x / rms(x) times a weight; no mean, no bias."""
    return nn.RMSNorm(normalized_shape, eps, elementwise_affine)
