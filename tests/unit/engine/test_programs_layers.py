"""Layers as answers: any right one passes, each near miss fails the requirement it should."""

from __future__ import annotations

import pytest
from program_desk import AT_ONCE, Desk, layer

from content.judging import trial_job
from content.pack import Exercise
from content.prepare import draw_item
from engine.client import EngineClient
from engine.protocol import Failure, FailureKind, Measured
from engine.trials import unmet
from engine.verdict import VerdictKind

HALVE = layer(
    "Conv2d(3, 16, 3, stride=2, padding=1)",
    "output_shape(answer, zeros(1, 3, 32, 32)) == (1, 16, 16, 16)",
    "parameters(answer) <= 500",
)
KEEP = layer(
    "Conv2d(8, 8, 5, padding=2, bias=False)",
    "output_shape(answer, zeros(2, 8, 20, 20)) == (2, 8, 20, 20)",
    "parameters(answer) == 1600",
)
DENSE = layer(
    "Linear(784, 10)", "output_shape(answer, zeros(4, 784)) == (4, 10)", "parameters(answer) < 8000"
)
POOL = layer(
    "AvgPool2d(2)",
    "output_shape(answer, zeros(1, 4, 8, 8)) == (1, 4, 4, 4)",
    "parameters(answer) == 0",
    "max(answer(full((1, 4, 8, 8), -1.0))) == -1",
    "answer(tensor([[[[1., 2.], [3., 6.]]]]))[0][0][0][0] == 3",
)
RIGHT = (
    (HALVE, "Conv2d(3, 16, 3, stride=2, padding=1)"),
    (HALVE, "nn.Conv2d(3, 16, kernel_size=3, stride=2, padding=1)"),
    (HALVE, "torch.nn.Conv2d(in_channels=3, out_channels=16, kernel_size=2, stride=2)"),
    (HALVE, "self.conv1 = nn.Conv2d(3, 16, 3, 2, 1)"),
    (HALVE, ">>> nn.Sequential(nn.MaxPool2d(2), nn.Conv2d(3, 16, 3, padding='same'))"),
    (
        HALVE,
        "nn.Sequential(\n    nn.Conv2d(3, 16, 1),  # channels first\n    nn.AvgPool2d(2),\n),",
    ),
    (HALVE, "Conv2d（3，16，（3，3），stride＝2，padding＝1）"),
    (HALVE, "Sequential(Conv2d(3, 16, 3, padding=1), ReLU(), MaxPool2d(2))"),
    (HALVE, "layer = Sequential(AvgPool2d(2), Conv2d(3, 16, 1, bias=False))"),
    (HALVE, "Conv2d(3, 16, (2, 4), stride=(2, 2), padding=(0, 1))"),
    (KEEP, "Conv2d(8, 8, 5, padding='same', bias=False)"),
    (KEEP, "Conv2d(8, 8, 5, padding=4, dilation=2, bias=False)"),
    (DENSE, "Linear(784, 10, bias=False)"),
    (DENSE, "Sequential(Linear(784, 8), ReLU(), Linear(8, 10))"),
    (POOL, "nn.AvgPool2d(kernel_size=2, stride=2)"),
    (POOL, "AvgPool2d((2, 2))"),
)

NEAR_MISSES = (
    (HALVE, "Conv2d(3, 16, 3, stride=2)", [0]),
    (HALVE, "Conv2d(3, 16, 3, padding=1)", [0]),
    (HALVE, "Conv2d(3, 16, 5, stride=2, padding=2)", [1]),
    (HALVE, "Conv2d(3, 32, 3, stride=2, padding=1)", [0, 1]),
    (HALVE, "Conv2d(1, 16, 3, stride=2, padding=1)", [0]),
    (HALVE, "Conv2d(16, 3, 3, stride=2, padding=1)", [0]),
    (HALVE, "MaxPool2d(2)", [0]),
    (HALVE, "Identity()", [0]),
    (HALVE, "Sequential(Conv2d(3, 16, 3), MaxPool2d(2))", [0]),
    (HALVE, "Sequential(Conv2d(3, 16, 3, padding=1), MaxPool2d(3))", [0]),
    (HALVE, "Sequential(Conv2d(3, 8, 3, stride=2, padding=1), Conv2d(8, 16, 3, padding=1))", [1]),
    (HALVE, "Conv2d(3, 16, 3, stride=4, padding=1)", [0]),
    (HALVE, "Conv1d(3, 16, 3, stride=2, padding=1)", [0]),
    (HALVE, "ConvTranspose2d(3, 16, 2, stride=2)", [0]),
    (HALVE, "Linear(3, 16)", [0]),
    (HALVE, "Flatten()", [0]),
    (HALVE, "Sequential(Conv2d(3, 16, 3, stride=2, padding=1), Flatten())", [0]),
    (KEEP, "Conv2d(8, 8, 5, padding=2)", [1]),
    (KEEP, "Conv2d(8, 8, 5, bias=False)", [0]),
    (KEEP, "Conv2d(8, 8, 3, padding=1, bias=False)", [1]),
    (KEEP, "Conv2d(8, 8, 5, padding=2, groups=8, bias=False)", [1]),
    (KEEP, "Conv2d(8, 8, 5, padding=2, stride=2, bias=False)", [0]),
    (KEEP, "Identity()", [1]),
    (DENSE, "Linear(10, 784)", [0, 1]),
    (DENSE, "Sequential(Linear(784, 10), Linear(10, 10), Linear(10, 10))", [1]),
    (DENSE, "Sequential(Flatten(), Linear(28*28, 100), Linear(100, 10))", [1]),
    (DENSE, "Linear(784, 11)", [0, 1]),
    (POOL, "MaxPool2d(2)", [3]),
    (POOL, "AvgPool2d(2, stride=1)", [0]),
    (POOL, "AvgPool2d(2, padding=1)", [0, 2, 3]),
    (POOL, "Sequential(AvgPool2d(2), ReLU())", [2]),
    (POOL, "Conv2d(4, 4, 2, stride=2)", [1, 2, 3]),
    (POOL, "AvgPool2d(4)", [0, 3]),
)

