"""Whatever is too large is refused at once, by kind, before it costs anything."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import limits
from engine.expression import Refused, evaluate_scalar, filled, parse
from engine.protocol import FailureKind

HOSTILE = {
    "9**9**9": "integer-too-large",
    "(2**200)**200": "integer-too-large",
    "10**70 * 10**70": "integer-too-large",
    "-10**70 * 10**70": "integer-too-large",
    "ceil(1e300)": "integer-too-large",
    "3**10**7": "integer-too-large",
    "prod((10**70, 10**70))": "integer-too-large",
    "9.0**9**9": "number-too-large",
    "(1, 2) * 10**9": "sequence-too-long",
    "10**9 * (1,)": "sequence-too-long",
    "((((1,) * 100) * 100,) * 100) * 100": "sequence-too-long",
    "((((),) * 100) * 100,) * 9": "sequence-too-long",
    "(" * 10_000 + "1" + ")" * 10_000: "too-long",
    "(" * 5_000 + "1" + ")" * 5_000: "too-deep",
    "[" * 70 + "]" * 70: "too-deep",
    "1+" * 50_000 + "1": "too-long",
    "1+" * 5_000 + "1": "too-deep",
    "1+" * 100 + "1": "too-deep",
    "-" * 20_000 + "1": "too-long",
    "-" * 10_000 + "1": "too-deep",
    "not " * 4_000 + "1": "too-deep",
    "2**" * 5_000 + "2": "too-deep",
    "1 if 1 else " * 1_300 + "1": "too-deep",
    "x" + ".T" * 8_000: "too-deep",
    "x" + "[0]" * 5_000: "too-deep",
    "x" + "()" * 8_000: "too-deep",
    "(" + "1," * 5_000 + ")": "too-many-parts",
    "max(" + "1," * 5_000 + ")": "too-many-parts",
    "1 < " * 4_000 + "1": "too-deep",
    "1 and " * 2_500 + "1": "too-deep",
    "max(" + "1 < 2," * 1_000 + ")": "too-many-parts",
    "9" * 5_000: "number-too-long",
    "0x" + "f" * 100: "number-too-long",
    "1e" + "9" * 100: "number-too-long",
    "a" * 100: "name-too-long",
    f"max('{'a' * 100}')": "text-too-long",
    "通" * 6_000: "too-long",
}


@pytest.mark.parametrize(("source", "code"), HOSTILE.items(), ids=lambda value: value[:24])
def test_too_large_is_refused_at_once(source: str, code: str) -> None:
    started = time.process_time()
    with pytest.raises(Refused) as caught:
        evaluate_scalar(source, {})
    seconds = time.process_time() - started
    assert (caught.value.code, caught.value.kind) == (code, FailureKind.LIMIT)
    assert seconds < 1


@pytest.mark.parametrize(
    "source",
    ["2**255", "-(2**255)", "(-1)**(10**50)", "0**(10**50)", "1**(10**50)", "(1,) * 10_000",
     "9" * 77, "max(" + "1," * 900 + ")", "-" * 70 + "1", "(" * 55 + "1" + ")" * 55],
)  # fmt: skip
def test_what_is_just_small_enough_is_computed(source: str) -> None:
    evaluate_scalar(source, {})


@pytest.mark.parametrize(
    "source",
    ["lambda:" * 500 + "1", "[x for x in " * 50 + "1" + "]" * 50, "(yield)" * 100,
     "f'{f\"{1}\"}'" * 50, "\\" * 500, "\x00", "1\x00", "\x1b[31m1", "\u202e1", "\ud800", "'" * 9],
    ids=lambda value: ascii(value[:12]),
)  # fmt: skip
def test_other_hostile_text_is_a_wrong_expression(source: str) -> None:
    with pytest.raises(Refused) as caught:
        evaluate_scalar(source, {})
    assert caught.value.kind is FailureKind.EXPRESSION
    assert caught.value.failure().source == source


def test_a_small_stack_is_enough_to_refuse_deep_nesting() -> None:
    """Python's parser recurses; on a small stack it would end the process, not raise."""
    program = """if True:
        import threading
        from engine.expression import Refused, evaluate_scalar
        def refuse():
            for text in ("-", "not ", "2**", "1 if 1 else ", "lambda:", "x.T.", "+x[0]", "(1,"):
                try:
                    evaluate_scalar(text * (16_000 // len(text)) + "1", {})
                except Refused as refusal:
                    print(refusal.kind.value)
        threading.stack_size(256 * 1024)
        thread = threading.Thread(target=refuse)
        thread.start()
        thread.join()
    """
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout.split()) == (0, ["limit"] * 8), done.stderr


def test_a_failure_does_not_carry_a_huge_source() -> None:
    with pytest.raises(Refused) as caught:
        evaluate_scalar("1+" * 50_000 + "1", {})
    failure = caught.value.failure()
    assert failure.source is not None
    assert len(failure.source) <= limits.SHOWN_SOURCE + 1


def test_a_drawn_value_is_bounded_like_any_other() -> None:
    for value in (10**100, tuple(range(20_000))):
        with pytest.raises(Refused) as caught:
            evaluate_scalar("1", {"n": value})  # type: ignore[dict-item]
        assert caught.value.kind is FailureKind.LIMIT


def test_bindings_that_multiply_are_not_written_out() -> None:
    lets = {"a0": "(1, 2)", **{f"a{n}": f"(a{n - 1}, a{n - 1})" for n in range(1, 60)}}
    for pytorch in (True, False):
        started = time.process_time()
        with pytest.raises(Refused, match="filled-too-long"):
            filled("a59", {}, lets, pytorch=pytorch)
        assert time.process_time() - started < 1


def test_bindings_that_name_each_other_end() -> None:
    assert filled("a + 1", {}, {"a": "b + 1", "b": "a + 1"}, pytorch=False) == "a + 1 + 1 + 1"


NESTING = st.sampled_from(["({})", "-{}", "not {}", "[{}]", "{}[0]", "{}()", "{}.T", "1+{}", "{}+1",
                           "2**{}", "{},", "f({})", "1 if {} else 2", "{} < 1", "lambda: {}",
                           "{{1: {}}}", "f'{}'", "'{}'", "{} and 1", "1:{}"])  # fmt: skip


@settings(max_examples=60, deadline=60_000)
@given(st.lists(NESTING, min_size=1, max_size=3), st.integers(1, 6_000), st.sampled_from("1x("))
def test_any_repeated_construct_is_parsed_or_refused(
    forms: list[str], times: int, start: str
) -> None:
    before, behind = start, ""
    for form in forms:
        left, _, right = form.replace("{{", "{").replace("}}", "}").partition("{}")
        before, behind = left * times + before, behind + right * times
    with contextlib.suppress(Refused):
        parse(before + behind)
