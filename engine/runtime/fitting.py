"""What a layer needs of its input, checked before torch is asked.

Promise: torch's meta device words its complaints differently from the CPU, or computes with a
wrong input; these checks say the same everywhere, with both sizes. Must not run a layer.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import gt
from typing import Any, Final

import torch
from torch import nn

from engine.refusal import refused
from engine.runtime.arguments import dtype_name
from engine.runtime.layers.convolution import SameConv2d, spread
from engine.runtime.networks.lenet5 import Euclidean, PartialConv2d, TrainablePool2d

Fit = Callable[[Any, torch.Tensor], None]


def check_fit(module: nn.Module, inputs: tuple[object, ...]) -> None:
    """Refuse an input that `module` cannot take; kinds without a rule are left to torch."""
    x = inputs[0] if inputs else None
    if not isinstance(x, torch.Tensor):
        return
    _check_dtype(module, x)
    rule = _RULES.get(type(module))
    if rule is not None:
        rule(module, x)


def _check_dtype(module: nn.Module, x: torch.Tensor) -> None:
    weight = next(iter(module._parameters.values()), None)
    if weight is None or isinstance(module, nn.Embedding) or weight.dtype == x.dtype:
        return
    if not isinstance(module, (nn.LayerNorm, nn.GroupNorm, nn.BatchNorm1d, nn.BatchNorm2d)):
        raise refused("input-dtype", a=dtype_name(x.dtype), b=dtype_name(weight.dtype),
                      layer=_name(module))  # fmt: skip


def _name(module: nn.Module) -> str:
    return type(module).__name__


def _sides(x: torch.Tensor) -> tuple[int, ...]:
    return tuple(x.shape)


def _last(features: str) -> Fit:
    """The last axis has as many entries as the module's attribute says."""

    def rule(module: nn.Module, x: torch.Tensor) -> None:
        expected = getattr(module, features)
        if not x.dim() or x.shape[-1] != expected:
            raise refused("features-differ", layer=_name(module), expected=expected,
                          got=x.shape[-1] if x.dim() else 0, shape=_sides(x))  # fmt: skip

    return rule


def _check_axes(module: nn.Module, x: torch.Tensor, *allowed: int) -> None:
    if x.dim() not in allowed:
        raise refused("input-dimensions", layer=_name(module), shape=_sides(x),
                      expected=" / ".join(map(str, allowed)))  # fmt: skip


def _check_channels(module: nn.Module, x: torch.Tensor, dims: int, expected: int) -> None:
    _check_axes(module, x, dims + 1, dims + 2)
    got = x.shape[-dims - 1]
    if got != expected:
        raise refused("channels-differ", layer=_name(module), shape=_sides(x), got=got,
                      expected=expected)  # fmt: skip


def _convolution(module: nn.Conv2d, x: torch.Tensor) -> None:
    dims = len(module.kernel_size)
    _check_channels(module, x, dims, module.in_channels)
    if isinstance(module.padding, str) or isinstance(module, SameConv2d):
        margins = (0,) * dims if module.padding == "valid" else None
    else:
        margins = tuple(module.padding)
    if margins is not None:
        _check_window(module, x, module.kernel_size, module.dilation, margins)
        _check_margins(module.padding_mode, margins, x)


def _check_margins(mode: str, margins: tuple[int, ...], x: torch.Tensor) -> None:
    """What is mirrored or repeated around an input must lie in it."""
    if mode == "zeros":
        return
    for margin, side in zip(margins, x.shape[-len(margins) :], strict=True):
        high = side - 1 if mode == "reflect" else side
        if mode in ("reflect", "circular") and margin > high:
            raise refused("argument-range", argument="padding", got=margin, low=0, high=high)


def _check_window(
    module: nn.Module,
    x: torch.Tensor,
    kernel: tuple[int, ...],
    dilation: tuple[int, ...],
    margins: tuple[int, ...],
) -> None:
    sides = x.shape[-len(kernel) :]
    reach = tuple([(k - 1) * d + 1 for k, d in zip(kernel, dilation, strict=True)])
    padded = tuple([side + 2 * p for side, p in zip(sides, margins, strict=True)])
    if any(map(gt, reach, padded)):
        raise refused("kernel-larger-than-input", layer=_name(module), input=padded, kernel=reach)


def _transposed(module: nn.ConvTranspose2d, x: torch.Tensor) -> None:
    dims = len(module.kernel_size)
    _check_channels(module, x, dims, module.in_channels)
    sides = zip(x.shape[-dims:], module.stride, module.padding, module.dilation,
                module.kernel_size, module.output_padding, strict=True)  # fmt: skip
    if any((a - 1) * s - 2 * int(p) + d * (k - 1) + e + 1 < 1 for a, s, p, d, k, e in sides):
        raise refused("output-too-small", layer=_name(module))


