"""Products of tensors: matrices, convolutions, pooling, and convolution by Fourier transform.

Promise: sizes and work are foreseen before torch allocates. `conv2d` is a cross-correlation, as
in PyTorch; `convolve` flips the kernel. Must not hold weights.
"""

from __future__ import annotations

import math
from typing import Final

import torch
from torch import nn
from torch.nn import functional

from engine.refusal import refused
from engine.runtime.arguments import Flag, Naturals1, Naturals2, Positive, Sizes1, Sizes2, Values
from engine.runtime.arithmetic import matmul as multiply
from engine.runtime.fitting import check_fit
from engine.runtime.foresight import check_copies, check_elements, check_work
from engine.runtime.layers.convolution import Padding1, Padding2, spread
from engine.runtime.layers.pooling import check_window
from engine.runtime.register import Register

PRODUCTS: Final = Register()


@PRODUCTS.function(also=("mm", "bmm", "mv"))
def matmul(x: Values, other: Values) -> object:
    """Matrix product, the same as @.

    (n, k) @ (k, m) -> (n, m); further axes in front are broadcast.

    Example: matmul(tensor([[1, 2], [3, 4]]), tensor([1, 1])) -> tensor([3, 7], dtype=int64)
    Example: shape(matmul(zeros(8, 2, 3), zeros(3, 5))) -> (8, 2, 5)
    """
    return multiply(x, other)


@PRODUCTS.function()
def dot(x: Values, other: Values) -> object:
    """The sum of products of two vectors.

    Example: dot(tensor([1., 2., 3.]), tensor([1., 0., 2.])) -> tensor(7.0, dtype=float32)
    """
    if x.dim() != 1 or other.dim() != 1:
        raise refused("dot-vectors", a=tuple(x.shape), b=tuple(other.shape))
    return multiply(x, other)


@PRODUCTS.function()
def outer(x: Values, other: Values) -> torch.Tensor:
    """Every product of two vectors' elements: (n), (m) -> (n, m).

    Example: outer(tensor([1, 2]), tensor([3, 4, 5])) -> tensor([[ 3, 4, 5], [ 6, 8, 10]],
    dtype=int64)
    """
    if x.dim() != 1 or other.dim() != 1:
        raise refused("dot-vectors", a=tuple(x.shape), b=tuple(other.shape))
    check_elements((x.shape[0], other.shape[0]))
    return torch.outer(x, other)


@PRODUCTS.function()
def linear(x: Values, weight: Values, bias: Values | None = None) -> torch.Tensor:
    """A fully connected layer from its weights, x Wᵀ + b.

    (*, in), weight (out, in), bias (out) -> (*, out).

    Example: linear(tensor([1., 2.]), tensor([[1., 1.], [0., 2.]]), tensor([0., 10.])) ->
    tensor([ 3.0, 14.0], dtype=float32)
    """
    check_elements((*x.shape[:-1], weight.shape[0] if weight.dim() else 1))
    check_work(x.numel() * (weight.shape[0] if weight.dim() else 1))
    return functional.linear(x, weight, bias)


