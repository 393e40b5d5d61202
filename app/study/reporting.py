"""A report of a bad item: a Markdown file that whoever wrote the item can read.

Promise: written whole or not at all, under a name of its own; says which item of which version
under which numbers, what was asked, measured, typed and judged, and what the learner says of it.
Nothing is sent anywhere. Must not hold what else the learner does.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.study.recorded import draw_to_json, measured_of, value_to_json
from content.pack import Card
from content.text import plain
from engine.protocol import Failure, Skipped

if TYPE_CHECKING:
    from app.study.views import Judged, Shown

FOLDER = "reports"
_FENCE = "~~~~"


def write_report(
    folder: Path,
    shown: Shown,
    *,
    version: str,
    moment: datetime,
    language: str,
    words: str,
    typed: str = "",
    judged: Judged | None = None,
) -> Path:
    """Write the report into that folder; where it lies. Raises OSError."""
    text = report_text(
        shown,
        version=version, moment=moment, language=language, words=words, typed=typed, judged=judged,
    )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", shown.name)
    stem, n = f"{moment:%Y-%m-%d-%H%M%S}-{name}", 1
    path = folder / f"{stem}.md"
    while path.exists():
        n += 1
        path = folder / f"{stem}-{n}.md"
    partial = path.with_suffix(".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)
    return path


def report_text(
    shown: Shown,
    *,
    version: str,
    moment: datetime,
    language: str,
    words: str,
    typed: str = "",
    judged: Judged | None = None,
) -> str:
    """The report."""
    prepared = shown.prepared
    facts = {
        "item": shown.name,
        "pack version": version or "?",
        "reported": f"{moment:%Y-%m-%d %H:%M} UTC",
        "language": language,
        "draw": draw_to_json(prepared.draw),
        "seed": str(prepared.seed),
    }
    if judged is not None:
        facts["verdict"] = judged.verdict.kind.value
        if judged.verdict.mistake is not None:
            facts["mistake"] = judged.verdict.mistake
        if shown.kind != "self":
            facts["measured"] = value_to_json(measured_of(prepared.truth, judged.verdict))
        facts["device"] = prepared.measured.device
    parts = [f"# {shown.name}", "\n".join(f"- {name}: `{fact}`" for name, fact in facts.items())]
    parts += ["## What is wrong with it", words.strip() or "(nothing was written)"]
    parts += ["## Question", _fenced(plain(prepared.question(language), language))]
    if typed.strip():
        parts += ["## Typed", _fenced(typed)]
    if isinstance(prepared.item, Card):
        parts += ["## Back", _fenced(plain(prepared.back(language), language))]
    figures = {
        key.removeprefix("text:"): value
        for key, value in prepared.values.items()
        if key.startswith("text:") and not isinstance(value, Failure | Skipped)
    }
    if figures:
        lines = (f"- `{source}`: `{value_to_json(value)}`" for source, value in figures.items())
        parts += ["## Figures", "\n".join(lines)]
    return "\n\n".join(parts) + "\n"


def _fenced(text: str) -> str:
    longest = max((len(run) for run in re.findall(r"~{3,}", text)), default=0)
    fence = "~" * max(len(_FENCE), longest + 1)
    return f"{fence}\n{text.strip()}\n{fence}"
