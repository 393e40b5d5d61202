"""Values that leave the worker: plain data made of tensors, layers and tuples.

Promise: what is returned holds no tensor and at most the elements a limit allows, counted
before anything is copied. Must not compute anything new.
"""

from __future__ import annotations

import math
from typing import Final

import torch

from engine import limits
from engine.refusal import over_limit, refused
from engine.runtime.arguments import dtype_name
from engine.runtime.layer import Layer
from engine.runtime.optimizers.specs import Optimizer, Schedule
from engine.runtime.training.data import Data
from engine.runtime.training.run import Run
from engine.values import (
    Bars,
    Curves,
    DtypeValue,
    Heat,
    LayerValue,
    Plain,
    TensorValue,
    Value,
    Windows,
)

_SHOWN_ELEMENTS: Final = 1_000
"""Elements of a tensor in a trace; of a larger one only dtype and shape are told."""


def plain(value: object) -> Value:
    """The value as data; refused where it is too large to return."""
    if value is None or isinstance(value, (bool, int, float, str, DtypeValue)):
        return value
    if isinstance(value, (Curves, Bars, Heat, Windows)):
        return value
    if isinstance(value, torch.Tensor):
        return _tensor(value)
    if isinstance(value, Layer):
        return LayerValue(value.code)
    if isinstance(value, (Optimizer, Schedule, Data)):
        return value.code
    if isinstance(value, Run):
        return value.value()
    if isinstance(value, (tuple, list)):
        _check_together(value)
        return tuple(plain(part) for part in value)
    raise refused("not-plain", value="@value")


def bounded(value: Value) -> Value:
    """The value as a trace shows it: a large tensor without its numbers (`data` is None)."""
    if isinstance(value, TensorValue) and math.prod(value.shape) > _SHOWN_ELEMENTS:
        return TensorValue(value.dtype, value.shape, None)
    if isinstance(value, tuple):
        return tuple(bounded(part) for part in value[:_SHOWN_ELEMENTS])
    return value


def traced(value: object) -> Value:
    """A value for a trace, however large it is."""
    if isinstance(value, torch.Tensor) and value.numel() > _SHOWN_ELEMENTS:
        return TensorValue(dtype_name(value.dtype), tuple(value.shape), None)
    if isinstance(value, (tuple, list)):
        return tuple(traced(part) for part in value[:_SHOWN_ELEMENTS])
    return bounded(plain(value))


def _returned_elements(value: object) -> int:
    if isinstance(value, torch.Tensor):
        return math.prod(max(1, side) for side in value.shape)
    if isinstance(value, (tuple, list)):
        return sum(_returned_elements(part) for part in value)
    return 1


def _check_together(value: object) -> None:
    elements = _returned_elements(value)
    if elements > limits.RETURNED_ELEMENTS:
        raise over_limit("result-too-large", got=elements, high=limits.RETURNED_ELEMENTS)


def _tensor(x: torch.Tensor) -> TensorValue:
    _check_together(x)
    if x.device.type == "meta":
        raise refused("tensor-without-values")
    return TensorValue(dtype_name(x.dtype), tuple(x.shape), _nested(x.detach().cpu().tolist()))


def _nested(data: object) -> Plain:
    if isinstance(data, list):
        return tuple(_nested(part) for part in data)
    return data  # type: ignore[return-value]
