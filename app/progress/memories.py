"""Reading and writing the cache of memories, and finding what is due by an index.

Promise: statements are built once; the next due item of a million is one index step. Must not
decide what a memory becomes, nor in which order a session brings items.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields

from sqlalchemy import (
    Connection,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal_column,
    select,
    text,
    update,
)

from app.progress.events import MemoryRow
from app.progress.hot import Hot
from app.progress.models import FreshRow, ItemRow, MemoryTable

_FIELDS = tuple(field.name for field in fields(MemoryRow))
_COLUMNS = tuple(getattr(MemoryTable, name) for name in _FIELDS)
_OWN = (MemoryTable.learner == bindparam("learner_key"), MemoryTable.item == bindparam("item_key"))

_GET = select(*_COLUMNS).where(*_OWN)
_UPDATE = update(MemoryTable).where(*_OWN)
_INSERT = insert(MemoryTable).from_select(
    ["learner", "item", "topic", "active", *_FIELDS],
    select(
        bindparam("learner_key"),
        ItemRow.key,
        ItemRow.topic,
        # What is awake and not remembered is fresh.
        exists().where(FreshRow.learner == bindparam("learner_key"), FreshRow.item == ItemRow.key),
        *(bindparam(name) for name in _FIELDS),
    ).where(ItemRow.key == bindparam("item_key")),
)
_DELETE = delete(MemoryTable).where(*_OWN)
_FORGET_FRESH = delete(FreshRow).where(
    FreshRow.learner == bindparam("learner_key"), FreshRow.item == bindparam("item_key")
)
_REMEMBER_FRESH = insert(FreshRow).from_select(
    ["learner", "rank", "item", "topic"],
    select(bindparam("learner_key"), ItemRow.rank, ItemRow.key, ItemRow.topic)
    .join(MemoryTable, MemoryTable.item == ItemRow.key)
    .where(*_OWN, MemoryTable.active == literal_column("1")),
)

_DUE = text("active = 1 AND due_at IS NULL")
_STEPS = text("active = 1 AND due_at IS NOT NULL")
_DUE_ITEMS = (
    select(MemoryTable.item, MemoryTable.topic)
    .where(
        MemoryTable.learner == bindparam("learner_key"),
        _DUE,
        MemoryTable.due_day <= bindparam("day"),
    )
    .order_by(MemoryTable.due_day, MemoryTable.item)
    .limit(bindparam("most"))
)
_STEP_ITEMS = (
    select(MemoryTable.item, MemoryTable.topic, MemoryTable.due_at)
    .where(
        MemoryTable.learner == bindparam("learner_key"),
        _STEPS,
        MemoryTable.due_at <= bindparam("until"),
    )
    .order_by(MemoryTable.due_at, MemoryTable.item)
    .limit(bindparam("most"))
)
_FRESH_ITEMS = (
    select(FreshRow.item, FreshRow.topic)
    .where(FreshRow.learner == bindparam("learner_key"))
    .order_by(FreshRow.rank, FreshRow.item)
    .limit(bindparam("most"))
)
_NEXT_DAY = select(func.min(MemoryTable.due_day)).where(
    MemoryTable.learner == bindparam("learner_key"), _DUE, MemoryTable.due_day > bindparam("day")
)
_NEXT_STEP = select(func.min(MemoryTable.due_at)).where(
    MemoryTable.learner == bindparam("learner_key"), _STEPS
)
_LEARNED = select(MemoryTable.topic, MemoryTable.stability, MemoryTable.last_day).where(
    MemoryTable.learner == bindparam("learner_key"), MemoryTable.active == literal_column("1")
)
_ALL = select(MemoryTable.item, *_COLUMNS).where(MemoryTable.learner == bindparam("learner_key"))
_NO_LIMIT = -1


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that may be shown, with its topic's key."""

    item: int
    topic: int
    due_at: int | None = None
    """Milliseconds since 1970, for items in (re)learning steps."""


