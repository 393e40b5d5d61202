"""An item to look at: one draw of it, to be measured by whoever has an engine.

Promise: every number of `seed` is another draw, the same each time. Must not measure and must not
touch the schedule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from content.pack import Item, Text
from content.prepare import Draw, Prepared, draw_item, job_for
from engine.expression import Refused
from engine.protocol import Failure, Job, Measured, Outcome

if TYPE_CHECKING:
    from content.compiled import PackLibrary


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be measured before the item can be shown."""

    name: str
    topic_title: Text
    item: Item
    seed: int
    drawn: Draw
    job: Job

    def shown(self, outcome: Outcome) -> Prepared | Failure:
        """The item with what was measured, or why there is nothing to show."""
        if not isinstance(outcome, Measured):
            return outcome
        return Prepared(
            self.name, self.topic_title, self.item, self.seed, self.drawn, self.job, outcome
        )


def wanted(library: PackLibrary, name: str, seed: int) -> Wanted | Failure:
    """That draw of the item of that name. Raises KeyError where it is gone: also where another
    program took its file away and the packs were not read since."""
    topic, item = library.item(name)
    if not library.file_of(name).is_file():
        raise KeyError(name)
    try:
        drawn = draw_item(name, item, seed)
    except Refused as refused:
        return Failure(refused.kind, refused.code, refused.details)
    return Wanted(name, topic.title, item, seed, drawn, job_for(item, seed, drawn, hidden=False))
