"""How a model's numbers hang together: neurons, connections, receptive fields.

Promise: measured on the meta twin, no weight is made. What is measured on an input counts the
whole input, batch included.
"""

from __future__ import annotations

from typing import Final

from engine.library import Group
from engine.runtime import counting, field
from engine.runtime.arguments import Flag, Model
from engine.runtime.measures.inputs import Input
from engine.runtime.register import Register
from engine.runtime.survey import noticed, survey

WIRING: Final = Register()


@WIRING.function(Group.MEASURE)
def activations(m: Model, x: Input) -> int:
    """Neurons: the outputs that x's way through the model computes anew.

    Convolutions, linear layers, pooling and embeddings; an activation function, dropout,
    normalisation or reshaping adds none.
    Example: activations(Sequential(Linear(784, 500), ReLU(), Linear(500, 10)), (1, 784)) -> 510
    """
    return counting.total(survey(m, (x,), counted=False)).neurons


@WIRING.function(Group.MEASURE)
def connections(m: Model, x: Input) -> int:
    """Connections: every output's inputs, and one for its bias.

    Example: connections(Conv2d(1, 6, 5), (1, 1, 32, 32)) -> 122304
    """
    return counting.total(survey(m, (x,), counted=False)).connections


def _one_or_all(sides: tuple[int, ...]) -> int | tuple[int, ...]:
    return sides[0] if len(set(sides)) == 1 else sides


@WIRING.function(Group.MEASURE)
def receptive_field(m: Model, features: Flag = False) -> int | tuple[int, ...]:
    """How many input pixels in a row one output sees: one number where all sides agree.

    Of paths side by side the widest counts, so zeros of a padding are pixels. With
    features=True a network is asked up to the first layer that sees everything: global pooling,
    flattening or a linear layer.
    Source: r = 1 + the sum of (k_i - 1) d_i s_1...s_(i-1) over the layers i
    Example: receptive_field(Sequential(Conv2d(1, 1, 3), MaxPool2d(2), Conv2d(1, 1, 3))) -> 8
    Example: receptive_field(resnet50(), features=True) -> 427
    """
    noticed(m)
    return _one_or_all(field.field_of(m.twin, up_to_everything=features).size)


@WIRING.function(Group.MEASURE)
def effective_stride(m: Model, features: Flag = False) -> int | tuple[int, ...]:
    """How many input pixels lie between the centres of neighbouring outputs.

    features=True as in `receptive_field`.
    Source: the product of the strides of the layers
    Example: effective_stride(Repeat(3, Conv2d(1, 1, 3, stride=2))) -> 8
    """
    noticed(m)
    return _one_or_all(field.field_of(m.twin, up_to_everything=features).stride)
