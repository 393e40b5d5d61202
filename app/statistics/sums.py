"""What single figures come to: shares, rates, quantiles, calibration.

Promise: pure functions of their arguments. Must not read a store.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence

from app.statistics.recall import Recall, calibrated, log_loss, rmse, share
from app.statistics.results import Asked, Calibration, Pace, Share

TIME_EDGES = (0, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300)


def calibration(asked: Asked, inside: Sequence[Recall]) -> Calibration:
    """Predictions and outcomes of these reviews."""
    bins = calibrated(inside)
    observed = passed(inside)
    mean = sum(one.predicted for one in inside) / len(inside) if inside else None
    return Calibration(
        asked=asked,
        bins=bins,
        reviews=len(inside),
        predicted=mean,
        observed=observed,
        log_loss=log_loss((one.predicted, one.passed) for one in inside),
        chance=log_loss((observed.value, one.passed) for one in inside),
        rmse=rmse(bins),
    )


def passed(found: Sequence[Recall]) -> Share:
    """The share of reviews that passed."""
    return share(sum(one.passed for one in found), len(found))


def tally(days: Iterable[int]) -> dict[int, float]:
    """How often each day stands there."""
    found: dict[int, float] = {}
    for day in days:
        found[day] = found.get(day, 0) + 1
    return found


def rate(made: float, tried: float) -> float | None:
    """Mistakes per hundred; None where nothing was tried."""
    return 100 * made / tried if tried else None


def part(values: Mapping[int, float], first: int, end: int) -> float:
    """The sum over the days from `first` to before `end`."""
    return sum(value for day, value in values.items() if first <= day < end)


def pace(counts: Sequence[tuple[int, int]]) -> Pace:
    """Answer times from (whole seconds, answers)."""
    classes = [0] * len(TIME_EDGES)
    for seconds, count in counts:
        classes[bisect_right(TIME_EDGES, seconds) - 1] += count
    answers = sum(classes)
    return Pace(answers, _quantile(counts, 0.5), _quantile(counts, 0.9), tuple(classes))


def _quantile(counts: Sequence[tuple[int, int]], part: float) -> float | None:
    """The whole second within which that share of the answers was given."""
    wanted = part * sum(n for _, n in counts)
    so_far = 0
    for seconds, count in sorted(counts):
        so_far += count
        if so_far >= wanted:
            return float(seconds)
    return None
