"""The values of expressions as a name, or two, go through many values.

Promise: the numbers are those of the expression at each point alone. All points at once are
tried first, as they are a hundred times as fast, and kept only where single points agree. The
scope is afterwards as it was. Must not draw.
"""

from __future__ import annotations

import ast
import copy
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import torch

from engine.grammar import walk
from engine.refusal import Refused, refused
from engine.runtime import device
from engine.runtime.arguments import kind_of

if TYPE_CHECKING:
    from engine.expression import Evaluator

_UNDEFINED: Final = ("division-by-zero", "not-real", "not-finite", "number-too-large")
"""Why a formula of plain numbers has no value at a point: a gap in its curve."""
_PROBES: Final = 7
_CLOSE: Final = 1e-9

Point = Sequence[float]


def followed(
    evaluator: Evaluator, names: tuple[str, ...], points: Sequence[Point], node: ast.expr
) -> list[float]:
    """The expression at each point, a value for each name; NaN where a formula has none.

    Bindings that the expression needs and that follow from the names follow.
    """
    needed = _needed(evaluator, names, node)
    with _restored(evaluator):
        found = _at_once(evaluator, names, points, node) if not needed else None
        return found or [_at(evaluator, names, needed, point, node) for point in points]


def _at(
    evaluator: Evaluator, names: tuple[str, ...], needed: list[str], point: Point, node: ast.expr
) -> float:
    evaluator.names.update(zip(names, point, strict=True))
    try:
        for name in needed:
            evaluator.bind_again(name)
        value = evaluator.evaluate_node(node)
    except Refused as refusal:
        if refusal.code in _UNDEFINED:
            return math.nan
        raise
    if isinstance(value, torch.Tensor) and value.numel() == 1 and not value.is_meta:
        value = value.item()
    if not isinstance(value, int | float):
        raise refused("picture-number", node.col_offset + 1, got=kind_of(value))
    return as_real(value)


def as_real(value: float) -> float:
    """A number as a float, an integer beyond its range as an infinity."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _at_once(
    evaluator: Evaluator, names: tuple[str, ...], points: Sequence[Point], node: ast.expr
) -> list[float] | None:
    """The values by one evaluation on tensors, if single points agree with them."""
    if any(not isinstance(value, float) for value in points[0]):
        return None
    columns = torch.tensor(points, dtype=torch.float64, device=device.current()).unbind(1)
    evaluator.names.update(zip(names, (c.contiguous() for c in columns), strict=True))
    try:
        value = evaluator.evaluate_node(_of_many(node, names))
    except Refused:
        return None
    if not isinstance(value, torch.Tensor) or value.shape != (len(points),) or value.is_meta:
        return None
    found: list[float] = value.detach().double().cpu().tolist()
    last = len(points) - 1
    for n in range(_PROBES):
        place = (n * last * 2 + last // 3) // (2 * _PROBES)
        if not _agree(found[place], _at(evaluator, names, [], points[place], node)):
            return None
    return found


def _agree(a: float, b: float) -> bool:
    if not (math.isfinite(a) and math.isfinite(b)):
        return math.isfinite(a) is math.isfinite(b)
    return abs(a - b) <= _CLOSE * max(abs(a), abs(b))


def _of_many(node: ast.expr, names: tuple[str, ...]) -> ast.expr:
    """The expression with every gradient by one of the names taken of a sum: where each element
    depends on its own value alone, that is the gradient at each."""
    found = copy.deepcopy(node)
    for part in walk(found):
        if (
            isinstance(part, ast.Call)
            and isinstance(part.func, ast.Name)
            and part.func.id == "gradient"
            and len(part.args) == 2
            and isinstance(part.args[1], ast.Name)
            and part.args[1].id in names
        ):
            inner = part.args[0]
            total = ast.Call(ast.Name("sum", ast.Load()), [inner], [])
            part.args[0] = ast.copy_location(total, inner)
            ast.copy_location(total.func, inner)
    return found


@contextmanager
def _restored(evaluator: Evaluator) -> Iterator[None]:
    before = dict(evaluator.names)
    try:
        with torch.no_grad():
            yield
    finally:
        evaluator.names.clear()
        evaluator.names.update(before)


def _needed(evaluator: Evaluator, names: tuple[str, ...], node: ast.expr) -> list[str]:
    """The bindings between the names and the expression, in their order."""
    dependent, after = set(names), []
    for name, tree in evaluator.sources.items():
        if name not in dependent and _used(tree) & dependent:
            dependent.add(name)
            after.append(name)
    wanted = _used(node)
    for name in reversed(after):
        if name in wanted:
            wanted |= _used(evaluator.sources[name])
    return [name for name in after if name in wanted]


def _used(tree: ast.expr) -> set[str]:
    return {node.id for node in walk(tree) if isinstance(node, ast.Name)}
