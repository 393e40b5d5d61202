"""What belongs to a matrix: eigenvalues, singular values, condition, least squares.

Promise: float32 and float64 only, as torch's solvers; the work is foreseen. A singular system has
an answer as torch gives it (the least-norm one of `lstsq`). Must not iterate by itself.
"""

from __future__ import annotations

from typing import Final

import torch

from engine.refusal import refused
from engine.runtime.arguments import Values, dtype_name
from engine.runtime.foresight import check_work
from engine.runtime.register import Register

SOLVING: Final = Register()
_SWEEPS: Final = 25
"""Multiply-accumulates of a decomposition, in units of n squared times m: an upper estimate."""


def _matrix(x: torch.Tensor, *, square: bool = False) -> torch.Tensor:
    if x.dim() != 2 or not x.numel() or (square and x.shape[0] != x.shape[1]):
        expected = "(n, n)" if square else "(n, m)"
        raise refused("wrong-shape", argument="x", got=tuple(x.shape), expected=expected)
    check_work(_SWEEPS * x.shape[0] * x.shape[1] * max(x.shape))
    return x if x.is_floating_point() else x.to(torch.float32)


@SOLVING.function()
def eigvalsh(x: Values) -> torch.Tensor:
    """The eigenvalues of a symmetric matrix, the smallest first; only its lower half is read.

    (n, n) -> (n).

    Example: eigvalsh(tensor([[2., 1.], [1., 2.]], dtype=float64)) -> tensor([1.0, 3.0],
    dtype=float64)
    """
    values: torch.Tensor = torch.linalg.eigvalsh(_matrix(x, square=True))
    return values


@SOLVING.function()
def svdvals(x: Values) -> torch.Tensor:
    """The singular values of a matrix, the largest first: (n, m) -> (min(n, m)).

    Example: svdvals(tensor([[3., 0.], [0., 4.]])) -> tensor([4.0, 3.0], dtype=float32)
    """
    values: torch.Tensor = torch.linalg.svdvals(_matrix(x))
    return values


@SOLVING.function()
def cond(x: Values) -> torch.Tensor:
    """The condition number: the largest singular value over the smallest.

    How much gradient descent's directions differ in steepness; inf for a singular matrix, nan
    for zeros.

    Example: cond(tensor([[4., 0.], [0., 0.5]])) -> tensor(8.0, dtype=float32)
    """
    values: torch.Tensor = torch.linalg.svdvals(_matrix(x))
    return values[0] / values[-1]


@SOLVING.function(method=False)
def lstsq(a: Values, b: Values) -> torch.Tensor:
    """The x for which |a x - b|, squared and summed, is least.

    a (n, m) of full rank with n >= m, b (n) or (n, k) -> (m) or (m, k).

    Source: torch.linalg.lstsq(a, b).solution
    Example: lstsq(tensor([[1., 0.], [1., 1.], [1., 2.]], dtype=float64), tensor([1., 3., 5.],
    dtype=float64)) -> tensor([1.0, 2.0], dtype=float64)
    """
    system, wanted = _matrix(a), b if b.is_floating_point() else b.to(torch.float32)
    if wanted.dim() not in (1, 2) or wanted.shape[0] != system.shape[0]:
        raise refused("wrong-shape", argument="b", got=tuple(b.shape),
                      expected=(system.shape[0],))  # fmt: skip
    if wanted.dtype != system.dtype:
        raise refused("dtypes-differ", argument="b", a=dtype_name(system.dtype),
                      b=dtype_name(wanted.dtype))  # fmt: skip
    columns = wanted if wanted.dim() == 2 else wanted[:, None]
    check_work(system.numel() * max(1, columns.shape[1]))
    found: torch.Tensor = torch.linalg.lstsq(system, columns).solution
    return found if wanted.dim() == 2 else found[:, 0]
