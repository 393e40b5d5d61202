"""The expression language: PyTorch's notation, parsed by Python and evaluated by us.

Promise: `Evaluator` interprets the trees of `engine.grammar` and nothing else. What it may call
is a `Library`; values it cannot handle itself go to an `Arithmetic`. Whatever the text, the
outcome is a value or `Refused`, soon. Must not import torch.
"""

from __future__ import annotations

import ast
import hashlib
import time
from collections.abc import Callable, Mapping
from typing import Final

from engine import limits, scalars
from engine.calls import argument_column, misfit, nearest
from engine.filling import filled
from engine.grammar import (
    CONSTANTS,
    RESERVED,
    attribute_column,
    calls_in,
    check_binding,
    constants_in,
    is_dtype,
    names_in,
    parse,
    variables_in,
    without_prefix,
)
from engine.library import Arithmetic, Library, Site
from engine.refusal import Refused, out_of_time, over_limit, refused
from engine.scalars import SCALARS
from engine.values import DtypeValue, Plain, Scalar

__all__ = [
    "SCALARS",
    "Evaluator",
    "Refused",
    "calls_in",
    "constants_in",
    "evaluate_scalar",
    "filled",
    "names_in",
    "over_limit",
    "parse",
    "refused",
    "variables_in",
]

_TRANSLATED: Final = (
    ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError,
    ValueError,
)  # fmt: skip
"""Errors of a called function that become a refusal; the error itself stays its `__cause__`."""


