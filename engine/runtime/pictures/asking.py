"""What a picture function is asked: its arguments as they are written, ranges and texts.

Promise: what is not understood is refused with the place of the argument. Must not draw.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import torch

from engine import limits
from engine.grammar import check_binding
from engine.refusal import Refused, refused
from engine.runtime.arguments import Check, kind_of, real, text, whole

if TYPE_CHECKING:
    from engine.expression import Evaluator

POINTS: Final = 201
"""Values of a name for one curve unless told: two in every cell of a wide terminal."""
LABEL: Final = 40
"""Characters of a label."""
COUNT: Final = whole(2, limits.PICTURE_POINTS)
"""A check of how many points a curve has."""


def texts(value: object, argument: str) -> tuple[str, ...]:
    """Several texts in brackets, or one."""
    parts = value if isinstance(value, tuple | list) else (value,)
    return tuple(text(part, argument)[:LABEL] for part in parts)


def flag(value: object, argument: str) -> bool:
    """True or False."""
    if not isinstance(value, bool):
        raise refused("argument-flag", argument=argument, got=kind_of(value))
    return value


def options(
    evaluator: Evaluator, call: ast.Call, function: str, **known: tuple[Check, object]
) -> dict[str, object]:
    """The arguments by name, checked, with the defaults of those not given."""
    found = {name: default for name, (_, default) in known.items()}
    for keyword in call.keywords:
        name = str(keyword.arg)
        if name not in known:
            raise refused("unexpected-argument", function=function, name=name, nearest="",
                          column=keyword.value.col_offset + 1)  # fmt: skip
        with placed(keyword.value):
            found[name] = known[name][0](evaluator.evaluate_node(keyword.value), name)
    return found


def limit(evaluator: Evaluator, node: ast.expr, argument: str) -> float:
    """One end of a range: a finite number."""
    with placed(node):
        value = real()(evaluator.evaluate_node(node), argument)
        assert isinstance(value, int | float)
        if not math.isfinite(value):
            raise refused("argument-number", argument=argument, got=value)
        return value


def ends(evaluator: Evaluator, low: ast.expr, high: ast.expr, argument: str) -> tuple[float, float]:
    """Both ends of a range, the second larger."""
    first, last = limit(evaluator, low, "from"), limit(evaluator, high, "to")
    if not first < last or not math.isfinite(float(last) - float(first)):
        raise refused("picture-range", high.col_offset + 1, name=argument, low=first, high=last)
    return float(first), float(last)


@contextmanager
def placed(node: ast.expr) -> Iterator[None]:
    """A refusal that knows no column gets that of the node."""
    try:
        yield
    except Refused as refusal:
        if refusal.column is None:
            refusal.column = node.col_offset + 1
        raise


def spaced(low: float, high: float, count: int, *, log: bool = False) -> list[float]:
    """So many values from low to high, both there; by ratio where `log`."""
    if log:
        first, last = math.log(low), math.log(high)
        inner = [math.exp(first + (last - first) * n / (count - 1)) for n in range(1, count - 1)]
    else:
        inner = [low + (high - low) * (n / (count - 1)) for n in range(1, count - 1)]
    return [float(low), *inner, float(high)]


def stepped(low: float, high: float, step: float) -> list[float]:
    """low, low + step, ... up to high; whole numbers stay whole."""
    count = math.floor((high - low) / step + 1e-9) + 1
    if count > limits.PICTURE_POINTS:
        raise refused("picture-points", got=count, high=limits.PICTURE_POINTS)
    if isinstance(step, int) and low.is_integer():
        return [int(low) + step * n for n in range(count)]
    return [low + step * n for n in range(count)]


def variable(evaluator: Evaluator, node: ast.expr) -> str:
    """The name an expression is followed by: one without a value, or one that holds a number."""
    if not isinstance(node, ast.Name):
        raise refused("picture-variable", node.col_offset + 1)
    name = node.id
    if name in evaluator.names:
        value = evaluator.names[name]
        single = isinstance(value, torch.Tensor) and value.numel() == 1
        if isinstance(value, bool) or not (single or isinstance(value, int | float)):
            raise refused("picture-variable", node.col_offset + 1)
        return name
    with placed(node):
        check_binding(name)
        if name in evaluator.library:
            raise refused("shadows-listed", name=name)
    return name
