"""How able somebody is, from a few answers of known difficulty: the Rasch model.

P(right) = 1 / (1 + exp(-(ability - difficulty))), both in logits (G. Rasch, Probabilistic Models
for Some Intelligence and Attainment Tests, 1960). The estimate is the mean of the posterior over a
fixed grid (expected a posteriori: R. D. Bock and R. J. Mislevy, Applied Psychological Measurement
6, 1982) under a normal prior of spread 1.5; the interval holds its middle 90 %. Partial credit
counts as that share of a right and the rest of a wrong answer.

Promise: pure functions of their arguments. Must not know of items' texts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from content.compiled import ItemIndex

SPREAD = 1.5
"""Standard deviation of ability among those who are asked, in logits."""
_TOPIC_SPREAD = 0.8
"""How far ability in one topic lies from ability overall."""
_GRID = tuple(n / 10 for n in range(-60, 61))
_TAIL = 0.05
_OF_LEVEL = {1: -1.2, 2: 0.3, 3: 1.8}
_OF_KIND = {
    "card": -0.6,
    "choice": -0.4,
    "self": -0.2,
    "several": 0.1,
    "term": 0.1,
    "formula": 0.4,
    "layer": 0.5,
    "tensor": 0.6,
}
_USUAL_SECONDS = {1: 30, 2: 60, 3: 120}


@dataclass(frozen=True, slots=True)
class Estimate:
    """Ability in logits with its 90 % interval."""

    value: float
    low: float
    high: float


def probability(ability: float, difficulty: float) -> float:
    """How likely a right answer is."""
    return 1.0 / (1.0 + math.exp(difficulty - ability))


def estimate(
    answers: Sequence[tuple[float, float]], mean: float = 0.0, spread: float = SPREAD
) -> Estimate:
    """Ability after answers of (difficulty, credit from 0 to 1); without any, the prior."""
    weights = [-((ability - mean) ** 2) / (2 * spread**2) for ability in _GRID]
    for difficulty, credit in answers:
        for n, ability in enumerate(_GRID):
            slack = difficulty - ability
            # credit of -log(1 + e^slack), the rest of -log(1 + e^-slack) = slack - log(1 + e^slack)
            weights[n] += (1 - credit) * slack - math.log1p(math.exp(slack))
    top = max(weights)
    masses = [math.exp(weight - top) for weight in weights]
    whole = sum(masses)
    value = sum(ability * mass for ability, mass in zip(_GRID, masses, strict=True)) / whole
    return Estimate(value, _quantile(masses, whole * _TAIL), _quantile(masses, whole * (1 - _TAIL)))


def estimate_in_topic(
    overall: Sequence[tuple[float, float]], topic: Sequence[tuple[float, float]]
) -> Estimate:
    """Ability in one topic: its own answers, leaning on the estimate over all of them."""
    return estimate(topic, estimate(overall).value, _TOPIC_SPREAD)


def difficulty(entry: ItemIndex) -> float:
    """How hard an item is, in logits, from its level, its kind and the time it expects."""
    usual = _USUAL_SECONDS.get(entry.level, 60)
    slower = 0.4 * math.log(max(1, entry.seconds) / usual)
    kind = _OF_KIND.get(entry.kind, 0.0)
    return _OF_LEVEL.get(entry.level, 0.3) + kind + max(-0.6, min(0.6, slower))


def as_level(logits: float) -> float:
    """Ability on the scale of levels, 1 to 3: the level at which half of the answers are right."""
    low, high = _OF_LEVEL[1], _OF_LEVEL[3]
    return max(1.0, min(3.0, 1.0 + 2.0 * (logits - low) / (high - low)))


def _quantile(masses: Sequence[float], wanted: float) -> float:
    """Where the masses so far come to `wanted`, between two points of the grid if need be."""
    step = _GRID[1] - _GRID[0]
    found = 0.0
    for ability, mass in zip(_GRID, masses, strict=True):
        if found + mass >= wanted:
            return ability - step / 2 + step * (wanted - found) / mass
        found += mass
    return _GRID[-1]
