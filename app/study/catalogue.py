"""Bringing the catalogue in the store up to date with the packs, in teaching order.

Promise: nothing is done while the packs are what they were. The order of teaching: a topic's
prerequisites before it, topics as their pack lists them, two topics taken in turn wherever both
are open, and within a topic cards and exercises mixed, each in the author's order. Must not
measure anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import cycle

from app.progress.items import CatalogueItem, CatalogueTopic
from app.progress.store import Store
from content.compiled import ItemIndex, PackLibrary, TopicIndex
from content.prepare import STUDIED_KINDS

_ORDER = "2"
"""Version of the order of teaching: another one mirrors the packs anew."""
_OPEN_TOPICS = 2
"""Topics taken in turn: enough for variety, few enough to hold in mind."""

TopicName = tuple[str, str]


def catalogue_key(library: PackLibrary) -> str:
    """What the catalogue depends on: the packs and the order of teaching."""
    return f"{_ORDER}:{library.key()}"


def synchronise(store: Store, library: PackLibrary) -> tuple[int, ...]:
    """Mirror the packs if they changed; call inside a transaction.

    Returns the keys of items whose memories must be replayed, because a rename joined reviews.
    """
    key = catalogue_key(library)
    if store.items.packs() == key:
        return ()
    topics = library.topics()
    items = taught([item for item in library.scan() if item.kind in STUDIED_KINDS], topics)
    return store.items.mirror(
        key,
        _topics(library, topics),
        [
            CatalogueItem(
                name=item.name,
                pack=item.pack,
                topic=item.topic,
                kind=item.kind,
                level=item.level,
                rank=rank,
                content_hash=item.content_hash,
                formerly=item.formerly,
            )
            for rank, item in enumerate(items)
        ],
    )


def taught(items: Iterable[ItemIndex], topics: Sequence[TopicIndex]) -> Iterator[ItemIndex]:
    """All items in the order of teaching."""
    waiting: dict[TopicName, list[ItemIndex]] = {(t.pack, t.topic): [] for t in topics}
    for item in items:
        waiting[item.pack, item.topic].append(item)
    needs = {
        (t.pack, t.topic): {n for n in _names(t) if n in waiting and n != (t.pack, t.topic)}
        for t in topics
    }
    left = {topic: iter(mixed(found)) for topic, found in waiting.items()}
    opened: list[TopicName] = []
    while left:
        opened = [topic for topic in opened if topic in left]
        ready = [t for t in left if t not in opened and not needs[t] & left.keys()]
        # Prerequisites that go round in a circle: the first topic listed breaks it.
        opened += ready[: _OPEN_TOPICS - len(opened)] or ([] if opened else [next(iter(left))])
        for topic in cycle(opened):
            following = next(left[topic], None)
            if following is None:
                del left[topic]
                break
            yield following


def mixed(items: Sequence[ItemIndex]) -> list[ItemIndex]:
    """Cards and exercises of a topic evenly mixed, a card first."""
    cards = [item for item in items if item.kind == "card"]
    exercises = [item for item in items if item.kind != "card"]
    placed = [(n / len(cards), 0, card) for n, card in enumerate(cards)]
    placed += [((n + 0.5) / len(exercises), 1, exercise) for n, exercise in enumerate(exercises)]
    return [item for *_, item in sorted(placed, key=lambda place: place[:2])]


def _names(topic: TopicIndex) -> Iterator[TopicName]:
    for need in topic.needs:
        pack, colon, name = need.partition(":")
        yield (pack, name) if colon else (topic.pack, need)


def _topics(library: PackLibrary, topics: Iterable[TopicIndex]) -> Iterator[CatalogueTopic]:
    titles = {
        (pack.id, chapter.id): chapter.title
        for pack in library.manifests()
        for chapter in pack.chapters
    }
    packs = {pack.id: pack.title for pack in library.manifests()}
    for position, topic in enumerate(topics):
        chapter_title = titles.get((topic.pack, topic.chapter), packs[topic.pack])
        yield CatalogueTopic(
            pack=topic.pack,
            pack_title=json.dumps(packs[topic.pack], ensure_ascii=False),
            name=topic.topic,
            title=json.dumps(topic.title, ensure_ascii=False),
            # A chapter's id is unique in its pack only.
            chapter=f"{topic.pack}:{topic.chapter}",
            chapter_title=json.dumps(chapter_title, ensure_ascii=False),
            position=position,
        )
