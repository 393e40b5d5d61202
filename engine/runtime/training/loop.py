"""The training loop: forward, backward, step, and what is written down of each.

Promise: torch's own optimizer on a copy of the weights; the same numbers for the same seed. A loss
that is no number ends the run and names the layer where that began. What was asked for as a
fault, such as gradients that are not zeroed, is done and nothing else. Must not check arguments.
"""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch
from torch import nn

from engine.runtime.clock import check_time
from engine.runtime.optimizers.specs import Optimizer, Schedule, optimizer_of
from engine.runtime.progress import report
from engine.runtime.training.batching import augmenter, batches
from engine.runtime.training.criteria import Aim
from engine.runtime.training.data import Data
from engine.runtime.training.looking import (
    bad_gradient,
    bad_output,
    bad_weight,
    kept,
    look,
)
from engine.runtime.training.run import Ended, Look, Validated

CHUNK = 5_000
"""Samples that go through a network together when a whole data set does."""
_LOOKED_AT = 512
"""Samples on which layers are looked at."""


@dataclass(frozen=True)
class Plan:
    """Everything that decides a run."""

    optimizer: Optimizer | Schedule
    steps: int
    batch: int | None
    seed: int
    drop_last: bool
    validation: Data | None
    validate_at: frozenset[int]
    look_at: frozenset[int]
    clip_norm: float | None
    clip_value: float | None
    l1: float
    l2: float
    augment: str | None
    zero_grad: bool
    evaluate: str
    maximise: bool


@dataclass
class Trace:
    """What is written down while a run goes on."""

    losses: list[float] = field(default_factory=list)
    rights: list[float] = field(default_factory=list)
    norms: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    validated: list[Validated] = field(default_factory=list)
    looks: dict[int, Look] = field(default_factory=dict)
    ended: Ended | None = None
    seconds: float = 0.0


