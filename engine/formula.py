"""Trees as formulas in plain text: `k*k*c // 2` becomes `⌊k · k · c / 2⌋`.

Promise: text for reading, the same for every language of the interface; brackets stand only where
they are needed. Calls that are no mathematics stay code. Must not import torch.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Final

from engine.scalars import SCALARS


class _Bond(IntEnum):
    """How tightly a text holds together; weaker ones need brackets inside stronger ones."""

    CONDITIONAL = 0
    OR = 1
    AND = 2
    NOT = 3
    COMPARISON = 4
    SUM = 5
    PRODUCT = 6
    SIGN = 7
    POWER = 8
    ATOM = 9


_BINARY: Final[Mapping[type[ast.operator], tuple[str, _Bond]]] = {
    ast.Add: (" + ", _Bond.SUM),
    ast.Sub: (" - ", _Bond.SUM),
    ast.Mult: (" · ", _Bond.PRODUCT),
    ast.Div: (" / ", _Bond.PRODUCT),
    ast.Mod: (" mod ", _Bond.PRODUCT),
    ast.MatMult: (" @ ", _Bond.PRODUCT),
}
_COMPARED: Final[Mapping[type[ast.cmpop], str]] = {
    ast.Eq: " = ", ast.NotEq: " ≠ ", ast.Lt: " < ", ast.LtE: " ≤ ", ast.Gt: " > ", ast.GtE: " ≥ ",
}  # fmt: skip
_AROUND: Final = {"floor": ("⌊", "⌋"), "ceil": ("⌈", "⌉"), "abs": ("|", "|")}
_NAMED: Final = {"log": "ln", "log2": "log₂", "log10": "log₁₀"}
_SYMBOLS: Final = {"pi": "π", "inf": "∞", "nan": "NaN"}
_RAISED: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_GROUPED_FROM: Final = 10_000

_Written = tuple[str, _Bond]


def formula(tree: ast.expr) -> str:
    """The tree as a formula."""
    return _written(tree)[0]


def _written(node: ast.expr) -> _Written:
    write = _WRITERS.get(type(node))
    return (ast.unparse(node), _Bond.ATOM) if write is None else write(node)


def _held(node: ast.expr, bond: _Bond, *, first: bool = False) -> str:
    """The text of a part, in brackets if it holds together more loosely than `bond`."""
    text, own = _written(node)
    hidden_sign = text.startswith("-") and not first and bond >= _Bond.SUM
    return f"({text})" if own < bond or hidden_sign else text


def _constant(node: ast.Constant) -> _Written:
    value = node.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return repr(value), _Bond.ATOM
    if isinstance(value, float) and value.is_integer() and abs(value) < _GROUPED_FROM:
        value = int(value)
    grouped = isinstance(value, int) and abs(value) >= _GROUPED_FROM
    text = f"{value:,}" if grouped else _SYMBOLS["inf"] if value == math.inf else repr(value)
    return text, _Bond.SIGN if text.startswith("-") else _Bond.ATOM


def _name(node: ast.Name) -> _Written:
    return _SYMBOLS.get(node.id, node.id), _Bond.ATOM


def _operand(node: ast.expr) -> ast.expr:
    """True and False count as 1 and 0 where they are calculated with."""
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        return ast.Constant(int(node.value))
    return node


def _binary(node: ast.BinOp) -> _Written:
    left, right = _operand(node.left), _operand(node.right)
    if isinstance(node.op, ast.Pow):
        return _power(left, right), _Bond.POWER
    if isinstance(node.op, ast.FloorDiv):
        quotient, _ = _binary(ast.BinOp(left, ast.Div(), right))
        return f"⌊{quotient}⌋", _Bond.ATOM
    symbol, bond = _BINARY[type(node.op)]
    # a + (b - c) and a · (b · c) read the same without brackets.
    inner = right.op if isinstance(right, ast.BinOp) else None
    loose = (isinstance(node.op, ast.Add) and isinstance(inner, ast.Add | ast.Sub)) or (
        isinstance(node.op, ast.Mult) and isinstance(inner, ast.Mult)
    )
    tighter = bond if loose else _Bond(bond + 1)
    return f"{_held(left, bond, first=True)}{symbol}{_held(right, tighter)}", bond


def _power(base: ast.expr, exponent: ast.expr) -> str:
    raised, _ = _written(exponent)
    below = _held(base, _Bond.ATOM)
    if raised.lstrip("-").isdecimal():
        return below + raised.translate(_RAISED)
    return f"{below}^{_held(exponent, _Bond.ATOM)}"


def _unary(node: ast.UnaryOp) -> _Written:
    if isinstance(node.op, ast.Not):
        return f"not {_held(node.operand, _Bond.NOT)}", _Bond.NOT
    operand = _held(_operand(node.operand), _Bond.SIGN)
    return (f"-{operand}", _Bond.SIGN) if isinstance(node.op, ast.USub) else (operand, _Bond.SIGN)


def _bool(node: ast.BoolOp) -> _Written:
    word, bond = (" or ", _Bond.OR) if isinstance(node.op, ast.Or) else (" and ", _Bond.AND)
    return word.join(_held(part, _Bond(bond + 1)) for part in node.values), bond


def _compare(node: ast.Compare) -> _Written:
    text = _held(node.left, _Bond.SUM, first=True)
    for operator, part in zip(node.ops, node.comparators, strict=True):
        text += _COMPARED[type(operator)] + _held(part, _Bond.SUM, first=True)
    return text, _Bond.COMPARISON


def _conditional(node: ast.IfExp) -> _Written:
    body, test = _held(node.body, _Bond.OR), _held(node.test, _Bond.OR)
    return f"{body} if {test} else {_written(node.orelse)[0]}", _Bond.CONDITIONAL


def _call(node: ast.Call) -> _Written:
    if not isinstance(node.func, ast.Name) or node.func.id not in SCALARS or node.keywords:
        return ast.unparse(node), _Bond.ATOM
    name = node.func.id
    if len(node.args) == 1:
        if name in _AROUND:
            before, behind = _AROUND[name]
            return f"{before}{_written(node.args[0])[0]}{behind}", _Bond.ATOM
        if name == "sqrt":
            return f"√{_held(node.args[0], _Bond.ATOM)}", _Bond.ATOM
    return f"{_NAMED.get(name, name)}({_listed(node.args)})", _Bond.ATOM


def _tuple(node: ast.Tuple) -> _Written:
    ending = "," if len(node.elts) == 1 else ""
    return f"({_listed(node.elts)}{ending})", _Bond.ATOM


def _list(node: ast.List) -> _Written:
    return f"[{_listed(node.elts)}]", _Bond.ATOM


def _listed(parts: list[ast.expr]) -> str:
    """Parts between commas, where a comma inside a number would mislead."""
    texts = (_written(part)[0] for part in parts)
    return ", ".join(
        text.replace(",", "") if text.replace(",", "").isdecimal() else text for text in texts
    )


def _subscript(node: ast.Subscript) -> _Written:
    index = ast.unparse(ast.Subscript(ast.Name("x", ast.Load()), node.slice, ast.Load()))
    return _held(node.value, _Bond.ATOM) + index.removeprefix("x"), _Bond.ATOM


_WRITERS: Final[Mapping[type[ast.expr], Callable[..., _Written]]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _bool,
    ast.Compare: _compare,
    ast.IfExp: _conditional,
    ast.Call: _call,
    ast.Tuple: _tuple,
    ast.List: _list,
    ast.Subscript: _subscript,
}
