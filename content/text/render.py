"""A text and its measured values to a document.

Promise: `render` never raises: a figure that could not be measured shows as `?`, a formula that
cannot be read shows as its source. `problems_in` tells an author all of that beforehand. Nothing
reaches a document without passing `clean`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from content.text import latex
from content.text.clean import clean, clean_line
from content.text.code import highlighted
from content.text.document import (
    Block,
    Code,
    Diagram,
    Document,
    Drawing,
    Paragraph,
    Span,
    TextError,
)
from content.text.figures import Figure
from content.text.markdown import read_blocks
from content.text.numbers import format_value, literal
from content.text.pictures import picture_of
from engine.protocol import Failure, Skipped
from engine.values import Value

UNMEASURED = "?"
"""What stands where a figure could not be measured."""


def render(text: str, values: Mapping[str, Value | Failure | Skipped], language: str) -> Document:
    """The text with its figures filled in. `values` are keyed by the figures' sources."""
    return read_blocks(clean(text), _Filling(values, language))


def figures_in(text: str) -> tuple[Figure, ...]:
    """Every figure, in order, those `in_math` included.

    Raises TextError at the first figure that cannot be read.
    """
    seen = _Collecting()
    read_blocks(text, seen)
    for problem in seen.problems:
        if problem.code in ("figure-open", "figure-empty", "figure-format"):
            raise problem
    return tuple(seen.figures)


def problems_in(text: str) -> tuple[TextError, ...]:
    """Everything in the text that could not be shown as meant, in order of position."""
    seen = _Collecting(formulas=True)
    read_blocks(text, seen)
    return tuple(sorted(seen.problems, key=lambda problem: problem.position))


@dataclass(slots=True)
class _Filling:
    values: Mapping[str, Value | Failure | Skipped]
    language: str

    def figure(self, figure: Figure) -> str:
        value = self.values.get(figure.source, Skipped())
        if isinstance(value, Failure | Skipped):
            return UNMEASURED
        if figure.in_code:
            return clean(literal(value, figure.format))
        return clean_line(format_value(value, self.language, figure.format))

    def alone(self, figure: Figure) -> Block:
        picture = picture_of(self.values.get(figure.source))
        if picture is not None:
            return Drawing(picture)
        return Paragraph((Span(self.figure(figure), "figure"),))

    def math(self, source: str, position: int) -> Span:  # noqa: ARG002
        try:
            return Span(latex.one_line(source), "math")
        except latex.LatexError:
            return Span(" ".join(source.split()), "math")

    def display(self, source: str, position: int) -> Diagram:  # noqa: ARG002
        try:
            rows = latex.block(source)
            return Diagram(rows, "math", latex.one_line(source) if len(rows) > 1 else "")
        except latex.LatexError:
            return Diagram(tuple(source.strip("\n").split("\n")), "math")

    def code(self, text: str, language: str) -> Code:
        return highlighted(text, language)

    def problem(self, error: TextError) -> None:
        """Shown as it stands; authors learn of it from `problems_in`."""


@dataclass(slots=True)
class _Collecting:
    formulas: bool = False
    figures: list[Figure] = field(default_factory=list)
    problems: list[TextError] = field(default_factory=list)

    def figure(self, figure: Figure) -> str:
        self.figures.append(figure)
        return UNMEASURED

    def alone(self, figure: Figure) -> Block:
        return Paragraph((Span(self.figure(figure), "figure"),))

    def math(self, source: str, position: int) -> Span:
        self._check(source, position)
        return Span(source, "math")

    def display(self, source: str, position: int) -> Diagram:
        self._check(source, position)
        return Diagram((source,), "math")

    def code(self, text: str, language: str) -> Code:
        return Code(((Span(text, "code"),),), language)

    def problem(self, error: TextError) -> None:
        self.problems.append(error)

    def _check(self, source: str, position: int) -> None:
        if not self.formulas:
            return
        try:
            latex.block(source)
        except latex.LatexError as error:
            self.problems.append(TextError(error.code, position, **error.details))
