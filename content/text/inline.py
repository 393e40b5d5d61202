"""One run of text inside a block: emphasis, code, formulas, figures and links to styled spans.

Promise: never raises and takes time proportional to the text; what is no markup shows as it
stands. Emphasis works beside Chinese punctuation, where CommonMark's own rule fails. Raw HTML and
`[bold]` are plain text. Must not know about blocks.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol

from content.text.document import Block, Code, Diagram, Span, Spans, TextError
from content.text.emphasis import SOFT, Mark, emphasised, read_mark, settled
from content.text.figures import Figure, read_figure

_SPECIAL = re.compile(r"[\\`${\[<\n*_]")
_ESCAPABLE = "\\`$*_[]<>#|{}-"
_TICKS = re.compile(r"`+")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^\s<>]{1,500})>")
_LONGEST_LINK = 400


class Ink(Protocol):
    """Turns what a text refers to into what is shown."""

    def figure(self, figure: Figure) -> str:
        """A measured figure's text."""
        ...

    def alone(self, figure: Figure) -> Block:
        """A figure that is its whole paragraph."""
        ...

    def math(self, source: str, position: int) -> Span:
        """A formula inside running text."""
        ...

    def display(self, source: str, position: int) -> Diagram:
        """A formula on lines of its own."""
        ...

    def code(self, text: str, language: str) -> Code:
        """A block of code."""
        ...

    def problem(self, error: TextError) -> None:
        """Something could not be read as meant."""
        ...


@dataclass(frozen=True, slots=True)
class Run:
    """The lines of one block joined by newlines, each knowing where it stands in the source."""

    text: str
    starts: tuple[int, ...]
    """Position of each line in `text`."""
    offsets: tuple[int, ...]
    """Position of each line in the source."""

    @classmethod
    def of(cls, lines: list[tuple[str, int]]) -> Run:
        """A run of (line, position in the source)."""
        starts, at = [], 0
        for line, _ in lines:
            starts.append(at)
            at += len(line) + 1
        joined = "\n".join(line for line, _ in lines)
        return cls(joined, tuple(starts), tuple(offset for _, offset in lines))

    def position(self, at: int) -> int:
        """Where in the source the character `at` of this run stands."""
        line = max(0, bisect_right(self.starts, at) - 1)
        return self.offsets[line] + at - self.starts[line]


