"""What a listed name of the language is, as plain frozen data that crosses the process boundary.

Promise: made by the worker from docstrings and checks, read by whoever explains a name. Must not
import torch and must not word anything: the words of `kind` stand in `app/locale`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a parameter takes, as its check tests it.

    `kind` is a word of `app/locale` (whole, real, sizes, flag, dtype, shape, tensor, layer, words,
    dims, ...); `low` and `high` are written numbers or empty, `words` the texts that are allowed
    (or, for another kind, the type as it stands in the code), `dims` how many sizes make a tuple.
    """

    kind: str
    low: str = ""
    high: str = ""
    words: tuple[str, ...] = ()
    dims: int = 0


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a listed name. `default` is None where a value must be given."""

    name: str
    allowed: Allowed
    default: str | None = None
    optional: bool = False
    """Whether None may be given."""


@dataclass(frozen=True, slots=True)
class Example:
    """An expression and its value as `gradus measure` prints it."""

    expression: str
    value: str


@dataclass(frozen=True, slots=True)
class Documented:
    """What a listed name is, from its docstring and its checks.

    `summary` is the first sentence, `text` all paragraphs before sources and examples; `torch` is
    the PyTorch name it stands for, if any; `other_names` mean the same.
    """

    name: str
    group: str
    subject: str
    signature: str
    parameters: tuple[Parameter, ...]
    summary: str
    text: tuple[str, ...]
    sources: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    torch: str = ""
    other_names: tuple[str, ...] = ()
    method: bool = False
    unevaluated: bool = False
