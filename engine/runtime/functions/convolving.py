"""Convolution as a matrix product: patches as columns, the kernel as a matrix, its transpose.

Promise: what is built here agrees with `conv2d`, `convolve`, `correlate` and `fft_conv2d` within
rounding. Sizes are foreseen. Must not hold weights.
"""

from __future__ import annotations

import math
from typing import Annotated, Final

import torch
from torch.nn import functional

from engine import limits
from engine.documented import Allowed
from engine.refusal import refused
from engine.runtime.arguments import (
    Natural,
    Naturals2,
    Positive,
    Rule,
    Sizes2,
    Values,
    dtype_name,
    whole,
    words,
)
from engine.runtime.arithmetic import matmul
from engine.runtime.foresight import check_elements
from engine.runtime.functions.products import foreseen
from engine.runtime.functions.sliding import Mode, fft_conv2d
from engine.runtime.layers.convolution import spread
from engine.runtime.register import Register

CONVOLVING: Final = Register()
Operation = Annotated[str, words("correlate", "convolve")]


def _sides(value: object, argument: str) -> tuple[int, ...]:
    """The side of a vector, or both sides of a map."""
    sides = value if isinstance(value, (tuple, list)) else (value,)
    if len(sides) not in (1, 2):
        raise refused("argument-shape", argument=argument)
    one = whole(1, limits.ELEMENTS)
    return tuple(one(side, argument) for side in sides)  # type: ignore[misc]


Sides = Annotated[tuple[int, ...], Rule(_sides, Allowed("sizes", "1", dims=2))]


@CONVOLVING.function()
def im2col(
    x: Values,
    kernel_size: Sizes2,
    dilation: Sizes2 = 1,
    padding: Naturals2 = 0,
    stride: Sizes2 = 1,
) -> torch.Tensor:
    """(N, C, H, W) -> (N, C kh kw, positions): every patch the kernel sees as a column.

    (C, H, W) -> (C kh kw, positions). Rows go channel by channel, then through the kernel's rows;
    columns through the output's pixels. A convolution is the kernels' matrix times this one.

    Source: torch.nn.functional.unfold.
    Example: im2col(arange(9.).reshape(1, 3, 3), 2) -> tensor([[0.0, 1.0, 3.0, 4.0], [1.0, 2.0, 4.0,
    5.0], [3.0, 4.0, 6.0, 7.0], [4.0, 5.0, 7.0, 8.0]], dtype=float32)
    """
    if x.dim() not in (3, 4):
        raise refused("input-dimensions", expected="3 / 4", shape=tuple(x.shape))
    kernel = spread(kernel_size, 2)
    check_elements((x.shape[-3], *kernel))
    ghost = torch.empty(1, x.shape[-3], *kernel, device="meta")
    foreseen(x, ghost, 2, stride, padding, dilation, 1)
    sides = [
        (side + 2 * p - d * (k - 1) - 1) // s + 1
        for side, p, d, k, s in zip(
            x.shape[-2:],
            spread(padding, 2),
            spread(dilation, 2),
            kernel,
            spread(stride, 2),
            strict=True,
        )
    ]
    batch = x.shape[0] if x.dim() == 4 else 1
    check_elements((batch, x.shape[-3], *kernel, *sides))
    return functional.unfold(x, kernel, dilation, padding, stride)


@CONVOLVING.function(method=False)
def conv2d_by_matrix(
    x: Values,
    weight: Values,
    bias: Values | None = None,
    stride: Sizes2 = 1,
    padding: Naturals2 = 0,
    dilation: Sizes2 = 1,
) -> torch.Tensor:
    """conv2d as one matrix product: (out, C kh kw) times im2col(x).

    (N, C, H, W) or (C, H, W), weight (out, C, kh, kw), bias (out) -> as conv2d gives.

    Source: Chellapilla 2006.
    Example: conv2d_by_matrix(arange(9.).reshape(1, 3, 3), ones(1, 1, 2, 2)) -> tensor([[[8.0,
    12.0], [20.0, 24.0]]], dtype=float32)
    """
    foreseen(x, weight, 2, stride, padding, dilation, 1)
    if bias is not None and tuple(bias.shape) != (weight.shape[0],):
        raise refused("wrong-shape", argument="bias", got=tuple(bias.shape),
                      expected=(weight.shape[0],))  # fmt: skip
    kernel = (weight.shape[2], weight.shape[3])
    columns = im2col(x, kernel, dilation, padding, stride)
    made = matmul(weight.flatten(1), columns)
    assert isinstance(made, torch.Tensor)
    if bias is not None:
        made = made + bias[:, None]
    sides = [
        (side + 2 * p - d * (k - 1) - 1) // s + 1
        for side, p, d, k, s in zip(x.shape[-2:], spread(padding, 2), spread(dilation, 2), kernel,
                                    spread(stride, 2), strict=True)
    ]  # fmt: skip
    return made.reshape(*made.shape[:-1], *sides)


