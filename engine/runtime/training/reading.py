"""What a run can be asked: its curves, its layers at a step, the trained model and its guesses.

Promise: nothing is trained again. A step is how many updates there were; what was not looked at
is refused, with the steps that were. Must not change a run.
"""

from __future__ import annotations

from typing import Annotated, Final

import torch
from torch import nn

from engine import limits
from engine.library import Group
from engine.refusal import refused
from engine.runtime import device
from engine.runtime.arguments import whole
from engine.runtime.foresight import check_work
from engine.runtime.layer import Layer
from engine.runtime.register import Register
from engine.runtime.survey import survey
from engine.runtime.training.data import Data, Given
from engine.runtime.training.loop import CHUNK, exact, measure
from engine.runtime.training.run import Look, Made, Run

READING: Final = Register()
Step = Annotated[int, whole(-limits.TRAINING_STEPS, limits.TRAINING_STEPS)]


def _line(values: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float32, device=device.current())


def _classified(run: Run) -> None:
    if run.data.classes is None:
        raise refused("data-without-classes", argument="run")


@READING.function(Group.MEASURE)
def recorded_steps(run: Made) -> torch.Tensor:
    """The steps to which losses, accuracies and total_gradients belong: every one up to 499.

    A longer run tells evenly spaced ones and the last. Step 0 is before the first update.

    Example: recorded_steps(train(Linear(2, 1), make_rings(), "bce", SGD(lr=0.1), steps=2))
    -> tensor([0, 1, 2], dtype=int64)
    """
    return torch.tensor(run.steps, device=device.current())


@READING.function(Group.MEASURE)
def losses(run: Made) -> torch.Tensor:
    """The training loss at the recorded steps: of each batch before its update, last of all data.

    Example: len(losses(train(Linear(2, 1), make_rings(), "bce", SGD(lr=0.1), steps=9))) -> 10
    """
    return _line(run.told(run.losses))


@READING.function(Group.MEASURE)
def accuracies(run: Made) -> torch.Tensor:
    """The share of each batch that is classified rightly, at the recorded steps.

    Example: len(accuracies(train(Linear(2, 1), make_rings(), "bce", SGD(lr=0.1), steps=9))) -> 10
    """
    _classified(run)
    return _line(run.told(run.rights))


@READING.function(Group.MEASURE)
def total_gradients(run: Made) -> torch.Tensor:
    """The 2-norm of all gradients together, before clipping, at the recorded steps.

    Example: total_gradients(train(Linear(2, 1), make_rings(), "bce", SGD(lr=0.1), steps=1))[0] > 0
    -> tensor(True, dtype=bool)
    """
    return torch.tensor(run.told(run.norms), dtype=torch.float64, device=device.current())


@READING.function(Group.MEASURE)
def loss_at(run: Made, step: Step) -> float:
    """The training loss at one step; step 0 is before the first update, -1 the last.

    Example: loss_at(train(initialised(Linear(2, 1), "zeros"), make_rings(), "bce", SGD(lr=0.1),
    steps=2), 0) -> 0.6931472
    """
    return run.losses[_place(run, step)]


@READING.function(Group.MEASURE)
def accuracy_at(run: Made, step: Step) -> float:
    """The share of its batch that is classified rightly at one step; -1 is the last.

    Example: accuracy_at(train(initialised(Linear(2, 1), "zeros"), make_rings(), "bce",
    SGD(lr=0.1), steps=2), 0) -> 0.5
    """
    _classified(run)
    return run.rights[_place(run, step)]


def _place(run: Run, step: int) -> int:
    count = len(run.losses)
    if not -count <= step < count:
        raise refused("run-step", argument="step", got=step, most=count - 1)
    return step % count


@READING.function(Group.MEASURE)
def validation_steps(run: Made) -> torch.Tensor:
    """The steps at which the validation set was measured: once an epoch unless told.

    Example: validation_steps(train(Linear(2, 1), make_rings(), "bce", SGD(lr=0.1), epochs=2,
    batch=64, validation=make_rings())) -> tensor([0, 4, 8], dtype=int64)
    """
    return torch.tensor([one.step for one in run.validated], dtype=torch.int64,
                        device=device.current())  # fmt: skip


@READING.function(Group.MEASURE)
def validation_losses(run: Made) -> torch.Tensor:
    """The loss of the whole validation set at validation_steps.

    Example: len(validation_losses(train(Linear(2, 1), make_rings(), "bce", SGD(lr=0.1), epochs=2,
    batch=64, validation=make_rings()))) -> 3
    """
    return _line(tuple(one.loss for one in run.validated))


