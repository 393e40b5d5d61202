"""What every listed name is, asked of the functions themselves: signature, checks, docstring.

Promise: nothing is kept beside the code: names, defaults and ranges are those that a call meets.
Must not measure.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Annotated, Final, get_args, get_origin, get_type_hints

import torch
from torch import nn
from torch.optim import lr_scheduler

from engine.documentation import Read, read
from engine.documented import Allowed, Documented, Parameter
from engine.library import Function, Group, Library
from engine.runtime.arguments import Rule, dtype_name

_ROOM: Final = "engine.runtime."
_ORDER: Final = (
    Group.LAYER, Group.NETWORK, Group.TENSOR, Group.FUNCTION, Group.MEASURE, Group.SCALAR,
)  # fmt: skip
_HIDDEN: Final = ("site", "code", "evaluator", "call")
_PLACES: Final = (
    (nn.functional, "torch.nn.functional"), (torch, "torch"), (torch.Tensor, "torch.Tensor"),
)  # fmt: skip
_KINDS: Final = {
    "bool": "flag", "float": "real", "int": "whole", "Tensor": "tensor", "Layer": "layer",
    "str": "text",
}  # fmt: skip
"""Words for plain annotations, which carry no check of ours."""


def documentation(library: Library) -> tuple[Documented, ...]:
    """Every listed name: layers first, then networks, tensors, functions and measures."""
    names: dict[int, list[str]] = {}
    for name, function in library.items():
        names.setdefault(id(function.call), []).append(name)
    return tuple(
        _documented(function, tuple(n for n in names[id(function.call)] if n != function.name))
        for group in _ORDER
        for function in library.values()
        if function.group is group
    )


def _documented(function: Function, other_names: tuple[str, ...]) -> Documented:
    doc = read(function.doc)
    signature = _signature(function, doc)
    doc = doc.without(f"{signature}:")
    parameters = () if function.lazy else _parameters(function.call)
    return Documented(
        name=function.name,
        group=function.group.value,
        subject=_subject(function.call.__module__),
        signature=signature,
        parameters=parameters,
        summary=doc.summary,
        text=doc.text,
        sources=doc.sources,
        examples=doc.examples,
        torch=torch_name(function),
        other_names=other_names,
        method=function.method,
        unevaluated=function.lazy,
    )


def _subject(module: str) -> str:
    """The file a function stands in, or the folder of a subject that needs several files."""
    return ".".join(module.removeprefix(_ROOM).removeprefix("engine.").split(".")[:2])


def torch_name(function: Function) -> str:
    """The name in PyTorch that a listed one stands for; empty where it is our own."""
    name = function.name
    if function.group is Group.LAYER:
        return f"torch.nn.{name}" if hasattr(nn, name) else ""
    if function.group not in (Group.FUNCTION, Group.TENSOR):
        return ""
    if name[0].isupper():
        places = ((torch.optim, "torch.optim"), (lr_scheduler, "torch.optim.lr_scheduler"))
        return next((f"{path}.{name}" for place, path in places if hasattr(place, name)), "")
    return next((f"{path}.{name}" for place, path in _PLACES if hasattr(place, name)), "")


def _shown(call: Callable[..., object]) -> list[inspect.Parameter]:
    parameters = inspect.signature(call).parameters.values()
    return [p for p in parameters if p.name not in _HIDDEN]


def _signature(function: Function, doc: Read) -> str:
    if function.lazy:
        return _written(function.name, doc)
    words: list[str] = []
    starred = False
    for parameter in _shown(function.call):
        many = parameter.kind is parameter.VAR_POSITIONAL
        if parameter.kind is parameter.KEYWORD_ONLY and not starred:
            words.append("*")
        starred = starred or many or parameter.kind is parameter.KEYWORD_ONLY
        default = _default(parameter)
        star = "*" if many else "**" if parameter.kind is parameter.VAR_KEYWORD else ""
        words.append(star + parameter.name + ("" if default is None else f"={default}"))
    return f"{function.name}({', '.join(words)})"


def _written(name: str, doc: Read) -> str:
    """How the docstring itself writes the call: a function of unevaluated arguments."""
    for text in (*doc.text, *(example.expression for example in doc.examples)):
        if found := re.search(rf"(?<![\w.]){re.escape(name)}\([^()]*\)", text):
            return found[0]
    return f"{name}(...)"


def _parameters(call: Callable[..., object]) -> tuple[Parameter, ...]:
    hints = get_type_hints(call, include_extras=True)
    return tuple(
        Parameter(
            parameter.name,
            _allowed(hints.get(parameter.name, object)),
            _default(parameter),
            type(None) in get_args(hints.get(parameter.name)),
        )
        for parameter in _shown(call)
    )


def _default(parameter: inspect.Parameter) -> str | None:
    if parameter.default is parameter.empty:
        return None
    if isinstance(parameter.default, torch.dtype):
        return dtype_name(parameter.default)
    return repr(parameter.default)


def _allowed(hint: object) -> Allowed:
    """What the check in a hint allows; of a check that cannot say, the type it is written for."""
    options = [option for option in get_args(hint) if option is not type(None)]
    if get_origin(hint) is Annotated:
        kind, check = get_args(hint)[:2]
        return check.allowed if isinstance(check, Rule) else _allowed(kind)
    checked = [option for option in options if get_origin(option) is Annotated]
    if checked:
        return _allowed(checked[0])
    if type(None) in get_args(hint) and len(options) == 1:
        return _allowed(options[0])
    name = getattr(hint, "__name__", "")
    if hint is object or name == "Any":
        return Allowed("any")
    if not get_args(hint) and name in _KINDS:
        return Allowed(_KINDS[name])
    text = re.sub(r"\b(?:typing|torch|collections\.abc|engine\.[a-z_.]+)\.", "", str(hint))
    return Allowed("type", words=(name if not get_args(hint) and name else text,))
