"""Drawn numbers are the same everywhere, meet the condition, and reach every value."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.pack import Span
from engine.draw import Spec, acceptance, count, draw, every_draw
from engine.expression import Refused, evaluate_scalar

SPEC: Spec = {"n": Span(15, 64), "k": (5, 7), "s": (2, 3)}
WHERE = "n % s != 0 and floor((n - k) / s) + 1 != floor(n / s)"
ITEM = "foundations:cnn.sizes/same-padding-stride"


def test_the_draw_of_an_item_and_a_seed_never_changes() -> None:
    """These values are kept with reviews: whoever changes how they come about breaks replays."""
    assert draw("pack:topic/item", 0, {"n": Span(1, 1000), "bias": (True, False)}) == {
        "n": 497,
        "bias": True,
    }
    assert draw(ITEM, 7, SPEC, WHERE) == {"n": 26, "k": 7, "s": 3}


def test_a_draw_does_not_depend_on_the_process() -> None:
    program = (
        "from engine.draw import draw; print(draw('a:b/c', 5, {'x': tuple(range(1000)), "
        "'y': ('float16', 'same', 2.5)}))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True,
            text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert outputs == {
        f"{draw('a:b/c', 5, {'x': tuple(range(1000)), 'y': ('float16', 'same', 2.5)})}\n"
    }


def test_seed_item_and_name_each_matter() -> None:
    spec: Spec = {"a": Span(1, 10**9), "b": Span(1, 10**9)}
    drawn = [draw("i", 0, spec), draw("i", 1, spec), draw("j", 0, spec)]
    assert len({value for values in drawn for value in values.values()}) == 6


def test_a_name_keeps_its_value_when_another_is_added() -> None:
    assert (
        draw("i", 3, {"a": Span(1, 99)})["a"] == draw("i", 3, {"a": Span(1, 99), "b": (1, 2)})["a"]
    )


@settings(max_examples=100, deadline=60_000)
@given(st.integers(-(2**63), 2**63))
def test_every_draw_meets_its_condition(seed: int) -> None:
    values = draw(ITEM, seed, SPEC, WHERE)
    assert evaluate_scalar(WHERE, values) is True


def test_values_are_drawn_evenly() -> None:
    drawn = Counter(draw("i", seed, {"n": Span(0, 9)})["n"] for seed in range(2000))
    assert set(drawn) == set(range(10))
    assert min(drawn.values()) > 140


@pytest.mark.parametrize(
    ("span", "values"),
    [
        (Span(1, 3), [1, 2, 3]),
        (Span(8, 30, 8), [8, 16, 24]),
        (Span(5, 5), [5]),
        (Span(-2, 2, 2), [-2, 0, 2]),
        (Span(0.1, 0.5, 0.1), [0.1, 0.2, 0.3, 0.4, 0.5]),
        (Span(0, 1, 0.25), [0.0, 0.25, 0.5, 0.75, 1.0]),
        (Span(1, 2.9), [1, 2]),
    ],
)
def test_ranges_include_their_end_and_are_exact(span: Span, values: list[float]) -> None:
    draws = every_draw({"x": span}, None, 100)
    assert draws is not None
    assert [values["x"] for values in draws] == values
    assert {type(values["x"]) for values in draws} == {type(values[0])}


def test_listing_all_draws() -> None:
    draws = every_draw(SPEC, WHERE, 200)
    assert draws is not None
    assert len(draws) == len({tuple(values.items()) for values in draws})
    assert all(evaluate_scalar(WHERE, values) for values in draws)
    assert count(SPEC) == 200
    assert len(draws) < 200
    assert every_draw(SPEC, WHERE, len(draws)) == draws
    assert every_draw(SPEC, WHERE, len(draws) - 1) is None
    assert every_draw({"n": Span(1, 10**18)}, None, 100) is None
    assert every_draw({}, None, 100) == [{}]


def test_the_share_of_accepted_draws() -> None:
    draws = every_draw(SPEC, WHERE, 200)
    assert draws is not None
    assert acceptance(ITEM, SPEC, WHERE) == pytest.approx(len(draws) / 200, abs=0.15)
    assert acceptance(ITEM, SPEC, None) == 1
    assert acceptance(ITEM, SPEC, "n < 0") == 0


@pytest.mark.parametrize(
    ("spec", "where", "code"),
    [
        ({"n": (1, 2)}, "n > 5", "where-never-holds"),
        ({}, "1 > 2", "where-never-holds"),
        ({"n": ()}, None, "nothing-to-draw"),
        ({"n": Span(5, 1)}, None, "bad-span"),
        ({"n": Span(1, 5, 0)}, None, "bad-span"),
        ({"n": Span(1, 5, -1)}, None, "bad-span"),
        ({"n": Span(1, float("inf"))}, None, "bad-span"),
        ({"n": (1,)}, "m > 1", "unknown-name"),
        ({"n": (1,)}, "(n, n)", "not-a-condition"),
        ({"n": (1,)}, "n >", "bad-syntax"),
        ({"ceil": (1,)}, "1 > 0", "shadows-listed"),
    ],
)
def test_what_cannot_be_drawn_is_refused(spec: Spec, where: str | None, code: str) -> None:
    with pytest.raises(Refused) as caught:
        draw("i", 0, spec, where)
    assert caught.value.code == code


def test_no_condition_and_no_names() -> None:
    assert draw("i", 0, {}) == {}
    assert draw("i", 0, {"d": ("float16",)}, "d == float16") == {"d": "float16"}
