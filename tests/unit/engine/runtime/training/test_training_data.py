"""Data sets: classes in their shares, ranges, the same for the same seed, and what changes them."""

from __future__ import annotations

import math
import time

import pytest
import torch
from runs import data_of, found, refused_code

from engine import limits
from engine.library import Site
from engine.runtime.library import LIBRARY
from engine.runtime.training.data import Data

MAKERS = ("make_rings(64)", "make_spirals(64)", "make_xor(64)", "make_blobs(60)",
          "make_gaussians((40, 20))", "make_curve(20)", "make_linear(20, 3)", "make_sums(20, 5)",
          "make_digits(20)", "make_digits(20, 'medium')", "make_digits(20, 'hard')")  # fmt: skip


@pytest.mark.parametrize("maker", MAKERS)
def test_the_same_place_and_seed_make_the_same_data(maker: str) -> None:
    first, again = _both(maker, 3), _both(maker, 3)
    assert first == again
    assert _both(maker, 4) != first
    seeded = f"{maker[:-1]}, seed=5)"
    assert _both(seeded, 1) == _both(seeded, 2)


def _both(maker: str, seed: int) -> tuple[object, ...]:
    return found("inputs_of(d)", "targets_of(d)", seed=seed, d=maker).values


@pytest.mark.parametrize("maker", MAKERS)
def test_inputs_are_finite_and_of_one_length_with_targets(maker: str) -> None:
    told = found(
        "len(d)", "len(inputs_of(d))", "len(targets_of(d))", "isnan(inputs_of(d)).any()", d=maker
    )
    assert told.number(0) == told.number(1) == told.number(2)
    assert told.number(3) == 0


@pytest.mark.parametrize(
    ("maker", "counts"),
    [
        ("make_rings(101)", (51, 50)),
        ("make_spirals(64)", (32, 32)),
        ("make_xor(64)", (32, 32)),
        ("make_blobs(100, 10)", (10,) * 10),
        ("make_gaussians((980, 20, 5))", (980, 20, 5)),
        ("oversampled(make_gaussians((30, 7, 2)))", (30, 30, 30)),
        ("undersampled(make_gaussians((30, 7, 2)))", (2, 2, 2)),
        ("shuffled_labels(make_gaussians((30, 7)))", (30, 7)),
        ("joined_data(make_rings(10), make_rings(20))", (15, 15)),
        ("first_samples(make_rings(10), 4)", (2, 2)),
    ],
)
def test_class_counts(maker: str, counts: tuple[int, ...]) -> None:
    assert found(f"class_counts({maker})").values[0] == counts


def test_digits_are_ten_classes_between_black_and_white() -> None:
    told = found("class_counts(d)", "min(inputs_of(d))", "max(inputs_of(d))", "shape(inputs_of(d))",
                 d="make_digits(2000)")  # fmt: skip
    assert all(150 <= n <= 250 for n in told.numbers(0))
    assert (told.number(1), told.number(2)) == (0.0, 1.0)
    assert told.values[3] == (2000, 1, 28, 28)


def test_harder_digits_are_less_like_their_class() -> None:
    """The nearest class mean recognises fewer of the harder digits, and never too few."""
    rights = []
    for difficulty in ("easy", "medium", "hard"):
        made = LIBRARY["make_digits"].call(2000, difficulty, seed=1, site=Site(0, "", 1))
        assert isinstance(made, Data)
        x, y = made.x.flatten(1), made.y
        means = torch.stack([x[y == k].mean(0) for k in range(10)])
        rights.append(float((torch.cdist(x, means).argmin(1) == y).float().mean()))
    assert rights[0] > rights[1] > rights[2] > 0.2
    assert rights[0] > 0.6


def test_five_thousand_digits_take_a_blink() -> None:
    found("len(make_digits(100))")
    start = time.process_time()
    found("len(make_digits(5000))")
    assert time.process_time() - start < 0.6  # a third of it on an idle machine


def test_rings_are_where_they_should_be() -> None:
    radius = [math.hypot(*point) for point in data_of("inputs_of(make_rings(200, noise=0.0))")]  # type: ignore[misc]
    assert all(math.isclose(r, 0.5 + 0.7 * (n % 2), rel_tol=1e-5) for n, r in enumerate(radius))


