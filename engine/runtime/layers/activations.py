"""Activation layers and softmax: elementwise unless they name a `dim`.

Promise: PyTorch's names, arguments and defaults; softmax takes the last axis unless told. No
weights but PReLU's. Must not compute values.
"""
# `inplace` is taken as PyTorch takes it and not used: nothing here may change its input.
# ruff: noqa: ARG001

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final

from torch import nn

from engine.runtime.arguments import Dim, Flag, Positive, Positively, Real, words
from engine.runtime.register import Register

ACTIVATIONS: Final = Register()

_PLAIN: Final[dict[type[nn.Module], str]] = {
    nn.ReLU: "max(0, x)",
    nn.ReLU6: "min(max(0, x), 6)",
    nn.SELU: "scaled ELU, self-normalising (Klambauer 2017)",
    nn.SiLU: "x sigmoid(x), also called swish",
    nn.Mish: "x tanh(softplus(x))",
    nn.Hardswish: "x relu6(x + 3) / 6",
    nn.Hardsigmoid: "relu6(x + 3) / 6",
}
_PLAIN_FIXED: Final[dict[type[nn.Module], str]] = {
    nn.Sigmoid: "1 / (1 + exp(-x))",
    nn.Tanh: "(exp(x) - exp(-x)) / (exp(x) + exp(-x))",
    nn.LogSigmoid: "log(sigmoid(x))",
    nn.Softsign: "x / (1 + |x|)",
    nn.Tanhshrink: "x - tanh(x)",
}


def _enter_plain(kind: type[nn.Module], formula: str, *, takes_inplace: bool) -> None:
    def with_inplace(inplace: Flag = False) -> nn.Module:
        return kind()

    def without() -> nn.Module:
        return kind()

    build: Callable[..., nn.Module] = with_inplace if takes_inplace else without
    build.__doc__ = f"Any shape, elementwise: {formula}. No parameters."
    ACTIVATIONS.layer(kind.__name__, alike=True)(build)


for _kind, _formula in _PLAIN.items():
    _enter_plain(_kind, _formula, takes_inplace=True)
for _kind, _formula in _PLAIN_FIXED.items():
    _enter_plain(_kind, _formula, takes_inplace=False)


@ACTIVATIONS.layer("LeakyReLU", alike=True)
def leaky_relu(negative_slope: Real = 0.01, inplace: Flag = False) -> nn.Module:
    """Any shape, elementwise: x where positive, negative_slope x elsewhere."""
    return nn.LeakyReLU(negative_slope)


@ACTIVATIONS.layer("PReLU")
def prelu(num_parameters: Positive = 1, init: Real = 0.25) -> nn.Module:
    """Any shape; leaky with a learned slope: num_parameters is 1 or the number of channels."""
    return nn.PReLU(num_parameters, init)


@ACTIVATIONS.layer("ELU", alike=True)
def elu(alpha: Real = 1.0, inplace: Flag = False) -> nn.Module:
    """Any shape, elementwise: x where positive, alpha (exp(x) - 1) elsewhere."""
    return nn.ELU(alpha)


@ACTIVATIONS.layer("CELU", alike=True)
def celu(alpha: Positively = 1.0, inplace: Flag = False) -> nn.Module:
    """Any shape, elementwise: max(0, x) + min(0, alpha (exp(x / alpha) - 1))."""
    return nn.CELU(alpha)


@ACTIVATIONS.layer("GELU", alike=True)
def gelu(approximate: Annotated[str, words("none", "tanh")] = "none") -> nn.Module:
    """Any shape, elementwise: x times the normal distribution function at x."""
    return nn.GELU(approximate)


@ACTIVATIONS.layer("Softplus", alike=True)
def softplus(beta: Real = 1.0, threshold: Real = 20.0) -> nn.Module:
    """Any shape, elementwise: log(1 + exp(beta x)) / beta."""
    return nn.Softplus(beta, threshold)


@ACTIVATIONS.layer("Hardtanh", alike=True)
def hardtanh(min_val: Real = -1.0, max_val: Real = 1.0, inplace: Flag = False) -> nn.Module:
    """Any shape, elementwise: x cut to [min_val, max_val]."""
    return nn.Hardtanh(min_val, max_val)


@ACTIVATIONS.layer("Threshold", alike=True)
def threshold(threshold: Real, value: Real, inplace: Flag = False) -> nn.Module:
    """Any shape, elementwise: x where above the threshold, value elsewhere."""
    return nn.Threshold(threshold, value)


@ACTIVATIONS.layer("Softmax")
def softmax(dim: Dim = -1) -> nn.Module:
    """Any shape, unchanged: exp(x) / sum(exp(x)) along dim, the last axis unless told."""
    return nn.Softmax(dim)


@ACTIVATIONS.layer("LogSoftmax")
def log_softmax(dim: Dim = -1) -> nn.Module:
    """Any shape, unchanged: log(softmax(x)) along dim, the last axis unless told."""
    return nn.LogSoftmax(dim)


@ACTIVATIONS.layer("Softmin")
def softmin(dim: Dim = -1) -> nn.Module:
    """Any shape, unchanged: softmax(-x) along dim, the last axis unless told."""
    return nn.Softmin(dim)
