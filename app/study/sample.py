"""A card and an exercise to try, of which nothing is kept: what a first run shows.

Promise: the items are ordinary ones of the built-in pack, measured as always; no progress is read
or written. Must not know of screens.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from app.study.views import Interval, Judged, Rating, Shown
from content.compiled import PackLibrary
from content.judging import judged
from content.pack import Card
from content.prepare import Prepared, draw_item, job_for, kind_of
from engine.protocol import Failure, Job, Measured, Outcome
from engine.verdict import VerdictKind

CARD = "foundations:cnn.weight-sharing/why-share"
EXERCISE = "foundations:cnn.weight-sharing/shared-kernels"
_SECONDS = {Rating.AGAIN: 60, Rating.HARD: 600, Rating.GOOD: 2 * 86_400, Rating.EASY: 8 * 86_400}
"""About what a first answer gives."""

Run = Callable[[Job], Outcome]


def sample(library: PackLibrary, name: str, seed: int, run: Run, now: datetime) -> Shown | Failure:
    """The item with its figures measured, or why that cannot be. KeyError if no pack has it."""
    topic, item = library.item(name)
    drawn = draw_item(name, item, seed)
    job = job_for(item, seed, drawn)
    outcome = run(job)
    if not isinstance(outcome, Measured):
        return outcome
    card = isinstance(item, Card)
    return Shown(
        name=name,
        kind=kind_of(item),
        topic=f"{name.partition(':')[0]}:{topic.topic}",
        topic_title=topic.title,
        level=1 if isinstance(item, Card) else item.level,
        expected_seconds=20 if card else 60,
        number=1,
        total=1,
        is_new=True,
        prepared=Prepared(name, topic.title, item, seed, drawn, job, outcome),
        intervals=tuple(
            Interval(rating, seconds, now + timedelta(seconds=seconds))
            for rating, seconds in _SECONDS.items()
        ),
        practice=True,
    )


def sample_judged(shown: Shown, typed: str, run: Run) -> Judged:
    """The verdict on what was typed; what an exercise would count as."""
    verdict = judged(shown.prepared, typed, run)
    if verdict.kind is VerdictKind.UNREADABLE:
        return Judged(verdict, None, shown.intervals, None)
    right = verdict.kind is VerdictKind.RIGHT
    return Judged(verdict, Rating.GOOD if right else Rating.AGAIN, shown.intervals, None)
