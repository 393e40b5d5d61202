"""A formula's tree in two dimensions: fractions stacked, limits above and below, tall brackets.

Promise: every line of a box is padded to the same width in cells.
"""

from __future__ import annotations

from dataclasses import dataclass

from content.text.latex_line import accented, line, root_sign, script_text, small
from content.text.latex_parse import ALIGNED, Node
from content.text.latex_spacing import spaced
from content.text.latex_symbols import SUBSCRIPTS, SUPERSCRIPTS
from content.text.wrap import cells

_TALL = {
    "(": "⎛⎜⎝",
    ")": "⎞⎟⎠",
    "[": "⎡⎢⎣",
    "]": "⎤⎥⎦",
    "⌊": "⎢⎢⎣",
    "⌋": "⎥⎥⎦",
    "⌈": "⎡⎢⎢",
    "⌉": "⎤⎥⎥",
    "|": "│││",
    "‖": "‖‖‖",
    "{": "⎧⎪⎩",
    "}": "⎫⎪⎭",
}
_MIDDLE = {"{": "⎨", "}": "⎬"}
_GAP = "  "


@dataclass(frozen=True, slots=True)
class Box:
    """Lines of equal width; `base` is the line that stands on the formula's own line."""

    lines: tuple[str, ...]
    base: int

    @property
    def width(self) -> int:
        """Width in cells."""
        return cells(self.lines[0]) if self.lines else 0

    @property
    def height(self) -> int:
        """Number of lines."""
        return len(self.lines)


def box(node: Node) -> Box:
    """The node as a box."""
    match node.kind:
        case "row":
            parts = [
                _text(part) if isinstance(part, str) else box(part)
                for part in spaced(node.kids, tight=False, stacked=True)
            ]
            return beside(parts)
        case "fraction":
            above, below = (box(kid) for kid in node.kids)
            width = max(above.width, below.width, 1)
            bar = "─" * width
            lines = (*_centred(above, width), bar, *_centred(below, width))
            return Box(lines, above.height)
        case "binomial":
            above, below = (box(kid) for kid in node.kids)
            width = max(above.width, below.width)
            body = Box((*_centred(above, width), *_centred(below, width)), above.height - 1)
            return fenced(body, "(", ")")
        case "root":
            return _root(node)
        case "script":
            return _script(node)
        case "fence":
            return fenced(box(node.kids[0]), *node.ends)
        case "grid":
            return _grid(node)
        case "accent":
            return _accent(node)
        case _:
            return _text(node.text)


def _text(text: str) -> Box:
    return Box((text,), 0)


def beside(parts: list[Box]) -> Box:
    """Boxes side by side on one base line."""
    if not parts:
        return _text("")
    above = max(part.base for part in parts)
    below = max(part.height - part.base for part in parts)
    rows = [""] * (above + below)
    for part in parts:
        blank = " " * part.width
        for at in range(len(rows)):
            inner = at - above + part.base
            rows[at] += part.lines[inner] if 0 <= inner < part.height else blank
    return Box(tuple(rows), above)


def fenced(body: Box, left: str, right: str) -> Box:
    """A box between delimiters as tall as it is."""
    parts = [_fence(left, body), body, _fence(right, body)]
    return beside([part for part in parts if part.width])


