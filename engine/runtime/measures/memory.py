"""Bytes: of weights, gradients, optimizer state, activations and caches.

Promise: computed from sizes alone, nothing is allocated. Bytes are bytes; a KiB is 1,024 of them.
Memory that a library keeps for itself (workspaces, fragments) is not counted.
"""

from __future__ import annotations

import math
from typing import Annotated, Final

import torch
from torch import nn

from engine.library import Group
from engine.refusal import refused
from engine.runtime.arguments import Dtype, Flag, Model, Positive, kind_of, whole, words
from engine.runtime.ghosts import ghost
from engine.runtime.layer import Layer
from engine.runtime.measures.inputs import Input, stand_ins
from engine.runtime.register import Register
from engine.runtime.survey import noticed, survey

MEMORY: Final = Register()

_STATE: Final = {
    "SGD": 0, "momentum": 1, "Nesterov": 1, "Adagrad": 1, "RMSprop": 1, "Adadelta": 2, "Adam": 2,
    "AdamW": 2, "Adamax": 2, "NAdam": 2, "RAdam": 2, "AMSGrad": 3,
}  # fmt: skip
"""Numbers that torch's optimizer keeps for each parameter; its step counter is left out."""
Optimizer = Annotated[str, words(*_STATE)]
_COUNT: Final = whole(0, 10**15)
Part = Annotated[str, words("total", "weights", "gradients", "master", "state")]


def _count(value: object, *, only_trainable: bool = False) -> int:
    if isinstance(value, Layer):
        noticed(value)
        return sum(p.numel() for p in value.twin.parameters()
                   if p.requires_grad or not only_trainable)  # fmt: skip
    if isinstance(value, int) and not isinstance(value, bool):
        return _COUNT(value, "m")  # type: ignore[return-value]
    raise refused("argument-layer-or-tensor", argument="m", got=kind_of(value))


def _dtype_of(value: object) -> torch.dtype:
    if isinstance(value, Layer):
        return next((p.dtype for p in value.twin.parameters()), torch.float32)
    return torch.float32


@MEMORY.function(Group.MEASURE)
def memory(x: object, dtype: Dtype | None = None) -> int:
    """Bytes of a model's parameters, of a tensor's elements, or of so many numbers.

    In another dtype if given; plain numbers are float32.
    Example: memory(Linear(3, 2)) -> 32
    Example: memory(7 * 10**9, dtype=float16) -> 14000000000
    """
    if isinstance(x, Layer):
        noticed(x)
        return sum(p.numel() * (dtype or p.dtype).itemsize for p in x.twin.parameters())
    if isinstance(x, torch.Tensor):
        return x.numel() * (dtype or x.dtype).itemsize
    if isinstance(x, int) and not isinstance(x, bool) and x >= 0:
        return x * (dtype or torch.float32).itemsize
    raise refused("argument-layer-or-tensor", argument="x", got=kind_of(x))


@MEMORY.function(Group.MEASURE)
def gradient_memory(m: object, dtype: Dtype | None = None) -> int:
    """Bytes of the gradients: one number for each trainable parameter, in the weights' dtype.

    m is a model or a number of parameters.
    Example: gradient_memory(Linear(3, 2)) -> 32
    """
    return _count(m, only_trainable=True) * (dtype or _dtype_of(m)).itemsize


@MEMORY.function(Group.MEASURE)
def optimizer_memory(m: object, optimizer: Optimizer = "Adam", dtype: Dtype | None = None) -> int:
    """Bytes of what an optimizer keeps: numbers for each trainable parameter, in its dtype.

    0 for SGD; 1 for momentum, Nesterov, Adagrad, RMSprop; 2 for Adam, AdamW, Adamax, NAdam, RAdam,
    Adadelta; 3 for AMSGrad. Step counters are left out. m is a model or a number of parameters.
    Source: the state of torch.optim's classes
    Example: optimizer_memory(Linear(3, 2), "Adam") -> 64
    """
    trained = _count(m, only_trainable=True)
    return trained * _STATE[optimizer] * (dtype or _dtype_of(m)).itemsize