@CONVOLVING.function()
def toeplitz(
    kernel: Values,
    size: Sides,
    mode: Mode = "valid",
    operation: Operation = "correlate",
    stride: Positive = 1,
) -> torch.Tensor:
    """The matrix that, times a vector or a flattened map of that size, slides the kernel over it.

    kernel (k) and size n, or (kh, kw) and (H, W) -> (outputs, inputs). operation="convolve" flips
    the kernel. mode is valid, same or full as in correlate and convolve; stride keeps every
    stride-th output. Its transpose is the transposed convolution.

    Source: each row holds the kernel's weights at the inputs the output sees, zeros elsewhere.
    Example: toeplitz(tensor([1., 2.]), 3) -> tensor([[1.0, 2.0, 0.0], [0.0, 1.0, 2.0]],
    dtype=float32)
    Example: toeplitz(tensor([1., 2.]), 3, "full", "convolve") -> tensor([[1.0, 0.0, 0.0], [2.0,
    1.0, 0.0], [0.0, 2.0, 1.0], [0.0, 0.0, 2.0]], dtype=float32)
    """
    if kernel.dim() != len(size):
        raise refused("convolve-dimensions", a=tuple(kernel.shape), b=size)
    if not kernel.numel():
        raise refused("nothing-to-reduce", argument="kernel")
    if mode == "valid" and any(k > side for k, side in zip(kernel.shape, size, strict=True)):
        raise refused("kernel-larger-than-input", input=size, kernel=tuple(kernel.shape))
    inputs = math.prod(size)
    seen = _seen(size, tuple(kernel.shape), mode, operation, stride)
    weights = kernel.flip(tuple(range(kernel.dim()))) if operation == "convolve" else kernel
    rows = torch.arange(seen.shape[0])[:, None]
    matrix = kernel.new_zeros(seen.shape[0], inputs + 1).index_put(
        (rows.to(kernel.device), seen.to(kernel.device)),
        weights.flatten().expand(seen.shape),
        accumulate=True,
    )
    return matrix[:, 1:]


def _seen(
    size: tuple[int, ...], kernel: tuple[int, ...], mode: str, operation: str, stride: int
) -> torch.Tensor:
    """(outputs, kernel's weights): the number of the input under each weight, 0 for a margin."""
    margins: list[int] = []
    outputs = 1
    for side, k in zip(size, kernel, strict=True):
        small, large = (k - 1) // 2, k - 1 - (k - 1) // 2
        before, after = {
            "valid": (0, 0),
            "same": (small, large) if operation == "correlate" else (large, small),
            "full": (k - 1, k - 1),
        }[mode]
        margins = [before, after, *margins]
        outputs *= (side + before + after - k) // stride + 1
    check_elements((outputs, math.prod(size) + 1))
    check_elements((outputs, math.prod(kernel)))
    places = torch.arange(1, math.prod(size) + 1).reshape(size)
    windows = functional.pad(places, margins)
    for axis, k in enumerate(kernel):
        windows = windows.unfold(axis, k, stride)
    return windows.flatten(0, len(size) - 1).flatten(1)


@CONVOLVING.function()
def circulant(kernel: Values, n: Annotated[int, whole(1, 8192)]) -> torch.Tensor:
    """The (n, n) matrix that, times a vector of length n, is circular_convolve: each row the one
    before it, turned by one place.

    kernel (k) with at most n numbers. Its eigenvalues are the kernel's Fourier transform.

    Source: formula: entry (i, j) is kernel[(i - j) mod n].
    Example: circulant(tensor([1., 2.]), 3) -> tensor([[1.0, 0.0, 2.0], [2.0, 1.0, 0.0], [0.0, 2.0,
    1.0]], dtype=float32)
    """
    if kernel.dim() != 1:
        raise refused("convolve-dimensions", a=tuple(kernel.shape), b=(n,))
    if not 0 < kernel.shape[0] <= n:
        raise refused("kernel-larger-than-input", input=(n,), kernel=tuple(kernel.shape))
    places = torch.arange(n, device=kernel.device)
    return functional.pad(kernel, (0, n - kernel.shape[0]))[(places[:, None] - places) % n]


@CONVOLVING.function(method=False)
def conv_transpose_by_matrix(
    x: Values, kernel: Values, stride: Positive = 1, padding: Natural = 0
) -> torch.Tensor:
    """The transposed convolution: the transpose of the convolution's matrix times x.

    Vectors (n) or maps (H, W), one channel -> (n - 1) stride + k - 2 padding on each side, as
    conv_transpose2d gives. It undoes the shape of a convolution, not its values.

    Source: Dumoulin and Visin 2016.
    Example: conv_transpose_by_matrix(tensor([1., 2.]), tensor([1., 1.]), stride=2) -> tensor([1.0,
    1.0, 2.0, 2.0], dtype=float32)
    """
    if x.dim() != kernel.dim() or x.dim() not in (1, 2) or not x.numel():
        raise refused("convolve-dimensions", a=tuple(x.shape), b=tuple(kernel.shape))
    if x.dtype != kernel.dtype:
        raise refused("dtypes-differ", a=dtype_name(x.dtype), b=dtype_name(kernel.dtype))
    grown = tuple((side - 1) * stride + k for side, k in zip(x.shape, kernel.shape, strict=True))
    check_elements((x.numel(), *grown))
    if any(side <= 2 * padding for side in grown):
        raise refused("output-too-small", argument="padding")
    matrix = toeplitz(kernel, grown, "valid", "correlate", stride)
    made = matmul(matrix.T, x.flatten())
    assert isinstance(made, torch.Tensor)
    inner = tuple(slice(padding, side - padding) for side in grown)
    return made.reshape(grown)[inner]


@CONVOLVING.function(method=False)
def fft_correlate(x: Values, kernel: Values, mode: Mode = "valid") -> torch.Tensor:
    """`correlate` through the frequency domain: the kernel is flipped, then fft_conv2d.

    Vectors (n) or maps (H, W). valid, same (as large as x) or full, as correlate.

    Source: correlation theorem: one transform times the conjugate of the other.
    Example: fft_correlate(tensor([1., 2., 4.]), tensor([1., 0., -1.])) -> tensor([-3.0],
    dtype=float32)
    """
    turned = kernel.flip(tuple(range(kernel.dim())))
    if mode != "same":
        return fft_conv2d(x, turned, mode)
    made = fft_conv2d(x, turned, "full")
    for axis, side in enumerate(x.shape):
        k = kernel.shape[axis]
        made = made.narrow(axis, k - 1 - (k - 1) // 2, side)
    return made
