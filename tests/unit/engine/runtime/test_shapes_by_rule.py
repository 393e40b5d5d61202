"""Shapes that are told by rule are those torch gives for real tensors."""

from __future__ import annotations

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from torch import nn

from engine.runtime.layer import in_sequence
from engine.runtime.work import shape_rule

_FLOATS = st.sampled_from([torch.float32, torch.float64])


def _agree(module: nn.Module, x: torch.Tensor) -> None:
    expected = module(x)
    found = shape_rule(module.to("meta"))(x.to("meta"))
    assert (found.shape, found.dtype) == (expected.shape, expected.dtype)
    assert found.is_meta


@given(data=st.data(), dtype=_FLOATS, axes=st.sampled_from([1, 2]), largest=st.booleans())
def test_a_window_s_places(
    data: st.DataObject, dtype: torch.dtype, axes: int, largest: bool
) -> None:
    def each(low: int, high: int) -> tuple[int, ...]:
        return tuple(data.draw(st.integers(low, high)) for _ in range(axes))

    kernel, stride, ceil = each(1, 5), each(1, 6), data.draw(st.booleans())
    padding = tuple(data.draw(st.integers(0, k // 2)) for k in kernel)
    gaps = each(1, 3) if largest else (1,) * axes
    sides = each(1, 14)
    reach = [(k - 1) * d + 1 for k, d in zip(kernel, gaps, strict=True)]
    assume(all(r <= a + 2 * p for r, a, p in zip(reach, sides, padding, strict=True)))
    name = f"{'Max' if largest else 'Avg'}Pool{axes}d"
    more = {"dilation": gaps} if largest else {}
    module = getattr(nn, name)(kernel, stride, padding, ceil_mode=ceil, **more)
    batch = data.draw(st.sampled_from([(), (2,)]))
    _agree(module, torch.zeros((*batch, 3, *sides), dtype=dtype))


@given(
    kind=st.sampled_from([nn.AdaptiveAvgPool2d, nn.AdaptiveMaxPool2d]),
    target=st.tuples(*[st.none() | st.integers(1, 9)] * 2) | st.integers(1, 9),
    sides=st.tuples(*[st.integers(1, 9)] * 2),
    dtype=_FLOATS,
)
def test_an_adaptive_target(
    kind: type[nn.Module],
    target: tuple[int | None, int | None] | int,
    sides: tuple[int, int],
    dtype: torch.dtype,
) -> None:
    _agree(kind(target), torch.zeros((2, 3, *sides), dtype=dtype))


def test_an_adaptive_target_along_a_sequence() -> None:
    _agree(nn.AdaptiveAvgPool1d(3), torch.zeros(2, 4, 7))


def test_an_input_that_needs_a_closer_look_is_torch_s() -> None:
    with pytest.raises(RuntimeError):
        shape_rule(nn.MaxPool2d(2))(torch.zeros(1, 0, 4, 4, device="meta"))
    _agree(nn.MaxPool2d(2), torch.zeros(0, 1, 4, 4))


def test_a_chain_is_torch_s_own() -> None:
    parts = [nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1)]
    made, expected = in_sequence(parts), nn.Sequential(*parts)
    assert repr(made) == repr(expected)
    assert list(made.state_dict()) == list(expected.state_dict())
    x = torch.ones(4, 2)
    assert torch.equal(made(x), expected(x))
    assert in_sequence(parts)._modules is not made._modules
