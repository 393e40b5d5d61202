"""Why a call does not fit, where its argument stands, and which name was probably meant.

Promise: looks at descriptions of functions only and calls none. Must not import torch.
"""

from __future__ import annotations

import ast
import difflib
import inspect
from collections.abc import Iterable, Mapping
from typing import Final

from engine.library import Function
from engine.refusal import Refused, refused

_SHORT: Final = 4


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that is most like it, capitals aside if need be; empty if none is."""
    names = list(known)
    # One slip in a short name changes more of it than one in a long name.
    cutoff = 0.6 if len(name) <= _SHORT else 0.7
    if close := difflib.get_close_matches(name, names, n=1, cutoff=cutoff):
        return close[0]
    folded = {candidate.casefold(): candidate for candidate in names}
    close = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.7)
    return folded[close[0]] if close else ""


def _parameters(function: Function) -> list[inspect.Parameter]:
    parameters = inspect.signature(function.call).parameters.values()
    return [parameter for parameter in parameters if parameter.name != "site"]


def misfit(
    function: Function, args: tuple[object, ...], kwargs: Mapping[str, object]
) -> Refused | None:
    """Why the arguments do not fit the function's parameters; None if they do."""
    parameters = _parameters(function)
    names = [p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters)
    for name in kwargs:
        if name != "site" and name not in names and not takes_any:
            return refused(
                "unexpected-argument",
                function=function.name,
                name=name,
                nearest=nearest(name, names),
            )
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    if len(args) > len(positional) and not any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return refused("too-many-arguments", function=function.name, limit=len(positional))
    given = {p.name for p in positional[: len(args)]}
    for name in kwargs:
        if name in given:
            return refused("argument-twice", name=name)
    for parameter in parameters:
        variable = parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
        missing = parameter.default is parameter.empty and not variable
        if missing and parameter.name not in given and parameter.name not in kwargs:
            return refused("missing-argument", function=function.name, name=parameter.name)
    return None


def argument_column(
    function: Function, node: ast.Call, refusal: Refused, skipped: int
) -> int | None:
    """Where the argument stands that a function found fault with."""
    name = refusal.detail("argument")
    for named in node.keywords:
        if named.arg == name:
            return named.value.col_offset + 1
    names = [parameter.name for parameter in _parameters(function)]
    place = names.index(name) - skipped if name in names else -1
    return node.args[place].col_offset + 1 if 0 <= place < len(node.args) else None
