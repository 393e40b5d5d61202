"""The estimate of ability, held against simulated candidates."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.drill.ability import SPREAD, as_level, difficulty, estimate, probability
from content.compiled import ItemIndex

CANDIDATES, QUESTIONS = 500, 15
ITEMS = tuple(n / 20 for n in range(-60, 61))


def _ranks(values: Sequence[float]) -> np.ndarray:
    return np.argsort(np.argsort(np.asarray(values))).astype(float)


def _spearman(left: Sequence[float], right: Sequence[float]) -> float:
    return float(np.corrcoef(_ranks(left), _ranks(right))[0, 1])


def _ideal(answers: Sequence[tuple[float, float]]) -> float:
    """The posterior mean by direct integration on a grid finer and wider than ours."""
    grid = np.linspace(-9, 9, 3601)
    logs = -(grid**2) / (2 * SPREAD**2)
    for hard, credit in answers:
        right = 1 / (1 + np.exp(hard - grid))
        logs += credit * np.log(right) + (1 - credit) * np.log1p(-right)
    mass = np.exp(logs - logs.max())
    return float((grid * mass).sum() / mass.sum())


def _candidate(ability: float, luck: random.Random, pool: Sequence[float]) -> list:
    """Fifteen answers of somebody that able, each question the nearest one left."""
    left, answers = list(pool), []
    for _ in range(QUESTIONS):
        now = estimate(answers).value
        hard = min(left, key=lambda one: abs(one - now))
        left.remove(hard)
        answers.append((hard, float(luck.random() < probability(ability, hard))))
    return answers


@pytest.mark.slow
def test_simulated_candidates_are_told_apart() -> None:
    """Spearman's correlation near the ideal estimator's; nine intervals in ten hold the truth."""
    luck = random.Random(2026)
    truth, ours, ideal, covered = [], [], [], 0
    for _ in range(CANDIDATES):
        ability = luck.gauss(0, SPREAD)
        answers = _candidate(ability, luck, luck.sample(ITEMS, 40))
        found = estimate(answers)
        truth.append(ability)
        ours.append(found.value)
        ideal.append(_ideal(answers))
        covered += found.low <= ability <= found.high
    assert _spearman(ours, truth) >= 0.95 * _spearman(ideal, truth)
    assert _spearman(ours, truth) > 0.8
    assert 0.86 <= covered / CANDIDATES <= 0.94


ANSWERS = st.lists(st.tuples(st.floats(-3, 3), st.floats(0, 1)), max_size=30)


@given(ANSWERS)
def test_an_estimate_lies_in_its_interval(answers: list[tuple[float, float]]) -> None:
    found = estimate(answers)
    assert -6 <= found.low < found.value < found.high <= 6
    assert 1 <= as_level(found.value) <= 3


@given(ANSWERS, st.floats(-3, 3))
def test_a_right_answer_raises_and_a_wrong_one_lowers(
    answers: list[tuple[float, float]], hard: float
) -> None:
    before = estimate(answers).value
    assert (
        estimate([*answers, (hard, 1.0)]).value > before > estimate([*answers, (hard, 0.0)]).value
    )


def test_more_answers_narrow_the_interval() -> None:
    widths = []
    for count in (0, 5, 15, 40):
        found = estimate([(0.0, float(n % 2)) for n in range(count)])
        widths.append(found.high - found.low)
    assert widths == sorted(widths, reverse=True)
    assert math.isclose(widths[0], 2 * 1.645 * SPREAD, rel_tol=0.02)


def test_difficulty_rises_with_level_and_time() -> None:
    def hard(level: int, kind: str = "number", seconds: int = 60) -> float:
        return difficulty(ItemIndex("p:t/i", "p", "t", kind, level, 0, ("en",), "", "", seconds))

    assert hard(1) < hard(2) < hard(3)
    assert hard(2, seconds=30) < hard(2) < hard(2, seconds=120)
    assert hard(2, "choice") < hard(2) < hard(2, "tensor")
