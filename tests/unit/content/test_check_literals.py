"""Which digits count as typed numbers."""

from __future__ import annotations

import pytest

from content.checks.literals import _value, typed_numbers
from content.text import render


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("It has 1792 weights.", ["1792"]),
        ("共 1,792 个权重", ["1,792"]),
        ("A 3x3 kernel on 100×100", ["3", "3", "100", "100"]),
        ("64x32x32", ["64", "32", "32"]),
        ("float16, bfloat16, int8", []),
        ("LeNet-5 and ResNet-50, VGG-16, CIFAR-10", []),
        ("Conv2d, 2D, 1d", []),
        ("C3 and S4", []),
        ("`x[3]` and $k^2 + 1$", []),
        ("```python\nx = 3\n```", []),
        ("{{ parameters(Conv2d(3, 64, 3)) }} weights", []),
        ("Either (1) or (2) holds", []),
        ("1. first\n2. second", []),
        ("about 12.5% of 0.1", ["12.5", "0.1"]),
        ("**7** layers, *8* heads", ["7", "8"]),
        ("| a | b |\n|---|---|\n| 5 | x |", ["5"]),
        ("- one\n- has 9", ["9"]),
        ("> quoted 6", ["6"]),
        ("共１２个", ["１２"]),
        ("no digits, two kinds", []),
    ],
)
def test_typed_numbers(text: str, numbers: list[str]) -> None:
    assert [typed.digits for typed in typed_numbers(render(text, {}, "en"))] == numbers


@pytest.mark.parametrize(
    ("digits", "value"),
    [("1,792", 1792), ("1，792", 1792), ("0.5", 0.5), ("3.0", 3), ("１２", 12), ("1,2", "1,2")],
)
def test_the_number_meant(digits: str, value: object) -> None:
    assert _value(digits) == value
