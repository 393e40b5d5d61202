"""LaTeX formulas as a tree.

Promise: time proportional to the formula, nesting capped, every refusal named; an unknown command
is refused rather than guessed at. Must not lay anything out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from content.text import latex_symbols as signs

LONGEST = 2000
"""Characters of a formula."""

_DEEPEST = 24
_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[{}_^&'~]|\s+|.", re.S)
_FRACTIONS = frozenset({"frac", "dfrac", "tfrac", "cfrac"})
_BINOMIALS = frozenset({"binom", "dbinom", "tbinom"})
_ENVIRONMENTS = {
    "cases": ("{", ""),
    "matrix": ("", ""),
    "smallmatrix": ("", ""),
    "pmatrix": ("(", ")"),
    "bmatrix": ("[", "]"),
    "Bmatrix": ("{", "}"),
    "vmatrix": ("|", "|"),
    "Vmatrix": ("‖", "‖"),
    "array": ("", ""),
    "aligned": ("", ""),
    "align": ("", ""),
    "split": ("", ""),
    "gathered": ("", ""),
    "gather": ("", ""),
    "equation": ("", ""),
}
ALIGNED = frozenset({"aligned", "align", "split", "gathered", "gather", "equation"})
"""Environments whose columns stand next to each other without a gap."""


class LatexError(Exception):
    """A formula that cannot be read; `code` and `details` as in `TextError`."""

    def __init__(self, code: str, **details: str) -> None:
        self.code = code
        self.details = details
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Node:
    """One part of a formula.

    Kinds: sign, word (upright), operator (scripts above and below), space, row, fraction, root,
    accent, script (base, sub, sup), fence (body; text holds both delimiters), grid (rows of
    cells), binomial.
    """

    kind: str
    kids: tuple[Node, ...] = ()
    text: str = ""
    ends: tuple[str, str] = ("", "")


_NOTHING = Node("row")


def parsed(source: str) -> Node:
    """The formula's tree. Raises LatexError."""
    if len(source) > LONGEST:
        raise LatexError("math-long", limit=f"{LONGEST:,}")
    parser = _Parser(_TOKEN.findall(source))
    row = parser.row(())
    if (left := parser.peek()) is not None:
        raise LatexError("math-unexpected", sign=left)
    return row


