"""Predicted and observed recall of single reviews, and what they come to together.

True retention is Anki's (its manual, "Statistics": "True retention"): of each item only the first
review of a study day counts, and only if the item was in day-long review; it passed unless rated
Again. The prediction is FSRS's for that study day, from the item's earlier reviews alone, so the
comparison is of forecasts with what came after them. Intervals are E. B. Wilson's (Journal of the
American Statistical Association 22, 1927) at 95 %. Log loss and RMSE over bins are the measures of
the FSRS benchmark (open-spaced-repetition), the bins ours: classes of predicted recall.

Promise: pure functions of their arguments; a history tells the same whether its reviews share one
parameter set or not. Must not read a store.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.progress.figures import Lived
from app.statistics.results import Bin, Share
from app.study.scheduling import Phase, Scheduler, retrievability

MATURE_DAYS = 21
"""Anki's border between young and mature, here of stability."""
EDGES = (0.0, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0)
_Z = 1.959963984540054
_FAINTEST = 1e-6


@dataclass(frozen=True, slots=True)
class Recall:
    """A review that counts: its day, what was predicted, what happened."""

    day: int
    predicted: float
    passed: bool
    mature: bool


def share(right: int, of: int) -> Share:
    """`right` of `of` with its Wilson interval."""
    if not of:
        return Share(0, 0, 0.0, 0.0, 0.0)
    value, square = right / of, _Z * _Z
    centre = (value + square / (2 * of)) / (1 + square / of)
    reach = _Z * math.sqrt(value * (1 - value) / of + square / (4 * of * of)) / (1 + square / of)
    low = 0.0 if right == 0 else max(0.0, centre - reach)
    return Share(right, of, value, low, 1.0 if right == of else min(1.0, centre + reach))


def recalls(histories: Iterable[Sequence[Lived]], known: Mapping[str, Scheduler]) -> list[Recall]:
    """The reviews that count. `known` are the schedulers by parameter set."""
    lives = [life for history in histories for life in _lives(history)]
    by_weights: dict[tuple[float, ...], list[Sequence[Lived]]] = {}
    found: list[Recall] = []
    for life in lives:
        weights = {known[used].parameters.weights for used in {one.parameters for one in life}}
        if len(weights) == 1:
            by_weights.setdefault(weights.pop(), []).append(life)
        else:
            found += _counted(life, _one_by_one(life, known), known)
    for alike in by_weights.values():
        scheduler = known[alike[0][0].parameters]
        stabilities = scheduler.stabilities([_elapsed(life) for life in alike])
        for life, after in zip(alike, stabilities, strict=True):
            found += _counted(life, after, known)
    return found


def calibrated(found: Sequence[Recall]) -> tuple[Bin, ...]:
    """The classes that hold a review."""
    bins = []
    for low, high in pairwise(EDGES):
        inside = [one for one in found if low <= one.predicted < high or high == one.predicted == 1]
        if inside:
            mean = math.fsum(one.predicted for one in inside) / len(inside)
            passed = sum(one.passed for one in inside)
            bins.append(Bin(low, high, mean, share(passed, len(inside))))
    return tuple(bins)


def log_loss(pairs: Iterable[tuple[float, bool]]) -> float | None:
    """Mean of -ln of the probability that was given to what happened."""
    losses = [
        -math.log(max(_FAINTEST, predicted if passed else 1 - predicted))
        for predicted, passed in pairs
    ]
    return math.fsum(losses) / len(losses) if losses else None


def rmse(bins: Sequence[Bin]) -> float | None:
    """Root of the mean squared distance between the classes' predictions and outcomes."""
    of = sum(one.observed.of for one in bins)
    if not of:
        return None
    squares = (one.observed.of * (one.predicted - one.observed.value) ** 2 for one in bins)
    return math.sqrt(math.fsum(squares) / of)


def _lives(history: Sequence[Lived]) -> Iterable[Sequence[Lived]]:
    """The history cut where the item was reset."""
    start = 0
    for n, one in enumerate(history):
        if one.begins and n > start:
            yield history[start:n]
            start = n
    if start < len(history):
        yield history[start:]


def _elapsed(life: Sequence[Lived]) -> list[tuple[int, int]]:
    found, before = [], life[0].day
    for one in life:
        found.append((one.rating, max(0, one.day - before)))
        before = one.day
    return found


def _one_by_one(life: Sequence[Lived], known: Mapping[str, Scheduler]) -> list[float]:
    from app.study.views import Rating

    memory, found = None, []
    for one in life:
        memory = known[one.parameters].after(memory, Rating(one.rating), "", 0, one.day)
        found.append(memory.stability)
    return found


def _counted(
    life: Sequence[Lived], after: Sequence[float], known: Mapping[str, Scheduler]
) -> list[Recall]:
    found: list[Recall] = []
    phase, step = Phase.LEARNING, 0
    last_day, stability = life[0].day, 0.0
    for n, (one, stands) in enumerate(zip(life, after, strict=True)):
        scheduler = known[one.parameters]
        if n and phase is Phase.REVIEW and one.day > last_day:
            predicted = retrievability(stability, one.day - last_day, scheduler.parameters.weights)
            found.append(Recall(one.day, predicted, one.rating > 1, stability >= MATURE_DAYS))
        phase, step = scheduler.stage(phase, step, one.rating)
        last_day, stability = one.day, stands
    return found
