"""The block structure of a text: paragraphs, lists, tables, code, drawings, formulas, quotes.

Promise: a subset of Markdown that an author can foresee; never raises, takes time proportional to
the text, and loses nothing: what is no markup is a paragraph. Written here rather than taken from
a Markdown library because figures and formulas may hold any of Markdown's own signs (`|`, `_`,
`*`), and emphasis must work beside Chinese punctuation. Must not know any value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from content.text.document import (
    Align,
    Block,
    Diagram,
    Document,
    Heading,
    Listing,
    Paragraph,
    Quote,
    Spans,
    Table,
    TextError,
)
from content.text.inline import Ink, Inline, Run

LONGEST = 20_000
"""Characters of one text."""

_DEEPEST = 8
_FENCE = re.compile(r"( {0,3})(`{3,}|~{3,}) *([\w+-]*)([^`]*)$")
_HEADING = re.compile(r"(#{1,6}) +(.*?) *#*$")
_BULLET = re.compile(r"( {0,3})([-*+•]|\d{1,9}[.)])( +)(?=\S)")
_INTERRUPTING = ("-", "*", "•", "1.", "1)")
"""Marks that start a list without an empty line before it; a wrapped line may begin with others."""
_DELIMITERS = re.compile(r" *\|? *:?-+:? *(\| *:?-+:? *)*\|? *$")
_RULE = re.compile(r" {0,3}([-*_])( *\1){2,} *$")
_DRAWN = re.compile("[\u2190-\u21ff\u2500-\u25ff]")
_VERBATIM = frozenset({"text", "txt", "diagram", "ascii"})

Line = tuple[str, int]
"""A line and its position in the source."""


def read_blocks(text: str, ink: Ink) -> Document:
    """The text as a document, told in `ink`."""
    if len(text) > LONGEST:
        ink.problem(TextError("too-long", LONGEST, limit=f"{LONGEST:,}"))
        text = text[:LONGEST] + "…"
    lines, at = [], 0
    for line in text.split("\n"):
        lines.append((line, at))
        at += len(line) + 1
    return tuple(_Blocks(Inline(ink), ink, lines).read(0))


@dataclass(slots=True)
class _Blocks:
    inline: Inline
    ink: Ink
    lines: list[Line]
    at: int = 0

    def read(self, depth: int) -> list[Block]:
        blocks: list[Block] = []
        while self.at < len(self.lines):
            if not self.lines[self.at][0].strip():
                self.at += 1
                continue
            blocks.append(self._block(depth))
        return blocks

    def _block(self, depth: int) -> Block:
        line, position = self.lines[self.at]
        if line.startswith("    "):
            return self._indented()
        if fence := _FENCE.match(line):
            return self._fenced(fence, position)
        if line.lstrip().startswith("$$") and (formula := self._display()):
            return formula
        if heading := _HEADING.match(line):
            self.at += 1
            title = Run.of([(heading[2], position + heading.start(2))])
            return Heading(self.inline.read(title), len(heading[1]))
        if _RULE.match(line):
            self.at += 1
            return Diagram(("─" * 8,))
        if depth < _DEEPEST and line.startswith(">"):
            return self._quote(depth)
        if depth < _DEEPEST and _BULLET.match(line):
            return self._listing(depth)
        if self._at_table():
            return self._table()
        return self._paragraph()

    def _take_verbatim(self, lines: list[Line], language: str, told: Line = ("", 0)) -> Block:
        drawn = language in _VERBATIM or (
            not language and any(_DRAWN.search(line) for line, _ in lines)
        )
        shown = self.inline.verbatim(Run.of(lines), in_code=not drawn)
        if drawn:
            words = self.inline.verbatim(Run.of([told]), in_code=False)
            return Diagram(tuple(line.rstrip() for line in shown.split("\n")), told=words)
        return self.ink.code(shown, language)

    def _indented(self) -> Block:
        taken: list[Line] = []
        while self.at < len(self.lines):
            line, position = self.lines[self.at]
            if line.strip() and not line.startswith("    "):
                break
            taken.append((line[4:], position + 4))
            self.at += 1
        while not taken[-1][0].strip():
            taken.pop()
        return self._take_verbatim(_dedented(taken), "")

    def _fenced(self, fence: re.Match[str], position: int) -> Block:
        indent, mark, language = len(fence[1]), fence[2], fence[3].lower()
        told = fence[4].strip(), position + fence.start(4) + len(fence[4]) - len(fence[4].lstrip())
        closing = re.compile(rf" {{0,3}}{re.escape(mark[0])}{{{len(mark)},}} *$")
        self.at += 1
        taken: list[Line] = []
        while self.at < len(self.lines):
            line, start = self.lines[self.at]
            self.at += 1
            if closing.match(line):
                return self._take_verbatim(taken, language, told)
            own = min(indent, len(line) - len(line.lstrip(" ")))
            taken.append((line[own:], start + own))
        self.ink.problem(TextError("code-open", position))
        return self._take_verbatim(taken, language, told)

    def _display(self) -> Block | None:
        """A formula between two `$$`, where the first starts a line and the last ends one."""
        first, position = self.lines[self.at]
        opening = first.index("$$")
        taken: list[str] = []
        for at in range(self.at, len(self.lines)):
            line = self.lines[at][0]
            if at > self.at and not line.strip():
                break
            rest = line[opening + 2 :] if at == self.at else line
            if (close := rest.find("$$")) >= 0:
                if rest[close + 2 :].strip():
                    return None
                taken.append(rest[:close])
                self.at = at + 1
                source = "\n".join(taken)
                self.inline.refuse_figures(source, position + opening + 2)
                return self.ink.display(source, position + opening)
            taken.append(rest)
        self.ink.problem(TextError("math-open", position + opening))
        return None

    def _quote(self, depth: int) -> Block:
        taken: list[Line] = []
        while self.at < len(self.lines) and self.lines[self.at][0].startswith(">"):
            line, position = self.lines[self.at]
            skip = 2 if line.startswith("> ") else 1
            taken.append((line[skip:], position + skip))
            self.at += 1
        return Quote(tuple(_Blocks(self.inline, self.ink, taken).read(depth + 1)))

    def _listing(self, depth: int) -> Block:
        first = _BULLET.match(self.lines[self.at][0])
        ordered = first is not None and first[2][0].isdigit()
        start = int(first[2][:-1]) if first is not None and ordered else 1
        items: list[tuple[Block, ...]] = []
        while self.at < len(self.lines):
            bullet = _BULLET.match(self.lines[self.at][0])
            if bullet is None or bullet[2][0].isdigit() != ordered:
                break
            items.append(self._item(bullet, depth))
            self._skip_blank_before_bullet()
        return Listing(tuple(items), ordered, start)

    def _item(self, bullet: re.Match[str], depth: int) -> tuple[Block, ...]:
        line, position = self.lines[self.at]
        indent = bullet.end()
        taken = [(line[indent:], position + indent)]
        self.at += 1
        blank = False
        while self.at < len(self.lines):
            line, position = self.lines[self.at]
            own = len(line) - len(line.lstrip(" "))
            if line.strip() and own < min(indent, 2) and (blank or self._starts_block(line)):
                break
            if line.strip() and own < indent and _BULLET.match(line):
                break
            skip = min(own, indent)
            taken.append((line[skip:], position + skip))
            blank = not line.strip()
            self.at += 1
        return tuple(_Blocks(self.inline, self.ink, taken).read(depth + 1))

    def _skip_blank_before_bullet(self) -> None:
        at = self.at
        while at < len(self.lines) and not self.lines[at][0].strip():
            at += 1
        if at < len(self.lines) and _BULLET.match(self.lines[at][0]):
            self.at = at

    def _starts_block(self, line: str) -> bool:
        bullet = _BULLET.match(line)
        return bool(
            _FENCE.match(line)
            or _HEADING.match(line)
            or line.startswith((">", "$$"))
            or (bullet and bullet[2] in _INTERRUPTING)
        )

    def _at_table(self) -> bool:
        if "|" not in self.lines[self.at][0] or self.at + 1 >= len(self.lines):
            return False
        below = self.lines[self.at + 1][0]
        return "|" in below and bool(_DELIMITERS.match(below))

    def _table(self) -> Block:
        header = self._cells()
        marks = [part.strip() for part in self.lines[self.at][0].strip().strip("|").split("|")]
        self.at += 1
        width = len(header)
        align = [_alignment(mark) for mark in marks[:width]]
        align += ["left"] * (width - len(align))
        rows: list[tuple[Spans, ...]] = []
        while self.at < len(self.lines) and "|" in self.lines[self.at][0]:
            row = self._cells()
            extra = tuple(span for cell in row[width - 1 :] for span in cell)
            row = (*row[: width - 1], extra) if len(row) > width else row
            rows.append(row + ((),) * (width - len(row)))
        return Table(header, tuple(rows), tuple(align))

    def _cells(self) -> tuple[Spans, ...]:
        run = Run.of([self.lines[self.at]])
        self.at += 1
        return tuple(self.inline.read(cell) for cell in self.inline.cells(run))

    def _paragraph(self) -> Block:
        taken: list[Line] = []
        while self.at < len(self.lines):
            line, position = self.lines[self.at]
            if not line.strip() or (taken and (self._starts_block(line) or self._at_table())):
                break
            own = len(line) - len(line.lstrip())
            taken.append((line[own:], position + own))
            self.at += 1
        last, position = taken[-1]
        taken[-1] = (last.rstrip(), position)
        run = Run.of(taken)
        figure = self.inline.only_figure(run)
        return Paragraph(self.inline.read(run)) if figure is None else self.ink.alone(figure)


def _alignment(mark: str) -> Align:
    if mark.endswith(":"):
        return "centre" if mark.startswith(":") else "right"
    return "left"


def _dedented(lines: list[Line]) -> list[Line]:
    indent = min(len(line) - len(line.lstrip(" ")) for line, _ in lines if line.strip())
    return [(line[indent:], position + indent) for line, position in lines]
