"""Making tensors: by their numbers, filled, in steps, and random by seed.

Promise: the dtype follows PyTorch (12. is float32, 12 is int64); a size is refused before it is
allocated; random numbers are drawn on the CPU, so that every device gets the same. Must not
compute with tensors.
"""

from __future__ import annotations

import math
from typing import Annotated, Final

import torch

from engine.library import Group, Site
from engine.refusal import refused
from engine.runtime import device
from engine.runtime.arguments import (
    Dtype,
    Integer,
    Positive,
    Real,
    Seed,
    from_nested,
    kind_of,
    whole,
)
from engine.runtime.foresight import check_elements
from engine.runtime.register import Register

TENSORS: Final = Register()
_SIDE: Final = whole(0, 10**13)


def shape_from(size: tuple[object, ...]) -> tuple[int, ...]:
    """Sizes given one by one or as one tuple, checked for a real tensor."""
    sides = size[0] if len(size) == 1 and isinstance(size[0], (tuple, list)) else size
    shape = tuple(_SIDE(side, "size") for side in sides)
    check_elements(shape)  # type: ignore[arg-type]
    return shape  # type: ignore[return-value]


def _everywhere(number: float, shape: tuple[int, ...], dtype: torch.dtype | None) -> torch.Tensor:
    """One number seen from every place: a large tensor of zeros costs neither memory nor time."""
    dtype = torch.float32 if dtype is None else dtype
    return torch.tensor(number, dtype=dtype, device=device.current()).expand(shape)


@TENSORS.function(Group.TENSOR, method=False)
def tensor(data: object, dtype: Dtype | None = None) -> torch.Tensor:
    """A number or nested lists of them as a tensor.

    Whole numbers give int64, others float32, unless dtype says otherwise.

    Example: tensor([12., 11.]) -> tensor([12.0, 11.0], dtype=float32)
    Example: tensor([[1, 2], [3, 4]]) -> tensor([[1, 2], [3, 4]], dtype=int64)
    """
    return from_nested(data, "data", dtype)


@TENSORS.function(Group.TENSOR, method=False)
def zeros(*size: object, dtype: Dtype | None = None) -> torch.Tensor:
    """A tensor of zeros, its sizes one by one or as one tuple. float32 unless told.

    Example: zeros(2) -> tensor([0.0, 0.0], dtype=float32)
    Example: shape(zeros((1, 3, 32, 32))) -> (1, 3, 32, 32)
    """
    return _everywhere(0.0, shape_from(size), dtype)


@TENSORS.function(Group.TENSOR, method=False)
def ones(*size: object, dtype: Dtype | None = None) -> torch.Tensor:
    """A tensor of ones, its sizes one by one or as one tuple. float32 unless told.

    Example: ones(2, dtype=int64) -> tensor([1, 1], dtype=int64)
    """
    return _everywhere(1.0, shape_from(size), dtype)


@TENSORS.function(Group.TENSOR, method=False)
def full(size: object, fill_value: Real, dtype: Dtype | None = None) -> torch.Tensor:
    """A tensor with one number everywhere.

    int64 for a whole number, float32 for another, unless told.

    Example: full((3,), 7.) -> tensor([7.0, 7.0, 7.0], dtype=float32)
    """
    shape = shape_from((size,))
    if dtype is None and isinstance(fill_value, int):
        dtype = torch.int64
    return _everywhere(fill_value, shape, dtype)


@TENSORS.function(Group.TENSOR)
def zeros_like(x: torch.Tensor) -> torch.Tensor:
    """Zeros of x's shape and dtype.

    Example: zeros_like(tensor([1, 2])) -> tensor([0, 0], dtype=int64)
    """
    return torch.zeros_like(_needs_tensor(x))


@TENSORS.function(Group.TENSOR)
def ones_like(x: torch.Tensor) -> torch.Tensor:
    """Ones of x's shape and dtype.

    Example: ones_like(tensor([1, 2])) -> tensor([1, 1], dtype=int64)
    """
    return torch.ones_like(_needs_tensor(x))


def _needs_tensor(x: object) -> torch.Tensor:
    if not isinstance(x, torch.Tensor):
        raise refused("argument-tensor", argument="x", got=kind_of(x))
    return x


