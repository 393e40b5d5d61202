"""`code` and `diagram`: a model as PyTorch text and as boxes.

Promise: `code` gives text that can be pasted into Python, the draw filled in. Must not measure.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

import torch

from engine.expression import filled
from engine.refusal import refused
from engine.runtime.arguments import kind_of
from engine.runtime.layer import Layer
from engine.runtime.optimizers.specs import Optimizer, Schedule
from engine.runtime.register import Register
from engine.runtime.survey import rows, survey

if TYPE_CHECKING:
    from engine.expression import Evaluator

LISTING: Final = Register()
_WIDTH: Final = 60
_ROWS: Final = 40


@LISTING.lazy()
def code(evaluator: Evaluator, call: ast.Call) -> str:
    """The PyTorch text of a layer, a `let` binding or any expression, its numbers filled in.

    Written code(x). Text that can be pasted into Python.

    Example: code(nn.Conv2d(3, 64, 3, padding=1)) -> nn.Conv2d(3, 64, 3, padding=1)
    """
    if len(call.args) != 1 or call.keywords:
        raise refused("too-many-arguments" if call.args else "missing-argument", function="code",
                      limit=1, name="x")  # fmt: skip
    node = call.args[0]
    value = evaluator.evaluate_node(node)
    if isinstance(value, (Layer, Optimizer, Schedule)):
        return value.code
    source = evaluator.sources.get(node.id, node) if isinstance(node, ast.Name) else node
    lets = {name: ast.unparse(tree) for name, tree in evaluator.sources.items()}
    drawn = {name: x for name, x in evaluator.names.items() if name not in lets}
    return filled(ast.unparse(source), drawn, lets, pytorch=True)


@LISTING.lazy()
def diagram(evaluator: Evaluator, call: ast.Call) -> str:
    """A model as boxes, one per layer, with the shapes between them if an input is given.

    Written diagram(m, x) or, without shapes, diagram(m); x is a tensor or a shape.

    Example: diagram(nn.Linear(10, 2)) ->
    ┌──────────────────┐
    │ nn.Linear(10, 2) │
    └──────────────────┘
    """
    if not 1 <= len(call.args) <= 2 or call.keywords:
        raise refused("too-many-arguments" if call.args else "missing-argument",
                      function="diagram", limit=2, name="m")  # fmt: skip
    model = evaluator.evaluate_node(call.args[0])
    if not isinstance(model, Layer):
        raise refused("argument-layer", argument="m", got=kind_of(model))
    if len(call.args) == 1:
        return _boxes(model, None)
    x = evaluator.evaluate_node(call.args[1])
    if isinstance(x, tuple):
        x = torch.empty(x, device="meta")
    if not isinstance(x, torch.Tensor):
        raise refused("argument-input", argument="x", got=kind_of(x))
    return _boxes(model, x)


def _boxes(model: Layer, x: torch.Tensor | None) -> str:
    walked = None if x is None else survey(model, (x,), counted=False)
    table = rows(model, walked)
    shown = table[:_ROWS]
    labels = [_cut(row.code) for row in shown]
    inner = max((len(label) for label in labels), default=0)
    lines: list[str] = [] if x is None else [_shape(tuple(x.shape)).center(inner + 4).rstrip()]
    for row, label in zip(shown, labels, strict=True):
        if lines:
            lines.append("│".center(inner + 4).rstrip())
        lines += [f"┌─{'─' * inner}─┐", f"│ {label.center(inner)} │", f"└─{'─' * inner}─┘"]
        if row.output_shape is not None:
            lines[-1] += f"  {_shape(row.output_shape)}"
    if len(table) > len(shown):
        lines.append(f"… {len(table) - len(shown)}")
    return "\n".join(lines)


def _cut(text: str) -> str:
    return text if len(text) <= _WIDTH - 24 else text[: _WIDTH - 25] + "…"


def _shape(sides: tuple[int, ...]) -> str:
    return "×".join(map(str, sides)) or "()"
