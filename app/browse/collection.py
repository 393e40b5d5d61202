"""All items in memory, column by column: what 100,000 of them are filtered and sorted from.

Promise: places are those of the order of teaching and stay while the packs do; after a change the
items it touched are read again and no others. Held beside the search file rather than joined with
it in SQL: a filter is then a few passes over bytes (milliseconds at 100,000 items), and the table
needs no query to scroll. Blocking to make; must not know screens.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.browse.fields import KINDS
from app.progress.browsing import ItemState, Reader, TopicName
from content.pack import in_language

if TYPE_CHECKING:
    from app.progress.search import Listed

NEVER = -(10**9)
"""In a column of days, where there is none."""
_KIND = {kind: number for number, kind in enumerate(KINDS)}
COLUMNS = ("taught", "question", "topic", "due", "recall", "lapses", "flag")
"""What can be sorted by."""

Recall = Callable[[float, float], float]
"""From stability and days since the last review to the probability of recall."""


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
    """The columns. `state` and `flag` hold one byte an item."""

    today: int
    recall_of: Recall
    topics: list[TopicName]
    keys: array[int] = field(default_factory=lambda: array("q"))
    names: list[str] = field(default_factory=list)
    topic: array[int] = field(default_factory=lambda: array("l"))
    kind: bytearray = field(default_factory=bytearray)
    level: bytearray = field(default_factory=bytearray)
    phase: bytearray = field(default_factory=bytearray)
    suspended: bytearray = field(default_factory=bytearray)
    buried: bytearray = field(default_factory=bytearray)
    flag: bytearray = field(default_factory=bytearray)
    due_day: array[int] = field(default_factory=lambda: array("q"))
    last_day: array[int] = field(default_factory=lambda: array("q"))
    stability: array[float] = field(default_factory=lambda: array("d"))
    difficulty: array[float] = field(default_factory=lambda: array("d"))
    reviews: array[int] = field(default_factory=lambda: array("l"))
    lapses: array[int] = field(default_factory=lambda: array("l"))
    notes: dict[int, str] = field(default_factory=dict)
    titles: dict[str, list[str]] = field(default_factory=dict)
    tags: dict[int, str] = field(default_factory=dict)
    docs: list[int] = field(default_factory=list)
    """For each number in the search file the place here, or -1."""
    version: int = 0
    """Counts changes: what was derived from an older one is derived anew."""
    _place_of_key: dict[int, int] = field(default_factory=dict)
    _place_of_name: dict[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, reader: Reader, today: int, recall: Recall) -> Collection:
        """Everything progress knows; texts come with `name_all`."""
        found = cls(today, recall, reader.topics())
        place = {topic.key: n for n, topic in enumerate(found.topics)}
        for n, state in enumerate(reader.items()):
            found.keys.append(state.key)
            found.names.append(state.name)
            found.topic.append(place[state.topic])
            found.kind.append(_KIND.get(state.kind, 0))
            found.level.append(max(0, min(255, state.level)))
            for column in (found.phase, found.suspended, found.buried, found.flag):
                column.append(0)
            for days in (found.due_day, found.last_day, found.reviews, found.lapses):
                days.append(NEVER)
            for real in (found.stability, found.difficulty):
                real.append(0.0)
            found._set(n, state)
        found._place_of_key = {key: n for n, key in enumerate(found.keys)}
        found._place_of_name = {name: n for n, name in enumerate(found.names)}
        found.titles = {language: list(found.names) for language in ("en", "zh")}
        return found

    def name_all(self, listing: Iterable[Listed]) -> None:
        """Take first lines and tags from the search file."""
        en, zh = list(self.names), list(self.names)
        docs, tags = [-1], dict[int, str]()
        places = self._place_of_name
        for number, name, english, chinese, labels in listing:
            place = places.get(name, -1)
            while len(docs) <= number:
                docs.append(-1)
            docs[number] = place
            if place >= 0:
                en[place], zh[place] = english or name, chinese or name
                if labels:
                    tags[place] = labels
        self.titles, self.docs, self.tags = {"en": en, "zh": zh}, docs, tags
        self.version += 1

    def renew(self, reader: Reader, names: Iterable[str]) -> None:
        """Read those items again."""
        keys = [self.keys[self._place_of_name[name]] for name in names]
        for state in reader.items(keys):
            self._set(self._place_of_key[state.key], state)
        self.version += 1

    def __len__(self) -> int:
        return len(self.names)

    def places(self, keys: Iterable[int]) -> list[int]:
        """Where the items with those keys of the progress file stand."""
        known = self._place_of_key
        return [known[key] for key in keys if key in known]

    def place(self, name: str) -> int | None:
        """Where that item stands."""
        return self._place_of_name.get(name)

    def item(self, place: int, language: str) -> Item:
        """The row at that place."""
        seen = self.last_day[place] != NEVER
        buried = bool(self.buried[place])
        return Item(
            name=self.names[place],
            title=self.titles[language][place],
            topic=self.topics[self.topic[place]],
            kind=KINDS[self.kind[place]],
            level=self.level[place],
            phase=self.phase[place],
            due=self.due_day[place] - self.today if seen else None,
            stability=self.stability[place] if seen else None,
            difficulty=self.difficulty[place] if seen else None,
            recall=self.recall(place),
            reviews=max(0, self.reviews[place]),
            lapses=max(0, self.lapses[place]),
            suspended=bool(self.suspended[place]),
            buried=buried,
            flag=self.flag[place],
            note=self.notes.get(place, ""),
        )

    def recall(self, place: int) -> float | None:
        """The probability of recalling it today; None if it was never answered."""
        last = self.last_day[place]
        if last == NEVER:
            return None
        return self.recall_of(self.stability[place], max(0, self.today - last))

    def order(self, column: str, language: str) -> Sequence[int]:
        """All places, sorted by that column; those without a value last."""
        if column == "taught":
            return range(len(self))
        if column == "question":
            return sorted(range(len(self)), key=self.titles[language].__getitem__)
        if column == "topic":
            titles = [in_language(topic.title, language) for topic in self.topics]
            rank = {n: r for r, n in enumerate(sorted(range(len(titles)), key=titles.__getitem__))}
            return sorted(range(len(self)), key=lambda place: rank[self.topic[place]])
        if column == "due":
            last = max(self.due_day, default=0) + 1
            return sorted(
                range(len(self)), key=[last if d == NEVER else d for d in self.due_day].__getitem__
            )
        if column == "recall":
            found = [self.recall(place) for place in range(len(self))]
            known = [2.0 if value is None else value for value in found]
            return sorted(range(len(self)), key=known.__getitem__)
        counts = self.lapses if column == "lapses" else [f or 9 for f in self.flag]
        turned = [-count for count in counts] if column == "lapses" else counts
        return sorted(range(len(self)), key=turned.__getitem__)

    def _set(self, n: int, state: ItemState) -> None:
        self.phase[n] = state.phase
        self.suspended[n] = bool(state.suspended)
        self.buried[n] = state.buried_until > self.today
        self.flag[n] = max(0, min(255, state.flag))
        self.due_day[n] = NEVER if state.due_day is None else state.due_day
        self.last_day[n] = NEVER if state.last_day is None else state.last_day
        self.stability[n] = state.stability or 0.0
        self.difficulty[n] = state.difficulty or 0.0
        self.reviews[n] = state.reviews
        self.lapses[n] = state.lapses
        if state.note:
            self.notes[n] = state.note
        else:
            self.notes.pop(n, None)
