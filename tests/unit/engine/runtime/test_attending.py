"""Attention by hand against torch's own, masks, heads and positions."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from measuring import measured, numbers, refusal
from torch import nn
from torch.nn import functional

TOLERANCE = {"float64": 1e-12, "float32": 1e-5, "float16": 4e-3}


def flat(data: object) -> list[float]:
    if isinstance(data, tuple):
        return [x for part in data for x in flat(part)]
    assert isinstance(data, (bool, int, float))
    return [data]


def drawn(shape: tuple[int, ...], seed: int, dtype: torch.dtype) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


MASKS = [
    ("", {}),
    (", is_causal=True", {"is_causal": True}),
    (", scale=0.3", {"scale": 0.3}),
    (", attn_mask=causal_mask(3, 5)", {"attn_mask": torch.ones(3, 5, dtype=torch.bool).tril()}),
    (", attn_mask=padding_mask(tensor([4, 2]), 5).reshape(2, 1, 1, 5)",
     {"attn_mask": torch.tensor([[1, 1, 1, 1, 0], [1, 1, 0, 0, 0]]).bool()[:, None, None]}),
    (", attn_mask=randn(3, 5, seed=9, dtype=dtype)", {"attn_mask": "drawn"}),
    # A query that sees nothing.
    (", attn_mask=padding_mask(tensor([4, 0]), 5).reshape(2, 1, 1, 5)",
     {"attn_mask": torch.tensor([[1, 1, 1, 1, 0], [0, 0, 0, 0, 0]]).bool()[:, None, None]}),
]  # fmt: skip


@pytest.mark.parametrize("dtype", list(TOLERANCE))
@pytest.mark.parametrize(("rest", "asked"), MASKS)
def test_attention_and_its_gradient_are_torchs(
    rest: str, asked: dict[str, Any], dtype: str
) -> None:
    kind = getattr(torch, dtype)
    sizes = {"q": (2, 4, 3, 6), "k": (2, 4, 5, 6), "v": (2, 4, 5, 7)}
    q, k, v = (drawn(size, i, kind).requires_grad_() for i, size in enumerate(sizes.values()))
    lets: dict[str, Any] = {name: f"randn({', '.join(map(str, size))}, seed={i}, dtype={dtype})"
            for i, (name, size) in enumerate(sizes.items())}  # fmt: skip
    asked = dict(asked)
    if asked.get("attn_mask") == "drawn":
        asked["attn_mask"] = drawn((3, 5), 9, kind)
    rest = rest.replace("dtype=dtype", f"dtype={dtype}")
    expected = functional.scaled_dot_product_attention(q, k, v, **asked)
    source = f"scaled_dot_product_attention(q, k, v{rest})"
    kept = TOLERANCE[dtype]
    assert flat(numbers(source, **lets)) == pytest.approx(
        expected.flatten().tolist(), rel=kept, abs=kept
    )
    slope = torch.autograd.grad(expected.sum(), k)[0].flatten().tolist()
    found = flat(numbers(f"gradient(sum({source}), k)", **lets))
    assert found == pytest.approx(slope, rel=5 * kept, abs=5 * kept)
    rows = flat(numbers(f"attention_weights(q, k{rest}).sum(-1)", **lets))
    seen = 1.0 if "tensor([4, 0])" not in rest else None
    assert all(math.isclose(row, 1.0, abs_tol=kept) for row in rows) or seen is None


def test_many_heads_are_torchs() -> None:
    """Projections, heads apart, attention, heads together, projection: the layer's output."""
    torch.manual_seed(0)
    layer = nn.MultiheadAttention(4, 2, batch_first=True, dtype=torch.float64)
    x = drawn((2, 3, 4), 5, torch.float64)
    blocked = torch.ones(3, 3, dtype=torch.bool).triu(1)
    with torch.no_grad():
        expected = layer(x, x, x, attn_mask=blocked)[0].flatten().tolist()
    w, u = layer.in_proj_weight.tolist(), layer.out_proj.weight.tolist()
    lets: dict[str, Any] = {
        "x": "randn(2, 3, 4, seed=5, dtype=float64)",
        "w": f"tensor({w}, dtype=float64)",
        "u": f"tensor({u}, dtype=float64)",
        "q": "split_heads(x @ w[0:4].T, 2)",
        "k": "split_heads(x @ w[4:8].T, 2)",
        "v": "split_heads(x @ w[8:12].T, 2)",
    }
    found = numbers("join_heads(attention(q, k, v, causal_mask(3))) @ u.T", **lets)
    assert flat(found) == pytest.approx(expected, rel=1e-10)


