"""What a run minimises: a loss by its name or as a layer, and the targets it wants.

Promise: a name is PyTorch's own function on the model's outputs; the naive forms are as beginners
write them, faults and all. What does not go together with the data or the outputs is refused in
words. Must not know a model.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final

import torch
from torch.nn import functional

from engine.documented import Allowed
from engine.refusal import refused
from engine.runtime.arguments import Rule, kind_of
from engine.runtime.functions.losses import classes as of_classes
from engine.runtime.functions.losses import comparing, margins, regression, two_classes
from engine.runtime.functions.losses.layers import Criterion
from engine.runtime.layer import Layer
from engine.runtime.running import materialised
from engine.runtime.training.data import Data

Tensor = torch.Tensor
_HALF: Final = 0.5
_EPS: Final = 1e-7
"""What textbook code adds to a probability before its logarithm."""


@dataclass(frozen=True)
class Form:
    """A loss of outputs and targets, one number for each sample or each of its parts.

    `wants` says what targets are: "numbers" of classes for scores (N, C), "values" of the outputs'
    shape (0 and 1, or one-hot rows, for classes), or "signs" -1 and 1. `border` is the output from
    which a single one means class 1.
    """

    loss: Callable[[Tensor, Tensor], Tensor]
    wants: str
    border: float = 0.5


def _naive(z: Tensor, y: Tensor) -> Tensor:
    powers = z.exp()
    return _log_loss(powers / powers.sum(1, keepdim=True), y)


def _shifted(z: Tensor, y: Tensor) -> Tensor:
    powers = (z - z.amax(1, keepdim=True)).exp()
    return _log_loss(powers / powers.sum(1, keepdim=True), y)


def _log_loss(p: Tensor, y: Tensor) -> Tensor:
    return -(p.gather(1, y[:, None])[:, 0] + _EPS).log()


FORMS: Final[dict[str, Form]] = {
    "cross_entropy": Form(lambda z, y: functional.cross_entropy(z, y, reduction="none"), "numbers"),
    "naive_cross_entropy": Form(_naive, "numbers"),
    "shifted_cross_entropy": Form(_shifted, "numbers"),
    "nll": Form(lambda z, y: functional.nll_loss(z, y, reduction="none"), "numbers"),
    "bce": Form(lambda z, y: functional.binary_cross_entropy_with_logits(z, y, reduction="none"),
                "values", 0.0),
    "mse": Form(lambda z, y: functional.mse_loss(z, y, reduction="none"), "values"),
    "mae": Form(lambda z, y: functional.l1_loss(z, y, reduction="none"), "values"),
    "huber": Form(lambda z, y: functional.huber_loss(z, y, reduction="none"), "values"),
    "hinge": Form(lambda z, y: functional.relu(1 - z * y), "signs", 0.0),
}  # fmt: skip
_PLAIN: Final[dict[str, Callable[[Tensor, Tensor], Tensor]]] = {
    "cross_entropy": functional.cross_entropy,
    "nll": functional.nll_loss,
    "bce": functional.binary_cross_entropy_with_logits,
    "mse": functional.mse_loss,
    "mae": functional.l1_loss,
    "huber": functional.huber_loss,
}
"""The same with the mean taken by torch itself, in fewer calls."""

_LAYERS: Final[dict[Callable[..., Tensor], tuple[str, float]]] = {
    of_classes.cross_entropy: ("numbers", 0.5),
    of_classes.nll_loss: ("numbers", 0.5),
    margins.multi_margin_loss: ("numbers", 0.5),
    two_classes.binary_cross_entropy: ("values", 0.5),
    two_classes.binary_cross_entropy_with_logits: ("values", 0.0),
    two_classes.logistic_loss: ("signs", 0.0),
    regression.mse_loss: ("values", 0.5),
    regression.l1_loss: ("values", 0.5),
    regression.smooth_l1_loss: ("values", 0.5),
    regression.huber_loss: ("values", 0.5),
    regression.poisson_nll_loss: ("values", 0.5),
    comparing.kl_div: ("values", 0.5),
}


def _loss(value: object, argument: str) -> Form | str:
    if isinstance(value, str) and value in FORMS:
        return value
    if isinstance(value, Layer):
        module = materialised(value)
        if isinstance(module, Criterion) and module.loss in _LAYERS:
            if module.settings.get("reduction") == "none":
                raise refused("loss-no-number", argument=argument)
            wants, border = _LAYERS[module.loss]
            return Form(module, wants, border)
    raise refused("argument-loss", argument=argument, got=kind_of(value),
                  allowed=", ".join(map(repr, FORMS)))  # fmt: skip


Loss = Annotated[
    Form | str, Rule(_loss, Allowed("type", words=(" | ".join(map(repr, FORMS)), "loss layer")))
]


@dataclass(frozen=True)
class Aim:
    """A loss ready for one model and one data set: targets made once, then one number a call."""

    loss: Callable[[Tensor, Tensor], Tensor]
    wants: str
    border: float
    classes: int | None
    single: bool
    """Whether the model has one output, (N, 1) or (N)."""
    weight: Tensor | None = None

    def targets(self, data: Data, outputs: tuple[int, ...]) -> Tensor:
        """The targets as the loss wants them, for outputs of that shape but for N."""
        if self.classes is None:
            return _regression(data, outputs)
        y = data.y
        if self.wants == "numbers":
            return y
        if self.single:
            values = y.to(torch.float32)
        else:
            values = functional.one_hot(y, self.classes).to(torch.float32)
        return 2 * values - 1 if self.wants == "signs" else values

    def of(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The mean loss of a batch."""
        if self.single and outputs.dim() == 2 and targets.dim() == 1:
            outputs = outputs[:, 0]
        if self.weight is None:
            return self.loss(outputs, targets)
        parts = self.loss(outputs, targets)
        if parts.dim() > 1:
            parts = parts.flatten(1).mean(1)
        weights = self.weight[self._numbers(targets)]
        if self.wants == "numbers":  # as torch weighs classes
            return (weights * parts).sum() / weights.sum()
        return (weights * parts).mean()

    def right(self, outputs: Tensor, targets: Tensor) -> int:
        """How many of a batch are classified rightly."""
        if self.single:
            found = outputs.reshape(len(outputs)) > self.border
            return int((found == (targets.reshape(len(outputs)) > _HALF)).count_nonzero())
        return int((outputs.argmax(1) == self._numbers(targets)).count_nonzero())

    def guessed(self, outputs: Tensor) -> Tensor:
        """The predicted class numbers."""
        if self.single:
            return (outputs.reshape(len(outputs)) > self.border).long()
        return outputs.argmax(1)

    def _numbers(self, targets: Tensor) -> Tensor:
        if self.wants == "numbers":
            return targets
        return (targets > _HALF).long() if self.single else targets.argmax(1)


