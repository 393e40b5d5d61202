"""Elementwise functions, for tensors and plain numbers alike.

Promise: a tensor keeps its shape and, where it is floating, its dtype; a plain number is computed
in float64 and comes back as a plain number. Must not reduce.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final

import torch
from torch.nn import functional

from engine.library import Group, Site
from engine.protocol import Allowed
from engine.runtime.arguments import (
    Flag,
    Probability,
    Real,
    Rule,
    Seed,
    Values,
    real,
    tensor_check,
)
from engine.runtime.foresight import check_broadcast
from engine.runtime.register import Register
from engine.runtime.tensors import generator

ELEMENTWISE: Final = Register()

_SIMPLE: Final[dict[str, tuple[Callable[[torch.Tensor], torch.Tensor], str]]] = {
    "exp": (torch.exp, "e to the power of x; inf from ln(largest(dtype)) on."),
    "exp2": (torch.exp2, "2 to the power of x."),
    "expm1": (torch.expm1, "exp(x) - 1, exact near 0."),
    "log": (torch.log, "Natural logarithm; log(0) is -inf, of a negative number nan."),
    "log2": (torch.log2, "Logarithm to base 2."),
    "log10": (torch.log10, "Logarithm to base 10."),
    "log1p": (torch.log1p, "log(1 + x), exact near 0."),
    "sqrt": (torch.sqrt, "Square root; nan of a negative number."),
    "rsqrt": (torch.rsqrt, "1 / sqrt(x)."),
    "square": (torch.square, "x times x."),
    "reciprocal": (torch.reciprocal, "1 / x."),
    "abs": (torch.abs, "Absolute value."),
    "sign": (torch.sign, "-1, 0 or 1."),
    "sin": (torch.sin, "Sine, x in radians."),
    "cos": (torch.cos, "Cosine, x in radians."),
    "tan": (torch.tan, "Tangent, x in radians."),
    "ceil": (torch.ceil, "The next whole number, upwards."),
    "floor": (torch.floor, "The next whole number, downwards."),
    "trunc": (torch.trunc, "The whole part, towards 0."),
    "erf": (torch.erf, "The error function."),
    "sigmoid": (torch.sigmoid, "1 / (1 + exp(-x)), between 0 and 1."),
    "tanh": (torch.tanh, "(exp(x) - exp(-x)) / (exp(x) + exp(-x)), between -1 and 1."),
    "relu": (functional.relu, "max(0, x)."),
    "relu6": (functional.relu6, "min(max(0, x), 6)."),
    "selu": (functional.selu, "Scaled ELU (Klambauer 2017)."),
    "silu": (functional.silu, "x sigmoid(x), also called swish."),
    "mish": (functional.mish, "x tanh(softplus(x))."),
    "hardswish": (functional.hardswish, "x relu6(x + 3) / 6."),
    "hardsigmoid": (functional.hardsigmoid, "relu6(x + 3) / 6."),
    "softsign": (functional.softsign, "x / (1 + |x|)."),
    "logsigmoid": (functional.logsigmoid, "log(sigmoid(x)), without overflow."),
    "isnan": (torch.isnan, "True where x is not a number."),
    "isinf": (torch.isinf, "True where x is infinite, of either sign."),
    "isfinite": (torch.isfinite, "True where x is neither infinite nor nan."),
    "logical_not": (torch.logical_not, "True where x is zero or False."),
}


def on_numbers(call: Callable[..., torch.Tensor], x: object, *rest: Any) -> object:
    """`call` on a tensor, or on a plain number in float64, given back as a number."""
    if isinstance(x, (int, float)):
        return call(torch.tensor(x, dtype=torch.float64), *rest).item()
    return call(x, *rest)


def _number_or_tensor(value: object, argument: str) -> object:
    if isinstance(value, (int, float)):
        return value
    return tensor_check(value, argument)


NumberOrTensor = Annotated[Any, Rule(_number_or_tensor, Allowed("number-or-tensor"))]


def _enter(name: str, call: Callable[[torch.Tensor], torch.Tensor], doc: str) -> None:
    def function(x: NumberOrTensor) -> object:
        return on_numbers(call, x)

    function.__doc__ = doc
    ELEMENTWISE.function(Group.FUNCTION, name=name)(function)


for _name, (_call, _doc) in _SIMPLE.items():
    _enter(_name, _call, _doc)


@ELEMENTWISE.function()
def leaky_relu(x: NumberOrTensor, negative_slope: Real = 0.01) -> object:
    """x where positive, negative_slope x elsewhere."""
    return on_numbers(functional.leaky_relu, x, negative_slope)


@ELEMENTWISE.function()
def elu(x: NumberOrTensor, alpha: Real = 1.0) -> object:
    """x where positive, alpha (exp(x) - 1) elsewhere."""
    return on_numbers(functional.elu, x, alpha)


@ELEMENTWISE.function()
def gelu(x: NumberOrTensor) -> object:
    """x times the normal distribution function at x."""
    return on_numbers(functional.gelu, x)


@ELEMENTWISE.function()
def softplus(x: NumberOrTensor, beta: Real = 1.0) -> object:
    """log(1 + exp(beta x)) / beta."""
    return on_numbers(functional.softplus, x, beta)


@ELEMENTWISE.function()
def hardtanh(x: NumberOrTensor, min_val: Real = -1.0, max_val: Real = 1.0) -> object:
    """x cut to [min_val, max_val]."""
    return on_numbers(functional.hardtanh, x, min_val, max_val)


@ELEMENTWISE.function(also=("clip",))
def clamp(x: NumberOrTensor, min: Real | None = None, max: Real | None = None) -> object:  # noqa: A002 - torch's own names
    """x cut to at least min and at most max."""
    if min is None and max is None:
        return x
    return on_numbers(lambda value: torch.clamp(value, min, max), x)


@ELEMENTWISE.function(name="pow")
def power(x: NumberOrTensor, exponent: NumberOrTensor) -> object:
    """x to the power of the exponent."""
    check_broadcast(x, exponent)
    if isinstance(x, torch.Tensor) or isinstance(exponent, torch.Tensor):
        return torch.pow(x, exponent)
    return torch.pow(torch.tensor(float(x), dtype=torch.float64), exponent).item()


@ELEMENTWISE.function(name="round")
def rounded(x: Values, decimals: Annotated[int, real(-30, 30)] = 0) -> torch.Tensor:
    """The nearest whole number, ties to even; or so many decimals."""
    return torch.round(x, decimals=decimals)


@ELEMENTWISE.function()
def where(condition: Values, x: NumberOrTensor, y: NumberOrTensor) -> torch.Tensor:
    """x where the condition holds, y elsewhere."""
    check_broadcast(condition, x, y)
    return torch.where(condition.bool(), x, y)


@ELEMENTWISE.function()
def maximum(x: Values, y: Values) -> torch.Tensor:
    """The larger of the two, element by element."""
    check_broadcast(x, y)
    return torch.maximum(x, y)


@ELEMENTWISE.function()
def minimum(x: Values, y: Values) -> torch.Tensor:
    """The smaller of the two, element by element."""
    check_broadcast(x, y)
    return torch.minimum(x, y)


@ELEMENTWISE.function()
def logical_and(x: Values, y: Values) -> torch.Tensor:
    """True where both hold."""
    check_broadcast(x, y)
    return torch.logical_and(x, y)


@ELEMENTWISE.function()
def logical_or(x: Values, y: Values) -> torch.Tensor:
    """True where one of them holds."""
    check_broadcast(x, y)
    return torch.logical_or(x, y)


@ELEMENTWISE.function()
def isclose(
    x: Values, y: Values, rtol: Real = 1e-5, atol: Real = 1e-8, equal_nan: Flag = False
) -> torch.Tensor:
    """True where |x - y| <= atol + rtol |y|."""
    check_broadcast(x, y)
    return torch.isclose(x, y, rtol, atol, equal_nan)


@ELEMENTWISE.function()
def allclose(
    x: Values, y: Values, rtol: Real = 1e-5, atol: Real = 1e-8, equal_nan: Flag = False
) -> bool:
    """Whether |x - y| <= atol + rtol |y| everywhere; dtypes may differ."""
    check_broadcast(x, y)
    common = torch.promote_types(x.dtype, y.dtype)
    return torch.allclose(x.to(common), y.to(common), rtol, atol, equal_nan)


@ELEMENTWISE.function()
def equal(x: Values, y: Values) -> bool:
    """Whether both have the same shape and the same numbers."""
    return x.shape == y.shape and bool((x == y).all())


@ELEMENTWISE.function(sited=True)
def dropout(
    x: Values, p: Probability = 0.5, training: Flag = True, seed: Seed | None = None, *, site: Site
) -> torch.Tensor:
    """Zero with probability p, the rest divided by 1 - p; unchanged where not training."""
    if not training:
        return x
    keep = torch.rand(x.shape, generator=generator(site, seed)).to(x.device) >= p
    return torch.where(keep, x / (1 - p) if p < 1 else x, torch.zeros((), dtype=x.dtype,
                                                                    device=x.device))  # fmt: skip
