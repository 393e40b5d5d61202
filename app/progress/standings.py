"""Reading and writing the cache of what stands of items: suspended, buried, flagged, noted.

Promise: a row exists where something stands, and says what the log says; `replayed` reads that
from the log. Must not write the log, nor know the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import Connection, bindparam, delete, insert, literal_column, select, text

from app.progress.events import PLAIN, EventKind, Order, Standing
from app.progress.hot import Hot
from app.progress.models import WORDS, DeviceRow, EventRow, ItemNameRow, StandingRow
from app.progress.saying import Said, standing_of
from app.progress.turning import Turning, chunks

_COLUMNS = (
    StandingRow.suspended, StandingRow.buried_until, StandingRow.flag, StandingRow.note,
)  # fmt: skip
_GET = select(*_COLUMNS).where(
    StandingRow.learner == bindparam("learner_key"), StandingRow.item == bindparam("item_key")
)
_ALL = select(StandingRow.item, *_COLUMNS).where(StandingRow.learner == bindparam("learner_key"))
_SOME = _ALL.where(StandingRow.item.in_(bindparam("items", expanding=True)))
_INSERT = insert(StandingRow)
_DELETE = delete(StandingRow).where(
    StandingRow.learner == bindparam("learner_key"), StandingRow.item == bindparam("item_key")
)
_CLEAR = delete(StandingRow).where(StandingRow.learner == bindparam("learner_key"))
_SAID = (
    select(
        ItemNameRow.item, EventRow.counter, DeviceRow.id, EventRow.id, EventRow.kind,
        EventRow.payload,
    )
    .join(DeviceRow, DeviceRow.key == EventRow.device)
    .join(ItemNameRow, ItemNameRow.key == EventRow.item)
    .where(
        EventRow.learner == bindparam("learner_key"),
        # The condition of the index, word for word: else SQLite would not use it.
        text(f"kind IN ({WORDS})"),
        EventRow.kind != literal_column(f"'{EventKind.RESET}'"),
    )
)  # fmt: skip
_SAID_OF = _SAID.where(
    EventRow.item.in_(
        select(ItemNameRow.key).where(ItemNameRow.item.in_(bindparam("items", expanding=True)))
    )
)


class Standings:
    """One learner's standings in one file."""

    def __init__(self, connection: Connection, learner: int, turning: Turning) -> None:
        self._connection = connection
        self._learner = learner
        self._turning = turning
        self._own = {"learner_key": learner}
        self._get = Hot(connection, _GET)

    def get(self, item: int) -> Standing:
        """How an item stands."""
        row = self._get({**self._own, "item_key": item}).fetchone()
        return PLAIN if row is None else _standing(row)

    def of(self, items: Sequence[int]) -> dict[int, Standing]:
        """How these items stand; those of which nothing is said are left out."""
        found: dict[int, Standing] = {}
        for some in chunks(items):
            rows = self._connection.execute(_SOME, {**self._own, "items": list(some)})
            found.update((row[0], _standing(row[1:])) for row in rows)
        return found

    def everything(self) -> Iterator[tuple[int, Standing]]:
        """(item, standing) of every row."""
        for row in self._connection.execute(_ALL, self._own):
            yield row[0], _standing(row[1:])

    def put(self, standings: Mapping[int, Standing]) -> None:
        """Write these items' rows. Needs a transaction."""
        if standings:
            keys = [{**self._own, "item_key": item} for item in standings]
            self._connection.execute(_DELETE, keys)
            self._write(standings)

    def replace(self, standings: Mapping[int, Standing]) -> None:
        """Write the whole cache anew. Needs a transaction."""
        self._connection.execute(_CLEAR, self._own)
        self._write(standings)

    def replayed(self, items: Sequence[int] | None = None) -> dict[int, Standing]:
        """What the log says of these items, or of all; of every item asked for there is a word,
        of all only those of which something stands."""
        said: dict[int, list[Said]] = {item: [] for item in items or ()}
        if items is None:
            self._collect(said, self._connection.execute(_SAID, self._own))
        else:
            for some in chunks(items):
                values = {**self._own, "items": list(some)}
                self._collect(said, self._connection.execute(_SAID_OF, values))
        turns = self._turning.of([one.order.id for found in said.values() for one in found])
        standings = {item: standing_of(found, turns) for item, found in said.items()}
        if items is not None:
            return standings
        return {item: standing for item, standing in standings.items() if standing != PLAIN}

    def _collect(self, said: dict[int, list[Said]], rows: Iterable[Sequence[object]]) -> None:
        for item, counter, device, event, kind, payload in rows:
            assert isinstance(item, int)
            assert isinstance(counter, int)
            order = Order(counter, str(device), str(event))
            words = None if payload is None else str(payload)
            said.setdefault(item, []).append(Said(order, EventKind(str(kind)), words))

    def _write(self, standings: Mapping[int, Standing]) -> None:
        rows = [
            {
                "learner": self._learner,
                "item": item,
                "suspended": standing.suspended,
                "buried_until": standing.buried_until,
                "flag": standing.flag,
                "note": standing.note,
            }
            for item, standing in standings.items()
            if standing != PLAIN
        ]
        if rows:
            self._connection.execute(_INSERT, rows)


def _standing(row: Sequence[object]) -> Standing:
    suspended, buried_until, flag, note = row
    assert isinstance(buried_until, int)
    assert isinstance(flag, int)
    return Standing(bool(suspended), buried_until, flag, str(note))
