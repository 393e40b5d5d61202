"""What a topic builds on, and how well that is known.

Promise: prerequisites as the packs name them, each with what the home screen says of it. Must not
decide what is studied.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from content.pack import Text

if TYPE_CHECKING:
    from app.study.session import Study

WEAK = 0.7
"""Mastery below which a prerequisite may be why its followers slip."""


@dataclass(frozen=True, slots=True)
class Need:
    """A topic that another one builds on. `mastery`, `due` and `new` as on the home screen."""

    key: str
    """`pack:topic`."""
    title: Text
    mastery: float
    items: int
    due: int
    new: int


def needs_of(study: Study, name: str) -> tuple[Need, ...]:
    """The prerequisites of a topic (`pack:topic`) or of an item's topic, as its author lists
    them; those in no pack are left out."""
    pack, _, topic = name.partition("/")[0].partition(":")
    listed = [
        need if ":" in need else f"{pack}:{need}"
        for known in study.library.topics()
        if (known.pack, known.topic) == (pack, topic)
        for need in known.needs
    ]
    if not listed:
        return ()
    views = {
        f"{view.pack}:{view.topic}": view
        for chapter in study.overview().chapters
        for view in chapter.topics
    }
    return tuple(
        Need(key, view.title, view.mastery, view.items, view.due, view.new)
        for key in dict.fromkeys(listed)
        if (view := views.get(key)) is not None
    )


def weakest(needs: tuple[Need, ...]) -> Need | None:
    """The prerequisite known least, if it is known badly."""
    weak = [need for need in needs if need.items and need.mastery < WEAK]
    return min(weak, key=lambda need: need.mastery, default=None)
