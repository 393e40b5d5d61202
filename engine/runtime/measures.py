"""Measures of models: parameters, shapes, work, wiring, memory.

Promise: structure is measured on the meta twin in eval mode, so that no size costs memory; what
is measured on an input counts the whole input, batch included. An input is a tensor or only its
shape. Only `weight_of` and `bias_of` make real weights.
"""

from __future__ import annotations

from typing import Annotated, Final

import torch
from torch import nn

from engine.library import Group
from engine.refusal import refused
from engine.runtime import counting, field
from engine.runtime.arguments import Dtype, Flag, Model, kind_of, whole
from engine.runtime.layer import Layer
from engine.runtime.register import Register
from engine.runtime.running import materialised
from engine.runtime.survey import noticed, survey

MEASURES: Final = Register()


def _input(value: object, argument: str) -> torch.Tensor:
    if isinstance(value, torch.Tensor):
        return value
    if isinstance(value, (tuple, list)) and value:
        check = whole(0, 10**13)
        sides = [check(side, argument) for side in value]
        return torch.empty(sides, device="meta")  # type: ignore[arg-type]
    raise refused("argument-input", argument=argument, got=kind_of(value))


Input = Annotated[torch.Tensor, _input]
"""A tensor, or a shape: `zeros(1, 3, 32, 32)` or `(1, 3, 32, 32)`."""


@MEASURES.function(Group.MEASURE)
def parameters(m: Model) -> int:
    """How many numbers a model's parameters hold, trainable or not; shared ones once."""
    noticed(m)
    return m.parameters


@MEASURES.function(Group.MEASURE)
def trainable(m: Model) -> int:
    """How many of the parameters training changes."""
    noticed(m)
    return sum(p.numel() for p in m.twin.parameters() if p.requires_grad)


@MEASURES.function(Group.MEASURE)
def weight_count(m: Model) -> int:
    """How many parameters are no biases."""
    noticed(m)
    return sum(p.numel() for name, p in m.twin.named_parameters() if "bias" not in name)


@MEASURES.function(Group.MEASURE)
def bias_count(m: Model) -> int:
    """How many parameters are biases."""
    noticed(m)
    return sum(p.numel() for name, p in m.twin.named_parameters() if "bias" in name)


@MEASURES.function(Group.MEASURE)
def buffers(m: Model) -> int:
    """How many numbers a model keeps that are no parameters: running means, counters."""
    return sum(b.numel() for b in m.twin.buffers())


@MEASURES.function(Group.MEASURE)
def weight_shape(m: Model) -> tuple[int, ...]:
    """The shape of a layer's weight: (64, 3, 3, 3) for Conv2d(3, 64, 3)."""
    weight = getattr(m.twin, "weight", None)
    if not isinstance(weight, torch.Tensor):
        raise refused("layer-without-weight", layer=type(m.twin).__name__)
    return tuple(weight.shape)


@MEASURES.function(Group.MEASURE)
def layer_count(m: Model) -> int:
    """How many layers with a weight a model has, as depths are usually counted."""
    noticed(m)
    kinds = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.ConvTranspose1d, nn.ConvTranspose2d)
    return sum(isinstance(module, kinds) for module in m.twin.modules())


@MEASURES.function(Group.MEASURE)
def output_shape(m: Model, x: Input, *more: Input) -> tuple[int, ...]:
    """The shape of m(x). Of several outputs the first: a recurrent layer's sequence."""
    return survey(m, (x, *more), counted=False).output


@MEASURES.function(Group.MEASURE)
def shapes(m: Model, x: Input) -> tuple[tuple[int, ...], ...]:
    """The shape after every layer, in forward order."""
    return tuple(call.output for call in survey(m, (x,), counted=False).calls)


@MEASURES.function(Group.MEASURE)
def macs(m: Model, x: Input, *more: Input) -> int:
    """Multiply-accumulates for the whole x, as torch counts them: half its FlopCounterMode's total.

    Convolutions, linear and recurrent layers and attention; no bias, activation, normalisation
    or pooling.
    """
    return survey(m, (x, *more), counted=True).macs


@MEASURES.function(Group.MEASURE)
def flops(m: Model, x: Input, *more: Input) -> int:
    """Floating point operations for the whole x: two for each multiply-accumulate."""
    return 2 * survey(m, (x, *more), counted=True).macs