UNREADABLE = (
    ("", "empty"),
    ("Conv2d(3, 16", "bracket-not-closed"),
    ("Conv2D(3, 16, 3)", "unknown-name"),
    ("Conv2d(3, 16)", "missing-argument"),
    ("Conv2d(3, 16, 3, strid=2)", "unexpected-argument"),
    ("Conv2d(3, 16, 0)", "argument-too-small"),
    ("Conv2d", "function-not-called"),
    ("16", "answer-not-layer"),
    ("zeros(3)", "answer-not-layer"),
    ("Conv2d(3, 16, 3)(zeros(1, 3, 8, 8))", "answer-not-layer"),
    ("answer", "unknown-name"),
    ("layer", "unknown-name"),
    ("Linear(10**9, 10**9)", "too-many-parameters"),
    ("Repeat(10**9, ReLU())", ""),
    ("Sequential(*[ReLU()])", "no-star"),
    ("Sequential([ReLU() for i in range(9)])", "no-comprehension"),
    ("__import__('os').system('true')", "private-name"),
    ("Linear(2**2**2**2**2**2, 1)", "integer-too-large"),
    ("Sequential(" * 300, "too-deep"),
    ("lambda: Conv2d(1, 1, 1)", "no-lambda"),
)


@pytest.fixture(scope="module")
def desk(engine: EngineClient) -> Desk:
    """Exercises measured once for the module."""
    return Desk(engine)


def test_there_are_as_many_as_promised() -> None:
    assert len(NEAR_MISSES) >= 30


@pytest.mark.parametrize(("exercise", "typed"), RIGHT, ids=[typed[:40] for _, typed in RIGHT])
def test_any_right_layer_passes(desk: Desk, exercise: Exercise, typed: str) -> None:
    verdict = desk.answer(exercise, typed)
    assert verdict.kind is VerdictKind.RIGHT, verdict


@pytest.mark.parametrize(
    ("exercise", "typed", "failing"), NEAR_MISSES, ids=[n[1] for n in NEAR_MISSES]
)
def test_near_miss_fails_the_right_requirement(
    desk: Desk, exercise: Exercise, typed: str, failing: list[int]
) -> None:
    verdict = desk.answer(exercise, typed)
    assert (verdict.kind, verdict.code) == (VerdictKind.WRONG, "layer-fails"), verdict
    assert unmet(verdict) == failing


@pytest.mark.parametrize(("typed", "code"), UNREADABLE, ids=[f"{t[:24]}" for t, _ in UNREADABLE])
def test_what_cannot_be_built_is_asked_again(desk: Desk, typed: str, code: str) -> None:
    desk.prepared(HALVE)
    verdict = desk.answer(HALVE, typed)
    assert verdict.kind is VerdictKind.UNREADABLE
    assert verdict.failure is not None
    assert not code or verdict.failure.code == code
    assert verdict.failure.kind in AT_ONCE


def test_the_reason_keeps_the_engines_column(desk: Desk) -> None:
    failure = desk.answer(HALVE, "Sequential(ReLU(), Conv2D(3, 16, 3))").failure
    assert failure is not None
    assert (failure.code, failure.column) == ("unknown-name", 20)


def test_a_layer_sees_drawn_names_but_no_binding(desk: Desk) -> None:
    exercise = Exercise(
        id="it", kind="layer", question="?", draw={"c": (3, 5)}, let={"wanted": "Conv2d(c, c, 1)"},
        require=layer("", "parameters(answer) == parameters(wanted)").require,
        example="Conv2d(c, c, 1)",
    )  # fmt: skip
    assert dict(draw_item("p:t/it", exercise, 0))["c"] in (3, 5)
    assert desk.answer(exercise, "Conv2d(c, c, 1)").kind is VerdictKind.RIGHT
    hidden = desk.answer(exercise, "wanted")
    assert hidden.kind is VerdictKind.UNREADABLE
    assert hidden.failure is not None
    assert hidden.failure.code == "unknown-name"


def test_what_the_engine_could_not_do_counts_for_nothing(desk: Desk) -> None:
    from content.judging import judged

    prepared = desk.prepared(HALVE)
    for kind in (FailureKind.CRASH, FailureKind.TIMEOUT, FailureKind.CANCELLED):
        failure = Failure(kind, "worker-died")
        verdict = judged(prepared, "Conv2d(3, 16, 3)", lambda _, f=failure: f)  # type: ignore[misc]
        assert (verdict.kind, verdict.failure) == (VerdictKind.UNREADABLE, failure)


def test_ten_to_the_ninth_layers_are_refused_at_once(engine: EngineClient, desk: Desk) -> None:
    job = trial_job(desk.prepared(HALVE), "Repeat(10**9, Conv2d(3, 3, 1))")
    outcome = engine.measure(job)
    assert isinstance(outcome, Failure)
    assert (outcome.kind, outcome.where) == (FailureKind.LIMIT, "answer")
    assert isinstance(engine.measure(trial_job(desk.prepared(HALVE), "ReLU()")), Measured)
