"""Expressions are shown with the draw's values, as code and as formulas."""

from __future__ import annotations

import ast
import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.expression import Refused, evaluate_scalar, filled, parse
from engine.values import DtypeValue

NAMES = {
    "k": 3, "c_in": 3, "c_out": 64, "bias": False, "deep": True, "n": 32, "s": 2, "p": 1,
    "dt": "float16", "lr": 0.1, "low": -2, "shape": (1, 3, 32, 32), "big": 150_528,
    "mode": "same", "kind": DtypeValue("bfloat16"), "object": object(),
}  # fmt: skip
LETS = {
    "layer": "Conv2d(c_in, c_out, k, bias=bias)",
    "model": "torch.nn.Sequential(layer, ReLU(), Residual(Linear(n*n*c_out, 10)))",
    "x": "tensor([12., -11.], dtype=dt)",
    "object": "zeros(s, s)",
}

LAYER = "nn.Conv2d(3, 64, 3, bias=False)"


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("layer", "nn.Conv2d(3, 64, 3, bias=False)"),
        ("Conv2d(c_in, c_out, k, padding=mode)", "nn.Conv2d(3, 64, 3, padding='same')"),
        (
            "model",
            f"nn.Sequential({LAYER}, nn.ReLU(), Residual(nn.Linear(65536, 10)))",
        ),
        ("layer(x)[0]", "nn.Conv2d(3, 64, 3, bias=False)(tensor([12.0, -11.0], dtype=float16))[0]"),
        ("F.softmax(x / n)", "F.softmax(tensor([12.0, -11.0], dtype=float16) / 32)"),
        ("parameters(layer)", "parameters(nn.Conv2d(3, 64, 3, bias=False))"),
        ("object.sum()", "zeros(2, 2).sum()"),
        ("zeros(1, c_in, 2*n, dtype=kind)", "zeros(1, 3, 64, dtype=bfloat16)"),
        ("step(SGD(lr=lr/10))", "step(SGD(lr=0.01))"),
        ("full(shape, 1/3)", "full((1, 3, 32, 32), 1 / 3)"),
        ("full(shape[1:], inf)", "full((1, 3, 32, 32)[1:], inf)"),
        ("zeros(shape[2], ceil(n / 3), max(k, 5))", "zeros(32, 11, 5)"),
        ("q[1:, None, low]", "q[1:, None, -2]"),
        ("pool(k) if n > 16 and deep else pool(s)", "pool(3)"),
        ("low ** 2 * q", "4 * q"),
        ("q ** low", "q ** (-2)"),
        ("k*k*c_in*c_out + (c_out if bias else 0)", "1728"),
        ("Linear(n, n, bias=not bias)", "nn.Linear(32, 32, bias=True)"),
        ("torch.float16", "torch.float16"),
    ],
)
def test_code(source: str, code: str) -> None:
    assert filled(source, NAMES, LETS, pytorch=True) == code
    assert ast.dump(parse(code)) == ast.dump(ast.parse(code, mode="eval").body)


