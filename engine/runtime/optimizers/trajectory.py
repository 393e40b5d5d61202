"""`trajectory`: the way of an optimizer over the surface of an expression.

Promise: the expression is evaluated anew at every point and differentiated by torch; nothing in
scope stays changed. A way that diverges is told to its end, with infinity and NaN. Must not know
surfaces: a listed function of the variables is one.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import torch

from engine import limits
from engine.grammar import CONSTANTS, RESERVED, walk
from engine.refusal import Refused, refused
from engine.runtime.arguments import whole
from engine.runtime.foresight import check_elements
from engine.runtime.optimizers.specs import Optimizer, Schedule
from engine.runtime.optimizers.specs import Plan as PlanArgument
from engine.runtime.optimizers.stepping import Stepper, check_steps, number_or_tensor
from engine.runtime.optimizers.surfaces import SURFACES
from engine.runtime.progress import listened, report
from engine.runtime.register import Register

if TYPE_CHECKING:
    from engine.expression import Evaluator

TRAJECTORIES: Final = Register()
_PARAMETERS: Final = ("expr", "start", "optimizer", "steps")


@TRAJECTORIES.lazy()
def trajectory(evaluator: Evaluator, call: ast.Call) -> tuple[torch.Tensor, torch.Tensor]:
    """trajectory(expr, start, optimizer, steps): the points an optimizer passes, and expr there.

    The names in expr that have no value are its variables, in the order of the alphabet; start
    holds a number for each, or the value of the only one, which may be a tensor. Where all names
    have values, start is the name to be moved, or several in brackets, and begins at its value.
    expr may be just the name of a surface: ravine, rosenbrock, saddle or rings.

    The first result has a row for the start and for each step; the second the value of expr at
    each. The optimizer may be a schedule of its rate. Plain numbers are computed in float64.

    Example: trajectory(w * w, 1.0, SGD(lr=0.5), 1)
    -> (tensor([1.0, 0.0], dtype=float64), tensor([1.0, 0.0], dtype=float64))
    Example: trajectory(saddle, (1.0, 0.0), SGD(lr=0.5), 1)[0][1]
    -> tensor([0.0, 0.0], dtype=float64)
    """
    given = _arguments(call)
    route = _route(evaluator, given["expr"], given["start"])
    plan = _checked(evaluator, given["optimizer"], _PLAN, "optimizer")
    steps = _checked(evaluator, given["steps"], _STEPS, "steps")
    check_elements((steps + 1, *route.start.shape), limits.RETURNED_ELEMENTS)
    check_steps(route.start.numel(), steps)
    with route.scope():
        return _walked(route, plan, steps)


_PLAN: Final[Any] = PlanArgument.__metadata__[0]  # type: ignore[attr-defined]
_STEPS: Final = whole(0, limits.OPTIMIZER_STEPS)


@dataclass(frozen=True, slots=True)
class _Route:
    """Where to begin, how to measure a point, and the scope in which that may be done."""

    start: torch.Tensor
    value_at: Callable[[torch.Tensor], object]
    scope: Callable[[], Any]
    name: str


def _walked(
    route: _Route, plan: Optimizer | Schedule, steps: int
) -> tuple[torch.Tensor, torch.Tensor]:
    stepper = Stepper(route.start, plan)
    points, losses = [stepper.now], []
    told = listened()
    for step in range(steps):
        here, asked = stepper.param.detach(), stepper.asked_at
        value, slope = _slope(route, asked)
        if asked is not here and not torch.equal(asked, here):
            value = _loss(route, here)
        losses.append(value)
        if told:
            report(step, steps, float(value))
        stepper.step(slope)
        points.append(stepper.now)
    losses.append(_loss(route, stepper.now))
    if told:
        report(steps, steps, float(losses[-1]))
    return torch.stack(points), torch.stack(losses)


def _slope(route: _Route, point: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    leaf = point.detach().clone().requires_grad_()
    with torch.enable_grad():
        value = _single(route.value_at(leaf), route.name)
        if not value.requires_grad:
            raise refused("gradient-independent", name=route.name)
        slope = torch.autograd.grad(value, leaf, allow_unused=True)[0]
    return value.detach(), torch.zeros_like(leaf) if slope is None else slope


def _loss(route: _Route, point: torch.Tensor) -> torch.Tensor:
    return _single(route.value_at(point.detach()), route.name).detach()


def _single(value: object, name: str) -> torch.Tensor:
    if not isinstance(value, torch.Tensor):
        raise refused("gradient-independent", name=name)
    if value.numel() != 1:
        raise refused("gradient-of-many", shape=tuple(value.shape))
    return value.reshape(())


def _arguments(call: ast.Call) -> dict[str, ast.expr]:
    """The four arguments, by place or by name."""
    given = dict(zip(_PARAMETERS, call.args, strict=False))
    for keyword in call.keywords:
        if keyword.arg not in _PARAMETERS:
            raise refused("unexpected-argument", function="trajectory", name=keyword.arg,
                          nearest="", column=keyword.value.col_offset + 1)  # fmt: skip
        if keyword.arg in given:
            raise refused("argument-twice", name=keyword.arg)
        given[keyword.arg] = keyword.value
    if len(given) < len(_PARAMETERS) or len(call.args) > len(_PARAMETERS):
        raise refused("trajectory-arguments")
    return given


def _checked(evaluator: Evaluator, node: ast.expr, check: Any, argument: str) -> Any:
    try:
        return check(evaluator.evaluate_node(node), argument)
    except Refused as refusal:
        if refusal.column is None:
            refusal.column = node.col_offset + 1
        raise


def _route(evaluator: Evaluator, expr: ast.expr, start: ast.expr) -> _Route:
    names = _free(evaluator, expr)
    if isinstance(expr, ast.Name) and expr.id in SURFACES.functions:
        surface = SURFACES.functions[expr.id].call
        begin = _start(evaluator, start, ("x", "y"))
        return _Route(begin, lambda point: surface(point[0], point[1]), _unchanged, expr.id)
    moved: tuple[str, ...] = ()
    if names:  # what had no value until now, no binding can follow from
        begin = _start(evaluator, start, names)
    else:
        names = moved = _moved(evaluator, start)
        values = [evaluator.names[name] for name in names]
        begin = _checked_start(values if len(names) > 1 else values[0], start, names)

    def value_at(point: torch.Tensor) -> object:
        parts = (point,) if len(names) == 1 else point.unbind()
        evaluator.names.update(zip(names, parts, strict=True))
        _follow(evaluator, moved)
        return evaluator.evaluate_node(expr)

    return _Route(begin, value_at, lambda: _restored(evaluator), names[0])


def _free(evaluator: Evaluator, expr: ast.expr) -> tuple[str, ...]:
    """The names in the expression that mean nothing yet, in the order of the alphabet."""
    called = {id(node.func) for node in walk(expr) if isinstance(node, ast.Call)}
    known = (evaluator.names, evaluator.library, CONSTANTS, RESERVED)
    return tuple(sorted({
        node.id for node in walk(expr)
        if isinstance(node, ast.Name) and id(node) not in called
        and not any(node.id in place for place in known)
    }))  # fmt: skip


def _start(evaluator: Evaluator, node: ast.expr, names: tuple[str, ...]) -> torch.Tensor:
    return _checked_start(evaluator.evaluate_node(node), node, names)


def _checked_start(value: object, node: ast.expr, names: tuple[str, ...]) -> torch.Tensor:
    """A number for each name; a single name may be a tensor of any shape."""
    try:
        begin = number_or_tensor(value, "start")
    except Refused as refusal:
        refusal.column = node.col_offset + 1
        raise
    assert isinstance(begin, torch.Tensor)
    if len(names) > 1 and begin.shape != (len(names),):
        raise refused("trajectory-start", node.col_offset + 1, names=", ".join(names),
                      count=len(names))  # fmt: skip
    check_elements(begin.shape, limits.RETURNED_ELEMENTS)
    return begin


def _moved(evaluator: Evaluator, start: ast.expr) -> tuple[str, ...]:
    """The names to be moved, where every name of the expression has a value."""
    parts = start.elts if isinstance(start, ast.Tuple | ast.List) else [start]
    names = [part.id for part in parts if isinstance(part, ast.Name) and part.id in evaluator.names]
    if len(names) != len(parts) or len(set(names)) != len(names) or not names:
        raise refused("trajectory-variables", start.col_offset + 1)
    return tuple(names)


def _follow(evaluator: Evaluator, moved: tuple[str, ...]) -> None:
    """Evaluate again the bindings that follow from the moved names."""
    dependent = set(moved)
    for name, tree in evaluator.sources.items():
        used = {node.id for node in walk(tree) if isinstance(node, ast.Name)}
        if name not in moved and used & dependent:
            dependent.add(name)
            evaluator.names[name] = evaluator.evaluate_node(tree)


@contextmanager
def _restored(evaluator: Evaluator) -> Iterator[None]:
    before = dict(evaluator.names)
    try:
        yield
    finally:
        evaluator.names.clear()
        evaluator.names.update(before)


@contextmanager
def _unchanged() -> Iterator[None]:
    yield
