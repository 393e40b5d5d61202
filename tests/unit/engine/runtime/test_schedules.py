"""Schedules of learning rates against torch's schedulers and against their closed forms."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable

import pytest
import torch
from torch.optim import lr_scheduler
from torch.optim.lr_scheduler import LRScheduler

from engine.protocol import FailureKind
from tests.unit.engine.runtime.measuring import measured, numbers, refusal

RATE = 0.1
N = 25
Closed = Callable[[int], float]


def by_torch(build: Callable[[torch.optim.Optimizer], LRScheduler]) -> list[float]:
    """The rate of each of N updates."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=RATE)
    rates = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scheduler = build(optimizer)
        for _ in range(N):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
    return rates


@pytest.mark.parametrize(("source", "build", "closed"), [
    ("StepLR(SGD(lr=0.1), step_size=4, gamma=0.5)",
     lambda o: lr_scheduler.StepLR(o, 4, 0.5), lambda t: 0.5 ** (t // 4)),
    ("MultiStepLR(SGD(lr=0.1), milestones=[3, 8], gamma=0.5)",
     lambda o: lr_scheduler.MultiStepLR(o, [3, 8], 0.5), lambda t: 0.5 ** ((t >= 3) + (t >= 8))),
    ("ExponentialLR(SGD(lr=0.1), gamma=0.9)",
     lambda o: lr_scheduler.ExponentialLR(o, 0.9), lambda t: 0.9**t),
    ("CosineAnnealingLR(SGD(lr=0.1), T_max=10)",
     lambda o: lr_scheduler.CosineAnnealingLR(o, 10),
     lambda t: (1 + math.cos(math.pi * t / 10)) / 2),
    ("CosineAnnealingLR(SGD(lr=0.1), T_max=7, eta_min=0.02)",
     lambda o: lr_scheduler.CosineAnnealingLR(o, 7, 0.02),
     lambda t: 0.2 + 0.8 * (1 + math.cos(math.pi * t / 7)) / 2),
    ("LinearLR(SGD(lr=0.1), start_factor=0.1, total_iters=9)",
     lambda o: lr_scheduler.LinearLR(o, 0.1, total_iters=9),
     lambda t: 0.1 + 0.9 * min(t, 9) / 9),
    ("LinearLR(SGD(lr=0.1))",
     lambda o: lr_scheduler.LinearLR(o), lambda t: 1 / 3 + 2 / 3 * min(t, 5) / 5),
    ("ConstantLR(SGD(lr=0.1), factor=0.5, total_iters=4)",
     lambda o: lr_scheduler.ConstantLR(o, 0.5, 4), lambda t: 0.5 if t < 4 else 1.0),
    ("PolynomialLR(SGD(lr=0.1), total_iters=8, power=2.0)",
     lambda o: lr_scheduler.PolynomialLR(o, 8, 2.0), lambda t: (1 - min(t, 8) / 8) ** 2),
    ("warmup_cosine(SGD(lr=0.1), warmup=5, total=25, start_factor=0.2)",
     lambda o: lr_scheduler.SequentialLR(
         o, [lr_scheduler.LinearLR(o, 0.2, total_iters=5), lr_scheduler.CosineAnnealingLR(o, 20)],
         [5]),
     lambda t: 0.2 + 0.8 * t / 5 if t < 5 else (1 + math.cos(math.pi * (t - 5) / 20)) / 2),
])  # fmt: skip
def test_rates_are_those_of_torch_and_of_the_formula(
    source: str, build: Callable[[torch.optim.Optimizer], LRScheduler], closed: Closed
) -> None:
    rates = numbers(f"learning_rates({source}, {N})")
    assert list(rates) == by_torch(build)  # type: ignore[call-overload]
    assert rates == pytest.approx([RATE * closed(t) for t in range(N)], rel=1e-9, abs=1e-12)
    for step in (0, 1, N - 1):
        assert measured(f"learning_rate({source}, {step})") == list(rates)[step]  # type: ignore[call-overload]


def test_figures_of_the_usual_schedules() -> None:
    cosine = numbers("learning_rates(CosineAnnealingLR(SGD(lr=0.1), T_max=10), 11)")
    assert cosine == pytest.approx(  # opt.lr-schedule
        (0.1, 0.09755, 0.09045, 0.07939, 0.06545, 0.05, 0.03455, 0.02061, 0.00955, 0.00245, 0),
        abs=5e-6,
    )
    falling = numbers("learning_rates(ExponentialLR(SGD(lr=0.1), gamma=0.9), 4)")
    assert falling == pytest.approx((0.1, 0.09, 0.081, 0.0729))


def test_a_schedule_steps_with_its_optimizer() -> None:
    path = numbers("steps_path(0.0, 1.0, StepLR(SGD(lr=0.5), step_size=2, gamma=0.5), 4)")
    assert path == (0.0, -0.5, -1.0, -1.25, -1.5)
    last = "optimizer_state(0.0, 1.0, StepLR(SGD(lr=0.5), step_size=2, gamma=0.5), 3, name='lr')"
    assert measured(last) == 0.25
    way = numbers("trajectory(x * 1.0, 0.0, StepLR(SGD(lr=0.5), step_size=2, gamma=0.5), 4)[0]")
    assert way == path


def test_a_rate_alone_stands_for_plain_descent() -> None:
    assert measured("StepLR(0.1, 3)") == "optim.lr_scheduler.StepLR(optim.SGD(lr=0.1), step_size=3)"


@pytest.mark.parametrize("source", [
    "StepLR(Adam(lr=0.1), step_size=3)",
    "MultiStepLR(Adam(lr=0.1), milestones=(3, 5), gamma=0.5)",
    "CosineAnnealingLR(SGD(lr=0.1), T_max=7, eta_min=0.02)",
    "SequentialLR(SGD(lr=0.1), [ConstantLR(SGD(lr=0.1)), StepLR(SGD(lr=0.1), 3)], [2])",
    "warmup_cosine(SGD(lr=0.1, momentum=0.9), 5, 25)",
])  # fmt: skip
def test_the_code_shown_builds_the_schedule_again(source: str) -> None:
    code = str(measured(source))
    assert code.startswith("optim.lr_scheduler.")
    assert measured(code) == code
    assert measured(f"torch.{code}") == code
    assert measured("code(s)", s=source) == code
    assert numbers(f"learning_rates({code}, 9)") == numbers(f"learning_rates({source}, 9)")


@pytest.mark.parametrize(("source", "code"), [
    ("StepLR(0.1, 0)", "argument-too-small"),
    ("StepLR(-0.1, 3)", "argument-range"),
    ("StepLR('fast', 3)", "argument-optimizer"),
    ("StepLR(Linear(2, 2), 3)", "argument-optimizer"),
    ("StepLR(StepLR(0.1, 3), 3)", "argument-optimizer"),
    ("StepLR(0.1, 3, gamma=nan)", "argument-range"),
    ("MultiStepLR(0.1, (8, 3))", "milestones"),
    ("MultiStepLR(0.1, ())", "milestones"),
    ("MultiStepLR(0.1, 3)", "milestones"),
    ("MultiStepLR(0.1, (1, 2) * 100)", "argument-too-large"),
    ("LinearLR(0.1, start_factor=0)", "argument-range"),
    ("LinearLR(0.1, total_iters=0)", "argument-too-small"),
    ("CosineAnnealingLR(0.1, T_max=0)", "argument-too-small"),
    ("warmup_cosine(0.1, 10, 10)", "argument-too-small"),
    ("SequentialLR(0.1, [StepLR(0.1, 3)], [2])", "schedules-and-milestones"),
    ("SequentialLR(0.1, [StepLR(0.1, 3), StepLR(0.2, 3)], [2])", "schedules-of-one"),
    ("SequentialLR(0.1, [SGD(lr=0.1)], [2])", "argument-schedule"),
    ("SequentialLR(0.1, [warmup_cosine(0.1, 2, 4), StepLR(0.1, 3)], [2])", "argument-schedules"),
    ("learning_rate(SGD(lr=0.1), 3)", "argument-schedule"),
    ("learning_rate(StepLR(0.1, 3), -1)", "argument-too-small"),
    ("learning_rate(StepLR(0.1, 3), 10**9)", "argument-too-large"),
    ("learning_rates(StepLR(0.1, 3), 0.5)", "argument-whole"),
])  # fmt: skip
def test_what_is_wrong_is_refused(source: str, code: str) -> None:
    failure = refusal(source)
    assert failure.code == code
    assert failure.kind in (FailureKind.EXPRESSION, FailureKind.LIMIT)
