"""Rearranging tensors: shape, order, joining, padding, and their dtype.

Promise: no number changes but by a cast; a growing result is foreseen. Must not compute.
"""

from __future__ import annotations

from typing import Annotated, Final

import torch
from torch.nn import functional

from engine.documented import Allowed
from engine.refusal import refused
from engine.runtime.arguments import (
    Dim,
    Dims,
    Integer,
    Natural,
    Positive,
    Real,
    Rule,
    Values,
    dtype_name,
    kind_of,
    tensor_check,
    whole,
    words,
)
from engine.runtime.foresight import check_elements
from engine.runtime.register import Register

SHAPING: Final = Register()
_JOINED: Final = 1_000
"""Rows of a tensor that may be joined one by one."""


@SHAPING.function()
def shape(x: Values) -> tuple[int, ...]:
    """The sizes of x along its axes.

    Example: shape(zeros(1, 3, 32, 32)) -> (1, 3, 32, 32)
    """
    return tuple(x.shape)


@SHAPING.function()
def numel(x: Values) -> int:
    """How many elements x has.

    Example: numel(zeros(3, 32, 32)) -> 3072
    """
    return x.numel()


@SHAPING.function(name="len")
def length(x: Values) -> int:
    """The size of x along its first axis.

    Example: len(zeros(5, 2)) -> 5
    """
    if not x.dim():
        raise refused("length-of-scalar")
    return x.shape[0]


@SHAPING.function()
def item(x: Values) -> object:
    """The only element of x as a plain number.

    Example: item(tensor([3.5])) -> 3.5
    """
    if x.numel() != 1:
        raise refused("condition-tensor", shape=tuple(x.shape))
    return x.item()


def _target(sides: tuple[object, ...]) -> tuple[int, ...]:
    given = sides[0] if len(sides) == 1 and isinstance(sides[0], (tuple, list)) else sides
    check = whole(-1, 10**13)
    return tuple(check(side, "shape") for side in given)  # type: ignore[misc]


@SHAPING.function(also=("view",))
def reshape(x: Values, *shape: object) -> torch.Tensor:
    """The same elements in another shape; one side may be -1.

    Example: reshape(arange(4), 2, -1) -> tensor([[0, 1], [2, 3]], dtype=int64)
    """
    return x.reshape(_target(shape))


@SHAPING.function()
def flatten(x: Values, start_dim: Dim = 0, end_dim: Dim = -1) -> torch.Tensor:
    """The axes from start_dim to end_dim joined into one.

    Example: shape(flatten(zeros(2, 3, 4), 1)) -> (2, 12)
    """
    return x.flatten(start_dim, end_dim)


@SHAPING.function()
def transpose(x: Values, dim0: Dim | None = None, dim1: Dim | None = None) -> torch.Tensor:
    """Two axes exchanged; of a matrix the only two.

    Example: shape(transpose(zeros(2, 3, 4), 1, 2)) -> (2, 4, 3)
    """
    if dim0 is None or dim1 is None:
        if x.dim() > 2:
            raise refused("transpose-two-axes", shape=tuple(x.shape))
        return x.t()
    return x.transpose(dim0, dim1)


@SHAPING.function()
def permute(x: Values, *dims: object) -> torch.Tensor:
    """The axes in another order, as NCHW to NHWC.

    Example: shape(permute(zeros(1, 3, 8, 9), 0, 2, 3, 1)) -> (1, 8, 9, 3)
    """
    order = _signed(dims)
    if len(order) != x.dim():
        raise refused("permute-axes", shape=tuple(x.shape), axes=x.dim(), got=len(order))
    return x.permute(order)


def _signed(sides: tuple[object, ...]) -> tuple[int, ...]:
    given = sides[0] if len(sides) == 1 and isinstance(sides[0], (tuple, list)) else sides
    check = whole(-8, 8)
    return tuple(check(side, "dims") for side in given)  # type: ignore[misc]


@SHAPING.function()
def squeeze(x: Values, dim: Dim | None = None) -> torch.Tensor:
    """Axes of size 1 removed: all, or dim.

    Example: shape(squeeze(zeros(1, 3, 1))) -> (3,)
    """
    return x.squeeze() if dim is None else x.squeeze(dim)


@SHAPING.function()
def unsqueeze(x: Values, dim: Dim) -> torch.Tensor:
    """An axis of size 1 put in at dim.

    Example: shape(unsqueeze(zeros(3), 0)) -> (1, 3)
    """
    check_elements((1, *x.shape))
    return x.unsqueeze(dim)


