"""Evaluating a query over a collection.

Promise: an answer is a truth value for every item, put together by a few passes over columns, never
item by item through the query; what the log says of mistakes is read once and kept until told to
`forget`. Blocking; must not read the query's text.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from app.browse.fields import FLAGS, KINDS
from app.browse.folding import folded, holds, tokens
from app.browse.terms import Compare, Either, Match, Not, Query, Text
from content.pack import texts_by_language

if TYPE_CHECKING:
    from app.browse.collection import Collection
    from app.progress.browsing import Reader, TopicName
    from app.progress.search import SearchFile

Held = NDArray[np.bool_]
"""For every item whether something holds."""

_SIGNS: dict[str, Callable[[Any, float], Held]] = {
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
        self._orders: dict[tuple[str, str], tuple[int, NDArray[np.int64]]] = {}

    def forget(self) -> None:
        """Answers were given or taken back: ask the log anew."""
        self._mistakes = None

    def find(
        self, query: Query, column: str = "taught", *, down: bool = False, language: str = "en"
    ) -> list[int]:
        """The places of the items that the query holds for, sorted by a column."""
        held = self._held(query)
        held[list(self.collection.gone)] = False
        order = self._order(column, language)
        found: list[int] = order[held[order]].tolist()
        return found[::-1] if down else found

    def _order(self, column: str, language: str) -> NDArray[np.int64]:
        known = self._orders.get((column, language))
        if known is None or known[0] != self.collection.version:
            known = (self.collection.version, self.collection.order(column, language))
            self._orders[column, language] = known
        return known[1]

    def _held(self, query: Query) -> Held:
        if isinstance(query, Text):
            return self._text(query)
        if isinstance(query, Match):
            return self._match(query)
        if isinstance(query, Compare):
            return self._compare(query)
        if isinstance(query, Not):
            return _truth(~self._held(query.part))
        if isinstance(query, Either):
            found = self._marked(())
            for part in query.parts:
                found |= self._held(part)
            return found
        found = ~self._marked(())
        for part in query.parts:
            found &= self._held(part)
            if not found.any():
                break
        return found

    def _marked(self, places: Iterable[int]) -> Held:
        found = np.zeros(len(self.collection), np.bool_)
        found[list(places)] = True
        return found

    def _text(self, query: Text) -> Held:
        phrase = tokens(query.words)
        if query.where == "typed":
            return self._marked(self.collection.places(self._reader.typed(query.words)))
        found = self._marked(
            place
            for place, note in self.collection.notes.items()
            if query.where in ("", "note") and holds(tokens(note), phrase, prefix=not query.exact)
        )
        if query.where == "note":
            return found
        ids = self._file.find(phrase, prefix=not query.exact, columns=_COLUMNS[query.where])
        docs = self.collection.docs
        numbers = np.array(ids, np.int64)
        places = docs[numbers[numbers < len(docs)]]
        found[places[places >= 0]] = True
        return found

    def _match(self, query: Match) -> Held:
        collection, value = self.collection, query.value
        match query.field:
            case "is":
                return self._state(value)
            case "kind":
                number = KINDS.index(value)
                exercise = value == "exercise"
                kind = collection.kind
                return _truth(kind != _CARD if exercise else kind == number)
            case "flag":
                flag = collection.flag
                return _truth(flag > 0 if value == "*" else flag == FLAGS.index(value))
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
                fits = _named(value, inside=True)
                return np.array([fits(folded(name)) for name in collection.names], np.bool_)
        fits_topic = _topic(value) if query.field == "topic" else _pack(value)
        wanted = np.array([fits_topic(topic) for topic in collection.topics], np.bool_)
        return _truth(wanted[collection.topic])

    def _state(self, state: str) -> Held:
        collection = self.collection
        match state:
            case "suspended":
                return collection.suspended.copy()
            case "buried":
                return collection.buried.copy()
            case "new":
                return _truth(collection.phase == 0)
            case "learning":
                return _truth((collection.phase == 1) | (collection.phase == 3))
            case "review":
                return _truth(collection.phase == 2)
        asleep = collection.suspended | collection.buried
        return collection.seen & (collection.due_day <= collection.today) & ~asleep

    def _mistaken(self, value: str) -> Iterator[int]:
        if self._mistakes is None:
            self._mistakes = self._reader.mistakes()
        fits = _named(value, whole=True)
        for mistake, items in self._mistakes.items():
            if fits(folded(mistake)):
                yield from items

    def _compare(self, query: Compare) -> Held:
        collection = self.collection
        if query.field == "rated" and query.sign == ":":
            # `rated:7`: in the last seven days, today among them.
            days = collection.today - collection.last_day
            return collection.seen & (days < query.value)
        held = _SIGNS[query.sign](self._numbers(query.field), query.value)
        if query.field in ("level", "lapses", "reviews"):
            return held
        return collection.seen & held

    def _numbers(self, name: str) -> NDArray[np.int64] | NDArray[np.float64]:
        collection = self.collection
        match name:
            case "level":
                return collection.level
            case "lapses":
                return collection.lapses
            case "reviews":
                return collection.reviews
            case "due":
                return collection.due_day - collection.today
            case "rated":
                return collection.today - collection.last_day
            case "recall":
                return np.rint(collection.recall() * 100)
            case "stability":
                return collection.stability
        return collection.difficulty


def _truth(held: Any) -> Held:
    """What numpy's comparisons give, by its type."""
    return np.asarray(held, np.bool_)


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
