"""A model on the meta device in full: every module as torch runs it, without data.

Promise: the twin of a `Layer` lets elementwise layers and known shapes pass by rule, so that a
walk is fast; a ghost does not, so that torch's own graph and its backward pass can be asked. No
weight is allocated. Must not measure.
"""

from __future__ import annotations

import torch
from torch import nn

from engine.runtime.layer import Layer


def ghost(layer: Layer) -> nn.Module:
    """A new module on the meta device, in eval mode; shared parts are shared in it."""
    return _built(layer, {}).eval()


def _built(layer: Layer, made: dict[int, nn.Module]) -> nn.Module:
    if id(layer) not in made:
        parts = [_built(part, made) for part in layer.parts]
        with torch.device("meta"):
            module = layer.assemble(parts)
        made[id(layer)] = module if layer.dtype is None else module.to(layer.dtype)
    return made[id(layer)]


def sizes_only(x: torch.Tensor) -> bool:
    """Whether only sizes are asked for: without data, and nobody follows the graph backward."""
    return x.device.type == "meta" and not torch.is_grad_enabled()
