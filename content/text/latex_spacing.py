"""The spaces of a formula, by TeX's classes: relations, operations, operators, brackets.

Promise: one line and two dimensions are spaced by the same rules. Must not lay anything out.
"""

from __future__ import annotations

from collections.abc import Iterator

from content.text import latex_symbols as signs
from content.text.latex_parse import Node


def spaced(kids: tuple[Node, ...], *, tight: bool, stacked: bool = False) -> Iterator[Node | str]:
    """The parts of a row with the spaces that TeX would put between them.

    `tight` rows (scripts) keep only the spaces that words need; `stacked` ones keep a sign apart
    from the bar of a fraction.
    """
    parts = tuple(_flattened(kids))
    classes = _classes(parts)
    for at, part in enumerate(parts):
        before = "ordinary" if stacked and classes[at - 1] == "prefix" else classes[at - 1]
        if at and _gap(before, classes[at], tight):
            yield " "
        yield part


_BEFORE_SIGN = ("open", "binary", "relation", "punctuation", "operator", "large", "prefix")


def _flattened(kids: tuple[Node, ...]) -> Iterator[Node]:
    for kid in kids:
        if kid.kind == "row":
            yield from _flattened(kid.kids)
        else:
            yield kid


def _classes(parts: tuple[Node, ...]) -> list[str]:
    classes: list[str] = []
    for part in parts:
        own = _class(part)
        before = classes[-1] if classes else "open"
        if own == "binary" and before in _BEFORE_SIGN:
            own = "prefix"  # a sign, not an operation
        if own == "relation" and classes and classes[-1] == "binary":
            classes[-1] = "ordinary"
        classes.append(own)
    if classes and classes[-1] == "binary":
        classes[-1] = "ordinary"
    return classes


def _class(node: Node) -> str:
    if node.kind == "script":
        return _class(node.kids[0]) if node.kids[0].kind != "row" else "ordinary"
    if node.kind == "space":
        return "space"
    if node.kind == "operator":
        return "operator" if node.text[:1].isalpha() else "large"
    if node.kind == "word":
        return "ordinary" if node.ends[0] == "raw" else "operator"
    if node.kind == "fraction":
        return "inner"
    if node.kind != "sign":
        return "ordinary"
    if node.ends[0] == "binary" or node.text in signs.BINARY:
        return "binary"
    if node.text in signs.RELATIONS:
        return "relation"
    if node.text in signs.PUNCTUATION:
        return "punctuation"
    if node.text in signs.OPENING:
        return "open"
    return "close" if node.text in signs.CLOSING else "ordinary"


def _gap(before: str, after: str, tight: bool) -> bool:
    if "space" in (before, after):
        return False
    if before in ("operator", "large"):
        return after not in ("close", "punctuation") and (before, after) != ("operator", "open")
    if after in ("operator", "large"):
        return before not in ("open", "prefix")
    if tight:
        return False
    if before in ("relation", "binary") or after in ("relation", "binary"):
        return before not in ("open", "prefix") and after not in ("close", "punctuation")
    if before == "punctuation":
        return after != "close"
    if "inner" in (before, after):
        return before not in ("open", "prefix") and after not in ("close", "punctuation")
    return False