def foreseen(
    x: torch.Tensor,
    weight: torch.Tensor,
    dims: int,
    stride: int | tuple[int, ...],
    padding: int | tuple[int, ...] | str,
    dilation: int | tuple[int, ...],
    groups: int,
) -> None:
    """Refuse a convolution whose shapes do not fit or whose size or work is too large."""
    if x.dim() not in (dims + 1, dims + 2):
        raise refused("input-dimensions", expected=f"{dims + 1} / {dims + 2}",
                      shape=tuple(x.shape))  # fmt: skip
    if weight.dim() != dims + 2:
        raise refused("weight-dimensions", argument="weight", expected=dims + 2,
                      shape=tuple(weight.shape))  # fmt: skip
    kernel = tuple(weight.shape[2:])
    channels = x.shape[-dims - 1]
    if weight.shape[1] * groups != channels:
        raise refused("channels-differ", shape=tuple(x.shape), expected=weight.shape[1] * groups,
                      got=channels)  # fmt: skip
    if weight.shape[0] % groups:
        raise refused("groups-do-not-divide", argument="groups", groups=groups, name="weight",
                      channels=weight.shape[0])  # fmt: skip
    if padding == "same" and any(s != 1 for s in spread(stride, dims)):
        raise refused("same-needs-stride-one", argument="padding")
    gaps = spread(dilation, dims)
    if isinstance(padding, str):
        margins = tuple(d * (k - 1) if padding == "same" else 0
                        for d, k in zip(gaps, kernel, strict=True))  # fmt: skip
    else:
        margins = tuple(2 * p for p in spread(padding, dims))
    sides = [
        (side + p - d * (k - 1) - 1) // s + 1
        for side, p, d, k, s in zip(
            x.shape[-dims:], margins, gaps, kernel, spread(stride, dims), strict=True
        )
    ]
    if min(sides) < 1:
        raise refused("kernel-larger-than-input", input=tuple(x.shape[-dims:]), kernel=kernel)
    positions, patch = math.prod(sides), weight.shape[1] * math.prod(kernel)
    batch = x.shape[0] if x.dim() == dims + 2 else 1
    check_elements((batch, weight.shape[0], *sides))
    check_work(batch * weight.shape[0] * positions * patch)
    check_copies(positions * patch)


@PRODUCTS.function()
def conv1d(
    x: Values,
    weight: Values,
    bias: Values | None = None,
    stride: Sizes1 = 1,
    padding: Padding1 = 0,
    dilation: Sizes1 = 1,
    groups: Positive = 1,
) -> torch.Tensor:
    """A convolution along a sequence with given weights; the kernel is not flipped.

    (N, in, L), weight (out, in / groups, k) -> (N, out, L'), L' as for Conv1d.

    Example: conv1d(tensor([[1., 2., 3.]]), tensor([[[1., 0.]]])) -> tensor([[1.0, 2.0]],
    dtype=float32)
    """
    foreseen(x, weight, 1, stride, padding, dilation, groups)
    return functional.conv1d(x, weight, bias, stride, padding, dilation, groups)


@PRODUCTS.function()
def conv2d(
    x: Values,
    weight: Values,
    bias: Values | None = None,
    stride: Sizes2 = 1,
    padding: Padding2 = 0,
    dilation: Sizes2 = 1,
    groups: Positive = 1,
) -> torch.Tensor:
    """A convolution over maps with given weights; the kernel is not flipped.

    (N, in, H, W), weight (out, in / groups, k, k) -> (N, out, H', W'), H' as for Conv2d.

    Example: shape(conv2d(zeros(1, 3, 8, 8), zeros(4, 3, 3, 3), padding=1)) -> (1, 4, 8, 8)
    Example: conv2d(ones(1, 1, 3, 3), ones(1, 1, 3, 3)).item() -> 9.0
    """
    foreseen(x, weight, 2, stride, padding, dilation, groups)
    return functional.conv2d(x, weight, bias, stride, padding, dilation, groups)


@PRODUCTS.function()
def conv_transpose2d(
    x: Values,
    weight: Values,
    bias: Values | None = None,
    stride: Sizes2 = 1,
    padding: Naturals2 = 0,
    output_padding: Naturals2 = 0,
    groups: Positive = 1,
    dilation: Sizes2 = 1,
) -> torch.Tensor:
    """A transposed convolution with given weights: the shapes of conv2d turned round.

    (N, in, H, W), weight (in, out / groups, k, k) -> (N, out, H', W'), H' as for
    ConvTranspose2d.

    Example: shape(conv_transpose2d(zeros(1, 4, 5, 5), zeros(4, 2, 2, 2), stride=2)) -> (1, 2,
    10, 10)
    """
    if x.dim() not in (3, 4) or weight.dim() != 4:
        raise refused("input-dimensions", expected="3 / 4", shape=tuple(x.shape))
    steps, gaps = spread(stride, 2), spread(dilation, 2)
    extra = spread(output_padding, 2)
    for e, s, d in zip(extra, steps, gaps, strict=True):
        if e >= max(s, d):
            raise refused("output-padding-too-large", argument="output_padding", got=e,
                          high=max(s, d) - 1)  # fmt: skip
    sides = [
        (side - 1) * s + d * (k - 1) + 1 + e
        for side, s, d, k, e in zip(x.shape[-2:], steps, gaps, weight.shape[2:], extra, strict=True)
    ]
    check_elements((*x.shape[:-3], weight.shape[1] * groups, *sides))
    check_work(x.numel() * math.prod(weight.shape[1:]))
    check_copies(math.prod(x.shape[-2:]) * math.prod(weight.shape[1:]) * groups)
    return functional.conv_transpose2d(
        x, weight, bias, stride, padding, output_padding, groups, dilation
    )


