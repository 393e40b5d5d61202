"""Expressions as a person reads them, with values written in: as code or as a formula.

Promise: gives text to read; computes nothing but plain constants and never changes a tree it was
given. Must not import torch.

As code (`nn.Conv2d(3, 64, 3, bias=True)`) names become values, arithmetic on constants is carried
out where the result is short, conditions are decided, and `let` bindings are written out, so that
the line can be pasted into PyTorch. As a formula (`3 · 3 · 64 + 64`) arithmetic is left standing.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from typing import Final

from engine import limits, scalars
from engine.formula import formula
from engine.grammar import CONSTANTS, is_dtype, parse, without_prefix
from engine.refusal import Refused, over_limit
from engine.scalars import SCALARS
from engine.values import DtypeValue

_OWN: Final = frozenset({"Residual", "Parallel", "Repeat", "SameConv2d"})
"""Layers that PyTorch does not have."""
_OPTIMIZERS: Final = frozenset(
    {"SGD", "Adam", "AdamW", "Adamax", "NAdam", "RAdam", "Adagrad", "Adadelta", "RMSprop"}
)
_SCHEDULES: Final = frozenset(
    {"StepLR", "MultiStepLR", "ExponentialLR", "CosineAnnealingLR", "LinearLR", "ConstantLR",
     "PolynomialLR", "SequentialLR"}
)  # fmt: skip
_SHORT: Final = 8
"""Characters up to which a computed real number is shown instead of its arithmetic."""


def filled(
    source: str,
    names: Mapping[str, object],
    lets: Mapping[str, str] | None = None,
    *,
    pytorch: bool,
) -> str:
    """The expression with values for names and bindings written out.

    `names` are drawn values and, where known, values of bindings; one that is not plain (a layer)
    is looked up in `lets` instead; a name found in neither stays. Raises Refused.
    """
    try:
        tree = _Filler(names, lets or {}, fold=pytorch).fill(source)
        return ast.unparse(tree) if pytorch else formula(tree)
    except RecursionError:
        raise over_limit("filled-too-long") from None


class _Filler:
    """Rebuilds trees with values in the place of names."""

    def __init__(self, names: Mapping[str, object], lets: Mapping[str, str], *, fold: bool) -> None:
        self._names = names
        self._lets = lets
        self._fold = fold
        self._open: set[str] = set()
        self._nodes = 0
        self._depth = 0
        self._decided: dict[int, ast.expr] = {}

    def fill(self, source: str) -> ast.expr:
        return self._node(parse(source))

    def _node(self, node: ast.expr) -> ast.expr:
        self._nodes += 1
        self._depth += 1
        if self._nodes > limits.FILLED_NODES or self._depth > limits.FILLED_DEPTH:
            raise over_limit("filled-too-long")
        try:
            return self._filled(node)
        finally:
            self._depth -= 1

    def _filled(self, node: ast.expr) -> ast.expr:
        match node:
            case ast.Name():
                return self._name(node)
            case ast.Attribute():
                return self._dotted(node)
            case ast.Call():
                return self._call(node)
            case ast.IfExp():
                return self._conditional(node)
            case ast.BinOp():
                return self._binary(node)
            case ast.Subscript():
                return self._subscript(node)
            case ast.UnaryOp():
                operand = self._node(node.operand)
                return self._folded(ast.UnaryOp(node.op, operand))
        return self._parts(node)

    def _parts(self, node: ast.expr) -> ast.expr:
        match node:
            case ast.BoolOp():
                parts = [self._node(part) for part in node.values]
                return self._folded(ast.BoolOp(node.op, parts))
            case ast.Compare():
                parts = [self._node(part) for part in (node.left, *node.comparators)]
                return self._folded(ast.Compare(parts[0], node.ops, parts[1:]))
            case ast.Tuple():
                return ast.Tuple([self._node(part) for part in node.elts], ast.Load())
            case ast.List():
                return ast.List([self._node(part) for part in node.elts], ast.Load())
            case ast.Slice():
                return ast.Slice(*map(self._optional, (node.lower, node.upper, node.step)))
        return node

    def _optional(self, node: ast.expr | None) -> ast.expr | None:
        return None if node is None else self._node(node)

    def _name(self, node: ast.Name) -> ast.expr:
        written = _written(self._names[node.id]) if node.id in self._names else None
        if written is not None:
            return written
        if node.id not in self._lets or node.id in self._open:
            return node
        self._open.add(node.id)
        try:
            return self._node(parse(self._lets[node.id]))
        finally:
            self._open.discard(node.id)

    def _dotted(self, node: ast.Attribute) -> ast.expr:
        listed = without_prefix(node)
        if listed is None:
            return ast.Attribute(self._node(node.value), node.attr, ast.Load())
        return _canonical(listed) or node

    def _call(self, node: ast.Call) -> ast.expr:
        func, listed = node.func, without_prefix(node.func)
        if isinstance(func, ast.Name) and not self._bound(func.id):
            listed = func.id
        if listed in SCALARS and not node.keywords:
            args = [self._node(part) for part in node.args]
            return self._folded(ast.Call(ast.Name(str(listed), ast.Load()), args, []))
        folds, self._fold = self._fold, True
        try:
            written = None if listed is None else _canonical(listed) or func
            func = written or self._node(func)
            args = [self._node(part) for part in node.args]
            named = [ast.keyword(part.arg, self._node(part.value)) for part in node.keywords]
            return ast.Call(func, args, named)
        finally:
            self._fold = folds

    def _bound(self, name: str) -> bool:
        return name in self._names or name in self._lets

    def _subscript(self, node: ast.Subscript) -> ast.expr:
        value, index = self._node(node.value), self._node(node.slice)
        known, place = _value(value), _value(index)
        if known and place and isinstance(known[0], tuple):
            try:
                return _written(scalars.subscript(known[0], place[0])) or node
            except Refused:
                return node
        return ast.Subscript(value, index, ast.Load())

    def _conditional(self, node: ast.IfExp) -> ast.expr:
        test = self._node(node.test)
        known = _value(test)
        if known is None or not scalars.is_number(known[0]):
            return ast.IfExp(test, self._node(node.body), self._node(node.orelse))
        chosen = self._node(node.body if known[0] else node.orelse)
        self._decided[id(chosen)] = chosen
        return chosen

    def _binary(self, node: ast.BinOp) -> ast.expr:
        left, right = self._node(node.left), self._node(node.right)
        if not self._fold:
            # A condition that adds nothing is left out: `+ (c_out if bias else 0)`.
            neutral = _NEUTRAL.get(type(node.op))
            if neutral is not None and self._decided_as(right, neutral):
                return left
            if isinstance(node.op, ast.Add | ast.Mult) and self._decided_as(left, neutral):
                return right
        return self._folded(ast.BinOp(left, node.op, right))

    def _decided_as(self, node: ast.expr, value: int | None) -> bool:
        return id(node) in self._decided and isinstance(node, ast.Constant) and node.value == value

    def _folded(self, node: ast.expr) -> ast.expr:
        """The value of a node that is plain, if it is short enough to be shown."""
        known = _value(node) if self._fold else None
        if known is None or (isinstance(known[0], float) and len(repr(known[0])) > _SHORT):
            return node
        return _written(known[0]) or node


_NEUTRAL: Final[Mapping[type[ast.operator], int]] = {
    ast.Add: 0, ast.Sub: 0, ast.Mult: 1, ast.Div: 1
}  # fmt: skip


def _canonical(listed: str) -> ast.expr | None:
    """A layer of PyTorch with the prefix it is known by."""
    if not listed[:1].isupper() or listed in (*_OWN, *_OPTIMIZERS, *_SCHEDULES, "T"):
        return None
    return ast.Attribute(ast.Name("nn", ast.Load()), listed, ast.Load())


def _written(value: object) -> ast.expr | None:
    """A plain value as it is written; None for any other."""
    if isinstance(value, DtypeValue):
        return ast.Name(value.name, ast.Load())
    if is_dtype(value):
        return ast.Name(str(value), ast.Load())
    if isinstance(value, tuple | list):
        parts = [_written(part) for part in value]
        return ast.Tuple([part for part in parts if part], ast.Load()) if all(parts) else None
    if value is None or isinstance(value, bool | str):
        return ast.Constant(value)
    if isinstance(value, int | float):
        return _number(value)
    return None


def _number(value: int | float) -> ast.expr:
    if isinstance(value, float) and math.isnan(value):
        return ast.Name("nan", ast.Load())
    size = abs(value)
    number = ast.Name("inf", ast.Load()) if size == math.inf else ast.Constant(size)
    negative = math.copysign(1, value) < 0
    return ast.UnaryOp(ast.USub(), number) if negative else number


def _value(node: ast.expr) -> tuple[object] | None:
    """The value of literals and of arithmetic on them, in a tuple; None for anything else."""
    match node:
        case ast.Constant():
            return (node.value,)
        case ast.Name():
            return (CONSTANTS[node.id],) if node.id in CONSTANTS else None
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.BoolOp(values=parts):
            pass
        case ast.BinOp(left=left, right=right):
            parts = [left, right]
        case ast.UnaryOp(operand=operand):
            parts = [operand]
        case ast.Compare(left=left, comparators=others):
            parts = [left, *others]
        case ast.Call(func=ast.Name(id=name), args=parts, keywords=[]) if name in SCALARS:
            pass
        case _:
            return None
    known = [_value(part) for part in parts]
    try:
        values = [value[0] for value in known if value is not None]
        return (scalars.checked(_computed(node, values)),) if len(values) == len(known) else None
    except (Refused, TypeError):
        return None


def _computed(node: ast.expr, values: list[object]) -> object:
    """What the operation of `node` makes of its parts' values."""
    match node:
        case ast.BinOp():
            return scalars.binary(type(node.op), values[0], values[1])
        case ast.UnaryOp():
            return scalars.unary(type(node.op), values[0])
        case ast.BoolOp():
            stops_at = isinstance(node.op, ast.Or)
            return next((v for v in values if scalars.truth(v) is stops_at), values[-1])
        case ast.Compare():
            pairs = zip(node.ops, values, values[1:], strict=False)
            return all(scalars.compare(type(sign), left, right) for sign, left, right in pairs)
        case ast.Call(func=ast.Name(id=name)):
            return SCALARS[name].call(*values)
    return tuple(values)