@pytest.mark.parametrize(
    ("source", "with_values", "with_names"),
    [
        (
            "k*k*c_in*c_out + (c_out if deep else 0)",
            "3 · 3 · 3 · 64 + 64",
            "k · k · c_in · c_out + (c_out if deep else 0)",
        ),
        (
            "k*k*c_in*c_out + (c_out if bias else 0)",
            "3 · 3 · 3 · 64",
            "k · k · c_in · c_out + (c_out if bias else 0)",
        ),
        ("(2 if deep else 1) * n / (1 if deep else 2)", "2 · 32", None),
        ("floor((n + 2*p - k) / s) + 1", "⌊(32 + 2 · 1 - 3) / 2⌋ + 1", "⌊(n + 2 · p - k) / s⌋ + 1"),
        ("(n + 2*p - k)//s + 1", "⌊(32 + 2 · 1 - 3) / 2⌋ + 1", "⌊(n + 2 · p - k) / s⌋ + 1"),
        ("ceil(n / s) * abs(low)", "⌈32 / 2⌉ · |-2|", "⌈n / s⌉ · |low|"),
        ("n % s != 0 and k >= 2", "32 mod 2 ≠ 0 and 3 ≥ 2", "n mod s ≠ 0 and k ≥ 2"),
        ("low**2 + k - low", "(-2)² + 3 - (-2)", "low² + k - low"),
        ("-k**2 + (-k)**2", "-3² + (-3)²", "-k² + (-k)²"),
        ("2**20 * n**-1 * lr**k * 2**k", "2²⁰ · 32⁻¹ · 0.1³ · 2³", "2²⁰ · n⁻¹ · lr^k · 2^k"),
        ("shape[2] * big", "32 · 150,528", "shape[2] · big"),
        ("max(big, k) * deep", "max(150528, 3) · 1", "max(big, k) · deep"),
        ("sqrt(n) + sqrt(n*2) + log(n) + log2(n)", "√32 + √(32 · 2) + ln(32) + log₂(32)", None),
        ("n - (k + p) + (k - p)", "32 - (3 + 1) + 3 - 1", "n - (k + p) + k - p"),
        ("n / (k * p) * (s * s)", "32 / (3 · 1) · 2 · 2", "n / (k · p) · s · s"),
        ("2 * pi * inf", "2 · π · ∞", "2 · π · ∞"),
        ("parameters(layer) + 2*k", "parameters(nn.Conv2d(3, 64, 3, bias=False)) + 2 · 3", None),
        ("not (deep or bias)", "not (True or False)", "not (deep or bias)"),
        ("(n, k*k, 20000)", "(32, 3 · 3, 20000)", "(n, k · k, 20000)"),
        ("exp(-n / 2.0)", "exp(-32 / 2)", "exp(-n / 2)"),
        ("q[:, 1]", "q[:, 1]", "q[:, 1]"),
    ],
)
def test_formula(source: str, with_values: str, with_names: str | None) -> None:
    assert filled(source, NAMES, LETS, pytorch=False) == with_values
    if with_names is not None:
        assert filled(source, {}, pytorch=False) == with_names


def test_a_wrong_expression_is_refused_here_too() -> None:
    with pytest.raises(Refused, match="bad-syntax"):
        filled("1 +", {}, pytorch=True)


def test_trees_in_the_cache_stay_as_they_are() -> None:
    before = {source: ast.dump(parse(source)) for source in LETS.values()}
    for source in LETS:
        filled(source, NAMES, LETS, pytorch=True)
        filled(source, NAMES, LETS, pytorch=False)
    assert before == {source: ast.dump(parse(source)) for source in LETS.values()}


FORMULAS = st.recursive(
    st.sampled_from(["k", "n", "low", "deep", "bias", "lr", "2", "7", "0"]),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["+", "-", "*"]), inner),
        st.builds("(-{})".format, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("({} < {})".format, inner, inner),
        st.builds("({} and {})".format, inner, inner),
        st.builds("max({}, {})".format, inner, inner),
        st.builds("({})**2".format, inner),
    ),
    max_leaves=12,
)
_ASCII = str.maketrans({"·": "*", "²": "**2"})


@settings(max_examples=200, deadline=60_000)
@given(FORMULAS)
def test_what_is_shown_has_the_value_of_what_was_written(source: str) -> None:
    try:
        value = evaluate_scalar(source, NAMES)  # type: ignore[arg-type]
    except Refused:
        return
    for pytorch in (True, False):
        shown = filled(source, NAMES, pytorch=pytorch)
        result = evaluate_scalar(re.sub(r"(?<=\d),(?=\d)", "", shown).translate(_ASCII), {})
        assert isinstance(result, int | float)
        assert isinstance(value, int | float)
        assert math.isclose(result, value, rel_tol=1e-12)
