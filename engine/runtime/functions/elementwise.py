"""Elementwise functions, for tensors and plain numbers alike.

Promise: a tensor keeps its shape and, where it is floating, its dtype; a plain number is computed
in float64 and comes back as a plain number. Must not reduce.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final

import torch
from torch.nn import functional

from engine.documented import Allowed
from engine.library import Group, Site
from engine.refusal import refused
from engine.runtime.arguments import (
    Flag,
    Positively,
    Probability,
    Real,
    Rule,
    Seed,
    Values,
    tensor_check,
    whole,
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
    "selu": (
        functional.selu,
        "Scaled ELU, which keeps mean 0 and variance 1 in deep networks.",
    ),
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

_EXAMPLES: Final[dict[str, str]] = {
    "exp": "exp(tensor([0., 1000.])) -> tensor([1.0, inf], dtype=float32)",
    "exp2": "exp2(10) -> 1024.0",
    "expm1": "expm1(0) -> 0.0",
    "log": "log(tensor([1., 0., -1.])) -> tensor([0.0, -inf, nan], dtype=float32)",
    "log2": "log2(tensor([1., 8.])) -> tensor([0.0, 3.0], dtype=float32)",
    "log10": "log10(tensor([1., 1000.])) -> tensor([0.0, 3.0], dtype=float32)",
    "log1p": "log1p(0) -> 0.0",
    "sqrt": "sqrt(tensor([4., -1.])) -> tensor([2.0, nan], dtype=float32)",
    "rsqrt": "rsqrt(4) -> 0.5",
    "square": "square(tensor([-3., 2.])) -> tensor([9.0, 4.0], dtype=float32)",
    "reciprocal": "reciprocal(4) -> 0.25",
    "abs": "abs(tensor([-3, 2])) -> tensor([3, 2], dtype=int64)",
    "sign": "sign(tensor([-3., 0., 2.])) -> tensor([-1.0, 0.0, 1.0], dtype=float32)",
    "sin": "sin(0) -> 0.0",
    "cos": "cos(0) -> 1.0",
    "tan": "tan(0) -> 0.0",
    "ceil": "ceil(tensor([1.2, -1.2])) -> tensor([2.0, -1.0], dtype=float32)",
    "floor": "floor(tensor([1.2, -1.2])) -> tensor([1.0, -2.0], dtype=float32)",
    "trunc": "trunc(tensor([1.7, -1.7])) -> tensor([1.0, -1.0], dtype=float32)",
    "erf": "erf(inf) -> 1.0",
    "sigmoid": "sigmoid(0) -> 0.5",
    "tanh": "tanh(tensor([0., 100.])) -> tensor([0.0, 1.0], dtype=float32)",
    "relu": "relu(tensor([-1., 2.])) -> tensor([0.0, 2.0], dtype=float32)",
    "relu6": "relu6(tensor([-1., 2., 9.])) -> tensor([0.0, 2.0, 6.0], dtype=float32)",
    "selu": "selu(tensor([0., 1.])) -> tensor([0.0, 1.050701], dtype=float32)",
    "silu": "silu(tensor([0., 100.])) -> tensor([0.0, 100.0], dtype=float32)",
    "mish": "mish(tensor([0., 100.])) -> tensor([0.0, 100.0], dtype=float32)",
    "hardswish": "hardswish(tensor([0., 3.])) -> tensor([0.0, 3.0], dtype=float32)",
    "hardsigmoid": "hardsigmoid(tensor([-4., 0., 4.])) -> tensor([0.0, 0.5, 1.0], dtype=float32)",
    "softsign": "softsign(tensor([-1., 1.])) -> tensor([-0.5, 0.5], dtype=float32)",
    "logsigmoid": "logsigmoid(tensor([-1000., 1000.])) -> tensor([-1000.0, 0.0], dtype=float32)",
    "isnan": "isnan(tensor([nan, inf, 1.])) -> tensor([True, False, False], dtype=bool)",
    "isinf": "isinf(tensor([nan, -inf, 1.])) -> tensor([False, True, False], dtype=bool)",
    "isfinite": "isfinite(tensor([nan, inf, 1.])) -> tensor([False, False, True], dtype=bool)",
    "logical_not": "logical_not(tensor([True, False])) -> tensor([False, True], dtype=bool)",
}
_SOURCES: Final[dict[str, str]] = {
    "relu": "Nair and Hinton 2010.",
    "selu": "Klambauer et al. 2017.",
    "silu": "Elfwing et al. 2017; Ramachandran et al. 2017 (swish).",
    "mish": "Misra 2019.",
    "hardswish": "Howard et al. 2019 (MobileNetV3).",
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

    source = f"\nSource: {_SOURCES[name]}" if name in _SOURCES else ""
    function.__doc__ = f"{doc}\n{source}\nExample: {_EXAMPLES[name]}"
    ELEMENTWISE.function(Group.FUNCTION, name=name)(function)


for _name, (_call, _doc) in _SIMPLE.items():
    _enter(_name, _call, _doc)


@ELEMENTWISE.function()
def leaky_relu(x: NumberOrTensor, negative_slope: Real = 0.01) -> object:
    """x where positive, negative_slope x elsewhere.

    Source: Maas et al. 2013.
    Example: leaky_relu(tensor([-2., 2.]), 0.5) -> tensor([-1.0, 2.0], dtype=float32)
    """
    return on_numbers(functional.leaky_relu, x, negative_slope)


@ELEMENTWISE.function()
def elu(x: NumberOrTensor, alpha: Real = 1.0) -> object:
    """x where positive, alpha (exp(x) - 1) elsewhere.

    Source: Clevert et al. 2015.
    Example: elu(tensor([-inf, 2.])) -> tensor([-1.0, 2.0], dtype=float32)
    """
    return on_numbers(functional.elu, x, alpha)


@ELEMENTWISE.function()
def gelu(x: NumberOrTensor) -> object:
    """x times the normal distribution function at x.

    Source: Hendrycks and Gimpel 2016.
    Example: gelu(tensor([-1., 0., 1.])) -> tensor([-0.15865526, 0.0, 0.8413447], dtype=float32)
    """
    return on_numbers(functional.gelu, x)


@ELEMENTWISE.function()
def softplus(x: NumberOrTensor, beta: Real = 1.0) -> object:
    """log(1 + exp(beta x)) / beta.

    Example: softplus(0) -> 0.6931471805599453
    """
    return on_numbers(functional.softplus, x, beta)


@ELEMENTWISE.function()
def hardtanh(x: NumberOrTensor, min_val: Real = -1.0, max_val: Real = 1.0) -> object:
    """x cut to [min_val, max_val].

    Example: hardtanh(tensor([-3., 0.5, 3.])) -> tensor([-1.0, 0.5, 1.0], dtype=float32)
    """
    if min_val > max_val:
        raise refused("argument-too-small", argument="max_val", got=max_val, low=min_val)
    return on_numbers(functional.hardtanh, x, min_val, max_val)


@ELEMENTWISE.function(also=("clip",))
def clamp(x: NumberOrTensor, min: Real | None = None, max: Real | None = None) -> object:  # noqa: A002 - torch's own names
    """x cut to at least min and at most max.

    Example: clamp(tensor([-3., 0.5, 3.]), min=0) -> tensor([0.0, 0.5, 3.0], dtype=float32)
    """
    if min is None and max is None:
        return x
    return on_numbers(lambda value: torch.clamp(value, min, max), x)


@ELEMENTWISE.function(name="pow")
def power(x: NumberOrTensor, exponent: NumberOrTensor) -> object:
    """x to the power of the exponent.

    Example: pow(tensor([1., 2., 3.]), 2) -> tensor([1.0, 4.0, 9.0], dtype=float32)
    """
    check_broadcast(x, exponent)
    if isinstance(x, torch.Tensor) or isinstance(exponent, torch.Tensor):
        return torch.pow(x, exponent)
    return torch.pow(torch.tensor(float(x), dtype=torch.float64), exponent).item()


@ELEMENTWISE.function(name="round")
def rounded(x: Values, decimals: Annotated[int, whole(-30, 30)] = 0) -> torch.Tensor:
    """The nearest whole number, ties to even; or so many decimals.

    Example: round(tensor([0.5, 1.5, 2.5])) -> tensor([0.0, 2.0, 2.0], dtype=float32)
    """
    return torch.round(x, decimals=decimals)


@ELEMENTWISE.function()
def where(condition: Values, x: NumberOrTensor, y: NumberOrTensor) -> torch.Tensor:
    """x where the condition holds, y elsewhere.

    Example: where(tensor([True, False]), 1., 0.) -> tensor([1.0, 0.0], dtype=float32)
    """
    check_broadcast(condition, x, y)
    return torch.where(condition.bool(), x, y)


@ELEMENTWISE.function()
def maximum(x: Values, y: Values) -> torch.Tensor:
    """The larger of the two, element by element.

    Example: maximum(tensor([1, 5]), tensor([3, 2])) -> tensor([3, 5], dtype=int64)
    """
    check_broadcast(x, y)
    return torch.maximum(x, y)


@ELEMENTWISE.function()
def minimum(x: Values, y: Values) -> torch.Tensor:
    """The smaller of the two, element by element.

    Example: minimum(tensor([1, 5]), tensor([3, 2])) -> tensor([1, 2], dtype=int64)
    """
    check_broadcast(x, y)
    return torch.minimum(x, y)


@ELEMENTWISE.function()
def logical_and(x: Values, y: Values) -> torch.Tensor:
    """True where both hold.

    Example: logical_and(tensor([True, True]), tensor([True, False])) -> tensor([True, False],
    dtype=bool)
    """
    check_broadcast(x, y)
    return torch.logical_and(x, y)


@ELEMENTWISE.function()
def logical_or(x: Values, y: Values) -> torch.Tensor:
    """True where one of them holds.

    Example: logical_or(tensor([True, False]), tensor([False, False])) -> tensor([True, False],
    dtype=bool)
    """
    check_broadcast(x, y)
    return torch.logical_or(x, y)


@ELEMENTWISE.function()
def isclose(
    x: Values, y: Values, rtol: Positively = 1e-5, atol: Positively = 1e-8, equal_nan: Flag = False
) -> torch.Tensor:
    """True where |x - y| <= atol + rtol |y|.

    Example: isclose(tensor([1., 2.]), tensor([1.0000001, 2.1])) -> tensor([True, False],
    dtype=bool)
    """
    check_broadcast(x, y)
    return torch.isclose(x, y, rtol, atol, equal_nan)


@ELEMENTWISE.function()
def allclose(
    x: Values, y: Values, rtol: Positively = 1e-5, atol: Positively = 1e-8, equal_nan: Flag = False
) -> bool:
    """Whether |x - y| <= atol + rtol |y| everywhere; dtypes may differ.

    Example: allclose(tensor([0.1]) + 0.2, tensor([0.3])) -> True
    """
    check_broadcast(x, y)
    common = torch.promote_types(x.dtype, y.dtype)
    return torch.allclose(x.to(common), y.to(common), rtol, atol, equal_nan)


@ELEMENTWISE.function()
def equal(x: Values, y: Values) -> bool:
    """Whether both have the same shape and the same numbers.

    Example: equal(tensor([1, 2]), tensor([1, 2])) -> True
    """
    return x.shape == y.shape and bool((x == y).all())


@ELEMENTWISE.function(sited=True)
def dropout(
    x: Values, p: Probability = 0.5, training: Flag = True, seed: Seed | None = None, *, site: Site
) -> torch.Tensor:
    """Zero with probability p, the rest divided by 1 - p; unchanged where not training.

    Source: Srivastava et al. 2014, scaled in training.
    Example: dropout(ones(3), p=0.5, training=False) -> tensor([1.0, 1.0, 1.0], dtype=float32)
    Example: dropout(ones(3), p=1.0) -> tensor([0.0, 0.0, 0.0], dtype=float32)
    """
    if not training:
        return x
    keep = torch.rand(x.shape, generator=generator(site, seed)).to(x.device) >= p
    return torch.where(keep, x / (1 - p) if p < 1 else x, torch.zeros((), dtype=x.dtype,
                                                                    device=x.device))  # fmt: skip
