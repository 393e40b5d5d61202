"""How much a model computes for an input: multiply-accumulates, operations, intensity.

Promise: measured on the meta twin, no weight is made; the whole input counts, batch included.
"""

from __future__ import annotations

import math
from typing import Final

import torch

from engine.library import Group
from engine.refusal import refused
from engine.runtime import counting
from engine.runtime.arguments import Dtype, Flag, Model, Positive
from engine.runtime.layer import Layer
from engine.runtime.measures.inputs import Input
from engine.runtime.register import Register
from engine.runtime.survey import survey

WORK: Final = Register()


@WORK.function(Group.MEASURE)
def macs(m: Model, x: Input, *more: Input) -> int:
    """Multiply-accumulates for the whole x, as torch counts them: half its FlopCounterMode's total.

    Convolutions, linear and recurrent layers and attention; no bias, activation, normalisation
    or pooling.
    Example: macs(Conv2d(3, 64, 3, padding=1), (1, 3, 224, 224)) -> 86704128
    """
    return survey(m, (x, *more), counted=True).macs


@WORK.function(Group.MEASURE)
def macs_by_layer(m: Model, x: Input, *more: Input) -> tuple[int, ...]:
    """The multiply-accumulates of every layer, in forward order; their sum is macs(m, x).

    Example: macs_by_layer(Sequential(Linear(784, 500), ReLU(), Linear(500, 10)), (1, 784))
    -> (392000, 0, 5000)
    """
    return tuple(call.macs for call in survey(m, (x, *more), counted=True).calls)


@WORK.function(Group.MEASURE)
def flops(m: Model, x: Input, *more: Input) -> int:
    """Floating point operations for the whole x: two for each multiply-accumulate.

    Example: flops(Conv2d(3, 64, 3, padding=1), (1, 3, 224, 224)) -> 173408256
    """
    return 2 * survey(m, (x, *more), counted=True).macs


@WORK.function(Group.MEASURE)
def multiplications(m: Model, x: Input, padding: Flag = True) -> int:
    """Exact multiplications for the whole x.

    With padding=False, products with the zeros of a convolution's padding are left out.
    Example: multiplications(Conv2d(3, 100, 3, padding=1), (1, 3, 32, 32), padding=False) -> 2650800
    """
    walked = survey(m, (x,), counted=False)
    return counting.total(walked).multiplications if padding else counting.real_products(walked)


@WORK.function(Group.MEASURE)
def additions(m: Model, x: Input, bias: Flag = True) -> int:
    """Exact additions for the whole x: n products need n - 1, and one more for a bias.

    With bias=False the additions of biases are left out.
    Example: additions(Linear(5, 10), (1, 5), bias=False) -> 40
    """
    counts = counting.total(survey(m, (x,), counted=False))
    return counts.joins + (counts.biases if bias else 0)


@WORK.function(Group.MEASURE)
def operations(m: Model, x: Input, bias: Flag = True) -> int:
    """Exact multiplications plus additions for the whole x; bias=False leaves out a bias's.

    A convolution with bias has exactly 2 macs; without, fewer: a 3x3x3 kernel has 27
    multiplications and 26 additions per output. Activations, normalisation and the sum of a
    Residual are not counted, as in torch's counter.
    Example: operations(Conv2d(3, 100, 3, padding=1), (1, 3, 32, 32), bias=False) -> 5427200
    """
    counts = counting.total(survey(m, (x,), counted=False))
    return counts.multiplications + counts.joins + (counts.biases if bias else 0)


@WORK.function(Group.MEASURE)
def arithmetic_intensity(m: Model, x: Input, dtype: Dtype | None = None) -> float:
    """FLOPs per byte moved: how much a model computes with each byte it reads or writes.

    Every layer reads its input and its weights once and writes its output once; nothing stays in
    a cache between layers. In `dtype`, float32 unless the model has another.
    Source: Williams, Waterman and Patterson, "Roofline", 2009
    Example: arithmetic_intensity(Linear(4096, 4096, bias=False), (1, 4096), dtype=float16)
    -> 0.9995119570522206
    """
    walked = survey(m, (x,), counted=True)
    size = (dtype or _dtype_of(m)).itemsize
    moved = sum(
        sum(map(math.prod, call.inputs))
        + math.prod(call.output)
        + sum(p.numel() for p in call.module.parameters())
        for call in walked.calls
    )
    if not moved:
        raise refused("nothing-moved")
    return 2 * walked.macs / (moved * size)


def _dtype_of(m: Layer) -> torch.dtype:
    return next((p.dtype for p in m.twin.parameters()), torch.float32)


@WORK.function(Group.MEASURE, method=False)
def matmul_intensity(m: Positive, k: Positive, n: Positive, dtype: Dtype | None = None) -> float:
    """FLOPs per byte of the product of an m x k and a k x n matrix: 2mkn / (bytes (mk + kn + mn)).

    Both are read once, the product is written once. In float32 unless told.
    Source: Williams, Waterman and Patterson, "Roofline", 2009
    Example: matmul_intensity(1024, 1024, 1024, dtype=float16) -> 341.3333333333333
    """
    size = 4 if dtype is None else dtype.itemsize
    return 2 * m * k * n / (size * (m * k + k * n + m * n))
