"""Statistics as text, JSON or a page.

Promise: three forms of the same results; the names in JSON do not change within a format number.
Only `write_page` writes a file, and it replaces one whole or not at all.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from app.locale import Locale
from app.statistics.drawing import figure_lines
from app.statistics.figure import full_date, topic_words
from app.statistics.page import page
from app.statistics.periods import Bucket, Span
from app.statistics.results import Asked, Result
from app.statistics.saying import figure_said
from app.statistics.telling import figure
from content.text import clean_line

FORMAT = 1
WIDTH = 76


def as_text(
    results: Sequence[Result], say: Locale, *, width: int = WIDTH, ascii: bool = False  # noqa: A002
) -> str:  # fmt: skip
    """The figures below each other, ending in a newline."""
    found = []
    for result in results:
        rows = figure_lines(figure(result, say), width, say, ascii=ascii)
        found.append("\n".join("".join(span.text for span in row).rstrip() for row in rows))
    return "\n\n\n".join(found) + "\n"


def as_words(results: Sequence[Result], say: Locale) -> str:
    """The same in words alone, one thing a line, ending in a newline."""
    found = ["\n".join(map(clean_line, figure_said(figure(one, say), say))) for one in results]
    return "\n\n".join(found) + "\n"


def as_json(results: Sequence[tuple[str, Result]], today: int) -> str:
    """The numbers by picture, the same in every language; titles in all they have."""
    asked = results[0][1].asked
    data = {
        "format": FORMAT,
        "today": _day(today),
        "period": asked.period.value,
        "topic": asked.topic,
        "pictures": {name: _object(result) for name, result in results},
    }
    return json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def as_page(results: Sequence[Result], today: int, say: Locale) -> str:
    """One page of all of them."""
    asked = results[0].asked
    made = say(
        "stats.page.made",
        date=full_date(today, say),
        range=say(f"stats.back.{asked.period}"),
        topic=topic_words(asked, say),
    )
    return page([figure(one, say) for one in results], say("stats.page.title"), made, say)


def write_page(path: Path, text: str) -> None:
    """Write it whole; raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".stats-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def page_path(folder: Path, now: datetime) -> Path:
    """Where a page made at that moment goes."""
    return folder / f"statistics-{now:%Y-%m-%d}.html"


def _object(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = {
        "first": _day(result.asked.span.first),
        "last": _day(result.asked.span.last),
    }
    for field in fields(result):
        if field.name != "asked":
            found[field.name] = _value(getattr(result, field.name))
    return found


def _value(value: object) -> Any:
    if isinstance(value, Bucket | Span):
        return {"first": _day(value.first), "last": _day(value.last)}
    if isinstance(value, Asked | Enum):
        return value.value if isinstance(value, Enum) else None
    if is_dataclass(value):
        return {one.name: _value(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple):
        return [_value(one) for one in value]
    if isinstance(value, float):
        return round(value, 6)
    return value


def _day(day: int) -> str:
    return date.fromordinal(day).isoformat()