class Evaluator:
    """Evaluates expressions in one scope: drawn names, then what `bind` adds.

    `names` are drawn values (a text that names a dtype becomes the dtype) and bindings; `sources`
    holds the tree each binding came from. `deadline` is a `time.monotonic()` moment.
    """

    def __init__(
        self,
        library: Library,
        names: Mapping[str, object],
        arithmetic: Arithmetic | None,
        *,
        seed: int = 0,
        deadline: float | None = None,
    ) -> None:
        self.library = library
        self.arithmetic = arithmetic
        self.names: dict[str, object] = {}
        self.sources: dict[str, ast.expr] = {}
        self._seed = seed
        self._deadline = deadline
        self._source = ""
        self._where = ""
        for name, value in names.items():
            self._add(name, value)

    def evaluate(self, source: str, *, where: str = "") -> object:
        """The value of an expression. `where` is its binding's name or measure's key."""
        return self._evaluated(source, where)[1]

    def bind(self, name: str, source: str) -> object:
        """Evaluate a `let` and give its value a name."""
        self._check_new(name)
        self.sources[name], self.names[name] = self._evaluated(source, name)
        return self.names[name]

    def evaluate_node(self, node: ast.expr) -> object:
        """The value of a part of the expression under evaluation (for lazy functions)."""
        if self._deadline is not None and time.monotonic() > self._deadline:
            raise out_of_time(node.col_offset + 1)
        try:
            return _RULES[type(node)](self, node)
        except Refused as refusal:
            if refusal.column is None:
                refusal.column = self._column(node)
            raise
        except _TRANSLATED as error:
            raise _translated(error, column=self._column(node)) from error

    def bind_again(self, name: str) -> None:
        """Evaluate a binding again in the scope as it is now, its random numbers the same."""
        outer = self._source, self._where
        self._source, self._where = "", name
        try:
            self.names[name] = self.evaluate_node(self.sources[name])
        except Refused as refusal:
            refusal.column = None
            raise
        finally:
            self._source, self._where = outer

    def call_site(self, node: ast.Call) -> Site:
        """The place of a call, with the seed that belongs to it.

        The seed follows from the job's seed, the binding's name and where the call's bracket
        opens: calls that start at the same character, as in `Dropout(0.5)(x)`, differ in that.
        """
        position = f"{self._seed}\0{self._where}\0{node.func.end_col_offset}".encode()
        seed = int.from_bytes(hashlib.sha256(position).digest()[:8], "big") >> 1
        return Site(seed, self._source, node.col_offset + 1)

    def _evaluated(self, source: str, where: str) -> tuple[ast.expr, object]:
        outer = self._source, self._where
        self._source, self._where = source, where
        try:
            tree = parse(source)
            return tree, self.evaluate_node(tree)
        except Refused as refusal:
            raise refusal.located(source, where) from refusal.__cause__
        finally:
            self._source, self._where = outer

    def _add(self, name: str, value: object) -> None:
        self._check_new(name)
        try:
            self.names[name] = _drawn(value)
        except Refused as refusal:
            refusal.where = name
            raise

    def _check_new(self, name: str) -> None:
        try:
            check_binding(name)
            if name in self.library or name in SCALARS:
                raise refused("shadows-listed", name=name)
            if name in self.names:
                raise refused("bound-twice", name=name)
            if len(self.names) >= limits.BINDINGS:
                raise over_limit("too-many-names", limit=limits.BINDINGS)
        except Refused as refusal:
            refusal.where = name
            raise

    def _handled(self, value: object) -> bool:
        return self.arithmetic is not None and self.arithmetic.handles(value)

    def _truth(self, value: object) -> bool:
        if self.arithmetic is not None and self.arithmetic.handles(value):
            return self.arithmetic.truth(value)
        return scalars.truth(value)

    def _column(self, node: ast.expr) -> int:
        """Where a caret helps most: under the operator, else under the first character."""
        if isinstance(node, ast.BinOp):
            start, end = node.left.end_col_offset or 0, node.right.col_offset
            place = self._source.find(scalars.SYMBOLS[type(node.op)], start, end)
            if place >= 0:
                return place + 1
        return node.col_offset + 1

    def _constant(self, node: ast.Constant) -> object:
        return node.value

    def _sequence(self, node: ast.Tuple | ast.List) -> object:
        return scalars.checked(tuple([self.evaluate_node(part) for part in node.elts]))

    def _name(self, node: ast.Name) -> object:
        if node.id in self.names:
            return self.names[node.id]
        return self._listed_value(node.id)

    def _listed_value(self, name: str) -> object:
        if name in CONSTANTS:
            return CONSTANTS[name]
        if name in self.library:
            raise refused("function-not-called", name=name)
        if name in RESERVED:
            raise refused("prefix-alone", name=name)
        raise self._unknown(name)

    def _unknown(self, name: str) -> Refused:
        known = (*self.names, *self.library, *CONSTANTS)
        return refused("unknown-name", name=name, nearest=nearest(name, known))

    def _binary(self, node: ast.BinOp) -> object:
        kind = type(node.op)
        left, right = self.evaluate_node(node.left), self.evaluate_node(node.right)
        dtype = isinstance(left, DtypeValue) or isinstance(right, DtypeValue)
        if self.arithmetic is None or dtype or not (self._handled(left) or self._handled(right)):
            return scalars.binary(kind, left, right)
        return scalars.checked(self.arithmetic.binary(kind, left, right))

    def _unary(self, node: ast.UnaryOp) -> object:
        kind, operand = type(node.op), self.evaluate_node(node.operand)
        if self.arithmetic is None or kind is ast.Not or not self._handled(operand):
            return not self._truth(operand) if kind is ast.Not else scalars.unary(kind, operand)
        return self.arithmetic.unary(kind, operand)

    def _bool(self, node: ast.BoolOp) -> object:
        stops_at = isinstance(node.op, ast.Or)
        value: object = None
        for part in node.values:
            value = self.evaluate_node(part)
            if self._truth(value) is stops_at:
                break
        return value

    def _compare(self, node: ast.Compare) -> object:
        left = self.evaluate_node(node.left)
        result: object = True
        for operator, part in zip(node.ops, node.comparators, strict=True):
            right = self.evaluate_node(part)
            result = self._compared(type(operator), left, right)
            if part is not node.comparators[-1] and not self._truth(result):
                break
            left = right
        return result

    def _compared(self, kind: type[ast.cmpop], left: object, right: object) -> object:
        dtype = isinstance(left, DtypeValue) or isinstance(right, DtypeValue)
        if self.arithmetic is None or dtype or not (self._handled(left) or self._handled(right)):
            return scalars.compare(kind, left, right)
        return self.arithmetic.compare(kind, left, right)

    def _conditional(self, node: ast.IfExp) -> object:
        holds = self._truth(self.evaluate_node(node.test))
        return self.evaluate_node(node.body if holds else node.orelse)

    def _subscript(self, node: ast.Subscript) -> object:
        value, index = self.evaluate_node(node.value), self._index(node.slice)
        if self.arithmetic is not None and self.arithmetic.handles(value):
            return scalars.checked(self.arithmetic.subscript(value, index))
        return scalars.subscript(value, index)

    def _index(self, node: ast.expr) -> object:
        if isinstance(node, ast.List):
            raise refused("list-as-index", column=node.col_offset + 1)
        if isinstance(node, ast.Tuple):
            return tuple([self._index(part) for part in node.elts])
        if isinstance(node, ast.Slice):
            bounds = [
                None if part is None else self.evaluate_node(part)
                for part in (node.lower, node.upper, node.step)
            ]
            if not all(part is None or type(part) is int for part in bounds) or bounds[2] == 0:
                raise refused("bad-index", column=node.col_offset + 1)
            return slice(*bounds)
        return self.evaluate_node(node)

    def _slice(self, node: ast.Slice) -> object:
        raise refused("bad-index", column=node.col_offset + 1)

    def _attribute(self, node: ast.Attribute) -> object:
        listed = without_prefix(node)
        if listed is not None:
            return self._listed_value(listed)
        value = self.evaluate_node(node.value)
        if self.arithmetic is None or not self.arithmetic.handles(value):
            raise refused(
                "attribute-of-value",
                column=attribute_column(node),
                name=node.attr,
                value=scalars.kind_of(value),
            )
        return scalars.checked(self.arithmetic.attribute(value, node.attr))

    def _call(self, node: ast.Call) -> object:
        callee = node.func
        listed = without_prefix(callee)
        if listed is not None:
            return self._call_listed(listed, node, ())
        if isinstance(callee, ast.Name) and callee.id not in self.names:
            return self._call_listed(callee.id, node, ())
        if isinstance(callee, ast.Attribute):
            return self._call_method(callee, node)
        value = self.evaluate_node(callee)
        if self.arithmetic is None or not self.arithmetic.handles(value):
            raise refused("not-callable", value=scalars.kind_of(value))
        args, kwargs = self._arguments(node)
        site = self.call_site(node)
        return scalars.checked(self.arithmetic.apply(value, args, kwargs, site))

    def _call_method(self, callee: ast.Attribute, node: ast.Call) -> object:
        function = self.library.get(callee.attr)
        if function is None or not function.method or function.lazy:
            methods = [name for name, listed in self.library.items() if listed.method]
            raise refused(
                "no-method",
                column=attribute_column(callee),
                name=callee.attr,
                nearest=nearest(callee.attr, methods),
            )
        return self._call_listed(callee.attr, node, (self.evaluate_node(callee.value),))

    def _call_listed(self, name: str, node: ast.Call, first: tuple[object, ...]) -> object:
        function = self.library.get(name)
        if function is None:
            if name in CONSTANTS:
                raise refused("not-callable", value=scalars.kind_of(CONSTANTS[name]))
            raise refused("prefix-alone", name=name) if name in RESERVED else self._unknown(name)
        if function.lazy:
            return scalars.checked(function.call(self, node))
        args, kwargs = self._arguments(node)
        args = first + args
        if function.sited:
            if "site" in kwargs:
                raise refused("unexpected-argument", function=name, name="site", nearest="")
            kwargs["site"] = self.call_site(node)
        try:
            return scalars.checked(function.call(*args, **kwargs))
        except Refused as refusal:
            if refusal.column is None and refusal.detail("argument"):
                refusal.column = argument_column(function, node, refusal, len(first))
            raise
        except TypeError as error:
            why = misfit(function, args, kwargs)
            if why is None:
                raise
            raise why from error

    def _arguments(self, node: ast.Call) -> tuple[tuple[object, ...], dict[str, object]]:
        args = tuple([self.evaluate_node(part) for part in node.args])
        return args, {
            named.arg: self.evaluate_node(named.value)
            for named in node.keywords
            if named.arg is not None
        }


