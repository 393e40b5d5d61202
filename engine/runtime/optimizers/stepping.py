"""Optimizers stepped for real on given gradients: the parameter, its path, the state behind it.

Promise: torch's own `step()` is called once per step on a copy of the parameter; the arguments
stay as they are. Infinity and NaN are values like others. Must not compute gradients.
"""

from __future__ import annotations

import warnings
from typing import Annotated, Final

import torch

from engine import limits
from engine.documented import Allowed
from engine.library import Group
from engine.refusal import over_limit, refused
from engine.runtime import device
from engine.runtime.arguments import Rule, dtype_name, from_nested, kind_of, whole, words
from engine.runtime.clock import check_time
from engine.runtime.foresight import check_elements
from engine.runtime.optimizers.specs import Optimizer, Plan, Schedule, optimizer_of
from engine.runtime.optimizers.textbook import VelocitySGD
from engine.runtime.register import Register

STEPPING: Final = Register()


class Stepper:
    """One parameter under one optimizer, with its schedule if it has one."""

    def __init__(self, param: torch.Tensor, plan: Optimizer | Schedule) -> None:
        self.param = param.detach().clone().requires_grad_()
        self.optimizer = optimizer_of(plan).build([self.param])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._scheduler = plan.build(self.optimizer) if isinstance(plan, Schedule) else None
        self.rate = self._next_rate()
        self.steps = 0

    @property
    def now(self) -> torch.Tensor:
        """The parameter as it is now."""
        return self.param.detach().clone()

    @property
    def asked_at(self) -> torch.Tensor:
        """Where the next gradient is to be taken: at the parameter, or where momentum leads it."""
        if isinstance(self.optimizer, VelocitySGD):
            return self.optimizer.lookahead(self.param)
        return self.param.detach()

    def step(self, grad: torch.Tensor) -> None:
        """One step of the optimizer, then one of its schedule."""
        check_time()
        self.rate = self._next_rate()
        self.param.grad = grad
        self.optimizer.step()
        if self._scheduler is not None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._scheduler.step()
        self.steps += 1

    def _next_rate(self) -> float:
        return float(self.optimizer.param_groups[0]["lr"])


def _parameter(value: object, argument: str) -> torch.Tensor:
    """A real tensor; plain numbers, also nested ones, in float64."""
    if isinstance(value, (bool, int, float)):
        return torch.tensor(float(value), dtype=torch.float64, device=device.current())
    if isinstance(value, (tuple, list)) and value:
        return from_nested(value, argument, torch.float64)
    if not isinstance(value, torch.Tensor):
        raise refused("argument-tensor", argument=argument, got=kind_of(value))
    if not value.is_floating_point():
        raise refused("dtype-unsupported", argument=argument, dtype=dtype_name(value.dtype))
    if value.device.type == "meta":
        raise refused("tensor-without-values", argument=argument)
    return value.detach()


def _gradients(value: object, argument: str) -> object:
    """One gradient, or several in brackets; which of the two depends on the parameter's shape."""
    if isinstance(value, (tuple, list)) and value:
        if any(isinstance(part, torch.Tensor) for part in value):
            return tuple(_one_gradient(part, argument) for part in value)
        return from_nested(value, argument, torch.float64)
    return _one_gradient(value, argument)


def _one_gradient(value: object, argument: str) -> torch.Tensor:
    if isinstance(value, torch.Tensor) and not value.is_floating_point():
        value = value.to(torch.float64)
    return _parameter(value, argument)


number_or_tensor: Final = Rule(_parameter, Allowed("tensor"))
Parameter = Annotated[torch.Tensor, number_or_tensor]
Gradients = Annotated[object, Rule(_gradients, Allowed("tensor"))]
StepCount = Annotated[int, whole(0, limits.OPTIMIZER_STEPS)]


def _each_step(param: torch.Tensor, grads: object, steps: int | None) -> tuple[torch.Tensor, ...]:
    """The gradient of every step: the same one, or one for each along a first axis."""
    if isinstance(grads, torch.Tensor) and grads.shape == param.shape:
        count = 1 if steps is None else steps
        _check_work(param, count)
        return (grads.to(param),) * count
    assert isinstance(grads, (torch.Tensor, tuple))
    if isinstance(grads, torch.Tensor):
        shapes = {grads.shape[1:] if grads.dim() else grads.shape}
    else:
        shapes = {grad.shape for grad in grads}
    wrong = shapes - {param.shape}
    if wrong:
        raise refused("gradient-shape", argument="grads", got=tuple(next(iter(wrong), ())),
                      expected=tuple(param.shape))  # fmt: skip
    count = len(grads)
    if steps is not None and steps != count:
        raise refused("gradients-and-steps", argument="grads", got=count, steps=steps)
    _check_work(param, count)
    return tuple(grad.to(param) for grad in grads)


def _check_work(param: torch.Tensor, steps: int) -> None:
    if steps > limits.OPTIMIZER_STEPS:
        raise over_limit("argument-too-large", argument="grads", got=steps,
                         high=limits.OPTIMIZER_STEPS)  # fmt: skip
    check_steps(param.numel(), steps)


def check_steps(elements: int, steps: int) -> None:
    """Refuse so many steps of a parameter of so many elements."""
    if steps * elements > limits.OPTIMIZER_WORK:
        raise over_limit("too-many-steps", got=steps * elements, high=limits.OPTIMIZER_WORK)


