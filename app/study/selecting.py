"""Candidates of a session: everything, or what a choice brings.

Promise: what is due comes as a review, what is new as new, what is brought ahead of time as a
review under its true elapsed days; what a choice repeats though it is not due is practice. A word
that no pack knows is an `UnknownWord`, never an empty session. Must not order or measure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from app.progress.chosen import Scope
from app.progress.memories import Candidate
from app.progress.store import Store
from app.study.choice import Choice
from app.topic_words import belongs

if TYPE_CHECKING:
    from app.progress.items import KnownTopic
    from app.study.limits import DailyLimits
    from content.compiled import PackLibrary

WEAK_DAYS = 30
"""How far back a second wrong answer makes a weak spot."""


class UnknownWord(KeyError):  # noqa: N818  (a KeyError: no pack has it)
    """A choice names what no pack has: `what` is topic, pack, tag, kind or item."""

    def __init__(self, what: str, word: str, known: Iterable[str] = ()) -> None:
        super().__init__(word)
        self.what, self.word, self.known = what, word, tuple(known)


class Everything:
    """What is due and new, of all packs, as the calendar and the goal order it."""

    def __init__(self, store: Store, limits: DailyLimits) -> None:
        self._store = store
        self._limits = limits

    def due(self, day: int, most: int | None, *, riskiest: bool = False) -> list[Candidate]:
        """Due reviews."""
        if riskiest:
            return self._store.chosen.due(day, most, None, riskiest=True)
        return self._store.memories.due(day, most)

    def steps(self, until: int, most: int | None) -> list[Candidate]:
        """Learning steps."""
        return self._store.memories.steps(until, most)

    def fresh(self, most: int | None, first: Sequence[int] = ()) -> list[Candidate]:
        """New items, those of the topics `first` before the others."""
        if not first:
            return self._store.memories.fresh(most)
        wanted = self._store.chosen.fresh(most, Scope(frozenset(first)))
        if most is not None and len(wanted) >= most:
            return wanted
        known = {found.item for found in wanted}
        others = self._store.memories.fresh(None if most is None else most + len(known))
        return [*wanted, *(found for found in others if found.item not in known)][:most]

    def early(self, day: int) -> list[Candidate]:
        """Reviews that come before days off."""
        calendar = self._limits.calendar
        off = calendar.before_days_off(day) if calendar.share(day) else None
        return [] if off is None else self._store.chosen.before(day, *off)

    def practice(self, day: int) -> list[Candidate]:  # noqa: ARG002
        """Items only repeated: none."""
        return []


class Selection:
    """What a choice brings. Its items are found when first asked for and stay the same, so that
    what goes wrong in a session does not make the session longer."""

    def __init__(self, store: Store, library: PackLibrary, choice: Choice, day: int) -> None:
        """Raises `UnknownWord`."""
        self._store = store
        self.choice = choice
        with store.reading():
            self.scope = resolved(store, library, choice)
            if choice.weak:
                self.scope = self.scope.within(store.chosen.weak(day - WEAK_DAYS + 1))
            if choice.mistaken_since is not None:
                self.scope = self.scope.within(
                    store.chosen.mistaken(day - choice.mistaken_since + 1)
                )

    def due(self, day: int, most: int | None, *, riskiest: bool = False) -> list[Candidate]:
        """Due reviews."""
        return self._store.chosen.due(day, most, self.scope, riskiest=riskiest)

    def steps(self, until: int, most: int | None) -> list[Candidate]:
        """Learning steps."""
        return self._store.chosen.steps(until, most, self.scope)

    def fresh(self, most: int | None, first: Sequence[int] = ()) -> list[Candidate]:  # noqa: ARG002
        """New items."""
        return self._store.chosen.fresh(most, self.scope)

    def early(self, day: int) -> list[Candidate]:
        """Reviews ahead of time."""
        if not self.choice.ahead_days:
            return []
        return self._store.chosen.early(day, day + self.choice.ahead_days, self.scope)

    def practice(self, day: int) -> list[Candidate]:
        """Learned items that the choice asks for though they do not come as reviews."""
        if not self.choice.repeats or self.scope.items is None:
            return []
        comes = {found.item for found in (*self.due(day, None), *self.early(day))}
        resting = self._store.chosen.resting(self.scope.items - comes)
        return [found for found in resting if found.topic in self.scope.topics]


def resolved(store: Store, library: PackLibrary, choice: Choice) -> Scope:
    """The topics and items that a choice's words stand for. Raises `UnknownWord`."""
    topics = store.items.topics()
    found = [topic for topic in topics if _fits(topic, choice)]
    for word in sorted(choice.topics):
        if not any(_named(topic, word) for topic in topics):
            raise UnknownWord("topic", word)
    packs = {topic.pack for topic in topics}
    for word in sorted(choice.packs - packs):
        raise UnknownWord("pack", word, sorted(packs))
    scope = Scope(frozenset(topic.key for topic in found))
    if choice.kinds or choice.levels:
        scope = scope.within(store.chosen.items(scope.topics, choice.kinds, choice.levels))
    if choice.tags:
        scope = scope.within(store.chosen.named(_tagged(library, found, choice)))
    if choice.names is not None:
        scope = scope.within(store.chosen.named(choice.names))
    return scope


def tags_of(library: PackLibrary) -> dict[str, int]:
    """Every tag of the packs and how many items carry it."""
    tags: dict[str, int] = {}
    for entry in library.topics():
        for item in library.topic(entry.pack, entry.topic).items():
            for tag in item.tags:
                tags[tag] = tags.get(tag, 0) + 1
    return dict(sorted(tags.items()))


def _fits(topic: KnownTopic, choice: Choice) -> bool:
    if choice.packs and topic.pack not in choice.packs:
        return False
    return not choice.topics or any(_named(topic, word) for word in choice.topics)


def _named(topic: KnownTopic, word: str) -> bool:
    return belongs(topic.pack, topic.chapter.partition(":")[2], topic.name, word)


def _tagged(library: PackLibrary, topics: Iterable[KnownTopic], choice: Choice) -> list[str]:
    names, known = list[str](), set[str]()
    for topic in topics:
        for item in library.topic(topic.pack, topic.name).items():
            known |= set(item.tags)
            if choice.tags & set(item.tags):
                names.append(f"{topic.pack}:{topic.name}/{item.id}")
    for word in sorted(choice.tags - known):
        if word not in tags_of(library):
            raise UnknownWord("tag", word, tags_of(library))
    return names
