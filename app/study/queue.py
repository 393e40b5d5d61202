"""The order of a session: due reviews and new items, mixed so that neighbours differ.

Promise: pure and deterministic, the same candidates and seed give the same order; new items keep
the order of teaching; items of one topic do not follow each other while another topic is left.
Must not read the store or a clock.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_REACH = 40
"""How far ahead a neighbour of another topic is looked for."""


@dataclass(frozen=True, slots=True)
class Planned:
    """An item of the plan. `new` items keep their order among each other."""

    item: int
    name: str
    topic: int
    kind: str
    new: bool
    practice: bool = False
    """Not due, only repeated: it is not scheduled."""
    early: bool = False
    """A review before its time."""


def plan(due: Iterable[Planned], fresh: Sequence[Planned], seed: str) -> list[Planned]:
    """A session's order, learning steps apart."""
    return apart(_merged(_spread(due, random.Random(seed)), fresh))  # noqa: S311


def apart(items: Sequence[Planned]) -> list[Planned]:
    """The same items, none after one of its own topic where that can be helped."""
    left, ordered = list(items), list[Planned]()
    while left:
        ordered.append(left.pop(_differing(left, ordered[-1].topic if ordered else None)))
    return ordered


def _differing(left: Sequence[Planned], topic: int | None) -> int:
    """Index of the first item of another topic that may come now, else 0."""
    passed_new = False
    for index, item in enumerate(left[:_REACH]):
        if item.topic != topic and not (item.new and passed_new):
            return index
        passed_new = passed_new or item.new
    return 0


def _spread(items: Iterable[Planned], chance: random.Random) -> list[Planned]:
    """Each topic's items evenly over the whole, cards and exercises of a topic in turn."""
    topics: dict[int, dict[bool, list[Planned]]] = {}
    for item in sorted(items, key=lambda planned: planned.item):
        kinds = topics.setdefault(item.topic, {True: [], False: []})
        kinds[item.kind == "card"].append(item)
    placed: list[tuple[float, int, Planned]] = []
    for topic, kinds in sorted(topics.items()):
        for group in kinds.values():
            chance.shuffle(group)
        mixed = _merged(kinds[True], kinds[False])
        offset = chance.random()
        placed += [((n + offset) / len(mixed), topic, item) for n, item in enumerate(mixed)]
    return [item for *_, item in sorted(placed, key=lambda place: place[:2])]


def _merged(first: Sequence[Planned], second: Sequence[Planned]) -> list[Planned]:
    """Both sequences, each in its order, evenly mixed."""
    placed = [((n + 0.5) / len(first), 0, item) for n, item in enumerate(first)]
    placed += [((n + 0.5) / len(second), 1, item) for n, item in enumerate(second)]
    return [item for *_, item in sorted(placed, key=lambda place: place[:2])]
