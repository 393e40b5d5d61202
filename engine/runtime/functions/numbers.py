"""Number formats: their limits, their spacing, and rounding to few levels.

Promise: every figure comes from torch's own description of a dtype. Must not depend on the
device.
"""

from __future__ import annotations

import math
from typing import Annotated, Final

import torch
from torch.nn import functional

from engine.library import Group
from engine.refusal import refused
from engine.runtime.arguments import Dtype, Positively, Values, dtype_name, real, whole
from engine.runtime.functions.elementwise import NumberOrTensor
from engine.runtime.register import Register

NUMBERS: Final = Register()


def _float(dtype: torch.dtype) -> torch.finfo:
    if not dtype.is_floating_point:
        raise refused("dtype-unsupported", argument="dtype", dtype=dtype_name(dtype))
    return torch.finfo(dtype)


@NUMBERS.function(Group.MEASURE, method=False)
def largest(dtype: Dtype) -> float:
    """The largest finite number of a dtype: 65504 for float16.

    Example: largest(float16) -> 65504.0
    """
    if dtype is torch.bool:
        return True
    return torch.finfo(dtype).max if dtype.is_floating_point else torch.iinfo(dtype).max


@NUMBERS.function(Group.MEASURE, method=False)
def lowest(dtype: Dtype) -> float:
    """The lowest finite number of a dtype: -65504 for float16, -128 for int8.

    Example: lowest(int8) -> -128
    """
    if dtype is torch.bool:
        return False
    return torch.finfo(dtype).min if dtype.is_floating_point else torch.iinfo(dtype).min


@NUMBERS.function(Group.MEASURE, method=False)
def smallest(dtype: Dtype) -> float:
    """The smallest positive normal number of a floating dtype: 6.1e-5 for float16.

    Example: smallest(float16) -> 6.103515625e-05
    """
    return _float(dtype).tiny


@NUMBERS.function(Group.MEASURE, method=False)
def smallest_subnormal(dtype: Dtype) -> float:
    """The smallest positive number of a floating dtype, with lost precision.

    Example: smallest_subnormal(float16) -> 5.960464477539063e-08
    """
    info = _float(dtype)
    return info.tiny * info.eps


@NUMBERS.function(Group.MEASURE, method=False)
def largest_subnormal(dtype: Dtype) -> float:
    """The largest number of a floating dtype below its normal numbers: one step below `smallest`.

    Example: largest_subnormal(float16) -> 6.097555160522461e-05
    """
    info = _float(dtype)
    return info.tiny - info.tiny * info.eps


@NUMBERS.function(Group.MEASURE, method=False)
def significant_bits(dtype: Dtype) -> int:
    """Binary digits that a normal number of a floating dtype carries, the leading 1 included.

    Example: significant_bits(float16) -> 11
    Example: significant_bits(bfloat16) -> 8
    """
    return 1 - round(math.log2(_float(dtype).eps))


@NUMBERS.function(Group.MEASURE, method=False)
def machine_epsilon(dtype: Dtype) -> float:
    """The distance from 1 to the next larger number of a floating dtype.

    Example: machine_epsilon(float32) -> 1.1920928955078125e-07
    """
    return _float(dtype).eps


@NUMBERS.function(Group.MEASURE, method=False)
def bits_of(dtype: Dtype) -> int:
    """Bits of one number of that dtype in memory.

    Example: bits_of(bfloat16) -> 16
    """
    return dtype.itemsize * 8


@NUMBERS.function(Group.MEASURE)
def ulp(x: NumberOrTensor, dtype: Dtype | None = None) -> object:
    """The distance from |x| to the next larger number of its dtype (float64 for plain numbers).

    Example: ulp(2048, float16) -> 2.0
    """
    value = x if isinstance(x, torch.Tensor) else torch.tensor(x, dtype=dtype or torch.float64)
    kept = value.dtype if dtype is None else dtype
    info = _float(kept)
    exact = value.to(kept).to(torch.float64).abs()
    digits = -round(math.log2(info.eps))
    exponent = torch.frexp(exact).exponent.to(torch.float64) - 1
    least = torch.tensor(math.log2(info.tiny), dtype=torch.float64)
    exponent = torch.where(exact > 0, exponent, least)
    step = torch.exp2(torch.maximum(exponent, least) - digits)
    step = torch.where(torch.isfinite(exact), step, torch.full_like(step, math.nan))
    return step.to(kept) if isinstance(x, torch.Tensor) else step.item()


@NUMBERS.function()
def quantize(
    x: Values, bits: Annotated[int, whole(1, 16)] = 8, scale: Positively | None = None
) -> torch.Tensor:
    """x rounded to 2^bits - 1 levels around 0, as real numbers again: round(x / scale) scale.

    The scale is max|x| / (2^(bits - 1) - 1) unless given. One bit keeps the sign alone.

    Example: quantize(tensor([0.1, 0.5, -1.0]), bits=2) -> tensor([0.0, 0.0, -1.0], dtype=float32)
    """
    step, top = quantization_scale(x, bits, scale), max(1, 2 ** (bits - 1) - 1)
    if bits == 1:
        return torch.sign(x) * step
    return torch.clamp(torch.round(x / step), -top, top) * step


def quantization_scale(x: torch.Tensor, bits: int, scale: float | None) -> torch.Tensor:
    """The size of one level."""
    if not x.is_floating_point():
        raise refused("dtype-unsupported", argument="x", dtype=dtype_name(x.dtype))
    if scale is not None and scale > 0:
        return torch.tensor(scale, dtype=x.dtype, device=x.device)
    peak = x.abs().max() if x.numel() else torch.ones((), dtype=x.dtype)
    step = peak / max(1, 2 ** (bits - 1) - 1)
    return torch.where(step > 0, step, torch.ones_like(step))


@NUMBERS.function()
def normalize(x: Values, p: Positively = 2.0) -> torch.Tensor:
    """x divided by its p-norm along the last axis.

    Example: normalize(tensor([3.0, 4.0], dtype=float64)) -> tensor([0.6, 0.8], dtype=float64)
    """
    return functional.normalize(x, p, -1)


@NUMBERS.function()
def batch_norm(x: Values, eps: Annotated[float, real(1e-30)] = 1e-5) -> torch.Tensor:
    """(N, C, *): each channel to mean 0 and variance 1 over the batch, as in training.

    Example: batch_norm(tensor([[1.0], [3.0]]), eps=1e-12).flatten()
    -> tensor([-1.0, 1.0], dtype=float32)
    """
    if x.dim() < 2 or x.numel() // max(1, x.shape[1]) < 2:
        raise refused("spread-of-one", argument="x", got=1)
    return functional.batch_norm(x, None, None, training=True, eps=eps)


@NUMBERS.function()
def layer_norm(x: Values, eps: Positively = 1e-5) -> torch.Tensor:
    """Each example to mean 0 and variance 1 over the last axis.

    Example: layer_norm(tensor([1.0, 3.0]), eps=0.0) -> tensor([-1.0, 1.0], dtype=float32)
    """
    return functional.layer_norm(x, x.shape[-1:], eps=eps)
