"""The grammar: what may be written. Reads text into a checked `ast` tree, evaluates nothing.

Promise: `parse` returns a tree that holds listed node types only, bounded in size and depth, all
on one line, with `col_offset` counted in characters of the source; or it raises `Refused`. Trees
are cached and shared: nobody may change one. Must not import torch.
"""

from __future__ import annotations

import ast
import keyword
import math
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from engine import limits
from engine.refusal import over_limit, refused
from engine.source import cleaned
from engine.values import DtypeValue

DTYPES: Final = (
    "float64", "float32", "float16", "bfloat16",
    "int64", "int32", "int16", "int8", "uint8", "bool",
)  # fmt: skip

CONSTANTS: Final[dict[str, float | DtypeValue]] = {
    "nan": math.nan,
    "inf": math.inf,
    "pi": math.pi,
    **{name: DtypeValue(name) for name in DTYPES},
}
"""Names that always mean the same value."""

PREFIXES: Final = frozenset(
    {
        "torch.nn.functional", "torch.nn", "torch.optim.lr_scheduler", "torch.optim", "torch",
        "nn.functional", "nn", "F", "optim.lr_scheduler", "optim", "lr_scheduler",
    }
)  # fmt: skip
"""What may stand in front of a listed name; dropped."""

_DIFFERENTIATING: Final = frozenset({"gradient", "numerical_gradient", "gradient_check"})
_FOLLOWING: Final = {"plot": (1,), "contours": (1, 4)}
"""Where the names stand that go through a range."""
ATTRIBUTES: Final = frozenset({"shape", "T"})
"""What may be read from a tensor with a dot."""

RESERVED: Final = frozenset(part for prefix in PREFIXES for part in prefix.split("."))

_ALLOWED: Final = frozenset(
    {
        ast.Constant, ast.Tuple, ast.List, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare,
        ast.IfExp, ast.Name, ast.Call, ast.Attribute, ast.Subscript, ast.Slice,
    }
)  # fmt: skip
_REFUSED_NODES: Final[dict[type[ast.AST], str]] = {
    ast.Lambda: "no-lambda",
    ast.ListComp: "no-comprehension",
    ast.SetComp: "no-comprehension",
    ast.DictComp: "no-comprehension",
    ast.GeneratorExp: "no-comprehension",
    ast.JoinedStr: "no-formatted-text",
    ast.NamedExpr: "no-assignment",
    ast.Starred: "no-star",
    ast.Dict: "no-dictionary",
    ast.Set: "no-dictionary",
}
_REFUSED_OPERATORS: Final[dict[type[ast.AST], tuple[str, str]]] = {
    ast.BitXor: ("^", "**"),
    ast.BitAnd: ("&", "and"),
    ast.BitOr: ("|", "or"),
    ast.Invert: ("~", "not"),
    ast.LShift: ("<<", "* 2**n"),
    ast.RShift: (">>", "// 2**n"),
    ast.Is: ("is", "=="),
    ast.IsNot: ("is not", "!="),
    ast.In: ("in", "=="),
    ast.NotIn: ("not in", "!="),
}


def parse(source: str) -> ast.expr:
    """The tree of an expression. Raises Refused with a column; never anything else."""
    if len(source) <= _CACHED_LENGTH:
        return _parse_cached(source)
    return _parse(source)


def is_dtype(value: object) -> bool:
    """Whether a drawn text names a dtype."""
    return isinstance(value, str) and value in DTYPES


def check_binding(name: str) -> None:
    """Refuse a name that a draw or `let` may not bind, whatever the library lists."""
    if not name.isidentifier() or keyword.iskeyword(name) or len(name) > limits.NAME_LENGTH:
        raise refused("bad-binding", name=name)
    if name.startswith("_"):
        raise refused("private-name", name=name)
    if not name.isascii() and unicodedata.normalize("NFKC", name) != name:
        raise refused("odd-name", name=name, meant=unicodedata.normalize("NFKC", name))
    if name in CONSTANTS or name in RESERVED:
        raise refused("shadows-listed", name=name)