@READING.function(Group.MEASURE)
def validation_accuracies(run: Made) -> torch.Tensor:
    """The share of the validation set that is classified rightly, at validation_steps.

    Example: len(validation_accuracies(train(Linear(2, 1), make_rings(), "bce", SGD(lr=0.1),
    epochs=2, batch=64, validation=make_rings()))) -> 3
    """
    _classified(run)
    found = (one.accuracy for one in run.validated)
    return _line(tuple(right for right in found if right is not None))


@READING.function(Group.MEASURE)
def epoch_losses(run: Made) -> torch.Tensor:
    """The mean training loss over each epoch, as a progress bar tells it.

    The weights change meanwhile, so that it lies above the loss at the epoch's end.

    Example: len(epoch_losses(train(Linear(2, 1), make_rings(), "bce", SGD(lr=0.1), epochs=3,
    batch=64))) -> 3
    """
    return _line(_by_epoch(run, run.losses))


@READING.function(Group.MEASURE)
def epoch_accuracies(run: Made) -> torch.Tensor:
    """The share of samples classified rightly over each epoch, while the weights change.

    Example: len(epoch_accuracies(train(Linear(2, 1), make_rings(), "bce", SGD(lr=0.1), epochs=3,
    batch=64))) -> 3
    """
    _classified(run)
    return _line(_by_epoch(run, run.rights))


def _by_epoch(run: Run, series: tuple[float, ...]) -> tuple[float, ...]:
    """Means over whole passes, each batch weighed by its samples."""
    done = len(run.losses) - 1
    means = []
    for start in range(0, done - done % run.epoch, run.epoch):
        part = slice(start, start + run.epoch)
        total = sum(x * n for x, n in zip(series[part], run.sizes[part], strict=True))
        means.append(total / sum(run.sizes[part]))
    return tuple(means)


@READING.function(Group.MEASURE)
def rising_share(run: Made) -> float:
    """The share of steps after which the training loss was higher than before.

    Example: rising_share(train(Linear(2, 1), make_rings(), "bce", SGD(lr=1e-3), steps=20)) -> 0.0
    """
    before, after = run.losses[:-1], run.losses[1:]
    if not before:
        return 0.0
    return sum(b > a + 1e-6 for a, b in zip(before, after, strict=True)) / len(before)


@READING.function(Group.MEASURE)
def ended(run: Made) -> str:
    """"nan" or "inf" where the loss became that and ended the run; empty where all went well.

    Example: ended(train(Linear(2, 1), make_rings(), "bce", SGD(lr=0.1), steps=2)) == "" -> True
    """  # fmt: skip
    return run.ended.kind if run.ended else ""


@READING.function(Group.MEASURE)
def ended_at(run: Made) -> int | None:
    """The step whose loss was no number; None where all went well.

    Example: ended_at(train(Linear(2, 1), make_rings(), "bce", SGD(lr=0.1), steps=2)) -> None
    """
    return run.ended.step if run.ended else None


@READING.function(Group.MEASURE)
def ended_where(run: Made) -> str:
    """The layer where numbers began to be none, its path and code; empty where all went well.

    That is the first layer whose output is not finite, or whose gradient was not, nearest to the
    loss; "loss" where only the loss itself is not.

    Example: ended_where(train(Linear(1, 1), scaled_data(make_curve(), 1e6), "mse", SGD(lr=9.0),
    steps=9)) -> loss
    """
    return run.ended.where if run.ended else ""


@READING.function(Group.MEASURE)
def trained(run: Made) -> Layer:
    """The model with its weights after the run: a layer like any other, for every measure.

    Example: trained(train(Linear(2, 1), make_rings(), "bce", SGD(lr=0.1), steps=2))
    -> nn.Linear(2, 1)
    """
    return run.model


@READING.function(Group.MEASURE)
def looked_at(run: Made) -> tuple[int, ...]:
    """The steps at which layers were looked at: eleven, or those of watch.

    Example: looked_at(train(Linear(2, 1), make_rings(), "bce", SGD(lr=0.1), steps=20))
    -> (0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20)
    """
    return tuple(sorted(run.looks))


def _look(run: Run, step: int | None) -> Look:
    """What was seen at a step; without one at the last that was looked at."""
    seen = sorted(run.looks)
    if not seen:
        raise refused("not-looked-at", argument="step", got=step or 0, steps="-")
    place = seen[-1] if step is None else step % len(run.losses) if step < 0 else step
    if place not in run.looks:
        raise refused("not-looked-at", argument="step", got=place,
                      steps=", ".join(map(str, seen)))  # fmt: skip
    return run.looks[place]


def _some(values: tuple[float, ...], run: Run) -> tuple[float, ...]:
    if not values:
        raise refused("no-activation", layer=run.model.code[:60])
    return values


