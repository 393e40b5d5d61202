"""How a loss's gradient fades or grows through a model: by weights and by pre-activations.

Promise: the loss is an expression, evaluated once more for its gradients; no weight is changed.
Must not step or train.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import torch
from torch import nn

from engine.refusal import refused
from engine.runtime.arguments import kind_of
from engine.runtime.differentiating import Asked, Target, asked, prepared
from engine.runtime.layer import Layer
from engine.runtime.measures.statistics import hooked
from engine.runtime.register import Register
from engine.runtime.running import materialised
from engine.runtime.walking import leaves

if TYPE_CHECKING:
    from engine.expression import Evaluator

SIGNALS: Final = Register()
_WEIGHTED: Final = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.ConvTranspose1d,
                    nn.ConvTranspose2d)  # fmt: skip


@SIGNALS.lazy()
def gradient_norms(evaluator: Evaluator, call: ast.Call) -> tuple[float, ...]:
    """gradient_norms(loss, m, bias=True, training=False): each layer's gradient norm.

    The 2-norm of the loss's gradient with respect to all weights of a layer together, one number
    for each layer of the model m with weights, in the order of definition; bias=False leaves
    biases out. training=True runs m in training mode: batch statistics, dropout.
    The ratio of these norms is blind to vanishing signals: see `error_signals`.

    Example: gradient_norms(m(ones(2, 1)).sum(), m=initialised(Linear(1, 1), "zeros"), bias=False)
    -> (2.0,)
    """
    question, options = _arguments(evaluator, call, bias=True, training=False)
    with prepared(evaluator, question) as scope:
        layer = _model(scope.targets)
        groups = [_weights(leaf, bias=options["bias"]) for leaf, _ in leaves(materialised(layer))]
        wanted = [weight for group in groups for weight in group]
        with _mode(evaluator, call, layer, training=options["training"]):
            result = scope.number(question.expression)
            found = torch.autograd.grad(result, wanted, allow_unused=True) if wanted else ()
    if all(slope is None for slope in found):
        raise refused("gradient-independent", name=scope.text)
    slopes = dict(zip(map(id, wanted), found, strict=True))
    return tuple(_norm([slopes[id(weight)] for weight in group]) for group in groups if group)


@SIGNALS.lazy()
def error_signals(evaluator: Evaluator, call: ast.Call) -> tuple[float, ...]:
    """error_signals(loss, m, training=False): the norm of the error signal in every layer.

    The 2-norm, over the whole batch, of the loss's gradient with respect to the output of each
    linear or convolutional layer of m before its activation, in forward order. First over last
    well below 1: the signal vanishes; well above 1: it explodes. Unlike `gradient_norms` it does
    not hold the size of the activations, which may hide that.

    Source: delta in Rumelhart, Hinton and Williams 1986; Glorot and Bengio 2010
    Example: error_signals(m(ones(1, 1)).sum(),
    m=Repeat(3, initialised(Linear(1, 1), "constant", value=2.0))) -> (4.0, 2.0, 1.0)
    """
    question, options = _arguments(evaluator, call, training=False)
    signals: list[torch.Tensor] = []

    def see(_: nn.Module, __: Any, output: torch.Tensor) -> None:
        if output.requires_grad:
            signals.append(output)

    with prepared(evaluator, question) as scope:
        layer = _model(scope.targets)
        mode = _mode(evaluator, call, layer, training=options["training"])
        with mode, hooked(layer, _WEIGHTED, see):
            result = scope.number(question.expression)
            found = torch.autograd.grad(result, signals, allow_unused=True) if signals else ()
    if all(slope is None for slope in found):
        raise refused("gradient-independent", name=scope.text)
    return tuple(_norm([slope]) for slope in found)


def _arguments(
    evaluator: Evaluator, call: ast.Call, **options: bool
) -> tuple[Asked, dict[str, bool]]:
    """The loss, the model, and flags by keyword."""
    question = asked(call, "signal-arguments", *options)
    for name, node in question.options.items():
        value = evaluator.evaluate_node(node)
        if not isinstance(value, bool):
            raise refused("argument-flag", argument=name, got=kind_of(value),
                          column=node.col_offset + 1)  # fmt: skip
        options[name] = value
    return question, options


def _model(targets: list[Target]) -> Layer:
    if len(targets) != 1 or targets[0].layer is None:
        raise refused("argument-layer", argument="m", got=targets[0].text)
    return targets[0].layer


def _weights(layer: nn.Module, *, bias: bool) -> list[torch.Tensor]:
    return [weight for name, weight in layer.named_parameters()
            if weight.requires_grad and (bias or "bias" not in name)]  # fmt: skip


def _norm(slopes: list[torch.Tensor | None]) -> float:
    """The 2-norm of several gradients together; one that does not exist is 0."""
    return math.hypot(*(float(torch.linalg.vector_norm(slope.detach().double()))
                        for slope in slopes if slope is not None))  # fmt: skip


@contextmanager
def _mode(evaluator: Evaluator, call: ast.Call, layer: Layer, *, training: bool) -> Iterator[None]:
    """The model in training mode if asked; its running statistics are kept as they were."""
    if not training:
        yield
        return
    module = materialised(layer)
    kept = [(buffer, buffer.clone()) for buffer in module.buffers()]
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(evaluator.call_site(call).seed)
            yield from _in_training(module)
    finally:
        with torch.no_grad():
            for buffer, value in kept:
                buffer.copy_(value)


def _in_training(module: nn.Module) -> Iterator[None]:
    try:
        module.train()
        yield
    finally:
        module.eval()
