"""Reading answers: every spelled form of a number reads back, and nothing typed crashes."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.answer import LONGEST, Reading, Unreadable, read_number
from engine.listing import flat, read_list, read_shape, shape_of

FULL_WIDTH = str.maketrans("0123456789,.+-()%", "０１２３４５６７８９，．＋－（）％")
HAN = dict(enumerate("零一二三四五六七八九"))
CHARACTERS = st.text(
    st.one_of(
        st.sampled_from(
            "0123456789.,，。 +-*/^()[]{}=eEkKMGTxX×·%∞−万亿千个次iB七²³√π'_nan;:~<>|\\"
        ),
        st.characters(),
    ),
    max_size=60,
)


def value(typed: str, unit: str | None = None) -> Fraction | float:
    return read_number(typed, unit).value


def spelled(number: int) -> list[str]:
    """Forms whose value is exactly this whole number."""
    grouped = f"{number:,}"
    forms = [
        str(number),
        grouped,
        grouped.replace(",", " "),
        grouped.replace(",", "\u202f"),
        grouped.replace(",", "'"),
        grouped.replace(",", "，"),
        f"{number:_}",
        grouped.translate(FULL_WIDTH),
        f" {number} ",
        f"= {number}",
        f"n = {number}",
        f"≈{number}",
        f"约{number}",
        f"{number}.0",
        f"{number}e0",
        f"{number}*10^0",
        f"{number} × 10⁰",
        f"{number} parameters",
        f"{number} 个参数",
        f"{number}个",
        f"{number} 个 token",
        f"{number}个logit",
        f"{grouped} neurons",
        f"({number})",
        f"{number}+0",
        f"0 + {number}",
        f"{number}*1",
        f"1×{number}",
        f"{number}/1",
        f"{number}。",
        f"{number // 1000}k" if number % 1000 == 0 else f"{number / 1000:.3f}k",
        f"+{number}",
        f"{number / 10**4:.10g}万" if number < 10**9 else str(number),
    ]
    if number < 10**12:
        forms.append(f"{number // 10**6}*10^6 + {number % 10**6}")
    return forms


@given(st.integers(min_value=0, max_value=10**13))
def test_every_spelled_form_of_a_whole_number_reads_back(number: int) -> None:
    for form in spelled(number):
        assert value(form) == number, form


@given(st.integers(min_value=1, max_value=10**13))
def test_signs(number: int) -> None:
    for sign in ("-", "−", "–", "－", "- ", "负"):
        assert value(f"{sign}{number:,}") == -number, sign


@given(st.integers(-(10**9), 10**9), st.integers(0, 12))
def test_decimals_and_powers_are_exact(digits: int, places: int) -> None:
    wanted = Fraction(digits, 10**places)
    sign, body = ("-" if digits < 0 else ""), f"{abs(digits):0{places + 1}d}"
    whole, rest = body[: len(body) - places], body[len(body) - places :]
    assert value(f"{sign}{whole}.{rest}") == wanted
    assert value(f"{digits}e-{places}") == wanted
    assert value(f"{digits}×10^-{places}") == wanted
    assert value(f"{digits}*10^(-{places})") == wanted
    assert value(f"{sign}{whole}.{rest}%") == wanted / 100
    assert value(f"{sign}{whole}.{rest} M") == wanted * 10**6
    assert value(f"{sign}{whole}.{rest} 亿") == wanted * 10**8


def han(number: int) -> str:
    """A number below ten thousand in Chinese numerals, every place written."""
    parts = [HAN[int(d)] + p for d, p in zip(f"{number:04d}", ("千", "百", "十", ""), strict=True)]
    return "".join(part for part in parts if part[0] != "零") or "零"


@given(st.integers(0, 9999), st.integers(1, 9999), st.integers(1, 9999))
def test_chinese_numerals(low: int, middle: int, high: int) -> None:
    assert value(han(low) + "个") == low
    assert value(f"{han(high)}亿{han(middle)}万") == high * 10**8 + middle * 10**4
    assert value(f"{high}亿{middle:04d}万{low:04d}") == high * 10**8 + middle * 10**4 + low


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("1.79k", 1790),
        ("3*3*3*64+64", 1792),
        ("3x3x3x64+64", 1792),
        ("3·3·3·64 + 64", 1792),
        ("（3×3×3+1）×64", 1792),
        ("2(3+4)", 14),
        ("(1+1)(2+2)", 8),
        ("2^20", 2**20),
        ("2²⁰", 2**20),
        ("2**20", 2**20),
        ("1e-3", Fraction(1, 1000)),
        ("10⁻³", Fraction(1, 1000)),
        ("12.5%", Fraction(1, 8)),
        ("百分之12.5", Fraction(1, 8)),
        ("1,728 + 64", 1792),
        ("1.7k+64", 1764),
        ("1.38 亿", 138_000_000),
        ("3.2万", 32_000),
        ("3万2千", 32_000),
        ("138 million", 138_000_000),
        ("138 million parameters", 138_000_000),
        ("7B", 7 * 10**9),
        ("4.1 GFLOPs", 4_100_000_000),
        ("25 MiB", 25 * 2**20),
        ("640 = 3*3*64 + 64", 640),
        ("4 - 2", 2),
        ("½", Fraction(1, 2)),
        ("505?", 505),
        ("505 ？", 505),
        ("1,792 weights and biases", 1792),
    ],
)
def test_listed_forms(typed: str, wanted: Fraction) -> None:
    assert value(typed) == pytest.approx(wanted, rel=1e-15, abs=0)


def test_arithmetic_with_functions() -> None:
    assert value("ln 2") == value("ln2") == pytest.approx(math.log(2))
    assert value("log2(8)") == 3
    assert value("√2") == pytest.approx(math.sqrt(2))
    assert value("e^-3") == pytest.approx(math.exp(-3))
    assert value("max(3, 4)*1000") == 4000


def test_special_values() -> None:
    for typed in ("inf", "∞", "+inf", "infinity", "无穷大", "正无穷", "float('inf')", "torch.inf"):
        assert value(typed) == math.inf, typed
    for typed in ("-inf", "−∞", "-∞", "负无穷", "float('-inf')"):
        assert value(typed) == -math.inf, typed
    for typed in ("nan", "NaN", "ＮａＮ", "float('nan')", "torch.nan", "非数"):
        assert math.isnan(value(typed)), typed


def test_units_are_converted_to_the_one_asked_for() -> None:
    assert value("8.18 GFLOPs", "MACs") == 4_090_000_000
    assert value("4.09 GMACs", "FLOPs") == 8_180_000_000
    assert value("2 MiB", "bytes") == 2 * 2**20
    assert value("2 MB", "MiB") == Fraction(2 * 10**6, 2**20)
    assert value("2,097,152 bytes", "MiB") == 2
    assert value("16 bits", "bytes") == 2
    assert value("40 亿次乘加", "GMACs") == 4
    assert value("250 ms", "s") == Fraction(1, 4)
    assert value("7", "MiB") == 7
    assert value("7 widgets", "widgets") == 7
    assert read_number("3 GiB", "MACs").foreign


@pytest.mark.parametrize(
    ("typed", "unit", "wanted"),
    [
        ("4.1G", "GFLOPs", Fraction(41, 10)),
        ("4.1 billion", "GFLOPs", Fraction(41, 10)),
        ("25.6M", "MiB", Fraction(256, 10)),
        ("1.5 g", "GB", Fraction(3, 2)),
        ("0.5k", "KiB", Fraction(1, 2)),
        ("4.1G", "FLOPs", 4_100_000_000),
        ("2k", "GFLOPs", 2000),
    ],
)
def test_a_bare_prefix_of_the_unit_asked_for_is_that_unit(
    typed: str, unit: str, wanted: Fraction
) -> None:
    assert value(typed, unit) == wanted


@pytest.mark.parametrize("read", [read_number, read_shape, read_list])
def test_a_long_answer_is_quoted_with_an_ellipsis(read: Callable[[str], object]) -> None:
    with pytest.raises(Unreadable) as caught:
        read("some words 12 " * 10)
    (quoted,) = [text for name, text in caught.value.details if name in ("typed", "unit")]
    assert quoted.endswith("…")
    assert len(quoted) <= 40


def test_how_precisely_a_number_was_written() -> None:
    assert read_number("1.79k") == Reading(Fraction(1790), Fraction(10), 3, rounded=True)
    assert read_number("0.0120").digits == 3
    assert read_number("1,792").rounded is False
    assert read_number("2^20").step is None
    assert read_number("138M").step == 10**6


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("1,79", "grouping"),
        ("1,79,2", "grouping"),
        ("1,2345", "grouping"),
        ("1.2.3", "grouping"),
        ("3,", "grouping"),
        ("3万2", "unknown-unit"),
        ("12 bananas", "unknown-unit"),
        ("bananas", "not-a-number"),
        ("3*", "not-a-number"),
        ("1/0", "not-a-number"),
        ("9**9**9**9", "not-a-number"),
        ("__import__('os')", "not-a-number"),
        ("(1, 2)", "one-number"),
        ("[1 2]", "not-a-number"),
        ("1e999", "out-of-range"),
        ("1" * LONGEST, "out-of-range"),
        ("1" * (LONGEST + 1), "too-long"),
    ],
)
def test_unreadable(typed: str, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_number(typed)
    assert refused.value.code == code


@given(CHARACTERS, st.sampled_from([None, "MiB", "MACs", "%", "parameters", "nonsense"]))
def test_no_text_crashes_the_readers(typed: str, unit: str | None) -> None:
    for read in (lambda t: read_number(t, unit), read_shape, read_list):
        with contextlib.suppress(Unreadable):
            read(typed)


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=5))
def test_every_spelled_form_of_a_shape_reads_back(sizes: list[int]) -> None:
    shape = tuple(sizes)
    texts = [str(size) for size in sizes]
    forms = [str(shape), str(sizes), f"torch.Size({sizes})", ", ".join(texts), "，".join(texts)]
    forms += ["、".join(texts), f"shape: {shape}", str(shape).translate(FULL_WIDTH)]
    if len(sizes) > 1:
        forms += [mark.join(texts) for mark in ("x", "×", " x ", " × ", "*", " by ", "X", "·")]
        forms += [f"[{' '.join(texts)}]", f"{'x'.join(texts)}。"]
    for form in forms:
        assert read_shape(form) == shape, form


def test_shapes_with_arithmetic_and_what_is_no_shape() -> None:
    assert read_shape("(1, 64, 32/2, (31+1)/2)") == (1, 64, 16, 16)
    assert read_shape("1,024 x 512") == (1024, 512)
    for typed in ("(1, 64, 32.5)", "N x 3", "wide", "[[1, 2], [3, 4]]"):
        with pytest.raises(Unreadable):
            read_shape(typed)


@given(st.lists(st.lists(st.integers(-99, 99), min_size=2, max_size=3), min_size=1, max_size=3))
def test_lists(rows: list[list[int]]) -> None:
    numbers = [n for row in rows for n in row]
    read = read_list(str(rows))
    assert [reading.value for reading in flat(read)] == numbers
    square = len({len(row) for row in rows}) == 1
    assert shape_of(read) == ((len(rows), len(rows[0])) if square else None)
    again = read_list(f"tensor({rows}, dtype=torch.float16)")
    assert [reading.value for reading in flat(again)] == numbers


@pytest.mark.parametrize("typed", ["(1, 5, 20, 20)", "[3, 4]", "（1，2）"])
def test_a_shape_typed_for_a_number_is_told_so(typed: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_number(typed, None)
    assert refused.value.code == "one-number"