@STEPPING.function(Group.MEASURE, method=False)
def step(
    param: object, grads: Gradients, optimizer: Plan, steps: StepCount | None = None
) -> float | torch.Tensor:
    """A parameter after one or more steps of an optimizer, stepped for real by torch.optim.

    param is a number (computed in float64) or a tensor; grads is one gradient of its shape, the
    same for every step, or several in brackets, one per step. steps is 1 for one gradient unless
    told. The optimizer may be a schedule of its rate.

    Example: step(1.0, 2.0, SGD(lr=0.1)) -> 0.8
    Example: step(tensor([1.0, 2.0]), tensor([1.0, -1.0]), SGD(lr=0.5), steps=2)
    -> tensor([0.0, 3.0], dtype=float32)
    Example: step(0.0, (1.0, -1.0), SGD(lr=0.5, momentum=0.5)) -> -0.25
    """
    stepper = _stepped(param, grads, optimizer, steps)
    return stepper.now.item() if isinstance(param, (int, float)) else stepper.now


@STEPPING.function(Group.MEASURE, method=False)
def steps_path(
    param: object, grads: Gradients, optimizer: Plan, steps: StepCount | None = None
) -> torch.Tensor:
    """Every value of a parameter on its way: at the start, then after each step.

    Arguments as of step. The result has shape (steps + 1, *param's shape).

    Example: steps_path(1.0, 0.5, SGD(lr=1.0), steps=2)
    -> tensor([1.0, 0.5, 0.0], dtype=float64)
    """
    start = _parameter(param, "param")
    gradients = _each_step(start, grads, steps)
    check_elements((len(gradients) + 1, *start.shape), limits.RETURNED_ELEMENTS)
    stepper = Stepper(start, optimizer)
    path = [stepper.now]
    for grad in gradients:
        stepper.step(grad)
        path.append(stepper.now)
    return torch.stack(path)


def _stepped(
    param: object, grads: object, plan: Optimizer | Schedule, steps: int | None
) -> Stepper:
    start = _parameter(param, "param")
    gradients = _each_step(start, grads, steps)
    stepper = Stepper(start, plan)
    for grad in gradients:
        stepper.step(grad)
    return stepper


_STATE: Final = (
    "step", "momentum_buffer", "velocity", "sum", "square_avg", "grad_avg", "acc_delta",
    "exp_avg", "exp_avg_sq", "max_exp_avg_sq", "exp_inf", "mu_product", "exp_avg_hat",
    "exp_avg_sq_hat", "lr", "update", "param",
)  # fmt: skip
StateName = Annotated[str, words(*_STATE)]


@STEPPING.function(Group.MEASURE, method=False)
def optimizer_state(
    param: object,
    grads: Gradients,
    optimizer: Plan,
    steps: StepCount | None = None,
    name: StateName | None = None,
) -> object:
    """What an optimizer keeps after its steps, by torch's names: pairs of a name and a value.

    SGD keeps momentum_buffer (a textbook's form velocity); Adagrad sum; Adadelta square_avg and
    acc_delta; RMSprop square_avg, with momentum momentum_buffer, centred grad_avg; Adam, AdamW
    and NAdam exp_avg (m) and exp_avg_sq (v); Adamax exp_avg and exp_inf. Added are, where the
    optimizer corrects them, exp_avg_hat (m̂) and exp_avg_sq_hat (v̂), and for all of them lr, the
    rate of the last step, update, what the last step added, and param. With a name only that
    value is given. Other arguments as of step.

    Example: optimizer_state(0.0, 2.0, SGD(lr=0.5, momentum=0.9), 2, name="momentum_buffer") -> 3.8
    Example: round(optimizer_state(0.0, 2.0, Adam(), name="exp_avg_sq_hat"), 9) -> 4.0
    """
    start = _parameter(param, "param")
    stepper = Stepper(start, optimizer)
    before = stepper.now
    for grad in _each_step(start, grads, steps):
        before = stepper.now
        stepper.step(grad)
    found = _kept(stepper, optimizer_of(optimizer))
    found |= {"lr": stepper.rate, "update": stepper.now - before, "param": stepper.now}
    shown = {
        key: _shown(value, plain=isinstance(param, (int, float))) for key, value in found.items()
    }
    if name is None:
        return tuple(shown.items())
    if name not in shown:
        raise refused("state-unknown", argument="name", name=name, names=", ".join(shown))
    return shown[name]


def _kept(stepper: Stepper, optimizer: Optimizer) -> dict[str, object]:
    """The state torch keeps, without what is no value, and its averages corrected."""
    kept = {key: value for key, value in stepper.optimizer.state[stepper.param].items()
            if value is not None}  # fmt: skip
    kept = {key: kept[key] for key in _STATE if key in kept}
    if "step" in kept:
        kept["step"] = stepper.steps
    options = dict(optimizer.options)
    if "betas" in options and "eps_hat" not in options and stepper.steps:
        first, second = options["betas"]
        if "mu_product" not in kept:
            kept["exp_avg_hat"] = kept["exp_avg"] / (1 - first**stepper.steps)
        if "exp_avg_sq" in kept:
            kept["exp_avg_sq_hat"] = kept["exp_avg_sq"] / (1 - second**stepper.steps)
    return kept


def _shown(value: object, *, plain: bool) -> object:
    if not isinstance(value, torch.Tensor):
        return value
    return value.item() if plain else value.detach().clone()
