"""The model after its run: itself, its guesses, how well it does on data.

Promise: it is measured in evaluation mode and without gradients; work that is too much is refused
before it begins. Must not train it on.
"""

from __future__ import annotations

import torch
from torch import nn

from engine.library import Group
from engine.refusal import refused
from engine.runtime import device
from engine.runtime.foresight import check_work
from engine.runtime.layer import Layer
from engine.runtime.survey import survey
from engine.runtime.training.data import Data, Given
from engine.runtime.training.loop import CHUNK, exact, measure
from engine.runtime.training.reading.entering import READING, classified
from engine.runtime.training.run import Made, Run


@READING.function(Group.MEASURE)
def trained(run: Made) -> Layer:
    """The model with its weights after the run: a layer like any other, for every measure.

    Example: trained(train(Linear(2, 1), make_rings(), "bce", SGD(lr=0.1), steps=2))
    -> nn.Linear(2, 1)
    """
    return run.model


@READING.function(Group.MEASURE)
def predictions(run: Made, data: Given | None = None) -> torch.Tensor:
    """The classes that the trained model predicts for data, its own unless told: (N), int64.

    For `confusion_matrix`, `recall` and the like, with targets_of(data) beside it. Of several
    outputs the largest; a single one means class 1 above 0 for a logit, above 0.5 otherwise.

    Example: accuracy(predictions(train(mlp(2, 16, 1), make_rings(), "bce", Adam(lr=0.03),
    steps=200, seed=1)), targets_of(make_rings())) > 0.5 -> True
    """
    classified(run)
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
