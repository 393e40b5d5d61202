"""Receptive fields: how far apart the pixels lie that one output can see.

Promise: counted from kernels, strides and dilations alone; a layer that sees everything is
refused. Must not run a model.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from torch import nn

from engine.refusal import refused
from engine.runtime.layer import Alike
from engine.runtime.layers.combining import Parallel, Residual
from engine.runtime.layers.convolution import SameConv2d, spread
from engine.runtime.networks.lenet5 import PartialConv2d, TrainablePool2d
from engine.runtime.networks.pieces import Gated, Skip, WithAuxiliary


@dataclass(frozen=True)
class Field:
    """Of one output: how many input pixels it spans, and how far the next output's lie off."""

    size: tuple[int, ...]
    stride: tuple[int, ...]

    def then(self, after: Field) -> Field:
        """This field, seen by a layer with the field `after`."""
        dims = max(len(self.size), len(after.size))
        size, stride = spread_field(self, dims)
        further, step = spread_field(after, dims)
        return Field(
            tuple(a + (b - 1) * s for a, b, s in zip(size, further, stride, strict=True)),
            tuple(a * b for a, b in zip(stride, step, strict=True)),
        )


_POINT: Final = Field((1,), (1,))
_POINTWISE: Final = (
    Alike, nn.Identity, nn.BatchNorm1d, nn.BatchNorm2d, nn.GroupNorm, nn.PReLU, nn.Softmax,
    nn.LogSoftmax, nn.Softmin, nn.InstanceNorm2d, nn.ZeroPad2d,
)  # fmt: skip


_EVERYTHING: Final = (
    nn.Linear, nn.Flatten, nn.AdaptiveAvgPool1d, nn.AdaptiveAvgPool2d, nn.AdaptiveMaxPool2d,
)  # fmt: skip
"""Where the features of a network end."""
_ENLARGING: Final = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.Upsample, nn.PixelShuffle, Skip)


def spread_field(field: Field, dims: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Size and stride for so many directions; one number counts for all."""
    if len(field.size) == dims:
        return field.size, field.stride
    if len(field.size) == 1:
        return field.size * dims, field.stride * dims
    raise refused("field-dimensions")


def field_of(module: nn.Module, *, up_to_everything: bool = False) -> Field:
    """The field of a module's output, or of what reaches its first layer that sees everything."""
    field = _POINT
    for part in _chain(module):
        if up_to_everything and field != _POINT and isinstance(part, _EVERYTHING):
            break
        field = field.then(_field(part))
    return field


def _chain(module: nn.Module) -> Iterator[nn.Module]:
    """The modules of nested Sequentials, one after the other."""
    if isinstance(module, nn.Sequential):
        for part in module:
            yield from _chain(part)
    else:
        yield module


def _field(module: nn.Module) -> Field:
    if isinstance(module, nn.Sequential):
        return field_of(module)
    if isinstance(module, WithAuxiliary):
        return field_of(module.stem).then(field_of(module.head))
    if isinstance(module, Gated):  # its gate sees everything, but only scales whole maps
        return _POINT
    if isinstance(module, Residual):
        paths = [module.body] if module.shortcut is None else [module.body, module.shortcut]
        return _widest([field_of(path) for path in paths] + ([_POINT] if len(paths) == 1 else []))
    if isinstance(module, Parallel):
        return _widest([field_of(branch) for branch in module.branches])
    if isinstance(module, _POINTWISE):
        return _POINT
    return _window(module)


def _window(module: nn.Module) -> Field:
    if isinstance(module, (nn.Conv1d, nn.Conv2d, nn.Conv3d, SameConv2d)):
        kernel, stride, gap = module.kernel_size, module.stride, module.dilation
    elif isinstance(module, (nn.MaxPool1d, nn.MaxPool2d)):
        dims = 1 if isinstance(module, nn.MaxPool1d) else 2
        kernel, stride = spread(module.kernel_size, dims), spread(module.stride, dims)
        gap = spread(module.dilation, dims)
    elif isinstance(module, (nn.AvgPool1d, nn.AvgPool2d)):
        dims = 1 if isinstance(module, nn.AvgPool1d) else 2
        kernel, stride = spread(module.kernel_size, dims), spread(module.stride, dims)
        gap = (1,) * dims
    elif isinstance(module, (TrainablePool2d, PartialConv2d)):
        kernel = (module.kernel_size,) * 2
        stride = kernel if isinstance(module, TrainablePool2d) else (1, 1)
        gap = (1, 1)
    elif isinstance(module, _ENLARGING):
        raise refused("field-enlarged", layer=type(module).__name__)
    else:
        raise refused("field-everything", layer=type(module).__name__)
    return Field(tuple((k - 1) * d + 1 for k, d in zip(kernel, gap, strict=True)), tuple(stride))


def _widest(fields: list[Field]) -> Field:
    dims = max(len(field.size) for field in fields)
    spread_out = [spread_field(field, dims) for field in fields]
    strides = {stride for _, stride in spread_out}
    if len(strides) > 1:
        raise refused("field-strides")
    return Field(tuple(max(sides) for sides in zip(*(size for size, _ in spread_out), strict=True)),
                 strides.pop())  # fmt: skip
