"""The draws a formula is held against."""

from __future__ import annotations

import pytest

from content.hidden import MOST, hidden_draws
from content.pack import Exercise, Span
from content.prepare import draw_item


def _exercise(draws: int | None = None, where: str | None = None, **draw: object) -> Exercise:
    return Exercise(
        id="it", kind="formula", question="?", draw=draw, where=where, draws=draws,  # type: ignore[arg-type]
        measure="parameters(Linear(n, 1))", solution="n + 1",
    )  # fmt: skip


def test_few_draws_are_all_taken_the_shown_one_first() -> None:
    exercise = _exercise(n=(1, 2, 3), bias=(True, False))
    shown = draw_item("p:t/it", exercise, 5)
    found = hidden_draws(exercise, shown)
    assert found[0] == shown
    assert len(found) == len(set(found)) == 6


@pytest.mark.parametrize("seed", range(5))
def test_of_many_draws_the_edges_are_among_those_taken(seed: int) -> None:
    exercise = _exercise(n=Span(1, 500), m=Span(8, 256, 8), k=(3, 5, 7), where="n % 2 == 1")
    shown = draw_item("p:t/it", exercise, seed)
    found = [dict(one) for one in hidden_draws(exercise, shown)]
    assert len(found) == MOST
    assert found[0] == dict(shown)
    for name, ends in {"n": (1,), "m": (8, 256), "k": (3, 7)}.items():
        assert set(ends) <= {one[name] for one in found}
    assert all(one["n"] % 2 == 1 for one in found)  # type: ignore[operator]
    assert hidden_draws(exercise, shown) == hidden_draws(exercise, shown)


def test_a_dear_measurement_takes_fewer() -> None:
    exercise = _exercise(draws=7, n=Span(1, 500))
    assert len(hidden_draws(exercise, draw_item("p:t/it", exercise, 0))) == 7


def test_a_condition_that_never_holds_leaves_what_is_shown() -> None:
    exercise = _exercise(n=Span(1, 500), where="n > 900")
    assert hidden_draws(exercise, (("n", 4),)) == ((("n", 4),),)
