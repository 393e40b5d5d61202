"""Gradients of an expression, by torch's own automatic differentiation and by differences.

Promise: the expression is evaluated again with what it is differentiated by as leaves; nothing
else in scope changes. Must not step or train.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import torch

from engine import limits
from engine.refusal import over_limit, refused
from engine.runtime.arguments import kind_of
from engine.runtime.differentiating import Asked, Differentiation, Target, asked, prepared
from engine.runtime.register import Register

if TYPE_CHECKING:
    from engine.expression import Evaluator

GRADIENTS: Final = Register()


@GRADIENTS.lazy()
def gradient(evaluator: Evaluator, call: ast.Call) -> object:
    """gradient(expr, x): how fast expr, a single number, changes with each element of x.

    x is a name: a plain number gives a plain number, a tensor a tensor of its shape. Also by
    weight_of(m) or bias_of(m), by a model m (a tuple, one tensor for each trainable parameter in
    the order of definition), and by several of these in brackets (a tuple). A value may be given
    on the spot, as in gradient(x ** 2, x=3.0). A gradient may be differentiated again.

    Example: gradient(x ** 2 * y, x=3.0, y=5.0) -> (30.0, 9.0)
    Example: gradient((w ** 2).sum(), w=tensor([1.0, 2.0])) -> tensor([2.0, 4.0], dtype=float32)
    Example: gradient(gradient(x ** 3, x), x=2.0) -> 12.0
    """
    question = asked(call, "gradient-arguments")
    nested = torch.is_grad_enabled()
    with prepared(evaluator, question) as scope:
        slopes = _slopes(scope.number(question.expression), scope.targets, nested=nested)
    return _packed(question.by, scope.targets, slopes)


def _slopes(
    result: torch.Tensor, targets: list[Target], *, nested: bool = False
) -> list[list[torch.Tensor]]:
    """The gradients for every target; a parameter that has no part in the result gets zeros."""
    leaves = [leaf for target in targets for leaf in target.leaves]
    found = iter(torch.autograd.grad(result, leaves, create_graph=nested, allow_unused=True))
    slopes: list[list[torch.Tensor]] = []
    for target in targets:
        given = [next(found) for _ in target.leaves]
        if all(slope is None for slope in given):
            raise refused("gradient-independent", name=target.text)
        slopes.append([
            torch.zeros_like(leaf) if slope is None else slope if nested else slope.detach()
            for leaf, slope in zip(target.leaves, given, strict=True)
        ])  # fmt: skip
    return slopes


def _packed(by: ast.expr, targets: list[Target], slopes: list[list[torch.Tensor]]) -> object:
    """The gradients in the form in which they were asked for."""
    values = [
        tuple(given) if target.layer is not None
        else given[0].item() if target.scalar and not given[0].requires_grad
        else given[0]
        for target, given in zip(targets, slopes, strict=True)
    ]  # fmt: skip
    return tuple(values) if isinstance(by, (ast.Tuple, ast.List)) else values[0]


@GRADIENTS.lazy()
def numerical_gradient(evaluator: Evaluator, call: ast.Call) -> object:
    """numerical_gradient(expr, x, step=1e-6): the gradient by central differences.

    (f(x + step) - f(x - step)) / (2 step) for each element, in x's own dtype; float64 is advised.
    x and the result as for `gradient`.

    Source: the error is of order step², until rounding takes over
    Example: round(numerical_gradient(x ** 3, x=2.0), 6) -> 12.0
    """
    question = asked(call, "gradient-step-arguments", "step")
    step = _step(evaluator, question)
    with prepared(evaluator, question) as scope:
        scope.number(question.expression, by_graph=False)
        slopes = _differences(scope, question.expression, step)
    return _packed(question.by, scope.targets, slopes)


@GRADIENTS.lazy()
def gradient_check(evaluator: Evaluator, call: ast.Call) -> float:
    """gradient_check(expr, x, step=1e-6): the largest relative error of torch's gradient.

    Of every element |a - n| / max(|a|, |n|), a by automatic differentiation, n by central
    differences; elements below a thousandth of the largest are measured against that thousandth.
    In float64 below 1e-6 is right, above 1e-2 is wrong; float32 needs a larger step and tells less.
    x as for `gradient`.

    Example: gradient_check(x ** 3, x=2.0) < 1e-6 -> True
    """
    question = asked(call, "gradient-step-arguments", "step")
    step = _step(evaluator, question)
    with prepared(evaluator, question) as scope:
        exact = _slopes(scope.number(question.expression), scope.targets)
        close = _differences(scope, question.expression, step)
    a, n = (torch.cat([slope.double().flatten() for part in parts for slope in part])
            for parts in (exact, close))  # fmt: skip
    largest = torch.maximum(a.abs(), n.abs())
    scale = torch.maximum(largest, 1e-3 * largest.max())
    return float(torch.where(scale > 0, (a - n).abs() / scale, torch.zeros_like(a)).max())


def _step(evaluator: Evaluator, question: Asked) -> float:
    node = question.options.get("step")
    step = 1e-6 if node is None else evaluator.evaluate_node(node)
    if isinstance(step, bool) or not isinstance(step, (int, float)) or not 0 < step <= 1:
        raise refused("argument-range", argument="step", got=kind_of(step), low=0, high=1)
    return float(step)


def _differences(
    scope: Differentiation, expression: ast.expr, step: float
) -> list[list[torch.Tensor]]:
    """Central differences, one element after the other; the elements are as before afterwards."""
    count = sum(leaf.numel() for target in scope.targets for leaf in target.leaves)
    if count > limits.CHECKED_ELEMENTS:
        raise over_limit("too-many-differences", got=count, high=limits.CHECKED_ELEMENTS)

    def value() -> float:
        found = scope.value(expression)
        assert isinstance(found, torch.Tensor)
        return float(found.detach().double())

    with torch.no_grad():
        return [[_difference(leaf, step, value) for leaf in target.leaves]
                for target in scope.targets]  # fmt: skip


def _difference(leaf: torch.Tensor, step: float, value: Callable[[], float]) -> torch.Tensor:
    slope = torch.zeros(leaf.numel(), dtype=torch.float64)
    flat = leaf.detach().view(-1)
    for place in range(flat.numel()):
        kept = flat[place].clone()
        try:
            flat[place] = kept + step
            above, high = value(), float(flat[place].double())
            flat[place] = kept - step
            below, low = value(), float(flat[place].double())
        finally:
            flat[place] = kept
        # Rounding may have made the way shorter or longer than two steps.
        slope[place] = (above - below) / (high - low) if high > low else 0.0
    return slope.to(leaf.dtype).to(leaf.device).view(leaf.shape)
