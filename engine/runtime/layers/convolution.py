"""Convolutions: plain, transposed, and TensorFlow's asymmetric 'same'.

Promise: PyTorch's names, arguments and defaults, checked before torch builds them, because its
meta device accepts a kernel of 0. Must not compute values.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import torch
from torch import nn
from torch.nn import functional

from engine.documented import Allowed
from engine.refusal import refused
from engine.runtime.arguments import (
    Check,
    Dtype,
    Flag,
    Naturals1,
    Naturals2,
    Positive,
    Rule,
    Sizes1,
    Sizes2,
    Sizes3,
    sizes,
    words,
)
from engine.runtime.register import Register

CONVOLUTION: Final = Register()


def _padding(dims: int) -> Check:
    pads, names = sizes(dims, 0), words("same", "valid")

    def check(value: object, argument: str) -> object:
        return (names if isinstance(value, str) else pads)(value, argument)

    return Rule(check, Allowed("padding", "0", words=("same", "valid"), dims=dims))


Padding1 = Annotated[int | tuple[int] | str, _padding(1)]
Padding2 = Annotated[int | tuple[int, int] | str, _padding(2)]
Padding3 = Annotated[int | tuple[int, int, int] | str, _padding(3)]
PaddingMode = Annotated[
    Literal["zeros", "reflect", "replicate", "circular"],
    words("zeros", "reflect", "replicate", "circular"),
]


def spread(value: int | tuple[int, ...], dims: int) -> tuple[int, ...]:
    """One size as one for each of `dims` directions."""
    return (value,) * dims if isinstance(value, int) else tuple(value)


def _check_groups(in_channels: int, out_channels: int, groups: int) -> None:
    for name, channels in (("in_channels", in_channels), ("out_channels", out_channels)):
        if channels % groups:
            raise refused("groups-do-not-divide", argument="groups", groups=groups,
                          name=name, channels=channels)  # fmt: skip


def _check_same(padding: object, stride: int | tuple[int, ...], dims: int) -> None:
    if padding == "same" and any(side != 1 for side in spread(stride, dims)):
        raise refused("same-needs-stride-one", argument="padding")


@CONVOLUTION.layer("Conv1d")
def conv1d(
    in_channels: Positive,
    out_channels: Positive,
    kernel_size: Sizes1,
    stride: Sizes1 = 1,
    padding: Padding1 = 0,
    dilation: Sizes1 = 1,
    groups: Positive = 1,
    bias: Flag = True,
    padding_mode: PaddingMode = "zeros",
    dtype: Dtype | None = None,
) -> nn.Module:
    """A convolution along sequences (a cross-correlation: no kernel is flipped).

    (N, in, L) -> (N, out, L'), L' = floor((L + 2p - d(k - 1) - 1) / s) + 1. Weight (out, in /
    groups, k), bias (out).

    Example: parameters(nn.Conv1d(16, 33, 3)) -> 1617
    Example: output_shape(nn.Conv1d(16, 33, 3, stride=2), (20, 16, 50)) -> (20, 33, 24)
    """
    _check_groups(in_channels, out_channels, groups)
    _check_same(padding, stride, 1)
    return nn.Conv1d(in_channels, out_channels, kernel_size, stride, padding, dilation,
                     groups, bias, padding_mode, dtype=dtype)  # fmt: skip


@CONVOLUTION.layer("Conv2d")
def conv2d(
    in_channels: Positive,
    out_channels: Positive,
    kernel_size: Sizes2,
    stride: Sizes2 = 1,
    padding: Padding2 = 0,
    dilation: Sizes2 = 1,
    groups: Positive = 1,
    bias: Flag = True,
    padding_mode: PaddingMode = "zeros",
    dtype: Dtype | None = None,
) -> nn.Module:
    """A convolution over maps (a cross-correlation: no kernel is flipped).

    (N, in, H, W) -> (N, out, H', W'), H' = floor((H + 2p - d(k - 1) - 1) / s) + 1, W' likewise.
    Weight (out, in / groups, k, k), bias (out).

    Example: parameters(nn.Conv2d(3, 64, 3)) -> 1792
    Example: output_shape(nn.Conv2d(3, 64, 7, stride=2, padding=3), (1, 3, 224, 224)) -> (1, 64,
    112, 112)
    Example: macs(nn.Conv2d(3, 64, 3, padding=1), (1, 3, 32, 32)) -> 1769472
    """
    _check_groups(in_channels, out_channels, groups)
    _check_same(padding, stride, 2)
    return nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding, dilation,
                     groups, bias, padding_mode, dtype=dtype)  # fmt: skip


@CONVOLUTION.layer("Conv3d")
def conv3d(
    in_channels: Positive,
    out_channels: Positive,
    kernel_size: Sizes3,
    stride: Sizes3 = 1,
    padding: Padding3 = 0,
    dilation: Sizes3 = 1,
    groups: Positive = 1,
    bias: Flag = True,
    padding_mode: PaddingMode = "zeros",
    dtype: Dtype | None = None,
) -> nn.Module:
    """A convolution over volumes (a cross-correlation: no kernel is flipped).

    (N, in, D, H, W) -> (N, out, D', H', W'), each side as for Conv2d. Weight (out, in / groups,
    k, k, k), bias (out).

    Example: parameters(nn.Conv3d(3, 16, 3)) -> 1312
    Example: output_shape(nn.Conv3d(3, 16, 3), (1, 3, 10, 32, 32)) -> (1, 16, 8, 30, 30)
    """
    _check_groups(in_channels, out_channels, groups)
    _check_same(padding, stride, 3)
    return nn.Conv3d(in_channels, out_channels, kernel_size, stride, padding, dilation,
                     groups, bias, padding_mode, dtype=dtype)  # fmt: skip


def _check_transposed(
    in_channels: int,
    out_channels: int,
    groups: int,
    output_padding: int | tuple[int, ...],
    stride: int | tuple[int, ...],
    dilation: int | tuple[int, ...],
    dims: int,
) -> None:
    _check_groups(in_channels, out_channels, groups)
    sides = zip(
        spread(output_padding, dims), spread(stride, dims), spread(dilation, dims), strict=True
    )
    for extra, step, gap in sides:
        if extra >= max(step, gap):
            raise refused("output-padding-too-large", argument="output_padding", got=extra,
                          high=max(step, gap) - 1)  # fmt: skip


@CONVOLUTION.layer("ConvTranspose1d")
def conv_transpose1d(
    in_channels: Positive,
    out_channels: Positive,
    kernel_size: Sizes1,
    stride: Sizes1 = 1,
    padding: Naturals1 = 0,
    output_padding: Naturals1 = 0,
    groups: Positive = 1,
    bias: Flag = True,
    dilation: Sizes1 = 1,
) -> nn.Module:
    """A transposed convolution along sequences: the shapes of Conv1d turned round.

    (N, in, L) -> (N, out, L'), L' = (L - 1)s - 2p + d(k - 1) + output_padding + 1. Weight (in,
    out / groups, k), bias (out).

    Example: output_shape(nn.ConvTranspose1d(16, 8, 4, stride=2, padding=1), (1, 16, 10)) -> (1,
    8, 20)
    """
    _check_transposed(in_channels, out_channels, groups, output_padding, stride, dilation, 1)
    return nn.ConvTranspose1d(in_channels, out_channels, kernel_size, stride, padding,
                              output_padding, groups, bias, dilation)  # fmt: skip


@CONVOLUTION.layer("ConvTranspose2d")
def conv_transpose2d(
    in_channels: Positive,
    out_channels: Positive,
    kernel_size: Sizes2,
    stride: Sizes2 = 1,
    padding: Naturals2 = 0,
    output_padding: Naturals2 = 0,
    groups: Positive = 1,
    bias: Flag = True,
    dilation: Sizes2 = 1,
) -> nn.Module:
    """A transposed convolution over maps: the shapes of Conv2d turned round.

    (N, in, H, W) -> (N, out, H', W'), H' = (H - 1)s - 2p + d(k - 1) + output_padding + 1.
    Weight (in, out / groups, k, k), bias (out).

    Example: parameters(nn.ConvTranspose2d(16, 8, 4)) -> 2056
    Example: output_shape(nn.ConvTranspose2d(16, 8, 4, stride=2, padding=1), (1, 16, 10, 10)) ->
    (1, 8, 20, 20)
    """
    _check_transposed(in_channels, out_channels, groups, output_padding, stride, dilation, 2)
    return nn.ConvTranspose2d(in_channels, out_channels, kernel_size, stride, padding,
                              output_padding, groups, bias, dilation)  # fmt: skip


@CONVOLUTION.layer("SameConv2d", prefix="")
def same_conv2d(
    in_channels: Positive,
    out_channels: Positive,
    kernel_size: Sizes2,
    stride: Sizes2 = 1,
    dilation: Sizes2 = 1,
    groups: Positive = 1,
    bias: Flag = True,
) -> nn.Module:
    """A convolution padded as TensorFlow's padding='same' does it, also with a stride.

    (N, in, H, W) -> (N, out, ceil(H / s), ceil(W / s)). Where the padding is odd, the extra
    zero goes right and below. PyTorch itself refuses 'same' with a stride above 1.

    Source: tf.nn.convolution, "SAME".
    Example: output_shape(SameConv2d(3, 8, 3, stride=2), (1, 3, 225, 225)) -> (1, 8, 113, 113)
    """
    _check_groups(in_channels, out_channels, groups)
    return SameConv2d(in_channels, out_channels, kernel_size, stride, 0, dilation,
                      groups, bias)  # fmt: skip


class SameConv2d(nn.Conv2d):
    """A convolution that pads so that its output is ceil(input / stride), unevenly if need be."""

    def margins(self, size: tuple[int, int]) -> tuple[int, int, int, int]:
        """Zeros to the left, right, top and bottom of an input of that height and width."""
        pads: list[int] = []
        for side, k, s, d in zip(size, self.kernel_size, self.stride, self.dilation, strict=True):
            total = max((-(-side // s) - 1) * s + d * (k - 1) + 1 - side, 0)
            pads = [total // 2, total - total // 2, *pads]
        return pads[0], pads[1], pads[2], pads[3]

    def forward(self, input: torch.Tensor) -> torch.Tensor:  # noqa: A002 - torch's own name
        height, width = input.shape[-2:]
        padded = functional.pad(input, self.margins((height, width)))
        return functional.conv2d(
            padded, self.weight, self.bias, self.stride, 0, self.dilation, self.groups
        )
