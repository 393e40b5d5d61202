"""A session opened from an item: its drawn names as sliders, its bindings and its measure.

Promise: under the item's own draw the session measures what the item measured, random numbers
included. Must not measure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.lab.session import Entry, LabSession
from app.lab.sliders import of_draw
from content.pack import Card
from engine.protocol import Measure

if TYPE_CHECKING:
    from content.prepare import Prepared

_MOST_FIGURES = 6


def measures_of(prepared: Prepared) -> tuple[Measure, ...]:
    """What the item measures: its truth, or where it has none the figures of its texts."""
    own = [m for m in prepared.job.measures if m.key == "measure"]
    if not own:
        sources: dict[str, Measure] = {}
        for measure in prepared.job.measures:
            told = measure.key.startswith("text:") and not measure.source.startswith("code(")
            if told and measure.when is None:
                sources.setdefault(measure.source, measure)
        own = list(sources.values())[:_MOST_FIGURES]
    return tuple(own)


def can_vary(prepared: Prepared) -> bool:
    """Whether the item measures anything that the lab could measure too."""
    return bool(measures_of(prepared))


def from_item(prepared: Prepared) -> LabSession:
    """The session, with one entry that waits to be asked for."""
    item = prepared.item
    session = LabSession(seed=prepared.seed, device=prepared.job.device)
    if not isinstance(item, Card):
        session.where = item.where
        for name, value in prepared.draw:
            session.sliders[name] = of_draw(name, value, item.draw[name])
    session.bindings.update(item.let)
    session.add_item(measures_of(prepared))
    return session


def run_of(prepared: Prepared, source: str) -> tuple[LabSession, Entry]:
    """The session, with the item's training run as the entry that waits to be asked for."""
    session = from_item(prepared)
    session.entries.clear()
    entry = session.add_item([Measure("run", source)])
    entry.item = False
    return session, entry