def _fence(sign: str, body: Box) -> Box:
    height = body.height
    if not sign or height == 1 or sign not in _TALL:
        return _text(sign)
    parts = tuple(_TALL[sign])
    column = [parts[0], *([parts[1]] * (height - 2)), parts[2]]
    if sign in _MIDDLE and height > 2:
        column[height // 2] = _MIDDLE[sign]
    return Box(tuple(column), body.base)


def _root(node: Node) -> Box:
    body = box(node.kids[0])
    if body.height == 1:
        return _text(line(node))
    index = root_sign(node.text).removesuffix("√")
    front = " " * (cells(index) + 1)
    lines = [f"{front}┌" + "─" * body.width]
    lines += [f"{front}│{row}" for row in body.lines[:-1]]
    lines.append(f"{index}╲│{body.lines[-1]}")
    return Box(tuple(lines), body.base + 1)


def _accent(node: Node) -> Box:
    body = box(node.kids[0])
    if body.height == 1:
        return _text(accented(body.lines[0], node.text))
    return beside([fenced(body, "(", ")"), _text(" " + node.text)])


def _script(node: Node) -> Box:
    base, sub, sup = node.kids
    body = box(base)
    if base.kind == "operator" and base.text != "∫":
        return _limits(body, sub, sup)
    if base.kind in ("row", "fraction") and (body.height > 1 or len(base.kids) > 1):
        body = fenced(body, "(", ")")
    below, above = _small(sub, SUBSCRIPTS), _small(sup, SUPERSCRIPTS)
    if below is not None and above is not None and body.height == 1:
        return _text(body.lines[0] + below + above)
    if body.height == 1 and below:
        body, below = _text(body.lines[0] + below), ""
    return _attached(
        body,
        _script_box(sub) if below is None else _text(below),
        _script_box(sup) if above is None else _text(above),
    )


def _script_box(node: Node) -> Box:
    """A script: tight on one line where it is one line high."""
    body = box(node)
    return _text(script_text(node)) if body.height == 1 else body


def _small(node: Node, table: dict[str, str]) -> str | None:
    if node.kind == "row" and not node.kids:
        return ""
    if box(node).height > 1:
        return None
    return small(script_text(node), table)


def _attached(body: Box, sub: Box, sup: Box) -> Box:
    """Scripts beside a base: over its first line, under its last; on them where it is tall."""
    width = max(sub.width, sup.width)
    tall = body.height > 1
    rows = [row + " " * width for row in body.lines]
    base = body.base
    if sup.width:
        padded = [row + " " * (width - cells(row)) for row in sup.lines]
        if tall:
            rows[0] = body.lines[0] + padded.pop()
        rows[:0] = [" " * body.width + row for row in padded]
        base += len(padded)
    if sub.width:
        padded = [row + " " * (width - cells(row)) for row in sub.lines]
        if tall:
            rows[-1] = body.lines[-1] + padded.pop(0)
        rows += [" " * body.width + row for row in padded]
    return Box(tuple(rows), base)


def _limits(body: Box, sub: Node, sup: Node) -> Box:
    above = _script_box(sup) if sup.kids or sup.kind != "row" else Box((), 0)
    below = _script_box(sub) if sub.kids or sub.kind != "row" else Box((), 0)
    width = max(body.width, above.width, below.width)
    lines = (*_centred(above, width), *_centred(body, width), *_centred(below, width))
    return Box(lines, above.height + body.base)


def _grid(node: Node) -> Box:
    rows = [[box(cell) for cell in row.kids] for row in node.kids]
    columns = max((len(row) for row in rows), default=0)
    aligned = node.text in ALIGNED
    widths = [
        max((row[column].width for row in rows if column < len(row)), default=0)
        for column in range(columns)
    ]
    lines: list[str] = []
    for row in rows:
        parts: list[Box] = []
        for column, cell in enumerate(row):
            if column:
                parts.append(_text(" " if aligned else _GAP))
            free = _text(" " * (widths[column] - cell.width))
            parts += [free, cell] if aligned and column % 2 == 0 else [cell, free]
        lines += beside(parts).lines
    width = max((cells(text) for text in lines), default=0)
    padded = tuple(text + " " * (width - cells(text)) for text in lines)
    body = Box(padded or ("",), (len(padded) - 1) // 2 if padded else 0)
    left, right = node.ends
    if node.text == "cases":
        body = beside([_text(" "), body])
    return fenced(body, left, right)


def _centred(body: Box, width: int) -> tuple[str, ...]:
    free = width - body.width
    left = free // 2
    return tuple(" " * left + row + " " * (free - left) for row in body.lines)
