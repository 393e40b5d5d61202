"""Work and shapes of single layers that need no walk through torch.

Promise: multiply-accumulates are those of `torch.utils.flop_counter`, by its own formulas where a
layer is listed here; any other layer is counted by `FlopCounterMode` itself, at four times the
cost. On the meta device torch computes some shapes in Python, a millisecond each; those that are
plain are told here. Must not run a model.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import torch
from torch import nn
from torch.utils.flop_counter import conv_flop_count

from engine.runtime.layer import Alike
from engine.runtime.layers.convolution import SameConv2d, spread
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
_META: Final = torch.device("meta")

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


def _without_data(x: torch.Tensor, sizes: Sequence[int]) -> torch.Tensor:
    """A meta tensor of those sizes and x's dtype: torch's own `new_empty` goes through Python on
    the meta device, in four times the time."""
    return torch.empty(sizes, dtype=x.dtype, device=_META)


def _linear(module: nn.Linear, x: torch.Tensor) -> torch.Tensor:
    return _without_data(x, (*x.shape[:-1], module.out_features))


def _convolution(module: nn.Conv2d, x: torch.Tensor) -> torch.Tensor:
    axes = len(module.kernel_size)
    if isinstance(module.padding, str):
        return _torch_says(module, x)
    sides = zip(x.shape[-axes:], module.kernel_size, module.stride, module.padding,
                module.dilation, strict=True)  # fmt: skip
    made = ((a + 2 * p - d * (k - 1) - 1) // s + 1 for a, k, s, p, d in sides)
    return _without_data(x, (*x.shape[: -axes - 1], module.out_channels, *made))


def _plain(x: torch.Tensor) -> bool:
    """Whether torch takes such an input for pooling without looking closer."""
    return x.is_floating_point() and 0 not in x.shape


def _torch_says(module: nn.Module, x: torch.Tensor) -> torch.Tensor:
    """What the module itself gives, past the rule that stands in its place."""
    output: torch.Tensor = type(module).forward(module, x)
    return output


def _window(axes: int) -> Callable[[Any, torch.Tensor], torch.Tensor]:
    def rule(module: Any, x: torch.Tensor) -> torch.Tensor:
        if not _plain(x):
            return _torch_says(module, x)
        kernel, padding = spread(module.kernel_size, axes), spread(module.padding, axes)
        stride, gaps = spread(module.stride, axes), spread(getattr(module, "dilation", 1), axes)
        sides = zip(x.shape[-axes:], kernel, stride, padding, gaps, strict=True)
        made = [_windows(module.ceil_mode, *side) for side in sides]
        return _without_data(x, (*x.shape[:-axes], *made))

    return rule


def _windows(ceil: bool, side: int, k: int, s: int, p: int, d: int) -> int:
    """Places of a window along an axis; rounded up, the last one begins in the input or in the
    padding before it."""
    room = side + 2 * p - d * (k - 1) - 1
    if not ceil:
        return room // s + 1
    count = -(-room // s) + 1
    return count - 1 if (count - 1) * s >= side + p else count


def _adaptive(axes: int) -> Callable[[Any, torch.Tensor], torch.Tensor]:
    def rule(module: Any, x: torch.Tensor) -> torch.Tensor:
        if not _plain(x):
            return _torch_says(module, x)
        wanted = module.output_size
        sides = wanted if isinstance(wanted, tuple) else (wanted,) * axes
        given = x.shape[-axes:]
        made = (b if a is None else a for a, b in zip(sides, given, strict=True))
        return _without_data(x, (*x.shape[:-axes], *made))

    return rule


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
    nn.MaxPool1d: _window(1),
    nn.MaxPool2d: _window(2),
    nn.AvgPool1d: _window(1),
    nn.AvgPool2d: _window(2),
    nn.AdaptiveAvgPool1d: _adaptive(1),
    nn.AdaptiveAvgPool2d: _adaptive(2),
    nn.AdaptiveMaxPool2d: _adaptive(2),
}


def shape_rule(twin: nn.Module) -> Callable[..., Any]:
    """What gives a meta twin's output: a rule for its shape, if there is one, else the `forward`
    of its kind. Its input was checked."""
    return partial(_SHAPES.get(type(twin), type(twin).forward), twin)
