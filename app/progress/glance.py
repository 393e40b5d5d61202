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

from app.calendar import Calendar, Goal
from app.progress import counts, days
from app.progress.oversleeping import OVERSLEPT
from app.progress.revision import HEAD

_TOPICS = """SELECT key, pack, pack_title, name, title, chapter, chapter_title FROM topic
    WHERE present = 1 ORDER BY position"""
_BUSY_SECONDS = 0.05
_EVERY_DAY = Calendar()
# A view hides the table of its name: the counts then see what was buried until today as the store
# will wake it, and nothing is written.
_AS_WOKEN = (
    "CREATE TEMP TABLE woken (item INTEGER PRIMARY KEY)",
    f"INSERT INTO woken {OVERSLEPT}",
    """CREATE TEMP VIEW memory AS
        SELECT learner, item, topic, active, due_at, due_day, first_day, last_day, stability
        FROM main.memory
        WHERE item NOT IN (SELECT item FROM woken)
        UNION ALL SELECT m.learner, m.item, m.topic, 1 - m.active, m.due_at, m.due_day,
        m.first_day, m.last_day, m.stability FROM woken w JOIN main.memory m ON m.item = w.item""",
    """CREATE TEMP VIEW fresh AS
        SELECT learner, rank, item, topic FROM main.fresh
        WHERE item NOT IN (SELECT item FROM woken)
        UNION ALL SELECT l.key, i.rank, i.key, i.topic FROM woken w JOIN item i ON i.key = w.item
        JOIN learner l
        WHERE NOT EXISTS (SELECT 1 FROM main.memory m WHERE m.item = i.key AND m.learner = l.key)
        AND NOT EXISTS (SELECT 1 FROM main.fresh f WHERE f.item = i.key AND f.learner = l.key)""",
)

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
    studied: int
    """Seconds studied today."""
    packs: str
    """Key of the packs the counts are about (`PackLibrary.key()`): if it differs, counts may."""
    forgiven: int | None = None
    """The newest day left out of the row of days, where one was."""


def glance(
    path: Path,
    day: int,
    *,
    new_per_day: int | None = None,
    reviews_per_day: int | None = None,
    calendar: Calendar = _EVERY_DAY,
    goal: Goal | None = None,
    learner: str | None = None,
    now: int | None = None,
) -> Glance | None:
    """Counts for that study day; None where the store itself must decide.

    `learner` is an id, by default the file's own learner; `now`, in milliseconds, keeps a streak
    alive over a day that a journey swallowed.
    """
    try:
        if not path.is_file():
            return None
        uri = f"{path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS)) as database:
            if database.execute("SELECT version_num FROM alembic_version").fetchall() != [(HEAD,)]:
                return None
            limits = (new_per_day, reviews_per_day, calendar, goal)
            return _read(database, day, limits, learner, now)
    except (sqlite3.Error, OSError, ValueError):
        return None


def _read(
    database: sqlite3.Connection,
    day: int,
    limits: tuple[int | None, int | None, Calendar, Goal | None],
    learner_id: str | None,
    now: int | None,
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

    _wake(database, learner, day)
    today = counts.today(execute, learner, day, *limits)
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
    row = days.row(execute, learner, day, now)
    return Glance(
        topics=topics,
        due=due,
        new=new,
        backlog=counts.backlog(execute, learner, day),
        activity=counts.activity(execute, learner, day),
        streak=row.days,
        studied=days.seconds(execute, learner, day),
        minutes=counts.minutes(execute, learner, day, today),
        packs=packs[0],
        forgiven=row.forgiven[0] if row.forgiven and row.days > 1 else None,
    )


def _wake(database: sqlite3.Connection, learner: int, day: int) -> None:
    values = {"learner": learner, "day": day}
    if database.execute(f"SELECT EXISTS ({OVERSLEPT})", values).fetchone()[0]:
        for sql in _AS_WOKEN:
            database.execute(sql, values if ":day" in sql else {})
