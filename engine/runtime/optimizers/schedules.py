"""Schedules of learning rates, by PyTorch's names and arguments, stepped for real.

Promise: a rate is what torch.optim.lr_scheduler gives after so many steps, each step of the
scheduler after one of its optimizer. A schedule holds its optimizer, as PyTorch writes it, and
may stand wherever an optimizer may. Must not know formulas.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, Any, Final

import torch
from torch.optim import lr_scheduler
from torch.optim.lr_scheduler import LRScheduler

from engine import limits
from engine.documented import Allowed
from engine.library import Group
from engine.refusal import over_limit, refused
from engine.runtime import device
from engine.runtime.arguments import Positive, Rule, kind_of, real, whole
from engine.runtime.clock import check_time
from engine.runtime.optimizers.optimizers import sgd
from engine.runtime.optimizers.specs import (
    Amount,
    Optimizer,
    Schedule,
    Scheduled,
    Schedules,
    Share,
    finite,
    shown,
)
from engine.runtime.register import Register

SCHEDULES: Final = Register()


def _base(value: object, argument: str) -> Optimizer:
    """An optimizer, or just its learning rate."""
    if isinstance(value, Optimizer):
        return value
    if isinstance(value, (bool, int, float, torch.Tensor)):
        return sgd(lr=finite(0.0)(value, argument))  # type: ignore[arg-type]
    raise refused("argument-optimizer", argument=argument, got=kind_of(value))


def _milestones(value: object, argument: str) -> tuple[int, ...]:
    if not isinstance(value, (tuple, list)) or not value:
        raise refused("milestones", argument=argument)
    if len(value) > limits.MILESTONES:
        raise over_limit("argument-too-large", argument=argument, got=len(value),
                         high=limits.MILESTONES)  # fmt: skip
    check = whole(1)
    steps = tuple(int(check(step, argument)) for step in value)  # type: ignore[call-overload]
    if any(a >= b for a, b in pairwise(steps)):
        raise refused("milestones", argument=argument)
    return steps


Base = Annotated[Optimizer, Rule(_base, Allowed("type", words=("optimizer, float",)))]
Milestones = Annotated[
    tuple[int, ...], Rule(_milestones, Allowed("type", words=("(int, ...)",)))
]  # fmt: skip
Factor = Annotated[float, finite(0.0, above=True)]
Portion = Annotated[float, finite(0.0, 1.0, above=True)]
Steps = Annotated[int, whole(0, limits.SCHEDULE_STEPS)]
Exponent = Annotated[float, real(0.0, 100.0)]


def _torch(kind: type[LRScheduler], optimizer: Optimizer, **options: Any) -> Schedule:
    parameters = inspect.signature(kind).parameters
    given = shown(options, {name: p.default for name, p in parameters.items()})
    code = f"optim.lr_scheduler.{kind.__name__}({optimizer}{', ' if given else ''}{given})"
    return Schedule(code, optimizer, kind, tuple(options.items()))


@SCHEDULES.function(method=False, name="StepLR")
def step_lr(optimizer: Base, step_size: Positive, gamma: Amount = 0.1) -> Schedule:
    """The rate times gamma after every step_size steps: lr γ^⌊t / step_size⌋.

    The optimizer is one, or just its learning rate.

    Source: torch.optim.lr_scheduler.StepLR
    Example: round(learning_rate(StepLR(SGD(lr=0.1), step_size=30), 65), 9) -> 0.001
    """
    return _torch(lr_scheduler.StepLR, optimizer, step_size=step_size, gamma=gamma)


@SCHEDULES.function(method=False, name="MultiStepLR")
def multi_step_lr(optimizer: Base, milestones: Milestones, gamma: Amount = 0.1) -> Schedule:
    """The rate times gamma at each of the milestones, steps in rising order.

    Source: torch.optim.lr_scheduler.MultiStepLR
    Example: round(learning_rate(MultiStepLR(SGD(lr=0.1), milestones=(30, 80)), 50), 9) -> 0.01
    """
    return _torch(lr_scheduler.MultiStepLR, optimizer, milestones=milestones, gamma=gamma)


@SCHEDULES.function(method=False, name="ExponentialLR")
def exponential_lr(optimizer: Base, gamma: Amount) -> Schedule:
    """The rate times gamma after every step: lr γ^t.

    Source: torch.optim.lr_scheduler.ExponentialLR
    Example: round(learning_rate(ExponentialLR(SGD(lr=0.1), gamma=0.9), 3), 9) -> 0.0729
    """
    return _torch(lr_scheduler.ExponentialLR, optimizer, gamma=gamma)


@SCHEDULES.function(method=False, name="CosineAnnealingLR")
def cosine_annealing_lr(
    optimizer: Base,
    T_max: Positive,  # noqa: N803 - PyTorch's name
    eta_min: Amount = 0.0,
) -> Schedule:
    """Half a wave from lr down to eta_min in T_max steps; beyond, it rises again.

    eta_min + ½ (lr - eta_min) (1 + cos(π t / T_max)).

    Source: Loshchilov and Hutter 2017, arXiv:1608.03983; torch.optim.lr_scheduler
    Example: round(learning_rate(CosineAnnealingLR(SGD(lr=0.1), T_max=10), 5), 9) -> 0.05
    """
    return _torch(lr_scheduler.CosineAnnealingLR, optimizer, T_max=T_max, eta_min=eta_min)


@SCHEDULES.function(method=False, name="LinearLR")
def linear_lr(
    optimizer: Base,
    start_factor: Portion = 1 / 3,
    end_factor: Share = 1.0,
    total_iters: Positive = 5,
) -> Schedule:
    """Warm-up: a straight line from lr · start_factor to lr · end_factor in total_iters steps.

    lr (start + (end - start) min(t, total_iters) / total_iters). The first step is not 0.

    Source: torch.optim.lr_scheduler.LinearLR
    Example: learning_rate(LinearLR(SGD(lr=0.5), start_factor=0.5, total_iters=4), 2) -> 0.375
    """
    return _torch(lr_scheduler.LinearLR, optimizer, start_factor=start_factor,
                  end_factor=end_factor, total_iters=total_iters)  # fmt: skip


@SCHEDULES.function(method=False, name="ConstantLR")
def constant_lr(optimizer: Base, factor: Share = 1 / 3, total_iters: Positive = 5) -> Schedule:
    """The rate times factor for total_iters steps, then the whole rate.

    Source: torch.optim.lr_scheduler.ConstantLR
    Example: learning_rate(ConstantLR(SGD(lr=0.5), factor=0.5, total_iters=4), 3) -> 0.25
    """
    return _torch(lr_scheduler.ConstantLR, optimizer, factor=factor, total_iters=total_iters)


@SCHEDULES.function(method=False, name="PolynomialLR")
def polynomial_lr(optimizer: Base, total_iters: Positive = 5, power: Exponent = 1.0) -> Schedule:
    """Down to 0 in total_iters steps: lr (1 - t / total_iters)^power.

    Source: torch.optim.lr_scheduler.PolynomialLR
    Example: learning_rate(PolynomialLR(SGD(lr=0.5), total_iters=4), 2) -> 0.25
    """
    return _torch(lr_scheduler.PolynomialLR, optimizer, total_iters=total_iters, power=power)


@SCHEDULES.function(method=False, name="SequentialLR")
def sequential_lr(optimizer: Base, schedulers: Schedules, milestones: Milestones) -> Schedule:
    """Schedules one after the other: each begins anew at its milestone.

    There is one milestone fewer than there are schedules, and all are of the same optimizer.

    Source: torch.optim.lr_scheduler.SequentialLR
    Example: learning_rate(SequentialLR(SGD(lr=0.5), [ConstantLR(SGD(lr=0.5), 0.5, 4),
    StepLR(SGD(lr=0.5), 2)], milestones=[4]), 3) -> 0.25
    """
    if len(milestones) != len(schedulers) - 1:
        raise refused("schedules-and-milestones", argument="milestones", got=len(milestones),
                      expected=len(schedulers) - 1)  # fmt: skip
    if any(part.optimizer != optimizer for part in schedulers):
        raise refused("schedules-of-one", argument="schedulers")
    inner = ", ".join(map(repr, schedulers))
    code = (f"optim.lr_scheduler.SequentialLR({optimizer}, [{inner}], "
            f"milestones={list(milestones)})")  # fmt: skip
    return Schedule(code, optimizer, lr_scheduler.SequentialLR, (("milestones", milestones),),
                    schedulers)  # fmt: skip


@SCHEDULES.function(method=False)
def warmup_cosine(
    optimizer: Base,
    warmup: Positive,
    total: Positive,
    start_factor: Portion = 0.01,
    eta_min: Amount = 0.0,
) -> Schedule:
    """Warm-up, then cosine: a line up to lr at step warmup, half a wave to eta_min at step total.

    SequentialLR of LinearLR(start_factor, total_iters=warmup) and
    CosineAnnealingLR(T_max=total - warmup, eta_min). The first rate is lr · start_factor.

    Example: learning_rate(warmup_cosine(SGD(lr=0.1), warmup=10, total=100), 10) -> 0.1
    """
    if warmup >= total:
        raise refused("argument-too-small", argument="total", got=total, low=warmup + 1)
    parts = (
        linear_lr(optimizer, start_factor, 1.0, warmup),
        cosine_annealing_lr(optimizer, total - warmup, eta_min),
    )
    return sequential_lr(optimizer, parts, (warmup,))


@SCHEDULES.function(Group.MEASURE, method=False)
def learning_rate(schedule: Scheduled, step: Steps) -> float:
    """The rate after `step` steps of the schedule; at step 0 the rate of the first update.

    Example: round(learning_rate(CosineAnnealingLR(SGD(lr=0.1), T_max=10), 1), 6) -> 0.097553
    """
    return list(_rates(schedule, step + 1))[-1]


@SCHEDULES.function(Group.MEASURE, method=False)
def learning_rates(schedule: Scheduled, steps: Steps) -> torch.Tensor:
    """The rates of the first `steps` updates, as a tensor: element t is learning_rate(schedule, t).

    Example: learning_rates(StepLR(SGD(lr=1.0), step_size=2, gamma=0.5), 4)
    -> tensor([1.0, 1.0, 0.5, 0.5], dtype=float64)
    """
    rates = list(_rates(schedule, steps))
    return torch.tensor(rates, dtype=torch.float64, device=device.current())


def _rates(schedule: Schedule, steps: int) -> Iterator[float]:
    """The rate of each update, from an optimizer that has nothing to update."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        optimizer = schedule.optimizer.build([torch.zeros((), requires_grad=True)])
        scheduler = schedule.build(optimizer)
        for _ in range(steps):
            check_time()
            yield float(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
