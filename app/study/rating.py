"""What an exercise's answer counts as: a rating from verdict, hints and time.

Promise: a proposal only; the learner may change it. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.study.views import Rating
from engine.verdict import Verdict, VerdictKind

EASY_SHARE = 0.4
"""Right, without a hint, in at most this share of the expected time: Easy."""
SLOW_SHARE = 2.0
"""Right, but slower than this multiple of the expected time: Hard."""
POINTS_FOR_HARD = 0.5
"""Of an explanation's key points, at least this share: Hard; all of them: as if right."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rating; `why` is what made a complete answer count as Hard: "hint" or "slow"."""

    rating: Rating
    why: str = ""


def propose(
    verdict: Verdict, *, hints: int, seconds: float, expected_seconds: int, points: int = 0
) -> Proposal | None:
    """What this answer counts as; None where it was not readable.

    `points` is the number of key points of a `self` exercise (0 for every other kind).
    """
    if verdict.kind is VerdictKind.UNREADABLE:
        return None
    if points:
        ticked = len(set(verdict.ticked)) / points
        if ticked < 1.0:
            return Proposal(Rating.HARD if ticked >= POINTS_FOR_HARD else Rating.AGAIN)
        return _complete(hints, seconds, expected_seconds)
    if verdict.kind is VerdictKind.RIGHT:
        return _complete(hints, seconds, expected_seconds)
    return Proposal(Rating.HARD if verdict.kind is VerdictKind.CLOSE else Rating.AGAIN)


def _complete(hints: int, seconds: float, expected_seconds: int) -> Proposal:
    if hints > 0:
        return Proposal(Rating.HARD, "hint")
    if seconds > SLOW_SHARE * expected_seconds:
        return Proposal(Rating.HARD, "slow")
    return Proposal(Rating.EASY if seconds <= EASY_SHARE * expected_seconds else Rating.GOOD)
