"""Tensor expressions as answers, run on hidden inputs beside the reference."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from program_desk import AT_ONCE, Desk, tensor

from content.judging import trial_job
from content.pack import Exercise
from content.verdict_text import value_text, why
from engine.client import EngineClient
from engine.protocol import Tried
from engine.trials import judge_tensor
from engine.truth import Truth
from engine.values import TensorValue
from engine.verdict import VerdictKind

HARD = (
    {"x": "tensor([1000., 1001., 1002.])"},
    {"x": "tensor([-1000., 0.])"},
    {"x": "randn(7, seed=3)"},
    {"x": "tensor([12., 11.], dtype=float16)"},
    {"x": "tensor([5.])"},
)
SOFTMAX = tensor(
    "softmax(x)", "exp sum max", HARD,
    ("naive-softmax", "exp(x) / sum(exp(x))"), ("not-normalised", "exp(x - max(x))"),
)  # fmt: skip
ROWS = ({"x": "randn(3, 5, seed=1)"}, {"x": "randn(4, 4, seed=2)"}, {"x": "full((2, 3), 7.)"})
ROW_SOFTMAX = tensor(
    "softmax(x, dim=1)", "exp sum amax log", ROWS,
    ("wrong-axis", "softmax(x, dim=0)"), ("whole-tensor", "exp(x) / sum(exp(x))"),
)  # fmt: skip
VARIANCE = tensor(
    "var(x, unbiased=False)", "mean sum len", ({"x": "randn(6, seed=5)"}, {"x": "tensor([3.])"},
    {"x": "tensor([1., 2., 3., 4.])"}), ("biased", "sum((x - mean(x))**2) / (len(x) - 1)"),
)  # fmt: skip
NORM = tensor(
    "(x - mean(x, dim=1, keepdim=True)) / "
    "sqrt(var(x, dim=1, unbiased=False, keepdim=True) + 1e-5)",
    "mean sqrt var", ({"x": "randn(3, 8, seed=1)"}, {"x": "randn(8, 8, seed=4)"}),
)  # fmt: skip
MSE = tensor(
    "mse_loss(x, y)", "mean sum len abs",
    ({"x": "randn(5, seed=1)", "y": "randn(5, seed=2)"}, {"x": "zeros(3)", "y": "ones(3)"},
     {"x": "tensor([2.])", "y": "tensor([-2.])"}),
    ("sum-for-mean", "sum((x - y)**2)"), ("absolute-for-square", "mean(abs(x - y))"), gradient=True,
)  # fmt: skip
RELU = tensor(
    "relu(x)", "max maximum where abs zeros_like clamp sigmoid",
    ({"x": "tensor([-2., 0.5, 3.])"}, {"x": "randn(9, seed=8)"}, {"x": "tensor([[-1., 4.]])"}),
    gradient=True,
)  # fmt: skip
SCORES = tensor(
    "q @ transpose(k) / sqrt(3)", "transpose sqrt sum",
    ({"q": "randn(2, 3, seed=1)", "k": "randn(4, 3, seed=2)"},
     {"q": "randn(3, 3, seed=3)", "k": "randn(3, 3, seed=4)"}),
    ("unscaled", "q @ transpose(k)"), ("scaled-by-d", "q @ transpose(k) / 3"),
)  # fmt: skip
COUNT = tensor(
    "sum(x > 0)", "sum where ones_like", ({"x": "tensor([1., -2., 3.])"}, {"x": "zeros(4)"})
)

RIGHT = (
    (SOFTMAX, "exp(x - max(x)) / sum(exp(x - max(x)))"),
    (SOFTMAX, "exp(x - x.max()) / exp(x - x.max()).sum()"),
    (SOFTMAX, "torch.exp(x - torch.max(x)) / torch.sum(torch.exp(x - torch.max(x)))"),
    (SOFTMAX, "y = exp(x − max(x)) ÷ sum(exp(x − max(x)))"),
    (SOFTMAX, "1 / sum(exp(x - max(x))) * exp(x - max(x))"),
    (SOFTMAX, "return exp(x - max(x)) / sum(exp(x - max(x)))"),
    (SOFTMAX, "exp（x－max（x））／sum（exp（x－max（x）））"),
    (SOFTMAX, "(exp(x - max(x)) /\n  sum(exp(x - max(x))))  # stable"),
    (ROW_SOFTMAX, "exp(x) / exp(x).sum(dim=1, keepdim=True)"),
    (ROW_SOFTMAX, "exp(x - log(sum(exp(x), dim=-1, keepdim=True)))"),
    (ROW_SOFTMAX, "exp(x) / exp(x).sum(1)[:, None]"),
    (VARIANCE, "mean((x - mean(x))**2)"),
    (VARIANCE, "mean(x²) - mean(x)²"),
    (VARIANCE, "sum((x - x.mean())^2) / x.shape[0]"),
    (
        NORM,
        (
            "(x - x.mean(dim=-1, keepdim=True)) / "
            "(x.var(dim=-1, unbiased=False, keepdim=True) + 1e-5).sqrt()"
        ),
    ),
    (MSE, "((x - y) ** 2).mean()"),
    (MSE, "mean((y - x)*(y - x))"),
    (MSE, "sum(x*x - 2*x*y + y*y) / len(x)"),
    (RELU, "(x + abs(x)) / 2"),
    (RELU, "maximum(x, 0 * x)"),
    (RELU, "where(x > 0, x, zeros_like(x))"),
    (RELU, "clamp(x, min=0)"),
    (RELU, "x * (x > 0)"),
    (SCORES, "q @ k.T / sqrt(3)"),
    (SCORES, "(q / sqrt(q.shape[1])) @ k.T"),
    (SCORES, "q @ k.transpose(0, 1) * 3**-0.5"),
    (COUNT, "(x > 0).sum()"),
)

MISTAKE, WRONG, CLOSE = VerdictKind.MISTAKE, VerdictKind.WRONG, VerdictKind.CLOSE
NEAR_MISSES = (
    (SOFTMAX, "exp(x) / sum(exp(x))", MISTAKE, "naive-softmax"),
    (SOFTMAX, "exp(x) / exp(x).sum()", MISTAKE, "naive-softmax"),
    (SOFTMAX, "exp(x - max(x))", MISTAKE, "not-normalised"),
    (SOFTMAX, "exp(x - max(x)) / sum(exp(x))", WRONG, "tensor-values"),
    (SOFTMAX, "exp(x - sum(x)) / sum(exp(x - sum(x)))", WRONG, "tensor-nan"),
    (SOFTMAX, "exp(x - max(x)) / max(exp(x - max(x)))", MISTAKE, "not-normalised"),
    (SOFTMAX, "(x - max(x)) / sum(x - max(x))", WRONG, "tensor-values"),
    (SOFTMAX, "x / sum(x)", WRONG, "tensor-values"),
    (SOFTMAX, "exp(-x + max(x)) / sum(exp(-x + max(x)))", WRONG, "tensor-values"),
    (SOFTMAX, "sum(exp(x - max(x)))", WRONG, "tensor-shape"),
    (SOFTMAX, "max(x)", WRONG, "tensor-shape"),
    (SOFTMAX, "1", WRONG, "tensor-shape"),
    (SOFTMAX, "(exp(x - max(x)) / sum(exp(x - max(x))))[:2]", WRONG, "tensor-shape"),
    (SOFTMAX, "(exp(x - max(x)) / sum(exp(x - max(x))))[None]", WRONG, "tensor-shape"),
    (SOFTMAX, "2**(x - max(x)) / sum(2**(x - max(x)))", WRONG, "tensor-values"),
    (SOFTMAX, "exp(x - x[0]) / sum(exp(x - x[0]))", WRONG, "tensor-nan"),
    (SOFTMAX, "exp(x - x[1]) / sum(exp(x - x[1]))", WRONG, "tensor-fails"),
    (ROW_SOFTMAX, "exp(x) / exp(x).sum(dim=0, keepdim=True)", MISTAKE, "wrong-axis"),
    (ROW_SOFTMAX, "exp(x) / sum(exp(x))", MISTAKE, "whole-tensor"),
    (ROW_SOFTMAX, "exp(x) / exp(x).sum(dim=0)", MISTAKE, "wrong-axis"),
    (ROW_SOFTMAX, "exp(x) / sum(exp(x), dim=1)", WRONG, "tensor-values"),
    (ROW_SOFTMAX, "log(exp(x) / exp(x).sum(dim=1, keepdim=True))", WRONG, "tensor-values"),
    (ROW_SOFTMAX, "exp(x).sum(dim=1)", WRONG, "tensor-shape"),
    (
        ROW_SOFTMAX,
        "(exp(x) / exp(x).sum(dim=1, keepdim=True)).sum(dim=1, keepdim=True)",
        WRONG,
        "tensor-shape",
    ),
    (VARIANCE, "sum((x - mean(x))**2) / (len(x) - 1)", MISTAKE, "biased"),
    (VARIANCE, "sum((x - mean(x))**2) / (len(x) + 1)", WRONG, "tensor-values"),
    (VARIANCE, "mean(x)**2 - mean(x**2)", WRONG, "tensor-values"),
    (VARIANCE, "mean((x - mean(x))**2)**0.5", WRONG, "tensor-values"),
    (VARIANCE, "(x - mean(x))**2", WRONG, "tensor-shape"),
    (VARIANCE, "sum((x - mean(x))**2)", WRONG, "tensor-values"),
    (VARIANCE, "mean(x - mean(x))**2", WRONG, "tensor-values"),
    (
        NORM,
        (
            "(x - mean(x, dim=0, keepdim=True)) / "
            "sqrt(var(x, dim=0, unbiased=False, keepdim=True) + 1e-5)"
        ),
        WRONG,
        "tensor-values",
    ),
    (
        NORM,
        "(x - mean(x, dim=1, keepdim=True)) / sqrt(var(x, dim=1, keepdim=True) + 1e-5)",
        WRONG,
        "tensor-values",
    ),
    (NORM, "(x - mean(x)) / sqrt(var(x, unbiased=False) + 1e-5)", WRONG, "tensor-values"),
    (
        NORM,
        "(x - mean(x, dim=1, keepdim=True)) / (var(x, dim=1, unbiased=False, keepdim=True) + 1e-5)",
        WRONG,
        "tensor-values",
    ),
    (NORM, "x - mean(x, dim=1, keepdim=True)", WRONG, "tensor-values"),
    (MSE, "sum((x - y)**2)", MISTAKE, "sum-for-mean"),
    (MSE, "mean(abs(x - y))", MISTAKE, "absolute-for-square"),
    (MSE, "mean((x - y)**2) / 2", WRONG, "tensor-values"),
    (MSE, "(x - y)**2", WRONG, "tensor-shape"),
    (MSE, "mean(x - y)**2", WRONG, "tensor-values"),
    (RELU, "max(x)", WRONG, "tensor-shape"),
    (RELU, "abs(x)", WRONG, "tensor-values"),
    (RELU, "x * (x < 0)", WRONG, "tensor-values"),
    (RELU, "x * sigmoid(x)", WRONG, "tensor-values"),
    (RELU, "x > 0", WRONG, "tensor-values"),
    (RELU, "clamp(x, min=0, max=1)", WRONG, "tensor-values"),
    (SCORES, "q @ k.T", MISTAKE, "unscaled"),
    (SCORES, "q @ k.T / 3", MISTAKE, "scaled-by-d"),
    (SCORES, "k @ q.T / sqrt(3)", WRONG, "tensor-shape"),
    (SCORES, "q @ k / sqrt(3)", WRONG, "tensor-values"),
    (SCORES, "q @ k.T / sqrt(2)", WRONG, "tensor-values"),
    (COUNT, "sum(where(x > 0, ones_like(x), 0 * x))", CLOSE, "tensor-dtype"),
    (COUNT, "sum(x >= 0)", WRONG, "tensor-values"),
    (COUNT, "x > 0", WRONG, "tensor-shape"),
)

UNREADABLE = (
    (SOFTMAX, "", "empty"),
    (SOFTMAX, "softmax(x)", "function-not-allowed"),
    (SOFTMAX, "x.softmax()", "function-not-allowed"),
    (SOFTMAX, "F.softmax(x)", "function-not-allowed"),
    (SOFTMAX, "log(x)", "function-not-allowed"),
    (SOFTMAX, "x.T", "function-not-allowed"),
    (SOFTMAX, "Conv1d(1, 1, 1)(x)", "function-not-allowed"),
    (SOFTMAX, "exp(y)", "unknown-name"),
    (SOFTMAX, "reference", "unknown-name"),
    (SOFTMAX, "exp(x", "bracket-not-closed"),
    (SOFTMAX, "exp x", "bad-syntax"),
    (SOFTMAX, "(x, x)", "answer-not-tensor"),
    (SOFTMAX, "x @ x @ x @ x", ""),
    (SOFTMAX, "exp(x, x, x, x)", "too-many-arguments"),
    (SOFTMAX, "2**2**2**2**2**2**2", "integer-too-large"),
    (SOFTMAX, "exp(" * 900, "too-deep"),
    (SOFTMAX, "x.data", ""),
    (SOFTMAX, "x.__class__", "private-name"),
    (SCORES, "q.T(k)", ""),
)


@pytest.fixture(scope="module")
def desk(engine: EngineClient) -> Desk:
    """Exercises measured once for the module."""
    return Desk(engine)


def test_there_are_as_many_as_promised() -> None:
    assert len(NEAR_MISSES) >= 40


@pytest.mark.parametrize(("exercise", "typed"), RIGHT, ids=[typed[:50] for _, typed in RIGHT])
def test_right_in_any_form(desk: Desk, exercise: Exercise, typed: str) -> None:
    verdict = desk.answer(exercise, typed)
    assert verdict.kind is VerdictKind.RIGHT, verdict


@pytest.mark.parametrize(
    ("exercise", "typed", "kind", "reason"), NEAR_MISSES, ids=[n[1] for n in NEAR_MISSES]
)
def test_near_miss_is_refused_for_its_reason(
    desk: Desk, exercise: Exercise, typed: str, kind: VerdictKind, reason: str
) -> None:
    verdict = desk.answer(exercise, typed)
    assert (verdict.kind, verdict.mistake or verdict.code) == (kind, reason), verdict
    assert verdict.tried is not None


@pytest.mark.parametrize(
    ("exercise", "typed", "code"), UNREADABLE, ids=[f"{n[1][:24]}" for n in UNREADABLE]
)
def test_what_cannot_be_run_is_asked_again(
    desk: Desk, exercise: Exercise, typed: str, code: str
) -> None:
    desk.prepared(exercise)
    verdict = desk.answer(exercise, typed)
    assert verdict.kind is VerdictKind.UNREADABLE
    assert verdict.failure is not None
    assert not code or verdict.failure.code == code
    assert verdict.failure.kind in AT_ONCE


def test_values_may_be_right_and_the_gradient_wrong(desk: Desk) -> None:
    steps = tensor(
        "relu(x)", "maximum zeros_like floor", ({"x": "tensor([-2., 1., 3.])"},), gradient=True
    )
    verdict = desk.answer(steps, "maximum(floor(x), zeros_like(x))")
    assert (verdict.kind, verdict.code) == (WRONG, "tensor-slopes")
    words = why(desk.prepared(steps), verdict, "en")
    assert "gradient" in words
    right = tensor("exp(x)", "exp", ({"x": "tensor([1., 2.])"},), gradient=True)
    assert desk.answer(right, "exp(x)").kind is VerdictKind.RIGHT


def test_the_answer_meets_no_reference(desk: Desk) -> None:
    job = trial_job(desk.prepared(SOFTMAX), "exp(x)")
    assert job.trial is not None
    for name in ("softmax", "reference", "truth", "mistakes", "naive"):
        assert desk.answer(SOFTMAX, f"{name} * exp(x)").kind is VerdictKind.UNREADABLE


def test_the_input_that_breaks_it_is_shown_and_bounded(desk: Desk) -> None:
    verdict = desk.answer(SOFTMAX, "exp(x) / sum(exp(x))")
    words = why(desk.prepared(SOFTMAX), verdict, "en")
    assert "[nan, 0] float16" in words
    assert "nan where PyTorch has a number" in words
    wide = TensorValue("float32", (1000, 1000), tuple((0.123456,) * 1000 for _ in range(1000)))
    assert len(value_text(wide)) <= 72


def test_an_answer_of_another_shape_travels_without_its_numbers(desk: Desk) -> None:
    outer = tensor("sum(x)", "sum", ({"x": "zeros(3000)"},))
    verdict = desk.answer(outer, "x[:, None] * x")
    assert verdict.code == "tensor-shape"
    assert verdict.tried is not None
    assert isinstance(verdict.tried.answer, TensorValue)
    assert verdict.tried.answer.data is None


@given(st.text(max_size=50) | st.text(alphabet="exp(sumax)x-+*/ ", max_size=50))
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_no_text_raises(desk: Desk, typed: str) -> None:
    verdict = desk.answer(SOFTMAX, typed)
    assert (verdict.kind is VerdictKind.UNREADABLE) == (verdict.failure is not None)


def test_equal_within_rounding_and_no_further() -> None:
    def tried(*mine: float, dtype: str = "float32") -> list[Tried]:
        true = TensorValue(dtype, (2,), (1.0, 1e-7))
        return [Tried((), true, TensorValue(dtype, (2,), mine))]

    truth = Truth("tensor")
    assert judge_tensor(truth, tried(1.000001, 1.1e-7), ()).kind is VerdictKind.RIGHT
    assert judge_tensor(truth, tried(1.001, 1e-7), ()).code == "tensor-values"
    assert judge_tensor(truth, tried(1.001, 1e-7, dtype="float16"), ()).kind is VerdictKind.RIGHT
    assert judge_tensor(truth, tried(float("inf"), 1e-7), ()).code == "tensor-nan"
