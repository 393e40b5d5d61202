"""What was seen in a run's layers at the steps at which they were looked at.

Promise: a step at which nobody looked is refused, with the steps that were. Must not change a run.
"""

from __future__ import annotations

from engine.library import Group
from engine.refusal import refused
from engine.runtime.training.reading.entering import READING, Step
from engine.runtime.training.run import Look, Made, Run


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
