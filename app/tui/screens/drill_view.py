"""A drill's question as the page of an item shows it.

Promise: pure functions from a drill's views to those of the study loop, whose widgets draw both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.study.views import Judged, Shown

if TYPE_CHECKING:
    from app.drill.views import Question, Result
    from engine.verdict import Verdict


def as_shown(asked: Question | Result, total: int) -> Shown | None:
    """A question of a round or of its report; None where its item could not be measured.

    It has no intervals.
    """
    if asked.prepared is None:
        return None
    return Shown(
        name=asked.name,
        kind=asked.kind,
        topic=asked.topic,
        topic_title=asked.topic_title,
        level=asked.level,
        expected_seconds=asked.expected_seconds,
        number=asked.number,
        total=total,
        is_new=False,
        prepared=asked.prepared,
        intervals=(),
    )


def as_judged(verdict: Verdict) -> Judged:
    """A verdict that is not rated."""
    return Judged(verdict, None, (), None)
