"""Which items take part: `memory.active` and `fresh` follow the catalogue and what stands.

Promise: an item takes part while it is present, not suspended and not buried on the study day. As
days go by nothing is written by itself: `wake` brings back what was buried until today. Must not
read or write the log.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, text

from app.progress.oversleeping import OVERSLEPT

_FAR = 2**31 - 1
_ASLEEP = """EXISTS (SELECT 1 FROM standing s WHERE s.learner = {learner} AND s.item = i.key
    AND (s.suspended = 1 OR s.buried_until > :day))"""
# Only rows that differ: a catalogue that stayed the same writes no memory.
_MEMORIES_FOLLOW = text(
    f"""UPDATE memory SET topic = i.topic,
        active = i.present AND NOT {_ASLEEP.format(learner="memory.learner")}
    FROM item i WHERE i.key = memory.item AND (memory.topic <> i.topic
        OR memory.active <> (i.present AND NOT {_ASLEEP.format(learner="memory.learner")}))"""  # noqa: S608
)
_NO_FRESH = text("DELETE FROM fresh")
_FRESH_FOLLOWS = text(
    f"""INSERT INTO fresh (learner, rank, item, topic)
    SELECT l.key, i.rank, i.key, i.topic FROM learner l JOIN item i ON i.present = 1
    WHERE NOT EXISTS (SELECT 1 FROM memory m WHERE m.learner = l.key AND m.item = i.key)
    AND NOT {_ASLEEP.format(learner="l.key")}"""  # noqa: S608
)
_ITEM_ACTIVE = text(
    f"""UPDATE memory SET active = (SELECT i.present AND NOT {_ASLEEP.format(learner=":learner")}
        FROM item i WHERE i.key = :item)
    WHERE learner = :learner AND item = :item"""  # noqa: S608
)
_ITEM_NO_FRESH = text("DELETE FROM fresh WHERE item = :item AND learner = :learner")
_ITEM_FRESH = text(
    f"""INSERT INTO fresh (learner, rank, item, topic)
    SELECT :learner, i.rank, i.key, i.topic FROM item i WHERE i.key = :item AND i.present = 1
    AND NOT EXISTS (SELECT 1 FROM memory m WHERE m.learner = :learner AND m.item = i.key)
    AND NOT {_ASLEEP.format(learner=":learner")}"""  # noqa: S608
)
_STALE_FRESH = text(
    """WITH awake AS (
        SELECT i.rank, i.key AS item, i.topic, coalesce(s.buried_until, 0) AS until FROM item i
        LEFT JOIN standing s ON s.learner = :learner AND s.item = i.key
        WHERE i.present = 1 AND coalesce(s.suspended, 0) = 0 AND coalesce(s.buried_until, 0) <= :day
        AND NOT EXISTS (SELECT 1 FROM memory m WHERE m.learner = :learner AND m.item = i.key))
    SELECT (SELECT count(*) FROM (SELECT rank, item, topic FROM fresh WHERE learner = :learner
            EXCEPT SELECT rank, item, topic FROM awake))
        + (SELECT count(*) FROM (SELECT rank, item, topic FROM awake WHERE until = 0
            EXCEPT SELECT rank, item, topic FROM fresh WHERE learner = :learner))"""
)
_STALE_MEMORY = text(
    """SELECT count(*) FROM memory m JOIN item i ON i.key = m.item
    LEFT JOIN standing s ON s.learner = m.learner AND s.item = m.item
    WHERE m.learner = :learner AND (m.topic <> i.topic OR (
        m.active <> (i.present AND s.item IS NULL OR i.present
            AND s.suspended = 0 AND s.buried_until = 0)
        AND NOT (i.present AND coalesce(s.suspended, 1) = 0
            AND s.buried_until BETWEEN 1 AND :day)))"""
)


class Awake:
    """One learner's caches of what takes part, in one file."""

    def __init__(self, connection: Connection, learner: int) -> None:
        self._connection = connection
        self._learner = learner
        self._overslept = text(OVERSLEPT)

    def follow_all(self, day: int = 0) -> None:
        """Make everything agree, for every learner. Needs a transaction. Without a day all that
        was ever buried sleeps until `wake`."""
        for statement in (_MEMORIES_FOLLOW, _NO_FRESH, _FRESH_FOLLOWS):
            values = {} if statement is _NO_FRESH else {"day": day}
            self._connection.execute(statement, values)

    def follow(self, items: Iterable[int], day: int) -> None:
        """Make these items' rows agree. Needs a transaction."""
        values = [{"learner": self._learner, "item": item, "day": day} for item in items]
        if not values:
            return
        self._connection.execute(_ITEM_ACTIVE, values)
        self._connection.execute(
            _ITEM_NO_FRESH, [{"learner": one["learner"], "item": one["item"]} for one in values]
        )
        self._connection.execute(_ITEM_FRESH, values)

    def overslept(self, day: int) -> list[int]:
        """Items for which that day changes whether they take part."""
        values = {"learner": self._learner, "day": day}
        return [row[0] for row in self._connection.execute(self._overslept, values)]

    def stale(self, day: int | None = None) -> int:
        """How many rows do not agree. What was buried until that day or before may not have been
        woken yet; without a day that is true of everything buried."""
        values = {"learner": self._learner, "day": _FAR if day is None else day}
        found = (self._connection.execute(sql, values) for sql in (_STALE_FRESH, _STALE_MEMORY))
        return sum(int(rows.scalar() or 0) for rows in found)