def without_prefix(node: ast.expr) -> str | None:
    """`Conv2d` for `torch.nn.Conv2d`; None where the dots in front are no listed prefix."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not parts or not isinstance(node, ast.Name):
        return None
    prefix = ".".join([node.id, *reversed(parts[1:])])
    return parts[0] if prefix in PREFIXES else None


def attribute_column(node: ast.Attribute) -> int:
    """Where the name behind the dot starts."""
    end = node.end_col_offset
    return node.col_offset + 1 if end is None else end - len(node.attr) + 1


def walk(tree: ast.expr) -> Iterator[ast.expr]:
    """Every expression of a tree, prefixes and functions of calls included, in no order."""
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.expr):
            yield node
        stack.extend(ast.iter_child_nodes(node))


def names_in(source: str) -> frozenset[str]:
    """Names whose values an expression reads: no constants, no prefixes, nothing it only calls."""
    tree = parse(source)
    nodes = list(walk(tree))
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    inside = {id(part) for node in nodes if without_prefix(node) for part in walk(node)}
    return frozenset(
        node.id
        for node in nodes
        if isinstance(node, ast.Name)
        and id(node) not in called
        and id(node) not in inside
        and node.id not in CONSTANTS
    )


def variables_in(source: str) -> frozenset[str]:
    """Names an expression gives values to by itself: the variables of a `trajectory` and of a
    curve or surface, and those given on the spot, as in `gradient(x ** 2, x=3.0)`."""
    found: set[str] = set()
    for node in walk(parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = called_name(node)
        if called == "trajectory":
            found |= {part.id for part in walk(node.args[0]) if isinstance(part, ast.Name)}
        elif called in _FOLLOWING:
            places = (node.args[at] for at in _FOLLOWING[called] if at < len(node.args))
            found |= {part.id for part in places if isinstance(part, ast.Name)}
        elif called in _DIFFERENTIATING:
            found |= {keyword.arg for keyword in node.keywords if keyword.arg}
    return frozenset(found)


def calls_in(source: str) -> frozenset[str]:
    """Names an expression calls, without prefix: functions, methods, and `let` names."""
    return frozenset(
        name
        for node in walk(parse(source))
        if isinstance(node, ast.Call) and (name := called_name(node))
    )


def called_name(call: ast.Call) -> str | None:
    """What a call names: `f(x)`, `nn.f(x)` and `x.f()` all give `f`; `f(x)(y)` gives None."""
    if isinstance(call.func, ast.Name):
        return call.func.id
    return call.func.attr if isinstance(call.func, ast.Attribute) else None


def constants_in(source: str) -> frozenset[int | float]:
    """Every number written in an expression."""
    return frozenset(
        node.value
        for node in walk(parse(source))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
    )


def _parse(source: str) -> ast.expr:
    text, indent = cleaned(source)
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        # Without an offset, or with one on a line of its own, Python missed something at the end.
        place = (error.offset if error.lineno == 1 else None) or len(text)
        column = min(place, len(text)) + indent
        raise refused("bad-syntax", column=column) from None
    except (RecursionError, MemoryError):
        raise over_limit("too-deep", limit=limits.DEPTH) from None
    except ValueError:
        raise refused("bad-syntax") from None
    _count_characters(tree, text, indent)
    _check_tree(tree)
    return tree


_CACHED_LENGTH: Final = 400
_parse_cached = lru_cache(maxsize=256)(_parse)


def _count_characters(tree: ast.expr, text: str, indent: int) -> None:
    """Make column offsets count characters of the source; Python's count UTF-8 bytes."""
    if text.isascii() and not indent:
        return
    place: list[int] = []
    for index, character in enumerate(text):
        place.extend([index + indent] * len(character.encode("utf-8", "surrogatepass")))
    place.append(len(text) + indent)
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.expr | ast.keyword):
            node.col_offset = place[node.col_offset]
            if node.end_col_offset is not None:
                node.end_col_offset = place[node.end_col_offset]
        stack.extend(ast.iter_child_nodes(node))


