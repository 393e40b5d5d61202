"""Exact counts per layer from its sizes: multiplications, additions, connections, neurons.

Promise: each formula is a pure function of a module and the shapes around it, entered for one
kind of module; a kind entered twice is an error. A kind without formula is refused, never
guessed. The whole input is counted, batch included. Must not run a model.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from torch import nn

from engine.refusal import refused
from engine.runtime.layer import Alike
from engine.runtime.layers.convolution import SameConv2d, spread
from engine.runtime.networks.lenet5 import Euclidean, PartialConv2d, TrainablePool2d
from engine.runtime.networks.pieces import (
    Attend,
    ClassToken,
    FirstSegment,
    FirstToken,
    LastStep,
    LearnedPositions,
    Step,
    ToTokens,
    WavePositions,
)
from engine.runtime.walking import Call, Survey


@dataclass(frozen=True)
class Counts:
    """One layer's work and wiring.

    `joins` are the additions that join products into sums, `biases` those of a bias. Products
    with zeros of a padding are counted. `connections` count each output's inputs and its bias.
    `neurons` are outputs that are computed anew; an activation function makes none.
    """

    multiplications: int = 0
    joins: int = 0
    biases: int = 0
    connections: int = 0
    neurons: int = 0


Formula = Callable[[Any, Call], Counts]
_FORMULAS: Final[dict[type[nn.Module], Formula]] = {}


def _counts(*kinds: type[nn.Module]) -> Callable[[Formula], Formula]:
    def enter(formula: Formula) -> Formula:
        for kind in kinds:
            if kind in _FORMULAS:
                raise ValueError(f"{kind.__name__} is entered twice")
            _FORMULAS[kind] = formula
        return formula

    return enter


def total(walked: Survey) -> Counts:
    """The sum over a model's layers."""
    every = [counts_of(call) for call in walked.calls]
    return Counts(
        sum(c.multiplications for c in every),
        sum(c.joins for c in every),
        sum(c.biases for c in every),
        sum(c.connections for c in every),
        sum(c.neurons for c in every),
    )


def counts_of(call: Call) -> Counts:
    """The counts of one layer."""
    formula = _FORMULAS.get(type(call.module))
    if formula is None:
        raise refused("layer-not-counted", layer=type(call.module).__name__)
    return formula(call.module, call)


def _weighted(outputs: int, products: int, bias: bool) -> Counts:
    """Outputs that are each a sum of so many products, and a bias."""
    extra = outputs if bias else 0
    return Counts(outputs * products, outputs * (products - 1), extra,
                  outputs * products + extra, outputs)  # fmt: skip


@_counts(nn.Linear)
def _linear(module: nn.Linear, call: Call) -> Counts:
    return _weighted(math.prod(call.output), module.in_features, module.bias is not None)


@_counts(nn.Conv1d, nn.Conv2d, nn.Conv3d, SameConv2d)
def _convolution(module: nn.Conv2d, call: Call) -> Counts:
    products = module.in_channels // module.groups * math.prod(module.kernel_size)
    return _weighted(math.prod(call.output), products, module.bias is not None)


@_counts(nn.ConvTranspose1d, nn.ConvTranspose2d)
def _transposed(module: nn.ConvTranspose2d, call: Call) -> Counts:
    """Every input pixel is multiplied with a whole kernel and added in; the products that a
    padding cuts away are counted as torch counts them."""
    reach = module.out_channels // module.groups * math.prod(module.kernel_size)
    products = math.prod(call.inputs[0]) * reach
    outputs = math.prod(call.output)
    biases = outputs if module.bias is not None else 0
    return Counts(products, max(0, products - outputs), biases, products + biases, outputs)


def _pooled(module: Any) -> int:
    dims = 1 if isinstance(module, (nn.MaxPool1d, nn.AvgPool1d)) else 2
    return math.prod(spread(module.kernel_size, dims))


@_counts(nn.MaxPool1d, nn.MaxPool2d)
def _max_pool(module: nn.MaxPool2d, call: Call) -> Counts:
    """Comparisons are neither multiplications nor additions."""
    outputs = math.prod(call.output)
    return Counts(connections=outputs * _pooled(module), neurons=outputs)


@_counts(nn.AvgPool1d, nn.AvgPool2d)
def _avg_pool(module: nn.AvgPool2d, call: Call) -> Counts:
    """k² - 1 additions and one division, counted as a multiplication, per output."""
    outputs, window = math.prod(call.output), _pooled(module)
    return Counts(outputs, outputs * (window - 1), 0, outputs * window, outputs)


