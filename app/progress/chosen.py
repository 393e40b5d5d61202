"""Finding what a choice brings: candidates of some topics or items only.

Promise: due and new items are found in the indexes that find them without a choice, narrowed by
topic there; a mistake is what the log says is in force, counted by study day. Read-only. Must not
decide in which order a session brings items, nor know of packs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, literal_column, select, text

from app.progress.counts import EARLY
from app.progress.events import EventKind
from app.progress.log import Log
from app.progress.memories import Candidate
from app.progress.models import EventRow, FreshRow, ItemNameRow, ItemRow, MemoryTable

AGAIN = 1
"""The rating of an item that was not known."""
WEAK_BELOW = 21.0
"""Days of stability from which an item is no weak spot any more."""
_CHUNK = 500
_OWN = MemoryTable.learner == bindparam("learner")
_DUE = text("active = 1 AND due_at IS NULL")
_STEPS = text("active = 1 AND due_at IS NOT NULL")
_TOPICS: BindParameter[list[int]] = bindparam("topics", expanding=True)

_DUE_ITEMS = (
    select(MemoryTable.item, MemoryTable.topic)
    .where(_OWN, _DUE, MemoryTable.due_day <= bindparam("day"))
    .order_by(MemoryTable.due_day, MemoryTable.item)
)
_RISKIEST_ITEMS = (
    select(MemoryTable.item, MemoryTable.topic)
    .where(_OWN, _DUE, MemoryTable.due_day <= bindparam("day"))
    .order_by(
        ((bindparam("day") - MemoryTable.last_day) / MemoryTable.stability).desc(),
        MemoryTable.item,
    )
)
_BEFORE = text(f"SELECT item, topic FROM memory WHERE {EARLY} ORDER BY due_day, item")  # noqa: S608
_EARLY_ITEMS = (
    select(MemoryTable.item, MemoryTable.topic)
    .where(
        _OWN,
        _DUE,
        MemoryTable.due_day > bindparam("day"),
        MemoryTable.due_day <= bindparam("until"),
        MemoryTable.last_day < bindparam("day"),
    )
    .order_by(MemoryTable.due_day, MemoryTable.item)
)
_STEP_ITEMS = (
    select(MemoryTable.item, MemoryTable.topic, MemoryTable.due_at)
    .where(_OWN, _STEPS, MemoryTable.due_at <= bindparam("until"))
    .order_by(MemoryTable.due_at, MemoryTable.item)
)
_FRESH_ITEMS = (
    select(FreshRow.item, FreshRow.topic)
    .where(FreshRow.learner == bindparam("learner"))
    .order_by(FreshRow.rank, FreshRow.item)
)
_RESTING = select(MemoryTable.item, MemoryTable.topic).where(
    _OWN, _DUE, MemoryTable.item.in_(bindparam("items", expanding=True))
)
_SHAKY = select(MemoryTable.item, MemoryTable.lapses).where(
    _OWN,
    MemoryTable.active == literal_column("1"),
    MemoryTable.stability < literal_column(str(WEAK_BELOW)),
)
_ANSWERED = (
    select(EventRow.id, ItemNameRow.item, EventRow.rating)
    .join(ItemNameRow, ItemNameRow.key == EventRow.item)
    .where(
        EventRow.learner == bindparam("learner"),
        EventRow.kind == literal_column(f"'{EventKind.REVIEW}'"),
        EventRow.day >= bindparam("since"),
    )
)
_ITEMS = select(ItemRow.key).where(
    ItemRow.topic.in_(_TOPICS), ItemRow.present == literal_column("1")
)
_KINDS = select(ItemRow.key, ItemRow.kind).where(
    ItemRow.topic.in_(_TOPICS), ItemRow.present == literal_column("1")
)
_NAMED = select(ItemRow.key).where(ItemRow.name.in_(bindparam("names", expanding=True)))
_KNOWN = select(
    MemoryTable.item,
    MemoryTable.stability,
    MemoryTable.difficulty,
    MemoryTable.last_day,
    MemoryTable.due_day,
).where(_OWN, MemoryTable.active == literal_column("1"))


@dataclass(frozen=True, slots=True)
class Scope:
    """Which items may come: those of these topic keys that are among these item keys."""

    topics: frozenset[int]
    items: frozenset[int] | None = None

    def within(self, items: Collection[int]) -> Scope:
        """Narrowed to those items."""
        wanted = frozenset(items)
        return Scope(self.topics, wanted if self.items is None else self.items & wanted)


class Chosen:
    """One learner's candidates in one file."""

    def __init__(self, connection: Connection, learner: int, log: Log) -> None:
        self._connection = connection
        self._own = {"learner": learner}
        self._log = log

    def due(
        self, day: int, most: int | None, scope: Scope | None, *, riskiest: bool = False
    ) -> list[Candidate]:
        """Day-long reviews due on that day, the longest due first, or those nearest to being
        lost; without a scope all of them."""
        statement = _RISKIEST_ITEMS if riskiest else _DUE_ITEMS
        if scope is None:
            rows = self._connection.execute(statement.limit(most), {**self._own, "day": day})
            return [Candidate(row[0], row[1]) for row in rows]
        return self._found(statement, MemoryTable.topic, {"day": day}, most, scope)

    def before(self, day: int, first: int, last: int) -> list[Candidate]:
        """Reviews of the days off from `first` to `last` that come on that day."""
        values = {**self._own, "day": day, "first": first, "last": last}
        return [Candidate(row[0], row[1]) for row in self._connection.execute(_BEFORE, values)]

    def early(self, day: int, until: int, scope: Scope) -> list[Candidate]:
        """Reviews that fall due after that day until `until`, but for what was answered today."""
        values = {"day": day, "until": until}
        return self._found(_EARLY_ITEMS, MemoryTable.topic, values, None, scope)

    def steps(self, until: int, most: int | None, scope: Scope) -> list[Candidate]:
        """Items in (re)learning steps that come back until that moment, the earliest first."""
        return self._found(_STEP_ITEMS, MemoryTable.topic, {"until": until}, most, scope)

    def fresh(self, most: int | None, scope: Scope) -> list[Candidate]:
        """Items never reviewed, in the order of teaching."""
        return self._found(_FRESH_ITEMS, FreshRow.topic, {}, most, scope)

    def resting(self, items: Collection[int]) -> list[Candidate]:
        """Those of these items that were learned and stand in no learning step."""
        rows = self._in_chunks(_RESTING, "items", sorted(items))
        return [Candidate(row[0], row[1]) for row in rows]

    def mistaken(self, since: int) -> dict[int, int]:
        """Per item, how often it counts as not known in reviews in force since that day."""
        values = {**self._own, "since": since}
        rows = self._connection.execute(_ANSWERED, values).all()
        turns = self._log.turns_of([row[0] for row in rows])
        times: dict[int, int] = defaultdict(int)
        for event, item, rating in rows:
            if turns.in_force(event) and turns.rating(event, rating or 0) == AGAIN:
                times[item] += 1
        return dict(times)

    def weak(self, since: int) -> frozenset[int]:
        """Items not held for three weeks that lapsed once, or were wrong twice since that day."""
        often = {item for item, times in self.mistaken(since).items() if times > 1}
        return frozenset(
            item
            for item, lapses in self._connection.execute(_SHAKY, self._own)
            if lapses or item in often
        )

    def items(
        self, topics: Collection[int], kinds: Collection[str], levels: Collection[int]
    ) -> frozenset[int]:
        """The items of those topics that are of one of those kinds and levels, if any are given."""
        statement = _ITEMS
        if kinds:
            statement = statement.where(ItemRow.kind.in_(kinds))
        if levels:
            statement = statement.where(ItemRow.level.in_(levels))
        return frozenset(row[0] for row in self._in_chunks(statement, "topics", sorted(topics)))

    def kinds(self, scope: Scope) -> dict[str, int]:
        """How many items there are of each kind."""
        counted: dict[str, int] = defaultdict(int)
        for key, kind in self._in_chunks(_KINDS, "topics", sorted(scope.topics)):
            if scope.items is None or key in scope.items:
                counted[kind] += 1
        return dict(counted)

    def named(self, names: Collection[str]) -> frozenset[int]:
        """The items of those full names."""
        return frozenset(row[0] for row in self._in_chunks(_NAMED, "names", sorted(names)))

    def known(self, scope: Scope) -> Iterator[tuple[float, float, int, int]]:
        """(stability, difficulty, day of the last review, due day) of every learned item."""
        statement = _KNOWN.where(MemoryTable.topic.in_(_TOPICS))
        values = {**self._own, "topics": sorted(scope.topics)}
        for row in self._connection.execute(statement, values):
            if scope.items is None or row[0] in scope.items:
                yield row[1], row[2], row[3], row[4]

    def _found(
        self,
        statement: Select[*tuple[Any, ...]],
        topic: Any,
        values: Mapping[str, object],
        most: int | None,
        scope: Scope,
    ) -> list[Candidate]:
        if most == 0 or not scope.topics or scope.items == frozenset():
            return []
        statement = statement.where(topic.in_(_TOPICS))
        if scope.items is None and most is not None:
            statement = statement.limit(most)
        bound = {**self._own, **values, "topics": sorted(scope.topics)}
        found: list[Candidate] = []
        for row in self._connection.execute(statement, bound):
            if scope.items is None or row[0] in scope.items:
                found.append(Candidate(*row))
                if len(found) == most:
                    break
        return found

    def _in_chunks(
        self, statement: Select[*tuple[Any, ...]], name: str, values: Sequence[object]
    ) -> Iterator[Any]:
        for start in range(0, len(values), _CHUNK):
            bound = {**self._own, name: list(values[start : start + _CHUNK])}
            yield from self._connection.execute(statement, bound)
