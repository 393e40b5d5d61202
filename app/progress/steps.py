"""The steps of a drill as links of a chain, so that what happened in two places can be joined.

Promise: a step's digest stands for the step and for all before it in its round; the same steps have
the same digests on every machine. Read-only.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Schema = Literal["main", "other"]
_MAIN = """SELECT position, at, kind, question, payload, event FROM {schema}.drill_step
    WHERE round = ? ORDER BY position"""
_APART = """SELECT id, parent, position, at, kind, question, payload, event
    FROM {schema}.drill_step_apart WHERE round = ? ORDER BY position, id"""


@dataclass(frozen=True, slots=True)
class Link:
    """A step. `parent` is the digest of the one before, None for the first."""

    id: str
    parent: str | None
    position: int
    at: int
    kind: str
    question: int | None
    payload: str
    event: str | None


def played(
    database: sqlite3.Connection, key: int, round_: str, schema: Schema = "main"
) -> Iterator[Link]:
    """The steps of the round as it is in that file, in order. `round_` is its id."""
    parent: str | None = None
    for position, at, kind, question, payload, event in database.execute(
        _MAIN.format(schema=schema), (key,)
    ):
        digest = _digest(round_, parent, at, kind, question, payload, event)
        yield Link(digest, parent, position, at, kind, question, payload, event)
        parent = digest


def apart(
    database: sqlite3.Connection, key: int, round_: str, schema: Schema = "main"
) -> Iterator[Link]:
    """Its steps that happened elsewhere. Raises ValueError where a digest is not the step's."""
    for row in database.execute(_APART.format(schema=schema), (key,)):
        link = Link(*row)
        told = (link.at, link.kind, link.question, link.payload, link.event)
        if _digest(round_, link.parent, *told) != link.id:
            raise ValueError(f"drill_step_apart {link.id}")
        yield link


def _digest(round_: str, parent: str | None, *step: object) -> str:
    told = json.dumps([round_, parent, *step], ensure_ascii=True)
    return hashlib.sha256(told.encode()).hexdigest()[:32]
