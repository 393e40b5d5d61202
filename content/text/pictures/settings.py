"""What sets training runs apart, read off their code: `lr=0.5` beside `lr=0.01`.

Promise: one short text for each run, all of them different, or none at all where the code does
not tell them apart in a few words. Must not evaluate.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

_LONGEST = 34
"""Characters of a text that still names a curve."""


def settings(codes: Sequence[str]) -> tuple[str, ...]:
    """Where the codes differ, each in its own words."""
    try:
        nodes = [ast.parse(code, mode="eval").body for code in codes]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    told = tuple(", ".join(parts) for parts in zip(*_differences(nodes), strict=True))
    sound = len(set(told)) == len(codes) and all(0 < len(text) <= _LONGEST for text in told)
    return told if sound else ()


def _differences(nodes: Sequence[ast.expr]) -> list[tuple[str, ...]]:
    """The smallest parts in which they differ, each with its text in every code."""
    if len({ast.dump(node) for node in nodes}) == 1:
        return []
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    if len(calls) < len(nodes) or not _alike(calls):
        return [tuple(map(_words, nodes))]
    found: list[tuple[str, ...]] = []
    for place in range(len(calls[0].args)):
        found += _differences([call.args[place] for call in calls])
    for keyword in calls[0].keywords:
        values = [_given(call)[keyword.arg] for call in calls]
        for words in _differences(values):
            whole = words == tuple(map(_words, values))
            found.append(tuple(f"{keyword.arg}={w}" for w in words) if whole else words)
    return found


def _alike(calls: Sequence[ast.Call]) -> bool:
    """The same function with as many arguments of the same names."""
    forms = {
        (ast.dump(call.func), len(call.args), frozenset(_given(call)), len(call.keywords))
        for call in calls
    }
    return len(forms) == 1


def _given(call: ast.Call) -> dict[str | None, ast.expr]:
    return {keyword.arg: keyword.value for keyword in call.keywords}


def _words(node: ast.expr) -> str:
    return ast.unparse(node).replace("optim.", "").replace("nn.", "")
