"""Measured expressions as a person reads them: bindings by name, long code in lines.

Promise: `lenet = LeNet5()` once, then `parameters(lenet)`; only a whole call is replaced, so the
line still means the same. Must not measure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from engine.protocol import TraceStep

_CALL = re.compile(r"[A-Za-z_][\w.]*\(.*\)", re.DOTALL)
_OPERATOR = re.compile(r" (?:[-+*/@%]|//|\*\*|[<>]=?|[=!]=|and|or|if|else) ")
_OWN = ("measure", "solution", "value")
"""Names of measures, which no expression can use."""


def with_names(
    steps: Iterable[TraceStep], names: Iterable[str] | None = None
) -> Iterator[tuple[str, str, TraceStep]]:
    """Each step's name (empty where it has none of its own), its expression, and the step.

    `names` are the bindings; without them every name an expression could use is one.
    """
    known = None if names is None else frozenset(names)
    bound: list[tuple[str, str]] = []
    for step in steps:
        binds = (
            step.name.isidentifier() and step.name not in _OWN
            if known is None
            else step.name in known
        )
        expression = step.expression
        for name, source in reversed(bound):
            expression = _replaced(expression, source, name)
        yield step.name if binds else "", expression, step
        if binds and _whole_call(step.expression):
            bound.append((step.name, step.expression))


def _replaced(text: str, source: str, name: str) -> str:
    return re.sub(rf"(?<![\w.]){re.escape(source)}", lambda _: name, text)


def _whole_call(text: str) -> bool:
    """`f(...)` whose last bracket closes its first; `f(1) + g(2)` is none."""
    if not _CALL.fullmatch(text):
        return False
    depth = 0
    for place, char in enumerate(text):
        depth += (char in "([{") - (char in ")]}")
        if depth == 0 and char == ")":
            return place == len(text) - 1
    return False


def code_lines(text: str, fits: int) -> list[str]:
    """Code in lines of at most `fits` characters where that can be: broken before the operators
    outside any bracket, then at the commas of the outermost bracket that does not fit, its parts
    filled in, indented by two."""
    if len(text) <= fits:
        return [text]
    first, *others = _operands(text)
    if others:
        whole = code_lines(first, fits)
        for other in others:
            if len(whole[-1]) + 1 + len(other) <= fits:
                whole[-1] += f" {other}"
            else:
                whole += code_lines(other, fits)
        return whole
    start = text.find("(")
    if start < 0 or not text.rstrip(",").endswith(")"):
        return [text]
    tail = text[len(text.rstrip(",")) :]
    body = text[start + 1 : len(text) - len(tail) - 1]
    parts = _parts(body)
    rows: list[str] = []
    line = ""
    for n, part in enumerate(parts):
        piece = part + ("," if n < len(parts) - 1 else "")
        joined = f"{line} {piece}" if line else piece
        if len(joined) <= fits - 2:
            line = joined
            continue
        rows += [line] if line else []
        *before, line = code_lines(piece, fits - 2)
        if before:
            rows += [*before, line]
            line = ""
    rows += [line] if line else []
    return [text[: start + 1], *(f"  {row}" for row in rows), f"){tail}"]


def _operands(text: str) -> list[str]:
    """The text cut before each spaced operator outside any bracket or quotation."""
    parts, depth, begin, quote = [], 0, 0, ""
    for place, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif depth == 0 and place > begin and _OPERATOR.match(text, place):
            parts.append(text[begin:place])
            begin = place + 1
        else:
            depth += (char in "([{") - (char in ")]}")
    return [*parts, text[begin:]]


def _parts(text: str) -> list[str]:
    """What stands between the commas outside any bracket or quotation."""
    parts, depth, begin, quote = [], 0, 0, ""
    for place, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char == "," and depth == 0:
            parts.append(text[begin:place].strip())
            begin = place + 1
        else:
            depth += (char in "([{") - (char in ")]}")
    return [*parts, text[begin:].strip()]
