"""All items in memory, column by column: what 100,000 of them are filtered and sorted from.

Promise: places are those of the order of teaching and stay while the packs do; after a change the
items it touched are read again and no others. Held beside the search file rather than joined with
it in SQL: a filter is then a few passes over bytes (milliseconds at 100,000 items), and the table
needs no query to scroll. Blocking to make; must not know screens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from app.browse.fields import KINDS
from app.progress.browsing import NEVER, ItemState, Reader, TopicName
from content.pack import in_language

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.progress.search import Listed

_KIND = {kind: number for number, kind in enumerate(KINDS)}
COLUMNS = ("taught", "question", "topic", "due", "recall", "lapses", "flag")
"""What can be sorted by."""

Recall = Callable[["NDArray[np.float64]", "NDArray[np.float64]"], "NDArray[np.float64]"]
"""From stabilities and days since the last review to the probabilities of recall."""


@dataclass(frozen=True, slots=True)
class Item:
    """A row as it is shown."""

    name: str
    title: str
    topic: TopicName
    kind: str
    level: int
    phase: int
    due: int | None
    """Days from today; below 0 it is overdue."""
    stability: float | None
    difficulty: float | None
    recall: float | None
    reviews: int
    lapses: int
    suspended: bool
    buried: bool
    flag: int
    note: str


@dataclass(slots=True)
class Collection:
    """The columns, each in the order of teaching."""

    today: int
    recall_of: Recall
    topics: list[TopicName]
    names: list[str]
    keys: list[int]
    topic: NDArray[np.int64]
    kind: NDArray[np.int64]
    level: NDArray[np.int64]
    phase: NDArray[np.int64]
    suspended: NDArray[np.bool_]
    buried: NDArray[np.bool_]
    flag: NDArray[np.int64]
    due_day: NDArray[np.int64]
    last_day: NDArray[np.int64]
    stability: NDArray[np.float64]
    difficulty: NDArray[np.float64]
    reviews: NDArray[np.int64]
    lapses: NDArray[np.int64]
    notes: dict[int, str]
    titles: dict[str, list[str]] = field(default_factory=dict)
    tags: dict[int, str] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    """Places of items that no pack has any more: they stand there, but nothing finds them."""
    docs: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    """For each number in the search file the place here, or -1."""
    version: int = 0
    """Counts changes: what was derived from an older one is derived anew."""
    _recall: tuple[int, NDArray[np.float64]] | None = None
    _place_of_key: dict[int, int] = field(default_factory=dict)
    _place_of_name: dict[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, reader: Reader, today: int, recall: Recall) -> Collection:
        """Everything progress knows; texts come with `name_all`."""
        topics, rows = reader.topics(), reader.columns()
        place = {topic.key: n for n, topic in enumerate(topics)}
        names = list(rows.name)
        return cls(
            today=today,
            recall_of=recall,
            topics=topics,
            names=names,
            keys=list(rows.key),
            topic=np.array([place[key] for key in rows.topic], np.int64),
            kind=np.array([_KIND.get(kind, 0) for kind in rows.kind], np.int64),
            level=np.array(rows.level, np.int64),
            phase=np.array(rows.phase, np.int64),
            suspended=np.array(rows.suspended, np.bool_),
            buried=np.array(rows.buried_until, np.int64) > today,
            flag=np.array(rows.flag, np.int64),
            due_day=np.array(rows.due_day, np.int64),
            last_day=np.array(rows.last_day, np.int64),
            stability=np.array(rows.stability, np.float64),
            difficulty=np.array(rows.difficulty, np.float64),
            reviews=np.array(rows.reviews, np.int64),
            lapses=np.array(rows.lapses, np.int64),
            notes={n: note for n, note in enumerate(rows.note) if note},
            titles=dict.fromkeys(("en", "zh"), names),
            _place_of_key={key: n for n, key in enumerate(rows.key)},
            _place_of_name={name: n for n, name in enumerate(names)},
        )

    def name_all(self, listing: Iterable[Listed]) -> None:
        """Take first lines and tags from the search file."""
        en, zh, tags = list(self.names), list(self.names), dict[int, str]()
        known = list(listing)
        docs = np.full(max((row.id for row in known), default=0) + 1, -1, np.int64)
        for number, name, english, chinese, labels in known:
            place = self._place_of_name.get(name, -1)
            docs[number] = place
            if place >= 0:
                en[place], zh[place] = english or name, chinese or name
                if labels:
                    tags[place] = labels
        self.titles, self.docs, self.tags = {"en": en, "zh": zh}, docs, tags
        self.version += 1

    def renew(self, reader: Reader, names: Iterable[str]) -> None:
        """Read those items again."""
        places = [self._place_of_name[name] for name in names]
        found = {state.key: state for state in reader.items([self.keys[n] for n in places])}
        for place in places:
            state = found.get(self.keys[place])
            if state is None or state.name != self.names[place]:
                self.gone.add(place)
            else:
                self._set(place, state)
        self.version += 1

    def miss(self, present: Set[str]) -> None:
        """Whatever is not among these names is gone."""
        self.gone = {place for place, name in enumerate(self.names) if name not in present}
        self.version += 1

    def __len__(self) -> int:
        return len(self.names)

    @property
    def count(self) -> int:
        """The items that can be found."""
        return len(self.names) - len(self.gone)

    def places(self, keys: Iterable[int]) -> list[int]:
        """Where the items with those keys of the progress file stand."""
        known = self._place_of_key
        return [known[key] for key in keys if key in known]

    def place(self, name: str) -> int | None:
        """Where that item stands."""
        return self._place_of_name.get(name)

    def item(self, place: int, language: str) -> Item:
        """The row at that place."""
        seen = bool(self.last_day[place] != NEVER)
        return Item(
            name=self.names[place],
            title=self.titles[language][place],
            topic=self.topics[self.topic[place]],
            kind=KINDS[self.kind[place]],
            level=int(self.level[place]),
            phase=int(self.phase[place]),
            due=int(self.due_day[place]) - self.today if seen else None,
            stability=float(self.stability[place]) if seen else None,
            difficulty=float(self.difficulty[place]) if seen else None,
            recall=float(self.recall()[place]) if seen else None,
            reviews=int(self.reviews[place]),
            lapses=int(self.lapses[place]),
            suspended=bool(self.suspended[place]),
            buried=bool(self.buried[place]),
            flag=int(self.flag[place]),
            note=self.notes.get(place, ""),
        )

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Which items were ever answered."""
        return np.asarray(self.last_day != NEVER, np.bool_)

    def recall(self) -> NDArray[np.float64]:
        """The probability of recalling each today; nothing sensible where it was never answered."""
        if self._recall is None or self._recall[0] != self.version:
            days = np.where(self.seen, np.maximum(self.today - self.last_day, 0), 0)
            stability = np.where(self.stability > 0, self.stability, 1.0)
            self._recall = (self.version, self.recall_of(stability, days.astype(np.float64)))
        return self._recall[1]

    def order(self, column: str, language: str) -> NDArray[np.int64]:
        """All places, sorted by that column; those without a value last."""
        if column == "question":
            titles = self.titles[language]
            return np.array(sorted(range(len(self)), key=titles.__getitem__), np.int64)
        return np.argsort(self._sorted_by(column, language), kind="stable")

    def _sorted_by(self, column: str, language: str) -> NDArray[np.int64] | NDArray[np.float64]:
        if column == "topic":
            titles = [in_language(topic.title, language) for topic in self.topics]
            ranks = np.zeros(len(titles), np.int64)
            ranks[sorted(range(len(titles)), key=titles.__getitem__)] = np.arange(len(titles))
            return ranks[self.topic]
        if column == "due":
            return np.where(self.seen, self.due_day, np.iinfo(np.int64).max)
        if column == "recall":
            return np.where(self.seen, self.recall(), 2.0)
        if column == "lapses":
            return -self.lapses
        if column == "flag":
            return np.where(self.flag > 0, self.flag, 99)
        return np.arange(len(self))

    def _set(self, n: int, state: ItemState) -> None:
        self.phase[n] = state.phase
        self.suspended[n] = bool(state.suspended)
        self.buried[n] = state.buried_until > self.today
        self.flag[n] = state.flag
        self.due_day[n], self.last_day[n] = state.due_day, state.last_day
        self.stability[n], self.difficulty[n] = state.stability, state.difficulty
        self.reviews[n], self.lapses[n] = state.reviews, state.lapses
        if state.note:
            self.notes[n] = state.note
        else:
            self.notes.pop(n, None)
