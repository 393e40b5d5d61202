"""Measured values as people and as Python read them."""

from __future__ import annotations

import ast
import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from content.text import format_value, literal
from engine.values import DtypeValue, LayerValue, TensorValue, Value
from engine.verdict import Truth, VerdictKind, judge


@pytest.mark.parametrize(
    ("value", "formats", "en", "zh"),
    [
        (1792, (), "1,792", "1,792"),
        (-5, (), "−5", "−5"),
        (True, (), "True", "True"),
        (0.1, (), "0.1", "0.1"),
        (65504.0, (), "65,504", "65,504"),
        (162754.79141900392, (), "162,755", "162,755"),
        (162754.79141900392, ("fixed 0",), "162,755", "162,755"),
        (0.09003057, ("fixed 3",), "0.090", "0.090"),
        (0.09003057, ("sig 2",), "0.090", "0.090"),
        (0.125, ("percent 1",), "12.5%", "12.5%"),
        (1, ("percent",), "100%", "100%"),
        (3.4028234663852886e38, (), "3.40282×10³⁸", "3.40282×10³⁸"),
        (6.103515625e-05, (), "6.10352×10⁻⁵", "6.10352×10⁻⁵"),
        (26843545, ("unit MiB", "fixed 1"), "25.6 MiB", "25.6 MiB"),
        (2**21, ("unit MiB",), "2 MiB", "2 MiB"),
        (4089184256, ("unit GMACs",), "4.089 GMACs", "4.089 GMACs"),
        (0.25, ("unit ms",), "250 ms", "250 ms"),
        (0.125, ("unit %",), "12.5%", "12.5%"),
        (7, ("unit apples",), "7 apples", "7 apples"),
        (138357544, ("words",), "138 million", "1.38 亿"),
        (4089184256, ("words",), "4.09 billion", "40.9 亿"),
        (82818281, ("words",), "82.8 million", "8,280 万"),
        (1792, ("words",), "1,792", "1,792"),
        (25600, ("words",), "25,600", "2.56 万"),
        (73728, ("words",), "73,728", "7.3728 万"),
        (-999_990, ("words",), "−999,990", "−99.999 万"),
        (73728, ("words", "sig 2"), "74,000", "7.4 万"),
        (73728.25, ("words",), "73,728.2", "7.37282 万"),
        (1_234_567, ("words",), "1.23 million", "123 万"),
        (999_999_999, ("words",), "1 billion", "10 亿"),
        (math.inf, (), "inf", "inf"),
        (-math.inf, ("fixed 2",), "−inf", "−inf"),
        (math.nan, ("words",), "nan", "nan"),
        ((1, 64, 32, 32), (), "(1, 64, 32, 32)", "(1, 64, 32, 32)"),
        ((10,), (), "(10,)", "(10,)"),
        (TensorValue("float32", (2,), (0.26894143, 0.7310586)), ("fixed 2",), "[0.27, 0.73]",
         "[0.27, 0.73]"),
        (TensorValue("float16", (), 0.26894), (), "0.2689", "0.2689"),
        (TensorValue("int64", (2, 2), ((1, 2), (3, 4))), (), "[[1, 2], [3, 4]]",
         "[[1, 2], [3, 4]]"),
        (DtypeValue("float16"), (), "float16", "float16"),
        (LayerValue("nn.ReLU()"), ("fixed 2",), "nn.ReLU()", "nn.ReLU()"),
        ("float16", (), "float16", "float16"),
        (None, (), "None", "None"),
    ],
)  # fmt: skip
def test_in_running_text(value: Value, formats: tuple[str, ...], en: str, zh: str) -> None:
    assert format_value(value, "en", formats) == en
    assert format_value(value, "zh", formats) == zh


@pytest.mark.parametrize(
    ("value", "formats", "wanted"),
    [
        (True, (), "True"),
        (1024, (), "1024"),
        (-5, (), "-5"),
        (0.1, (), "0.1"),
        (1e-5, (), "1e-05"),
        (math.inf, (), "inf"),
        ((1, 3, 32, 32), (), "(1, 3, 32, 32)"),
        (1234.5678, ("fixed 1",), "1234.6"),
        (TensorValue("float32", (2,), (0.26894143, 1000.0)), (), "[0.268941, 1000.0]"),
        ("nn.Conv2d(3, 64, 3)", (), "nn.Conv2d(3, 64, 3)"),
    ],
)
def test_in_code(value: Value, formats: tuple[str, ...], wanted: str) -> None:
    assert literal(value, formats) == wanted


def test_long_tensors_leave_out_the_middle() -> None:
    text = format_value(TensorValue("int64", (100,), tuple(range(100))), "en")
    assert text == "[0, 1, 2, …, 97, 98, 99]"


@given(st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans()))
def test_a_literal_reads_back(value: float | int | bool) -> None:
    assert ast.literal_eval(literal(value)) == value


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(3, 9))
def test_what_is_shown_reads_back_as_right(value: float, digits: int) -> None:
    # Above 10^digits a whole number's last places show as zeros, which are no decimals.
    assume(value == 0 or 1e-200 < abs(value) < 10**digits or 1e12 < abs(value) < 1e200)
    text = format_value(value, "en", (f"sig {digits}",))
    assert judge(Truth("number", value), text).kind is VerdictKind.RIGHT


ANY = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.lists(inner, max_size=9).map(tuple),
    max_leaves=12,
)
FORMATS = st.sampled_from(
    ["fixed 2", "sig 3", "sig 0", "percent", "percent 1", "unit MiB", "unit x", "words"]
)


@given(ANY, st.lists(FORMATS, max_size=2), st.sampled_from(["en", "zh", "fr"]))
def test_every_value_has_a_form(value: Value, formats: list[str], language: str) -> None:
    assert isinstance(format_value(value, language, tuple(formats)), str)
    assert isinstance(literal(value, tuple(formats)), str)
