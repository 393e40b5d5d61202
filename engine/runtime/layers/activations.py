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
    nn.SELU: "Scaled ELU, which keeps mean 0 and variance 1 in deep networks",
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

_EXAMPLES: Final[dict[str, str]] = {
    "ReLU": "nn.ReLU()(tensor([-1., 2.])) -> tensor([0.0, 2.0], dtype=float32)",
    "ReLU6": "nn.ReLU6()(tensor([-1., 2., 9.])) -> tensor([0.0, 2.0, 6.0], dtype=float32)",
    "SELU": "nn.SELU()(tensor([0., 1.])) -> tensor([0.0, 1.050701], dtype=float32)",
    "SiLU": "nn.SiLU()(tensor([0., 100.])) -> tensor([0.0, 100.0], dtype=float32)",
    "Mish": "nn.Mish()(tensor([0., 100.])) -> tensor([0.0, 100.0], dtype=float32)",
    "Hardswish": "nn.Hardswish()(tensor([0., 3.])) -> tensor([0.0, 3.0], dtype=float32)",
    "Hardsigmoid": "nn.Hardsigmoid()(tensor([-4., 0.])) -> tensor([0.0, 0.5], dtype=float32)",
    "Sigmoid": "nn.Sigmoid()(tensor([0., 100.])) -> tensor([0.5, 1.0], dtype=float32)",
    "Tanh": "nn.Tanh()(tensor([0., 100.])) -> tensor([0.0, 1.0], dtype=float32)",
    "LogSigmoid": "nn.LogSigmoid()(tensor([-9e3, 9e3])) -> tensor([-9000.0, 0.0], dtype=float32)",
    "Softsign": "nn.Softsign()(tensor([-1., 1.])) -> tensor([-0.5, 0.5], dtype=float32)",
    "Tanhshrink": "nn.Tanhshrink()(tensor([0., 100.])) -> tensor([0.0, 99.0], dtype=float32)",
}
_SOURCES: Final[dict[str, str]] = {
    "ReLU": "Nair and Hinton 2010.",
    "SELU": "Klambauer et al. 2017.",
    "SiLU": "Elfwing et al. 2017; Ramachandran et al. 2017 (swish).",
    "Mish": "Misra 2019.",
    "Hardswish": "Howard et al. 2019 (MobileNetV3).",
}


def _enter_plain(kind: type[nn.Module], formula: str, *, takes_inplace: bool) -> None:
    def with_inplace(inplace: Flag = False) -> nn.Module:
        return kind()

    def without() -> nn.Module:
        return kind()

    build: Callable[..., nn.Module] = with_inplace if takes_inplace else without
    name = kind.__name__
    source = f"\nSource: {_SOURCES[name]}" if name in _SOURCES else ""
    build.__doc__ = (
        f"{formula}.\n\nAny shape, elementwise. No parameters.\n{source}\n"
        f"Example: {_EXAMPLES[name]}"
    )
    ACTIVATIONS.layer(name, alike=True)(build)


for _kind, _formula in _PLAIN.items():
    _enter_plain(_kind, _formula, takes_inplace=True)
for _kind, _formula in _PLAIN_FIXED.items():
    _enter_plain(_kind, _formula, takes_inplace=False)


@ACTIVATIONS.layer("LeakyReLU", alike=True)
def leaky_relu(negative_slope: Real = 0.01, inplace: Flag = False) -> nn.Module:
    """x where positive, negative_slope x elsewhere.

    Any shape, elementwise. No parameters.

    Source: Maas et al. 2013.
    Example: nn.LeakyReLU(0.5)(tensor([-2., 2.])) -> tensor([-1.0, 2.0], dtype=float32)
    """
    return nn.LeakyReLU(negative_slope)


@ACTIVATIONS.layer("PReLU")
def prelu(num_parameters: Positive = 1, init: Real = 0.25) -> nn.Module:
    """Leaky ReLU whose slope is learned.

    Any shape, channels on axis 1. num_parameters is 1 or the number of channels.

    Source: He et al. 2015.
    Example: parameters(nn.PReLU(64)) -> 64
    Example: nn.PReLU()(tensor([-2., 2.])) -> tensor([-0.5, 2.0], dtype=float32)
    """
    return nn.PReLU(num_parameters, init)