_RULES: Final[Mapping[type[ast.expr], Callable[..., object]]] = {
    ast.Constant: Evaluator._constant,
    ast.Tuple: Evaluator._sequence,
    ast.List: Evaluator._sequence,
    ast.Name: Evaluator._name,
    ast.BinOp: Evaluator._binary,
    ast.UnaryOp: Evaluator._unary,
    ast.BoolOp: Evaluator._bool,
    ast.Compare: Evaluator._compare,
    ast.IfExp: Evaluator._conditional,
    ast.Subscript: Evaluator._subscript,
    ast.Slice: Evaluator._slice,
    ast.Attribute: Evaluator._attribute,
    ast.Call: Evaluator._call,
}


def evaluate_scalar(source: str, names: Mapping[str, Scalar], *, where: str = "") -> Plain:
    """The value of a formula over drawn names, without an engine; a dtype as its name."""
    deadline = time.monotonic() + limits.FORMULA_SECONDS
    return _plain(Evaluator(SCALARS, names, None, deadline=deadline).evaluate(source, where=where))


def _plain(value: object) -> Plain:
    if isinstance(value, tuple):
        return tuple(_plain(part) for part in value)
    if isinstance(value, DtypeValue):
        return value.name
    if value is None or isinstance(value, int | float | str):
        return value
    raise refused("not-plain", value=scalars.kind_of(value))


def _drawn(value: object) -> object:
    """A drawn value as the language sees it."""
    if isinstance(value, str) and is_dtype(value):
        return DtypeValue(value)
    if isinstance(value, tuple | list):
        return scalars.checked(tuple([_drawn(part) for part in value]))
    return scalars.checked(value)


def _translated(error: Exception, *, column: int) -> Refused:
    if isinstance(error, ZeroDivisionError):
        return refused("division-by-zero", column=column)
    if isinstance(error, RecursionError):
        return over_limit("too-deep", column, limit=limits.DEPTH)
    if isinstance(error, OverflowError):
        return over_limit("number-too-large", column)
    lines = str(error).strip().splitlines()
    return refused("call-failed", column=column, reason=lines[0] if lines else type(error).__name__)
