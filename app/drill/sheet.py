"""A report's summary as a document: what every surface tells, in one language.

Promise: one thing a line; clock readings stand on lines of their own, so that the same answers
give the same lines elsewhere. Must not know widths, colours or file formats.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from app.drill.blocks import heading, lines, paragraph, spans
from app.drill.telling import duration_words, glyphs, round_title, setup_words, told_advice, wins
from app.drill.views import Earlier, Part, Report
from app.locale import Locale
from content.pack import in_language
from content.text import Block, Document, Drawing, Listing, Table, clean_line
from engine.values import Bars

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
        heading(say("drill.report.title", title=round_title(report.title, report.setup, say)), 1)
    ]
    if dated:
        when = f"{report.begun:%Y-%m-%d %H:%M}"
        words = say("drill.report.begun", number=report.number, when=when)
        blocks.append(paragraph(words))
    blocks.append(paragraph(setup_words(report.setup, report.planned, say)))
    blocks += [lines(wins(report, say)), lines(_clock_lines(report, say))]
    if report.topics:
        blocks += [
            heading(say("drill.report.topics"), 2),
            _parts(report, report.topics, say, signs),
        ]
    if len(report.levels) > 1:
        levels = _parts(report, report.levels, say, signs)
        blocks += [heading(say("drill.report.levels"), 2), levels]
    if report.advice:
        told = tuple((paragraph(told_advice(one, say)),) for one in report.advice)
        blocks += [heading(say("drill.report.next"), 2), Listing(told, ordered=True)]
    if compare and report.earlier:
        blocks += [heading(say("drill.report.earlier"), 2), *_earlier(report, say)]
    if report.results:
        blocks += [heading(say("drill.report.questions"), 2), _table(report, say, signs)]
    return tuple(blocks)


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
        tuple(spans(say(f"drill.report.column.{name}")) for name in names[:kept]),
        tuple(tuple(map(spans, row[:kept])) for row in rows),
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
        tuple(spans(say(f"drill.report.column.{name}")) for name in names),
        tuple(tuple(map(spans, row)) for row in rows),
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
        tuple(spans(say(f"drill.report.column.{name}")) for name in names),
        tuple(tuple(map(spans, row)) for row in cells),
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


def _short(text: str) -> str:
    line = clean_line(" ".join(text.split()))
    return line if len(line) <= _TYPED else line[: _TYPED - 1] + "…"