@SHAPING.function()
def flip(x: Values, dims: Dims) -> torch.Tensor:
    """Reversed along the given axes.

    Example: flip(arange(3), 0) -> tensor([2, 1, 0], dtype=int64)
    """
    return x.flip((dims,) if isinstance(dims, int) else dims)


@SHAPING.function()
def roll(x: Values, shifts: object, dims: Dims | None = None) -> torch.Tensor:
    """Shifted round: what leaves at one end comes in at the other.

    Example: roll(arange(4), 1) -> tensor([3, 0, 1, 2], dtype=int64)
    """
    check = whole(-(10**9))
    moves = tuple(check(s, "shifts") for s in (shifts if isinstance(shifts, tuple) else (shifts,)))
    axes = () if dims is None else (dims,) if isinstance(dims, int) else dims
    if len(moves) != (len(axes) or 1):
        raise refused("argument-length", argument="shifts", got=len(moves), expected=len(axes) or 1)
    return torch.roll(x, moves, axes)  # type: ignore[arg-type]


@SHAPING.function()
def rot90(x: Values, k: Integer = 1, dims: Dims = (-2, -1)) -> torch.Tensor:
    """Turned by 90 degrees k times in the plane of two axes, the last two unless told.

    Example: rot90(tensor([[1, 2], [3, 4]])) -> tensor([[2, 4], [1, 3]], dtype=int64)
    """
    if not isinstance(dims, tuple) or len(dims) != 2:
        raise refused("turn-axes", argument="dims", got=kind_of(dims))
    return torch.rot90(x, k, dims)


