"""FSRS-6 against its published formulas, steps and fuzz against their rules."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.study.scheduling import (
    DEFAULT_WEIGHTS,
    Memory,
    Parameters,
    Phase,
    Scheduler,
    fuzzed,
    retrievability,
)
from app.study.views import Rating

W = DEFAULT_WEIGHTS
MINUTE = 60_000
NO_STEPS = Parameters(learning_steps=(), relearning_steps=(), fuzz=False)
ids = st.uuids().map(lambda value: value.hex)
ratings = st.sampled_from(list(Rating))


def published(state: tuple[float, float] | None, rating: int, elapsed: int) -> tuple[float, float]:
    """Stability and difficulty by the formulas of FSRS-6, written out independently."""

    def first_difficulty(grade: int) -> float:
        return W[4] - math.exp(W[5] * (grade - 1)) + 1

    if state is None:
        return W[rating - 1], min(max(first_difficulty(rating), 1), 10)
    s, d = state
    if elapsed == 0:
        growth = math.exp(W[17] * (rating - 3 + W[18])) * s ** -W[19]
        stability = s * (max(growth, 1.0) if rating >= 2 else growth)
    else:
        r = (1 + (0.9 ** (-1 / W[20]) - 1) * elapsed / s) ** -W[20]
        if rating == 1:
            forgotten = W[11] * d ** -W[12] * ((s + 1) ** W[13] - 1) * math.exp(W[14] * (1 - r))
            stability = min(forgotten, s / math.exp(W[17] * W[18]))
        else:
            factor = {2: W[15], 3: 1.0, 4: W[16]}[rating]
            gain = math.exp(W[8]) * (11 - d) * s ** -W[9] * (math.exp(W[10] * (1 - r)) - 1)
            stability = s * (1 + gain * factor)
    moved = d + (10 - d) / 9 * -W[6] * (rating - 3)
    difficulty = W[7] * first_difficulty(4) + (1 - W[7]) * moved
    return max(stability, 0.001), min(max(difficulty, 1), 10)


@given(st.lists(st.tuples(ratings, st.integers(0, 60)), min_size=1, max_size=12))
def test_states_follow_the_published_formulas(history: list[tuple[Rating, int]]) -> None:
    scheduler, day = Scheduler(NO_STEPS), 1000
    memory: Memory | None = None
    expected: tuple[float, float] | None = None
    for rating, elapsed in history:
        day += elapsed if memory else 0
        expected = published(expected, rating, elapsed if memory else 0)
        memory = scheduler.after(memory, rating, "0" * 32, day * 86_400_000, day)
        assert (memory.stability, memory.difficulty) == pytest.approx(expected, rel=1e-3)


def test_the_reference_history_of_intervals() -> None:
    """Good six times, Again twice, Good five times, each on its due day: known intervals."""
    scheduler = Scheduler(Parameters(fuzz=False))
    memory: Memory | None = None
    at, day, intervals = 1000 * 86_400_000, 1000, []
    for rating in (3, 3, 3, 3, 3, 3, 1, 1, 3, 3, 3, 3, 3):
        memory = scheduler.after(memory, Rating(rating), "0" * 32, at, day)
        intervals.append(0 if memory.due_at is not None else memory.due_day - day)
        at = memory.due_at if memory.due_at is not None else memory.due_day * 86_400_000
        day = memory.due_day
    assert intervals == [0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21]


def test_learning_steps() -> None:
    scheduler = Scheduler(Parameters(fuzz=False))
    new = scheduler.outlook(None, "0" * 32, 0, 10)
    assert [memory.interval for memory in new[:3]] == [60, 330, 600]
    assert new[3].phase is Phase.REVIEW
    assert new[3].due_day == 18
    second = scheduler.outlook(new[2], "0" * 32, 10 * MINUTE, 10)
    assert [memory.interval for memory in second[:2]] == [60, 600]
    assert [memory.phase for memory in second[2:]] == [Phase.REVIEW, Phase.REVIEW]
    assert second[2].due_day < second[3].due_day


def test_a_lapse_is_relearned_in_ten_minutes() -> None:
    scheduler = Scheduler(Parameters(fuzz=False))
    known = scheduler.after(None, Rating.EASY, "0" * 32, 0, 10)
    lapsed = scheduler.after(known, Rating.AGAIN, "0" * 32, 0, 18)
    assert (lapsed.phase, lapsed.lapses, lapsed.interval) == (Phase.RELEARNING, 1, 600)
    again, hard, good, easy = scheduler.outlook(lapsed, "0" * 32, 0, 18)
    assert (again.interval, hard.interval, again.lapses) == (600, 900, 1)
    assert good.phase is easy.phase is Phase.REVIEW
    assert 18 < good.due_day < easy.due_day


@given(st.lists(st.tuples(ratings, st.integers(0, 400), ids), min_size=1, max_size=12))
def test_better_ratings_never_come_back_sooner(history: list[tuple[Rating, int, str]]) -> None:
    scheduler, day = Scheduler(Parameters(maximum_interval=365)), 1000
    memory: Memory | None = None
    for rating, elapsed, review in history:
        day += elapsed
        outlook = scheduler.outlook(memory, review, day * 86_400_000, day)
        spans = [known.interval for known in outlook]
        assert spans[1] <= spans[2] <= spans[3] <= 365 * 86_400
        assert min(spans) > 0
        assert outlook == scheduler.outlook(memory, review, day * 86_400_000, day)
        chosen = scheduler.after(memory, rating, review, day * 86_400_000, day)
        assert chosen == outlook[rating - 1]
        memory = chosen


@pytest.mark.parametrize(
    "parameters",
    [
        Parameters(),
        Parameters(fuzz=False),
        Parameters(learning_steps=(), relearning_steps=()),
        Parameters(relearning_steps=(), maximum_interval=9, desired_retention=0.97),
        Parameters(learning_steps=(60, 600, 3600), relearning_steps=(60, 600)),
    ],
    ids=lambda _: "",
)
@given(history=st.lists(st.tuples(ratings, st.integers(0, 400), ids), min_size=1, max_size=12))
def test_one_rating_gives_what_the_outlook_says(
    parameters: Parameters, history: list[tuple[Rating, int, str]]
) -> None:
    scheduler, day = Scheduler(parameters), 1000
    memory: Memory | None = None
    for given_now, elapsed, review in history:
        day += elapsed
        at = day * 86_400_000
        outlook = scheduler.outlook(memory, review, at, day)
        assert tuple(scheduler.after(memory, one, review, at, day) for one in Rating) == outlook
        memory = outlook[given_now - 1]


@given(st.floats(0.1, 40_000), st.floats(0, 1, exclude_max=True), st.integers(1, 36_500))
def test_fuzz_stays_in_its_range(interval: float, share: float, longest: int) -> None:
    exact = fuzzed(interval, None, longest)
    moved = fuzzed(interval, share, longest)
    assert 1 <= moved <= longest
    assert abs(moved - exact) <= 2 + 0.15 * 4.5 + 0.1 * 13 + 0.05 * max(0, exact - 20)
    if interval < 2.5:
        assert moved == exact


def test_fuzz_spreads() -> None:
    days = {fuzzed(30.0, share / 100, 36_500) for share in range(100)}
    assert len(days) >= 7
    assert min(days) < 30 < max(days)


def test_fuzz_depends_on_the_review_alone() -> None:
    scheduler = Scheduler(Parameters())
    known = scheduler.after(None, Rating.EASY, "0" * 32, 0, 10)
    dues = {scheduler.after(known, Rating.EASY, f"{n:032x}", 0, 40).due_day for n in range(30)}
    assert len(dues) > 3


def test_the_maximum_interval_holds_for_every_rating() -> None:
    scheduler = Scheduler(Parameters(maximum_interval=5))
    known = scheduler.after(None, Rating.EASY, "0" * 32, 0, 10)
    spans = [m.interval // 86_400 for m in scheduler.outlook(known, "0" * 32, 0, 100)[1:]]
    assert spans == [5, 5, 5]


def test_the_clock_going_back_is_the_same_day() -> None:
    scheduler = Scheduler(NO_STEPS)
    known = scheduler.after(None, Rating.GOOD, "0" * 32, 0, 10)
    assert scheduler.after(known, Rating.GOOD, "0" * 32, 0, 8).stability == pytest.approx(
        scheduler.after(known, Rating.GOOD, "0" * 32, 0, 10).stability
    )


@pytest.mark.parametrize("retention", [0.0, 0.5, 1.0, math.nan, -1.0])
def test_fsrs_is_never_given_a_retention_out_of_range(retention: float) -> None:
    with pytest.raises(ValueError, match="retention"):
        Parameters(desired_retention=retention)


def test_other_parameters_are_checked() -> None:
    for wrong in (
        {"weights": W[:19]},
        {"weights": (*W[:20], math.nan)},
        {"learning_steps": (0,)},
        {"maximum_interval": 0},
        {"scheduler": "sm-2"},
    ):
        with pytest.raises(ValueError):
            Parameters(**wrong)  # type: ignore[arg-type]


def test_higher_retention_means_shorter_intervals() -> None:
    spans = [
        Scheduler(Parameters(desired_retention=r, fuzz=False))
        .after(None, Rating.EASY, "0" * 32, 0, 0)
        .due_day
        for r in (0.7, 0.8, 0.9, 0.97)
    ]
    assert all(longer > shorter for longer, shorter in pairwise(spans))


def test_retrievability_is_ninety_percent_after_its_stability() -> None:
    assert retrievability(12.5, 12.5, W) == pytest.approx(0.9)
    assert retrievability(12.5, 0, W) == 1.0
    assert retrievability(12.5, 100, W) < 0.8
