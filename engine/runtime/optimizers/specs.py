"""Optimizers and schedules as values: what they are called, what they are made of.

Promise: frozen and without parameters or state, so that one value can be used many times;
`build` makes the real torch.optim object. Shown as PyTorch code; what PyTorch does not have is
shown without its prefix. Must not step.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

import torch
from torch.optim.lr_scheduler import LRScheduler, SequentialLR

from engine import limits
from engine.documented import Allowed
from engine.refusal import refused
from engine.runtime.arguments import Check, Rule, kind_of, real

Options = tuple[tuple[str, Any], ...]
_MOST: Final = 1e9


@dataclass(frozen=True, slots=True, repr=False)
class Optimizer:
    """An optimizer and its settings. `kind` is torch's class, or ours for a textbook's form."""

    code: str
    kind: type[torch.optim.Optimizer]
    options: Options

    def build(self, params: Any) -> torch.optim.Optimizer:
        """The real optimizer of these parameters."""
        return self.kind(params, **dict(self.options))

    @property
    def rate(self) -> float:
        """Its learning rate at the start."""
        return float(dict(self.options)["lr"])

    def __repr__(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True, repr=False)
class Schedule:
    """A schedule of an optimizer's learning rate; `parts` follow each other at `milestones`."""

    code: str
    optimizer: Optimizer
    kind: type[LRScheduler]
    options: Options
    parts: tuple[Schedule, ...] = ()

    def build(self, optimizer: torch.optim.Optimizer) -> LRScheduler:
        """The real scheduler of a real optimizer."""
        options = dict(self.options)
        if self.kind is SequentialLR:
            parts = [part.build(optimizer) for part in self.parts]
            return SequentialLR(optimizer, parts, list(options["milestones"]))
        return self.kind(optimizer, **options)

    def __repr__(self) -> str:
        return self.code


def optimizer_of(plan: Optimizer | Schedule) -> Optimizer:
    """The optimizer itself."""
    return plan.optimizer if isinstance(plan, Schedule) else plan


def shown(options: Mapping[str, object], defaults: Mapping[str, object]) -> str:
    """`lr=0.1, momentum=0.9`: the rate and what differs from the defaults."""
    return ", ".join(
        f"{name}={value!r}"
        for name, value in options.items()
        if name == "lr" or name not in defaults or value != defaults[name]
    )


def finite(low: float = -_MOST, high: float = _MOST, *, above: bool = False) -> Check:
    """A finite real number from `low` to `high`; with `above`, greater than `low`."""
    number = real(low, high)

    def check(value: object, argument: str) -> float:
        found = float(number(value, argument))  # type: ignore[arg-type]
        if math.isnan(found) or (above and found <= low):
            raise refused("argument-range", argument=argument, got=found, low=low, high=high)
        return found

    return Rule(check, Allowed("real", f"{low:g}", "" if high == _MOST else f"{high:g}"))


def _below_one(value: object, argument: str) -> float:
    found = real(0.0, 1.0)(value, argument)
    assert isinstance(found, (int, float))
    if math.isnan(found) or found >= 1:
        raise refused("argument-range", argument=argument, got=found, low=0, high=1)
    return float(found)


def _betas(value: object, argument: str) -> tuple[float, float]:
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise refused("argument-pair", argument=argument, got=kind_of(value))
    return _below_one(value[0], argument), _below_one(value[1], argument)


def _plan(value: object, argument: str) -> Optimizer | Schedule:
    if not isinstance(value, (Optimizer, Schedule)):
        raise refused("argument-optimizer", argument=argument, got=kind_of(value))
    return value


def _schedule(value: object, argument: str) -> Schedule:
    if not isinstance(value, Schedule):
        raise refused("argument-schedule", argument=argument, got=kind_of(value))
    return value


def _schedules(value: object, argument: str) -> tuple[Schedule, ...]:
    if not isinstance(value, (tuple, list)) or not 1 <= len(value) <= limits.SCHEDULES:
        raise refused("argument-schedules", argument=argument, high=limits.SCHEDULES)
    parts = tuple(_schedule(part, argument) for part in value)
    if any(part.parts for part in parts):
        raise refused("argument-schedules", argument=argument, high=limits.SCHEDULES)
    return parts


Rate = Annotated[float, finite(0.0)]
Amount = Annotated[float, finite(0.0)]
Signed = Annotated[float, finite()]
Decay = Annotated[float, Rule(_below_one, Allowed("real", "0", "1"))]
Share = Annotated[float, finite(0.0, 1.0)]
Betas = Annotated[tuple[float, float], Rule(_betas, Allowed("type", words=("(float, float)",)))]
Plan = Annotated[Optimizer | Schedule, Rule(_plan, Allowed("type", words=("optimizer, schedule",)))]
Scheduled = Annotated[Schedule, Rule(_schedule, Allowed("type", words=("schedule",)))]
Schedules = Annotated[
    tuple[Schedule, ...], Rule(_schedules, Allowed("type", words=("(schedule, ...)",)))
]