@MEASURES.function(Group.MEASURE)
def multiplications(m: Model, x: Input, padding: Flag = True) -> int:
    """Exact multiplications for the whole x.

    With padding=False, products with the zeros of a convolution's padding are left out.
    """
    walked = survey(m, (x,), counted=False)
    return counting.total(walked).multiplications if padding else counting.real_products(walked)


@MEASURES.function(Group.MEASURE)
def additions(m: Model, x: Input, bias: Flag = True) -> int:
    """Exact additions for the whole x: n products need n - 1, and one more for a bias.

    With bias=False the additions of biases are left out.
    """
    counts = counting.total(survey(m, (x,), counted=False))
    return counts.joins + (counts.biases if bias else 0)


@MEASURES.function(Group.MEASURE)
def operations(m: Model, x: Input, bias: Flag = True) -> int:
    """Exact multiplications plus additions for the whole x; bias=False leaves out a bias's.

    A convolution with bias has exactly 2 macs; without, fewer: a 3x3x3 kernel has 27
    multiplications and 26 additions per output. Activations, normalisation and the sum of a
    Residual are not counted, as in torch's counter.
    """
    counts = counting.total(survey(m, (x,), counted=False))
    return counts.multiplications + counts.joins + (counts.biases if bias else 0)


@MEASURES.function(Group.MEASURE)
def activations(m: Model, x: Input) -> int:
    """Neurons: the outputs that x's way through the model computes anew.

    Convolutions, linear layers, pooling and embeddings; an activation function, dropout,
    normalisation or reshaping adds none.
    """
    return counting.total(survey(m, (x,), counted=False)).neurons


@MEASURES.function(Group.MEASURE)
def connections(m: Model, x: Input) -> int:
    """Connections: every output's inputs, and one for its bias."""
    return counting.total(survey(m, (x,), counted=False)).connections


def _one_or_all(sides: tuple[int, ...]) -> int | tuple[int, ...]:
    return sides[0] if len(set(sides)) == 1 else sides


@MEASURES.function(Group.MEASURE)
def receptive_field(m: Model) -> int | tuple[int, ...]:
    """How many input pixels in a row one output sees: one number where all sides agree."""
    noticed(m)
    return _one_or_all(field.field_of(m.twin).size)


@MEASURES.function(Group.MEASURE)
def effective_stride(m: Model) -> int | tuple[int, ...]:
    """How many input pixels lie between the centres of neighbouring outputs."""
    noticed(m)
    return _one_or_all(field.field_of(m.twin).stride)


@MEASURES.function(Group.MEASURE)
def memory(x: object, dtype: Dtype | None = None) -> int:
    """Bytes of a model's parameters or of a tensor's elements; in another dtype if given."""
    if isinstance(x, Layer):
        noticed(x)
        return sum(p.numel() * (dtype or p.dtype).itemsize for p in x.twin.parameters())
    if isinstance(x, torch.Tensor):
        return x.numel() * (dtype or x.dtype).itemsize
    if isinstance(x, int) and not isinstance(x, bool) and x >= 0:
        return x * (dtype or torch.float32).itemsize
    raise refused("argument-layer-or-tensor", argument="x", got=kind_of(x))


@MEASURES.function(Group.MEASURE)
def part(m: Model, name: str) -> Layer:
    """A named layer of a network: `part(lenet5(), "C3")`; or by its place: "0.1"."""
    found = m
    for step in str(name).split("."):
        names = [key for key, _ in found.twin.named_children()]
        if step not in names or len(found.parts) != len(names):
            raise refused("part-unknown", argument="name", name=str(name)[:40],
                          names=", ".join(names[:20]))  # fmt: skip
        found = found.parts[names.index(step)]
    return found


@MEASURES.function(Group.MEASURE)
def weight_of(m: Model) -> torch.Tensor:
    """A layer's weight, with the numbers its seed gives it."""
    return _own(m, "weight")


@MEASURES.function(Group.MEASURE)
def bias_of(m: Model) -> torch.Tensor:
    """A layer's bias, with the numbers its seed gives it."""
    return _own(m, "bias")


def _own(m: Layer, name: str) -> torch.Tensor:
    twin = getattr(m.twin, name, None)
    if not isinstance(twin, torch.Tensor):
        raise refused("layer-without-weight", layer=type(m.twin).__name__)
    real = getattr(materialised(m), name)
    assert isinstance(real, torch.Tensor)
    return real.detach()