@ACTIVATIONS.layer("ELU", alike=True)
def elu(alpha: Real = 1.0, inplace: Flag = False) -> nn.Module:
    """x where positive, alpha (exp(x) - 1) elsewhere.

    Any shape, elementwise. No parameters.

    Source: Clevert et al. 2015.
    Example: nn.ELU()(tensor([-inf, 2.])) -> tensor([-1.0, 2.0], dtype=float32)
    """
    return nn.ELU(alpha)


@ACTIVATIONS.layer("CELU", alike=True)
def celu(alpha: Positively = 1.0, inplace: Flag = False) -> nn.Module:
    """max(0, x) + min(0, alpha (exp(x / alpha) - 1)).

    Any shape, elementwise. No parameters.

    Source: Barron 2017.
    Example: nn.CELU(2.0)(tensor([-inf, 2.])) -> tensor([-2.0, 2.0], dtype=float32)
    """
    return nn.CELU(alpha)


@ACTIVATIONS.layer("GELU", alike=True)
def gelu(approximate: Annotated[str, words("none", "tanh")] = "none") -> nn.Module:
    """x times the normal distribution function at x.

    Any shape, elementwise; 'tanh' is the approximation of GPT-2. No parameters.

    Source: Hendrycks and Gimpel 2016.
    Example: nn.GELU()(tensor([-1., 0., 1.])) -> tensor([-0.15865526, 0.0, 0.8413447],
    dtype=float32)
    Example: nn.GELU('tanh')(tensor([1.])) -> tensor([0.841192], dtype=float32)
    """
    return nn.GELU(approximate)


@ACTIVATIONS.layer("Softplus", alike=True)
def softplus(beta: Real = 1.0, threshold: Real = 20.0) -> nn.Module:
    """log(1 + exp(beta x)) / beta; x itself where beta x is above the threshold.

    Any shape, elementwise. No parameters.

    Example: nn.Softplus()(tensor([0., 30.])) -> tensor([0.6931472, 30.0], dtype=float32)
    """
    return nn.Softplus(beta, threshold)


@ACTIVATIONS.layer("Hardtanh", alike=True)
def hardtanh(min_val: Real = -1.0, max_val: Real = 1.0, inplace: Flag = False) -> nn.Module:
    """x cut to [min_val, max_val].

    Any shape, elementwise. No parameters.

    Example: nn.Hardtanh()(tensor([-3., 0.5, 3.])) -> tensor([-1.0, 0.5, 1.0], dtype=float32)
    """
    return nn.Hardtanh(min_val, max_val)


@ACTIVATIONS.layer("Threshold", alike=True)
def threshold(threshold: Real, value: Real, inplace: Flag = False) -> nn.Module:
    """x where above the threshold, value elsewhere.

    Any shape, elementwise. No parameters.

    Example: nn.Threshold(1.0, 9.0)(tensor([0.5, 1., 2.])) -> tensor([9.0, 9.0, 2.0],
    dtype=float32)
    """
    return nn.Threshold(threshold, value)


@ACTIVATIONS.layer("Softmax")
def softmax(dim: Dim = -1) -> nn.Module:
    """exp(x) / sum(exp(x)) along dim, the last axis unless told.

    Any shape, unchanged. PyTorch itself has no default for dim.

    Example: nn.Softmax()(tensor([0., 0.])) -> tensor([0.5, 0.5], dtype=float32)
    """
    return nn.Softmax(dim)


@ACTIVATIONS.layer("LogSoftmax")
def log_softmax(dim: Dim = -1) -> nn.Module:
    """log(softmax(x)) along dim, the last axis unless told.

    Any shape, unchanged. PyTorch itself has no default for dim.

    Example: nn.LogSoftmax()(tensor([0., 0.])) -> tensor([-0.6931472, -0.6931472],
    dtype=float32)
    """
    return nn.LogSoftmax(dim)


@ACTIVATIONS.layer("Softmin")
def softmin(dim: Dim = -1) -> nn.Module:
    """softmax(-x) along dim, the last axis unless told.

    Any shape, unchanged. PyTorch itself has no default for dim.

    Example: nn.Softmin()(tensor([1., 1.])) -> tensor([0.5, 0.5], dtype=float32)
    """
    return nn.Softmin(dim)
