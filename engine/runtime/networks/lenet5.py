"""LeNet-5, as written today and as published in 1998.

Promise: `lenet5()` is the dense form with 61,706 parameters; `lenet5(variant="paper")` has the
partly connected C3, the pooling with a coefficient and a bias, and the fixed output of LeCun,
Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition", 1998.
"""

from __future__ import annotations

from typing import Annotated, Final

import torch
from torch import nn
from torch.nn import functional

from engine.library import Group, Site
from engine.runtime.arguments import words
from engine.runtime.layer import Layer, derived
from engine.runtime.register import Register

LENET5: Final = Register()

_C3: Final = (
    (0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5),
    (0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5), (0, 1, 2, 5),
    (0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5),
    (0, 1, 2, 3, 4, 5),
)  # fmt: skip
"""The maps of S2 that each map of C3 sees: table I of the paper."""


class TrainablePool2d(nn.Module):
    """Sums each window, times a coefficient per map, plus a bias per map."""

    def __init__(self, channels: int, kernel_size: int) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.coefficient = nn.Parameter(torch.full((channels,), 1.0 / kernel_size**2))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        total = functional.avg_pool2d(x, self.kernel_size) * self.kernel_size**2
        return total * self.coefficient[:, None, None] + self.bias[:, None, None]


class PartialConv2d(nn.Module):
    """A convolution whose output maps each see only the input maps of a table."""

    def __init__(self, table: tuple[tuple[int, ...], ...], kernel_size: int) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.out_channels = len(table)
        self.pairs = [(out, given) for out, row in enumerate(table) for given in row]
        reach = (2.4 / (kernel_size**2 * max(map(len, table)))) ** 0.5
        weight = torch.empty(len(self.pairs), 1, kernel_size, kernel_size)
        self.weight = nn.Parameter(nn.init.uniform_(weight, -reach, reach))
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        sources = torch.tensor([given for _, given in self.pairs], device=x.device)
        targets = torch.tensor([out for out, _ in self.pairs], device=x.device)
        single = functional.conv2d(x[:, sources], self.weight, groups=len(self.pairs))
        joined = single.new_zeros(x.shape[0], self.out_channels, *single.shape[-2:])
        return joined.index_add(1, targets, single) + self.bias[:, None, None]


class Euclidean(nn.Module):
    """Squared distances from fixed points: LeNet-5's output, one point of -1 and 1 per digit."""

    def __init__(self, in_features: int, out_features: int) -> None:
        super().__init__()
        self.in_features = in_features
        points = torch.ones(out_features, in_features)
        nn.init.uniform_(points, -1.0, 1.0)
        self.weight = nn.Parameter(torch.sign(points), requires_grad=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (x[:, None, :] - self.weight).square().sum(-1)


def _leaf(code: str, module: object, seed: int, *, alike: bool = False) -> Layer:
    return Layer(code, lambda _: module(), seed, alike=alike)  # type: ignore[operator]


@LENET5.combinator("lenet5", group=Group.NETWORK)
def lenet5(
    variant: Annotated[str, words("modern", "paper")] = "modern", *, site: Site, code: str
) -> Layer:
    """(N, 1, 32, 32) -> (N, 10): layers C1, S2, C3, S4, C5, F6 and output; see `part`.

    "modern": average pooling, C3 sees every map, tanh, a linear output. "paper": C3 sees some maps
    only, pooling has a coefficient and a bias per map, the output is the squared distance from
    fixed points (random here, drawn digits there). Its tanh is plain, after convolutions
    and F6 only; the paper's is 1.7159 tanh(2 x / 3), after pooling too.
    Source: LeCun, Bottou, Bengio, Haffner, Gradient-based learning applied to document
    recognition, 1998.
    Example: parameters(lenet5()) -> 61706
    Example: trainable(lenet5(variant="paper")) -> 60000
    """
    layers = _paper() if variant == "paper" else _modern()
    parts = {
        name: _leaf(text, module, derived(site.seed, name), alike=alike)
        for name, text, module, alike in layers
    }
    names = tuple(parts)

    def assemble(modules: object) -> nn.Module:
        network = nn.Sequential()
        for name, module in zip(names, modules, strict=True):  # type: ignore[call-overload]
            network.add_module(name, module)
        return network

    return Layer(code, assemble, site.seed, tuple(parts.values()))


Row = tuple[str, str, object, bool]


def _modern() -> list[Row]:
    return [
        ("C1", "nn.Conv2d(1, 6, 5)", lambda: nn.Conv2d(1, 6, 5), False),
        ("tanh1", "nn.Tanh()", nn.Tanh, True),
        ("S2", "nn.AvgPool2d(2)", lambda: nn.AvgPool2d(2), False),
        ("C3", "nn.Conv2d(6, 16, 5)", lambda: nn.Conv2d(6, 16, 5), False),
        ("tanh3", "nn.Tanh()", nn.Tanh, True),
        ("S4", "nn.AvgPool2d(2)", lambda: nn.AvgPool2d(2), False),
        ("C5", "nn.Conv2d(16, 120, 5)", lambda: nn.Conv2d(16, 120, 5), False),
        ("tanh5", "nn.Tanh()", nn.Tanh, True),
        ("flatten", "nn.Flatten()", nn.Flatten, False),
        ("F6", "nn.Linear(120, 84)", lambda: nn.Linear(120, 84), False),
        ("tanh6", "nn.Tanh()", nn.Tanh, True),
        ("output", "nn.Linear(84, 10)", lambda: nn.Linear(84, 10), False),
    ]


def _paper() -> list[Row]:
    layers = {name: (name, text, module, alike) for name, text, module, alike in _modern()}
    layers["S2"] = ("S2", "S2: 6 coefficients, 6 biases", lambda: TrainablePool2d(6, 2), False)
    layers["C3"] = ("C3", "C3: 60 kernels 5x5, 16 biases", lambda: PartialConv2d(_C3, 5), False)
    layers["S4"] = ("S4", "S4: 16 coefficients, 16 biases", lambda: TrainablePool2d(16, 2), False)
    layers["output"] = ("output", "output: 10 fixed points", lambda: Euclidean(84, 10), False)
    return list(layers.values())