@SHAPING.function()
def pad(
    x: Values,
    pad: object,
    mode: Annotated[str, words("constant", "reflect", "replicate", "circular")] = "constant",
    value: Real = 0.0,
) -> torch.Tensor:
    """Margins from the last axis backwards: (left, right) or (left, right, top, bottom).

    Of zeros unless mode or value says otherwise; one number stands for four sides.

    Example: pad(tensor([1., 2.]), (1, 0)) -> tensor([0.0, 1.0, 2.0], dtype=float32)
    """
    check = whole(0, 10**6)
    margins = pad if isinstance(pad, tuple) else (pad,) * 4
    sides = [check(side, "pad") for side in margins]
    if len(sides) % 2 or len(sides) > 2 * x.dim():
        raise refused("pad-length", argument="pad", got=len(sides), high=2 * x.dim())
    grown = list(x.shape)
    for place, side in enumerate(sides):
        grown[-1 - place // 2] += side  # type: ignore[operator]
    check_elements(grown)
    return functional.pad(x, sides, mode, value)  # type: ignore[arg-type]


def _tensors(value: object, argument: str) -> tuple[torch.Tensor, ...]:
    if isinstance(value, torch.Tensor):
        if not value.dim() or not 0 < value.shape[0] <= _JOINED:
            raise refused("argument-tensors", argument=argument, got="@tensor")
        return tuple(value)
    if not isinstance(value, (tuple, list)) or not value:
        raise refused("argument-tensors", argument=argument, got=kind_of(value))
    return tuple(tensor_check(part, argument) for part in value)


Tensors = Annotated[tuple[torch.Tensor, ...], Rule(_tensors, Allowed("tensors"))]


@SHAPING.function(also=("concat",), method=False)
def cat(tensors: Tensors, dim: Dim = 0) -> torch.Tensor:
    """Tensors joined along an axis they already have; all other sides agree.

    Example: cat((tensor([1, 2]), tensor([3]))) -> tensor([1, 2, 3], dtype=int64)
    Example: shape(cat((zeros(2, 3), zeros(2, 5)), 1)) -> (2, 8)
    """
    check_elements((sum(x.numel() for x in tensors),))
    return torch.cat(tensors, dim)


@SHAPING.function(method=False)
def stack(tensors: Tensors, dim: Dim = 0) -> torch.Tensor:
    """Tensors of one shape joined along a new axis.

    Example: shape(stack((zeros(3), ones(3)))) -> (2, 3)
    """
    check_elements((len(tensors), *tensors[0].shape))
    if len({tuple(x.shape) for x in tensors}) > 1:
        raise refused("shapes-differ")
    return torch.stack(tensors, dim)


@SHAPING.function()
def repeat(x: Values, *sizes: object) -> torch.Tensor:
    """Copies side by side: so many along each axis.

    Example: repeat(tensor([1, 2]), 2) -> tensor([1, 2, 1, 2], dtype=int64)
    """
    given = sizes[0] if len(sizes) == 1 and isinstance(sizes[0], tuple) else sizes
    check = whole(0, 10**9)
    times: list[int] = [check(side, "sizes") for side in given]  # type: ignore[misc]
    if len(times) < x.dim():
        raise refused("argument-length", argument="sizes", got=len(times), expected=x.dim())
    old = (1,) * (len(times) - x.dim()) + tuple(x.shape)
    check_elements([a * b for a, b in zip(old, times, strict=True)])
    return x.repeat(times)


@SHAPING.function()
def expand(x: Values, *sizes: object) -> torch.Tensor:
    """Sides of size 1 broadcast to the given sizes; -1 keeps a side.

    Example: expand(tensor([[1], [2]]), -1, 2) -> tensor([[1, 1], [2, 2]], dtype=int64)
    """
    target = _target(sizes)
    if len(target) < x.dim():
        raise refused("argument-length", argument="sizes", got=len(target), expected=x.dim())
    for side in target[: max(0, len(target) - x.dim())]:
        if side < 0:  # torch would make a tensor of a negative size of a scalar
            raise refused("argument-too-small", argument="sizes", got=side, low=0)
    seen = x.expand(target)
    check_elements(seen.shape)
    return seen


@SHAPING.function()
def tril(x: Values, diagonal: Integer = 0) -> torch.Tensor:
    """The lower triangle, zeros elsewhere.

    Example: tril(ones(2, 2)) -> tensor([[1.0, 0.0], [1.0, 1.0]], dtype=float32)
    """
    return torch.tril(x, diagonal)


@SHAPING.function()
def triu(x: Values, diagonal: Integer = 0) -> torch.Tensor:
    """The upper triangle, zeros elsewhere.

    Example: triu(ones(2, 2)) -> tensor([[1.0, 1.0], [0.0, 1.0]], dtype=float32)
    """
    return torch.triu(x, diagonal)


@SHAPING.function()
def diag(x: Values) -> torch.Tensor:
    """The diagonal of a matrix, or the diagonal matrix of a vector.

    Example: diag(tensor([[1, 2], [3, 4]])) -> tensor([1, 4], dtype=int64)
    """
    if x.dim() == 1:
        check_elements((x.shape[0], x.shape[0]))
    return torch.diag(x)


@SHAPING.function()
def one_hot(x: Values, num_classes: Positive) -> torch.Tensor:
    """1 at the class, 0 elsewhere: (*) of int64 -> (*, num_classes).

    Example: one_hot(tensor([2, 0]), 3) -> tensor([[0, 0, 1], [1, 0, 0]], dtype=int64)
    """
    check_elements((*x.shape, num_classes))
    if x.is_floating_point():
        raise refused("dtype-unsupported", dtype=dtype_name(x.dtype))
    if x.numel() and not 0 <= int(x.min()) <= int(x.max()) < num_classes:
        raise refused("class-out-of-range", classes=num_classes)
    return functional.one_hot(x.long(), num_classes)


@SHAPING.function()
def gather(x: Values, dim: Dim, index: Values) -> torch.Tensor:
    """x at the places that index names along dim, which has as many axes as x.

    Example: gather(tensor([[1, 2], [3, 4]]), 1, tensor([[1], [0]])) -> tensor([[2], [3]],
    dtype=int64)
    """
    if index.dim() != x.dim():
        raise refused("wrong-axes", argument="index", got=index.dim(), expected=x.dim())
    return torch.gather(x, dim, index)


@SHAPING.function()
def unfold_windows(x: Values, kernel_size: Natural, stride: Positive = 1) -> torch.Tensor:
    """Every window of a map, row by row: (H, W) -> (windows, k, k).

    Example: shape(unfold_windows(zeros(5, 5), 3)) -> (9, 3, 3)
    """
    if x.dim() != 2 or kernel_size < 1 or kernel_size > min(x.shape):
        raise refused("kernel-larger-than-input", input=tuple(x.shape), kernel=kernel_size)
    high, wide = ((side - kernel_size) // stride + 1 for side in x.shape)
    check_elements((high * wide, kernel_size, kernel_size))
    windows = x.unfold(0, kernel_size, stride).unfold(1, kernel_size, stride)
    return windows.reshape(high * wide, kernel_size, kernel_size)
