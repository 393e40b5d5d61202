"""`plot` and `contours`: an expression over one name, and over two.

Promise: the expression is evaluated at every point as it stands, so whatever has a value can be
drawn; a point without one is a gap. Bounded in points, the same ones every time. Must not draw.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

import torch

from engine import limits
from engine.library import Group
from engine.refusal import refused
from engine.runtime.arguments import kind_of, real, text
from engine.runtime.pictures.asking import (
    COUNT,
    LABEL,
    POINTS,
    ends,
    flag,
    options,
    spaced,
    stepped,
    texts,
    variable,
)
from engine.runtime.pictures.following import as_real, followed
from engine.runtime.register import Register
from engine.values import Curves, Heat, Series

if TYPE_CHECKING:
    from engine.expression import Evaluator

PLOTTING: Final = Register()
_COLUMNS, _ROWS = 65, 33
"""Points of a surface: one in each cell of a picture of ordinary size."""


@PLOTTING.lazy(Group.MEASURE)
def plot(evaluator: Evaluator, call: ast.Call) -> Curves:
    """plot(expr, x, from, to): the curve of expr as the name x goes from one number to another.

    Several expressions in brackets give several curves, told apart by labels=("a", "b"). A
    gradient is an expression like any other: an activation and its derivative are
    plot((tanh(x), gradient(tanh(x), x)), x, -4, 4).

    Where x has a value, all bindings follow from it. step=1 takes whole numbers alone, points=n
    another number of points than 201. title, x_label and y_label are texts; log_x=True and
    log_y=True give axes by powers of ten. A point where expr has no value is a gap.

    Example: plot(relu(x), x, -1, 3) -> relu(x): 0 at −1, 3 at 3, rising
    Example: plot((sigmoid(x), gradient(sigmoid(x), x)), x, -4, 4) ->
    sigmoid(x): 0.018 at −4, 0.982 at 4, rising;
    d/dx sigmoid(x): 0.0177 at −4, 0.0177 at 4, highest 0.25 at 0,
    ending as it began
    """
    if len(call.args) != 4:
        raise refused("plot-arguments")
    expr, by, low, high = call.args
    expressions = list(expr.elts) if isinstance(expr, ast.Tuple | ast.List) else [expr]
    if not 1 <= len(expressions) <= limits.PICTURE_CURVES:
        raise refused("picture-curves", expr.col_offset + 1, high=limits.PICTURE_CURVES)
    name = variable(evaluator, by)
    asked: Any = options(
        evaluator, call, "plot", step=(real(0.0), None), points=(COUNT, POINTS),
        labels=(texts, None), title=(text, ""), x_label=(text, name), y_label=(text, ""),
        log_x=(flag, False), log_y=(flag, False),
    )  # fmt: skip
    first, last = ends(evaluator, low, high, name)
    labels = asked["labels"] or tuple(_written(node, name) for node in expressions)
    if len(labels) != len(expressions):
        raise refused("picture-labels", got=len(labels), expected=len(expressions))
    if asked["log_x"] and first <= 0:
        raise refused("picture-log", low.col_offset + 1, got=first)
    if asked["step"]:
        xs = stepped(first, last, asked["step"])
    else:
        xs = spaced(first, last, asked["points"], log=asked["log_x"])
    points, places = [(x,) for x in xs], tuple(map(float, xs))
    series = tuple(
        Series(label, places, tuple(followed(evaluator, (name,), points, node)))
        for label, node in zip(labels, expressions, strict=True)
    )
    return Curves(series, asked["title"], asked["x_label"], asked["y_label"], asked["log_x"],
                  asked["log_y"])  # fmt: skip


@PLOTTING.lazy(Group.MEASURE)
def contours(evaluator: Evaluator, call: ast.Call) -> Heat:
    """contours(expr, x, from, to, y, from, to): the surface of expr over two names, by height.

    path=trajectory(expr, start, optimizer, steps) lays an optimizer's way over it, point by
    point; a tensor of points (n, 2) does too. title is a text.

    Example: contours(x * x + y * y, x, -1, 1, y, -1, 1) -> 33×65: 0 to 2
    Example: contours(saddle(x, y), x, -2, 2, y, -2, 2,
    path=trajectory(saddle, (1.5, 0.1), SGD(lr=0.1), 9)) ->
    33×65: −4 to 4; path of 10 points from (1.5, 0.1) to (0.201, 0.516)
    """
    if len(call.args) != 7:
        raise refused("contours-arguments")
    expr, x_node, x_low, x_high, y_node, y_low, y_high = call.args
    names = variable(evaluator, x_node), variable(evaluator, y_node)
    if names[0] == names[1]:
        raise refused("picture-variable", y_node.col_offset + 1)
    asked: Any = options(evaluator, call, "contours", path=(_points, ()), title=(text, ""))
    x_range = ends(evaluator, x_low, x_high, names[0])
    y_range = ends(evaluator, y_low, y_high, names[1])
    xs, ys = spaced(*x_range, _COLUMNS), spaced(*y_range, _ROWS)
    found = followed(evaluator, names, [(x, y) for y in reversed(ys) for x in xs], expr)
    rows = tuple(tuple(found[n : n + _COLUMNS]) for n in range(0, len(found), _COLUMNS))
    return Heat(rows, asked["title"], path=asked["path"], x_range=x_range, y_range=y_range,
                x_label=names[0], y_label=names[1])  # fmt: skip


def _points(value: object, argument: str) -> tuple[tuple[float, float], ...]:
    """Points on a surface: a tensor (n, 2), or what `trajectory` gives."""
    points = value[0] if isinstance(value, tuple) and value else value
    if not isinstance(points, torch.Tensor) or points.dim() != 2 or points.shape[1] != 2:
        raise refused("picture-path", argument=argument, got=kind_of(value))
    count = points.shape[0]
    kept = points
    if count > limits.PICTURE_POINTS:
        places = (
            torch.linspace(0, count - 1, limits.PICTURE_POINTS, dtype=torch.float64).round().long()
        )
        kept = points[places.to(points.device)]
    return tuple((as_real(x), as_real(y)) for x, y in kept.detach().double().cpu().tolist())


def _written(node: ast.expr, name: str) -> str:
    """An expression as the label of its curve."""
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "gradient"
        and len(node.args) == 2
        and isinstance(node.args[1], ast.Name)
        and node.args[1].id == name
    ):
        return f"d/d{name} {ast.unparse(node.args[0])}"[:LABEL]
    return ast.unparse(node)[:LABEL]
