"""A formula's tree on one line: `y = ⌊(n + 2p − k)/s⌋ + 1`.

Promise: what is written is unambiguous; parentheses are added where a line needs them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from content.text.latex_parse import ALIGNED, Node
from content.text.latex_spacing import spaced
from content.text.latex_symbols import SUBSCRIPTS, SUPERSCRIPTS

_MARKS = "\u0300-\u036f\u20d7"
_SMALL = "′°*⁰-₟ᵢ-ᵪⱼ⁽⁾ᵃ-ᵿʰ-ˣᴬ-ᵂⱽ"
_ONE = re.compile(rf"[∂∇√]?(?:\d[\d.,]*|[^\W\d_][{_MARKS}]*|∞|[\u4e00-\u9fff]+)[{_SMALL}]*")
"""One number or letter with its marks and scripts."""
_PRODUCT = re.compile(rf"(?:[∂∇√]?[\w.∞{_MARKS}{_SMALL}])+")
"""Numbers and letters side by side."""
_WRITTEN_OUT = re.compile(r"[_^]\w+$")


def line(node: Node, *, tight: bool = False) -> str:
    """The node as one line of text."""
    match node.kind:
        case "row":
            return _joined(
                part if isinstance(part, str) else line(part, tight=tight)
                for part in spaced(node.kids, tight=tight)
            )
        case "fraction":
            above, below = (line(kid, tight=tight) for kid in node.kids)
            top = above if _PRODUCT.fullmatch(above) else grouped(above)
            return f"{top}/{grouped(below)}"
        case "binomial":
            above, below = (line(kid, tight=tight) for kid in node.kids)
            return f"C({above}, {below})"
        case "root":
            return root_sign(node.text) + grouped(line(node.kids[0], tight=tight))
        case "accent":
            return accented(line(node.kids[0], tight=tight), node.text)
        case "script":
            return _script(node, tight)
        case "fence":
            return node.ends[0] + line(node.kids[0], tight=tight) + node.ends[1]
        case "grid":
            return _grid(node)
        case _:
            return node.text


def _joined(parts: Iterable[str]) -> str:
    """Parts of a row; a script written out (`∇_θ`) is kept apart from a name after it."""
    shown = ""
    for part in parts:
        if _WRITTEN_OUT.search(shown) and part[:1].isalnum():
            shown += " "
        shown += part
    return shown


def grouped(text: str) -> str:
    """The text in parentheses, unless it is one number, name or bracket."""
    if _ONE.fullmatch(text) or _bracketed(text):
        return text
    return f"({text})"


def _bracketed(text: str) -> bool:
    pairs = {"(": ")", "⌊": "⌋", "⌈": "⌉", "[": "]"}
    if text[:1] not in pairs or text[-1:] != pairs[text[0]]:
        return False
    depth = 0
    for at, char in enumerate(text):
        depth += (char == text[0]) - (char == text[-1])
        if not depth:
            return at == len(text) - 1
    return False


def root_sign(index: str) -> str:
    """`√`, or `³√` with an index."""
    if index and all(char in SUPERSCRIPTS for char in index):
        return "".join(SUPERSCRIPTS[char] for char in index) + "√"
    return f"{index}√" if index else "√"


def accented(text: str, mark: str) -> str:
    """The text under a combining mark; longer texts in parentheses under it."""
    if mark in ("\u0305", "\u0332"):  # lines join over many characters
        return "".join(char + mark for char in text)
    shown = text + mark if len(text) == 1 else f"{grouped(text)}{mark}"
    return unicodedata.normalize("NFC", shown)


def script_text(node: Node) -> str:
    """A script without the spaces that a full-size row has."""
    return line(node, tight=True)


def small(text: str, table: dict[str, str]) -> str | None:
    """The text in small characters, None where one of them has no small form."""
    if all(char in table for char in text):
        return "".join(table[char] for char in text)
    return None


def _script(node: Node, tight: bool) -> str:
    base, sub, sup = node.kids
    shown = line(base, tight=tight)
    if base.kind in ("fraction", "row") and shown:
        shown = grouped(shown)
    if base.kind == "accent" and len(shown) > 2:
        shown = grouped(shown)
    return shown + _marked(sub, SUBSCRIPTS, "_") + _marked(sup, SUPERSCRIPTS, "^")


def _marked(node: Node, table: dict[str, str], mark: str) -> str:
    if not node.kids and node.kind == "row":
        return ""
    text = script_text(node)
    if mark == "^" and text == "∘":
        return "°"
    found = small(text, table)
    if found is not None:
        return found
    simple = re.fullmatch(r"\w+", text) or len(text) == 1
    return mark + (text if simple else grouped(text))


def _grid(node: Node) -> str:
    if node.text in ALIGNED:
        return "; ".join("".join(_cell(cell) for cell in row.kids).strip() for row in node.kids)
    if node.text == "cases":
        rows = [", ".join(line(c).rstrip(",") for c in row.kids if c.kids) for row in node.kids]
        return "{ " + "; ".join(rows) + " }"
    rows = [" ".join(line(cell) for cell in row.kids) for row in node.kids]
    left, right = node.ends if node.ends[0] else ("[", "]")
    return left + "; ".join(rows) + right


def _cell(cell: Node) -> str:
    """A cell of an aligned row: a relation at its start keeps its spaces."""
    shown = line(cell)
    return f" {shown}" if shown[:1] and shown[0] in "=<>≤≥≈≠∼→" else shown
