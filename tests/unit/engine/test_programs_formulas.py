"""Formulas as answers: right in any form, and each near miss refused for its own reason."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from program_desk import AT_ONCE, Desk, formula

from engine.client import EngineClient
from engine.formulas import condition
from engine.truth import HiddenDraw, Truth
from engine.verdict import Verdict, VerdictKind, judge

CONV = formula(
    "parameters(Conv2d(c_in, c_out, k))", "k*k*c_in*c_out + c_out",
    {"k": (1, 3, 5), "c_in": (1, 3, 16), "c_out": (4, 8, 32)},
    ("bias-forgotten", "k*k*c_in*c_out"), ("bias-per-weight", "k*k*c_in*c_out + k*k*c_in"),
    ("one-input-channel", "k*k*c_out + c_out"),
)  # fmt: skip
MAYBE_BIAS = formula(
    "parameters(Linear(n, m, bias=bias))", "n*m + (m if bias else 0)",
    {"n": (3, 10, 64), "m": (2, 5, 7), "bias": (True, False)},
    ("bias-forgotten", "n*m"), ("bias-per-input", "n*m + (n if bias else 0)"),
)  # fmt: skip
SIZE = formula(
    "output_shape(Conv2d(1, 1, k, stride=s, padding=p), zeros(1, 1, n, n))[2]",
    "floor((n + 2*p - k) / s) + 1",
    {"n": (13, 16, 28, 31), "k": (3, 5), "s": (1, 2, 3), "p": (0, 1, 2)},
    ("padding-once", "floor((n + p - k) / s) + 1"), ("plus-one-forgotten", "floor((n+2*p-k)/s)"),
    ("ceil-for-floor", "ceil((n + 2*p - k) / s) + 1"),
)  # fmt: skip
SAME = formula(
    "output_shape(SameConv2d(1, 1, 3, stride=s), zeros(1, 1, n, n))[2]", "ceil(n / s)",
    {"n": (15, 16, 21, 32, 33), "s": (1, 2, 3)},
    ("floor-for-ceil", "floor(n / s)"),
)  # fmt: skip
LSTM = formula(
    "parameters(LSTM(d, h))", "4*(d*h + h*h + 2*h)", {"d": (3, 8, 20), "h": (2, 5, 16)},
    ("one-gate", "d*h + h*h + 2*h"), ("one-bias", "4*(d*h + h*h + h)"),
)  # fmt: skip
LOSS = formula(
    "cross_entropy(zeros(1, c), tensor([0]))", "log(c)", {"c": (2, 3, 10, 100, 1000)},
    ("log2-for-ln", "log2(c)"),
)  # fmt: skip
POWER = formula(
    "sum(full((n,), 1.0)) / 2**b", "n / 2**b", {"n": (1, 3, 8, 100), "b": (1, 4, 8)},
)  # fmt: skip
MACS = formula(
    "macs(Conv2d(c, m, k, padding=1, bias=False), zeros(1, c, 8, 8))",
    "c*m*k*k*(8 + 2 - k + 1)**2", {"c": (1, 3), "m": (2, 4), "k": (1, 3)},
    ("padding-ignored", "c*m*k*k*(8 - k + 1)**2"),
)  # fmt: skip

RIGHT = (
    (CONV, "k*k*c_in*c_out + c_out"),
    (CONV, "c_out*(k*k*c_in + 1)"),
    (CONV, "k²·c_in·c_out + c_out"),
    (CONV, "k^2*c_in*c_out+c_out"),
    (CONV, "（k＊k×c_in＋１）×c_out"),
    (CONV, "c_out + c_out*c_in*k**2"),
    (CONV, "params = k*k*c_in*c_out + c_out"),
    (CONV, "(1 + c_in * k ^ 2) * c_out"),
    (CONV, "k x k x c_in x c_out + c_out"),
    (CONV, "k⋅k⋅c_in⋅c_out + c_out"),
    (CONV, "[k*k*c_in + 1]*c_out"),
    (CONV, "{k^2*c_in + 1} * c_out"),
    (CONV, "sum((c_out, prod((k, k, c_in, c_out))))"),
    (CONV, "k*k*c_in*c_out + c_out + 0"),
    (CONV, "k*k*c_in*c_out - (-c_out)"),
    (CONV, "`k*k*c_in*c_out + c_out`"),
    (CONV, "k^{2}*c_in*c_out+c_out"),
    (CONV, "c_out*k*k*c_in + c_out  # with bias"),
    (CONV, "((k*k)*c_in*c_out)+(c_out)"),
    (CONV, "c_out / 1 * (c_in * k**2 + 1)"),
    (CONV, "k*k*c_in*c_out + c_out。"),
    (CONV, "abs(-c_out)*(c_in*k*k+1)"),
    (CONV, "c_out if k == 0 else c_out*(k*k*c_in + 1)"),
    (CONV, "P=k²×c_in×c_out＋c_out"),
    (MAYBE_BIAS, "n*m + (m if bias else 0)"),
    (MAYBE_BIAS, "m*(n + bias)"),
    (MAYBE_BIAS, "n*m + bias*m"),
    (MAYBE_BIAS, "(n + 1)*m if bias else n*m"),
    (MAYBE_BIAS, "m*n + m if bias == True else m*n"),
    (MAYBE_BIAS, "n*m if not bias else n*m + m"),
    (MAYBE_BIAS, "n*m+m*(bias≠false)"),
    (SIZE, "floor((n + 2*p - k) / s) + 1"),
    (SIZE, "(n + 2*p - k) // s + 1"),
    (SIZE, "⌊(n + 2·p − k)/s⌋ + 1"),
    (SIZE, "1 + (n - k + 2*p - (n - k + 2*p) % s) / s"),
    (SIZE, "floor((n+2*p-k+s)/s)"),
    (SIZE, "(n+2*p-k+s)//s"),
    (SIZE, "ceil((n + 2*p - k + 1) / s)"),
    (SIZE, "math.floor((n+2*p-k)/s)+1"),
    (SIZE, "⌊（n＋2×p－k）÷s⌋＋1"),
    (SAME, "ceil(n / s)"),
    (SAME, "⌈n/s⌉"),
    (SAME, "-(-n // s)"),
    (SAME, "(n + s - 1) // s"),
    (SAME, "n // s + (n % s > 0)*1"),
    (SAME, "n//s if n % s == 0 else n//s + 1"),
    (SAME, "floor((n - 1) / s) + 1"),
    (LSTM, "4*(d*h + h*h + 2*h)"),
    (LSTM, "4*h*(d + h + 2)"),
    (LSTM, "4·h²+4·d·h+8·h"),
    (LSTM, "(d + h)*4*h + 8*h"),
    (LSTM, "4*(d*h + h + h^2 + h)"),
    (LOSS, "log(c)"),
    (LOSS, "ln(c)"),
    (LOSS, "-log(1/c)"),
    (LOSS, "log2(c)/log2(exp(1))"),
    (LOSS, "log10(c)*2.302585093"),
    (LOSS, "-ln(exp(0)/(c*exp(0)))"),
    (LOSS, "2*ln(√c)".replace("√c", "√(c)")),
    (POWER, "n / 2^b"),
    (POWER, "n*2**-b"),
    (POWER, "n × 0.5^b"),
    (POWER, "n*exp(-b*log(2))"),
    (MACS, "c*m*k²*(11-k)²"),
    (MACS, "prod((c, m, k, k)) * (11 - k)**2"),
)

MISTAKE, WRONG, CLOSE = VerdictKind.MISTAKE, VerdictKind.WRONG, VerdictKind.CLOSE
NEAR_MISSES = (
    (CONV, "k*k*c_in*c_out", MISTAKE, "bias-forgotten"),
    (CONV, "c_out*c_in*k²", MISTAKE, "bias-forgotten"),
    (CONV, "(k*k*c_out + 1)*c_in", WRONG, "formula-differs"),
    (CONV, "k*k*c_in*(c_out + 1)", MISTAKE, "bias-per-weight"),
    (CONV, "(k^2 + 1)*c_out", MISTAKE, "one-input-channel"),
    (CONV, "k*c_in*c_out + c_out", WRONG, "formula-edge"),
    (CONV, "k*k*c_in*c_out + c_in", WRONG, "formula-differs"),
    (CONV, "k*k*c_in*c_out + 1", WRONG, "formula-differs"),
    (CONV, "k*k*c_in*c_out + c_out + 1", MISTAKE, "formula-one-more"),
    (CONV, "k*k*c_in*c_out + c_out - 1", MISTAKE, "formula-one-less"),
    (CONV, "2*(k*k*c_in*c_out + c_out)", MISTAKE, "formula-factor"),
    (CONV, "(k*k*c_in*c_out + c_out)/2", MISTAKE, "formula-factor"),
    (CONV, "-c_out - k*k*c_in*c_out", MISTAKE, "formula-sign"),
    (CONV, "k**3*c_in*c_out + c_out", WRONG, "formula-edge"),
    (CONV, "k*k*c_in*c_out + k*c_out", WRONG, "formula-edge"),
    (CONV, "k*k*(c_in + c_out)", WRONG, "formula-differs"),
    (CONV, "k*k*c_in*c_out + 2*c_out", WRONG, "formula-differs"),
    (CONV, "(k+1)*(k+1)*c_in*c_out", WRONG, "formula-differs"),
    (CONV, "k*k*c_in*c_out + c_out if k > 1 else c_in*c_out", WRONG, "formula-edge"),
    (CONV, "k*k*max(c_in, 3)*c_out + c_out", WRONG, "formula-edge"),
    (CONV, "1792", WRONG, "formula-differs"),
    (MAYBE_BIAS, "n*m", MISTAKE, "bias-forgotten"),
    (MAYBE_BIAS, "n*m + m", WRONG, "formula-edge"),
    (MAYBE_BIAS, "n*m + n*bias", MISTAKE, "bias-per-input"),
    (MAYBE_BIAS, "n*m + bias", WRONG, "formula-edge"),
    (MAYBE_BIAS, "n*m + (0 if bias else m)", WRONG, "formula-differs"),
    (MAYBE_BIAS, "(n+bias)*(m+bias)", WRONG, "formula-edge"),
    (MAYBE_BIAS, "n+m", WRONG, "formula-differs"),
    (MAYBE_BIAS, "n*n + m*bias", WRONG, "formula-differs"),
    (SIZE, "floor((n + p - k) / s) + 1", MISTAKE, "padding-once"),
    (SIZE, "(n + 2*p - k) // s", MISTAKE, "plus-one-forgotten"),
    (SIZE, "ceil((n + 2*p - k) / s) + 1", MISTAKE, "ceil-for-floor"),
    (SIZE, "(n + 2*p - k) / s + 1", WRONG, "formula-differs"),
    (SIZE, "round((n + 2*p - k) / s) + 1", WRONG, "formula-differs"),
    (SIZE, "(n - k) // s + 1", WRONG, "formula-edge"),
    (SIZE, "(n + 2*p - k + 1) // s", WRONG, "formula-differs"),
    (SIZE, "(n + 2*p - k) // s + 2", MISTAKE, "formula-one-more"),
    (SIZE, "(n + 2*p + k) // s + 1", WRONG, "formula-differs"),
    (SIZE, "n // s", WRONG, "formula-differs"),
    (SIZE, "floor((n + 2*p - k) / s + 0.5) + 1", WRONG, "formula-differs"),
    (SIZE, "n + 2*p - k + 1", WRONG, "formula-edge"),
    (SAME, "floor(n / s)", MISTAKE, "floor-for-ceil"),
    (SAME, "n // s", MISTAKE, "floor-for-ceil"),
    (SAME, "n / s", WRONG, "formula-edge"),
    (SAME, "n // s + 1", WRONG, "formula-edge"),
    (SAME, "round(n / s)", WRONG, "formula-differs"),
    (SAME, "n", WRONG, "formula-edge"),
    (SAME, "(n - 3) // s + 1", WRONG, "formula-differs"),
    (SAME, "ceil(n/s) if n < 33 else 0", CLOSE, "formula-edge"),
    (LSTM, "d*h + h*h + 2*h", MISTAKE, "one-gate"),
    (LSTM, "4*(d*h + h*h + h)", MISTAKE, "one-bias"),
    (LSTM, "4*(d*h + h*h)", WRONG, "formula-differs"),
    (LSTM, "3*(d*h + h*h + 2*h)", WRONG, "formula-differs"),
    (LSTM, "4*(d*d + h*h + 2*h)", WRONG, "formula-differs"),
    (LSTM, "4*(d*h + h*h) + 2*h", WRONG, "formula-differs"),
    (LSTM, "8*(d*h + h*h + 2*h)", MISTAKE, "formula-factor"),
    (LSTM, "4*(2*d*h + h*h + 2*h)", WRONG, "formula-differs"),
    (LOSS, "log2(c)", MISTAKE, "log2-for-ln"),
    (LOSS, "1/c", WRONG, "formula-differs"),
    (LOSS, "log(1/c)", MISTAKE, "formula-sign"),
    (LOSS, "log(c)*1.01", CLOSE, "formula-near"),
    (LOSS, "log(c - 1)", WRONG, "formula-differs"),
    (LOSS, "1/(c - 2)", WRONG, "formula-undefined"),
    (LOSS, "log10(c)", WRONG, "formula-differs"),
    (LOSS, "c*log(c)", WRONG, "formula-differs"),
    (POWER, "n / b**2", WRONG, "formula-edge"),
    (POWER, "n * 2**b", WRONG, "formula-differs"),
    (POWER, "n // 2**b", WRONG, "formula-differs"),
    (MACS, "c*m*k*k*8*8", WRONG, "formula-edge"),
    (MACS, "c*m*k*k*(9 - k)^2", MISTAKE, "padding-ignored"),
    (MACS, "2*c*m*k²*(11-k)²", MISTAKE, "formula-factor"),
)

UNREADABLE = (
    (CONV, "", "empty"),
    (CONV, "k*k*cin*c_out", "formula-name"),
    (CONV, "2k", "times-missing"),
    (CONV, "c_out(k*k*c_in + 1)", "times-missing"),
    (CONV, "(k+1)(k+1)", "times-missing"),
    (CONV, "k²c_in c_out + c_out", "times-missing"),
    (CONV, "k k", "times-missing"),
    (CONV, "k*k*", "bad-syntax"),
    (CONV, "(k*k", "bracket-not-closed"),
    (CONV, "k)", "bracket-not-opened"),
    (CONV, "parameters(Conv2d(c_in, c_out, k))", "formula-function"),
    (CONV, "flor(k/2)", "formula-function"),
    (CONV, "(k, k)", "formula-not-number"),
    (CONV, "k > 2", "formula-not-number"),
    (CONV, "k.shape", "formula-function"),
    (CONV, "'k'", "text-not-argument"),
    (CONV, "lambda: k", "no-lambda"),
    (CONV, "[k for k in (1,2)]", "times-missing"),
    (CONV, "k**k**k**k**9999", "integer-too-large"),
    (CONV, "9" * 500, "number-too-long"),
    (CONV, "(" * 5000, "answer-too-long"),
    (CONV, "-" * 3900, "too-deep"),
    (CONV, "1+" * 1900 + "1", "too-deep"),
    (CONV, "k if k else", "bad-syntax"),
    (CONV, "\x00", "empty"),
    (CONV, "1/0", "division-by-zero"),
)


@pytest.fixture(scope="module")
def desk(engine: EngineClient) -> Desk:
    """Exercises measured once for the module."""
    return Desk(engine)


def test_there_are_as_many_as_promised() -> None:
    assert len(RIGHT) >= 60
    assert len(NEAR_MISSES) >= 60
    assert len({typed for _, typed in RIGHT}) == len(RIGHT)


@pytest.mark.parametrize(("exercise", "typed"), RIGHT, ids=[typed for _, typed in RIGHT])
def test_right_in_any_form(desk: Desk, exercise, typed: str) -> None:  # type: ignore[no-untyped-def]
    verdict = desk.answer(exercise, typed)
    assert verdict.kind is VerdictKind.RIGHT, verdict


def reason_of(verdict: Verdict) -> str:
    """The named mistake, else the code."""
    return verdict.mistake or verdict.code


@pytest.mark.parametrize(
    ("exercise", "typed", "kind", "reason"), NEAR_MISSES, ids=[n[1] for n in NEAR_MISSES]
)
def test_near_miss_is_refused_for_its_reason(desk: Desk, exercise, typed, kind, reason) -> None:  # type: ignore[no-untyped-def]
    verdict = desk.answer(exercise, typed)
    assert (verdict.kind, reason_of(verdict)) == (kind, reason), verdict
    told = dict(verdict.details)
    assert told["draw"]
    assert told["yours"] != told["truth"]


@pytest.mark.parametrize(
    ("exercise", "typed", "code"), UNREADABLE, ids=[f"{n[1][:20]}-{n[2]}" for n in UNREADABLE]
)
def test_what_cannot_be_read_is_asked_again(desk: Desk, exercise, typed, code) -> None:  # type: ignore[no-untyped-def]
    verdict = desk.answer(exercise, typed)
    assert verdict.kind is VerdictKind.UNREADABLE
    assert verdict.failure is not None
    assert verdict.failure.code == code
    assert verdict.failure.kind in AT_ONCE


def test_the_breaking_draw_is_the_simplest_and_is_told(desk: Desk) -> None:
    verdict = desk.answer(CONV, "k*k*c_in*c_out")
    told = dict(verdict.details)
    assert told == {"draw": "k=1, c_in=1, c_out=4", "yours": "4", "truth": "8"}


def test_a_failure_at_an_edge_names_the_edge(desk: Desk) -> None:
    assert dict(desk.answer(MAYBE_BIAS, "n*m + m").details)["condition"] == "bias = False"
    assert dict(desk.answer(SAME, "n / s").details)["condition"] == "n % s ≠ 0"


def test_a_formula_sees_nothing_but_its_symbols(desk: Desk) -> None:
    for name in ("measure", "solution", "truth", "layer", "answer", "value"):
        assert desk.answer(CONV, f"{name} + k*0").kind is VerdictKind.UNREADABLE


@given(
    st.text(max_size=60)
    | st.text(alphabet="kc_inout0123456789+-*/%^().,² ×", max_size=60)
    | st.lists(st.sampled_from(["k", "c_in", "(", ")", "+", "*", "^", "2", "if", "else", "floor("]))
    .map(" ".join)
)  # fmt: skip
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
def test_no_text_raises_or_counts_unread(typed: str) -> None:
    draws = tuple(
        HiddenDraw((("k", k), ("c_in", c)), k * k * c, ()) for k in (1, 3) for c in (1, 16)
    )
    verdict = judge(Truth("formula", 1, hidden=draws), typed)
    assert (verdict.kind is VerdictKind.UNREADABLE) == (verdict.code == "program")
    if verdict.kind is VerdictKind.UNREADABLE:
        assert verdict.failure is not None


def test_conditions_separate_or_are_not_told() -> None:
    draws = [{"n": n, "s": s} for n in (4, 5, 6) for s in (2, 3)]
    assert condition(draws, frozenset({2, 3})) == "n = 5"
    assert condition(draws, frozenset({0, 5})) == ""
    assert condition(draws, frozenset(range(6))) == ""