@MEMORY.function(Group.MEASURE)
def training_memory(
    m: object,
    optimizer: Optimizer = "Adam",
    dtype: Dtype | None = None,
    mixed: Flag = False,
    part: Part = "total",
) -> int:
    """Bytes of weights, gradients and optimizer state together; activations come on top.

    With mixed=True, weights and gradients are in `dtype` (float16 unless told), and the optimizer
    keeps its state and a master copy of the weights in float32: 16 bytes a parameter for Adam.
    part="weights", "gradients", "master" or "state" gives one of the terms. m is a model or a
    number of parameters.
    Source: Micikevicius et al., "Mixed precision training", 2018; Rajbhandari et al., "ZeRO", 2020
    Example: training_memory(10**9, "Adam") -> 16000000000
    Example: training_memory(10**9, "Adam", mixed=True, part="master") -> 4000000000
    """
    used = dtype or (torch.float16 if mixed else _dtype_of(m))
    kept = torch.float32 if mixed else used
    trained = _count(m, only_trainable=True)
    terms = {
        "weights": _count(m) * used.itemsize,
        "gradients": trained * used.itemsize,
        "master": trained * kept.itemsize if mixed else 0,
        "state": trained * _STATE[optimizer] * kept.itemsize,
    }
    return sum(terms.values()) if part == "total" else terms[part]


@MEMORY.function(Group.MEASURE)
def activation_memory(m: Model, x: Input, dtype: Dtype | None = None) -> int:
    """Bytes of every layer's output for the whole x, activation functions and norms included.

    In the model's dtype unless told; the input itself is not counted. What torch really keeps for
    the backward pass is `saved_memory`.
    Example: activation_memory(Sequential(Linear(784, 500), ReLU(), Linear(500, 10)), (1, 784))
    -> 4040
    """
    size = (dtype or _dtype_of(m)).itemsize
    return sum(math.prod(call.output) for call in survey(m, (x,), counted=False).calls) * size


@MEMORY.function(Group.MEASURE)
def saved_memory(m: Model, x: Input, dtype: Dtype | None = None) -> int:
    """Bytes that torch keeps for the backward pass beside the parameters, in training mode.

    Each tensor once: a layer's input, a max pooling's places (int64), a mask. Counted on torch's
    own graph, for the whole x, the input included where it is kept.
    Example: saved_memory(Sequential(Linear(784, 500), ReLU(), Linear(500, 10)), (1, 784)) -> 5136
    """
    survey(m, (x,), counted=False)
    module = ghost(m).train()
    if any(isinstance(layer, nn.RNNBase) for layer in module.modules()):
        raise refused("layer-not-kept", layer="RNN, LSTM, GRU")
    (stand,) = stand_ins(m, (x,))
    if dtype is not None and dtype.is_floating_point:
        module = module.to(dtype)
        stand = stand.to(dtype) if stand.is_floating_point() else stand
    own = {_storage(p) for p in module.parameters()}
    kept: dict[int, torch.UntypedStorage] = {}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        if _storage(tensor) not in own:
            kept[_storage(tensor)] = tensor.untyped_storage()
        return tensor

    inputs = (stand,) * (3 if isinstance(module, nn.MultiheadAttention) else 1)
    with torch.enable_grad(), torch.autograd.graph.saved_tensors_hooks(keep, lambda x: x):
        output = module(*inputs)  # held, so that no storage's place is used again
    del output
    return sum(storage.nbytes() for storage in kept.values())


def _storage(tensor: torch.Tensor) -> int:
    return int(tensor.untyped_storage()._cdata)


@MEMORY.function(Group.MEASURE, method=False)
def kv_cache(
    layers: Positive,
    kv_heads: Positive,
    head_dim: Positive,
    length: Positive,
    batch: Positive = 1,
    dtype: Dtype | None = None,
) -> int:
    """Bytes of the keys and values that a decoder keeps of what it has read.

    2 x layers x kv_heads x head_dim x length x batch numbers; kv_heads equals the heads in plain
    multi-head attention and is 1 in multi-query attention. In float16 unless told.
    Source: Shazeer, "Fast transformer decoding", 2019; Ainslie et al., "GQA", 2023
    Example: kv_cache(32, 32, 128, 4096) -> 2147483648
    Example: kv_cache(32, 8, 128, 4096) -> 536870912
    """
    size = 2 if dtype is None else dtype.itemsize
    return 2 * layers * kv_heads * head_dim * length * batch * size
