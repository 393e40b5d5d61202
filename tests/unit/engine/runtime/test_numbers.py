"""Number formats, against torch's own next and last numbers."""

from __future__ import annotations

import pytest
import torch
from measuring import measured, numbers, refusal

FLOATS = ("float16", "bfloat16", "float32", "float64")


def _patterns(dtype: torch.dtype) -> torch.Tensor:
    """Every number of a 16-bit format."""
    return torch.arange(-(2**15), 2**15, dtype=torch.int32).to(torch.int16).view(dtype).double()


@pytest.mark.parametrize("name", ["float16", "bfloat16"])
def test_limits_are_found_among_all_numbers_of_the_format(name: str) -> None:
    every = _patterns(getattr(torch, name))
    finite = every[torch.isfinite(every)]
    positive = finite[finite > 0].unique()
    above = positive[positive > 1][0]
    assert measured(f"largest({name})") == float(positive[-1])
    assert measured(f"lowest({name})") == float(finite.min())
    assert measured(f"smallest_subnormal({name})") == float(positive[0])
    assert measured(f"machine_epsilon({name})") == float(above) - 1
    normal = measured(f"smallest({name})")
    assert measured(f"largest_subnormal({name})") == float(positive[positive < normal][-1])
    gaps = positive.diff()
    assert gaps[positive[:-1] < normal].unique().numel() == 1  # subnormals are evenly spaced


@pytest.mark.parametrize("name", FLOATS)
def test_subnormals_end_where_normal_numbers_begin(name: str) -> None:
    sources = "{0}(%s) + smallest_subnormal(%s) == smallest(%s)".replace("%s", name)
    assert measured(sources.format("largest_subnormal")) is True
    info = torch.finfo(getattr(torch, name))
    assert measured(f"machine_epsilon({name})") == info.eps
    assert measured(f"2. ** (1 - significant_bits({name}))") == info.eps


@pytest.mark.parametrize("value", [0.0, 5e-324, 2.0**-1022, 1.0, 1.5, 2.0**52, 1e300])
def test_an_ulp_in_float64_is_the_distance_upwards(value: float) -> None:
    x = torch.tensor(value, dtype=torch.float64)
    expected = torch.nextafter(x, torch.tensor(torch.inf, dtype=torch.float64)) - x
    assert measured(f"ulp({value!r})") == float(expected)


def test_an_ulp_of_what_is_not_finite_is_nan() -> None:
    assert measured("isnan(ulp(1e10, float16)) if True else 0") is True
    assert str(numbers("ulp(tensor([inf, nan]))")) == "(nan, nan)"


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("largest(7)", "argument-dtype"),
        ("smallest(int8)", "dtype-unsupported"),
        ("largest_subnormal(int32)", "dtype-unsupported"),
        ("significant_bits(bool)", "dtype-unsupported"),
        ("ulp(tensor([1, 2]))", "dtype-unsupported"),
        ("quantize(ones(2), bits=0)", "argument-too-small"),
        ("quantize(ones(2).long())", "dtype-unsupported"),
        ("batch_norm(ones(3, 2), eps=0.0)", "argument-range"),
        ("batch_norm(ones(1, 2))", "spread-of-one"),
    ],
)
def test_what_is_no_number_format_is_refused(source: str, code: str) -> None:
    assert refusal(source).code == code
