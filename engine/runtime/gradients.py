"""Gradients of an expression, by torch's own automatic differentiation.

Promise: the expression is evaluated again with the tensor it is differentiated by as a leaf;
nothing else in scope changes. Must not step or train.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

import torch

from engine.refusal import refused
from engine.runtime.arguments import dtype_name
from engine.runtime.layer import Layer
from engine.runtime.register import Register

if TYPE_CHECKING:
    from engine.expression import Evaluator

GRADIENTS: Final = Register()


@GRADIENTS.lazy()
def gradient(evaluator: Evaluator, call: ast.Call) -> object:
    """gradient(expr, x): how fast expr, a single number, changes with each element of x.

    x is a name. A plain number gives a plain number, a tensor a tensor of its shape.
    """
    if len(call.args) != 2 or call.keywords:
        raise refused("gradient-arguments")
    target = call.args[1]
    if not isinstance(target, ast.Name) or target.id not in evaluator.names:
        raise refused("gradient-by-name", column=target.col_offset + 1)
    before = evaluator.names[target.id]
    leaf = _leaf(before)
    stale = {name: value for name, value in evaluator.names.items() if name != target.id}
    evaluator.names[target.id] = leaf
    try:
        with torch.enable_grad():
            _rebind(evaluator, target.id)
            result = evaluator.evaluate_node(call.args[0])
            if not isinstance(result, torch.Tensor) or not result.requires_grad:
                raise refused("gradient-independent", name=target.id)
            if result.numel() != 1:
                raise refused("gradient-of-many", shape=tuple(result.shape))
            slope = torch.autograd.grad(result.reshape(()), leaf)[0].detach()
    finally:
        evaluator.names.update(stale)
        evaluator.names[target.id] = before
    return slope if isinstance(before, torch.Tensor) else slope.item()


def _leaf(value: object) -> torch.Tensor:
    if isinstance(value, (bool, int, float)):
        return torch.tensor(float(value), dtype=torch.float64, requires_grad=True)
    if not isinstance(value, torch.Tensor):
        raise refused("gradient-of-layer" if isinstance(value, Layer) else "gradient-by-name")
    if not value.is_floating_point():
        raise refused("dtype-unsupported", dtype=dtype_name(value.dtype))
    return value.detach().clone().requires_grad_()


def _rebind(evaluator: Evaluator, changed: str) -> None:
    """Evaluate again the bindings that follow from the changed name."""
    dependent = {changed}
    for name, tree in evaluator.sources.items():
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        if name != changed and used & dependent:
            dependent.add(name)
            evaluator.names[name] = evaluator.evaluate_node(tree)