@TENSORS.function(Group.TENSOR, method=False)
def arange(
    start: Real, end: Real | None = None, step: Real = 1, dtype: Dtype | None = None
) -> torch.Tensor:
    """Numbers from start (0 unless two are given) up to, not including, end.

    int64 where all are whole, float32 otherwise.

    Example: arange(3) -> tensor([0, 1, 2], dtype=int64)
    Example: arange(1, 2, 0.5) -> tensor([1.0, 1.5], dtype=float32)
    """
    first, last = (0, start) if end is None else (start, end)
    if step == 0 or not all(math.isfinite(x) for x in (first, last, step)):
        raise refused("arange-step", argument="step")
    if (last - first) * step < 0:
        raise refused("arange-direction", argument="step", first=first, last=last, step=step)
    check_elements((max(0, math.ceil((last - first) / step)),))
    return torch.arange(first, last, step, dtype=dtype, device=device.current())


@TENSORS.function(Group.TENSOR, method=False)
def linspace(start: Real, end: Real, steps: Positive, dtype: Dtype | None = None) -> torch.Tensor:
    """`steps` numbers from start to end, both included, equally far apart.

    Example: linspace(0, 1, 3) -> tensor([0.0, 0.5, 1.0], dtype=float32)
    """
    check_elements((steps,))
    return torch.linspace(start, end, steps, dtype=dtype, device=device.current())


@TENSORS.function(Group.TENSOR, method=False)
def eye(
    n: Annotated[int, whole(0, 8192)],
    m: Annotated[int, whole(0, 8192)] | None = None,
    dtype: Dtype | None = None,
) -> torch.Tensor:
    """The identity matrix (n, n), or (n, m) with ones on the diagonal.

    Example: eye(2) -> tensor([[1.0, 0.0], [0.0, 1.0]], dtype=float32)
    """
    return torch.eye(n, n if m is None else m, dtype=dtype, device=device.current())


def generator(site: Site, seed: int | None) -> torch.Generator:
    """The random numbers of one call: the same for the same job seed and place."""
    return torch.Generator().manual_seed(site.seed if seed is None else seed)


@TENSORS.function(Group.TENSOR, method=False, sited=True)
def rand(
    *size: object, seed: Seed | None = None, dtype: Dtype | None = None, site: Site
) -> torch.Tensor:
    """Random numbers, uniform in [0, 1); reproducible, by `seed` if given.

    Example: shape(rand(2, 3)) -> (2, 3)
    Example: equal(rand(3, seed=1), rand(3, seed=1)) -> True
    """
    made = torch.rand(shape_from(size), generator=generator(site, seed), dtype=dtype)
    return made.to(device.current())


@TENSORS.function(Group.TENSOR, method=False, sited=True)
def randn(
    *size: object, seed: Seed | None = None, dtype: Dtype | None = None, site: Site
) -> torch.Tensor:
    """Random numbers, normal with mean 0 and variance 1; reproducible, by `seed` if given.

    Example: shape(randn(2, 3)) -> (2, 3)
    Example: equal(randn(3, seed=1), randn(3, seed=1)) -> True
    """
    made = torch.randn(shape_from(size), generator=generator(site, seed), dtype=dtype)
    return made.to(device.current())


@TENSORS.function(Group.TENSOR, method=False, sited=True)
def randint(
    low: Integer,
    high: object,
    size: object = None,
    seed: Seed | None = None,
    dtype: Dtype | None = None,
    *,
    site: Site,
) -> torch.Tensor:
    """Random whole numbers from low up to, not including, high.

    `randint(high, size)` starts at 0. Reproducible, by `seed` if given.

    Example: shape(randint(0, 10, (2, 3))) -> (2, 3)
    Example: max(randint(0, 2, (100,))) -> tensor(1, dtype=int64)
    """
    first, last, shape = (0, low, high) if size is None else (low, high, size)
    end = whole(-(10**9))(last, "high")
    assert isinstance(end, int)
    if end <= first:
        raise refused("randint-range", argument="high", low=first, high=end)
    made = torch.randint(first, end, shape_from((shape,)), generator=generator(site, seed),
                         dtype=dtype or torch.int64)  # fmt: skip
    return made.to(device.current())


@TENSORS.function(Group.TENSOR, method=False, sited=True)
def randperm(
    n: Annotated[int, whole(0, 10**7)], seed: Seed | None = None, *, site: Site
) -> torch.Tensor:
    """The whole numbers below n in random order. Reproducible, by `seed` if given.

    Example: sort(randperm(4)) -> tensor([0, 1, 2, 3], dtype=int64)
    """
    return torch.randperm(n, generator=generator(site, seed)).to(device.current())