def aim(
    loss: Form | str, data: Data, outputs: tuple[int, ...], weights: tuple[float, ...] | None
) -> Aim:
    """The loss for outputs of that shape, its batch axis included."""
    form = FORMS[loss] if isinstance(loss, str) else loss
    single = len(outputs) == 1 or (len(outputs) == 2 and outputs[1] == 1)
    classes = data.classes
    if classes is None and (form.wants != "values" or form.border == 0.0):
        raise refused("loss-needs-classes", argument="loss")
    if classes is not None:
        _check_outputs(form, outputs, classes, single=single)
    if weights is None:
        plain = _PLAIN.get(loss) if isinstance(loss, str) else form.loss
        return Aim(plain or _mean(form.loss), form.wants, form.border, classes, single)
    if classes is None or len(weights) != classes:
        raise refused("class-weights", argument="class_weight", got=len(weights),
                      expected=classes or 0)  # fmt: skip
    if not isinstance(loss, str):
        raise refused("class-weights-by-name", argument="class_weight")
    weight = torch.tensor(weights, dtype=torch.float32, device=data.x.device)
    return Aim(form.loss, form.wants, form.border, classes, single, weight)


def _mean(loss: Callable[[Tensor, Tensor], Tensor]) -> Callable[[Tensor, Tensor], Tensor]:
    return lambda outputs, targets: loss(outputs, targets).mean()


def _check_outputs(form: Form, outputs: tuple[int, ...], classes: int, *, single: bool) -> None:
    if form.wants == "numbers":
        if len(outputs) != 2 or outputs[1] < max(2, classes):
            raise refused("loss-outputs", argument="model", shape=outputs, classes=classes)
    elif single:
        if classes != 2:
            raise refused("loss-outputs", argument="model", shape=outputs, classes=classes)
    elif len(outputs) != 2 or outputs[1] != classes:
        raise refused("loss-outputs", argument="model", shape=outputs, classes=classes)


def _regression(data: Data, outputs: tuple[int, ...]) -> Tensor:
    """Real targets in the shape of the outputs: (N) and (N, 1) are the same to people."""
    wanted = (len(data), *outputs[1:])
    if tuple(data.y.shape) == wanted:
        return data.y
    if data.y.numel() == len(data) and outputs[1:] in ((), (1,)):
        return data.y.reshape(wanted)
    raise refused("loss-shapes", argument="model", a=wanted, b=tuple(data.y.shape))
