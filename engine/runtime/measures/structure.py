"""What a model is made of: parameters, buffers, layers, shapes.

Promise: measured on the meta twin in eval mode, so that no size costs memory. Only `weight_of`
and `bias_of` make real weights.
"""

from __future__ import annotations

from typing import Annotated, Final

import torch
from torch import nn

from engine.documented import Allowed
from engine.library import Group
from engine.refusal import refused
from engine.runtime.arguments import Model, Rule, text
from engine.runtime.layer import Layer
from engine.runtime.measures.inputs import Input
from engine.runtime.register import Register
from engine.runtime.running import materialised
from engine.runtime.survey import noticed, survey
from engine.runtime.walking import leaves

STRUCTURE: Final = Register()


@STRUCTURE.function(Group.MEASURE)
def parameters(m: Model) -> int:
    """How many numbers a model's parameters hold, trainable or not; shared ones once.

    Example: parameters(Conv2d(3, 64, 3)) -> 1792
    """
    noticed(m)
    return m.parameters


@STRUCTURE.function(Group.MEASURE)
def trainable(m: Model) -> int:
    """How many of the parameters training changes.

    Example: trainable(lenet5("paper")) -> 60000
    """
    noticed(m)
    return sum(p.numel() for p in m.twin.parameters() if p.requires_grad)


@STRUCTURE.function(Group.MEASURE)
def parameters_by_layer(m: Model, *x: Input) -> tuple[int, ...]:
    """The parameters of every layer that calls no other; their sum is parameters(m).

    In the order of definition; with an input x, one number for each call in forward order, as
    `shapes` and `macs_by_layer` have them. Shared weights count where they come first.
    Example: parameters_by_layer(Sequential(Linear(3, 4), ReLU(), Linear(4, 2))) -> (16, 0, 10)
    """
    noticed(m)
    modules = [call.module for call in survey(m, x, counted=False).calls] if x else [
        module for module, _ in leaves(m.twin)
    ]  # fmt: skip
    seen: set[int] = set()
    counts: list[int] = []
    for module in modules:
        fresh = [p for p in module.parameters() if id(p) not in seen]
        seen.update(map(id, fresh))
        counts.append(sum(p.numel() for p in fresh))
    return tuple(counts)


@STRUCTURE.function(Group.MEASURE)
def weight_count(m: Model) -> int:
    """How many parameters are no biases.

    Example: weight_count(Conv2d(3, 64, 3)) -> 1728
    """
    noticed(m)
    return sum(p.numel() for name, p in m.twin.named_parameters() if "bias" not in name)


@STRUCTURE.function(Group.MEASURE)
def bias_count(m: Model) -> int:
    """How many parameters are biases.

    Example: bias_count(Conv2d(3, 64, 3)) -> 64
    """
    noticed(m)
    return sum(p.numel() for name, p in m.twin.named_parameters() if "bias" in name)


@STRUCTURE.function(Group.MEASURE)
def buffers(m: Model) -> int:
    """How many numbers a model keeps that are no parameters: running means, counters.

    Example: buffers(BatchNorm2d(8)) -> 17
    """
    return sum(b.numel() for b in m.twin.buffers())


@STRUCTURE.function(Group.MEASURE)
def weight_shape(m: Model) -> tuple[int, ...]:
    """The shape of a layer's weight.

    Example: weight_shape(Conv2d(3, 64, 3)) -> (64, 3, 3, 3)
    """
    weight = getattr(m.twin, "weight", None)
    if not isinstance(weight, torch.Tensor):
        raise refused("layer-without-weight", layer=type(m.twin).__name__)
    return tuple(weight.shape)


@STRUCTURE.function(Group.MEASURE)
def layer_count(m: Model) -> int:
    """How many linear and convolutional layers a model has, as depths are usually counted.

    Example: layer_count(lenet5()) -> 5
    """
    noticed(m)
    kinds = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.ConvTranspose1d, nn.ConvTranspose2d)
    return sum(isinstance(module, kinds) for module in m.twin.modules())


@STRUCTURE.function(Group.MEASURE)
def output_shape(m: Model, x: Input, *more: Input) -> tuple[int, ...]:
    """The shape of m(x). Of several outputs the first: a recurrent layer's sequence.

    Example: output_shape(Conv2d(3, 64, 7, stride=2, padding=3), (1, 3, 224, 224))
    -> (1, 64, 112, 112)
    """
    return survey(m, (x, *more), counted=False).output


@STRUCTURE.function(Group.MEASURE)
def shapes(m: Model, x: Input) -> tuple[tuple[int, ...], ...]:
    """The shape after every layer, in forward order.

    Example: shapes(Sequential(Conv2d(1, 4, 5), MaxPool2d(2)), (1, 1, 32, 32))
    -> ((1, 4, 28, 28), (1, 4, 14, 14))
    """
    return tuple(call.output for call in survey(m, (x,), counted=False).calls)


def _place(value: object, argument: str) -> str:
    """A name; the place of a layer may also be its number."""
    return str(value) if type(value) is int else text(value, argument)


@STRUCTURE.function(Group.MEASURE)
def part(m: Model, name: Annotated[str, Rule(_place, Allowed("text"))]) -> Layer:
    """A named layer of a network, or one by its place: "0.1" is the second of the first.

    Example: parameters(part(lenet5(), "C3")) -> 2416
    """
    found = m
    for step in name.split("."):
        names = [key for key, _ in found.twin.named_children()]
        if step not in names or len(found.parts) != len(names):
            raise refused("part-unknown", argument="name", name=name[:40],
                          names=", ".join(names[:20]))  # fmt: skip
        found = found.parts[names.index(step)]
    return found


@STRUCTURE.function(Group.MEASURE)
def weight_of(m: Model) -> torch.Tensor:
    """A layer's weight, with the numbers its seed gives it.

    Example: weight_of(Linear(3, 2)).shape -> (2, 3)
    """
    return _own(m, "weight")


@STRUCTURE.function(Group.MEASURE)
def bias_of(m: Model) -> torch.Tensor:
    """A layer's bias, with the numbers its seed gives it.

    Example: bias_of(Linear(3, 2)).shape -> (2,)
    """
    return _own(m, "bias")


def _own(m: Layer, name: str) -> torch.Tensor:
    twin = getattr(m.twin, name, None)
    if not isinstance(twin, torch.Tensor):
        raise refused("layer-without-weight", layer=type(m.twin).__name__)
    real = getattr(materialised(m), name)
    assert isinstance(real, torch.Tensor)
    return real.detach()
