"""Measured values as JSON and as text: exact, ungrouped, harmless."""

from __future__ import annotations

import json
import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.values import json_value, overflown, printable, short_value, shortest, text_value
from engine.protocol import Failure, FailureKind, Skipped
from engine.values import DtypeValue, LayerValue, TensorValue, Value

HALF = TensorValue("float16", (2,), (0.73095703125, 0.26904296875))


@pytest.mark.parametrize(
    ("value", "text", "data"),
    [
        (1792, "1792", 1792),
        (138357544, "138357544", 138357544),
        (0.1 + 0.2, "0.30000000000000004", 0.1 + 0.2),
        (math.nan, "nan", "nan"),
        (-math.inf, "-inf", "-inf"),
        (True, "True", True),
        (None, "None", None),
        ((1, 64, 32, 32), "(1, 64, 32, 32)", [1, 64, 32, 32]),
        ((5,), "(5,)", [5]),
        ((), "()", []),
        (LayerValue("nn.ReLU()"), "nn.ReLU()", "nn.ReLU()"),
        (DtypeValue("float16"), "float16", "float16"),
        ("same", "same", "same"),
        (HALF, "tensor([0.731, 0.269], dtype=float16)", [0.73095703125, 0.26904296875]),
        (TensorValue("float32", (), 0.5), "tensor(0.5, dtype=float32)", 0.5),
        (TensorValue("bool", (2,), (True, False)), "tensor([ True, False], dtype=bool)", None),
        (TensorValue("float32", (0, 3), ()), "tensor([], shape=(0, 3), dtype=float32)", []),
        (
            TensorValue("int64", (2, 2), ((1, 20), (300, 4))),
            "tensor([[  1,  20],\n        [300,   4]], dtype=int64)",
            [[1, 20], [300, 4]],
        ),
        ((HALF, 1), "(tensor([0.731, 0.269], dtype=float16), 1)", None),
        (
            TensorValue("float64", (3,), (math.nan, math.inf, -math.inf)),
            "tensor([ nan,  inf, -inf], dtype=float64)",
            ["nan", "inf", "-inf"],
        ),
    ],
)
def test_a_value_as_text_and_as_json(value: Value, text: str, data: object) -> None:
    assert text_value(value) == text
    if data is not None:
        assert json_value(value) == data
    json.dumps(json_value(value), allow_nan=False)


def digits(text: str) -> int:
    return len(text.strip("-").partition("e")[0].replace(".", "").strip("0"))


@given(st.floats(width=16, allow_nan=False))
def test_the_digits_shown_name_the_value_in_float16(value: float) -> None:
    shown = float(shortest(value, "float16"))
    assert math.isinf(value) or struct.pack("e", shown) == struct.pack("e", value)
    if not value.is_integer():
        assert digits(shortest(value, "float16")) <= 5


@given(st.floats(width=32, allow_nan=False))
def test_the_digits_shown_name_the_value_in_float32(value: float) -> None:
    assert struct.pack("f", float(shortest(value, "float32"))) == struct.pack("f", value)


@given(st.integers(0, 0xFFFF))
def test_the_digits_shown_name_the_value_in_bfloat16(high: int) -> None:
    (value,) = struct.unpack("f", struct.pack("I", high << 16))
    text = shortest(value, "bfloat16")
    if math.isnan(value) or math.isinf(value):
        assert text in ("nan", "inf", "-inf")
        return
    bits = struct.unpack("I", struct.pack("f", float(text)))[0]
    assert abs(bits - (high << 16)) <= 0x8000
    if not value.is_integer():
        assert digits(text) <= 4


def test_few_digits_where_few_are_enough() -> None:
    assert shortest(struct.unpack("f", struct.pack("f", 0.1))[0], "float32") == "0.1"
    assert shortest(65504.0, "float16") == "65504.0"
    assert shortest(float(2**24 - 1), "float32") == "16777215.0"
    assert shortest(3.3895313892515355e38, "bfloat16") == "3.39e+38"
    assert shortest(0.1, "float64") == "0.1"


def test_a_large_tensor_shows_its_edges_and_shape() -> None:
    rows = tuple(tuple(float(40 * r + c) for c in range(40)) for r in range(40))
    text = text_value(TensorValue("float32", (40, 40), rows))
    assert text.count("\n") == 6
    assert "…" in text
    assert "1599.0" in text
    assert text.endswith("shape=(40, 40), dtype=float32)")


def test_long_rows_are_wrapped() -> None:
    text = text_value(TensorValue("int64", (100,), tuple(range(100))))
    assert all(len(line) <= 82 for line in text.splitlines())
    assert [int(word.strip("tensor([ ])")) for word in text.partition("],")[0].split(",")] == [
        *range(100)
    ]


def test_nothing_a_terminal_obeys_is_shown() -> None:
    assert printable("\x1b[31m红\u202e\x07") == "\\x1b[31m红\\u202e\\x07"
    assert "\x1b" not in text_value("\x1b]0;title\x07")
    assert printable("plain 文字") == "plain 文字"


def test_one_line_of_anything() -> None:
    assert short_value(1792) == "1792"
    assert short_value(HALF) == "tensor([0.731, 0.269], dtype=float16)"
    assert short_value(TensorValue("float32", (1, 3, 224, 224), None)) == (
        "tensor 1×3×224×224 float32"
    )
    assert short_value(TensorValue("int64", (2, 2), ((1, 2), (3, 4)))) == "tensor 2×2 int64"
    assert short_value(LayerValue("x" * 99)) == "x" * 59 + "…"
    assert short_value(Skipped()) == "-"
    assert short_value(Failure(FailureKind.LIMIT, "x")) == "(limit)"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (1.5, ""),
        (float("-inf"), "inf"),
        (TensorValue("float16", (2,), (float("inf"), float("nan"))), "inf, nan"),
        ((1, (float("nan"), "inf")), "nan"),
        (2**70, ""),
    ],
)
def test_what_is_not_finite_is_told(value: Value, told: str) -> None:
    assert overflown(value) == told
