"""A report's lines: score, level, pace, confidence, topics, earlier rounds, what is next.

Promise: a pure function of the report and the width; every colour stands beside a glyph or a word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from app.drill.telling import duration_words, glyphs, told_advice, wins
from app.tui.page import span_lines, text_lines
from app.tui.widgets.laid import fitted, line
from content.pack import in_language

if TYPE_CHECKING:
    from app.drill.views import Advice, Report
    from app.locale import Locale

_GAUGE = 16
_EARLIER_ROWS = 8
_STYLES = {
    "right": "$success",
    "close": "$warning",
    "mistake": "$mistake",
    "wrong": "$error",
    "time": "$error",
}


def outcome_mark(outcome: str) -> tuple[str, str]:
    """An outcome's glyph and style."""
    return glyphs()[outcome], _STYLES.get(outcome, "$muted")


def report_lines(report: Report, say: Locale, width: int) -> list[Content]:
    """The whole report."""
    if not report.results or report.share.of == 0:
        rows = text_lines(say("drill.report.nothing"), width, say.language)
    else:
        rows = [*_score(report, say, width), Content(""), *_topics(report, say, width)]
        rows += _levels(report, say)
    rows += _interruptions(report, say, width)
    if len(report.earlier) > 0 and report.share.of:
        rows += [Content(""), *_earlier(report, say, width)]
    if report.advice:
        rows += [Content(""), *_next(report.advice, say, width)]
    return rows


def _score(report: Report, say: Locale, width: int) -> list[Content]:
    rows = []
    for n, words in enumerate(wins(report, say)):
        told = text_lines(words, width, say.language, "bold" if n == 0 else "")
        rows += told
        if n == 0 and report.level is not None:
            rows.append(line(*_gauge(report.level.value)))
    time = say("drill.report.time", spent=duration_words(report.seconds), minutes=report.minutes)
    pace = "" if report.pace is None else say("drill.report.pace", pace=f"{report.pace:.1f}")
    both = " · ".join(part for part in (time, pace) if part)
    return [*rows, *text_lines(both, width, say.language)]


def _gauge(level: float) -> tuple[tuple[str, str], ...]:
    at = round((level - 1) / 2 * (_GAUGE - 1))
    return (
        ("▕" + "─" * at, "$muted"),
        ("●", "bold $accent"),
        ("─" * (_GAUGE - 1 - at) + "▏", "$muted"),
    )


def _topics(report: Report, say: Locale, width: int) -> list[Content]:
    marked = {result.number: outcome_mark(result.outcome) for result in report.results}
    titles = [in_language(part.title, say.language) for part in report.topics]
    longest = max(map(cell_len, titles), default=0)
    most = max((len(part.questions) for part in report.topics), default=1)
    room = min(longest, max(16, width - 2 * most - 26))
    rows = []
    for part, title in zip(report.topics, titles, strict=True):
        marks: list[tuple[str, str]] = []
        for number in part.questions:
            glyph, style = marked[number]
            marks.append((f"{glyph} ", f"bold {style}"))
        marks.append((" " * 2 * (most - len(part.questions)), ""))
        mistakes = "; ".join(in_language(one, say.language) for one in part.mistakes)
        left = max(0, width - room - 2 * most - 4)
        told = fitted(mistakes, left).rstrip() if mistakes else ""
        rows.append(line(fitted(title, room), "  ", *marks, " ", (told, "$mistake")))
    return rows


def _levels(report: Report, say: Locale) -> list[Content]:
    if len(report.levels) < 2:
        return []
    parts = [
        say("tui.drill.at-level", n=part.id, right=part.share.right, of=part.share.of)
        for part in report.levels
    ]
    return [Content(""), line((" · ".join(parts), "$muted"))]


def _interruptions(report: Report, say: Locale, width: int) -> list[Content]:
    if not report.interruptions:
        return []
    away = duration_words(report.away_seconds)
    words = say("drill.report.interrupted", n=report.interruptions, away=away)
    return text_lines(words, width, say.language, "$muted")


def _earlier(report: Report, say: Locale, width: int) -> list[Content]:
    """Shares of earlier rounds and of this one, as a curve over the rounds."""
    from content.text.pictures import draw_picture
    from engine.values import Curves, Series

    shares = [100 * one.right / one.of for one in report.earlier if one.of]
    shares.append(100 * report.share.right / report.share.of)
    if len(shares) < 2:
        return []
    rounds = tuple(float(n + 1) for n in range(len(shares)))
    curve = Curves(
        series=(Series("", rounds, tuple(shares)),),
        title="",
        x_label=say("drill.report.round"),
        y_label=say("drill.report.share"),
        points=len(shares) < 12,
    )
    head = line((say("drill.report.earlier"), "$muted"))
    drawn = draw_picture(curve, min(width, 60), _EARLIER_ROWS, say.language)
    return [head, *span_lines(drawn)]


def _next(advice: tuple[Advice, ...], say: Locale, width: int) -> list[Content]:
    rows = [line((say("drill.report.next"), "$muted"))]
    for n, one in enumerate(advice, 1):
        body = text_lines(told_advice(one, say), width - 5, say.language)
        for row, text in enumerate(body):
            lead = line("  ", (str(n), "bold $accent"), "  ") if row == 0 else Content(" " * 5)
            rows.append(line(lead, text))
    return rows