class Memories:
    """One learner's memories in one file."""

    def __init__(self, connection: Connection, learner: int) -> None:
        self._connection = connection
        self._learner = learner
        self._get = Hot(connection, _GET)
        self._learned = Hot(connection, _LEARNED)
        self._steps = Hot(connection, _STEP_ITEMS)
        self._update = Hot(connection, _UPDATE, _FIELDS)
        self._insert = Hot(connection, _INSERT)
        self._forget_fresh = Hot(connection, _FORGET_FRESH)

    def get(self, item: int) -> MemoryRow | None:
        """What is remembered of an item; None if it was never reviewed."""
        row = self._get(self._of(item)).fetchone()
        return None if row is None else MemoryRow(*row)

    def put(self, item: int, memory: MemoryRow | None) -> None:
        """Write a memory, or with None forget it: the item is new again. Needs a transaction."""
        own = self._of(item)
        if memory is None:
            self._connection.execute(_REMEMBER_FRESH, own)
            self._connection.execute(_DELETE, own)
            return
        values = own | {name: getattr(memory, name) for name in _FIELDS}
        if not self._update(values).rowcount:
            self._insert(values)
            self._forget_fresh(own)

    def due(self, day: int, most: int | None = None, topic: int | None = None) -> list[Candidate]:
        """Day-long reviews due on that day, the longest due first."""
        statement = _DUE_ITEMS if topic is None else _DUE_ITEMS.where(MemoryTable.topic == topic)
        values = self._limited(most) | {"day": day}
        return [Candidate(*row) for row in self._connection.execute(statement, values)]

    def steps(
        self, until: int, most: int | None = None, topic: int | None = None
    ) -> list[Candidate]:
        """Items in (re)learning steps that come back until that moment, the earliest first."""
        values = self._limited(most) | {"until": until}
        if topic is None:
            return [Candidate(*row) for row in self._steps(values)]
        of_topic = _STEP_ITEMS.where(MemoryTable.topic == topic)
        return [Candidate(*row) for row in self._connection.execute(of_topic, values)]

    def fresh(self, most: int | None = None, topic: int | None = None) -> list[Candidate]:
        """Items never reviewed, in the order of teaching."""
        statement = _FRESH_ITEMS if topic is None else _FRESH_ITEMS.where(FreshRow.topic == topic)
        return [Candidate(*row) for row in self._connection.execute(statement, self._limited(most))]

    def next_due(self, day: int) -> tuple[int | None, int | None]:
        """(earliest step in milliseconds, earliest study day after `day`), None where none."""
        values = {"learner_key": self._learner}
        return (
            self._connection.execute(_NEXT_STEP, values).scalar(),
            self._connection.execute(_NEXT_DAY, {**values, "day": day}).scalar(),
        )

    def learned(self) -> Iterator[tuple[int, float, int]]:
        """(topic, stability, day of the last review) of every reviewed item still in a pack."""
        return iter(self._learned({"learner_key": self._learner}))

    def everything(self) -> Iterator[tuple[int, MemoryRow]]:
        """(item, memory) of every row."""
        for row in self._connection.execute(_ALL, {"learner_key": self._learner}):
            yield row[0], MemoryRow(*row[1:])

    def replace(self, memories: Sequence[tuple[int, MemoryRow]]) -> None:
        """Write the whole cache anew. Needs a transaction."""
        own = {"learner_key": self._learner}
        self._connection.execute(
            delete(MemoryTable).where(MemoryTable.learner == bindparam("learner_key")), own
        )
        if memories:
            self._connection.execute(
                _INSERT, [{**self._of(item), **asdict(memory)} for item, memory in memories]
            )

    def _of(self, item: int) -> dict[str, object]:
        return {"learner_key": self._learner, "item_key": item}

    def _limited(self, most: int | None) -> dict[str, object]:
        return {"learner_key": self._learner, "most": _NO_LIMIT if most is None else most}
