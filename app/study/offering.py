"""What there is to choose from, and what a choice would bring today.

Promise: counts are what a session begun now would bring, within the day's limits unless the choice
lifts them. Read-only. Must not order items.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.progress import counts
from app.study.choice import Choice
from app.study.selecting import Everything, tags_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.progress.memories import Candidate
    from app.study.session import Study
    from app.study.views import Overview
    from content.pack import Text

_CARD, _EXERCISE = 20.0, 60.0
_KINDS = (
    "card", "number", "shape", "choice", "several", "term", "self", "formula", "layer", "tensor",
    "program",
)  # fmt: skip
"""In the order in which they are offered."""
_SOON = 20 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Offered:
    """Everything that can be chosen. Topics are `pack:topic`."""

    overview: Overview
    needs: Mapping[str, tuple[str, ...]]
    """Prerequisites of each topic, those that are in no pack left out."""
    packs: Mapping[str, Text]
    tags: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Brought:
    """What a choice brings. `over` tells how many answers the choice allows less than that."""

    due: int
    early: int
    practice: int
    new: int
    minutes: int
    new_waiting: int
    """New items that today's limit keeps back."""
    due_waiting: int
    day_off: bool = False

    @property
    def items(self) -> int:
        """All of it."""
        return self.due + self.early + self.practice + self.new


def offered(study: Study) -> Offered:
    """What there is to choose from."""
    library = study.library
    topics = library.topics()
    known = {f"{topic.pack}:{topic.topic}" for topic in topics}
    needs = {}
    for topic in topics:
        names = (n if ":" in n else f"{topic.pack}:{n}" for n in topic.needs)
        needs[f"{topic.pack}:{topic.topic}"] = tuple(name for name in names if name in known)
    found = {entry.kind for entry in library.scan()}
    return Offered(
        overview=study.overview(),
        needs=needs,
        packs={manifest.id: manifest.title for manifest in library.manifests()},
        tags=tuple(tags_of(library)),
        kinds=tuple(kind for kind in _KINDS if kind in found),
    )


def brought(study: Study, choice: Choice) -> Brought:
    """What that choice brings now. Raises `UnknownWord`."""
    store, day = study.store, study.clock.today()
    source = study.selection(choice) if choice.narrows else Everything(store, study.limits)
    with store.reading():
        today = study.limits.today(store, day)
        due, new = source.due(day, None), source.fresh(None, today.first)
        until = counts_until(study)
        steps, early, practice = source.steps(until, None), source.early(day), source.practice(day)
        reviews_left = None if choice.unlimited else today.reviews_left
        new_left = None if choice.unlimited else today.new_left
        comes = [due[:reviews_left], steps, early, practice, new[:new_left]]
        seconds = _seconds(study, [item for part in comes for item in part])
        pace = counts.pace(store.execute)
    minutes = round(seconds * pace / 60)
    return Brought(
        due=len(comes[0]) + len(steps),
        early=len(early),
        practice=len(practice),
        new=len(comes[4]),
        minutes=max(1, minutes) if any(comes) else 0,
        new_waiting=len(new) - len(comes[4]),
        due_waiting=len(due) - len(comes[0]),
        day_off=not study.limits.calendar.share(day),
    )


def counts_until(study: Study) -> int:
    """The moment until which a step belongs to a session begun now."""
    from app.study.clock import milliseconds

    return milliseconds(study.clock.now()) + _SOON


def _seconds(study: Study, found: Sequence[Candidate]) -> float:
    known = study.store.items.known([candidate.item for candidate in found])
    cards = sum(item.kind == "card" for item in known.values())
    return cards * _CARD + (len(known) - cards) * _EXERCISE
