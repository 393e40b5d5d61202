"""A walk tells a leaf what an equal one found: only where it would have found the same."""

from __future__ import annotations

import pytest
import torch
from measuring import outcome, refusal
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from engine.expression import Evaluator
from engine.protocol import LayerRow, Measured
from engine.refusal import Refused
from engine.runtime.arithmetic import TensorArithmetic
from engine.runtime.layer import Layer
from engine.runtime.library import LIBRARY
from engine.runtime.walking import leaves, walk


def _rows(model: str, shape: tuple[int, ...]) -> tuple[LayerRow, ...]:
    found = outcome(f"macs({model}, {shape})", trace=True)
    assert isinstance(found, Measured), found
    assert found.trace is not None
    return found.trace.layers


def _twin(model: str) -> nn.Module:
    layer = Evaluator(LIBRARY, {}, TensorArithmetic()).evaluate(model)
    assert isinstance(layer, Layer)
    return layer.twin


def _by_torch(model: str, shape: tuple[int, ...]) -> list[tuple[tuple[int, ...], int]]:
    """Output shapes and multiply-accumulates of the leaves of a chain, with real weights."""
    x, found = torch.zeros(shape), []
    for layer in eval(model, {"nn": nn}).eval():
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            x = layer(x)
        found.append((tuple(x.shape), counter.get_total_flops() // 2))
    return found


@pytest.mark.parametrize(
    ("model", "shape"),
    [
        (("nn.Sequential(nn.Conv2d(3, 3, 3, padding=1), nn.Conv2d(3, 3, 3, padding=1), "
         "nn.MaxPool2d(2), nn.Conv2d(3, 3, 3, padding=1), nn.MaxPool2d(2))"), (2, 3, 16, 16)),
        (("nn.Sequential(nn.Conv2d(2, 2, 3), nn.BatchNorm2d(2), nn.ReLU(), nn.Conv2d(2, 2, 3), "
         "nn.BatchNorm2d(2), nn.ReLU(), nn.Flatten(), nn.Linear(8, 8), nn.Linear(8, 8))"),
         (1, 2, 6, 6)),
        ("nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4), nn.Softmax(dim=-1))", (5, 7, 4)),
    ],
)  # fmt: skip
def test_equal_leaves_each_have_their_row(model: str, shape: tuple[int, ...]) -> None:
    rows = _rows(model, shape)
    assert [(row.output_shape, row.macs) for row in rows] == _by_torch(model, shape)
    assert len({row.path for row in rows}) == len(rows)


def test_an_equal_leaf_in_another_dtype_is_another() -> None:
    mixed = "Sequential(Linear(2, 2), half(Linear(2, 2)))"
    assert refusal(f"macs({mixed}, zeros(1, 2))").code == "input-dtype"


def test_an_equal_leaf_refuses_an_input_that_the_first_one_took() -> None:
    shrinking = "Sequential(Conv2d(1, 1, 3), Conv2d(1, 1, 3), Conv2d(1, 1, 3))"
    assert refusal(f"macs({shrinking}, (1, 1, 6, 6))").code == "kernel-larger-than-input"


@pytest.mark.parametrize("side", [6, 8])
def test_a_twin_is_left_as_it_was(side: int) -> None:
    twin = _twin("Sequential(Conv2d(1, 1, 3), Conv2d(1, 1, 3), Conv2d(1, 1, 3))")
    x = torch.empty(1, 1, side, side, device="meta")
    before = {leaf: dict(vars(leaf)) for leaf, _ in leaves(twin)}
    if side == 6:
        with pytest.raises(Refused):
            walk(twin, (x,), counted=True)
    else:
        assert walk(twin, (x,), counted=True).output == (1, 1, 2, 2)
    assert {leaf: dict(vars(leaf)) for leaf, _ in leaves(twin)} == before


def test_twins_share_no_place_for_hooks() -> None:
    leaf = next(leaf for leaf, _ in leaves(_twin("Sequential(Linear(2, 2), Linear(2, 2))")))
    with pytest.raises(TypeError):
        leaf.register_forward_hook(lambda *_: None)