@READING.function(Group.MEASURE)
def layer_gradients(run: Made, step: Step | None = None) -> tuple[float, ...]:
    """The 2-norm of each layer's weight gradient at a step, in forward order, biases left out.

    On the first 512 samples, in training mode. Steps as of looked_at; the last unless told.

    Example: len(layer_gradients(train(mlp(2, 8, 8, 1), make_rings(), "bce", SGD(lr=0.1),
    steps=2), 0)) -> 3
    """
    return _look(run, step).gradients


@READING.function(Group.MEASURE)
def layer_signals(run: Made, step: Step | None = None) -> tuple[float, ...]:
    """The 2-norm of the error signal in each linear layer at a step: the loss's gradient by what
    the layer gives before its activation.

    Unlike layer_gradients it does not hold the size of the activations. Steps as of looked_at.

    Source: delta in Rumelhart, Hinton and Williams 1986
    Example: len(layer_signals(train(mlp(2, 8, 8, 1), make_rings(), "bce", SGD(lr=0.1), steps=2),
    0)) -> 3
    """
    return _look(run, step).signals


@READING.function(Group.MEASURE)
def activation_stds(run: Made, step: Step | None = None) -> tuple[float, ...]:
    """The standard deviation of each activation layer's outputs at a step, in forward order.

    Over all samples (the first 512) and units. Steps as of looked_at.

    Example: len(activation_stds(train(mlp(2, 8, 8, 1), make_rings(), "bce", SGD(lr=0.1),
    steps=2), 0)) -> 2
    """
    return _some(_look(run, step).stds, run)


@READING.function(Group.MEASURE)
def dead_shares(run: Made, step: Step | None = None) -> tuple[float, ...]:
    """The share of units in each ReLU layer, or a kin of it, that no sample brings above zero.

    A ReLU's unit then gives 0 and learns nothing; a leaky one still learns. On the first 512
    samples. Steps as of looked_at.

    Example: dead_shares(train(Sequential(initialised(Linear(2, 4), "normal", bias=-9.0), ReLU(),
    Linear(4, 1)), make_rings(), "bce", SGD(lr=0.1), steps=2)) -> (1.0,)
    """
    return _some(_look(run, step).dead, run)


@READING.function(Group.MEASURE)
def saturated_shares(run: Made, step: Step | None = None) -> tuple[float, ...]:
    """The share of saturated outputs in each bounded activation layer: sigmoid, tanh, their kin.

    An output y is saturated where |y| > 0.99, for a sigmoid where |2 y - 1| > 0.99. Steps as of
    looked_at.

    Example: saturated_shares(train(mlp(2, 4, 1, activation="tanh"), scaled_data(make_rings(), 1e6),
    "bce", SGD(lr=0.1), steps=0)) -> (1.0,)
    """
    return _some(_look(run, step).saturated, run)


@READING.function(Group.MEASURE)
def predictions(run: Made, data: Given | None = None) -> torch.Tensor:
    """The classes that the trained model predicts for data, its own unless told: (N), int64.

    For `confusion_matrix`, `recall` and the like, with targets_of(data) beside it. Of several
    outputs the largest; a single one means class 1 above 0 for a logit, above 0.5 otherwise.

    Example: accuracy(predictions(train(mlp(2, 16, 1), make_rings(), "bce", Adam(lr=0.03),
    steps=200, seed=1)), targets_of(make_rings())) > 0.5 -> True
    """
    _classified(run)
    chosen = run.data if data is None else data
    module = _ready(run, chosen)
    with torch.no_grad():
        parts = [run.aim.guessed(module(chosen.x[start : start + CHUNK]))
                 for start in range(0, len(chosen), CHUNK)]  # fmt: skip
    return torch.cat(parts)


@READING.function(Group.MEASURE)
def evaluated(run: Made, data: Given | None = None) -> tuple[float, float] | float:
    """The trained model on data, its own unless told: (loss, accuracy), or the loss alone of a
    regression. In evaluation mode, by the run's own loss.

    Example: len(evaluated(train(Linear(2, 1), make_rings(), "bce", SGD(lr=0.1), steps=2),
    make_rings(100))) -> 2
    """
    chosen = run.data if data is None else data
    if (chosen.classes is None) != (run.data.classes is None):
        raise refused("data-differ", argument="data", a=tuple(run.data.x.shape),
                      b=tuple(chosen.x.shape))  # fmt: skip
    module = _ready(run, chosen)
    shape = survey(run.model, (chosen.x[:1],), counted=False).output
    goal = run.aim.targets(chosen, shape)
    loss, right = measure(module, chosen.x, goal, run.aim, run.data.classes is not None)
    return exact(loss) if right is None else (exact(loss), right)


def _ready(run: Run, data: Data) -> nn.Module:
    """The trained module, once the data fits it."""
    count = min(len(data), CHUNK)
    walked = survey(run.model, (data.x[:count],), counted=True)
    check_work(walked.macs)
    return run.model.real(device.current()).eval()
