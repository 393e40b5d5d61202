"""The meeting point of the language and what it may call: function descriptions, no torch.

Promise: `engine.expression` knows functions only as `Function`, and values it cannot handle
itself (tensors, layers) only through `Arithmetic`. Must not import torch.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from engine.expression import Evaluator


class Group(StrEnum):
    """The chapter of the language a function belongs to."""

    SCALAR = "scalar"
    LAYER = "layer"
    NETWORK = "network"
    TENSOR = "tensor"
    FUNCTION = "function"
    MEASURE = "measure"


@dataclass(frozen=True, slots=True)
class Site:
    """Where a call stands: `seed` is derived from the job's seed and the call's position."""

    seed: int
    source: str
    column: int


@dataclass(frozen=True, slots=True)
class Function:
    """One listed name.

    `call(*args, **kwargs)` gets evaluated arguments. With `lazy` it gets
    `call(evaluator, node)` instead: the unevaluated `ast.Call` (for `code`, `gradient`).
    With `sited` it gets a keyword `site: Site` (random calls and layers, whose weights are
    random). `method` says whether `x.name(...)` is read as `name(x, ...)`.
    """

    name: str
    call: Callable[..., object]
    group: Group
    doc: str = ""
    lazy: bool = False
    sited: bool = False
    method: bool = False


Library = Mapping[str, Function]


class Arithmetic(Protocol):
    """What the runtime does with values that are no plain scalars or sequences.

    Each method raises `engine.expression.Refused` (bad expression or limit) with a message code;
    the evaluator adds source and column.
    """

    def handles(self, value: object) -> bool:
        """True for tensors, layers and dtypes."""
        ...

    def binary(self, operator: type[ast.operator], left: object, right: object) -> object:
        """`left operator right` where at least one side is handled."""
        ...

    def unary(self, operator: type[ast.unaryop], operand: object) -> object:
        """`operator operand`."""
        ...

    def compare(self, operator: type[ast.cmpop], left: object, right: object) -> object:
        """`left operator right`; elementwise for tensors."""
        ...

    def subscript(self, value: object, index: object) -> object:
        """`value[index]`; index is an int, slice, None or a tuple of these."""
        ...

    def truth(self, value: object) -> bool:
        """Whether a condition holds; refuses tensors of more than one element."""
        ...

    def apply(
        self, value: object, args: tuple[object, ...], kwargs: Mapping[str, object], site: Site
    ) -> object:
        """A layer called on an input: `m(x)`."""
        ...

    def attribute(self, value: object, name: str) -> object:
        """`.shape` or `.T` of a tensor, or refused."""
        ...


LazyCall = Callable[["Evaluator", ast.Call], object]
