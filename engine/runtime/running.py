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
from engine.runtime.arguments import from_nested, kind_of
from engine.runtime.foresight import check_copies, check_elements, check_work
from engine.runtime.layer import Layer
from engine.runtime.networks.pieces import Attend
from engine.runtime.survey import survey
from engine.runtime.torch_errors import translated
from engine.runtime.walking import Call


def run_layer(layer: Layer, args: Sequence[object]) -> Any:
    """The layer's output for real inputs, in eval mode."""
    if not args:
        raise refused("layer-without-input")
    inputs = tuple(_input(x) for x in args)
    walked = survey(layer, inputs, counted=True)
    for call in walked.calls:
        check_elements(call.output)
        check_copies(_copies(call))
    check_work(walked.macs)
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


def _copies(call: Call) -> int:
    """Elements that torch makes inside a layer: patches, gates, attention weights."""
    module = call.module
    if isinstance(module, (nn.Conv1d, nn.Conv2d, nn.Conv3d)):
        positions = math.prod(call.output[-len(module.kernel_size) :])
        return positions * (module.in_channels // module.groups) * math.prod(module.kernel_size)
    if isinstance(module, (nn.ConvTranspose1d, nn.ConvTranspose2d)):
        positions = math.prod(call.inputs[0][-len(module.kernel_size) :])
        return positions * module.out_channels * math.prod(module.kernel_size)
    if isinstance(module, (nn.RNN, nn.LSTM, nn.GRU)):
        return 4 * math.prod(call.output)
    if isinstance(module, nn.MultiheadAttention):
        asked, given = call.inputs[0], call.inputs[1 if len(call.inputs) > 1 else 0]
        width = int(module.embed_dim)
        rows = math.prod(asked) // width
        steps = given[1 if module.batch_first and len(given) == 3 else 0]
        return rows * steps * int(module.num_heads)
    if isinstance(module, Attend):
        return module.scores(call.inputs[0], call.inputs[1])
    return 0


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