class Loop:
    """One run under way on a module that may be changed."""

    def __init__(
        self, module: nn.Module, data: Data, aim: Aim, plan: Plan, shape: tuple[int, ...],
        codes: Mapping[str, str],
    ) -> None:  # fmt: skip
        """`shape` is that of a batch's outputs, `codes` names the layers by their paths."""
        self.module = module
        self.codes = codes
        self.aim = aim
        self.plan = plan
        self.x = data.x
        self.y = aim.targets(data, shape)
        self.classified = data.classes is not None
        self.held: tuple[torch.Tensor, torch.Tensor] | None = None
        if plan.validation is not None:
            self.held = (plan.validation.x, aim.targets(plan.validation, shape))
        self.params = [p for p in module.parameters() if p.requires_grad]
        self.weights = [p for p in self.params if p.dim() > 1]
        self.trace = Trace()
        self.suspect: str | None = None

    def go(self) -> Trace:
        """Train, and give back what was written down."""
        started = time.perf_counter()
        with torch.random.fork_rng(devices=[]), torch.enable_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._seed()
            self.module.train()
            self._steps()
        self.module.eval()
        self._zero()
        self.trace.seconds = time.perf_counter() - started
        return self.trace

    def _seed(self) -> None:
        """Seed dropout. torch.manual_seed also writes down where it was called, for CUDA's sake,
        and takes milliseconds for that."""
        if self.x.device.type == "cpu":
            torch.default_generator.manual_seed(self.plan.seed)
        else:
            torch.manual_seed(self.plan.seed)

    def _steps(self) -> None:
        plan = self.plan
        optimizer = optimizer_of(plan.optimizer).build(self.params)
        follow = plan.optimizer.build(optimizer) if isinstance(plan.optimizer, Schedule) else None
        draw = torch.Generator().manual_seed(plan.seed)
        change = augmenter(plan.augment, self.x, draw)
        given = batches(self.x, self.y, plan.batch, draw, drop_last=plan.drop_last)
        for step in range(plan.steps):
            check_time()
            x, y = next(given)
            if change is not None:
                x = change(x)
            self._watch(step)
            outputs = self.module(x)
            loss = self.aim.of(outputs, y)
            if not self._wrote(step, exact(loss.item()), outputs, y):
                self._end(step, x)
                return
            self._back(loss)
            self._clip()
            optimizer.step()
            if follow is not None:
                follow.step()
        self._last(*next(given))

    def _watch(self, step: int) -> None:
        """Look at the layers and at the validation set, where it is time to."""
        if step in self.plan.look_at:
            part = slice(0, _LOOKED_AT)
            self.trace.looks[step] = look(self.module, self.x[part], self.y[part], self.aim.of)
        if self.held is not None and step in self.plan.validate_at:
            with _mode(self.module, training=self.plan.evaluate == "train"):
                loss, right = measure(self.module, *self.held, self.aim, self.classified)
            self.trace.validated.append(Validated(step, exact(loss), right))

    def _wrote(self, step: int, loss: float, outputs: torch.Tensor, y: torch.Tensor) -> bool:
        """Write a step down and tell of it; whether its loss is a number."""
        trace = self.trace
        trace.losses.append(loss)
        trace.sizes.append(len(y))
        if self.classified:
            trace.rights.append(self.aim.right(outputs.detach(), y) / len(y))
        self._tell(step, loss)
        return math.isfinite(loss)

    def _tell(self, step: int, loss: float) -> None:
        seen = self.trace.validated
        held = seen[-1].loss if seen and seen[-1].step == step else None
        report(step, self.plan.steps, loss, held)

    def _back(self, loss: torch.Tensor) -> None:
        """The gradients of a loss with its penalties, and their norm."""
        plan = self.plan
        if plan.l2:
            loss = loss + plan.l2 / 2 * torch.stack([w.square().sum() for w in self.weights]).sum()
        if plan.l1:
            loss = loss + plan.l1 * torch.stack([w.abs().sum() for w in self.weights]).sum()
        if plan.zero_grad:
            self._zero()
        torch.autograd.backward(-loss if plan.maximise else loss)
        norm = self._norm()
        self.trace.norms.append(norm)
        if self.suspect is None and not math.isfinite(norm):
            self.suspect = bad_gradient(self.module)

    def _zero(self) -> None:
        """As the optimizer's zero_grad does, which takes ten times as long."""
        for param in self.params:
            param.grad = None

    def _clip(self) -> None:
        plan = self.plan
        if plan.clip_norm is not None:
            nn.utils.clip_grad_norm_(self.params, plan.clip_norm, foreach=False)
        if plan.clip_value is not None:
            nn.utils.clip_grad_value_(self.params, plan.clip_value, foreach=False)

    def _norm(self) -> float:
        """The 2-norm of all gradients together."""
        grads = [p.grad.reshape(-1) for p in self.params if p.grad is not None]
        if not grads:
            return 0.0
        norm = float(torch.linalg.vector_norm(torch.cat(grads)).item())
        if math.isfinite(norm):
            return norm
        # Squares may leave float32 where the gradients themselves do not.
        return math.sqrt(sum(float(grad.double().square().sum()) for grad in grads))

    def _last(self, x: torch.Tensor, y: torch.Tensor) -> None:
        """After the last update: the loss of all training data, and the gradient once more."""
        steps, trace = self.plan.steps, self.trace
        self._watch(steps)
        with kept(self.module):
            loss, right = measure(self.module, self.x, self.y, self.aim, self.classified)
        trace.losses.append(exact(loss))
        trace.sizes.append(len(self.x))
        if right is not None:
            trace.rights.append(right)
        self._tell(steps, loss)
        if not math.isfinite(loss):
            self._end(steps, self.x[:CHUNK])
            return
        with kept(self.module):
            self._back(self.aim.of(self.module(x), y))

    def _end(self, step: int, x: torch.Tensor) -> None:
        """Say where a loss that is no number began."""
        kind = "nan" if math.isnan(self.trace.losses[-1]) else "inf"
        self.trace.norms.append(math.nan)
        path, by = bad_weight(self.module), "weights"
        if path is None:
            path, by = bad_output(self.module, x), "output"
        elif self.suspect is not None:
            path, by = self.suspect, "gradient"
        where = "loss" if path is None else self.codes[path]
        self.trace.ended = Ended(kind, step, where, by)


def measure(
    module: nn.Module, x: torch.Tensor, targets: torch.Tensor, aim: Aim, classified: bool
) -> tuple[float, float | None]:
    """The mean loss and the share classified rightly of a whole data set, in parts."""
    total, right = 0.0, 0
    with torch.no_grad():
        for start in range(0, len(x), CHUNK):
            check_time()
            part = slice(start, start + CHUNK)
            outputs = module(x[part])
            total += float(aim.of(outputs, targets[part])) * len(outputs)
            right += aim.right(outputs, targets[part]) if classified else 0
    return total / len(x), right / len(x) if classified else None


def exact(loss: float) -> float:
    """A number of float32 in the digits that name it there."""
    return float(f"{loss:.9g}")


@contextmanager
def _mode(module: nn.Module, *, training: bool) -> Iterator[None]:
    """The module in evaluation mode for a while, unless the mistake is to forget that."""
    module.train(training)
    try:
        with kept(module):
            yield
    finally:
        module.train()
