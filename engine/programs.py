"""What a person types as a formula, a layer or a tensor expression, read as an expression.

Promise: what people write (`k²·c`, `×`, `^` for a power, full-width brackets, pasted lines of
PyTorch) comes out in the language; what cannot be read is a `Failure` that names the mend and
counts for nothing; nothing is raised but `Refused`, soon, whatever the text. Must not evaluate
and must not judge.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from typing import Final

from engine.calls import nearest
from engine.grammar import CONSTANTS, attribute_column, called_name, parse, walk, without_prefix
from engine.refusal import over_limit, refused
from engine.scalars import SCALARS
from engine.spelling import folded

LONGEST: Final = 4_000
"""Characters of a program that is read."""
RUN_KINDS: Final = frozenset({"layer", "tensor"})
"""Kinds that are judged by running the answer in the engine."""
PROGRAM_KINDS: Final = RUN_KINDS | {"formula"}
"""Kinds whose answer is a program."""

_WRITTEN: Final[Mapping[str, str]] = {
    "×": "*", "·": "*", "^": "**", "π": "pi", "∞": "inf", "≤": "<=", "≥": ">=", "≠": "!=",
    "⌈": "ceil(", "⌊": "floor(", "⌉": ")", "⌋": ")", "“": '"', "”": '"', "【": "[", "】": "]",
    "、": ",", "。": ".", "`": "", "$": "", "\\": "",
}  # fmt: skip
_SIGN: Final = re.compile("|".join(re.escape(sign) for sign in _WRITTEN))
_COMMENT: Final = re.compile(r"#[^\n]*")
_PROMPT: Final = re.compile(r"^\s*(?:>>>|\.\.\.|In \[\d+\]:)\s?", re.MULTILINE)
_ASSIGNED: Final = re.compile(r"^\s*[^\W\d][\w.]*\s*=(?!=)\s*")
_RETURNED: Final = re.compile(r"^return\b\s*")
_EQUALS: Final = re.compile(r"(?<![<>=!])=(?!=)")
_ROOT: Final = re.compile(r"√\s*(?P<of>[\w.]+|(?=\())")
_LIBRARY: Final = re.compile(r"\b(?:math|np|numpy|torch)\.(?=[a-z])")
_SPOKEN_TIMES: Final = re.compile(r"(?<=[\w)]) [xX] (?=[\w(])")
_NUMBER: Final = r"\d++(?:\.\d*+)?+(?:[eE][+-]?\d++)?+"
"""Possessive: of `1e3` nothing is given back."""
_JOINED: Final = re.compile(
    rf"(?P<left>(?<![\w.]){_NUMBER}|\)|(?<![\w.])[^\W\d]\w*+)(?P<gap>\s*+)"
    rf"(?P<right>\(|[^\W\d]\w*+|{_NUMBER})"
)
_WORDS: Final = frozenset({"if", "else", "and", "or", "not", "True", "False"})


def as_expression(typed: str) -> str:
    """The typed text as one line of the language: signs, widths, prompts and comments folded."""
    if len(typed) > LONGEST:
        raise over_limit("answer-too-long", limit=LONGEST)
    text = folded(_COMMENT.sub("", _PROMPT.sub("", typed)))
    text = _RETURNED.sub("", _ASSIGNED.sub("", text)).rstrip(" ;,。、")
    text = _SIGN.sub(lambda sign: _WRITTEN[sign.group()], text)
    return _ROOT.sub(lambda root: f"sqrt({root['of']})" if root["of"] else "sqrt", text).strip()


def as_formula(typed: str, symbols: Iterable[str]) -> str:
    """The typed text as a formula over those symbols, every name and function in it known."""
    known = list(symbols)
    text = as_expression(_EQUALS.split(typed)[-1] if _EQUALS.search(typed) else typed)
    text = _LIBRARY.sub("", text).replace("[", "(").replace("]", ")")
    text = text.replace("{", "(").replace("}", ")")
    text = re.sub(r"\bln\b", "log", text)
    text = re.sub(r"\b(true|false)\b", lambda word: word.group().capitalize(), text)
    if "x" not in known and "X" not in known:
        text = _SPOKEN_TIMES.sub("*", text)
    _check_products(text, known)
    tree = parse(text)
    _check_formula_names(tree, text, known)
    return text


def check_allowed(source: str, allow: Iterable[str], names: Iterable[str]) -> None:
    """Refuse a function that the exercise does not allow."""
    allowed, bound = tuple(allow), frozenset(names)
    for node in _in_order(parse(source)):
        name, column = None, node.col_offset + 1
        if isinstance(node, ast.Call):
            name = called_name(node)
            if isinstance(node.func, ast.Attribute):
                column = attribute_column(node.func)
        elif isinstance(node, ast.Attribute) and node.attr == "T":
            name, column = "transpose", attribute_column(node)
        if name is not None and name not in allowed and name not in bound:
            shown = ", ".join(allowed)
            raise refused("function-not-allowed", column, name=name, allowed=shown,
                          nearest=_slip(name, allowed)).located(source, "answer")  # fmt: skip


def _slip(name: str, allowed: Iterable[str]) -> str:
    """The allowed name that was misspelled; none where the name means something else."""
    found = nearest(name, allowed)
    return found if abs(len(found) - len(name)) <= 1 else ""


def _in_order(tree: ast.expr) -> list[ast.expr]:
    return sorted(walk(tree), key=lambda node: node.col_offset)


def _check_products(text: str, known: list[str]) -> None:
    """`2k`, `k(c + 1)`, `(a)(b)`, `k c`: a sign is missing, and which one is not guessed at."""
    at = 0
    while found := _JOINED.search(text, at):
        at = found.start() + 1
        left, right = found["left"], found["right"]
        if left in _WORDS or right in _WORDS:
            continue
        if left in SCALARS and right == "(":
            continue
        named = left not in (")",) and not left[0].isdigit()
        if named and right == "(" and left not in known:
            continue  # an unknown function is told by its name
        if named and right != "(" and not found["gap"]:
            continue
        if left[0].isdigit() and right[0].isdigit():
            continue
        meant = f"{text[: found.end('left')]}*{text[found.start('right') :]}"
        column = found.start("right") + 1
        raise refused("times-missing", column, meant=meant).located(text, "answer")


def _check_formula_names(tree: ast.expr, text: str, known: list[str]) -> None:
    called: set[int] = set()
    for node in _in_order(tree):
        if isinstance(node, ast.Call):
            called.add(id(node.func))
            name = called_name(node)
            if not isinstance(node.func, ast.Name) or name not in SCALARS:
                listed = ", ".join(SCALARS)
                raise refused("formula-function", node.col_offset + 1, name=name or "(...)",
                              allowed=listed, nearest=nearest(name or "", SCALARS)).located(
                                  text, "answer")  # fmt: skip
        elif isinstance(node, ast.Attribute):
            raise refused("formula-function", node.col_offset + 1, name=ast.unparse(node)[:40],
                          allowed=", ".join(SCALARS)).located(text, "answer")  # fmt: skip
    for node in _in_order(tree):
        if not isinstance(node, ast.Name) or id(node) in called or without_prefix(node):
            continue
        if node.id not in known and node.id not in CONSTANTS:
            raise refused("formula-name", node.col_offset + 1, name=node.id,
                          known=", ".join(known), nearest=nearest(node.id, known)).located(
                              text, "answer")  # fmt: skip
