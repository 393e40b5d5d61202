"""What an expression is differentiated by, put in place and taken away again.

Promise: inside `prepared` the names asked for are leaves of torch's graph, and every binding that
follows from them was evaluated again with the same random numbers; afterwards the scope is as it
was. Layers are never built again. Must not differentiate.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from engine.grammar import check_binding
from engine.refusal import refused
from engine.runtime import device
from engine.runtime.arguments import dtype_name
from engine.runtime.layer import Layer
from engine.runtime.running import materialised

if TYPE_CHECKING:
    from engine.expression import Evaluator

_PARAMETER_OF = {"weight_of": "weight", "bias_of": "bias"}


@dataclass
class Target:
    """One thing to differentiate by: its text, its leaves, and what it is.

    A number and a tensor have one leaf, a layer one for each trainable parameter.
    """

    text: str
    leaves: list[torch.Tensor]
    scalar: bool = False
    layer: Layer | None = None


@dataclass
class Differentiation:
    """An expression's targets in place, in one evaluator."""

    evaluator: Evaluator
    text: str
    targets: list[Target]
    changed: set[str]

    def value(self, expression: ast.expr) -> object:
        """The expression as the targets' numbers are now, with all that follows from them."""
        _bind_followers(self.evaluator, self.changed, expression)
        return self.evaluator.evaluate_node(expression)

    def number(self, expression: ast.expr, *, by_graph: bool = True) -> torch.Tensor:
        """The same, if it is one number; `by_graph` asks that torch knows how it depends on the
        targets, which differences need not know."""
        result = self.value(expression)
        if not isinstance(result, torch.Tensor) or (by_graph and not result.requires_grad):
            raise refused("gradient-independent", name=self.text)
        if result.numel() != 1:
            raise refused("gradient-of-many", shape=tuple(result.shape))
        return result.reshape(())


@dataclass(frozen=True)
class Asked:
    """What a call asks for: `f(expression, by)`, or `f(expression, x=3.0)` with x's value given."""

    expression: ast.expr
    by: ast.expr
    given: dict[str, ast.expr]
    options: dict[str, ast.expr]


def asked(call: ast.Call, code: str, *options: str) -> Asked:
    """The arguments of a function that differentiates, told apart; refused as `code`."""
    keywords = {str(keyword.arg): keyword.value for keyword in call.keywords}
    told = {name: keywords.pop(name) for name in options if name in keywords}
    function = call.func.id if isinstance(call.func, ast.Name) else "gradient"
    if not call.args or len(call.args) + bool(keywords) != 2:
        raise refused(code, function=function)
    if not keywords:
        return Asked(call.args[0], call.args[1], {}, told)
    names: list[ast.expr] = [
        ast.copy_location(ast.Name(name, ast.Load()), value) for name, value in keywords.items()
    ]
    by = names[0] if len(names) == 1 else ast.copy_location(ast.Tuple(names, ast.Load()), call)
    return Asked(call.args[0], by, keywords, told)


@contextmanager
def prepared(evaluator: Evaluator, question: Asked) -> Iterator[Differentiation]:
    """What is differentiated by, one target or several in brackets, in place."""
    by = question.by
    nodes = by.elts if isinstance(by, (ast.Tuple, ast.List)) else [by]
    if not nodes:
        raise refused("gradient-by-name", column=by.col_offset + 1)
    before = dict(evaluator.names)
    changed: set[str] = set()
    try:
        _bind_given(evaluator, question.given)
        targets = [_target(evaluator, node, changed) for node in nodes]
        with torch.enable_grad():
            yield Differentiation(evaluator, ast.unparse(by)[:60], targets, changed)
    finally:
        evaluator.names.clear()
        evaluator.names.update(before)


def _bind_given(evaluator: Evaluator, given: dict[str, ast.expr]) -> None:
    values = {name: evaluator.evaluate_node(node) for name, node in given.items()}
    for name, node in given.items():
        check_binding(name)
        if name in evaluator.library:
            raise refused("shadows-listed", name=name, column=node.col_offset + 1)
        if name in evaluator.names:
            raise refused("bound-twice", name=name, column=node.col_offset + 1)
    evaluator.names.update(values)


def _target(evaluator: Evaluator, node: ast.expr, changed: set[str]) -> Target:
    text = ast.unparse(node)[:60]
    value = evaluator.names.get(node.id) if isinstance(node, ast.Name) else None
    if isinstance(node, ast.Name) and isinstance(value, (bool, int, float, torch.Tensor)):
        leaf = _leaf(value, node)
        evaluator.names[node.id] = leaf
        changed.add(node.id)
        return Target(text, [leaf], scalar=not isinstance(value, torch.Tensor))
    owner, name = _parameter(node)
    if not isinstance(owner, (ast.Name, ast.Subscript, ast.Call)):
        raise refused("gradient-by-name", column=node.col_offset + 1)
    if isinstance(owner, ast.Name) and owner.id not in evaluator.names:
        raise refused("gradient-by-name", column=node.col_offset + 1)
    layer = evaluator.evaluate_node(owner)
    if not isinstance(layer, Layer):
        raise refused("gradient-by-name", column=node.col_offset + 1)
    module = materialised(layer)
    changed |= _layers(evaluator)
    if not name:
        leaves: list[torch.Tensor] = [p for p in module.parameters() if p.requires_grad]
        if not leaves:
            raise refused("layer-without-weight", layer=type(layer.twin).__name__)
        return Target(text, leaves, layer=layer)
    weight = getattr(module, name, None)
    if not isinstance(weight, torch.Tensor) or not weight.requires_grad:
        raise refused("layer-without-weight", layer=type(layer.twin).__name__)
    return Target(text, [weight])


def _parameter(node: ast.expr) -> tuple[ast.expr, str]:
    """`m` and "weight" of `weight_of(m)`; any other expression as it is."""
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in _PARAMETER_OF
        and len(node.args) == 1
        and not node.keywords
    ):
        return node.args[0], _PARAMETER_OF[node.func.id]
    return node, ""


def _layers(evaluator: Evaluator) -> set[str]:
    return {name for name, value in evaluator.names.items() if isinstance(value, Layer)}


def _leaf(value: float | torch.Tensor, node: ast.expr) -> torch.Tensor:
    if not isinstance(value, torch.Tensor):
        return torch.tensor(float(value), dtype=torch.float64, device=device.current(),
                            requires_grad=True)  # fmt: skip
    if not value.is_floating_point():
        raise refused("dtype-unsupported", column=node.col_offset + 1,
                      dtype=dtype_name(value.dtype))  # fmt: skip
    if value.requires_grad:  # a gradient of a gradient: the outer one's graph must not be cut
        return value
    return value.detach().clone().requires_grad_()


def _bind_followers(evaluator: Evaluator, changed: set[str], expression: ast.expr) -> None:
    """Evaluate again the bindings that the expression needs and that follow from what changed."""
    needed = _needed(evaluator, expression)
    dependent = set(changed)
    for name, tree in evaluator.sources.items():
        if name in changed or not _used(tree) & dependent:
            continue
        dependent.add(name)
        if name in needed and not isinstance(evaluator.names[name], Layer):
            evaluator.bind_again(name)


def _needed(evaluator: Evaluator, expression: ast.expr) -> set[str]:
    needed: set[str] = set()
    fresh = _used(expression)
    while fresh:
        needed |= fresh
        fresh = {
            inner
            for name in fresh
            if name in evaluator.sources
            for inner in _used(evaluator.sources[name])
        } - needed
    return needed


def _used(tree: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
