"""Intervals, classes and losses against values worked out elsewhere; histories in one go."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.progress.figures import Lived
from app.statistics.forecast import expected
from app.statistics.periods import Period, Span, Step, ahead, back, buckets, gathered, step_of
from app.statistics.recall import Recall, calibrated, log_loss, recalls, rmse, share
from app.study.scheduling import Memory, Parameters, Phase, Scheduler
from app.study.views import Rating

SCHEDULER = Scheduler(Parameters())


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [(8, 10, 0.4901625, 0.9433178), (0, 10, 0.0, 0.2775328), (10, 10, 0.7224672, 1.0)],
)  # fmt: skip
def test_wilson_intervals(right: int, of: int, low: float, high: float) -> None:
    found = share(right, of)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-6)


@given(st.integers(1, 400), st.data())
def test_interval_ends_are_where_the_share_is_just_unlikely(of: int, data: st.DataObject) -> None:
    """Its ends are the chances x for which the share lies 1.96 standard deviations away."""
    right = data.draw(st.integers(0, of))
    found = share(right, of)
    assert 0 <= found.low <= found.value <= found.high <= 1
    for x in (found.low, found.high):
        if 0 < x < 1:
            away = abs(found.value - x) / math.sqrt(x * (1 - x) / of)
            assert away == pytest.approx(1.959964, abs=1e-4)


def test_a_share_of_nothing_is_nothing() -> None:
    assert share(0, 0).of == 0


def test_losses() -> None:
    pairs = [(0.9, True), (0.8, False), (0.5, True)]
    assert log_loss(pairs) == pytest.approx(-(math.log(0.9) + math.log(0.2) + math.log(0.5)) / 3)
    assert log_loss([(1.0, False)]) == pytest.approx(-math.log(1e-6))
    assert log_loss([]) is None
    found = [Recall(1, 0.92, True, False)] * 9 + [Recall(1, 0.92, False, False)]
    bins = calibrated([*found, Recall(1, 1.0, True, True)])
    assert [(b.low, b.observed.right, b.observed.of) for b in bins] == [(0.9, 9, 10), (0.95, 1, 1)]
    assert rmse(bins) == pytest.approx(math.sqrt(10 * 0.02**2 / 11))
    assert rmse([]) is None


HISTORY = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 60)), min_size=1, max_size=12)


@settings(deadline=None, max_examples=40)
@given(histories=st.lists(HISTORY, max_size=5))
def test_histories_in_one_go_are_histories_review_by_review(
    histories: list[list[tuple[int, int]]],
) -> None:
    lived = []
    for history in histories:
        day, reviews = 1000, []
        for rating, wait in history:
            day += wait
            reviews.append(Lived(day, rating, ""))
        lived.append(reviews)
    wanted = []
    for reviews in lived:
        memory: Memory | None = None
        for one in reviews:
            if memory and memory.phase is Phase.REVIEW and one.day > memory.last_day:
                predicted = SCHEDULER.retrievability(memory, one.day)
                wanted.append((one.day, predicted, one.rating > 1, memory.stability >= 21))
            memory = SCHEDULER.after(memory, Rating(one.rating), "", 0, one.day)
    found = recalls(lived, {"": SCHEDULER})
    assert [(r.day, r.passed, r.mature) for r in found] == [(d, p, m) for d, _, p, m in wanted]
    assert [r.predicted for r in found] == pytest.approx([p for _, p, _, _ in wanted], rel=1e-6)


def test_days_are_put_together() -> None:
    friday = 739940  # 2026-11-20
    assert back(Period.WEEK, friday, None) == Span(friday - 6, friday)
    assert back(Period.ALL, friday, friday - 400) == Span(friday - 400, friday)
    assert back(Period.ALL, friday, None).days == 1
    assert ahead(Period.MONTH, friday).days == 30
    year = back(Period.YEAR, friday, None)
    assert step_of(year) is Step.WEEK
    found = buckets(year)
    assert (found[0].first, found[-1].last) == (year.first, year.last)
    assert all(a.last + 1 == b.first for a, b in pairwise(found))
    assert all(one.last - one.first == 6 for one in found[1:-1])
    long = back(Period.ALL, friday, friday - 1500)
    assert step_of(long) is Step.MONTH
    assert step_of(back(Period.ALL, friday, friday - 4000)) is Step.QUARTER
    assert gathered({friday: 2.0, friday - 9999: 1.0}, found)[-1] == 2.0


@given(st.integers(700_000, 740_000), st.integers(1, 9000))
def test_every_day_stands_in_one_column(first: int, days: int) -> None:
    span = Span(first, first + days - 1)
    found = buckets(span)
    assert sum(one.last - one.first + 1 for one in found) == days
    assert len(found) <= 102
    assert sum(gathered(dict.fromkeys(range(first, first + days), 1.0), found)) == days


def test_what_is_ahead_repeats_itself() -> None:
    span = Span(1000, 1089)
    one = SCHEDULER.after(None, Rating.EASY, "a" * 32, 0, 995)
    first = expected([one] * 10, 2.0, 30, 10, span, SCHEDULER)
    assert first == expected([one] * 10, 2.0, 30, 10, span, SCHEDULER)
    assert first[0] == pytest.approx(10, abs=0.5)
    assert all(value >= 0 for value in first)
    without = expected([one] * 10, 2.0, 0, 10, span, SCHEDULER)
    assert sum(first) - sum(without) > 30
    assert expected([], 1.0, 0, 10, span, SCHEDULER) == (0.0,) * 90
    assert expected([], 1.0, 7, None, span, SCHEDULER)[0] >= 7
