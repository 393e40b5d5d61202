"""A data set as a value of the language, and its parts.

Promise: frozen; whatever changes data gives other data. Class numbers are int64, targets of a
regression real. Must not make data and must not train.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

import torch

from engine import limits
from engine.documented import Allowed
from engine.library import Group
from engine.refusal import over_limit, refused
from engine.runtime.arguments import Rule, kind_of, whole
from engine.runtime.foresight import check_elements
from engine.runtime.register import Register

DATA: Final = Register()


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Data:
    """Samples `x` (N, ...) with class numbers (N) or real targets `y`; `code` makes them again.

    `classes` is how many classes there are, None for a regression.
    """

    code: str
    x: torch.Tensor
    y: torch.Tensor
    classes: int | None

    def __len__(self) -> int:
        return self.x.shape[0]

    def __repr__(self) -> str:
        return self.code

    def picked(self, places: torch.Tensor | slice, code: str) -> Data:
        """Some of the samples."""
        return Data(code, self.x[places], self.y[places], self.classes)


def _data(value: object, argument: str) -> Data:
    if not isinstance(value, Data):
        raise refused("argument-data", argument=argument, got=kind_of(value))
    return value


Given = Annotated[Data, Rule(_data, Allowed("type", words=("data",)))]
Samples = Annotated[int, whole(2, limits.SAMPLES)]
Part = Annotated[int, whole(0, limits.SAMPLES)]


def check_sides(*sides: int) -> None:
    """Refuse data that would be too large before any of it is made."""
    check_elements(sides)


@DATA.function(Group.MEASURE)
def inputs_of(data: Given) -> torch.Tensor:
    """The samples of a data set: (N, features), (N, 1, 28, 28), (N, steps, features).

    Example: shape(inputs_of(make_rings(100))) -> (100, 2)
    """
    return data.x


@DATA.function(Group.MEASURE)
def targets_of(data: Given) -> torch.Tensor:
    """What is to be learned: class numbers (N), or real numbers (N, outputs).

    Example: targets_of(make_rings(4)) -> tensor([0, 1, 0, 1], dtype=int64)
    """
    return data.y


@DATA.function(Group.MEASURE)
def class_counts(data: Given) -> tuple[int, ...]:
    """How many samples each class has.

    Example: class_counts(make_gaussians((980, 20))) -> (980, 20)
    """
    if data.classes is None:
        raise refused("data-without-classes", argument="data")
    return tuple(int(n) for n in torch.bincount(data.y, minlength=data.classes))


@DATA.combinator("first_samples", group=Group.TENSOR)
def first_samples(data: Given, n: Part, *, site: object, code: str) -> Data:  # noqa: ARG001
    """The first n samples, as they lie.

    `first_samples(d, 1000)` to validate, `samples_after(d, 1000)` to train.

    Example: len(first_samples(make_rings(100), 30)) -> 30
    """
    _check_split(data, n)
    return data.picked(slice(0, n), code)


@DATA.combinator("samples_after", group=Group.TENSOR)
def samples_after(data: Given, n: Part, *, site: object, code: str) -> Data:  # noqa: ARG001
    """All samples but the first n.

    Example: len(samples_after(make_rings(100), 30)) -> 70
    """
    _check_split(data, n)
    return data.picked(slice(n, None), code)


def _check_split(data: Data, n: int) -> None:
    if n > len(data):
        raise refused("data-too-few", argument="n", got=n, most=len(data))


@DATA.combinator("joined_data", group=Group.TENSOR)
def joined_data(a: Given, b: Given, *, site: object, code: str) -> Data:  # noqa: ARG001
    """The samples of two data sets one after the other.

    With the validation set as b, this is how its answers leak into training.

    Example: len(joined_data(make_rings(100), make_rings(50))) -> 150
    """
    same = a.x.shape[1:] == b.x.shape[1:] and a.y.shape[1:] == b.y.shape[1:]
    if not same or (a.classes is None) != (b.classes is None):
        raise refused("data-differ", argument="b", a=tuple(a.x.shape), b=tuple(b.x.shape))
    if len(a) + len(b) > limits.SAMPLES:
        raise over_limit("argument-too-large", argument="b", got=len(a) + len(b),
                         high=limits.SAMPLES)  # fmt: skip
    check_elements((len(a) + len(b), *a.x.shape[1:]))
    classes = None if a.classes is None or b.classes is None else max(a.classes, b.classes)
    return Data(code, torch.cat([a.x, b.x]), torch.cat([a.y, b.y]), classes)
