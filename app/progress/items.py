"""The catalogue: which topics and items the packs hold, mirrored where progress is counted.

Promise: an item's key never changes, so a rename keeps its progress; an item gone from the packs
keeps its history and comes back with it. `active`, `topic` of memories and the whole of `fresh`
(`app.progress.awake`) are made to agree in the same transaction. Must not read packs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select, text, update

from app.progress.awake import Awake
from app.progress.hot import Hot
from app.progress.models import CatalogueRow, ItemNameRow, ItemRow, TopicRow

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class CatalogueTopic:
    """A topic as the packs have it; titles are JSON."""

    pack: str
    pack_title: str
    name: str
    title: str
    chapter: str
    chapter_title: str
    position: int


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """An item as the packs have it; `formerly` are full names it had."""

    name: str
    pack: str
    topic: str
    kind: str
    level: int
    rank: int
    content_hash: str
    formerly: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownTopic:
    """A topic with its key."""

    key: int
    pack: str
    pack_title: str
    name: str
    title: str
    chapter: str
    chapter_title: str
    items: int
    """Items now in the packs."""


@dataclass(frozen=True, slots=True)
class KnownItem:
    """An item with its key."""

    key: int
    name: str
    topic: int
    kind: str


_PACKS = select(CatalogueRow.packs)
_BY_NAME = select(ItemRow.key).where(ItemRow.name == bindparam("name"))
_KEYS = select(ItemRow.name, ItemRow.key).where(
    ItemRow.name.in_(bindparam("names", expanding=True))
)
_HASH = select(ItemRow.content_hash).where(ItemRow.name == bindparam("name"))
_KNOWN = select(ItemRow.key, ItemRow.name, ItemRow.topic, ItemRow.kind).where(
    ItemRow.key.in_(bindparam("keys", expanding=True))
)
_TOPICS = text(
    "SELECT t.key, t.pack, t.pack_title, t.name, t.title, t.chapter, t.chapter_title,"
    " (SELECT count(*) FROM item i WHERE i.topic = t.key AND i.present = 1)"
    " FROM topic t WHERE t.present = 1 ORDER BY t.position"
)


class Items:
    """The catalogue in one file."""

    def __init__(self, connection: Connection, awake: Awake) -> None:
        self._connection = connection
        self._awake = awake
        self._hash = Hot(connection, _HASH)

    def packs(self) -> str | None:
        """The key of the packs mirrored last."""
        return self._connection.execute(_PACKS).scalar()

    def key(self, name: str) -> int | None:
        """The key of the item of that name."""
        return self._connection.execute(_BY_NAME, {"name": name}).scalar()

    def keys(self, names: Iterable[str]) -> dict[str, int]:
        """The keys of the items of those names, in that order; names of no item are left out."""
        asked = list(dict.fromkeys(names))
        found: dict[str, int] = {}
        for start in range(0, len(asked), _CHUNK):
            rows = self._connection.execute(_KEYS, {"names": asked[start : start + _CHUNK]})
            found.update((row[0], row[1]) for row in rows)
        return {name: found[name] for name in asked if name in found}

    def content_hash(self, name: str) -> str:
        """Which text the item of that name has now; empty if there is none."""
        row = self._hash({"name": name}).fetchone()
        return row[0] if row else ""

    def known(self, keys: Sequence[int]) -> dict[int, KnownItem]:
        """Items by key."""
        found: dict[int, KnownItem] = {}
        for start in range(0, len(keys), _CHUNK):
            rows = self._connection.execute(_KNOWN, {"keys": list(keys[start : start + _CHUNK])})
            found.update((row[0], KnownItem(*row)) for row in rows)
        return found

    def topics(self) -> list[KnownTopic]:
        """Topics now in the packs, in teaching order."""
        return [KnownTopic(*row) for row in self._connection.execute(_TOPICS)]

    def mirror(
        self, packs: str, topics: Iterable[CatalogueTopic], items: Sequence[CatalogueItem]
    ) -> tuple[int, ...]:
        """Make the catalogue that of the packs. Needs a transaction.

        Returns the keys of items that took over another item's reviews: what is remembered of
        them and how they stand must be replayed. What is buried sleeps until it is woken.
        """
        keys = self._mirror_topics(topics)
        taken_over = self._mirror_items(keys, items)
        self._awake.follow_all()
        self._connection.execute(delete(CatalogueRow))
        self._connection.execute(insert(CatalogueRow), {"packs": packs})
        return taken_over

    def _mirror_topics(self, topics: Iterable[CatalogueTopic]) -> dict[tuple[str, str], int]:
        known = {
            (row.pack, row.name): row.key
            for row in self._connection.execute(select(TopicRow.pack, TopicRow.name, TopicRow.key))
        }
        self._connection.execute(update(TopicRow).values(present=False))
        for topic in topics:
            values = {
                "pack": topic.pack,
                "pack_title": topic.pack_title,
                "name": topic.name,
                "title": topic.title,
                "chapter": topic.chapter,
                "chapter_title": topic.chapter_title,
                "position": topic.position,
                "present": True,
            }
            key = known.get((topic.pack, topic.name))
            if key is None:
                done = self._connection.execute(insert(TopicRow), values)
                known[topic.pack, topic.name] = done.lastrowid
            else:
                self._connection.execute(update(TopicRow).where(TopicRow.key == key), values)
        return known

    def _mirror_items(
        self, topics: Mapping[tuple[str, str], int], items: Sequence[CatalogueItem]
    ) -> tuple[int, ...]:
        names = {
            row.name: row.item
            for row in self._connection.execute(select(ItemNameRow.name, ItemNameRow.item))
        }
        current = {
            row.name: row.key for row in self._connection.execute(select(ItemRow.name, ItemRow.key))
        }
        wanted = {item.name for item in items}
        unused = max(current.values(), default=0) + 1
        added: list[dict[str, object]] = []
        changed: list[dict[str, object]] = []
        new_names: list[dict[str, object]] = []
        taken_over: set[int] = set()
        for item in items:
            formerly = [name for name in item.formerly if name not in wanted]
            renamed = next((name for name in formerly if name in current), None)
            values = {
                "name": item.name,
                "topic": topics[item.pack, item.topic],
                "kind": item.kind,
                "level": item.level,
                "rank": item.rank,
                "content_hash": item.content_hash,
                "present": True,
            }
            if item.name in current:
                key = current[item.name]
            elif renamed is not None:
                key = current.pop(renamed)
            else:
                key, unused = unused, unused + 1
                added.append({"key": key, **values})
            current[item.name] = key
            if not added or added[-1]["key"] != key:
                changed.append({"the_key": key, **values})
            for name in (item.name, *(name for name in formerly if name in names)):
                owner = names.setdefault(name, 0)
                if owner == 0:
                    new_names.append({"name": name, "item": key})
                elif owner != key:
                    self._connection.execute(
                        update(ItemNameRow).where(ItemNameRow.name == name), {"item": key}
                    )
                    taken_over |= {owner, key}
                names[name] = key
        return tuple(sorted(self._write(added, changed, new_names, taken_over)))

    def _write(
        self,
        added: list[dict[str, object]],
        changed: list[dict[str, object]],
        new_names: list[dict[str, object]],
        taken_over: set[int],
    ) -> set[int]:
        execute = self._connection.execute
        execute(update(ItemRow).values(present=False))
        if added:
            execute(insert(ItemRow), added)
        if changed:
            # Names may have been swapped among items: clear them first, they are unique.
            keys = [{"the_key": row["the_key"], "name": f"\0{row['the_key']}"} for row in changed]
            execute(update(ItemRow).where(ItemRow.key == bindparam("the_key")), keys)
            execute(update(ItemRow).where(ItemRow.key == bindparam("the_key")), changed)
        if new_names:
            execute(insert(ItemNameRow), new_names)
        return taken_over
