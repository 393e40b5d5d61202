"""Weights and activations of a model in numbers: means, spreads, dead and saturated units.

Promise: the model runs on real values with its seeded weights, once; nothing of it is changed.
What is kept of a layer's output is a few numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Final

import torch
from torch import nn

from engine.library import Group
from engine.refusal import refused
from engine.runtime.arguments import Model, Values, real, whole, words
from engine.runtime.foresight import check_elements
from engine.runtime.layer import Layer
from engine.runtime.register import Register
from engine.runtime.running import materialised, run_layer
from engine.runtime.walking import leaves

STATISTICS: Final = Register()

Statistic = Annotated[str, words("mean", "std", "rms", "min", "max")]
Row = tuple[str, float, float, float, float]
Correction = Annotated[int, whole(0, 1)]

ACTIVATIONS: Final = (
    nn.CELU, nn.ELU, nn.GELU, nn.Hardsigmoid, nn.Hardswish, nn.Hardtanh, nn.LeakyReLU,
    nn.LogSigmoid, nn.Mish, nn.PReLU, nn.ReLU, nn.ReLU6, nn.SELU, nn.SiLU, nn.Sigmoid,
    nn.Softplus, nn.Softsign, nn.Tanh, nn.Tanhshrink,
)  # fmt: skip
BOUNDED: Final = (nn.Hardsigmoid, nn.Hardtanh, nn.Sigmoid, nn.Softsign, nn.Tanh)
"""Activations with a bound on both sides: from 0 to 1, or from -1 to 1."""
FROM_ZERO: Final = (nn.Hardsigmoid, nn.Sigmoid)


@contextmanager
def hooked(
    model: Layer, kinds: tuple[type[nn.Module], ...], see: Callable[..., Any]
) -> Iterator[None]:
    """Call see(module, inputs, output) whenever a real module of those kinds has run."""
    handles = [
        module.register_forward_hook(see)
        for module in materialised(model).modules()
        if isinstance(module, kinds)
    ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _told(x: torch.Tensor, statistic: str, correction: int) -> float:
    """One statistic over all elements, in float64."""
    if not x.numel():
        raise refused("nothing-to-reduce")
    exact = x.detach().double()
    if statistic == "std":
        return float(exact.std(correction=correction)) if x.numel() > correction else float("nan")
    if statistic == "rms":
        return float(exact.square().mean().sqrt())
    pick: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
        "mean": torch.mean, "min": torch.min, "max": torch.max,
    }  # fmt: skip
    return float(pick[statistic](exact))


def _row(name: str, x: torch.Tensor, correction: int) -> Row:
    return (name, _told(x, "mean", correction), _told(x, "std", correction),
            _told(x, "min", correction), _told(x, "max", correction))  # fmt: skip


@STATISTICS.function(Group.MEASURE)
def activation_statistics(
    m: Model, x: Values, statistic: Statistic | None = None, correction: Correction = 1
) -> tuple[Row, ...] | tuple[float, ...]:
    """What every layer gives on x, in forward order: (path, mean, std, min, max) over all elements.

    With statistic="mean", "std", "rms", "min" or "max", one number for each layer. std divides by
    n - 1, as torch does; correction=0 divides by n. In eval mode, of several outputs the first.
    Example: activation_statistics(Sequential(ReLU(), Tanh()), tensor([-1., 0., 3.]), "max")[0]
    -> 3.0
    """
    names = dict(leaves(materialised(m)))
    rows: list[Row] = []
    told: list[float] = []

    def see(module: nn.Module, _: Any, output: Any) -> None:
        if module not in names:
            return
        while isinstance(output, (tuple, list)):
            output = output[0]
        if statistic is None:
            rows.append(_row(names[module], output, correction))
        else:
            told.append(_told(output, statistic, correction))

    with hooked(m, (nn.Module,), see):
        run_layer(m, (x,))
    return tuple(rows) if statistic is None else tuple(told)


@STATISTICS.function(Group.MEASURE)
def weight_statistics(
    m: Model, statistic: Statistic | None = None, correction: Correction = 1
) -> tuple[Row, ...] | tuple[float, ...]:
    """Every parameter tensor of a model, biases too: (name, mean, std, min, max).

    With statistic="mean", "std", "rms", "min" or "max", one number for each tensor. std divides by
    n - 1, as torch does; correction=0 divides by n.
    Example: weight_statistics(BatchNorm2d(8), "mean") -> (1.0, 0.0)
    """
    named = list(materialised(m).named_parameters())
    if statistic is None:
        return tuple(_row(name, p, correction) for name, p in named)
    return tuple(_told(p, statistic, correction) for _, p in named)


@STATISTICS.function(Group.MEASURE)
def dead_units(m: Model, x: Values, axis: Annotated[int, whole(-8, 8)] = 1) -> tuple[float, ...]:
    """The share of dead units in every activation layer: units whose slope is 0 on all of x.

    A unit is one place along `axis`: a feature of (N, F), a map of (N, C, H, W). Dead means that
    the activation's slope is exactly 0 for every example and pixel, so that no weight before it
    learns: a ReLU that never fires, a sigmoid rounded to 0 or 1. A leaky ReLU has none.
    Source: Maas, Hannun and Ng, "Rectifier nonlinearities improve neural network acoustic models",
    2013
    Example: dead_units(Sequential(initialised(Linear(2, 4), "normal", bias=-99.), ReLU()),
    ones(3, 2)) -> (1.0,)
    """
    shares: list[float] = []

    def see(module: nn.Module, args: tuple[Any, ...], _: Any) -> None:
        given = args[0].detach().clone().requires_grad_()
        if not given.numel():
            raise refused("nothing-to-reduce")
        if not -given.dim() <= axis < given.dim():
            raise refused("dim-out-of-range", argument="axis", low=-given.dim(),
                          high=given.dim() - 1, got=axis)  # fmt: skip
        with torch.enable_grad():
            slope = torch.autograd.grad(type(module).forward(module, given).sum(), given)[0]
        rows = slope.movedim(axis, 0).flatten(1) if given.dim() > 1 else slope[:, None]
        shares.append(float((rows == 0).all(1).double().mean()))

    _run_with(m, x, ACTIVATIONS, see)
    return _found(shares, m)


@STATISTICS.function(Group.MEASURE)
def saturation(
    m: Model, x: Values, limit: Annotated[float, real(0.0, 1.0)] = 0.99
) -> tuple[float, ...]:
    """The share of saturated outputs in every bounded activation layer: sigmoid, tanh, their kin.

    An output y is saturated where |y| > limit, for a sigmoid where |2 y - 1| > limit.
    Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural
    networks", 2010
    Example: saturation(Sequential(Tanh()), tensor([[-9., 0., 1., 9.]])) -> (0.5,)
    """
    shares: list[float] = []

    def see(module: nn.Module, _: Any, output: torch.Tensor) -> None:
        if not output.numel():
            raise refused("nothing-to-reduce")
        centred = 2 * output - 1 if isinstance(module, FROM_ZERO) else output
        shares.append(float((centred.abs() > limit).double().mean()))

    _run_with(m, x, BOUNDED, see)
    return _found(shares, m)


def _run_with(
    m: Layer, x: torch.Tensor, kinds: tuple[type[nn.Module], ...], see: Callable[..., Any]
) -> None:
    check_elements(x.shape)
    with hooked(m, kinds, see):
        run_layer(m, (x,))


def _found(shares: list[float], m: Layer) -> tuple[float, ...]:
    if not shares:
        raise refused("no-activation", layer=m.code[:60])
    return tuple(shares)