def _check_tree(tree: ast.expr) -> None:
    """Refuse everything that is not listed. An own stack: depth is what is being checked."""
    stack: list[tuple[ast.expr, int, bool]] = [(tree, 1, False)]
    methods: set[int] = set()
    places: set[int] = set()
    nodes = 0
    while stack:
        node, depth, text_allowed = stack.pop()
        nodes += 1
        column = node.col_offset + 1
        if nodes > limits.NODES:
            raise over_limit("too-many-parts", limit=limits.NODES)
        if depth > limits.DEPTH:
            raise over_limit("too-deep", column=column, limit=limits.DEPTH)
        if type(node) not in _ALLOWED:
            raise refused(_REFUSED_NODES.get(type(node), "not-in-language"), column=column)
        if isinstance(node, ast.Call):
            methods.add(id(node.func))
        elif isinstance(node, ast.Attribute):
            _check_dot(node, is_method=id(node) in methods)
        elif isinstance(node, ast.Subscript):
            parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            places.update(id(part) for part in parts)
        elif isinstance(node, ast.Constant) and node.value is ... and id(node) in places:
            continue
        _check_node(node, column, text_allowed)
        # The leftmost slip is the one to report, so the leftmost part comes off first.
        children = list(_children(node, text_allowed))
        stack.extend((child, depth + 1, allowed) for child, allowed in reversed(children))


def _check_node(node: ast.expr, column: int, text_allowed: bool) -> None:
    if isinstance(node, ast.Constant):
        _check_constant(node.value, column, text_allowed)
    elif isinstance(node, ast.Name):
        if node.id.startswith("_"):
            raise refused("private-name", column=column, name=node.id)
    elif isinstance(node, ast.BinOp | ast.UnaryOp):
        _check_operator(node.op, column)
    elif isinstance(node, ast.Compare):
        for operator in node.ops:
            _check_operator(operator, column)
    elif isinstance(node, ast.Call):
        _check_keywords(node)


def _check_dot(node: ast.Attribute, *, is_method: bool) -> None:
    column = attribute_column(node)
    if node.attr.startswith("_"):
        raise refused("private-name", column=column, name=node.attr)
    if not is_method and node.attr not in ATTRIBUTES and without_prefix(node) is None:
        raise refused("no-attribute", column=column, name=node.attr)


def _check_constant(value: object, column: int, text_allowed: bool) -> None:
    if isinstance(value, str):
        if not text_allowed:
            raise refused("text-not-argument", column=column)
        if len(value) > limits.TEXT_LENGTH:
            raise over_limit("text-too-long", column=column, limit=limits.TEXT_LENGTH)
    elif isinstance(value, int) and value.bit_length() > limits.INTEGER_BITS:
        raise over_limit("integer-too-large", column=column, bits=limits.INTEGER_BITS)
    elif value is not None and not isinstance(value, int | float):
        raise refused("not-in-language", column=column)


def _check_operator(operator: ast.AST, column: int) -> None:
    if type(operator) in _REFUSED_OPERATORS:
        written, meant = _REFUSED_OPERATORS[type(operator)]
        raise refused("operator-refused", column=column, operator=written, meant=meant)


def _check_keywords(call: ast.Call) -> None:
    seen: set[str] = set()
    for argument in call.keywords:
        column = argument.col_offset + 1
        if argument.arg is None:
            raise refused("no-star", column=column)
        if argument.arg.startswith("_"):
            raise refused("private-name", column=column, name=argument.arg)
        if argument.arg in seen:
            raise refused("argument-twice", column=column, name=argument.arg)
        seen.add(argument.arg)


def _children(node: ast.expr, text_allowed: bool) -> Iterator[tuple[ast.expr, bool]]:
    """The parts of a node, and whether a quoted text may stand there."""
    if isinstance(node, ast.Call):
        yield node.func, False
        for argument in node.args:
            yield argument, True
        for named in node.keywords:
            yield named.value, True
        return
    inherits = isinstance(node, ast.Tuple | ast.List)
    allowed = text_allowed if inherits else isinstance(node, ast.Compare | ast.IfExp)
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            yield child, allowed
