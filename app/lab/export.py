"""A session as Markdown: what was asked, what came of it, tables and pictures as text.

Promise: what a person typed cannot leave its fence nor reach a terminal as a control character.
Must not write files but the one that is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from app.lab.drawing import drawn
from app.lab.session import Entry, LabSession
from app.locale import Locale
from app.values import duration, shape_text, text_value
from content.text import clean
from engine.messages import caret
from engine.protocol import Failure, LayerRow, Measured, Skipped
from engine.values import Value

_WIDTH = 76
_HEIGHT = 14


def markdown(session: LabSession, say: Locale, moment: datetime) -> str:
    """The whole session."""
    parts = [f"# {say('lab.export.title', time=moment.strftime('%Y-%m-%d %H:%M'))}"]
    if session.sliders:
        rows = [
            (name, text_value(slider.value), text_value(slider.original))
            for name, slider in session.sliders.items()
        ]
        head = [say(f"lab.export.{key}") for key in ("name", "now", "first")]
        parts.append(_table([head, *rows], left=1))
    lets = [f"{name} = {source}" for name, source in session.bindings.items()]
    if any(entry.item for entry in session.entries) and lets:
        parts.append(_fenced("\n".join(lets), "python"))
    for entry in session.entries:
        if not entry.replaced and not entry.running:
            parts += _entry(entry, say)
    return "\n\n".join(parts) + "\n"


def save(text: str, folder: Path, moment: datetime) -> Path:
    """Write into a new file of that folder; raises OSError where that cannot be."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = moment.strftime("lab-%Y-%m-%d-%H%M")
    number = 1
    while True:
        path = folder / f"{stem}{'' if number == 1 else f'-{number}'}.md"
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            number += 1
            continue
        return path


def _entry(entry: Entry, say: Locale) -> Iterator[str]:
    outcome = entry.outcome
    if entry.item and isinstance(outcome, Measured):
        for measure, value in zip(entry.measures, outcome.values, strict=False):
            if not isinstance(value, Skipped):
                yield _fenced(measure.source, "python")
                yield _value(value, say)
    else:
        yield _fenced(entry.text, "python")
        value = entry.value
        if value is not None or outcome is not None:
            yield _value(value, say)
    if isinstance(outcome, Measured):
        if outcome.trace is not None and outcome.trace.layers:
            yield _layers(outcome.trace.layers, say)
        time = duration(outcome.seconds)
        yield f"*{say('measure.device-time', device=outcome.device, time=time)}*"


def _value(value: Value | Failure, say: Locale) -> str:
    if isinstance(value, Failure):
        return _fenced(caret(value, say.language))
    picture = drawn(value, _WIDTH, _HEIGHT, say.language)
    if picture:
        return _fenced("\n".join("".join(s.text for s in row).rstrip() for row in picture))
    return _fenced(text_value(value))


def _layers(layers: Sequence[LayerRow], say: Locale) -> str:
    keys = ("layer", "weights", "output", "parameters", "macs")
    rows: list[Sequence[str]] = [[say(f"measure.column.{key}") for key in keys]]
    rows += [
        (
            row.code,
            ", ".join(map(shape_text, row.weights)),
            "" if row.output_shape is None else shape_text(row.output_shape),
            say.number(row.parameters),
            "" if row.macs is None else say.number(row.macs),
        )
        for row in layers
    ]
    total = [say("measure.total"), "", "", say.number(sum(row.parameters for row in layers))]
    macs = [row.macs for row in layers if row.macs is not None]
    rows.append([*total, say.number(sum(macs)) if macs else ""])
    return _table(rows, left=3)


def _table(rows: Iterable[Sequence[str]], *, left: int) -> str:
    head, *rest = ([_cell(cell) for cell in row] for row in rows)
    rule = ["---" if n < left else "--:" for n in range(len(head))]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *rest))


def _cell(text: str) -> str:
    return re.sub(r"([\\`*_|<>\[\]])", r"\\\1", clean(text).replace("\n", " "))


def _fenced(text: str, language: str = "") -> str:
    text = clean(text)
    ticks = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, ticks + 1)
    return f"{fence}{language}\n{text}\n{fence}"
