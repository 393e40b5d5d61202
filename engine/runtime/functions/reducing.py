"""Reductions and softmax: along an axis or over everything.

Promise: PyTorch's semantics, except that max, min and median with a `dim` give the values alone,
without indices. Must not change a tensor's order.
"""

from __future__ import annotations

from typing import Annotated, Final

import torch

from engine.refusal import refused
from engine.runtime.arguments import Dim, Dims, Dtype, Flag, Real, Values, whole
from engine.runtime.foresight import check_broadcast
from engine.runtime.register import Register

REDUCING: Final = Register()


@REDUCING.function(name="sum")
def total(
    x: Values, dim: Dims | None = None, keepdim: Flag = False, dtype: Dtype | None = None
) -> torch.Tensor:
    """Sum over everything, or along dim.

    Example: sum(tensor([[1., 2.], [3., 4.]])) -> tensor(10.0, dtype=float32)
    Example: sum(tensor([[1., 2.], [3., 4.]]), dim=0) -> tensor([4.0, 6.0], dtype=float32)
    """
    if dim is None:
        return x.sum(dtype=dtype)
    return x.sum(dim, keepdim, dtype=dtype)


@REDUCING.function()
def mean(x: Values, dim: Dims | None = None, keepdim: Flag = False) -> torch.Tensor:
    """Mean over everything, or along dim.

    Example: mean(tensor([1., 2., 6.])) -> tensor(3.0, dtype=float32)
    """
    return x.mean() if dim is None else x.mean(dim, keepdim)


@REDUCING.function()
def prod(x: Values, dim: Dim | None = None, keepdim: Flag = False) -> torch.Tensor:
    """Product over everything, or along dim.

    Example: prod(tensor([1, 2, 3, 4])) -> tensor(24, dtype=int64)
    """
    return x.prod() if dim is None else x.prod(dim, keepdim)


@REDUCING.function(name="max")
def largest_of(x: Values, dim: object = None, keepdim: Flag = False) -> torch.Tensor:
    """The largest element, or the largest along dim (values only); of two tensors elementwise.

    Example: max(tensor([[1, 5], [3, 2]]), 1) -> tensor([5, 3], dtype=int64)
    """
    if isinstance(dim, torch.Tensor):
        check_broadcast(x, dim)
        return torch.maximum(x, dim)
    if dim is None:
        return x.max()
    return x.amax(_one_dim(dim), keepdim)


@REDUCING.function(name="min")
def smallest_of(x: Values, dim: object = None, keepdim: Flag = False) -> torch.Tensor:
    """The smallest element, or the smallest along dim (values only); of two tensors
    elementwise.

    Example: min(tensor([[1, 5], [3, 2]]), 1) -> tensor([1, 2], dtype=int64)
    """
    if isinstance(dim, torch.Tensor):
        check_broadcast(x, dim)
        return torch.minimum(x, dim)
    if dim is None:
        return x.min()
    return x.amin(_one_dim(dim), keepdim)


def _one_dim(dim: object) -> int:
    checked = whole(-8, 8)(dim, "dim")
    assert isinstance(checked, int)
    return checked


@REDUCING.function()
def amax(x: Values, dim: Dims = (), keepdim: Flag = False) -> torch.Tensor:
    """The largest element along dim.

    Example: amax(tensor([[1, 5], [3, 2]]), 0) -> tensor([3, 5], dtype=int64)
    """
    return x.amax(dim, keepdim)


@REDUCING.function()
def amin(x: Values, dim: Dims = (), keepdim: Flag = False) -> torch.Tensor:
    """The smallest element along dim.

    Example: amin(tensor([[1, 5], [3, 2]]), 0) -> tensor([1, 2], dtype=int64)
    """
    return x.amin(dim, keepdim)


@REDUCING.function()
def argmax(x: Values, dim: Dim | None = None, keepdim: Flag = False) -> torch.Tensor:
    """The place of the largest element, in the flattened tensor unless dim is given.

    Example: argmax(tensor([3., 9., 4.])) -> tensor(1, dtype=int64)
    """
    return x.argmax(dim, keepdim)


@REDUCING.function()
def argmin(x: Values, dim: Dim | None = None, keepdim: Flag = False) -> torch.Tensor:
    """The place of the smallest element, in the flattened tensor unless dim is given.

    Example: argmin(tensor([3., 9., 4.])) -> tensor(0, dtype=int64)
    """
    return x.argmin(dim, keepdim)


@REDUCING.function()
def median(x: Values, dim: Dim | None = None, keepdim: Flag = False) -> torch.Tensor:
    """The middle element, the lower of two (values only).

    Example: median(tensor([1., 2., 3., 10.])) -> tensor(2.0, dtype=float32)
    """
    return x.median() if dim is None else x.median(dim, keepdim).values


@REDUCING.function()
def std(
    x: Values, dim: Dims | None = None, unbiased: Flag = True, keepdim: Flag = False
) -> torch.Tensor:
    """Standard deviation, divided by n - 1 unless unbiased is False.

    Example: std(tensor([1., 2., 3.])) -> tensor(1.0, dtype=float32)
    Example: std(tensor([1., 3.]), unbiased=False) -> tensor(1.0, dtype=float32)
    """
    _check_spread(x, unbiased)
    return torch.std(x, dim, unbiased=unbiased, keepdim=keepdim)


