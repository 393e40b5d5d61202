"""`train`: a model, data, a loss and an optimizer, for so many steps.

Promise: the model given stays as it is; what is trained is a copy of its real weights. Sizes and
work of a step are foreseen on the meta twin before anything is computed. Must not loop itself.
"""

from __future__ import annotations

import copy
import math
from typing import Annotated, Final

import torch
from torch import nn

from engine import limits
from engine.documented import Allowed
from engine.library import Group, Site
from engine.refusal import over_limit, refused
from engine.runtime import device
from engine.runtime.arguments import Flag, Model, Rule, Seed, kind_of, real, whole, words
from engine.runtime.foresight import check_elements, check_work
from engine.runtime.layer import Layer, code_of
from engine.runtime.optimizers.specs import Amount, Plan, finite
from engine.runtime.register import Register
from engine.runtime.running import materialised
from engine.runtime.survey import survey
from engine.runtime.training import loop
from engine.runtime.training.batching import Augment
from engine.runtime.training.criteria import Loss, aim
from engine.runtime.training.data import Data, Given
from engine.runtime.training.run import Run
from engine.runtime.walking import leaves

TRAIN: Final = Register()
_LOOKS: Final = 10
_VALIDATIONS: Final = 20

Steps = Annotated[int, whole(0, limits.TRAINING_STEPS)]
Epochs = Annotated[int, whole(1, limits.TRAINING_STEPS)]
Batch = Annotated[int, whole(1, limits.SAMPLES)]
Most = Annotated[float, finite(0.0, above=True)]
Mode = Annotated[str, words("eval", "train")]


def _weights(value: object, argument: str) -> tuple[float, ...] | str:
    if value == "balanced":
        return "balanced"
    if not isinstance(value, (tuple, list)) or not 2 <= len(value) <= limits.MODULES:
        raise refused("class-weight", argument=argument, got=kind_of(value))
    check = real(0.0, 1e9)
    found = tuple(float(check(part, argument)) for part in value)  # type: ignore[arg-type]
    if not all(map(math.isfinite, found)) or not any(found):
        raise refused("class-weight", argument=argument, got=kind_of(value))
    return found


def _watch(value: object, argument: str) -> tuple[int, ...]:
    if not isinstance(value, (tuple, list)) or len(value) > limits.WATCHED_STEPS:
        raise refused("watch-steps", argument=argument, high=limits.WATCHED_STEPS)
    check = whole(0, limits.TRAINING_STEPS)
    return tuple(int(check(step, argument)) for step in value)  # type: ignore[call-overload]


ClassWeight = Annotated[
    tuple[float, ...] | str,
    Rule(_weights, Allowed("type", words=("(float, ...)", "'balanced'"))),
]
Watch = Annotated[tuple[int, ...], Rule(_watch, Allowed("type", words=("(int, ...)",)))]


