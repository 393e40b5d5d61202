"""Three things to do after a round.

Promise: a function of the packs and the results alone; the first studies the topic that cost
most (the one that mends a named mistake, where the pack names one), the second repeats what was
missed with new numbers, the third is a card to read. After a faultless round they lead on: the
topic that comes next, the hardest questions, a card.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from app.drill.answers import LANGUAGES
from app.drill.setup import CARD
from app.drill.views import Advice, Result
from content.compiled import ItemIndex, PackLibrary, TopicIndex
from content.pack import Card, Text, in_language, split_item_name, texts_by_language
from content.text import TextError, figures_in, plain, render

_COUNTED = frozenset({"right", "close", "mistake", "wrong", "left", "time"})
_REPEATED = 5
"""Questions repeated at most."""


def advice(library: PackLibrary, results: Sequence[Result]) -> tuple[Advice, ...]:
    """What to do next, most useful first; empty where nothing counted."""
    counted = [one for one in results if one.outcome in _COUNTED]
    if not counted:
        return ()
    topics = {f"{one.pack}:{one.topic}": one for one in library.topics()}
    items: dict[str, list[ItemIndex]] = defaultdict(list)
    for entry in library.scan():
        items[f"{entry.pack}:{entry.topic}"].append(entry)
    missed = [one for one in counted if one.outcome != "right"]
    ranked = _ranked(library, missed, topics) or _onward(counted, topics)
    found = [
        *_study(ranked, topics, items),
        *_repeat(missed or _hardest(counted), items),
        *_read(library, ranked, items, {one.name for one in counted}),
    ]
    return tuple(found)


def _ranked(
    library: PackLibrary, missed: Sequence[Result], topics: Mapping[str, TopicIndex]
) -> list[str]:
    """Topics by what they cost, the dearest first; among equals the one taught first."""
    manifests = {manifest.id: manifest for manifest in library.manifests()}
    cost: dict[str, float] = defaultdict(float)
    for one in missed:
        pack = split_item_name(one.name)[0]
        topic = one.topic
        known = manifests[pack].mistakes.get(one.mistake or "") if pack in manifests else None
        if known is not None and known.topic is not None:
            topic = known.topic if ":" in known.topic else f"{pack}:{known.topic}"
        cost[topic if topic in topics else one.topic] += 1.0 - one.credit
    places = {topic: n for n, topic in enumerate(topics)}
    present = [topic for topic in cost if topic in topics]
    return sorted(present, key=lambda topic: (-round(cost[topic], 6), places[topic]))


def _onward(counted: Sequence[Result], topics: Mapping[str, TopicIndex]) -> list[str]:
    """Topics that build on those of the round, then these themselves."""
    asked = dict.fromkeys(one.topic for one in counted if one.topic in topics)
    built = [
        name
        for name, topic in topics.items()
        if name not in asked
        and any((need if ":" in need else f"{topic.pack}:{need}") in asked for need in topic.needs)
    ]
    return [*built, *asked]


def _hardest(counted: Sequence[Result]) -> list[Result]:
    """The upper third by level; not by time, so that the same answers give the same advice."""
    ordered = sorted(counted, key=lambda one: (-one.level, one.number))
    return sorted(ordered[: (len(ordered) + 2) // 3], key=lambda one: one.number)


def _study(
    ranked: Sequence[str],
    topics: Mapping[str, TopicIndex],
    items: Mapping[str, Sequence[ItemIndex]],
) -> Iterator[Advice]:
    for topic in ranked[:1]:
        own = items.get(topic, ())
        cards = sum(entry.kind == CARD for entry in own)
        yield Advice(
            kind="study_topic",
            target=topic,
            title=topics[topic].title,
            count=len(own),
            minutes=_minutes(entry.seconds for entry in own),
            cards=cards,
            exercises=len(own) - cards,
        )


def _repeat(
    results: Sequence[Result], items: Mapping[str, Sequence[ItemIndex]]
) -> Iterator[Advice]:
    known = {entry.name: entry for own in items.values() for entry in own}
    names = list(dict.fromkeys(one.name for one in results if one.name in known))[:_REPEATED]
    if names:
        yield Advice(
            kind="repeat",
            target=names[0],
            title="",
            count=len(names),
            minutes=_minutes(known[name].seconds for name in names),
            items=tuple(names),
        )


def _read(
    library: PackLibrary,
    ranked: Sequence[str],
    items: Mapping[str, Sequence[ItemIndex]],
    asked: set[str],
) -> Iterator[Advice]:
    """A card of the second dearest topic, so that it adds to the first advice, else of any."""
    for topic in (*ranked[1:], *ranked[:1]):
        for entry in items.get(topic, ()):
            if entry.kind != CARD or entry.name in asked:
                continue
            _, card = library.item(entry.name)
            title = _front(card) if isinstance(card, Card) else None
            if title is not None:
                yield Advice(
                    kind="read",
                    target=entry.name,
                    title=title,
                    count=1,
                    minutes=_minutes([entry.seconds]),
                    cards=1,
                )
                return


def _front(card: Card) -> Text | None:
    """A card's question in one line; None where it holds figures or more than a line."""
    try:
        if any(any(figures_in(form)) for form in texts_by_language(card.front).values()):
            return None
        fronts = {
            language: plain(render(in_language(card.front, language), {}, language), language)
            for language in LANGUAGES
        }
    except TextError:
        return None
    if any("\n" in front.strip() for front in fronts.values()):
        return None
    return {language: front.strip() for language, front in fronts.items()}


def _minutes(seconds: Sequence[int] | Iterator[int]) -> int:
    return max(1, math.ceil(sum(seconds) / 60))