def _pool(dims: int) -> Fit:
    def rule(module: Any, x: torch.Tensor) -> None:
        _check_axes(module, x, dims + 1, dims + 2)
        gaps = spread(getattr(module, "dilation", 1), dims)
        _check_window(module, x, spread(module.kernel_size, dims), gaps,
                      spread(module.padding, dims))  # fmt: skip

    return rule


def _adaptive(dims: int) -> Fit:
    def rule(module: nn.Module, x: torch.Tensor) -> None:
        _check_axes(module, x, dims + 1, dims + 2)
        if not all(x.shape[-dims:]):
            raise refused("output-too-small", layer=_name(module))

    return rule


def _batch_norm(*allowed: int) -> Fit:
    def rule(module: nn.BatchNorm2d, x: torch.Tensor) -> None:
        _check_axes(module, x, *allowed)
        if x.shape[1] != module.num_features:
            raise refused("channels-differ", layer=_name(module), shape=_sides(x),
                          got=x.shape[1], expected=module.num_features)  # fmt: skip

    return rule


def _group_norm(module: nn.GroupNorm, x: torch.Tensor) -> None:
    if x.dim() < 2:
        _check_axes(module, x, 2, 3, 4)
    if x.shape[1] != module.num_channels:
        raise refused("channels-differ", layer=_name(module), shape=_sides(x), got=x.shape[1],
                      expected=module.num_channels)  # fmt: skip


def _normalized(module: nn.LayerNorm, x: torch.Tensor) -> None:
    expected = tuple(module.normalized_shape)
    if tuple(x.shape[-len(expected) :]) != expected:
        raise refused("normalized-shape", layer=_name(module), shape=_sides(x), expected=expected)


def _recurrent(module: nn.LSTM, x: torch.Tensor) -> None:
    _check_axes(module, x, 2, 3)
    _last("input_size")(module, x)
    if not all(x.shape):
        raise refused("output-too-small", layer=_name(module))


def _attention(module: nn.MultiheadAttention, x: torch.Tensor) -> None:
    _check_axes(module, x, 2, 3)
    _last("embed_dim")(module, x)


def _embedding(_: nn.Embedding, x: torch.Tensor) -> None:
    if x.is_floating_point() or x.dtype is torch.bool:
        raise refused("embedding-dtype", a=dtype_name(x.dtype))


def _softmax(module: nn.Softmax, x: torch.Tensor) -> None:
    dim = module.dim
    if dim is not None and x.dim() and not -x.dim() <= dim < x.dim():
        raise refused("dim-out-of-range", low=-x.dim(), high=x.dim() - 1, got=dim)


def _prelu(module: nn.PReLU, x: torch.Tensor) -> None:
    channels = x.shape[1] if x.dim() > 1 else 1
    if module.num_parameters not in (1, channels):
        raise refused("channels-differ", layer=_name(module), shape=_sides(x), got=channels,
                      expected=module.num_parameters)  # fmt: skip


def _channelwise(channels: Callable[[Any], int]) -> Fit:
    def rule(module: nn.Module, x: torch.Tensor) -> None:
        _check_axes(module, x, 4)
        _check_channels(module, x, 2, channels(module))

    return rule


_RULES: Final[dict[type[nn.Module], Fit]] = {
    nn.Linear: _last("in_features"),
    nn.Conv1d: _convolution,
    nn.Conv2d: _convolution,
    nn.Conv3d: _convolution,
    SameConv2d: _convolution,
    nn.ConvTranspose1d: _transposed,
    nn.ConvTranspose2d: _transposed,
    nn.MaxPool1d: _pool(1),
    nn.MaxPool2d: _pool(2),
    nn.AvgPool1d: _pool(1),
    nn.AvgPool2d: _pool(2),
    nn.AdaptiveAvgPool1d: _adaptive(1),
    nn.AdaptiveAvgPool2d: _adaptive(2),
    nn.AdaptiveMaxPool2d: _adaptive(2),
    nn.BatchNorm1d: _batch_norm(2, 3),
    nn.BatchNorm2d: _batch_norm(4),
    nn.GroupNorm: _group_norm,
    nn.LayerNorm: _normalized,
    nn.RMSNorm: _normalized,
    nn.RNN: _recurrent,
    nn.LSTM: _recurrent,
    nn.GRU: _recurrent,
    nn.MultiheadAttention: _attention,
    nn.Embedding: _embedding,
    nn.PReLU: _prelu,
    nn.Softmax: _softmax,
    nn.LogSoftmax: _softmax,
    nn.Softmin: _softmax,
    PartialConv2d: _channelwise(lambda m: 1 + max(given for _, given in m.pairs)),
    TrainablePool2d: _channelwise(lambda m: m.bias.numel()),
    Euclidean: _last("in_features"),
}