@dataclass(slots=True)
class Inline:
    """Reads runs with one ink."""

    ink: Ink
    _unclosed: set[str] = field(default_factory=set)

    def read(self, run: Run) -> Spans:
        """The run as spans."""
        self._unclosed = set()
        return settled(tuple(emphasised(list(self._tokens(run, 0, len(run.text))))))

    def only_figure(self, run: Run) -> Figure | None:
        """The figure that is all of the run, if it is one."""
        if not run.text.startswith("{{"):
            return None
        try:
            figure, after = read_figure(run.text, 0)
        except TextError:
            return None
        if run.text[after:].strip():
            return None
        return Figure(figure.source, figure.format, run.position(0), alone=True)

    def verbatim(self, run: Run, *, in_code: bool) -> str:
        """The run as it stands, with figures filled in."""
        parts, at = [], 0
        while (brace := run.text.find("{{", at)) >= 0:
            escaped = brace > 0 and run.text[brace - 1] == "\\"
            parts.append(run.text[at : brace - escaped])
            if escaped:
                parts.append("{{")
                at = brace + 2
                continue
            shown, at = self._figure(run, brace, in_code=in_code)
            parts.append(shown)
        parts.append(run.text[at:])
        return "".join(parts)

    def cells(self, run: Run) -> list[Run]:
        """A table row's cells: bars inside code, formulas and figures do not count."""
        self._unclosed = set()
        text, bounds, at = run.text, [0], 0
        while at < len(text):
            if text[at] == "|":
                bounds.append(at + 1)
                at += 1
            else:
                at = max(at + 1, self._atom_end(run, at))
        bounds.append(len(text) + 1)
        cells = [Run(text[a : b - 1], (0,), (run.position(a),)) for a, b in pairwise(bounds)]
        if cells and not cells[0].text.strip():
            cells.pop(0)
        if cells and not cells[-1].text.strip():
            cells.pop()
        return [_stripped(cell) for cell in cells]

    def _atom_end(self, run: Run, at: int) -> int:
        text = run.text
        if text[at] == "\\":
            return at + 2
        if text[at] == "`":
            found = self._code_bounds(text, at)
            return found[1] if found else at
        if text[at] == "$":
            found = self._math_bounds(text, at)
            return found[1] if found else at
        if text.startswith("{{", at):
            try:
                return read_figure(text, at)[1]
            except TextError:
                return at
        return at

    def _tokens(self, run: Run, at: int, end: int, *, links: bool = True) -> Iterator[Span | Mark]:
        text = run.text
        while at < end:
            special = _SPECIAL.search(text, at, end)
            if special is None:
                yield Span(text[at:end])
                return
            if special.start() > at:
                yield Span(text[at : special.start()])
            at = special.start()
            found, at = self._special(run, at, end, links)
            yield from found

    def _special(self, run: Run, at: int, end: int, links: bool) -> tuple[list[Span | Mark], int]:
        text, char = run.text, run.text[at]
        if char == "\n":
            return [_line_end(text, at)], at + 1
        if char == "\\":
            return _escape(text, at, end)
        if char in "*_":
            return read_mark(text, at, end)
        if char == "`":
            if (found := self._code_bounds(text, at)) and found[1] <= end:
                return [self._code(run, at, found)], found[1]
            ticks = text[at:end]
            ticks = ticks[: len(ticks) - len(ticks.lstrip("`"))]
            return [Span(ticks)], at + len(ticks)
        if char == "$" and (found := self._math_bounds(text, at)) and found[1] <= end:
            return [self._math(run, at, found)], found[1]
        if text.startswith("{{", at):
            shown, after = self._figure(run, at, in_code=False)
            return [Span(shown, "figure" if shown != "{{" else "plain")], after
        if char == "[" and links and (link := self._link(run, at, end)):
            return link
        if char == "<" and (auto := _AUTOLINK.match(text, at, end)):
            return [Span(auto[1], "link")], auto.end()
        return [Span(char)], at + 1

    def _figure(self, run: Run, at: int, *, in_code: bool) -> tuple[str, int]:
        position = run.position(at)
        try:
            figure, after = read_figure(run.text, at, in_code=in_code)
        except TextError as error:
            self.ink.problem(TextError(error.code, position, **error.details))
            return "{{", at + 2
        moved = Figure(figure.source, figure.format, position, in_code)
        return self.ink.figure(moved), after

    def _code_bounds(self, text: str, at: int) -> tuple[int, int] | None:
        ticks = _TICKS.match(text, at)
        size = len(ticks.group()) if ticks else 1
        key = "`" * size
        if key in self._unclosed:
            return None
        for closing in _TICKS.finditer(text, at + size):
            if len(closing.group()) == size:
                return size, closing.end()
        self._unclosed.add(key)
        return None

    def _code(self, run: Run, at: int, bounds: tuple[int, int]) -> Span:
        size, end = bounds
        inner = Run(
            run.text[at + size : end - size].replace("\n", " "), (0,), (run.position(at + size),)
        )
        shown = self.verbatim(inner, in_code=True)
        padded = len(shown) > 2 and shown[0] == shown[-1] == " " and shown.strip()
        return Span(" ".join((shown[1:-1] if padded else shown).split("\n")), "code")

    def _math_bounds(self, text: str, at: int) -> tuple[int, int] | None:
        size = 2 if text.startswith("$$", at) else 1
        key = "$" * size
        first = at + size
        if key in self._unclosed or first >= len(text):
            return None
        if size == 1 and text[first].isspace():
            return None
        search = first + 1
        while (closing := text.find(key, search)) >= 0:
            escaped = text[closing - 1] == "\\"
            after = text[closing + size : closing + size + 1]
            spaced = size == 1 and text[closing - 1].isspace()
            if not (escaped or spaced or after.isdigit()):
                return size, closing + size
            search = closing + 1
        self._unclosed.add(key)
        return None

    def _math(self, run: Run, at: int, bounds: tuple[int, int]) -> Span:
        size, end = bounds
        source = run.text[at + size : end - size]
        self.refuse_figures(source, run.position(at + size))
        return self.ink.math(source.replace("\n", " "), run.position(at))

    def refuse_figures(self, source: str, position: int) -> None:
        """Reports every figure inside a formula."""
        at = 0
        while (brace := source.find("{{", at)) >= 0:
            try:
                figure, at = read_figure(source, brace)
            except TextError:
                return  # plain LaTeX groups
            self.ink.problem(TextError("figure-in-math", position + brace))
            moved = Figure(figure.source, figure.format, position + brace, in_math=True)
            self.ink.figure(moved)

    def _link(self, run: Run, at: int, end: int) -> tuple[list[Span | Mark], int] | None:
        text = run.text
        limit = min(end, at + _LONGEST_LINK)
        close = text.find("](", at, limit)
        if close < 0 or "\n" in text[at:close] or "[" in text[at + 1 : close]:
            return None
        stop = text.find(")", close, limit)
        if stop < 0 or any(c.isspace() for c in text[close + 2 : stop]):
            return None
        target = text[close + 2 : stop]
        label = self._tokens(run, at + 1, close, links=False)
        inner = [
            Span(token.text, "link" if isinstance(token, Mark) else _linked(token))
            for token in label
        ]
        shown = "".join(span.text for span in inner)
        if target and target != shown:
            inner.append(Span(f" ({target})"))
        return list(inner), stop + 1


def _linked(span: Span) -> str:
    return "link" if span.style == "plain" else span.style


def _stripped(run: Run) -> Run:
    left = len(run.text) - len(run.text.lstrip())
    return Run(run.text.strip(), (0,), (run.offsets[0] + left,))


def _line_end(text: str, at: int) -> Span:
    hard = text.endswith(("  ", "\\"), 0, at)
    return Span("\n", "plain" if hard else SOFT)


def _escape(text: str, at: int, end: int) -> tuple[list[Span | Mark], int]:
    if text.startswith("{{", at + 1) and at + 3 <= end:
        return [Span("{{")], at + 3
    following = text[at + 1 : min(at + 2, end)]
    if following and following in _ESCAPABLE:
        return [Span(following)], at + 2
    if following == "\n":
        return [], at + 1
    return [Span("\\")], at + 1
