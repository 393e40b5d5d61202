"""Layers called on real tensors: seeded weights, sizes and work foreseen.

Promise: before a weight exists, the meta twin has told every intermediate's size and the work;
what is too large is refused. Must not train.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from engine import limits
from engine.refusal import Refused, over_limit, refused
from engine.runtime import device
from engine.runtime.arguments import check_elements, from_nested, kind_of
from engine.runtime.layer import Layer
from engine.runtime.survey import survey
from engine.runtime.torch_errors import translated


def run_layer(layer: Layer, args: Sequence[object]) -> Any:
    """The layer's output for real inputs, in eval mode."""
    if not args:
        raise refused("layer-without-input")
    inputs = tuple(_input(x) for x in args)
    walked = survey(layer, inputs, counted=True)
    for call in walked.calls:
        check_elements(call.output)
        _check_unfolded(call.module, call.output)
    if walked.macs > limits.MATMUL_MACS:
        raise over_limit("too-much-work", got=walked.macs, high=limits.MATMUL_MACS)
    module = materialised(layer)
    if isinstance(module, nn.MultiheadAttention) and len(inputs) == 1:
        inputs = inputs * 3
    try:
        return module(*inputs)
    except Refused:
        raise
    except (RuntimeError, ValueError, TypeError, IndexError, AssertionError) as error:
        raise translated(error, type(module).__name__) from error


def materialised(layer: Layer) -> nn.Module:
    """The layer with real weights on the job's device, unless they are too many."""
    if layer.parameters > limits.ELEMENTS:
        raise over_limit("too-many-weights", got=layer.parameters, high=limits.ELEMENTS)
    return layer.real(device.current())


def _input(value: object) -> torch.Tensor:
    if isinstance(value, torch.Tensor):
        return value
    if isinstance(value, (tuple, list)) and value:
        return from_nested(value, "input")
    raise refused("argument-tensor", argument="input", got=kind_of(value))


def _check_unfolded(module: nn.Module, output: tuple[int, ...]) -> None:
    """A convolution in float64 copies every patch it looks at."""
    if isinstance(module, (nn.Conv1d, nn.Conv2d, nn.Conv3d)):
        positions = math.prod(output[2:] if len(output) > len(module.kernel_size) + 1
                              else output[1:])  # fmt: skip
        patch = module.in_channels // module.groups * math.prod(module.kernel_size)
        if positions * patch > 2 * limits.ELEMENTS:
            raise over_limit("too-much-work", got=positions * patch, high=2 * limits.ELEMENTS)


def part_of(layer: Layer, index: object) -> Layer:
    """One layer of a Sequential, or a slice of it as a Sequential."""
    if not isinstance(layer.twin, nn.Sequential):
        raise refused("no-parts", value=layer.code[:60])
    if isinstance(index, slice):
        parts = layer.parts[index]
        code = f"nn.Sequential({', '.join(part.code for part in parts)})"
        return Layer(code, lambda modules: nn.Sequential(*modules), layer.seed, parts)
    if isinstance(index, bool) or not isinstance(index, int):
        raise refused("bad-index")
    if not -len(layer.parts) <= index < len(layer.parts):
        raise refused("index-out-of-range", index=index, dim=0, size=len(layer.parts))
    return layer.parts[index]
