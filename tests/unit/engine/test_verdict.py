"""Judging: the order of verdicts, rounding, units, layouts, words."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.choosing import LETTERS
from engine.values import TensorValue
from engine.verdict import (
    Choice,
    KnownMistake,
    Truth,
    Verdict,
    VerdictKind,
    applicable,
    canonical,
    describe_verdict,
    judge,
    same_value,
)
from engine.verdict_words import _WORDS

RIGHT, CLOSE, MISTAKE, WRONG, UNREADABLE = VerdictKind
PARAMETERS = Truth("number", 1792, mistakes=(KnownMistake("bias-forgotten", 1728),))
MACS = Truth("number", 4_089_184_256, unit="MACs")
MEMORY = Truth("number", 25.557, unit="MiB")
SOFTMAX = Truth("number", TensorValue("float32", (), 0.6652409434318542))
SHAPE = Truth("shape", (1, 64, 32, 28))
OPTIONS = Truth(
    "choice",
    options=(
        Choice(("It stays the same", "不变"), right=True),
        Choice(("It halves", "减半"), right=False, mistake="stride-saves"),
        Choice(("1,792 parameters", "1,792 个参数"), right=False),
    ),
)
SEVERAL = Truth(
    "several",
    options=(
        Choice(("stride", "步幅"), right=True),
        Choice(("bias", "偏置"), right=False, mistake="bias-counted"),
        Choice(("padding", "填充"), right=True),
        Choice(("colour", "颜色"), right=False),
    ),
)
TERM = Truth("term", accept=("receptive field", "感受野"))


def found(truth: Truth, typed: str) -> tuple[VerdictKind, str | None]:
    verdict = judge(truth, typed)
    return verdict.kind, verdict.mistake


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("1792", (RIGHT, None)),
        ("1,792", (RIGHT, None)),
        ("１，７９２", (RIGHT, None)),
        ("3*3*3*64+64", (RIGHT, None)),
        ("1792 个参数", (RIGHT, None)),
        ("1.79k", (RIGHT, None)),
        ("1.79e3", (RIGHT, None)),
        ("0.179万", (RIGHT, None)),
        ("1.8k", (CLOSE, None)),
        ("1790", (CLOSE, None)),
        ("1.80k", (CLOSE, None)),
        ("1728", (MISTAKE, "bias-forgotten")),
        ("1.73k", (MISTAKE, "bias-forgotten")),
        ("3*3*3*64", (MISTAKE, "bias-forgotten")),
        ("-1792", (MISTAKE, "sign")),
        ("17920", (MISTAKE, "power-of-ten")),
        ("1.792", (MISTAKE, "power-of-ten")),
        ("2000", (WRONG, None)),
        ("nan", (WRONG, None)),
        ("1,79", (UNREADABLE, None)),
        ("", (UNREADABLE, None)),
        ("?", (UNREADABLE, None)),
    ],
)
def test_whole_numbers(typed: str, wanted: tuple[VerdictKind, str | None]) -> None:
    assert found(PARAMETERS, typed) == wanted


def test_a_rounding_that_a_mistake_shares_asks_for_more_digits() -> None:
    truth = Truth("number", 1792, mistakes=(KnownMistake("near", 1788),))
    verdict = judge(truth, "1.79k")
    assert (verdict.kind, verdict.code) == (UNREADABLE, "more-digits")
    assert found(truth, "1.788k") == (MISTAKE, "near")
    assert found(truth, "1.792k") == (RIGHT, None)


def test_an_answer_equal_to_the_truth_is_right_whatever_a_mistake_gives() -> None:
    truth = Truth("number", 64, mistakes=(KnownMistake("same", 64), KnownMistake("off", 63)))
    assert found(truth, "64") == (RIGHT, None)
    assert found(truth, "6.4e1") == (RIGHT, None)
    assert [known.id for known in applicable(truth)] == ["off"]


def test_of_two_mistakes_that_coincide_the_first_wins() -> None:
    both = (KnownMistake("first", 5), KnownMistake("second", 5.0))
    assert found(Truth("number", 9, mistakes=both), "5") == (MISTAKE, "first")


def test_an_author_mistake_goes_before_a_generic_one() -> None:
    truth = Truth("number", 100, unit="MACs", mistakes=(KnownMistake("twice", 200),))
    assert found(truth, "200") == (MISTAKE, "twice")
    assert judge(truth, "200").generic is False


def test_exact_refuses_rounded_forms() -> None:
    truth = Truth("number", 1792, exact=True)
    assert found(truth, "1.79k") == (CLOSE, None)
    assert judge(truth, "1.79k").code == "exact-wanted"
    assert found(truth, "1.792k") == (RIGHT, None)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("4.09 GMACs", (RIGHT, None)),
        ("8.18 GFLOPs", (RIGHT, None)),
        ("4.09e9", (RIGHT, None)),
        ("40.9 亿次乘加", (RIGHT, None)),
        ("8.18e9", (MISTAKE, "macs-for-flops")),
        ("8,178,368,512", (MISTAKE, "macs-for-flops")),
        ("8.18 GMACs", (MISTAKE, "macs-for-flops")),
        ("4.1 GFLOPs", (MISTAKE, "macs-for-flops")),
        ("4.09 GB", (MISTAKE, "unit")),
        ("3 GiB", (WRONG, None)),
    ],
)
def test_macs_and_flops_are_different_units(
    typed: str, wanted: tuple[VerdictKind, str | None]
) -> None:
    assert found(MACS, typed) == wanted


def test_flops_truth_and_macs_typed_bare() -> None:
    truth = Truth("number", 200, unit="FLOPs")
    assert found(truth, "100") == (MISTAKE, "macs-for-flops")
    assert found(truth, "100 MACs") == (RIGHT, None)
    assert found(Truth("number", 200), "100") == (WRONG, None)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("25.6", (RIGHT, None)),
        ("25.6 MiB", (RIGHT, None)),
        ("26.8 MB", (RIGHT, None)),
        ("25.6 MB", (MISTAKE, "gib-for-gb")),
        ("26.8", (MISTAKE, "gib-for-gb")),
        ("204", (MISTAKE, "unit")),
        ("25557", (MISTAKE, "power-of-ten")),
        ("25.6 GMACs", (WRONG, None)),
    ],
)
def test_memory(typed: str, wanted: tuple[VerdictKind, str | None]) -> None:
    assert found(MEMORY, typed) == wanted


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("0.665", (RIGHT, None)),
        (".6652", (RIGHT, None)),
        ("66.5%", (RIGHT, None)),
        ("0.66524", (RIGHT, None)),
        ("0.67", (CLOSE, None)),
        ("0.664", (CLOSE, None)),
        ("-0.665", (MISTAKE, "sign")),
        ("6.65", (MISTAKE, "power-of-ten")),
        ("66.5", (MISTAKE, "power-of-ten")),
        ("0.5", (WRONG, None)),
    ],
)
def test_reals(typed: str, wanted: tuple[VerdictKind, str | None]) -> None:
    assert found(SOFTMAX, typed) == wanted


def test_the_tolerance_follows_the_dtype_unless_stated() -> None:
    half = Truth("number", TensorValue("float16", (), 1000.0))
    assert found(half, "1001") == (RIGHT, None)
    assert found(Truth("number", 1000.5), "1001.0") == (CLOSE, None)
    assert found(Truth("number", 1000, tolerance=0.01), "1009") == (RIGHT, None)
    assert found(Truth("number", 0.0, absolute=0.1), "0.05") == (RIGHT, None)


def test_a_whole_number_is_a_rounding_of_a_real() -> None:
    assert found(Truth("number", 162754.791), "162,755") == (RIGHT, None)
    assert found(Truth("number", 12.4), "12") == (WRONG, None)


def test_special_values() -> None:
    nan, infinite = Truth("number", math.nan), Truth("number", math.inf)
    assert found(nan, "NaN") == (RIGHT, None)
    assert found(nan, "inf") == (WRONG, None)
    assert found(infinite, "∞") == (RIGHT, None)
    assert found(infinite, "-inf") == (MISTAKE, "sign")
    assert found(infinite, "65504") == (WRONG, None)
    assert found(Truth("number", 65504.0, mistakes=(KnownMistake("o", math.inf),)), "inf") == (
        MISTAKE,
        "o",
    )


def test_lists_of_reals() -> None:
    truth = Truth("number", TensorValue("float32", (3,), (0.0900306, 0.2447285, 0.6652409)))
    for typed in ("[0.0900, 0.2447, 0.6652]", "0.090 0.245 0.665", "0.09, 0.245, 0.665"):
        assert found(truth, typed) == (RIGHT, None), typed
    assert found(truth, "[0.09, 0.24, 0.67]") == (CLOSE, None)
    assert found(truth, "[0.2, 0.3, 0.5]") == (WRONG, None)
    assert judge(truth, "0.09 0.245").code == "list-shape"
    assert judge(truth, "spam").kind is UNREADABLE
    wrong = Truth("number", (math.nan, math.nan), mistakes=(KnownMistake("m", (0.5, 0.5)),))
    assert found(wrong, "[nan, nan]") == (RIGHT, None)
    assert found(wrong, "0.5 0.5") == (MISTAKE, "m")
    square = Truth("number", TensorValue("int64", (2, 2), ((1, 2), (3, 4))))
    assert found(square, "[[1, 2], [3, 4]]") == (RIGHT, None)
    assert found(square, "1 2; 3 4") == (RIGHT, None)
    assert judge(square, "[[1, 2, 3, 4]]").code == "list-shape"


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("1x64x32x28", (RIGHT, None)),
        ("torch.Size([1, 64, 32, 28])", (RIGHT, None)),
        ("64x32x28", (MISTAKE, "batch-missing")),
        ("(1, 32, 28, 64)", (MISTAKE, "layout-nhwc")),
        ("32x28x64", (MISTAKE, "layout-nhwc")),
        ("(1, 64, 28, 32)", (MISTAKE, "height-width-swapped")),
        ("(64, 1, 28, 32)", (MISTAKE, "axes-permuted")),
        ("(8, 1, 64, 32, 28)", (MISTAKE, "batch-extra")),
        ("(1, 64, 31, 28)", (CLOSE, None)),
        ("(1, 64, 31, 27)", (WRONG, None)),
        ("(1, 64)", (WRONG, None)),
        ("wide", (UNREADABLE, None)),
    ],
)
def test_shapes(typed: str, wanted: tuple[VerdictKind, str | None]) -> None:
    assert found(SHAPE, typed) == wanted


def test_a_shape_mistake_of_the_author_goes_first() -> None:
    truth = Truth("shape", (1, 8, 6, 6), mistakes=(KnownMistake("padding", (1, 8, 5, 6)),))
    assert found(truth, "1x8x5x6") == (MISTAKE, "padding")
    assert found(Truth("shape", 7), "7") == (RIGHT, None)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("a", (RIGHT, None)),
        ("Ａ.", (RIGHT, None)),
        ("1", (RIGHT, None)),
        ("it stays the same.", (RIGHT, None)),
        ("不变", (RIGHT, None)),
        ("答案是 A", (RIGHT, None)),
        ("It stays", (RIGHT, None)),
        ("b", (MISTAKE, "stride-saves")),
        ("减半", (MISTAKE, "stride-saves")),
        ("1792", (WRONG, None)),
        ("d", (UNREADABLE, None)),
        ("it", (UNREADABLE, None)),
    ],
)
def test_choice(typed: str, wanted: tuple[VerdictKind, str | None]) -> None:
    assert found(OPTIONS, typed) == wanted


def test_options_that_differ_in_signs_alone_are_told_apart() -> None:
    options = (Choice(("A @ (H @ W)",), True), Choice(("(A @ H) @ W",), False))
    truth = Truth("choice", options=options)
    assert found(truth, "A @ (H @ W)") == (RIGHT, None)
    assert found(truth, "a@(h@w)") == (RIGHT, None)
    assert found(truth, "(A @ H) @ W") == (WRONG, None)
    assert found(truth, "A @ H @ W") == (UNREADABLE, None)  # either could be meant


def test_an_option_that_is_a_number_is_meant_before_its_place() -> None:
    truth = Truth("choice", options=(Choice(("2",), False), Choice(("4",), True)))
    assert found(truth, "2") == (WRONG, None)
    assert found(truth, "4") == (RIGHT, None)
    assert found(truth, "b") == (RIGHT, None)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("a, c", (RIGHT, None)),
        ("ca", (RIGHT, None)),
        ("A 和 C", (RIGHT, None)),
        ("1 3", (RIGHT, None)),
        ("stride and padding", (RIGHT, None)),
        ("步幅、填充", (RIGHT, None)),
        ("a", (WRONG, None)),
        ("a, b, c", (MISTAKE, "bias-counted")),
        ("none", (WRONG, None)),
        ("a, q", (UNREADABLE, None)),
    ],
)
def test_several(typed: str, wanted: tuple[VerdictKind, str | None]) -> None:
    assert found(SEVERAL, typed) == wanted


def test_several_says_what_was_missed() -> None:
    assert "c" in describe_verdict(judge(SEVERAL, "a"), "en")
    assert "d" in describe_verdict(judge(SEVERAL, "a c d"), "zh")


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("Receptive-Field", RIGHT),
        ("the receptive field", RIGHT),
        ("ＲＥＣＥＰＴＩＶＥ　ＦＩＥＬＤ", RIGHT),
        ("感受野", RIGHT),
        ("receptive feild", CLOSE),
        ("recptive field", CLOSE),
        ("感觉野", WRONG),
        ("kernel", WRONG),
        ("", UNREADABLE),
    ],
)
def test_term(typed: str, kind: VerdictKind) -> None:
    assert judge(TERM, typed).kind is kind


def test_names_that_differ_in_a_digit_are_no_misspellings() -> None:
    assert judge(Truth("term", accept=("bfloat16",)), "float16").kind is WRONG
    assert judge(Truth("term", accept=("欠拟合",)), "过拟合").kind is WRONG


def test_self() -> None:
    truth = Truth("self", points=3)
    assert judge(truth, "1 2 3").kind is RIGHT
    assert judge(truth, "3、1").ticked == (1, 3)
    assert judge(truth, "1 3").kind is CLOSE
    assert judge(truth, "0").kind is WRONG
    assert judge(truth, "4").kind is UNREADABLE


def test_yes_and_no() -> None:
    for typed in ("yes", "True", "是", "1"):
        assert judge(Truth("number", True), typed).kind is RIGHT
    assert judge(Truth("number", False), "yes").kind is WRONG
    assert judge(Truth("number", False), "maybe").kind is UNREADABLE


def test_kinds_that_are_run_are_refused() -> None:
    with pytest.raises(ValueError, match="running"):
        judge(Truth("layer"), "1")


def test_every_verdict_has_words_in_both_languages() -> None:
    for forms in _WORDS.values():
        assert forms["en"]
        assert any("\u4e00" <= c <= "\u9fff" for c in forms["zh"])
    for verdict in (judge(MACS, "8.18e9"), judge(SHAPE, "64x32x28"), judge(MACS, "banana")):
        assert describe_verdict(verdict, "en") != describe_verdict(verdict, "zh")
    assert describe_verdict(Verdict(RIGHT), "en") == ""


@given(st.integers(1, 10**12))
def test_the_right_answer_passes_typed_in_five_ways(number: int) -> None:
    truth = Truth("number", number, mistakes=(KnownMistake("m", number + 1),))
    forms = [str(number), f"{number:,}", f"{number} + 0", f"{number}.0", f"{number} 个"]
    forms.append(canonical(truth, "en"))
    for form in forms:
        assert judge(truth, form).kind is RIGHT, form


@given(st.integers(10**3, 10**12), st.integers(3, 9))
def test_a_rounded_form_is_right_exactly_if_the_truth_rounds_to_it(
    number: int, digits: int
) -> None:
    truth = Truth("number", number, exact=False)
    form = f"{number:.{digits - 1}e}"
    assert judge(truth, form).kind is RIGHT
    step = Fraction(10) ** (int(form.split("e")[1]) - digits + 1)
    for neighbour in (Fraction(form) + step, Fraction(form) - step):
        typed = f"{int(neighbour / step)}e{int(form.split('e')[1]) - digits + 1}"
        if neighbour != number and abs(neighbour - number) > step / 2:
            assert judge(truth, typed).kind is not RIGHT


@given(st.floats(allow_nan=False, allow_infinity=False, width=32), st.sampled_from("ez"))
def test_canonical_form_of_a_real_is_right(number: float, language: str) -> None:
    assume(number == 0 or 1e-30 < abs(number) < 1e30)
    truth = Truth("number", TensorValue("float32", (), number))
    assert judge(truth, canonical(truth, language)).kind is RIGHT


@given(st.lists(st.integers(1, 999), min_size=1, max_size=5))
def test_canonical_form_of_a_shape_is_right(sizes: list[int]) -> None:
    truth = Truth("shape", tuple(sizes))
    assert judge(truth, canonical(truth, "zh")).kind is RIGHT


def test_canonical_forms_of_words() -> None:
    assert canonical(OPTIONS, "zh") == "a) 不变"
    assert canonical(SEVERAL, "en") == "a, c"
    assert canonical(TERM, "zh") == "感受野"
    assert canonical(MACS, "en") == "4,089,184,256 MACs"
    for truth in (OPTIONS, SEVERAL, TERM, MACS):
        assert judge(truth, canonical(truth, "zh")).kind is RIGHT


@given(st.text(max_size=40))
def test_no_text_crashes_a_judge(typed: str) -> None:
    for truth in (PARAMETERS, MEMORY, SOFTMAX, SHAPE, OPTIONS, SEVERAL, TERM):
        verdict = judge(truth, typed)
        for language in ("en", "zh"):
            words = describe_verdict(verdict, language)
            assert words or verdict.kind is not UNREADABLE
    assert judge(Truth("self", points=2), typed)
    assert LETTERS


def test_same_value() -> None:
    truth = Truth("number", 30)
    assert same_value(30, 30.0, truth)
    assert not same_value(30, 31, truth)
    assert same_value(math.nan, math.nan, truth)
    assert same_value((1, 2), (1, 2), truth)
    assert not same_value((1, 2), (1, 2, 3), truth)
    assert same_value(TensorValue("float16", (), 1.0), 1.0, truth)


@pytest.mark.parametrize("typed", ["120000次", "120000 次", "12万次", "120,000 times"])
def test_a_bare_counter_counts_whatever_was_asked_for(typed: str) -> None:
    assert judge(Truth("number", 120_000, unit="MACs"), typed).kind is VerdictKind.RIGHT


def test_another_chinese_term_is_no_slip_of_the_keys() -> None:
    truth = Truth("term", accept=("平移等变性", "equivariance"))
    assert judge(truth, "平移不变性").kind is VerdictKind.WRONG
    assert judge(truth, "equivarience").kind is VerdictKind.CLOSE


def test_a_share_where_per_cent_was_asked_is_told_so() -> None:
    verdict = judge(Truth("number", 97.7, tolerance=0.001, unit="percent"), "0.977")
    assert verdict.kind is VerdictKind.MISTAKE
    assert "100" in describe_verdict(verdict, "zh")


@pytest.mark.parametrize(
    ("typed", "value", "wanted"),
    [
        ("0.33", 1 / 3, (CLOSE, "few-digits")),
        ("0.3", 1 / 3, (WRONG, "few-digits")),
        ("3.1k", 3136, (CLOSE, "few-digits")),
        ("0.335", 1 / 3, (CLOSE, "close")),
        ("0.4", 1 / 3, (WRONG, "")),
    ],
)
def test_a_right_rounding_of_few_digits_is_told_so(
    typed: str, value: float, wanted: tuple[VerdictKind, str]
) -> None:
    verdict = judge(Truth("number", value), typed)
    assert (verdict.kind, verdict.code) == wanted


@pytest.mark.parametrize("unit", ["percent", "%"])
def test_a_share_is_told_the_same_however_the_unit_is_written(unit: str) -> None:
    verdict = judge(Truth("number", 12.5, unit=unit), "0.125")
    assert "multiply yours by 100" in describe_verdict(verdict, "en")
