"""Which events are in force, and what an undo or a redo would concern.

Promise: an undo takes back the newest action in force, a redo brings back the action undone last,
as long as no new action was taken since; both by the log alone, so any number of them, over
restarts, and of merged logs by (counter, device, id). Read-only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, Row, bindparam, func, select

from app.progress.events import ACTIONS, Acted, EventKind, Order, Turn, Turns
from app.progress.models import AnswerRow, DeviceRow, EventRow, ItemNameRow, ItemRow

if TYPE_CHECKING:
    TurnRow = Row[int, str, str, str, str | None, int | None]
    _BackRow = Row[int, str, str, str, str | None, str | None]

_T = TypeVar("_T")
_CHUNK = 500
"""Ids in one IN list: below SQLite's older limit of 999 variables."""
_AT_ONCE = 20
_FAR = 2**62
_NEUTRAL = (EventKind.PRACTICE, EventKind.PARAMETERS)
"""Neither taken back by an undo nor in the way of a redo."""

TURNS = (
    select(
        EventRow.counter, DeviceRow.id, EventRow.id, EventRow.kind, EventRow.target, EventRow.rating
    )
    .join(DeviceRow, DeviceRow.key == EventRow.device)
    .where(EventRow.target.is_not(None), EventRow.learner == bindparam("learner"))
)
_TURNS_OF = TURNS.where(EventRow.target.in_(bindparam("targets", expanding=True)))
_BACK = (
    select(
        EventRow.counter, DeviceRow.id, EventRow.id, EventRow.kind, EventRow.target, EventRow.act
    )
    .join(DeviceRow, DeviceRow.key == EventRow.device)
    .where(
        EventRow.counter <= bindparam("until"),
        # Wrapped, so that SQLite walks back by counter instead of sorting all of a learner's days.
        func.coalesce(EventRow.learner, 0) == bindparam("learner"),
    )
    .order_by(EventRow.counter.desc())
    .limit(bindparam("most"))
)
_ACT = select(EventRow.id, EventRow.target).where(
    EventRow.act == bindparam("act"), EventRow.learner == bindparam("learner")
)
_ACTED = (
    select(
        EventRow.id, EventRow.kind, ItemNameRow.item, ItemRow.name, AnswerRow.seed, AnswerRow.draw
    )
    .join(ItemNameRow, ItemNameRow.key == EventRow.item)
    .join(ItemRow, ItemRow.key == ItemNameRow.item)
    .outerjoin(AnswerRow, AnswerRow.event == EventRow.key)
    .where(EventRow.id.in_(bindparam("events", expanding=True)))
)


class Turning:
    """Undo and redo in one learner's log."""

    def __init__(self, connection: Connection, learner: int) -> None:
        self._connection = connection
        self._learner = learner

    def of(self, events: Sequence[str]) -> Turns:
        """Turns about those events, and turns about these turns (a rerate may be undone)."""
        found: list[Turn] = []
        targets: Sequence[str] = events
        while targets:
            turns = [turn for some in chunks(targets) for turn in self._turns(some)]
            found += turns
            targets = [turn.order.id for turn in turns]
        return Turns.of(found)

    def all(self) -> Turns:
        """Every turn."""
        return Turns.of(map(turn_of, self._connection.execute(TURNS, {"learner": self._learner})))

    def newest(self) -> tuple[Acted, ...]:
        """The newest action in force, with all that belongs to it: what an undo takes back."""
        last: dict[str, EventKind] = {}
        for _, _, event, kind, target, act in self._back():
            if target is not None and kind in (EventKind.UNDO, EventKind.REDO):
                last.setdefault(target, EventKind(kind))
            elif kind in ACTIONS and last.get(event) is not EventKind.UNDO:
                events = [event] if act is None else [row[0] for row in self._act(act)]
                return self._acted(events, in_force=True)
        return ()

    def undone(self) -> tuple[Acted, ...]:
        """What was undone last and is not in force, if nothing new was done since: what a redo
        brings back."""
        last: dict[str, EventKind] = {}
        for _, _, _, kind, target, act in self._back():
            if target is not None and kind in (EventKind.UNDO, EventKind.REDO):
                if last.setdefault(target, EventKind(kind)) is EventKind.UNDO:
                    targets = [target]
                    if act is not None:
                        targets = [row[1] or "" for row in self._act(act)]
                    return self._acted(targets, in_force=False)
            elif kind not in _NEUTRAL:
                return ()
        return ()

    def _acted(self, events: Sequence[str], *, in_force: bool) -> tuple[Acted, ...]:
        turns = self.of(events)
        wanted = [event for event in events if turns.in_force(event) is in_force]
        found = {
            row[0]: Acted(row[0], EventKind(row[1]), row[2], row[3], row[4] or 0, row[5] or "{}")
            for some in chunks(wanted)
            for row in self._connection.execute(_ACTED, {"events": list(some)})
        }
        return tuple(found[event] for event in wanted if event in found)

    def _act(self, act: str) -> Iterable[Row[str, str | None]]:
        return self._connection.execute(_ACT, {"act": act, "learner": self._learner}).all()

    def _back(self) -> Iterator[_BackRow]:
        """The log, newest first."""
        for _, rows in groupby(self._by_counter(), key=lambda row: row[0]):
            yield from sorted(rows, key=lambda row: (row[1], row[2]), reverse=True)

    def _by_counter(self) -> Iterator[_BackRow]:
        until, most = _FAR, _AT_ONCE
        seen: set[str] = set()
        while True:
            values = {"learner": self._learner, "until": until, "most": most}
            rows = self._connection.execute(_BACK, values).all()
            # A counter may be shared by the devices of a merged log: the last one is read again.
            fresh = [row for row in rows if row[2] not in seen]
            yield from fresh
            if len(rows) < most:
                return
            until, seen = rows[-1][0], {row[2] for row in rows if row[0] == rows[-1][0]}
            most = most * 2 if fresh else most * 4

    def _turns(self, targets: Sequence[str]) -> Iterator[Turn]:
        values = {"learner": self._learner, "targets": list(targets)}
        return map(turn_of, self._connection.execute(_TURNS_OF, values))


def turn_of(row: TurnRow) -> Turn:
    """A row of `TURNS`."""
    counter, device, event, kind, target, rating = row
    return Turn(Order(counter, device, event), EventKind(kind), target or "", rating)


def chunks(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    """The values, as many at once as one IN list takes."""
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