@PRODUCTS.function()
def max_pool1d(
    x: Values, kernel_size: Sizes1, stride: Sizes1 | None = None, padding: Naturals1 = 0,
    dilation: Sizes1 = 1, ceil_mode: Flag = False,
) -> torch.Tensor:  # fmt: skip
    """The largest of each window: (N, C, L) -> (N, C, L'). The stride is kernel_size unless
    given.

    Example: max_pool1d(tensor([[1., 3., 2., 0.]]), 2) -> tensor([[3.0, 2.0]], dtype=float32)
    """
    check_window(kernel_size, padding, 1)
    check_fit(nn.MaxPool1d(kernel_size, stride, padding, dilation), (x,))
    return functional.max_pool1d(x, kernel_size, stride, padding, dilation, ceil_mode)


@PRODUCTS.function()
def max_pool2d(
    x: Values, kernel_size: Sizes2, stride: Sizes2 | None = None, padding: Naturals2 = 0,
    dilation: Sizes2 = 1, ceil_mode: Flag = False,
) -> torch.Tensor:  # fmt: skip
    """The largest of each window: (N, C, H, W) -> (N, C, H', W'), as for MaxPool2d.

    Example: max_pool2d(reshape(arange(4.), 1, 2, 2), 2).item() -> 3.0
    """
    check_window(kernel_size, padding, 2)
    check_fit(nn.MaxPool2d(kernel_size, stride, padding, dilation), (x,))
    return functional.max_pool2d(x, kernel_size, stride, padding, dilation, ceil_mode)


@PRODUCTS.function()
def avg_pool2d(
    x: Values, kernel_size: Sizes2, stride: Sizes2 | None = None, padding: Naturals2 = 0,
    ceil_mode: Flag = False, count_include_pad: Flag = True,
) -> torch.Tensor:  # fmt: skip
    """The mean of each window: (N, C, H, W) -> (N, C, H', W'), as for AvgPool2d.

    Example: avg_pool2d(reshape(arange(4.), 1, 2, 2), 2).item() -> 1.5
    """
    check_window(kernel_size, padding, 2)
    check_fit(nn.AvgPool2d(kernel_size, stride, padding), (x,))
    return functional.avg_pool2d(x, kernel_size, stride, padding, ceil_mode, count_include_pad)


@PRODUCTS.function()
def avg_pool1d(
    x: Values, kernel_size: Sizes1, stride: Sizes1 | None = None, padding: Naturals1 = 0,
    ceil_mode: Flag = False, count_include_pad: Flag = True,
) -> torch.Tensor:  # fmt: skip
    """The mean of each window: (N, C, L) -> (N, C, L'). The stride is kernel_size unless given.

    Example: avg_pool1d(tensor([[1., 3., 2., 0.]]), 2) -> tensor([[2.0, 1.0]], dtype=float32)
    """
    check_window(kernel_size, padding, 1)
    stride = kernel_size if stride is None else stride
    check_fit(nn.AvgPool1d(kernel_size, stride, padding), (x,))
    return functional.avg_pool1d(x, kernel_size, stride, padding, ceil_mode, count_include_pad)
