"""The columns of exported answers: one list for every format, each with its type.

Promise: the order of columns is stable, new ones are added at the end. Texts that a spreadsheet
would take for a formula are told apart by `shielded`, which `bare` undoes exactly.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from app.progress.extract import Recorded
from app.study.clock import moment_of

Kind = Literal["text", "json", "integer", "number", "truth", "moment", "day"]

_FORMULA = re.compile(r"""[\s\x00-\x1f]*['=+\-@＝＋－＠]|[\t\r\n\x00]""")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?\Z", re.ASCII)
_SHIELD = "'"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its type, where it comes from."""

    name: str
    kind: Kind
    value: Callable[[Recorded], object]


COLUMNS = (
    Column("id", "text", lambda r: r.order.id),
    Column("item", "text", lambda r: r.item),
    Column("kind", "text", lambda r: r.kind.value),
    Column("at", "moment", lambda r: moment_of(r.at)),
    Column("day", "day", lambda r: date.fromordinal(r.day)),
    Column("in_force", "truth", lambda r: r.in_force),
    Column("rating", "integer", lambda r: r.rating),
    Column("given", "integer", lambda r: r.given),
    Column("proposed", "integer", lambda r: r.proposed),
    Column("verdict", "text", lambda r: r.verdict),
    Column("mistake", "text", lambda r: r.mistake),
    Column("typed", "text", lambda r: r.typed),
    Column("measured", "json", lambda r: r.measured),
    Column("seconds", "number", lambda r: r.seconds),
    Column("hints", "integer", lambda r: r.hints),
    Column("seed", "integer", lambda r: r.seed),
    Column("draw", "json", lambda r: r.draw),
    Column("pack_version", "text", lambda r: r.pack_version),
    Column("content_hash", "text", lambda r: r.content_hash),
    Column("device", "text", lambda r: r.order.device),
    Column("counter", "integer", lambda r: r.order.counter),
)


def iso(moment: datetime) -> str:
    """2026-03-02T08:00:00.000Z."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


def as_csv(column: Column, answer: Recorded) -> str:
    """The cell of a CSV file; empty where there is nothing."""
    value = column.value(answer)
    if value is None:
        return ""
    match column.kind:
        case "moment":
            assert isinstance(value, datetime)
            return iso(value)
        case "truth":
            return "true" if value else "false"
        case "text" | "json":
            return shielded(str(value))
        case _:
            return str(value)


def as_json(column: Column, answer: Recorded) -> object:
    """The value in a JSON object; what is JSON already is nested."""
    value = column.value(answer)
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if column.kind == "json" and isinstance(value, str):
        try:
            return json.loads(value, parse_constant=str)
        except ValueError:
            return value
    return value


def shielded(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it as a formula, and
    where it is empty (an empty cell is no text at all) or begins with an apostrophe itself.
    A plain number is no formula: -3.5 stays what it is."""
    if not text or (_FORMULA.match(text) and not _PLAIN_NUMBER.match(text)):
        return _SHIELD + text
    return text


def bare(cell: str) -> str:
    """The text that `shielded` was given."""
    return cell.removeprefix(_SHIELD)
