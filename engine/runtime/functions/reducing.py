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
    """Sum over everything, or along dim."""
    if dim is None:
        return x.sum(dtype=dtype)
    return x.sum(dim, keepdim, dtype=dtype)


@REDUCING.function()
def mean(x: Values, dim: Dims | None = None, keepdim: Flag = False) -> torch.Tensor:
    """Mean over everything, or along dim."""
    return x.mean() if dim is None else x.mean(dim, keepdim)


@REDUCING.function()
def prod(x: Values, dim: Dim | None = None, keepdim: Flag = False) -> torch.Tensor:
    """Product over everything, or along dim."""
    return x.prod() if dim is None else x.prod(dim, keepdim)


@REDUCING.function(name="max")
def largest_of(x: Values, dim: object = None, keepdim: Flag = False) -> torch.Tensor:
    """The largest element, or the largest along dim (values only); of two tensors elementwise."""
    if isinstance(dim, torch.Tensor):
        check_broadcast(x, dim)
        return torch.maximum(x, dim)
    if dim is None:
        return x.max()
    return x.amax(_one_dim(dim), keepdim)


@REDUCING.function(name="min")
def smallest_of(x: Values, dim: object = None, keepdim: Flag = False) -> torch.Tensor:
    """The smallest element, or the smallest along dim (values only); of two tensors elementwise."""
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
    """The largest element along dim."""
    return x.amax(dim, keepdim)


@REDUCING.function()
def amin(x: Values, dim: Dims = (), keepdim: Flag = False) -> torch.Tensor:
    """The smallest element along dim."""
    return x.amin(dim, keepdim)


@REDUCING.function()
def argmax(x: Values, dim: Dim | None = None, keepdim: Flag = False) -> torch.Tensor:
    """The place of the largest element, in the flattened tensor unless dim is given."""
    return x.argmax(dim, keepdim)


@REDUCING.function()
def argmin(x: Values, dim: Dim | None = None, keepdim: Flag = False) -> torch.Tensor:
    """The place of the smallest element, in the flattened tensor unless dim is given."""
    return x.argmin(dim, keepdim)


@REDUCING.function()
def median(x: Values, dim: Dim | None = None, keepdim: Flag = False) -> torch.Tensor:
    """The middle element, the lower of two (values only)."""
    return x.median() if dim is None else x.median(dim, keepdim).values


@REDUCING.function()
def std(
    x: Values, dim: Dims | None = None, unbiased: Flag = True, keepdim: Flag = False
) -> torch.Tensor:
    """Standard deviation, divided by n - 1 unless unbiased is False."""
    _check_spread(x, unbiased)
    return torch.std(x, dim, unbiased=unbiased, keepdim=keepdim)


@REDUCING.function()
def var(
    x: Values, dim: Dims | None = None, unbiased: Flag = True, keepdim: Flag = False
) -> torch.Tensor:
    """Variance, divided by n - 1 unless unbiased is False."""
    _check_spread(x, unbiased)
    return torch.var(x, dim, unbiased=unbiased, keepdim=keepdim)


def _check_spread(x: torch.Tensor, unbiased: bool) -> None:
    if unbiased and x.numel() < 2:
        raise refused("spread-of-one", argument="x", got=x.numel())


@REDUCING.function()
def norm(x: Values, p: Real = 2.0, dim: Dims | None = None, keepdim: Flag = False) -> torch.Tensor:
    """The p-norm over everything, or along dim; Euclidean unless told."""
    length: torch.Tensor = torch.linalg.vector_norm(x, p, dim, keepdim)
    return length


@REDUCING.function()
def cumsum(x: Values, dim: Dim = -1) -> torch.Tensor:
    """Running sums along dim."""
    return x.cumsum(dim)


@REDUCING.function()
def cumprod(x: Values, dim: Dim = -1) -> torch.Tensor:
    """Running products along dim."""
    return x.cumprod(dim)


@REDUCING.function()
def softmax(x: Values, dim: Dim = -1, dtype: Dtype | None = None) -> torch.Tensor:
    """exp(x) / sum(exp(x)) along dim, the last axis unless told; torch shifts by max(x) first."""
    return torch.softmax(x, dim, dtype=dtype)


@REDUCING.function()
def log_softmax(x: Values, dim: Dim = -1, dtype: Dtype | None = None) -> torch.Tensor:
    """x - logsumexp(x) along dim, the last axis unless told."""
    return torch.log_softmax(x, dim, dtype=dtype)


@REDUCING.function()
def logsumexp(x: Values, dim: Dims = -1, keepdim: Flag = False) -> torch.Tensor:
    """log(sum(exp(x))) along dim, the last axis unless told, without overflow."""
    return torch.logsumexp(x, dim, keepdim)


@REDUCING.function(name="any")
def some(x: Values, dim: Dim | None = None, keepdim: Flag = False) -> torch.Tensor:
    """Whether at least one element is True."""
    return x.bool().any() if dim is None else x.bool().any(dim, keepdim)


@REDUCING.function(name="all")
def every(x: Values, dim: Dim | None = None, keepdim: Flag = False) -> torch.Tensor:
    """Whether all elements are True."""
    return x.bool().all() if dim is None else x.bool().all(dim, keepdim)


@REDUCING.function()
def count_nonzero(x: Values, dim: Dim | None = None) -> torch.Tensor:
    """How many elements differ from 0."""
    return torch.count_nonzero(x, dim)


@REDUCING.function()
def unique(x: Values) -> torch.Tensor:
    """The different numbers of x, in order."""
    different: torch.Tensor = torch.unique(x)
    return different


@REDUCING.function()
def sort(x: Values, dim: Dim = -1, descending: Flag = False) -> torch.Tensor:
    """Sorted along dim (values only)."""
    return torch.sort(x, dim, descending).values


@REDUCING.function()
def topk(x: Values, k: Annotated[int, whole(1)], dim: Dim = -1) -> torch.Tensor:
    """The k largest along dim, in order (values only)."""
    if x.dim() and not -x.dim() <= dim < x.dim():
        raise refused("dim-out-of-range", low=-x.dim(), high=x.dim() - 1, got=dim)
    if x.dim() and k > x.shape[dim]:
        raise refused("argument-range", argument="k", got=k, low=1, high=x.shape[dim])
    return torch.topk(x, k, dim).values
