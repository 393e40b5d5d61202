"""A drill's question as the page of an item shows it.

Promise: pure functions from a drill's views to those of the study loop, whose widgets draw both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.study.views import Judged, Shown

if TYPE_CHECKING:
    from app.drill.views import Question, Result
    from engine.verdict import Verdict


def as_shown(question: Question) -> Shown:
    """The question; it has no intervals."""
    return Shown(
        name=question.name,
        kind=question.kind,
        topic=question.topic,
        topic_title=question.topic_title,
        level=question.level,
        expected_seconds=question.expected_seconds,
        number=question.number,
        total=question.total,
        is_new=False,
        prepared=question.prepared,
        intervals=(),
    )


def result_shown(result: Result, total: int) -> Shown | None:
    """A question of a report; None where its item could not be measured again."""
    if result.prepared is None:
        return None
    return Shown(
        name=result.name,
        kind=result.kind,
        topic=result.topic,
        topic_title=result.topic_title,
        level=result.level,
        expected_seconds=result.expected_seconds,
        number=result.number,
        total=total,
        is_new=False,
        prepared=result.prepared,
        intervals=(),
    )


def as_judged(verdict: Verdict) -> Judged:
    """A verdict that is not rated."""
    return Judged(verdict, None, (), None)
