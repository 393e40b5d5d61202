"""What a round is to be: how many questions, of what, how long, in which style.

Promise: plain data that survives JSON; `eligible` is a function of the packs and the set-up
alone. Must not pick questions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from app.drill.styles import Style
from app.topic_words import belongs
from content.compiled import ItemIndex, PackLibrary
from content.manifest import Drill
from content.pack import Text

CARD = "card"


@dataclass(frozen=True, slots=True)
class Setup:
    """One round's set-up. Empty tuples leave open what they would narrow."""

    questions: int = 15
    minutes: int = 20
    topics: tuple[str, ...] = ()
    """Packs, chapters, topics or beginnings of topics: `cnn`, `numerics`, `loss.mse`."""
    kinds: tuple[str, ...] = ()
    """Answer kinds; without any, every kind but cards."""
    tags: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()
    style: Style = Style.SCREENING
    seed: int | None = None
    """Fixes questions and draws for everyone; None adapts to the answers."""
    packs: tuple[str, ...] = ()
    drill: str = ""
    """The ready-made round it comes from, `pack:id`."""
    items: tuple[str, ...] = ()
    """Exactly these items, by full name, and no follow-ups: to repeat what was missed."""

    def to_json(self) -> str:
        """As `from_json` reads it."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Setup:
        """What `to_json` wrote. Raises ValueError."""
        try:
            stored: dict[str, Any] = json.loads(text)
            lists = {name: tuple(stored.pop(name, ())) for name in _LISTS}
            return cls(**{**stored, **lists, "style": Style(stored["style"])})
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(text) from error


_LISTS = ("topics", "kinds", "tags", "levels", "packs", "items")


@dataclass(frozen=True, slots=True)
class ReadyMade:
    """A round that a pack offers."""

    name: str
    """`pack:id`."""
    title: Text
    setup: Setup


def eligible(library: PackLibrary, setup: Setup) -> tuple[ItemIndex, ...]:
    """Every item the round may ask, in teaching order."""
    return tuple(entry for entry in library.scan() if _fits(library, setup, entry))


def matches(entry: ItemIndex, word: str) -> bool:
    """Whether an item belongs to the pack, chapter, topic or beginning of topics so called."""
    return belongs(entry.pack, entry.chapter, entry.topic, word)


def ready_made(library: PackLibrary) -> tuple[ReadyMade, ...]:
    """The rounds of all packs, those for which there are too few items left out."""
    rounds = [
        ReadyMade(f"{manifest.id}:{drill.id}", drill.title, _setup(manifest.id, drill))
        for manifest in library.manifests()
        for drill in manifest.drills
    ]
    if not rounds:
        return ()
    entries = tuple(library.scan())
    return tuple(
        ready
        for ready in rounds
        if sum(_fits(library, ready.setup, entry) for entry in entries) >= ready.setup.questions
    )


def title_of(library: PackLibrary, setup: Setup) -> Text:
    """The title of the ready-made round that a set-up comes from; empty where there is none."""
    pack, _, id_ = setup.drill.partition(":")
    for manifest in library.manifests():
        for drill in manifest.drills:
            if (manifest.id, drill.id) == (pack, id_):
                return drill.title
    return ""


def _setup(pack: str, drill: Drill) -> Setup:
    mix = drill.mix
    return Setup(
        questions=mix.questions,
        minutes=drill.minutes,
        topics=mix.topics,
        kinds=mix.kinds,
        tags=mix.tags,
        levels=tuple(sorted(mix.levels)),
        style=Style(drill.style),
        packs=(pack,),
        drill=f"{pack}:{drill.id}",
    )


def _fits(library: PackLibrary, setup: Setup, entry: ItemIndex) -> bool:
    if setup.items:
        return entry.name in setup.items
    if entry.kind not in setup.kinds if setup.kinds else entry.kind == CARD:
        return False
    if setup.packs and entry.pack not in setup.packs:
        return False
    if setup.levels and entry.level not in setup.levels:
        return False
    if setup.topics and not any(matches(entry, word) for word in setup.topics):
        return False
    return not setup.tags or bool(set(setup.tags) & set(library.item(entry.name)[1].tags))


def by_name(library: PackLibrary) -> Mapping[str, ItemIndex]:
    """Every item of the packs by its full name."""
    return {entry.name: entry for entry in library.scan()}
