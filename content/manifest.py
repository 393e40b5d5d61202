"""The typed model of pack.yaml and of a whole pack: plain frozen dataclasses.

Promise: as `content.pack`, whose topics a pack holds: importing this costs nothing, and field
docstrings are the descriptions in the published JSON Schema. Must not hold behaviour beyond small
look-ups.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from content.pack import STRICT, Item, Languages, Text, Topic


@dataclass(frozen=True, slots=True)
class MistakeTitle:
    """A mistake as the whole pack knows it."""

    __pydantic_config__ = STRICT
    title: Text
    """Short name shown in lists: "bias forgotten"."""
    topic: str | None = None
    """The topic that mends it."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A group of topics on the home screen, in teaching order."""

    __pydantic_config__ = STRICT
    id: str
    """Stable id."""
    title: Text
    """What the learner reads."""
    topics: tuple[str, ...]
    """Topic ids in teaching order."""


@dataclass(frozen=True, slots=True)
class Mix:
    """What a ready-made drill draws from."""

    __pydantic_config__ = STRICT
    topics: tuple[str, ...] = ()
    """Topic ids or prefixes, or chapter ids."""
    tags: tuple[str, ...] = ()
    """Tags."""
    kinds: tuple[str, ...] = ()
    """Answer kinds."""
    levels: tuple[int, ...] = ()
    """Levels."""
    questions: int = 10
    """How many."""


@dataclass(frozen=True, slots=True)
class Drill:
    """A ready-made timed round."""

    __pydantic_config__ = STRICT
    id: str
    """Stable id."""
    title: Text
    """What the learner reads."""
    mix: Mix
    """What it draws from."""
    minutes: int = 20
    """Length."""
    style: Literal["screening", "whiteboard", "rapid", "mock"] = "screening"
    """How it is run."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """pack.yaml."""

    __pydantic_config__ = STRICT
    id: str
    """Stable id, lower case: `foundations`."""
    version: str
    """Version of the content, `1.2.0`."""
    title: Text
    """What the learner reads."""
    languages: Languages
    """Languages every text is written in."""
    authors: tuple[str, ...] = ()
    """Who wrote it."""
    licence: str = ""
    """Licence of the content."""
    after: tuple[str, ...] = ()
    """Packs to be learned first: where they are installed, this one follows them."""
    chapters: tuple[Chapter, ...] = ()
    """Groups of topics; topics not listed follow in a group of the pack's own title."""
    mistakes: dict[str, MistakeTitle] = field(default_factory=dict)
    """Every mistake id used in the pack."""
    drills: tuple[Drill, ...] = ()
    """Ready-made rounds."""
    syllabus: tuple[str, ...] = ()
    """Every topic the pack is to have one day; `pack coverage` tells which are not written."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A whole pack in memory."""

    manifest: Manifest
    topics: tuple[Topic, ...]

    def find(self, topic: str, item: str) -> Item | None:
        """The item `topic/item`, or None."""
        for candidate in self.topics:
            if candidate.topic == topic:
                return next((i for i in candidate.items() if i.id == item), None)
        return None