def test_masks() -> None:
    assert numbers("causal_mask(2, 3)") == ((True, False, False), (True, True, False))
    assert numbers("causal_mask(2, marks='blocked')") == ((False, True), (False, False))
    assert numbers("padding_mask(tensor([1, 2]), 3)") == (
        (True, False, False), (True, True, False))  # fmt: skip
    assert numbers("padding_mask(tensor([1]), 2, marks='blocked')") == ((False, True),)


def test_heads_apart_and_together() -> None:
    assert numbers("split_heads(arange(8).reshape(2, 4), 2)") == (
        ((0, 1), (4, 5)), ((2, 3), (6, 7)))  # fmt: skip
    assert measured("equal(join_heads(split_heads(x, 4)), x)", x="randn(2, 3, 8)") is True


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        # adv.attention
        ("attention_weights(tensor([[1., 0.]]), eye(2))", [0.66976, 0.33024]),
        ("attention(tensor([[1., 0.]]), eye(2), 10 * eye(2))", [6.6976, 3.3024]),
        ("attention_scores(tensor([[1., 0.]]), eye(2), scale=1)", [1.0, 0.0]),
        # adv.positional
        ("positional_encoding(2, 4)[1]", [0.84147, 0.54030, 0.0100, 0.99995]),
        ("positional_encoding(1, 5)", [0.0, 1.0, 0.0, 1.0, 0.0]),
        ("positional_encoding(2, 4, form='halves')[1]", [0.84147, 0.0100, 0.54030, 0.99995]),
        # Large scores do not overflow.
        ("attention_weights(tensor([[1e4, 0.]]), 1e3 * eye(2))", [1.0, 0.0]),
        ("attention(ones(1, 1), ones(1, 1), tensor([[7.]]))", [7.0]),
    ],
)
def test_worked_numbers(source: str, expected: list[float]) -> None:
    assert flat(numbers(source)) == pytest.approx(expected, abs=5e-5)


def test_positions_follow_the_formula() -> None:
    found = numbers("positional_encoding(50, 6, dtype=float64)")
    assert isinstance(found, tuple)
    for place, row in enumerate(found):
        for column, entry in enumerate(row):
            angle = place / 10000 ** ((column - column % 2) / 6)
            expected = math.cos(angle) if column % 2 else math.sin(angle)
            assert entry == pytest.approx(expected, abs=1e-12)


def test_attention_does_not_know_order() -> None:
    """Permuting the inputs permutes the outputs."""
    source = "allclose(attention(x[p], x[p], x[p]), attention(x, x, x)[p], atol=1e-6)"
    assert measured(source, x="randn(5, 4, seed=1)", p="tensor([3, 1, 4, 0, 2])") is True


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("attention(zeros(2, 3), zeros(2, 4), zeros(2, 3))", "matrix-sizes"),
        ("attention(zeros(2, 3), zeros(4, 3), zeros(5, 3))", "matrix-sizes"),
        ("attention(zeros(3), zeros(3), zeros(3))", "wrong-shape"),
        ("attention(tensor([[1]]), tensor([[1]]), tensor([[1]]))", "dtype-unsupported"),
        ("attention(zeros(2, 3), zeros(2, 3), zeros(2, 3), dropout_p=0.5)", "argument-range"),
        ("attention_weights(zeros(2, 3), zeros(2, 3), ones(3, 3) > 0)", "shapes-do-not-broadcast"),
        ("attention_weights(zeros(2, 3), zeros(2, 3), ones(5, 2, 2))", "wrong-shape"),
        ("attention(zeros(50000, 1), zeros(50000, 1), zeros(50000, 1))", "too-many-elements"),
        ("causal_mask(10**5)", "too-many-elements"),
        ("causal_mask(0)", "argument-too-small"),
        ("padding_mask(tensor([3]), 2)", "argument-range"),
        ("padding_mask(tensor([1.5]))", "wrong-shape"),
        ("padding_mask(tensor([10**9]))", "too-many-elements"),
        ("split_heads(zeros(2, 10), 3)", "heads-do-not-divide"),
        ("split_heads(zeros(4), 2)", "wrong-shape"),
        ("join_heads(zeros(2, 4))", "wrong-shape"),
        ("positional_encoding(10**5, 10**5)", "too-many-elements"),
        ("positional_encoding(3, 5, form='halves')", "heads-do-not-divide"),
        ("positional_encoding(3, 4, base=0.)", "argument-range"),
    ],
)
def test_what_does_not_fit_is_refused(source: str, code: str) -> None:
    assert refusal(source).code == code