@_counts(nn.AdaptiveAvgPool1d, nn.AdaptiveAvgPool2d, nn.AdaptiveMaxPool2d)
def _adaptive(module: nn.Module, call: Call) -> Counts:
    """Windows that share the input evenly; refused where they overlap."""
    outputs, inputs = math.prod(call.output), math.prod(call.inputs[0])
    sides = zip(call.inputs[0][2:], call.output[2:], strict=True)
    if any(a % b for a, b in sides):
        raise refused("layer-not-counted", layer=type(module).__name__)
    if isinstance(module, nn.AdaptiveMaxPool2d):
        return Counts(connections=inputs, neurons=outputs)
    return Counts(outputs, inputs - outputs, 0, inputs, outputs)


@_counts(TrainablePool2d)
def _trainable_pool(module: TrainablePool2d, call: Call) -> Counts:
    """LeNet-5: the window's sum times one coefficient plus one bias; k² + 1 connections."""
    outputs, window = math.prod(call.output), module.kernel_size**2
    return Counts(outputs, outputs * (window - 1), outputs, outputs * (window + 1), outputs)


@_counts(PartialConv2d)
def _partial(module: PartialConv2d, call: Call) -> Counts:
    """Each output map sees only some input maps."""
    height, width = call.output[-2:]
    outputs = math.prod(call.output)
    batch = outputs // (module.out_channels * height * width)
    pixels = batch * height * width
    products = pixels * len(module.pairs) * module.kernel_size**2
    return Counts(products, products - outputs, outputs, products + outputs, outputs)


@_counts(Euclidean)
def _euclidean(module: Euclidean, call: Call) -> Counts:
    """Squared distances: a subtraction, a square and an addition for each input and output."""
    outputs = math.prod(call.output)
    products = outputs * module.in_features
    return Counts(products, 2 * products - outputs, 0, products, outputs)


@_counts(nn.Embedding)
def _embedding(_: nn.Embedding, call: Call) -> Counts:
    """Rows are looked up, not computed."""
    return Counts(neurons=math.prod(call.output))


@_counts(Attend)
def _attend(module: Attend, call: Call) -> Counts:
    """Scores q k and mixtures of values; scaling, masks and softmax are not counted."""
    outputs, places = math.prod(call.output), call.inputs[1][1]
    scores = module.scores(call.inputs[0], call.inputs[1])
    products = 2 * outputs * places
    return Counts(products, products - scores - outputs, 0, products, scores + outputs)


_FREE: Final = (
    Alike, nn.Flatten, nn.Unflatten, nn.Identity, nn.Upsample, nn.PixelShuffle, nn.ZeroPad2d,
    nn.PReLU, nn.Softmax, nn.LogSoftmax, nn.Softmin, nn.BatchNorm1d, nn.BatchNorm2d,
    nn.InstanceNorm2d, nn.LayerNorm, nn.GroupNorm, nn.RMSNorm, nn.ReLU, nn.Dropout,
    nn.LocalResponseNorm, Step, ToTokens, FirstToken, LastStep, ClassToken, LearnedPositions,
    FirstSegment,
    WavePositions,
)  # fmt: skip
"""Activations, reshaping and normalisation: not counted, as torch's own counter leaves them out."""


@_counts(*_FREE)
def _free(_: nn.Module, __: Call) -> Counts:
    return Counts()


def real_products(walked: Survey) -> int:
    """Multiplications of the convolutions with real pixels only, zeros of the padding left out."""
    return sum(_real_products(call) for call in walked.calls)


def _real_products(call: Call) -> int:
    module = call.module
    if not isinstance(module, (nn.Conv1d, nn.Conv2d, nn.Conv3d)):
        return counts_of(call).multiplications
    dims = len(module.kernel_size)
    sides = call.inputs[0][-dims:]
    pairs = math.prod(
        _real_pairs(*axis)
        for axis in zip(sides, call.output[-dims:], module.kernel_size, module.stride,
                        module.dilation, _margins(module, sides), strict=True)
    )  # fmt: skip
    batch = math.prod(call.output[: -dims - 1])
    return batch * module.out_channels * (module.in_channels // module.groups) * pairs


def _real_pairs(side: int, outputs: int, k: int, s: int, d: int, margin: int) -> int:
    """Pairs of an output place and a kernel tap that lie on a pixel, along one axis."""
    return sum(
        0 <= place * s + tap * d - margin < side for place in range(outputs) for tap in range(k)
    )


def _margins(module: nn.Conv1d | nn.Conv2d | nn.Conv3d, sides: tuple[int, ...]) -> tuple[int, ...]:
    """Zeros in front of the input along each axis."""
    if isinstance(module, SameConv2d):
        left, _, top, _ = module.margins((sides[0], sides[1]))
        return top, left
    if module.padding == "valid":
        return (0,) * len(sides)
    if isinstance(module.padding, str):
        return tuple(d * (k - 1) // 2
                     for d, k in zip(module.dilation, module.kernel_size, strict=True))  # fmt: skip
    return tuple(module.padding)
