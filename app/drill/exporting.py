"""A report as text, Markdown, HTML or JSON.

Promise: one document, four forms; what a person typed cannot leave its place in any of them. Only
`export` writes files.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from app.drill.exporting_html import page
from app.drill.exporting_markdown import markdown
from app.drill.question_sheet import questions
from app.drill.sheet import summary
from app.drill.telling import glyphs, round_title, told_advice
from app.drill.views import Part, Report, Result, Share
from app.locale import Locale
from app.worked import worked
from content.pack import Card, in_language
from content.text import lines, plain
from content.verdict_text import why

Format = Literal["text", "md", "html", "json"]
FORMATS: tuple[Format, ...] = ("text", "md", "html", "json")
WIDTH = 76


def exported(
    report: Report, form: Format, language: str, *, width: int = WIDTH, bare: bool = False
) -> str:
    """The whole report in that form and language, ending in a newline.

    As text in words alone where `bare`, for those who hear it.
    """
    say = Locale(language)
    if form == "json":
        return json.dumps(as_data(report, say), ensure_ascii=False, indent=1) + "\n"
    signs = glyphs(bare=bare and form == "text")
    document = (*summary(report, say, signs=signs), *questions(report, say, signs))
    if form == "md":
        return markdown(document, say.language)
    if form == "html":
        title = say("drill.report.title", title=round_title(report.title, report.setup, say))
        return page(document, title, say.language)
    rows = lines(document, width, say.language, told=True, drawn=not bare)
    return "\n".join("".join(span.text for span in row).rstrip() for row in rows) + "\n"


def export(report: Report, folder: Path, language: str) -> Path:
    """Write the report as a web page and as Markdown; the page's path. Raises OSError.

    Exported again, a report takes its own place.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = folder / f"drill-{report.number}-{report.begun:%Y-%m-%d}"
    for form in ("md", "html"):
        path = stem.with_suffix(f".{form}")
        path.write_text(exported(report, form, language), encoding="utf-8")
    return path


def as_data(report: Report, say: Locale) -> dict[str, Any]:
    """The report as JSON values; texts in one language."""
    language = say.language
    setup = report.setup
    return {
        "round": report.number,
        "title": round_title(report.title, report.setup, say),
        "begun": report.begun.isoformat(timespec="seconds"),
        "ended": report.ended,
        "reason": report.reason,
        "language": language,
        "setup": json.loads(setup.to_json()),
        "planned": report.planned,
        "score": _share(report.share) | {"credit": round(report.credit, 4)},
        "level": None
        if report.level is None
        else {
            "value": round(report.level.value, 3),
            "low": round(report.level.low, 3),
            "high": round(report.level.high, 3),
        },
        "seconds": round(report.seconds, 1),
        "minutes": report.minutes,
        "pace": None if report.pace is None else round(report.pace, 4),
        "calibration": {
            "sure": report.calibration.sure,
            "sure_right": report.calibration.sure_right,
            "unsure": report.calibration.unsure,
            "unsure_right": report.calibration.unsure_right,
        },
        "interruptions": report.interruptions,
        "away_seconds": round(report.away_seconds, 1),
        "packs_changed": report.changed,
        "topics": [_part(part, language) for part in report.topics],
        "levels": [_part(part, language) for part in report.levels],
        "questions": [_result(result, language) for result in report.results],
        "next": [
            {
                "kind": one.kind,
                "target": one.target,
                "items": list(one.items),
                "count": one.count,
                "minutes": one.minutes,
                "text": told_advice(one, say),
            }
            for one in report.advice
        ],
        "earlier": [
            {
                "round": one.number,
                "begun": one.begun.isoformat(timespec="seconds"),
                "right": one.right,
                "of": one.of,
                "level": None if one.level is None else round(one.level, 3),
            }
            for one in report.earlier
        ],
    }


def _share(share: Share) -> dict[str, Any]:
    return {
        "right": share.right,
        "of": share.of,
        "low": round(share.low, 4),
        "high": round(share.high, 4),
    }


def _part(part: Part, language: str) -> dict[str, Any]:
    return {
        "id": part.id,
        "title": in_language(part.title, language),
        "score": _share(part.share) | {"credit": round(part.credit, 4)},
        "questions": list(part.questions),
        "mistakes": [in_language(one, language) for one in part.mistakes],
    }


def _result(result: Result, language: str) -> dict[str, Any]:
    prepared, verdict = result.prepared, result.verdict
    found: dict[str, Any] = {
        "number": result.number,
        "item": result.name,
        "kind": result.kind,
        "topic": result.topic,
        "level": result.level,
        "follows": result.follows,
        "because": result.because,
        "outcome": result.outcome,
        "credit": round(result.credit, 4),
        "typed": result.typed,
        "said": result.said,
        "truth": in_language(result.truth, language),
        "mistake": result.mistake,
        "mistake_title": in_language(result.mistake_title, language),
        "seconds": round(result.seconds, 1),
        "expected_seconds": result.expected_seconds,
        "hints": result.hints,
        "sure": result.sure,
        "flagged": result.flagged,
        "changed": result.changed,
    }
    if prepared is not None:
        found["question"] = plain(prepared.question(language), language)
        found["draw"] = dict(prepared.draw)
        if not isinstance(prepared.item, Card):
            work = worked(prepared, language)
            found["why"] = "" if verdict is None else why(prepared, verdict, language)
            found["solution"] = {
                "text": plain(work.text, language),
                "formula": work.formula,
                "steps": [
                    {
                        "expression": step.expression,
                        "value": step.value,
                        "label": plain(step.label, language),
                    }
                    for step in work.steps
                ],
                "measured": work.measured,
            }
    return found
