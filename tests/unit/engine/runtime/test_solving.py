"""Matrices against torch.linalg, and what they are asked to refuse."""

from __future__ import annotations

import pytest
import torch
from measuring import measured, numbers, refusal

_MATRIX = "tensor([[4., 1., 0.], [1., 3., 1.], [0., 1., 2.]], dtype=float64)"
_TORCH = torch.tensor([[4.0, 1.0, 0.0], [1.0, 3.0, 1.0], [0.0, 1.0, 2.0]], dtype=torch.float64)


@pytest.mark.parametrize("name", ["eigvalsh", "svdvals", "cond"])
def test_values_are_torchs(name: str) -> None:
    ours = torch.tensor(numbers(f"{name}({_MATRIX})"), dtype=torch.float64)
    torch.testing.assert_close(ours, getattr(torch.linalg, name)(_TORCH))


def test_least_squares_solves_the_normal_equations() -> None:
    lets = {"a": "randn(9, 3, dtype=float64)", "b": "randn(9, 2, dtype=float64)"}
    residual = numbers("abs(a.T @ (a @ lstsq(a, b) - b)).max()", **lets)
    assert isinstance(residual, float)
    assert residual < 1e-12


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("cond(zeros(2000, 2000))", "too-much-work"),
        ("eigvalsh(zeros(2, 3))", "wrong-shape"),
        ("cond(zeros(0, 3))", "wrong-shape"),
        ("lstsq(eye(2), ones(2, dtype=float64))", "dtypes-differ"),
        ("lstsq(eye(2), ones(3))", "wrong-shape"),
    ],
)
def test_what_cannot_be_solved_is_refused(source: str, code: str) -> None:
    assert refusal(source).code == code


def test_a_frozen_model_keeps_its_weights() -> None:
    lets = {"m": "Sequential(Linear(3, 4), ReLU(), Linear(4, 2))", "f": "frozen(m)"}
    assert measured("parameters(f)", **lets) == 26
    assert measured("trainable(f)", **lets) == 0
    assert measured("trainable(m)", **lets) == 26
    assert numbers("abs(f(ones(1, 3)) - m(ones(1, 3))).max()", **lets) == 0.0
    assert measured("trainable(Sequential(f, Linear(2, 5)))", **lets) == 15
