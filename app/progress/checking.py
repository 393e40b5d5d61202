"""Whether a row from elsewhere could have been written here.

Promise: a value that passes has the type, the length and the range that the app counts on, so that
nothing read later can fail on it. Must not touch a file.
"""

from __future__ import annotations

import json
import math
import re
import sqlite3
from collections.abc import Callable, Sequence

from app.progress.events import FLAGS

LARGEST = 4_000_000
"""Bytes of one value."""
_TEXT = 1_000_000
_ID = re.compile(r"[0-9a-f]{32}\Z")
_SIZED = re.compile(r"VARCHAR\((\d+)\)")
_DEEPEST = 100
_LAST_DAY = 3_650_000
"""A day of the year 9994: dates end soon after."""
_LAST_MOMENT = _LAST_DAY * 86_400_000 - 62_135_596_800_000
_RANGES = {
    "at": (0, _LAST_MOMENT),
    "created": (0, _LAST_MOMENT),
    "day": (1, _LAST_DAY),
    "counter": (1, 2**53),
    "seconds": (0, 1e9),
    "question_seconds": (0, 1e9),
    "round_seconds": (0, 1e9),
    "hints": (0, 10**6),
    "proposed": (1, 4),
    "position": (0, 10**7),
}
_LARGEST_INTEGER = 2**63 - 1
_JSON = frozenset({
    ("answer", "draw"), ("answer", "measured"), ("event", "payload"),
    ("parameter_set", "weights"), ("parameter_set", "learning_steps"),
    ("parameter_set", "relearning_steps"), ("drill_round", "setup"), ("drill_round", "packs"),
    ("drill_step", "payload"), ("drill_step_apart", "payload"), ("topic", "title"),
    ("topic", "pack_title"), ("topic", "chapter_title"),
})  # fmt: skip

UNSOUND = {
    # No file counts further than it has events: each counts one more than the last before it.
    "counter": (
        "event",
        "SELECT 1 WHERE (SELECT max(counter) FROM event) > (SELECT count(*) FROM event)",
    ),
    "review": (
        "event",
        """SELECT 1 FROM event e LEFT JOIN answer a ON a.event = e.key
        LEFT JOIN event p ON p.id = a.parameters AND p.kind = 'parameters'
        WHERE e.kind = 'review' AND (e.item IS NULL OR e.rating IS NULL OR p.key IS NULL)""",
    ),
    "practice": (
        "event",
        """SELECT 1 FROM event e LEFT JOIN answer a ON a.event = e.key
        WHERE e.kind = 'practice' AND (e.item IS NULL OR a.event IS NULL)""",
    ),
    "answer": (
        "answer",
        """SELECT 1 FROM answer a JOIN event e ON e.key = a.event
        WHERE e.kind NOT IN ('review', 'practice')""",
    ),
    "turn": (
        "event",
        """SELECT 1 FROM event WHERE (kind IN ('undo', 'redo', 'rerate')) <> (target IS NOT NULL)
        OR kind = 'rerate' AND rating IS NULL""",
    ),
    "said": (
        "event",
        """SELECT 1 FROM event WHERE item IS NULL
        AND kind IN ('suspend', 'bury', 'flag', 'note', 'reset')""",
    ),
    "parameters": (
        "parameter_set",
        """SELECT 1 FROM event e LEFT JOIN parameter_set p ON p.event = e.key
        WHERE (e.kind = 'parameters') <> (p.event IS NOT NULL)""",
    ),
    "drill_step": (
        "drill_step",
        """SELECT 1 FROM drill_step GROUP BY round
        HAVING count(*) <> max(position) OR min(position) <> 1""",
    ),
    "own": ("device", "SELECT 1 FROM device WHERE own = 1 LIMIT 1 OFFSET 1"),
}
"""What makes a log of rows: (table it needs, a query that finds a row where it is broken)."""

Check = Callable[[object], bool]


class Checker:
    """The rules of one table, read from how our own migrations declare it."""

    def __init__(self, table: str, ours: sqlite3.Connection) -> None:
        columns = ours.execute(f"PRAGMA table_info({table})").fetchall()
        self.names = [str(column[1]) for column in columns]
        self._checks = [
            _check(table, name, declared, required=bool(required or key))
            for _, name, declared, required, _, key in columns
        ]
        self._payload = (
            (self.names.index("kind"), self.names.index("payload"))
            if table == "event" and "payload" in self.names
            else None
        )

    def wrong(self, row: Sequence[object]) -> str | None:
        """The column that holds what it cannot; None if all is well."""
        for name, check, value in zip(self.names, self._checks, row, strict=True):
            if not check(value):
                return name
        if self._payload is not None:
            kind, payload = (row[place] for place in self._payload)
            if not _payload_fits(str(kind), payload):
                return "payload"
        return None


def _check(table: str, name: str, declared: str, *, required: bool) -> Check:
    inner = _typed(table, name, declared)
    if required:
        return inner
    return lambda value: value is None or inner(value)


def _typed(table: str, name: str, declared: str) -> Check:
    sized = _SIZED.match(declared)
    if sized and sized[1] == "32":
        return lambda value: isinstance(value, str) and _ID.match(value) is not None
    if sized or declared == "TEXT":
        longest = int(sized[1]) if sized else _TEXT
        if (table, name) in _JSON:
            return lambda value: isinstance(value, str) and len(value) <= longest and _json(value)
        return lambda value: isinstance(value, str) and len(value) <= longest
    if declared == "BOOLEAN":
        return lambda value: value in (0, 1) and isinstance(value, int)
    if declared == "DOUBLE":
        low, high = _RANGES.get(name, (-math.inf, math.inf))
        return lambda value: (
            isinstance(value, int | float) and (math.isfinite(value) and low <= value <= high)
        )
    low, high = _RANGES.get(name, (-_LARGEST_INTEGER, _LARGEST_INTEGER))
    return lambda value: isinstance(value, int) and low <= value <= high


def _json(text: str) -> bool:
    if text.count("[") + text.count("{") > _DEEPEST and _depth(text) > _DEEPEST:
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _depth(text: str) -> int:
    """At most how deep brackets lie; those within strings count too."""
    depth = deepest = 0
    for letter in text:
        if letter in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif letter in "]}":
            depth -= 1
    return deepest


def _payload_fits(kind: str, payload: object) -> bool:
    shape = {"suspend": ("on", bool), "bury": ("until", int), "flag": ("flag", int),
             "note": ("text", str)}.get(kind)  # fmt: skip
    if shape is None:
        return True
    try:
        said = json.loads(payload) if isinstance(payload, str) else None
    except ValueError:
        return False
    name, of = shape
    if not isinstance(said, dict) or type(said.get(name)) is not of:
        return False
    most = {"bury": _LAST_DAY, "flag": FLAGS}.get(kind)
    return most is None or 0 <= int(said[name]) <= most
