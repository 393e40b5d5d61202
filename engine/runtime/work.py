"""Work and shapes of single layers that need no walk through torch.

Promise: multiply-accumulates are those of `torch.utils.flop_counter`, by its own formulas where a
layer is listed here; any other layer is counted by `FlopCounterMode` itself, at four times the
cost. On the meta device torch computes some shapes in Python, a millisecond each; those that are
plain are told here. Must not run a model.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import torch
from torch import nn
from torch.utils.flop_counter import conv_flop_count

from engine.runtime.layer import Alike
from engine.runtime.layers.convolution import SameConv2d
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

Sizes = tuple[int, ...]

_CONVOLUTIONS: Final = (nn.Conv1d, nn.Conv2d, nn.Conv3d, SameConv2d)
_TRANSPOSED: Final = (nn.ConvTranspose1d, nn.ConvTranspose2d)
_RECURRENT: Final = (nn.RNN, nn.LSTM, nn.GRU)
_FREE: Final = (
    Alike, nn.Flatten, nn.Unflatten, nn.MaxPool1d, nn.MaxPool2d, nn.AvgPool1d, nn.AvgPool2d,
    nn.AdaptiveAvgPool1d, nn.AdaptiveAvgPool2d, nn.AdaptiveMaxPool2d, nn.BatchNorm1d,
    nn.BatchNorm2d, nn.GroupNorm, nn.LayerNorm, nn.RMSNorm, nn.PReLU, nn.Softmax, nn.LogSoftmax,
    nn.ZeroPad2d, nn.Embedding, nn.LocalResponseNorm, Step, ToTokens, FirstToken, LastStep,
    ClassToken, LearnedPositions, FirstSegment, WavePositions,
)  # fmt: skip
"""Layers for which torch counts nothing."""

COUNTED_BY_SHAPE: Final = frozenset(
    {nn.Linear, Attend, *_CONVOLUTIONS, *_TRANSPOSED, *_RECURRENT, *_FREE}
)
"""Exact kinds of leaf modules whose work follows from the shapes around them."""


def macs_by_shape(module: Any, inputs: tuple[Sizes, ...], output: Sizes) -> int:
    """What torch's counter finds for one call of a module of `COUNTED_BY_SHAPE`."""
    kind = type(module)
    if kind is nn.Linear:
        return math.prod(output) * int(module.in_features)
    if kind in _RECURRENT:
        weights = (weight.shape for weight in module.parameters())
        matrices: int = sum(math.prod(sides) for sides in weights if len(sides) == 2)
        return math.prod(inputs[0][:-1]) * matrices
    if kind is Attend:
        return 2 * math.prod(output) * inputs[1][1]
    if kind in _CONVOLUTIONS or kind in _TRANSPOSED:
        axes = len(module.kernel_size) + 2
        given, made = _batched(inputs[0], axes), _batched(output, axes)
        transposed = kind in _TRANSPOSED
        return conv_flop_count(given, list(module.weight.shape), made, transposed) // 2
    return 0


def _batched(sizes: Sizes, axes: int) -> list[int]:
    """A single example is a batch of one."""
    return [1, *sizes] if len(sizes) == axes - 1 else list(sizes)


def _unchanged(_: nn.Module, x: torch.Tensor) -> torch.Tensor:
    return x


def _linear(module: nn.Linear, x: torch.Tensor) -> torch.Tensor:
    return x.new_empty((*x.shape[:-1], module.out_features))


def _convolution(module: nn.Conv2d, x: torch.Tensor) -> torch.Tensor:
    axes = len(module.kernel_size)
    if isinstance(module.padding, str):
        return type(module).forward(module, x)
    sides = zip(x.shape[-axes:], module.kernel_size, module.stride, module.padding,
                module.dilation, strict=True)  # fmt: skip
    made = ((a + 2 * p - d * (k - 1) - 1) // s + 1 for a, k, s, p, d in sides)
    return x.new_empty((*x.shape[: -axes - 1], module.out_channels, *made))


_SHAPES: Final[dict[type[nn.Module], Callable[[Any, torch.Tensor], torch.Tensor]]] = {
    nn.Linear: _linear,
    nn.Conv1d: _convolution,
    nn.Conv2d: _convolution,
    nn.Conv3d: _convolution,
    nn.BatchNorm1d: _unchanged,
    nn.BatchNorm2d: _unchanged,
    nn.GroupNorm: _unchanged,
    nn.LayerNorm: _unchanged,
    nn.RMSNorm: _unchanged,
    nn.PReLU: _unchanged,
    nn.Softmax: _unchanged,
    nn.LogSoftmax: _unchanged,
    nn.LocalResponseNorm: _unchanged,
}


def shape_rule(twin: nn.Module) -> Callable[..., Any]:
    """What gives a meta twin's output: a rule for its shape, if there is one, else its own
    `forward`. Its input was checked."""
    rule = _SHAPES.get(type(twin))
    return twin.forward if rule is None else partial(rule, twin)