@REDUCING.function()
def var(
    x: Values, dim: Dims | None = None, unbiased: Flag = True, keepdim: Flag = False
) -> torch.Tensor:
    """Variance, divided by n - 1 unless unbiased is False.

    Example: var(tensor([1., 2., 3.])) -> tensor(1.0, dtype=float32)
    Example: var(tensor([1., 3.]), unbiased=False) -> tensor(1.0, dtype=float32)
    """
    _check_spread(x, unbiased)
    return torch.var(x, dim, unbiased=unbiased, keepdim=keepdim)


def _check_spread(x: torch.Tensor, unbiased: bool) -> None:
    if unbiased and x.numel() < 2:
        raise refused("spread-of-one", argument="x", got=x.numel())


@REDUCING.function()
def norm(x: Values, p: Real = 2.0, dim: Dims | None = None, keepdim: Flag = False) -> torch.Tensor:
    """The p-norm over everything, or along dim; Euclidean unless told.

    Example: norm(tensor([3., 4.])) -> tensor(5.0, dtype=float32)
    Example: norm(tensor([3., -4.]), 1) -> tensor(7.0, dtype=float32)
    """
    length: torch.Tensor = torch.linalg.vector_norm(x, p, dim, keepdim)
    return length


@REDUCING.function()
def cumsum(x: Values, dim: Dim = -1) -> torch.Tensor:
    """Running sums along dim.

    Example: cumsum(tensor([1, 2, 3])) -> tensor([1, 3, 6], dtype=int64)
    """
    return x.cumsum(dim)


@REDUCING.function()
def cumprod(x: Values, dim: Dim = -1) -> torch.Tensor:
    """Running products along dim.

    Example: cumprod(tensor([1, 2, 3])) -> tensor([1, 2, 6], dtype=int64)
    """
    return x.cumprod(dim)


@REDUCING.function()
def softmax(x: Values, dim: Dim = -1, dtype: Dtype | None = None) -> torch.Tensor:
    """exp(x) / sum(exp(x)) along dim, the last axis unless told; torch shifts by max(x) first.

    Example: softmax(tensor([0., 0.])) -> tensor([0.5, 0.5], dtype=float32)
    Example: softmax(tensor([1000., 0.], dtype=float16)) -> tensor([1.0, 0.0], dtype=float16)
    """
    return torch.softmax(x, dim, dtype=dtype)


@REDUCING.function()
def log_softmax(x: Values, dim: Dim = -1, dtype: Dtype | None = None) -> torch.Tensor:
    """x - logsumexp(x) along dim, the last axis unless told.

    Example: log_softmax(tensor([0., 0.])) -> tensor([-0.6931472, -0.6931472], dtype=float32)
    """
    return torch.log_softmax(x, dim, dtype=dtype)


@REDUCING.function()
def logsumexp(x: Values, dim: Dims = -1, keepdim: Flag = False) -> torch.Tensor:
    """log(sum(exp(x))) along dim, the last axis unless told, without overflow.

    Example: logsumexp(tensor([1000., 1000.], dtype=float64)) -> tensor(1000.6931471805599,
    dtype=float64)
    """
    return torch.logsumexp(x, dim, keepdim)


@REDUCING.function(name="any")
def some(x: Values, dim: Dim | None = None, keepdim: Flag = False) -> torch.Tensor:
    """Whether at least one element is True.

    Example: any(tensor([False, True])) -> tensor(True, dtype=bool)
    """
    return x.bool().any() if dim is None else x.bool().any(dim, keepdim)


@REDUCING.function(name="all")
def every(x: Values, dim: Dim | None = None, keepdim: Flag = False) -> torch.Tensor:
    """Whether all elements are True.

    Example: all(tensor([False, True])) -> tensor(False, dtype=bool)
    """
    return x.bool().all() if dim is None else x.bool().all(dim, keepdim)


@REDUCING.function()
def count_nonzero(x: Values, dim: Dim | None = None) -> torch.Tensor:
    """How many elements differ from 0.

    Example: count_nonzero(tensor([0., 1., 2.])) -> tensor(2, dtype=int64)
    """
    return torch.count_nonzero(x, dim)


@REDUCING.function()
def unique(x: Values) -> torch.Tensor:
    """The different numbers of x, in order.

    Example: unique(tensor([2, 1, 2])) -> tensor([1, 2], dtype=int64)
    """
    different: torch.Tensor = torch.unique(x)
    return different


@REDUCING.function()
def sort(x: Values, dim: Dim = -1, descending: Flag = False) -> torch.Tensor:
    """Sorted along dim (values only).

    Example: sort(tensor([2, 3, 1]), descending=True) -> tensor([3, 2, 1], dtype=int64)
    """
    return torch.sort(x, dim, descending).values


@REDUCING.function()
def topk(x: Values, k: Annotated[int, whole(1)], dim: Dim = -1) -> torch.Tensor:
    """The k largest along dim, in order (values only).

    Example: topk(tensor([2, 3, 1]), 2) -> tensor([3, 2], dtype=int64)
    """
    if x.dim() and not -x.dim() <= dim < x.dim():
        raise refused("dim-out-of-range", low=-x.dim(), high=x.dim() - 1, got=dim)
    most = x.shape[dim] if x.dim() else 1
    if k > most:
        raise refused("argument-range", argument="k", got=k, low=1, high=most)
    return torch.topk(x, k, dim).values
