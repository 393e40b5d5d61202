"""Layers made of layers: Sequential, Residual, Parallel, Repeat; and those that only reshape.

Promise: a combinator keeps PyTorch's semantics of sharing: the same named layer used twice has
one set of weights. `Repeat` makes independent copies. Must not compute values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Final

import torch
from torch import nn

from engine import limits
from engine.documented import Allowed
from engine.library import Site
from engine.refusal import over_limit, refused
from engine.runtime.arguments import Count, Dim, Model, Rule, whole
from engine.runtime.foresight import check_elements
from engine.runtime.ghosts import sizes_only
from engine.runtime.layer import Assemble, Layer
from engine.runtime.register import Register

COMBINING: Final = Register()


def composed(code: str, assemble: object, parts: Sequence[Layer], site: Site) -> Layer:
    """A layer of layers, its modules counted first."""
    count = 1 + sum(sum(1 for _ in part.twin.modules()) for part in parts)
    if count > limits.MODULES:
        raise over_limit("too-many-modules", got=count, high=limits.MODULES)
    return Layer(code, assemble, site.seed, tuple(parts))  # type: ignore[arg-type]


@COMBINING.combinator("Sequential", prefix="nn.")
def sequential(*layers: Model, site: Site, code: str) -> Layer:
    """One layer after the other. The same named layer twice shares its weights.

    Example: parameters(nn.Sequential(nn.Linear(784, 100), nn.ReLU(), nn.Linear(100, 10))) ->
    79510
    """
    return composed(code, lambda modules: nn.Sequential(*modules), layers, site)


@COMBINING.combinator("Residual")
def residual(body: Model, shortcut: Model | None = None, *, site: Site, code: str) -> Layer:
    """body(x) + shortcut(x), where the shortcut is x itself unless given.

    Both shapes must agree.

    Source: He et al. 2015.
    Example: output_shape(Residual(nn.Conv2d(8, 8, 3, padding=1)), (1, 8, 5, 5)) -> (1, 8, 5, 5)
    Example: Residual(nn.ReLU())(tensor([-1., 2.])) -> tensor([-1.0, 4.0], dtype=float32)
    """
    parts = (body,) if shortcut is None else (body, shortcut)
    return composed(code, lambda modules: Residual(*modules), parts, site)


@COMBINING.combinator("frozen")
def frozen(m: Model, *, site: Site, code: str) -> Layer:  # noqa: ARG001 - weights stay the model's
    """The same model, weights and all, which training does not change.

    As requires_grad=False on every parameter: they count as parameters, not as trainable. The
    model given stays as it is.

    Example: trainable(Sequential(frozen(Linear(8, 8)), Linear(8, 2))) -> 18
    """
    return _frozen(m, code, {})


def _frozen(layer: Layer, code: str, made: dict[int, Layer]) -> Layer:
    if id(layer) not in made:
        parts = tuple(_frozen(part, part.code, made) for part in layer.parts)
        made[id(layer)] = replace(
            layer, code=code, assemble=_without_gradients(layer.assemble), parts=parts, kind="",
            inner=False, surveys={}, _real={},
        )  # fmt: skip
    return made[id(layer)]


def _without_gradients(assemble: Assemble) -> Assemble:
    return lambda modules: assemble(modules).requires_grad_(False)


@COMBINING.combinator("Parallel")
def parallel(*branches: Model, dim: Dim = 1, site: Site, code: str) -> Layer:
    """Every branch sees x; their outputs are concatenated along dim, the channels unless told.

    All other sides must agree.

    Source: Szegedy et al. 2014 (Inception).
    Example: output_shape(Parallel(nn.Conv2d(8, 4, 1), nn.Conv2d(8, 6, 1)), (1, 8, 5, 5)) -> (1,
    10, 5, 5)
    """
    if not branches:
        raise refused("missing-argument", function="Parallel", name="branches")
    return composed(code, lambda modules: Parallel(modules, dim), branches, site)


@COMBINING.combinator("Repeat")
def repeat(n: Count, layer: Model, *, site: Site, code: str) -> Layer:
    """n independent copies of a layer, one after the other: each has weights of its own.

    Example: parameters(Repeat(3, nn.Linear(4, 4))) -> 60
    """
    modules = sum(1 for _ in layer.twin.modules())
    if n * modules + 1 > limits.MODULES:
        raise over_limit("too-many-modules", got=n * modules + 1, high=limits.MODULES)
    copies = [layer.again(index) for index in range(n)]
    return composed(code, lambda modules: nn.Sequential(*modules), copies, site)


class Residual(nn.Module):
    """The sum of two paths."""

    def __init__(self, body: nn.Module, shortcut: nn.Module | None = None) -> None:
        super().__init__()
        self.body = body
        self.shortcut = shortcut

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        way: torch.Tensor = self.body(x)
        past: torch.Tensor = x if self.shortcut is None else self.shortcut(x)
        if way.shape != past.shape:
            raise refused("residual-shapes", body=tuple(way.shape), shortcut=tuple(past.shape))
        return way if sizes_only(way) and way.dtype == past.dtype else way + past


class Parallel(nn.Module):
    """Branches side by side, concatenated."""

    def __init__(self, branches: Sequence[nn.Module], dim: int) -> None:
        super().__init__()
        self.branches = nn.ModuleList(branches)
        self.dim = dim

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        outputs: list[torch.Tensor] = [branch(x) for branch in self.branches]
        first = outputs[0].shape
        if not -len(first) <= self.dim < len(first):
            raise refused("dim-out-of-range", low=-len(first), high=len(first) - 1, got=self.dim)
        dim = self.dim % len(first)
        for output in outputs[1:]:
            rest = [s for i, s in enumerate(output.shape) if i != dim]
            if len(output.shape) != len(first) or rest != [
                s for i, s in enumerate(first) if i != dim
            ]:
                raise refused("branch-shapes", a=tuple(first), b=tuple(output.shape), dim=dim)
        if x.device.type != "meta":
            check_elements((sum(output.numel() for output in outputs),))
        if not sizes_only(x):
            return torch.cat(outputs, dim)
        sides = list(first)
        sides[dim] = sum(output.shape[dim] for output in outputs)
        return outputs[0].new_empty(sides)


@COMBINING.layer("Flatten")
def flatten(start_dim: Dim = 1, end_dim: Dim = -1) -> nn.Module:
    """The axes from start_dim to end_dim joined into one, the batch kept.

    (N, *) -> (N, product of the rest).

    Example: output_shape(nn.Flatten(), (32, 16, 5, 5)) -> (32, 400)
    """
    return nn.Flatten(start_dim, end_dim)


def _unflattened(value: object, argument: str) -> tuple[int, ...]:
    if not isinstance(value, tuple):
        raise refused("argument-shape", argument=argument)
    check = whole(-1)
    return tuple(check(side, argument) for side in value)  # type: ignore[misc]


Unflattened = Annotated[tuple[int, ...], Rule(_unflattened, Allowed("shape", "-1"))]


@COMBINING.layer("Unflatten")
def unflatten(dim: Dim, unflattened_size: Unflattened) -> nn.Module:
    """One axis split into several whose product it is; one of them may be -1.

    Example: output_shape(nn.Unflatten(1, (16, 5, 5)), (32, 400)) -> (32, 16, 5, 5)
    """
    return nn.Unflatten(dim, unflattened_size)
