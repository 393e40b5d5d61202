"""A run's numbers step by step and epoch by epoch, and how it ended.

Promise: what was recorded while it trained, nothing measured anew. Must not change a run.
"""

from __future__ import annotations

import torch

from engine.library import Group
from engine.refusal import refused
from engine.runtime import device
from engine.runtime.training.reading.entering import READING, Step, classified
from engine.runtime.training.run import Made, Run


def _line(values: tuple[float, ...]) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float32, device=device.current())


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
    classified(run)
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
    classified(run)
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
    classified(run)
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
    classified(run)
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
