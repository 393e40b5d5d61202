"""What the first frame needs from the progress file, with the standard library alone.

Promise: read-only, a few milliseconds, no SQLAlchemy. Where there is no file, or one that is not
of this schema or cannot be read, the answer is None and the store says why. Must not write.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from app.progress import counts
from app.progress.revision import HEAD

_TOPICS = """SELECT key, pack, pack_title, name, title, chapter, chapter_title FROM topic
    WHERE present = 1 ORDER BY position"""
_BUSY_SECONDS = 0.05

Title = str | dict[str, str]


class TopicGlance(NamedTuple):
    """One topic's line: what is due and new today."""

    pack: str
    pack_title: Title
    topic: str
    title: Title
    chapter: str
    chapter_title: Title
    due: int
    new: int


class Glance(NamedTuple):
    """Home before anything is loaded. The totals are the sums of the topics."""

    topics: tuple[TopicGlance, ...]
    due: int
    new: int
    backlog: int
    """Everything due, whatever the daily limit."""
    activity: tuple[int, ...]
    """Reviews on the last seven study days, the oldest first."""
    streak: int
    minutes: int
    """Estimate for what is due and new, at the learner's own pace."""
    packs: str
    """Key of the packs the counts are about (`PackLibrary.key()`): if it differs, counts may."""


def glance(
    path: Path,
    day: int,
    *,
    new_per_day: int | None = None,
    reviews_per_day: int | None = None,
    learner: str | None = None,
) -> Glance | None:
    """Counts for that study day; None where the store itself must decide.

    `learner` is an id, by default the file's own learner.
    """
    try:
        if not path.is_file():
            return None
        uri = f"{path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS)) as database:
            if database.execute("SELECT version_num FROM alembic_version").fetchall() != [(HEAD,)]:
                return None
            return _read(database, day, new_per_day, reviews_per_day, learner)
    except (sqlite3.Error, OSError, ValueError):
        return None


def _read(
    database: sqlite3.Connection,
    day: int,
    new_per_day: int | None,
    reviews_per_day: int | None,
    learner_id: str | None,
) -> Glance | None:
    found = database.execute(
        "SELECT key FROM learner WHERE id = coalesce(?, id) ORDER BY key LIMIT 1", (learner_id,)
    ).fetchone()
    packs = database.execute("SELECT packs FROM catalogue").fetchone()
    if found is None or packs is None:
        return None
    learner: int = found[0]

    def execute(sql: str, values: Mapping[str, object]) -> Iterable[Sequence[object]]:
        return database.execute(sql, dict(values))

    today = counts.today(execute, learner, day, new_per_day, reviews_per_day)
    topics = tuple(
        TopicGlance(
            pack,
            json.loads(pack_title),
            name,
            json.loads(title),
            chapter,
            json.loads(chapter_title),
            today.due.get(key, 0),
            today.new.get(key, 0),
        )
        for key, pack, pack_title, name, title, chapter, chapter_title in database.execute(_TOPICS)
    )
    due, new = sum(today.due.values()), sum(today.new.values())
    return Glance(
        topics=topics,
        due=due,
        new=new,
        backlog=counts.backlog(execute, learner, day) if reviews_per_day is not None else due,
        activity=counts.activity(execute, learner, day),
        streak=counts.streak(execute, learner, day),
        minutes=counts.minutes(execute, learner, day, today),
        packs=packs[0],
    )