def test_linear_data_has_the_scales_and_means_that_were_asked_for() -> None:
    made = "make_linear(4000, 2, scales=(1, 1000), means=(0, 3000), noise=0.0)"
    told = found("mean(inputs_of(d), 0)", "std(inputs_of(d), 0)", d=made)
    means, spreads = told.numbers(0), told.numbers(1)
    assert abs(means[0]) < 0.1
    assert abs(means[1] - 3000) < 100
    assert abs(spreads[0] - 1) < 0.05
    assert abs(spreads[1] - 1000) < 50


def test_a_validation_set_is_standardised_by_the_training_set() -> None:
    train, held = (
        "make_linear(100, 2, means=50.0, seed=1)",
        "make_linear(60, 2, means=80.0, seed=2)",
    )
    told = found("mean(inputs_of(standardised(a)))", "std(inputs_of(standardised(a)), 0)",
                 "inputs_of(standardised(b, like=a))",
                 "(inputs_of(b) - mean(inputs_of(a), 0)) / std(inputs_of(a), 0)",
                 "min(inputs_of(min_max(a)))", "max(inputs_of(min_max(a)))",
                 "max(inputs_of(min_max(b, a))) > 2", a=train, b=held)  # fmt: skip
    assert abs(told.number(0)) < 1e-5
    assert all(abs(spread - 1) < 1e-5 for spread in told.numbers(1))
    assert told.values[2] == told.values[3]
    assert (told.number(4), told.number(5)) == (0.0, 1.0)
    assert told.number(6) == 1.0


def test_a_feature_that_never_changes_becomes_zero() -> None:
    told = found("inputs_of(standardised(d))[:, 0]", "inputs_of(min_max(d))[:, 0]",
                 d="scaled_data(make_curve(3), 0.0, 7.0)")  # fmt: skip
    assert told.numbers(0) + told.numbers(1) == (0.0,) * 6


def test_flipped_labels_are_all_wrong_and_no_others() -> None:
    told = found("sum(targets_of(f) != targets_of(d))", "max(targets_of(f))",
                 "inputs_of(f) == inputs_of(d)",
                 d="make_blobs(90, 3, seed=1)", f="flipped_labels(d, 30)")  # fmt: skip
    assert told.number(0) == 30
    assert told.number(1) == 2


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("make_rings(1)", "argument-too-small"),
        ("make_rings(10**9)", "argument-too-large"),
        (f"make_blobs({limits.SAMPLES}, 3, 10000)", "too-many-elements"),
        (f"make_digits({limits.SAMPLES})", "too-many-elements"),
        ("make_digits(10, 'harder')", "argument-word"),
        ("make_rings(noise=nan)", "argument-range"),
        ("make_rings(noise=-1)", "argument-range"),
        ("make_gaussians((0, 5))", "argument-too-small"),
        ("make_gaussians(5)", "argument-counts"),
        ("make_gaussians((150000, 150000))", "argument-too-large"),
        ("make_linear(10, 3, scales=(1, 2))", "argument-length"),
        ("make_linear(10, 3, scales='a')", "argument-number"),
        ("make_curve(low=1.0, high=0.0)", "argument-range"),
        ("make_sums(200000, 10000)", "too-many-elements"),
        ("inputs_of(3)", "argument-data"),
        ("class_counts(make_curve())", "data-without-classes"),
        ("oversampled(make_curve())", "data-without-classes"),
        ("first_samples(make_rings(10), 11)", "data-too-few"),
        ("flipped_labels(make_rings(10), 11)", "data-too-few"),
        ("joined_data(make_rings(10), make_curve())", "data-differ"),
        ("standardised(make_rings(10), make_curve())", "data-differ"),
        ("make_rings(10) + 1", "cannot-calculate"),
        ("make_rings(10)[0]", "cannot-index"),
        ("chebyshev(tensor([2.0]), 3)", "argument-range"),
        ("chebyshev(zeros(2, 2), 3)", "wrong-shape"),
    ],
)
def test_what_cannot_be_is_refused(source: str, code: str) -> None:
    start = time.process_time()
    assert refused_code(source) == code
    assert time.process_time() - start < 2
