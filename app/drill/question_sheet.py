"""A report's questions as a document: answer, truth, solution and trace, in one language.

Promise: one thing a line; the time taken stands on a line of its own. What is not measured any
more says why. Must not know widths, colours or file formats.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from app.code_text import code_lines, with_names
from app.drill.blocks import code, heading, paragraph, spans
from app.drill.telling import duration_words, glyphs, outcome_words
from app.drill.views import Report, Result
from app.locale import Locale
from app.values import shape_text, short_value
from app.worked import LETTERS, worked
from content.pack import Card, in_language
from content.text import Block, Document, Paragraph, Span, Table, clean, plain
from content.verdict_text import explanation
from engine.messages import describe
from engine.programs import PROGRAM_KINDS
from engine.protocol import LayerRow, Trace
from engine.values import LayerValue

_CODE = 72
"""Characters of a line of code."""


def questions(
    report: Report, say: Locale, signs: Mapping[str, str] = glyphs()
) -> Document:  # fmt: skip
    """Every question with what was answered, the truth, the solution and the trace."""
    return tuple(
        block
        for result in report.results
        for block in question(result, say, signs, len(report.results))
    )


def question(result: Result, say: Locale, signs: Mapping[str, str], total: int) -> Iterator[Block]:
    """One question of a report."""
    language = say.language
    yield heading(say("drill.question", n=result.number, total=total), 2)
    yield paragraph(about(result, say))
    if result.prepared is not None:
        yield from result.prepared.question(language)
        if result.kind in ("choice", "several"):
            for letter, option in zip(LETTERS, result.prepared.options(language), strict=False):
                yield from _prefixed(f"{letter}) ", option)
    yield paragraph(f"{signs[result.outcome]} {outcome_words(result, say)}".strip())
    if result.said:
        yield _labelled(say("drill.report.said"), result.said)
    if result.typed and result.kind != "card":
        label = "ticked" if result.kind == "self" else "typed"
        yield _labelled(say(f"drill.report.{label}"), _chosen(result, say) or result.typed)
    truth = in_language(result.truth, language)
    if truth:
        one = "one-truth" if result.kind in PROGRAM_KINDS else "truth"
        yield _labelled(say(f"drill.report.{one}"), truth)
    if result.verdict is not None and result.prepared is not None and result.kind != "card":
        yield from explanation(result.prepared, result.verdict, language)
    yield from _how(result, say)
    seconds = duration_words(result.seconds)
    expected = duration_words(result.expected_seconds)
    yield paragraph(say("drill.report.took", seconds=seconds, expected=expected))


def _chosen(result: Result, say: Locale) -> str:
    """The options that were chosen, in words; empty where none were to be chosen."""
    if result.prepared is None or result.verdict is None:
        return ""
    if result.kind not in ("choice", "several"):
        return ""
    options = result.prepared.options(say.language)
    chosen = [(LETTERS[n - 1], options[n - 1]) for n in result.verdict.ticked]
    return "\n".join(f"{sign}) {plain(text, say.language).strip()}" for sign, text in chosen)


def about(result: Result, say: Locale) -> str:
    """Topic, level, and what else is known of a question, in one line."""
    parts = [
        in_language(result.topic_title, say.language),
        say(f"study.kind.{result.kind}"),
        say("plain.level", n=result.level),
    ]
    if result.follows is not None:
        parts.append(say(f"drill.report.{result.because}-of", n=result.follows))
    if result.flagged:
        parts.append(say("drill.flagged"))
    if result.sure is not None:
        parts.append(say("drill.sure" if result.sure else "drill.unsure"))
    if result.hints:
        parts.append(say("drill.report.hints", n=result.hints))
    return " · ".join(parts)


def _how(result: Result, say: Locale) -> Iterator[Block]:
    """The worked solution and the engine's trace; or why there is none."""
    prepared = result.prepared
    if prepared is None:
        if result.changed:
            yield paragraph(say("drill.report.changed"))
        elif result.failure is not None:
            yield paragraph(describe(result.failure, say.language))
        return
    if isinstance(prepared.item, Card):
        return
    work = worked(prepared, say.language)
    if work.text or work.steps or work.formula:
        yield heading(say("drill.report.solution"), 3)
    yield from work.text
    lines = [work.formula] if work.formula else []
    lines += [f"{step.expression} = {step.value}" for step in work.steps]
    if work.measured is not None:
        lines.append(say("drill.measured", value=work.measured).strip())
    if lines:
        yield code(lines)
    yield from _trace(prepared.trace, say)


def _trace(trace: Trace | None, say: Locale) -> Iterator[Block]:
    if trace is None or not (trace.steps or trace.layers):
        return
    yield heading(say("drill.report.trace"), 3)
    lines: list[str] = []
    for bound, expression, step in with_names(trace.steps):
        value = "" if isinstance(step.value, LayerValue) else short_value(step.value)
        if value == expression:
            continue
        lines += code_lines(f"{bound} = {expression}" if bound else expression, _CODE)
        if value:
            lines.append(f"  → {value}")
    if lines:
        yield code(lines)
    if trace.layers:
        yield _layers(trace.layers, say)


def _layers(layers: Sequence[LayerRow], say: Locale) -> Table:
    head = ("layer", "weights", "output", "parameters", "macs")
    rows = [
        (
            row.code,
            ", ".join(map(shape_text, row.weights)),
            "" if row.output_shape is None else shape_text(row.output_shape),
            say.number(row.parameters),
            "" if row.macs is None else say.number(row.macs),
        )
        for row in layers
    ]
    return Table(
        tuple(spans(say(f"measure.column.{name}")) for name in head),
        tuple(tuple(map(spans, row)) for row in rows),
        ("left", "left", "left", "right", "right"),
    )


def _prefixed(prefix: str, document: Document) -> Iterator[Block]:
    for n, block in enumerate(document):
        if n == 0 and isinstance(block, Paragraph):
            yield Paragraph((Span(prefix), *block.spans))
        else:
            if n == 0:
                yield paragraph(prefix)
            yield block


def _labelled(label: str, text: str) -> Block:
    """A short text behind its label; a longer one as it stands below."""
    text = clean(text).strip("\n")
    return Paragraph((Span(f"{label} "), Span(text, "strong")))
