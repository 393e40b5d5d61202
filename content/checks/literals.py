"""The rule that no number is typed: digits in prose are measured, declared or a constant in use.

Promise: looks at what the learner reads as prose (no code, no formulas, no figures). Must not
evaluate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from content.checks.registry import rule
from content.checks.view import Form, ItemView, PackView
from content.diagnostic import Diagnostic
from content.text import Block, Code, Diagram, Drawing, Listing, Quote, Span, Spans, Table
from engine.expression import Refused, constants_in

_PROSE = frozenset({"plain", "strong", "emphasis"})
_RUN = re.compile(r"\d+(?:[.,，]\d+)*")
_NAMED_BEFORE = re.compile(r"[A-Za-z_](?:[A-Za-z0-9_.]*-)?\d*\.?$")
_NAMED_AFTER = re.compile(r"(?:[dD]\b|[A-Za-wyzA-WYZ_]{2,})")
_TIMES_BEFORE = re.compile(r"[\d})]\s*[xX]$")
_NUMBERING_BEFORE = re.compile(r"(?:^|[\s。；;，,、])[(（]$")
_NUMBERING_AFTER = re.compile(r"^[)）]")


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed number: its digits, and a longer piece of text that tells where it is."""

    digits: str
    around: str


@rule("G403", "number-typed")
def number_typed(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds digits in prose that are neither measured, nor declared under `figures`, nor a constant
    in one of the item's own expressions. Code, formulas, names such as float16 or LeNet-5 and
    numbering are left alone.

    Why is this bad?
    A typed number is right until the day it is not. Measured ones are always right.

    Example
        back: A 3x3 layer from 3 to 64 channels has 1792 weights.

    Use instead
        back: A 3x3 layer from 3 to 64 channels has {{ parameters(Conv2d(3, 64, 3)) }} weights.
    """
    for item in view.items:
        allowed = _constants(item) | {_value(key) for key in item.item.figures}
        for form, document in item.documents:
            if form.path[:1] == ("accept",):
                continue
            seen: set[str] = set()
            for typed in typed_numbers(document):
                if _value(typed.digits) not in allowed and typed.digits not in seen:
                    seen.add(typed.digits)
                    yield _report(item, form, typed)


def _report(item: ItemView, form: Form, typed: Typed) -> Diagnostic:
    positions = item.source.positions
    full = (*item.base, *form.path)
    exact = positions.find(full, typed.around)
    if exact != positions.value(full):
        offset = typed.around.find(typed.digits)
        found = item.report("G403", form.path, fragment=typed.around, number=typed.digits)
        return type(found)(
            found.code, found.severity, found.file, found.line, found.column + offset,
            found.item, found.details,
        )  # fmt: skip
    return item.report("G403", form.path, fragment=typed.digits, number=typed.digits)


@rule("G408", "figure-note-unused")
def figure_note_unused(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Warns of a number declared under `figures` that no text of the item holds.

    Why is this bad?
    It hides the next number that is typed by mistake.

    Example
        figures: {"1998": the year it was published}
        back: It was published long ago.

    Use instead
        back: It was published long ago.
    """
    for item in view.items:
        if not item.item.figures:
            continue
        present = {
            _value(typed.digits)
            for _, document in item.documents
            for typed in typed_numbers(document)
        }
        for key in item.item.figures:
            if _value(key) not in present:
                yield item.report("G408", ("figures", key), key=True, number=key)


def typed_numbers(blocks: tuple[Block, ...]) -> Iterator[Typed]:
    """Every number typed in prose that is no part of a name or a numbering."""
    for block in blocks:
        match block:
            case Diagram():
                if block.style == "plain":
                    yield from _in_spans((Span(block.told),))
            case Code() | Drawing():
                continue
            case Listing():
                for content in block.items:
                    yield from typed_numbers(content)
            case Quote():
                yield from typed_numbers(block.blocks)
            case Table():
                for cell in (*block.header, *(cell for row in block.rows for cell in row)):
                    yield from _in_spans(cell)
            case _:
                yield from _in_spans(block.spans)


def _in_spans(spans: Spans) -> Iterator[Typed]:
    for span in spans:
        if span.style in _PROSE:
            for run in _RUN.finditer(span.text):
                before, after = span.text[: run.start()], span.text[run.end() :]
                if not _is_name(before, after):
                    start = max(before.rfind(" ") + 1, before.rfind("\n") + 1, run.start() - 12)
                    around = span.text[start : run.end()]
                    yield Typed(run.group(), around)


def _is_name(before: str, after: str) -> bool:
    """Part of an identifier (float16, LeNet-5, 2D) or of a numbering such as (1)."""
    if _TIMES_BEFORE.search(before):
        return False
    if _NAMED_BEFORE.search(before) or _NAMED_AFTER.match(after):
        return True
    return bool(_NUMBERING_BEFORE.search(before) and _NUMBERING_AFTER.match(after))


def _constants(item: ItemView) -> set[float | str]:
    found: set[float | str] = set()
    sources = [expression.source for expression in item.expressions]
    sources += [figure.source for _, figure in item.figures]
    for source in sources:
        try:
            found |= {abs(value) for value in constants_in(source)}
        except Refused:
            continue  # G501 tells
    return found | {value * 100 for value in found if isinstance(value, float) and value < 1}


def _value(digits: str) -> float | str:
    """The number a run of digits means, so that 1,024 equals 1024; the text itself if none."""
    text = digits.replace("，", ",")
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text):
        text = text.replace(",", "")
    try:
        value = float(text)
    except ValueError:
        return digits
    return int(value) if value.is_integer() and value < 2**53 else value
