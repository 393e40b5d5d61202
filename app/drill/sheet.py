"""A report as a document: what every surface tells, in one language.

Promise: one thing a line; clock readings stand on lines of their own, so that the same answers
give the same lines elsewhere. Must not know widths, colours or file formats.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from app.code_text import code_lines, with_names
from app.drill.telling import (
    duration_words,
    glyphs,
    outcome_words,
    round_title,
    setup_words,
    told_advice,
    wins,
)
from app.drill.views import Earlier, Part, Report, Result
from app.locale import Locale
from app.values import shape_text, short_value
from app.worked import LETTERS, worked
from content.pack import Card, in_language
from content.text import (
    Block,
    Code,
    Document,
    Drawing,
    Heading,
    Listing,
    Paragraph,
    Span,
    Table,
    clean,
    clean_line,
    plain,
)
from content.verdict_text import explanation
from engine.messages import describe
from engine.programs import PROGRAM_KINDS
from engine.protocol import LayerRow, Trace
from engine.values import Bars, LayerValue

_CODE = 72
"""Characters of a line of code."""
_ROUNDS = 12
"""Rounds that are compared."""
_TYPED = 60
"""Characters of an answer in the table of all questions."""


def summary(
    report: Report,
    say: Locale,
    *,
    compare: bool = True,
    dated: bool = True,
    signs: Mapping[str, str] = glyphs(),
) -> Document:
    """Score, parts, advice and a table of the questions.

    `compare` adds earlier rounds, `dated` the round's number and when it was begun.
    """
    blocks: list[Block] = [
        _heading(say("drill.report.title", title=round_title(report.title, report.setup, say)), 1)
    ]
    if dated:
        when = f"{report.begun:%Y-%m-%d %H:%M}"
        words = say("drill.report.begun", number=report.number, when=when)
        blocks.append(_paragraph(words))
    blocks.append(_paragraph(setup_words(report.setup, report.planned, say)))
    blocks += [_lines(wins(report, say)), _lines(_clock_lines(report, say))]
    if report.topics:
        blocks += [
            _heading(say("drill.report.topics"), 2),
            _parts(report, report.topics, say, signs),
        ]
    if len(report.levels) > 1:
        levels = _parts(report, report.levels, say, signs)
        blocks += [_heading(say("drill.report.levels"), 2), levels]
    if report.advice:
        told = tuple((_paragraph(told_advice(one, say)),) for one in report.advice)
        blocks += [_heading(say("drill.report.next"), 2), Listing(told, ordered=True)]
    if compare and report.earlier:
        blocks += [_heading(say("drill.report.earlier"), 2), *_earlier(report, say)]
    if report.results:
        blocks += [_heading(say("drill.report.questions"), 2), _table(report, say, signs)]
    return tuple(blocks)


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
    yield _heading(say("drill.question", n=result.number, total=total), 2)
    yield _paragraph(about(result, say))
    if result.prepared is not None:
        yield from result.prepared.question(language)
        if result.kind in ("choice", "several"):
            for letter, option in zip(LETTERS, result.prepared.options(language), strict=False):
                yield from _prefixed(f"{letter}) ", option)
    yield _paragraph(f"{signs[result.outcome]} {outcome_words(result, say)}".strip())
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
    yield _paragraph(say("drill.report.took", seconds=seconds, expected=expected))


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
            yield _paragraph(say("drill.report.changed"))
        elif result.failure is not None:
            yield _paragraph(describe(result.failure, say.language))
        return
    if isinstance(prepared.item, Card):
        return
    work = worked(prepared, say.language)
    if work.text or work.steps or work.formula:
        yield _heading(say("drill.report.solution"), 3)
    yield from work.text
    lines = [work.formula] if work.formula else []
    lines += [f"{step.expression} = {step.value}" for step in work.steps]
    if work.measured is not None:
        lines.append(say("drill.measured", value=work.measured).strip())
    if lines:
        yield _code(lines)
    yield from _trace(prepared.trace, say)


def _trace(trace: Trace | None, say: Locale) -> Iterator[Block]:
    if trace is None or not (trace.steps or trace.layers):
        return
    yield _heading(say("drill.report.trace"), 3)
    lines: list[str] = []
    for bound, expression, step in with_names(trace.steps):
        value = "" if isinstance(step.value, LayerValue) else short_value(step.value)
        if value == expression:
            continue
        lines += code_lines(f"{bound} = {expression}" if bound else expression, _CODE)
        if value:
            lines.append(f"  → {value}")
    if lines:
        yield _code(lines)
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
        tuple(_spans(say(f"measure.column.{name}")) for name in head),
        tuple(tuple(map(_spans, row)) for row in rows),
        ("left", "left", "left", "right", "right"),
    )


def _parts(report: Report, parts: Iterable[Part], say: Locale, signs: Mapping[str, str]) -> Table:
    outcomes: dict[int, str] = {result.number: result.outcome for result in report.results}
    rows = []
    for part in parts:
        title = in_language(part.title, say.language)
        marks = " ".join(signs[outcomes[number]] for number in part.questions).strip()
        share = say("drill.report.of", right=part.share.right, of=part.share.of)
        mistakes = say("drill.report.and").join(
            in_language(one, say.language) for one in part.mistakes
        )
        rows.append((title, marks, share, mistakes))
    names = ("level" if parts is report.levels else "part", "marks", "right", "mistakes")
    kept = 4 if parts is report.topics and any(row[3] for row in rows) else 3
    return Table(
        tuple(_spans(say(f"drill.report.column.{name}")) for name in names[:kept]),
        tuple(tuple(map(_spans, row[:kept])) for row in rows),
    )


def _table(report: Report, say: Locale, signs: Mapping[str, str]) -> Table:
    rows = []
    for result in report.results:
        mistake = in_language(result.mistake_title, say.language)
        truth = in_language(result.truth, say.language)
        outcome = say(f"drill.outcome.{result.outcome}")
        if result.kind in ("card", "self"):
            truth = ""
        rows.append(
            (
                str(result.number),
                f"{signs[result.outcome]} {mistake or outcome}".strip(),
                in_language(result.topic_title, say.language),
                _short(result.said or result.typed),
                _short(truth),
            )
        )
    names = ("number", "outcome", "part", "typed", "truth")
    return Table(
        tuple(_spans(say(f"drill.report.column.{name}")) for name in names),
        tuple(tuple(map(_spans, row)) for row in rows),
        ("right", "left", "left", "left", "left"),
    )


def _earlier(report: Report, say: Locale) -> Iterator[Block]:
    """The latest rounds of its kind and this one: a bar of the share and a line each."""
    share, level = report.share, report.level
    this = Earlier(
        report.number, report.begun, share.right, share.of, None if level is None else level.value
    )
    rows = (*report.earlier, this)[-_ROUNDS:]
    yield Drawing(
        Bars(
            labels=tuple(f"{one.number} · {one.begun:%m-%d}" for one in rows),
            values=tuple(round(100 * one.right / max(1, one.of), 1) for one in rows),
            title=say("drill.report.share"),
            unit="%",
        )
    )
    cells = [
        (
            str(one.number),
            f"{one.begun:%Y-%m-%d}",
            say("drill.report.of", right=one.right, of=one.of),
            "" if one.level is None else f"{one.level:.1f}",
        )
        for one in rows
    ]
    names = ("round", "day", "right", "level")
    yield Table(
        tuple(_spans(say(f"drill.report.column.{name}")) for name in names),
        tuple(tuple(map(_spans, row)) for row in cells),
        ("right", "left", "left", "right"),
    )


def _clock_lines(report: Report, say: Locale) -> Iterator[str]:
    """What the clocks say: different each time, so on lines of their own."""
    yield say(
        "drill.report.time",
        spent=duration_words(report.seconds),
        minutes=report.minutes,
    )
    if report.pace is not None:
        yield say("drill.report.pace", pace=f"{report.pace:.2f}")
    if report.interruptions:
        away = duration_words(report.away_seconds)
        yield say("drill.report.interrupted", n=report.interruptions, away=away)


def _prefixed(prefix: str, document: Document) -> Iterator[Block]:
    for n, block in enumerate(document):
        if n == 0 and isinstance(block, Paragraph):
            yield Paragraph((Span(prefix), *block.spans))
        else:
            if n == 0:
                yield _paragraph(prefix)
            yield block


def _labelled(label: str, text: str) -> Block:
    """A short text behind its label; a longer one as it stands below."""
    text = clean(text).strip("\n")
    return Paragraph((Span(f"{label} "), Span(text, "strong")))


def _short(text: str) -> str:
    line = clean_line(" ".join(text.split()))
    return line if len(line) <= _TYPED else line[: _TYPED - 1] + "…"


def _heading(text: str, level: int) -> Heading:
    return Heading(_spans(text), level)


def _lines(sentences: Iterable[str]) -> Paragraph:
    """Each on a line of its own."""
    return _paragraph("\n".join(sentences))


def _paragraph(text: str) -> Paragraph:
    return Paragraph(_spans(text))


def _code(lines: Iterable[str]) -> Code:
    return Code(tuple((Span(clean_line(line), "code"),) for line in lines))


def _spans(text: str) -> tuple[Span, ...]:
    return (Span(clean(text)),)
