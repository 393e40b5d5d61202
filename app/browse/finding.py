"""Evaluating a query over a collection.

Promise: an answer is a byte for every item, put together by a few passes over all of them, never
item by item through the query; what the log says of mistakes is read once and kept until told to
`forget`. Blocking; must not read the query's text.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from itertools import compress
from typing import TYPE_CHECKING

from app.browse.collection import NEVER
from app.browse.fields import FLAGS, KINDS
from app.browse.folding import folded, holds, tokens
from app.browse.terms import Compare, Either, Match, Not, Query, Text
from content.pack import texts_by_language

if TYPE_CHECKING:
    from app.browse.collection import Collection
    from app.progress.browsing import Reader, TopicName
    from app.progress.search import SearchFile

_SIGNS: dict[str, Callable[[float, float], bool]] = {
    ":": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COLUMNS = {"": (), "front": ("asked",), "back": ("rest",)}
_CARD = KINDS.index("card")


class Finder:
    """Finds items of one collection."""

    def __init__(self, collection: Collection, file: SearchFile, reader: Reader) -> None:
        self.collection = collection
        self._file = file
        self._reader = reader
        self._mistakes: dict[str, set[int]] | None = None
        self._orders: dict[tuple[str, str], tuple[int, Sequence[int]]] = {}

    def forget(self) -> None:
        """Answers were given or taken back: ask the log anew."""
        self._mistakes = None

    def find(
        self, query: Query, column: str = "taught", *, down: bool = False, language: str = "en"
    ) -> list[int]:
        """The places of the items that the query holds for, sorted by a column."""
        held = self._held(query).to_bytes(len(self.collection), "little")
        if column == "taught" and not down:
            return list(compress(range(len(held)), held))
        order = self._order(column, language)
        found = list(compress(order, map(held.__getitem__, order)))
        return found[::-1] if down else found

    def _order(self, column: str, language: str) -> Sequence[int]:
        version, order = self._orders.get((column, language), (-1, ()))
        if version != self.collection.version:
            order = self.collection.order(column, language)
            self._orders[column, language] = (self.collection.version, order)
        return order

    # One byte an item, all of them as one large number: `and` of 100,000 is one operation.

    def _held(self, query: Query) -> int:
        if isinstance(query, Text):
            return _number(self._text(query))
        if isinstance(query, Match):
            return _number(self._match(query))
        if isinstance(query, Compare):
            return _number(self._compare(query))
        if isinstance(query, Not):
            return self._everything ^ self._held(query.part)
        if isinstance(query, Either):
            found = 0
            for part in query.parts:
                found |= self._held(part)
            return found
        found = self._everything
        for part in query.parts:
            found &= self._held(part)
            if not found:
                break
        return found

    @property
    def _everything(self) -> int:
        return _number(b"\1" * len(self.collection))

    def _marked(self, places: Iterable[int]) -> bytearray:
        found = bytearray(len(self.collection))
        for place in places:
            found[place] = 1
        return found

    def _text(self, query: Text) -> bytes | bytearray:
        phrase = tokens(query.words)
        if query.where == "typed":
            return self._marked(self.collection.places(self._reader.typed(query.words)))
        noted = self._marked(
            place
            for place, note in self.collection.notes.items()
            if query.where in ("", "note") and holds(tokens(note), phrase, prefix=not query.exact)
        )
        if query.where == "note":
            return noted
        columns = _COLUMNS[query.where]
        docs = self.collection.docs
        for number in self._file.find(phrase, prefix=not query.exact, columns=columns):
            place = docs[number] if number < len(docs) else -1
            if place >= 0:
                noted[place] = 1
        return noted

    def _match(self, query: Match) -> bytes | bytearray:
        collection, value = self.collection, query.value
        match query.field:
            case "is":
                return self._state(value)
            case "kind":
                number = KINDS.index(value)
                if value == "exercise":
                    return collection.kind.translate(_table(lambda kind: kind != _CARD))
                return collection.kind.translate(_table(lambda kind: kind == number))
            case "flag":
                if value == "*":
                    return collection.flag.translate(_table(bool))
                number = FLAGS.index(value)
                return collection.flag.translate(_table(lambda flag: flag == number))
            case "note":
                return self._marked(collection.notes)
            case "typed":
                return self._marked(collection.places(self._reader.typed("")))
            case "mistake":
                return self._marked(collection.places(self._mistaken(value)))
            case "tag":
                fits = _named(value, whole=True)
                tagged = collection.tags.items()
                return self._marked(
                    n for n, tags in tagged if any(fits(folded(tag)) for tag in tags.split())
                )
            case "id":
                return bytes(map(_named(value, inside=True), map(folded, collection.names)))
        fits_topic = _topic(value) if query.field == "topic" else _pack(value)
        wanted = [fits_topic(topic) for topic in collection.topics]
        return bytes(map(wanted.__getitem__, collection.topic))

    def _state(self, state: str) -> bytes | bytearray:
        collection, today = self.collection, self.collection.today
        match state:
            case "suspended":
                return collection.suspended
            case "buried":
                return collection.buried
            case "new":
                return collection.phase.translate(_table(lambda phase: phase == 0))
            case "learning":
                return collection.phase.translate(_table(lambda phase: phase in (1, 3)))
            case "review":
                return collection.phase.translate(_table(lambda phase: phase == 2))
        due = bytes(NEVER < day <= today for day in collection.due_day)
        asleep = _number(collection.suspended) | _number(collection.buried)
        awake = self._everything ^ asleep
        return (_number(due) & awake).to_bytes(len(due), "little")

    def _mistaken(self, value: str) -> Iterator[int]:
        if self._mistakes is None:
            self._mistakes = self._reader.mistakes()
        fits = _named(value, whole=True)
        for mistake, items in self._mistakes.items():
            if fits(folded(mistake)):
                yield from items

    def _compare(self, query: Compare) -> bytes:
        collection, wanted = self.collection, query.value
        compare = _SIGNS[query.sign]
        if query.field == "level":
            return bytes(collection.level.translate(_table(lambda n: compare(n, wanted))))
        if query.field in ("lapses", "reviews"):
            counts = collection.lapses if query.field == "lapses" else collection.reviews
            return bytes(compare(count, wanted) for count in counts)
        if query.field == "due":
            today = collection.today
            return bytes(d != NEVER and compare(d - today, wanted) for d in collection.due_day)
        if query.field == "rated":
            return self._rated(query.sign, wanted)
        if query.field == "recall":
            found = map(collection.recall, range(len(collection)))
            return bytes(r is not None and compare(round(r * 100), wanted) for r in found)
        reals = collection.stability if query.field == "stability" else collection.difficulty
        seen = collection.last_day
        return bytes(
            day != NEVER and compare(value, wanted) for day, value in zip(seen, reals, strict=True)
        )

    def _rated(self, sign: str, wanted: float) -> bytes:
        """`rated:7`: in the last seven days, today among them; `rated>30`: over 30 days ago."""
        today, days = self.collection.today, self.collection.last_day
        if sign == ":":
            return bytes(d != NEVER and today - d < wanted for d in days)
        compare = _SIGNS[sign]
        return bytes(d != NEVER and compare(today - d, wanted) for d in days)


def _number(held: bytes | bytearray) -> int:
    return int.from_bytes(held, "little")


def _table(holds: Callable[[int], bool]) -> bytes:
    return bytes(bool(holds(byte)) for byte in range(256))


def _named(value: str, *, whole: bool = False, inside: bool = False) -> Callable[[str], bool]:
    """Whether a folded name is meant: its beginning, all of it, or any part of it."""
    wanted = folded(value)
    if "*" in wanted:
        pattern = wanted.replace("[", "[[]").replace("?", "[?]")
        return lambda name: fnmatchcase(name, pattern)
    if whole:
        return lambda name: name == wanted
    return (lambda name: wanted in name) if inside else (lambda name: name.startswith(wanted))


def _topic(value: str) -> Callable[[TopicName], bool]:
    fits, words = _named(value), tokens(value)

    def holds_for(topic: TopicName) -> bool:
        titles = texts_by_language(topic.title).values()
        name = folded(topic.name)
        return (
            fits(name)
            or fits(f"{folded(topic.pack)}:{name}")
            or any(holds(tokens(title), words, prefix=True) for title in titles)
        )

    return holds_for


def _pack(value: str) -> Callable[[TopicName], bool]:
    fits = _named(value)
    return lambda topic: fits(folded(topic.pack))