@dataclass(slots=True)
class _Parser:
    tokens: list[str]
    at: int = 0
    depth: int = 0

    def peek(self) -> str | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self) -> str:
        piece = self.peek()
        if piece is None:
            raise LatexError("math-ends")
        self.at += 1
        return piece

    def expect(self, piece: str) -> None:
        if self.peek() != piece:
            raise LatexError("math-missing", sign=piece)
        self.at += 1

    def row(self, stop: tuple[str, ...]) -> Node:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise LatexError("math-deep")
        kids = tuple(self._until(stop))
        self.depth -= 1
        return Node("row", kids)

    def _until(self, stop: tuple[str, ...]) -> Iterator[Node]:
        while (piece := self.peek()) is not None and piece not in stop:
            if piece.isspace():
                self.at += 1
                continue
            if (atom := self.atom()) is not None:
                yield self._with_scripts(atom)

    def _with_scripts(self, base: Node) -> Node:
        sub = sup = None
        while (piece := self.peek()) is not None:
            if piece == "_":
                self.at += 1
                sub = self._joined(sub, self.argument())
            elif piece == "^":
                self.at += 1
                sup = self._joined(sup, self.argument())
            elif piece == "'":
                self.at += 1
                sup = self._joined(sup, Node("sign", text="′"))
            elif piece in ("\\limits", "\\nolimits") or piece.isspace():
                self.at += 1
            else:
                break
        if sub is None and sup is None:
            return base
        return Node("script", (base, sub or _NOTHING, sup or _NOTHING))

    @staticmethod
    def _joined(first: Node | None, second: Node) -> Node:
        return second if first is None else Node("row", (*first.kids, second))

    def argument(self) -> Node:
        self._skip_space()
        if self.peek() == "{":
            self.at += 1
            row = self.row(("}",))
            self.expect("}")
            return row
        self.depth += 1
        if self.depth > _DEEPEST:
            raise LatexError("math-deep")
        atom = self.atom()
        self.depth -= 1
        return Node("row", (atom,) if atom else ())

    def _skip_space(self) -> None:
        while (piece := self.peek()) is not None and piece.isspace():
            self.at += 1

    def raw(self) -> str:
        """The text of a braced argument, as it stands."""
        self._skip_space()
        self.expect("{")
        depth = 1
        parts: list[str] = []
        while True:
            piece = self.take()
            depth += (piece == "{") - (piece == "}")
            if not depth:
                return "".join(parts)
            if piece == "~" or piece in ("\\,", "\\;", "\\ ", "\\:"):
                parts.append(" ")
            elif piece not in ("{", "}"):
                parts.append(piece[1:] if len(piece) == 2 and piece[0] == "\\" else piece)

    def atom(self) -> Node | None:
        piece = self.take()
        if piece == "{":
            row = self.row(("}",))
            self.expect("}")
            return row
        if piece in ("_", "^", "'"):  # scripts of nothing: {}_i
            self.at -= 1
            return _NOTHING
        if piece in ("}", "&") or piece == "\\\\":
            raise LatexError("math-unexpected", sign=piece)
        if piece == "~":
            return Node("space", text=" ")
        if piece[0] == "\\" and len(piece) > 1:
            return self._command(piece[1:].rstrip("*") or "*")
        return Node("sign", text={"-": "−", "*": "∗"}.get(piece, piece))

    def _command(self, name: str) -> Node | None:
        if name in _FRACTIONS:
            return Node("fraction", (self.argument(), self.argument()))
        if name in _BINOMIALS:
            return Node("binomial", (self.argument(), self.argument()))
        if name == "sqrt":
            return self._root()
        if name in signs.ACCENTS:
            return Node("accent", (self.argument(),), signs.ACCENTS[name])
        if name in ("left", "begin"):
            return self._fence() if name == "left" else self._grid(self.raw().rstrip("*"))
        if name in ("right", "end"):
            raise LatexError("math-unexpected", sign=f"\\{name}")
        return self._text(name) or self._named(name)

    def _text(self, name: str) -> Node | None:
        if name in signs.RAW_TEXT:
            return Node("word", text=" ".join(self.raw().split("\n")), ends=("raw", ""))
        if name == "operatorname":
            return Node("operator", text=" ".join(self.raw().split()))
        if name in signs.PLAIN_FONTS:
            return self.argument()
        if name in signs.LETTERS:
            table = signs.LETTERS[name]
            letters = "".join(table.get(c, c) for c in self._letters())
            return Node("sign", text=letters)
        return None

    def _letters(self) -> str:
        self._skip_space()
        return self.raw().strip() if self.peek() == "{" else self.take()

    def _named(self, name: str) -> Node | None:
        if name in signs.IGNORED:
            return None
        if name in signs.SPACES:
            return Node("space", text=signs.SPACES[name])
        if name in signs.OPERATORS:
            return Node("operator", text=signs.OPERATORS[name])
        if name in signs.FUNCTIONS:
            return Node("word", text=name)
        if name in signs.WORDS:
            return Node("sign", text=signs.WORDS[name], ends=("binary", ""))
        found = signs.symbol(name)
        if found is None:
            raise LatexError("math-unknown", command=f"\\{name}")
        return Node("sign", text=found)

    def _root(self) -> Node:
        self._skip_space()
        index = ""
        if self.peek() == "[":
            self.at += 1
            while (piece := self.take()) != "]":
                index += piece
        return Node("root", (self.argument(),), index.strip())

    def _delimiter(self) -> str:
        self._skip_space()
        piece = self.take()
        if piece == ".":
            return ""
        if piece[0] != "\\":
            return piece
        found = signs.symbol(piece[1:])
        if found is None:
            raise LatexError("math-unknown", command=piece)
        return found

    def _fence(self) -> Node:
        left = self._delimiter()
        body = self.row(("\\right",))
        self.expect("\\right")
        return Node("fence", (body,), ends=(left, self._delimiter()))

    def _grid(self, name: str) -> Node:
        if name not in _ENVIRONMENTS:
            raise LatexError("math-unknown", command=f"\\begin{{{name}}}")
        if name == "array":
            self.raw()
        rows: list[Node] = []
        cells: list[Node] = []
        while True:
            cells.append(self.row(("&", "\\\\", "\\end")))
            piece = self.peek()
            if piece is None:
                raise LatexError("math-missing", sign=f"\\end{{{name}}}")
            self.at += 1
            if piece == "&":
                continue
            if any(cell.kids for cell in cells):
                rows.append(Node("row", tuple(cells)))
            cells = []
            if piece == "\\end":
                if (closing := self.raw().rstrip("*")) != name:
                    raise LatexError("math-unexpected", sign=f"\\end{{{closing}}}")
                return Node("grid", tuple(rows), name, _ENVIRONMENTS[name])
