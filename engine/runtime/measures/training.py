"""What a training step costs: forward and backward, counted on the backward pass itself.

Promise: torch's own backward pass runs on the meta device, so no weight is made; a product for a
gradient that nobody needs, such as that of the first layer's input, is not counted. Must not
train.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from engine.library import Group
from engine.refusal import refused
from engine.runtime.arguments import Flag, Model, whole
from engine.runtime.ghosts import ghost
from engine.runtime.layer import Layer
from engine.runtime.measures.inputs import Input, stand_ins
from engine.runtime.register import Register
from engine.runtime.survey import survey

TRAINING: Final = Register()


@dataclass(frozen=True)
class Pass:
    """Multiply-accumulates of the way forward and of the way back."""

    forward: int
    backward: int


@TRAINING.function(Group.MEASURE)
def backward_macs(m: Model, x: Input, input_gradient: Flag = False) -> int:
    """Multiply-accumulates of the backward pass for the whole x, as macs() counts the forward.

    A layer's weight gradient costs as much as its forward pass, and so does its input gradient.
    The first layer needs no input gradient; input_gradient=True counts that too. Of a grouped
    convolution only products that exist count (torch's counter takes g times its weight's).
    Example: backward_macs(Sequential(Linear(784, 512), ReLU(), Linear(512, 10)), (1, 784))
    -> 411648
    """
    return passes(m, (x,), input_gradient=input_gradient).backward


@TRAINING.function(Group.MEASURE)
def training_macs(m: Model, x: Input, input_gradient: Flag = False) -> int:
    """Multiply-accumulates of one training step on x: forward plus backward, without the optimizer.

    Example: training_macs(Sequential(Linear(784, 512), ReLU(), Linear(512, 10)), (1, 784))
    -> 818176
    """
    done = passes(m, (x,), input_gradient=input_gradient)
    return done.forward + done.backward


@TRAINING.function(Group.MEASURE)
def training_ratio(m: Model, x: Input, input_gradient: Flag = False) -> float:
    """Forward plus backward over forward: nearly 3 in a deep network, 2 for a single layer.

    Example: training_ratio(Linear(784, 10), (1, 784)) -> 2.0
    Example: training_ratio(Linear(784, 10), (1, 784), input_gradient=True) -> 3.0
    """
    done = passes(m, (x,), input_gradient=input_gradient)
    if not done.forward:
        raise refused("nothing-counted")
    return (done.forward + done.backward) / done.forward


@TRAINING.function(Group.MEASURE, method=False)
def flops_6nd(n: object, tokens: object) -> int:
    """The rule of thumb 6 N D: FLOPs to train N parameters on D tokens; n a model or a number.

    2 N D forward and 4 N D backward. Attention's own products and the first layer's missing input
    gradient are neglected; `training_macs` counts exactly.
    Source: Kaplan et al., "Scaling laws for neural language models", 2020
    Example: flops_6nd(7 * 10**9, 10**12) -> 42000000000000000000000
    """
    count = n.parameters if isinstance(n, Layer) else whole(0, 10**18)(n, "n")
    seen = whole(0, 10**18)(tokens, "tokens")
    assert isinstance(count, int)
    assert isinstance(seen, int)
    return 6 * count * seen


def passes(model: Layer, inputs: Sequence[torch.Tensor], *, input_gradient: bool) -> Pass:
    """Both ways through a model.

    On the meta device torch takes a recurrent layer's steps one by one in Python. All steps but
    the first cost the same, so one and two steps tell the rest.
    """
    walked = survey(model, inputs, counted=True)
    ghosts = stand_ins(model, inputs)
    module = ghost(model)
    lengths = [_length(call.module, call.inputs[0]) for call in walked.calls
               if isinstance(call.module, nn.RNNBase)]  # fmt: skip
    backward = first = _back(module, ghosts, [1] * len(lengths), input_gradient)
    for place, length in enumerate(lengths):
        if length > 1:
            steps = [1] * len(lengths)
            steps[place] = 2
            backward += (length - 1) * (_back(module, ghosts, steps, input_gradient) - first)
    return Pass(walked.macs, backward)


def _back(
    module: nn.Module, inputs: Sequence[torch.Tensor], steps: list[int], input_gradient: bool
) -> int:
    """The products of the way back, recurrent layers taking so many steps each."""
    left = iter(steps)
    taken: list[tuple[int, int]] = []

    def entering(layer: nn.RNNBase, args: tuple[Any, ...]) -> tuple[Any, ...]:
        x, few = args[0], next(left)
        taken.append((few, _length(layer, tuple(x.shape))))
        return (x.narrow(_axis(layer, tuple(x.shape)), 0, few), *args[1:])

    def leaving(layer: nn.RNNBase, _: tuple[Any, ...], output: Any) -> Any:
        few, length = taken.pop()
        sequence, state = output
        axis = _axis(layer, tuple(sequence.shape))
        sides = list(sequence.shape)
        sides[axis] = length - few
        rest = sequence.narrow(axis, few - 1, 1).expand(sides)
        return torch.cat([sequence, rest], axis), state

    recurrent = [layer for layer in module.modules() if isinstance(layer, nn.RNNBase)]
    handles = [layer.register_forward_pre_hook(entering) for layer in recurrent]
    handles += [layer.register_forward_hook(leaving) for layer in recurrent]
    given = [x.requires_grad_() if input_gradient and x.is_floating_point() else x.detach()
             for x in inputs]  # fmt: skip
    try:
        with torch.enable_grad():
            output = _first(module(*_asked(module, given)))
            wanted: list[torch.Tensor] = [p for p in module.parameters() if p.requires_grad]
            wanted += [x for x in given if x.requires_grad]
            if not wanted or not output.requires_grad:
                return 0
            # torch's formula for a grouped convolution's weight gradient is g times too large.
            mapping = {torch.ops.aten.convolution_backward: _convolution_backward}
            with FlopCounterMode(display=False, custom_mapping=mapping) as counter:
                torch.autograd.grad(output, wanted, torch.empty_like(output), allow_unused=True)
            return int(counter.get_total_flops()) // 2
    finally:
        for handle in handles:
            handle.remove()


def _asked(module: nn.Module, inputs: list[torch.Tensor]) -> list[torch.Tensor]:
    """Attention called on one tensor attends to itself."""
    return inputs * 3 if isinstance(module, nn.MultiheadAttention) and len(inputs) == 1 else inputs


def _first(output: Any) -> torch.Tensor:
    while isinstance(output, (tuple, list)):
        output = output[0]
    assert isinstance(output, torch.Tensor)
    return output


def _axis(layer: nn.RNNBase, sides: tuple[int, ...]) -> int:
    return 1 if layer.batch_first and len(sides) == 3 else 0


def _length(layer: nn.RNNBase, sides: tuple[int, ...]) -> int:
    return sides[_axis(layer, sides)]


def _convolution_backward(
    slope: Sequence[int], x: Sequence[int], weight: Sequence[int], *rest: Any, **_: Any
) -> int:
    """Twice the forward products for each gradient that is asked for: input's and weight's."""
    transposed, mask = bool(rest[4]), rest[7]
    places = math.prod(x[2:] if transposed else slope[2:])
    products = int(x[0]) * places * math.prod(weight)
    return 2 * products * (int(mask[0]) + int(mask[1]))
