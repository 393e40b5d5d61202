"""What a measure takes as a model's input: a tensor, or only its shape.

Promise: a shape becomes a tensor without data. Must not measure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import torch

from engine.refusal import refused
from engine.runtime.arguments import kind_of, whole
from engine.runtime.layer import Layer
from engine.runtime.survey import _looks_up


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


def stand_ins(model: Layer, inputs: Sequence[torch.Tensor]) -> list[torch.Tensor]:
    """Tensors without data for a model's inputs; of indices where it looks them up."""
    indices = _looks_up(model) and any(x.device.type == "meta" for x in inputs)
    return [
        torch.empty(x.shape, dtype=torch.int64 if indices else x.dtype, device="meta")
        for x in inputs
    ]
