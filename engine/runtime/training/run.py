"""What a training run leaves: its curves, what was seen in its layers, the trained weights.

Promise: frozen; steps count updates, so that step 0 is before the first and the last step after
the last. Leaves the worker as a `RunValue`. Must not train.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final, TypeVar

from engine import limits
from engine.documented import Allowed
from engine.refusal import refused
from engine.runtime.arguments import Rule, kind_of
from engine.runtime.layer import Layer
from engine.runtime.training.criteria import Aim
from engine.runtime.training.data import Data
from engine.values import RunValue

T = TypeVar("T")
_MOST: Final = limits.RUN_POINTS


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen in the layers at one step, each tuple in forward order.

    `gradients` belong to layers with weights, `signals` to those that are linear, the rest to
    activations: `dead` and `saturated` only where an activation can be.
    """

    gradients: tuple[float, ...]
    signals: tuple[float, ...]
    stds: tuple[float, ...]
    dead: tuple[float, ...]
    saturated: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Validated:
    """The loss and accuracy of the validation set after so many steps."""

    step: int
    loss: float
    accuracy: float | None


@dataclass(frozen=True, slots=True)
class Ended:
    """Where a run came to a number that is none: `kind` is "nan" or "inf"."""

    kind: str
    step: int
    where: str
    by: str


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Run:
    """A training that took place. `losses[t]` and `norms[t]` belong to step t, every step there.

    `rights[t]` is the share of the batch that was classified rightly, empty for a regression;
    `sizes[t]` how many samples the batch had. `epoch` is how many steps a pass takes.
    """

    code: str
    model: Layer
    aim: Aim
    data: Data
    losses: tuple[float, ...]
    rights: tuple[float, ...]
    norms: tuple[float, ...]
    sizes: tuple[int, ...]
    validated: tuple[Validated, ...]
    looks: dict[int, Look]
    ended: Ended | None
    epoch: int
    evaluate: str
    seconds: float

    def __repr__(self) -> str:
        return self.code

    @property
    def steps(self) -> tuple[int, ...]:
        """The steps that are told: all of them, or evenly spaced ones and the last."""
        count = len(self.losses)
        every = max(1, math.ceil((count - 1) / (_MOST - 1)))
        told = range(0, count, every)
        return tuple(told) if told[-1] == count - 1 else (*told, count - 1)

    def told(self, series: Sequence[T]) -> tuple[T, ...]:
        """A series at those steps."""
        return tuple(series[step] for step in self.steps) if series else ()

    def value(self) -> RunValue:
        """The run as plain data."""
        ended = self.ended
        kept = self.validated[:: max(1, math.ceil(len(self.validated) / _MOST))]
        return RunValue(
            self.code,
            self.steps,
            self.told(self.losses),
            tuple(one.step for one in kept),
            tuple(one.loss for one in kept),
            self.told(self.rights),
            tuple(one.accuracy for one in kept if one.accuracy is not None),
            self.told(self.norms),
            ended.kind if ended else "",
            ended.step if ended else None,
            ended.where if ended else "",
            ended.by if ended else "",
            self.seconds,
        )


def _run(value: object, argument: str) -> Run:
    if not isinstance(value, Run):
        raise refused("argument-run", argument=argument, got=kind_of(value))
    return value


Made = Annotated[Run, Rule(_run, Allowed("type", words=("run",)))]