@TRAIN.combinator("train", group=Group.MEASURE)
def train(
    model: Model,
    data: Given,
    loss: Loss,
    optimizer: Plan,
    steps: Steps | None = None,
    batch: Batch | None = None,
    epochs: Epochs | None = None,
    validation: Given | None = None,
    seed: Seed | None = None,
    clip_norm: Most | None = None,
    clip_value: Most | None = None,
    l1: Amount = 0.0,
    l2: Amount = 0.0,
    class_weight: ClassWeight | None = None,
    augment: Augment | None = None,
    watch: Watch | None = None,
    validate_every: Epochs | None = None,
    drop_last: Flag = False,
    zero_grad: Flag = True,
    evaluate: Mode = "eval",
    maximise: Flag = False,
    *,
    site: Site,
    code: str,
) -> Run:
    """Train a copy of the model for real and give the run: its losses, gradients and weights.

    Give steps, or epochs, passes over the data. Without batch every step takes all samples; with
    it each pass deals them out anew, the last batch being what is left unless drop_last=True.
    optimizer is one of torch.optim or a schedule of it, which takes a step after each update.

    loss is a name or a loss layer such as BCEWithLogitsLoss(). On outputs and class numbers:
    "cross_entropy" of logits (N, C), "nll" of log-probabilities, "naive_cross_entropy" (exp over
    its sum, then log(p + 1e-7)) and "shifted_cross_entropy" (the same after taking off the
    maximum); on one logit or one per class: "bce", "hinge"; on the outputs as they are: "mse",
    "mae", "huber", where class numbers become 0 and 1 or one-hot rows.

    The loss of step t is that of its batch before its update, in training mode and without
    penalties; the last one is that of all training data after the last update. l2 adds
    l2 / 2 Σ w², l1 adds l1 Σ |w|, biases left out. class_weight is one factor for each class, or
    "balanced". augment changes every batch anew: "rotate" turns points, "noise" adds 0.1, "flip"
    and "shift" move images. validation is measured every so many steps (validate_every), as a
    rule once an epoch. watch are the steps at which layers are looked at, as a rule eleven.

    Mistakes to be made on purpose: zero_grad=False lets gradients add up, evaluate="train" leaves
    dropout and batch statistics on where the validation set is measured, maximise=True climbs.
    A loss that is nan or infinite ends the run; `ended_where` names the layer where that began.

    Example: loss_at(train(mlp(2, 16, 1, activation="tanh"), make_rings(), "bce", SGD(lr=0.5),
    steps=200), -1) < 0.3 -> True
    Example: ended(train(Linear(2, 1), scaled_data(make_rings(), 1e6), "mse", SGD(lr=1.0),
    steps=20)) -> inf
    """
    shape = _foreseen(model, data, batch)
    if validation is not None and validation.x.shape[1:] != data.x.shape[1:]:
        raise refused("data-differ", argument="validation", a=tuple(data.x.shape),
                      b=tuple(validation.x.shape))  # fmt: skip
    epoch = _steps_of_pass(len(data), batch, drop_last=drop_last)
    total = _total(steps, epochs, epoch)
    layers, modules = _copied(model)
    module = modules[0]
    if not any(p.requires_grad for p in module.parameters()):
        raise refused("nothing-to-train", argument="model")
    goal = aim(loss, data, shape, _class_weights(class_weight, data))
    every = validate_every or (epoch if epoch > 1 else max(1, total // _VALIDATIONS))
    plan = loop.Plan(
        optimizer=optimizer,
        steps=total,
        batch=batch,
        seed=site.seed if seed is None else seed,
        drop_last=drop_last,
        validation=validation,
        validate_at=frozenset((*range(0, total, every), total)),
        look_at=frozenset(_looked_at(total) if watch is None else watch),
        clip_norm=clip_norm,
        clip_value=clip_value,
        l1=l1,
        l2=l2,
        augment=augment,
        zero_grad=zero_grad,
        evaluate=evaluate,
        maximise=maximise,
    )
    trace = loop.Loop(module, data, goal, plan, shape, _named(model)).go()
    return Run(
        code=code,
        model=_trained(layers, modules),
        aim=goal,
        data=data,
        losses=tuple(trace.losses),
        rights=tuple(trace.rights),
        norms=tuple(trace.norms),
        sizes=tuple(trace.sizes),
        validated=tuple(trace.validated),
        looks=trace.looks,
        ended=trace.ended,
        epoch=epoch,
        evaluate=evaluate,
        seconds=trace.seconds,
    )


def _foreseen(model: Layer, data: Data, batch: int | None) -> tuple[int, ...]:
    """The shape of a step's outputs; refused where a step would be too large or too long."""
    if model.parameters > limits.TRAINED_PARAMETERS:
        raise over_limit("too-many-weights", argument="model", got=model.parameters,
                         high=limits.TRAINED_PARAMETERS)  # fmt: skip
    count = len(data) if batch is None else min(batch, len(data))
    walked = survey(model, (data.x[:count],), counted=True)
    check_elements((sum(math.prod(call.output) for call in walked.calls),))
    check_work(3 * walked.macs)
    together = min(len(data), loop.CHUNK)
    check_elements((max(1, math.prod(max((call.output for call in walked.calls), key=math.prod,
                                         default=(1,)))) // max(1, count) * together,))  # fmt: skip
    return walked.output


def _named(model: Layer) -> dict[str, str]:
    """How each leaf is told, by its path: the path and its code."""
    return {path: f"{path}: {code_of(leaf)}" if path else code_of(leaf)
            for leaf, path in leaves(model.twin)}  # fmt: skip


def _steps_of_pass(count: int, batch: int | None, *, drop_last: bool) -> int:
    if batch is None:
        return 1
    if drop_last and batch > count:
        raise refused("batch-too-large", argument="batch", got=batch, most=count)
    return count // batch if drop_last else -(-count // batch)


def _total(steps: int | None, epochs: int | None, epoch: int) -> int:
    if (steps is None) == (epochs is None):
        raise refused("steps-or-epochs", argument="steps")
    total = steps if steps is not None else (epochs or 0) * epoch
    if total > limits.TRAINING_STEPS:
        raise over_limit("argument-too-large", argument="epochs" if steps is None else "steps",
                         got=total, high=limits.TRAINING_STEPS)  # fmt: skip
    return total


def _looked_at(total: int) -> set[int]:
    return {round(total * part / _LOOKS) for part in range(_LOOKS + 1)}


def _class_weights(given: tuple[float, ...] | str | None, data: Data) -> tuple[float, ...] | None:
    if given != "balanced":
        assert not isinstance(given, str)
        return given
    if data.classes is None:
        raise refused("data-without-classes", argument="class_weight")
    counts = torch.bincount(data.y, minlength=data.classes).tolist()
    return tuple(len(data) / (len(counts) * n) if n else 0.0 for n in counts)


def _copied(model: Layer) -> tuple[list[Layer], list[nn.Module]]:
    """Every layer of a model and its real module, copied together so that what was shared stays
    shared; the model itself comes first."""
    materialised(model)
    place = device.current()
    found: dict[int, Layer] = {}
    stack = [model]
    while stack:
        layer = stack.pop()
        if id(layer) not in found:
            found[id(layer)] = layer
            stack.extend(layer.parts)
    layers = list(found.values())
    return layers, copy.deepcopy([layer.real(place) for layer in layers])


def _trained(layers: list[Layer], modules: list[nn.Module]) -> Layer:
    """The first layer with its trained module, and all its parts with theirs."""
    by_layer = dict(zip(map(id, layers), modules, strict=True))
    made: dict[int, Layer] = {}

    def again(layer: Layer) -> Layer:
        if id(layer) not in made:
            parts = tuple(again(part) for part in layer.parts)
            made[id(layer)] = layer.with_weights(by_layer[id(layer)], parts)
        return made[id(layer)]

    return again(layers[0])
