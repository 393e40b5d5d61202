"""Pooling and resizing layers: no weights, per channel.

Promise: PyTorch's names, arguments and defaults, checked first. Must not compute values.
"""

from __future__ import annotations

from typing import Annotated, Final

from torch import nn

from engine.refusal import refused
from engine.runtime.arguments import (
    Flag,
    Naturals1,
    Naturals2,
    Positive,
    Sizes1,
    Sizes2,
    real,
    sizes,
    words,
)
from engine.runtime.layers.convolution import spread
from engine.runtime.register import Register

POOLING: Final = Register()

Target2 = Annotated[int | tuple[int | None, int | None] | None, sizes(2, 1, gaps=True)]


def check_window(
    kernel_size: int | tuple[int, ...], padding: int | tuple[int, ...], dims: int
) -> None:
    """torch allows padding of at most half a window."""
    for k, p in zip(spread(kernel_size, dims), spread(padding, dims), strict=True):
        if p > k // 2:
            raise refused("pool-padding-too-large", argument="padding", got=p, high=k // 2)


def _check_indices(wanted: bool) -> None:
    if wanted:
        raise refused("argument-unsupported", argument="return_indices")


@POOLING.layer("MaxPool1d")
def max_pool1d(
    kernel_size: Sizes1,
    stride: Sizes1 | None = None,
    padding: Naturals1 = 0,
    dilation: Sizes1 = 1,
    return_indices: Flag = False,
    ceil_mode: Flag = False,
) -> nn.Module:
    """The largest of each window along a sequence.

    (N, C, L) -> (N, C, L'), L' as for MaxPool2d. The stride is kernel_size unless given.
    Padding at most half a window.

    Example: nn.MaxPool1d(2)(tensor([[1., 3., 2., 0.]])) -> tensor([[3.0, 2.0]], dtype=float32)
    """
    check_window(kernel_size, padding, 1)
    _check_indices(return_indices)
    return nn.MaxPool1d(kernel_size, stride, padding, dilation, ceil_mode=ceil_mode)


@POOLING.layer("MaxPool2d")
def max_pool2d(
    kernel_size: Sizes2,
    stride: Sizes2 | None = None,
    padding: Naturals2 = 0,
    dilation: Sizes2 = 1,
    return_indices: Flag = False,
    ceil_mode: Flag = False,
) -> nn.Module:
    """The largest of each window of a map.

    (N, C, H, W) -> (N, C, H', W'), H' = floor((H + 2p - d(k - 1) - 1) / s) + 1. The stride is
    kernel_size unless given; with ceil_mode rounded up, but no window starts in the padding on
    the far side. No parameters.

    Example: output_shape(nn.MaxPool2d(3, stride=2), (1, 64, 112, 112)) -> (1, 64, 55, 55)
    Example: output_shape(nn.MaxPool2d(3, stride=2, ceil_mode=True), (1, 64, 112, 112)) -> (1,
    64, 56, 56)
    """
    check_window(kernel_size, padding, 2)
    _check_indices(return_indices)
    return nn.MaxPool2d(kernel_size, stride, padding, dilation, ceil_mode=ceil_mode)


@POOLING.layer("AvgPool1d")
def avg_pool1d(
    kernel_size: Sizes1,
    stride: Sizes1 | None = None,
    padding: Naturals1 = 0,
    ceil_mode: Flag = False,
    count_include_pad: Flag = True,
) -> nn.Module:
    """The mean of each window along a sequence.

    (N, C, L) -> (N, C, L'). The stride is kernel_size unless given.

    Example: nn.AvgPool1d(2)(tensor([[1., 3., 2., 0.]])) -> tensor([[2.0, 1.0]], dtype=float32)
    """
    check_window(kernel_size, padding, 1)
    step = kernel_size if stride is None else stride
    return nn.AvgPool1d(kernel_size, step, padding, ceil_mode, count_include_pad)


@POOLING.layer("AvgPool2d")
def avg_pool2d(
    kernel_size: Sizes2,
    stride: Sizes2 | None = None,
    padding: Naturals2 = 0,
    ceil_mode: Flag = False,
    count_include_pad: Flag = True,
    divisor_override: Positive | None = None,
) -> nn.Module:
    """The mean of each window of a map.

    (N, C, H, W) -> (N, C, H', W'). The stride is kernel_size unless given; zeros of the padding
    are counted unless count_include_pad is False. No parameters.

    Example: output_shape(nn.AvgPool2d(2), (1, 6, 28, 28)) -> (1, 6, 14, 14)
    """
    check_window(kernel_size, padding, 2)
    return nn.AvgPool2d(kernel_size, stride, padding, ceil_mode, count_include_pad,
                        divisor_override)  # fmt: skip


@POOLING.layer("AdaptiveAvgPool1d")
def adaptive_avg_pool1d(output_size: Sizes1) -> nn.Module:
    """Means over windows chosen so that output_size of them cover the input.

    (N, C, L) -> (N, C, output_size).

    Example: nn.AdaptiveAvgPool1d(2)(tensor([[1., 3., 2., 0.]])) -> tensor([[2.0, 1.0]],
    dtype=float32)
    """
    return nn.AdaptiveAvgPool1d(output_size)


@POOLING.layer("AdaptiveAvgPool2d")
def adaptive_avg_pool2d(output_size: Target2) -> nn.Module:
    """Means over windows chosen so that output_size of them cover the map; size 1 is global
    averaging.

    (N, C, H, W) -> (N, C, *output_size); None keeps a side.

    Example: output_shape(nn.AdaptiveAvgPool2d(1), (1, 512, 7, 7)) -> (1, 512, 1, 1)
    """
    return nn.AdaptiveAvgPool2d(output_size)


@POOLING.layer("AdaptiveMaxPool2d")
def adaptive_max_pool2d(output_size: Target2) -> nn.Module:
    """Maxima over windows chosen so that output_size of them cover the map; size 1 is the
    global one.

    (N, C, H, W) -> (N, C, *output_size); None keeps a side.

    Example: output_shape(nn.AdaptiveMaxPool2d((None, 1)), (1, 512, 7, 9)) -> (1, 512, 7, 1)
    """
    return nn.AdaptiveMaxPool2d(output_size)


@POOLING.layer("Upsample")
def upsample(
    size: Sizes2 | None = None,
    scale_factor: Annotated[float, real(1e-3, 1e3)] | None = None,
    mode: Annotated[str, words("nearest", "bilinear", "bicubic")] = "nearest",
    align_corners: Flag | None = None,
) -> nn.Module:
    """A larger map: by a scale or to a size, from the nearest pixel unless mode says otherwise.

    (N, C, H, W) -> (N, C, floor(H scale), floor(W scale)), or the given size. No parameters.

    Example: output_shape(nn.Upsample(scale_factor=2), (1, 8, 7, 7)) -> (1, 8, 14, 14)
    """
    if (size is None) == (scale_factor is None):
        raise refused("one-of-two", a="size", b="scale_factor")
    if align_corners is not None and mode == "nearest":
        raise refused("align-needs-linear", argument="align_corners")
    return nn.Upsample(size, scale_factor, mode, align_corners)


@POOLING.layer("PixelShuffle")
def pixel_shuffle(upscale_factor: Positive) -> nn.Module:
    """Channels laid out as pixels: r² of them make one map r times as high and wide.

    (N, C r², H, W) -> (N, C, H r, W r). No parameters.

    Source: Shi et al. 2016, sub-pixel convolution.
    Example: output_shape(nn.PixelShuffle(2), (1, 12, 5, 5)) -> (1, 3, 10, 10)
    """
    return nn.PixelShuffle(upscale_factor)


@POOLING.layer("ZeroPad2d")
def zero_pad2d(padding: Annotated[int | tuple[int, int, int, int], sizes(4, 0)]) -> nn.Module:
    """Zeros around a map.

    (N, C, H, W) -> (N, C, H + top + bottom, W + left + right). One number for all sides, or
    (left, right, top, bottom).

    Example: output_shape(nn.ZeroPad2d((1, 2, 0, 0)), (1, 3, 8, 8)) -> (1, 3, 8, 11)
    """
    return nn.ZeroPad2d(padding)
