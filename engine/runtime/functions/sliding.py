"""Sliding a kernel over a vector or a map, directly and through the frequency domain.

Promise: `correlate` slides the kernel as it is, `convolve` and the Fourier forms flip it, as in
mathematics. Vectors (n) and maps (H, W) alike. Must not hold weights.
"""

from __future__ import annotations

from typing import Annotated, Final

import torch
from torch.nn import functional

from engine.refusal import over_limit, refused
from engine.runtime.arguments import Positive, Values, words
from engine.runtime.foresight import check_elements
from engine.runtime.functions.products import foreseen
from engine.runtime.register import Register

SLIDING: Final = Register()
_TRANSFORMED: Final = 2**22
"""Elements of a Fourier transform: a size with large prime factors takes long."""

Mode = Annotated[str, words("valid", "same", "full")]


def _vectors_or_maps(x: torch.Tensor, kernel: torch.Tensor) -> int:
    if x.dim() != kernel.dim() or x.dim() not in (1, 2):
        raise refused("convolve-dimensions", a=tuple(x.shape), b=tuple(kernel.shape))
    return x.dim()


@SLIDING.function()
def correlate(x: Values, kernel: Values, mode: Mode = "valid") -> torch.Tensor:
    """The kernel slides over a vector or map as it is: cross-correlation.

    (n), (k) or (H, W), (kh, kw). valid, same (as large as x) or full.

    Example: correlate(tensor([1, 2, 3, 4]), tensor([1, 0])) -> tensor([1, 2, 3], dtype=int64)
    """
    dims = _vectors_or_maps(x, kernel)
    margins = {
        "valid": [0] * 2 * dims,
        "same": [m for k in reversed(kernel.shape) for m in ((k - 1) // 2, k - 1 - (k - 1) // 2)],
        "full": [k - 1 for k in reversed(kernel.shape) for _ in (0, 1)],
    }[mode]
    grown = [side + 2 * (k - 1) for side, k in zip(x.shape, kernel.shape, strict=True)]
    check_elements(grown)
    common = torch.promote_types(x.dtype, kernel.dtype)
    padded = functional.pad(x.to(common), margins)[None, None]
    weight = kernel.to(common)[None, None]
    foreseen(padded, weight, dims, 1, 0, 1, 1)
    slide = functional.conv1d if dims == 1 else functional.conv2d
    return slide(padded, weight)[0, 0]


@SLIDING.function()
def convolve(x: Values, kernel: Values, mode: Mode = "full") -> torch.Tensor:
    """Convolution in the mathematical sense: the kernel is flipped. full unless told.

    (n), (k) -> (n + k - 1), maps likewise; valid and same cut that down.

    Example: convolve(tensor([1, 2]), tensor([1, 3])) -> tensor([1, 5, 6], dtype=int64)
    """
    dims = _vectors_or_maps(x, kernel)
    turned = kernel.flip(tuple(range(dims)))
    if mode == "same":
        return _middle(correlate(x, turned, "full"), x.shape)
    return correlate(x, turned, mode)


def _middle(full: torch.Tensor, shape: torch.Size) -> torch.Tensor:
    for axis, side in enumerate(shape):
        full = full.narrow(axis, (full.shape[axis] - side) // 2, side)
    return full


@SLIDING.function()
def fft_conv2d(x: Values, kernel: Values, mode: Mode = "full") -> torch.Tensor:
    """`convolve` through the frequency domain: both transformed, multiplied, transformed back.

    Padded to the full size, so that the circular convolution equals the linear one. Vectors
    too.

    Source: The convolution theorem.
    Example: shape(fft_conv2d(zeros(5, 5), zeros(3, 3))) -> (7, 7)
    Example: round(fft_conv2d(tensor([1., 2.]), tensor([1., 3.]))) -> tensor([1.0, 5.0, 6.0],
    dtype=float32)
    """
    dims = _vectors_or_maps(x, kernel)
    size = [a + b - 1 for a, b in zip(x.shape, kernel.shape, strict=True)]
    check_elements(size, _TRANSFORMED)
    common = torch.promote_types(torch.promote_types(x.dtype, kernel.dtype), torch.float32)
    axes = tuple(range(dims))
    product = torch.fft.rfftn(x.to(common), size, axes) * torch.fft.rfftn(
        kernel.to(common), size, axes
    )
    full: torch.Tensor = torch.fft.irfftn(product, size, axes)
    if mode == "full":
        return full
    if mode == "same":
        return _middle(full, x.shape)
    for axis, k in enumerate(kernel.shape):
        if x.shape[axis] < k:
            raise refused("kernel-larger-than-input", input=tuple(x.shape),
                          kernel=tuple(kernel.shape))  # fmt: skip
        full = full.narrow(axis, k - 1, x.shape[axis] - k + 1)
    return full


@SLIDING.function()
def circular_convolve(x: Values, kernel: Values) -> torch.Tensor:
    """The product of two transforms of x's own size, transformed back: it wraps around.

    Example: round(circular_convolve(tensor([1., 2., 3.]), tensor([0., 1.]))) -> tensor([3.0,
    1.0, 2.0], dtype=float32)
    """
    dims = _vectors_or_maps(x, kernel)
    if any(k > side for k, side in zip(kernel.shape, x.shape, strict=True)):
        raise refused("kernel-larger-than-input", input=tuple(x.shape),
                      kernel=tuple(kernel.shape))  # fmt: skip
    check_elements(x.shape, _TRANSFORMED)
    common = torch.promote_types(torch.promote_types(x.dtype, kernel.dtype), torch.float32)
    axes, size = tuple(range(dims)), list(x.shape)
    product = torch.fft.rfftn(x.to(common), size, axes) * torch.fft.rfftn(
        kernel.to(common), size, axes
    )
    back: torch.Tensor = torch.fft.irfftn(product, size, axes)
    return back


@SLIDING.function()
def spectrum(x: Values) -> torch.Tensor:
    """The amplitudes of x's frequencies: |FFT(x)|, the constant part first.

    Example: spectrum(ones(4)) -> tensor([4.0, 0.0, 0.0, 0.0], dtype=float32)
    """
    if x.dim() not in (1, 2):
        raise refused("convolve-dimensions", a=tuple(x.shape), b="")
    check_elements(x.shape, _TRANSFORMED)
    amplitudes: torch.Tensor = torch.fft.fftn(x).abs()
    return amplitudes


@SLIDING.function()
def conv_matrix(kernel: Values, height: Positive, width: Positive) -> torch.Tensor:
    """The matrix that, times the flattened map, is conv2d: (kh, kw) -> (outputs, height width).

    One row per output pixel, the kernel's weights at the pixels it sees, zeros elsewhere.

    Example: shape(conv_matrix(ones(3, 3), 5, 5)) -> (9, 25)
    Example: conv_matrix(tensor([[1., 2.]]), 1, 3) -> tensor([[1.0, 2.0, 0.0], [0.0, 1.0, 2.0]],
    dtype=float32)
    """
    if kernel.dim() != 2:
        raise refused("convolve-dimensions", a=tuple(kernel.shape), b=(height, width))
    kh, kw = kernel.shape
    rows, columns = height - kh + 1, width - kw + 1
    if rows < 1 or columns < 1:
        raise refused("kernel-larger-than-input", input=(height, width), kernel=(kh, kw))
    check_elements((rows * columns, height * width))
    matrix = torch.zeros(rows, columns, height, width, dtype=kernel.dtype, device=kernel.device)
    if rows * columns > 10_000:
        raise over_limit("too-much-work", got=rows * columns, high=10_000)
    for row in range(rows):
        for column in range(columns):
            matrix[row, column, row : row + kh, column : column + kw] = kernel
    return matrix.reshape(rows * columns, height * width)
