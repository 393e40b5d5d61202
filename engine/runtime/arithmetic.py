"""Operators on tensors, layers and dtypes: what the language itself cannot handle.

Promise: a result's size and a product's work are foreseen before torch allocates anything.
Must not list functions.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any, Final

import torch

from engine.library import Site
from engine.refusal import refused
from engine.runtime.arguments import kind_of
from engine.runtime.foresight import broadcast, check_broadcast, check_elements, check_work
from engine.runtime.layer import Layer
from engine.runtime.running import part_of, run_layer
from engine.runtime.torch_errors import translated

_BINARY: Final[Mapping[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
_COMPARE: Final[Mapping[type[ast.cmpop], Callable[[Any, Any], Any]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_TORCH: Final = (ArithmeticError, IndexError, MemoryError, NotImplementedError, RuntimeError,
                 TypeError, ValueError)  # fmt: skip


class TensorArithmetic:
    """The `Arithmetic` of `engine.library` for torch."""

    def handles(self, value: object) -> bool:
        return isinstance(value, (torch.Tensor, Layer))

    def binary(self, operator: type[ast.operator], left: object, right: object) -> object:
        if operator is ast.MatMult:
            return matmul(_operand(left), _operand(right))
        call = _BINARY.get(operator)
        if call is None:
            raise refused("operator-unknown", operator=operator.__name__)
        a, b = _operand(left), _operand(right)
        check_broadcast(a, b)
        return _guarded(call, a, b)

    def unary(self, operator: type[ast.unaryop], operand: object) -> object:
        x = _operand(operand)
        if operator is ast.USub:
            return _guarded(lambda value: -value, x)
        if operator is ast.UAdd:
            return x
        raise refused("operator-unknown", operator=operator.__name__)

    def compare(self, operator: type[ast.cmpop], left: object, right: object) -> object:
        call = _COMPARE.get(operator)
        if call is None:
            raise refused("operator-unknown", operator=operator.__name__)
        if left is None or right is None:
            return operator is ast.NotEq
        a, b = _operand(left), _operand(right)
        check_broadcast(a, b)
        return _guarded(call, a, b)

    def subscript(self, value: object, index: object) -> object:
        if isinstance(value, Layer):
            return part_of(value, index)
        x = _operand(value)
        places = _spelled_out(x, index if isinstance(index, tuple) else (index,))
        for place in places:
            _check_index(place)
        _check_picked(x, places)
        return _guarded(lambda tensor: tensor[places], x)

    def truth(self, value: object) -> bool:
        if isinstance(value, Layer):
            raise refused("condition-layer")
        assert isinstance(value, torch.Tensor)
        if value.numel() != 1:
            raise refused("condition-tensor", shape=tuple(value.shape))
        return bool(value.item())

    def apply(
        self,
        value: object,
        args: tuple[object, ...],
        kwargs: Mapping[str, object],
        site: Site,  # noqa: ARG002 - a layer's weights were decided where it was written
    ) -> object:
        if not isinstance(value, Layer):
            raise refused("not-callable", value=kind_of(value))
        if kwargs:
            raise refused("unexpected-argument", function="forward", name=next(iter(kwargs)),
                          nearest="")  # fmt: skip
        return run_layer(value, args)

    def attribute(self, value: object, name: str) -> object:
        if isinstance(value, torch.Tensor):
            if name == "shape":
                return tuple(value.shape)
            if name == "T" and value.dim() <= 2:
                return value.t()
            if name == "T":
                raise refused("transpose-two-axes", shape=tuple(value.shape))
        raise refused("attribute-of-value", name=name, value=kind_of(value))


def _operand(value: object) -> Any:
    if isinstance(value, (torch.Tensor, bool, int, float)):
        return value
    raise refused("operand", value=kind_of(value))


def _spelled_out(x: torch.Tensor, places: tuple[object, ...]) -> tuple[object, ...]:
    """The places with `...` written as the axes it stands for."""
    dots = [n for n, place in enumerate(places) if place is ...]
    if not dots:
        return places
    if len(dots) > 1:
        raise refused("bad-index")
    taken = sum(
        place.dim() if isinstance(place, torch.Tensor) and place.dtype is torch.bool else 1
        for place in places
        if place is not None and place is not ...
    )
    axes = (slice(None),) * max(0, x.dim() - taken)
    return (*places[: dots[0]], *axes, *places[dots[0] + 1 :])


def _check_index(place: object) -> None:
    if place is None or (isinstance(place, int)):
        return
    if isinstance(place, torch.Tensor):
        if place.dtype is torch.bool or not place.is_floating_point():
            return
        raise refused("bad-index")
    if isinstance(place, slice):
        parts = (place.start, place.stop, place.step)
        if not all(part is None or isinstance(part, int) for part in parts):
            raise refused("bad-index")
        if place.step is not None and place.step < 1:
            raise refused("slice-step")
        return
    raise refused("bad-index")


def _check_picked(x: torch.Tensor, places: tuple[object, ...]) -> None:
    """Refuse a pick by whole-number tensors that would be too large; a mask only picks fewer."""
    picks = [p for p in places if isinstance(p, torch.Tensor)]
    if not picks or any(p.dtype is torch.bool for p in picks):
        return
    together: tuple[int, ...] = ()
    sides = list(x.shape)
    for place in places:
        if place is None:
            continue
        side = sides.pop(0) if sides else 1
        if isinstance(place, torch.Tensor):
            together = broadcast(together, tuple(place.shape))
        elif isinstance(place, slice):
            sides.append(side)
    check_elements((math.prod(together) * math.prod(max(1, side) for side in sides),))


def _guarded(call: Callable[..., Any], *operands: Any) -> Any:
    try:
        return call(*operands)
    except _TORCH as error:
        raise translated(error, getattr(call, "__name__", "")) from error


def matmul(left: object, right: object) -> object:
    """The matrix product as torch does it, its size and work foreseen."""
    for side in (left, right):
        if not isinstance(side, torch.Tensor):
            raise refused("operand", value=kind_of(side))
    assert isinstance(left, torch.Tensor)
    assert isinstance(right, torch.Tensor)
    a, b = tuple(left.shape), tuple(right.shape)
    if not a or not b:
        raise refused("matmul-scalar")
    if a[-1] != b[-2 if len(b) > 1 else -1]:
        raise refused("matrix-sizes", left=a, right=b, a=a[-1], b=b[-2 if len(b) > 1 else -1])
    if left.dtype != right.dtype:
        raise refused("dtypes-differ", a=str(left.dtype).removeprefix("torch."),
                      b=str(right.dtype).removeprefix("torch."))  # fmt: skip
    result = broadcast(a[:-2], b[:-2]) + a[-2:-1] + (b[-1:] if len(b) > 1 else ())
    check_elements(result)
    check_work(math.prod(result) * a[-1])
    return _guarded(torch.matmul, left, right)
