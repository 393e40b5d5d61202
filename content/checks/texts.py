"""Codes of single texts: figures, formulas and code that cannot be shown as meant.

Promise: uses the very reader and layout that show texts to learners. Must not measure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.cells import cell_len

from content.checks.registry import rule
from content.checks.view import Form, ItemView, PackView
from content.diagnostic import Diagnostic
from content.pack import Card
from content.text import (
    Block,
    Code,
    Diagram,
    Document,
    TextError,
    plain,
    problems_in,
    render,
)

if TYPE_CHECKING:
    from content.checks.proof import Proof

MAX_FRONT = 240
"""Characters of a card's front."""
MAX_LINE = 76
"""Cells of a line of code."""
MAX_DRAWING = (60, 10)
"""Cells and rows of a drawing."""
_DRAWS_SHOWN = 20

_MARKUP = re.compile(
    r"\[(?:/|/?(?:bold|b|italic|i|underline|u|dim|strike|blink|reverse|(?:on )?(?:black|red|green"
    r"|yellow|blue|magenta|cyan|white))|(?:link|@click)=[^\]]*)\]",
    re.IGNORECASE,
)


_BRACES = re.compile(r"(?<![{\\])\{ *([A-Za-z_]\w*) *\}(?!\})")
_CODE_OR_FORMULA = re.compile(r"`[^`]*`|\$[^$]*\$|\{\{.*?\}\}")


@rule("G401", "figure-unreadable")
def figure_unreadable(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds figures and code blocks that cannot be read: no closing braces, no expression, an
    unknown format; and names in single braces, which are no figures.

    Why is this bad?
    The learner would see the source instead of the number.

    Example
        It has {{ parameters(layer) } weights.

    Use instead
        It has {{ parameters(layer) }} weights.
    """
    for item, form, problem in _problems(view):
        if not problem.code.startswith("math-"):
            yield _text_problem("G401", item, form, problem)
    for item in view.items:
        names = {*getattr(item.item, "draw", {}), *item.item.let}
        for form in item.forms:
            for braces in _BRACES.finditer(_CODE_OR_FORMULA.sub(_blank, form.text)):
                if braces[1] in names:
                    details = {"slip": "one-brace", "name": braces[1]}
                    yield item.report("G401", form.path, fragment=braces[0], more=details)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


@rule("G402", "formula-unreadable")
def formula_unreadable(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds formulas between dollar signs that hold an unknown command or do not end.

    Why is this bad?
    The learner would see LaTeX source instead of a formula.

    Example
        $\\fraq{a}{b}$

    Use instead
        $\\frac{a}{b}$
    """
    for item, form, problem in _problems(view):
        if problem.code.startswith("math-"):
            yield _text_problem("G402", item, form, problem)


def _problems(view: PackView) -> Iterator[tuple[ItemView, Form, TextError]]:
    for item in view.items:
        for form in item.forms:
            for problem in problems_in(form.text):
                yield item, form, problem


def _text_problem(code: str, item: ItemView, form: Form, problem: TextError) -> Diagnostic:
    fragment, occurrence = fragment_at(form.text, problem.position)
    return item.report(
        code,
        form.path,
        key=False,
        fragment=fragment,
        occurrence=occurrence,
        more={"reason.en": problem.message("en"), "reason.zh": problem.message("zh")},
    )


def fragment_at(text: str, position: int, length: int = 0) -> tuple[str, int]:
    """A piece of the text at a position, and how many times it stood before."""
    if not length:
        end = re.compile(r"\s|\Z").search(text, position + 2)
        length = max(1, (end.start() if end else len(text)) - position)
    fragment = text[position : position + min(length, 40)].split("\n")[0]
    return fragment, text.count(fragment, 0, position) if fragment else 0


@rule("G404", "too-wide")
def too_wide(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds lines of code above 76 cells and drawings above 60 cells or 10 rows. A Chinese character
    takes two cells.

    Why is this bad?
    They are never wrapped: on a terminal of 80 columns their end is cut off.

    Example
        A drawing of 12 rows.

    Use instead
        A smaller drawing, or two.
    """
    for item in view.items:
        proof = view.proofs.get(item.name)
        for form, document in item.documents:
            if not any(isinstance(block, Code | Diagram) for block in document):
                continue
            for shown in (document, *_measured(form, proof)):
                if wide := next(_wide(shown), None):
                    line, details = wide
                    fragment = line.strip()[:20]
                    yield item.report("G404", form.path, fragment=fragment, more=details)
                    break


def _measured(form: Form, proof: Proof | None) -> Iterator[Document]:
    """The text with its figures, for some draws: a filled-in model may be long."""
    if proof is None or "{{" not in form.text:
        return
    for prepared in proof.prepared[:_DRAWS_SHOWN]:
        values = {key.partition(":")[2]: value for key, value in prepared.values.items()}
        yield render(form.text, values, form.language or "en")


def _wide(blocks: tuple[Block, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    for block in blocks:
        if isinstance(block, Code):
            for spans in block.lines:
                line = "".join(span.text for span in spans)
                if cell_len(line) > MAX_LINE:
                    yield line, {"slip": "code", "is": str(cell_len(line)), "most": str(MAX_LINE)}
        elif isinstance(block, Diagram) and block.style == "plain":
            cells, rows = MAX_DRAWING
            for line in block.lines:
                if cell_len(line) > cells:
                    yield line, {"slip": "cells", "is": str(cell_len(line)), "most": str(cells)}
            if len(block.lines) > rows:
                is_ = str(len(block.lines))
                yield block.lines[0], {"slip": "rows", "is": is_, "most": str(rows)}


@rule("G405", "front-too-long")
def front_too_long(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds card fronts above 240 characters.

    Why is this bad?
    A person who knows should answer within ten seconds, reading included.

    Example
        A front that tells the whole story before it asks.

    Use instead
        The question alone; the story belongs on the back.
    """
    for item in view.items:
        if not isinstance(item.item, Card):
            continue
        for form, document in item.documents:
            if form.role == "front":
                length = len(plain(document, "en"))
                if length > MAX_FRONT:
                    details = {"is": str(length), "most": str(MAX_FRONT)}
                    yield item.report("G405", form.path, more=details)


@rule("G407", "looks-like-markup")
def looks_like_markup(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Warns of tags such as `[bold]` that other terminal programs take for markup.

    Why is this bad?
    Here they are plain text and the learner sees the brackets.

    Example
        [bold]Padding[/bold] adds zeros.

    Use instead
        **Padding** adds zeros.
    """
    for item in view.items:
        for form in item.forms:
            for block in _MARKUP.finditer(re.sub(r"`[^`]*`", "", form.text)):
                yield item.report("G407", form.path, fragment=block.group(), tag=block.group())
                break
