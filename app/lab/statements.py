"""What a person typed, as statements: `k = 3`, `let k = 3`, `k = slider(3, 1, 11, 2)`, or an
expression.

Promise: a line ends where no bracket is open, so a long call may run over several lines; raises
`Refused` and nothing else. Must not evaluate.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.lab.sliders import Slider, in_order
from engine import limits
from engine.expression import Refused, evaluate_scalar, over_limit, parse, refused
from engine.grammar import check_binding
from engine.values import Scalar

_LET = re.compile(r"\s*(let\s+)?([^\W\d]\w*)\s*=(?!=)\s*")
_BARE_LET = re.compile(r"\s*let(\s+[^\W\d]\w*)?\s*$")
_OPENS, _CLOSES = "([{", ")]}"
_RANGE = (3, 4)


@dataclass(frozen=True, slots=True)
class Statement:
    """One line: an expression, with the name it is given if any."""

    source: str
    name: str | None = None
    slider: Slider | None = None

    @property
    def text(self) -> str:
        """As it is written."""
        return f"{self.name} = {self.source}" if self.name else self.source


def read(text: str) -> tuple[Statement, ...]:
    """The statements of a text, in order; every one is well formed. Raises Refused."""
    if len(text.encode("utf-8", "surrogatepass")) > limits.SOURCE_BYTES:
        raise over_limit("too-long", size=len(text), limit=limits.SOURCE_BYTES)
    return tuple(_statement(line) for line in logical_lines(text) if _says_something(line))


def complete(text: str) -> bool:
    """Whether no bracket and no quotation is open at the end."""
    return _open_at_end(text) == 0


def logical_lines(text: str) -> Iterator[str]:
    """Lines, those inside brackets joined."""
    held = ""
    for line in text.split("\n"):
        held = f"{held}\n{line}" if held else line
        if complete(held):
            yield held
            held = ""
    if held:
        yield held


def _open_at_end(text: str) -> int:
    depth, quote, comment = 0, "", False
    for char in text:
        if char == "\n":
            quote, comment = "", False
        elif comment:
            continue
        elif quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char == "#":
            comment = True
        elif char in _OPENS:
            depth += 1
        elif char in _CLOSES:
            depth = max(0, depth - 1)
    return depth


def _says_something(line: str) -> bool:
    return any(part.strip() and not part.lstrip().startswith("#") for part in line.split("\n"))


def _statement(line: str) -> Statement:
    if _BARE_LET.match(line):
        raise refused("let-without-value").located(line, "")
    given = _LET.match(line)
    if given is None:
        source = line.strip()
        if _slider_call(parsed(source)) is not None:
            raise refused("slider-needs-name", column=1).located(source, "")
        return Statement(source)
    name, source = given[2], line[given.end() :].strip()
    try:
        check_binding(name)
    except Refused as refusal:
        refusal.column = given.start(2) + 1
        raise refusal.located(line, name) from None
    call = _slider_call(parsed(source))
    return Statement(source, name, None if call is None else _slider(name, call, source))


def parsed(source: str) -> ast.expr:
    """The tree of an expression; raises Refused that knows its source."""
    try:
        return parse(source)
    except Refused as refusal:
        raise refusal.located(source, "") from None


def _slider_call(tree: ast.expr) -> ast.Call | None:
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id == "slider":
        return tree
    return None


def _slider(name: str, call: ast.Call, source: str) -> Slider:
    misfit = refused("slider-form", column=call.col_offset + 1).located(source, name)
    if call.keywords or not call.args:
        raise misfit
    value = _scalar(call.args[0], source)
    rest = call.args[1:]
    if len(rest) == 1 and isinstance(rest[0], ast.List | ast.Tuple) and rest[0].elts:
        choices = in_order([_scalar(element, source) for element in rest[0].elts])
        return Slider(name, value, value, choices)
    numbers = [_scalar(part, source) for part in rest]
    if len(call.args) not in _RANGE or not all(
        isinstance(number, int | float) and not isinstance(number, bool) and abs(number) < 1e15
        for number in (value, *numbers)
    ):
        raise misfit
    low, high, step = (*numbers, 1)[:3]
    assert isinstance(low, int | float)
    assert isinstance(high, int | float)
    assert isinstance(step, int | float)
    if not (step > 0 and high >= low):
        raise misfit
    return Slider(name, value, value, (), low, high, step)


def _scalar(node: ast.expr, source: str) -> Scalar:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    value = evaluate_scalar(ast.unparse(node), {})
    if isinstance(value, tuple):
        raise refused("slider-form", column=node.col_offset + 1).located(source, "")
    return value
