"""Normalisation layers, in eval mode: batch norm uses its running statistics.

Promise: PyTorch's names, arguments and defaults. Must not compute values.
"""

from __future__ import annotations

from typing import Annotated, Final

from torch import nn

from engine.documented import Allowed
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
    """Each channel shifted and scaled by its running mean and variance, then by weight and
    bias.

    (N, C) or (N, C, L), unchanged. Weight and bias (C); buffers: mean, variance, a counter. In
    eval mode, as models are measured; for batch statistics see `batch_norm`.

    Source: Ioffe and Szegedy 2015.
    Example: parameters(nn.BatchNorm1d(64)) -> 128
    Example: buffers(nn.BatchNorm1d(64)) -> 129
    """
    return nn.BatchNorm1d(num_features, eps, momentum, affine, track_running_stats)


@NORMALISATION.layer("BatchNorm2d")
def batch_norm2d(
    num_features: Positive,
    eps: Positively = 1e-5,
    momentum: Real | None = 0.1,
    affine: Flag = True,
    track_running_stats: Flag = True,
) -> nn.Module:
    """Each channel shifted and scaled by its running mean and variance, then by weight and
    bias.

    (N, C, H, W), unchanged. Weight and bias (C); buffers: mean, variance, a counter. In eval
    mode, as models are measured; for batch statistics see `batch_norm`.

    Source: Ioffe and Szegedy 2015.
    Example: parameters(nn.BatchNorm2d(64)) -> 128
    Example: buffers(nn.BatchNorm2d(64)) -> 129
    """
    return nn.BatchNorm2d(num_features, eps, momentum, affine, track_running_stats)


@NORMALISATION.layer("InstanceNorm2d")
def instance_norm2d(
    num_features: Positive, eps: Positively = 1e-5, momentum: Real = 0.1, affine: Flag = False
) -> nn.Module:
    """Each map by its own mean and variance.

    (N, C, H, W), unchanged. No parameters unless affine: then weight and bias (C).

    Source: Ulyanov et al. 2016.
    Example: parameters(nn.InstanceNorm2d(64)) -> 0
    """
    return nn.InstanceNorm2d(num_features, eps, momentum, affine)


@NORMALISATION.layer("LayerNorm")
def layer_norm(
    normalized_shape: Normalized,
    eps: Positively = 1e-5,
    elementwise_affine: Flag = True,
    bias: Flag = True,
) -> nn.Module:
    """Each example to mean 0 and variance 1 over its last axes, then weight and bias.

    (*, normalized_shape), unchanged. Weight and bias of normalized_shape.

    Source: Ba et al. 2016.
    Example: parameters(nn.LayerNorm(512)) -> 1024
    Example: nn.LayerNorm(2)(tensor([[1., 1.]])) -> tensor([[0.0, 0.0]], dtype=float32)
    """
    return nn.LayerNorm(normalized_shape, eps, elementwise_affine, bias)


@NORMALISATION.layer("GroupNorm")
def group_norm(
    num_groups: Positive, num_channels: Positive, eps: Positively = 1e-5, affine: Flag = True
) -> nn.Module:
    """Each group of channels to mean 0 and variance 1, per example, then weight and bias.

    (N, C, *), unchanged. num_groups divides num_channels. Weight and bias (C).

    Source: Wu and He 2018.
    Example: parameters(nn.GroupNorm(8, 64)) -> 128
    """
    if num_channels % num_groups:
        raise refused("groups-do-not-divide", argument="num_groups", groups=num_groups,
                      name="num_channels", channels=num_channels)  # fmt: skip
    return nn.GroupNorm(num_groups, num_channels, eps, affine)


@NORMALISATION.layer("RMSNorm")
def rms_norm(
    normalized_shape: Normalized, eps: Positively | None = None, elementwise_affine: Flag = True
) -> nn.Module:
    """x / rms(x) times a weight: no mean is taken off, no bias is added.

    (*, normalized_shape), unchanged. Weight of normalized_shape. eps None is the machine
    epsilon of x's dtype.

    Source: Zhang and Sennrich 2019.
    Example: parameters(nn.RMSNorm(512)) -> 512
    """
    return nn.RMSNorm(normalized_shape, eps, elementwise_affine)
