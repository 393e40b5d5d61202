"""The loop against loops written by hand, its record, its faults, and where it breaks off."""

from __future__ import annotations

import math
import time
from itertools import pairwise

import pytest
import torch
from runs import found, refused_code
from torch import nn
from torch.nn import functional

from engine.library import Site
from engine.runtime.layer import Layer
from engine.runtime.library import LIBRARY
from engine.runtime.training.data import Data
from engine.runtime.training.run import Run

SITE = Site(7, "", 1)


def _data(name: str, *args: object, **kwargs: object) -> Data:
    made = LIBRARY[name].call(*args, **kwargs, site=SITE)
    assert isinstance(made, Data)
    return made


def _model(*sizes: int, activation: str = "tanh", **options: object) -> Layer:
    made = LIBRARY["mlp"].call(*sizes, activation=activation, site=SITE, **options)
    assert isinstance(made, Layer)
    return made


def _optimizer(name: str, **options: object) -> object:
    return LIBRARY[name].call(**options)


def _train(*args: object, **kwargs: object) -> Run:
    made = LIBRARY["train"].call(*args, **kwargs, site=SITE)
    assert isinstance(made, Run)
    return made


def _by_hand(
    module: nn.Module, data: Data, optimizer: torch.optim.Optimizer, steps: int
) -> list[float]:
    """A plain loop on one logit, full batch."""
    y = data.y.float()
    curve = []
    for _ in range(steps):
        loss = functional.binary_cross_entropy_with_logits(module(data.x)[:, 0], y)
        curve.append(loss.item())
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
    with torch.no_grad():
        curve.append(functional.binary_cross_entropy_with_logits(module(data.x)[:, 0], y).item())
    return curve


@pytest.mark.parametrize(
    ("name", "options"),
    [("SGD", {"lr": 0.5, "momentum": 0.9}), ("Adam", {"lr": 0.02}), ("RMSprop", {"lr": 0.01})],
)
def test_a_run_is_the_loop_written_by_hand(name: str, options: dict[str, float]) -> None:
    layer, data = _model(2, 8, 1), _data("make_rings", 64)
    run = _train(layer, data, "bce", _optimizer(name, **options), steps=30)
    before = [p.clone() for p in layer.real(torch.device("cpu")).parameters()]
    module = _model(2, 8, 1).real(torch.device("cpu"))
    hand = _by_hand(module, data, getattr(torch.optim, name)(module.parameters(), **options), 30)
    assert run.losses == pytest.approx(hand, rel=1e-6)
    trained = run.model.real(torch.device("cpu"))
    for ours, theirs in zip(trained.parameters(), module.parameters(), strict=True):
        assert torch.allclose(ours, theirs, rtol=1e-6, atol=1e-7)
    for was, p in zip(before, layer.real(torch.device("cpu")).parameters(), strict=True):
        assert torch.equal(was, p), "the model given has changed"


def test_minibatches_deal_every_sample_once_a_pass() -> None:
    run = _train(_model(2, 4, 1), _data("make_rings", 50), "bce", _optimizer("SGD", lr=0.1),
                 epochs=3, batch=16)  # fmt: skip
    assert run.sizes == (16, 16, 16, 2) * 3 + (50,)
    assert run.epoch == 4
    dropped = _train(_model(2, 4, 1), _data("make_rings", 50), "bce", _optimizer("SGD", lr=0.1),
                     epochs=3, batch=16, drop_last=True)  # fmt: skip
    assert dropped.sizes == (16,) * 9 + (50,)


def test_the_same_seed_trains_the_same_and_another_does_not() -> None:
    text = ("losses(train(mlp(2, 8, 1, dropout=0.5), make_rings(64, seed=1), 'bce', SGD(lr=0.1), "
            "steps=9, batch=8{}))")  # fmt: skip
    first, again = found(text.format("")), found(text.format(""))
    assert first == again
    other = found(text.format(", seed=1")), found(text.format(", seed=2"))
    assert other[0] != other[1]


def test_a_run_leaves_the_stream_of_random_numbers_alone() -> None:
    torch.manual_seed(3)
    expected = torch.rand(3)
    torch.manual_seed(3)
    _train(_model(2, 4, 1, dropout=0.5), _data("make_rings", 50), "bce", _optimizer("SGD"), steps=4)
    assert torch.equal(torch.rand(3), expected)


def _vector(layer: Layer) -> torch.Tensor:
    return nn.utils.parameters_to_vector(layer.real(torch.device("cpu")).parameters()).detach()


def test_clipping_bounds_the_step() -> None:
    layer, data = _model(2, 8, 1), _data("make_rings", 64)
    start = _vector(layer)
    for options, most in (({"clip_norm": 0.01}, 0.01), ({"clip_value": 0.001}, 0.001 * 33**0.5)):
        run = _train(layer, data, "bce", _optimizer("SGD", lr=1.0), steps=1, **options)
        assert 0 < float((_vector(run.model) - start).norm()) <= most * 1.0001
    assert run.norms[0] > 0.01, "the norm is told before it is clipped"


def test_penalties_shrink_weights_and_are_not_told_in_the_loss() -> None:
    norms, starts = [], set()
    for options in ({}, {"l2": 0.1}, {"l1": 0.02}):
        run = _train(_model(2, 16, 1), _data("make_rings", 64), "bce", _optimizer("Adam", lr=0.02),
                     steps=100, **options)  # fmt: skip
        weights = [w for w in run.model.real(torch.device("cpu")).parameters() if w.dim() > 1]
        norms.append(float(torch.cat([w.detach().flatten() for w in weights]).norm()))
        starts.add(run.losses[0])
    assert len(starts) == 1
    assert norms[1] < norms[0] / 2
    assert norms[2] < norms[0] / 2


def test_a_penalty_is_half_its_factor_times_the_squares() -> None:
    layer, data = _model(2, 1), _data("make_rings", 64)
    weight = layer.real(torch.device("cpu")).get_parameter("0.weight").clone()
    plain = _train(layer, data, "bce", _optimizer("SGD", lr=1.0), steps=1)
    with_l2 = _train(layer, data, "bce", _optimizer("SGD", lr=1.0), steps=1, l2=0.1)
    with_l1 = _train(layer, data, "bce", _optimizer("SGD", lr=1.0), steps=1, l1=0.1)
    after = [run.model.real(torch.device("cpu")).get_parameter("0.weight")
             for run in (plain, with_l2, with_l1)]  # fmt: skip
    assert torch.allclose(after[0] - after[1], 0.1 * weight, atol=1e-6)
    assert torch.allclose(after[0] - after[2], 0.1 * weight.sign(), atol=1e-6)


def test_class_weights_weigh_samples() -> None:
    layer, data = _model(2, 1), _data("make_gaussians", (30, 10))
    run = _train(layer, data, "bce", _optimizer("SGD", lr=0.0), steps=0, class_weight=(1, 3))
    with torch.no_grad():
        logits = layer.real(torch.device("cpu"))(data.x)[:, 0]
        weight = torch.tensor(3.0)
        parts = functional.binary_cross_entropy_with_logits(
            logits, data.y.float(), pos_weight=weight
        )
    assert run.losses[0] == pytest.approx(float(parts), rel=1e-6)
    many = _train(_model(2, 2), data, "cross_entropy", _optimizer("SGD", lr=0.0), steps=0,
                  class_weight="balanced")  # fmt: skip
    with torch.no_grad():
        scores = many.model.real(torch.device("cpu"))(data.x)
        weight = torch.tensor([40 / 60, 2.0])
        assert many.losses[0] == pytest.approx(
            float(functional.cross_entropy(scores, data.y, weight=weight)), rel=1e-6
        )


@pytest.mark.parametrize("loss", ["cross_entropy", "naive_cross_entropy", "shifted_cross_entropy"])
def test_all_forms_of_cross_entropy_agree_on_small_numbers(loss: str) -> None:
    told = found(f"loss_at(train(m, d, '{loss}', SGD(lr=0.1), steps=0), 0)",
                 "cross_entropy(m(inputs_of(d)), targets_of(d))",
                 m="Linear(2, 3)", d="make_blobs(30, 3)")  # fmt: skip
    assert told.number(0) == pytest.approx(told.number(1), rel=1e-5)


def test_losses_on_outputs_as_they_are() -> None:
    told = found("loss_at(train(m, d, 'mse', SGD(lr=0.1), steps=0), 0)",
                 "mse_loss(m(inputs_of(d)), one_hot(targets_of(d), 3) * 1.0)",
                 "loss_at(train(m, d, 'mae', SGD(lr=0.1), steps=0), 0)",
                 "l1_loss(m(inputs_of(d)), one_hot(targets_of(d), 3) * 1.0)",
                 "loss_at(train(m, d, 'hinge', SGD(lr=0.1), steps=0), 0)",
                 "hinge_loss(m(inputs_of(d)), 2.0 * one_hot(targets_of(d), 3) - 1.0)",
                 "loss_at(train(m, d, CrossEntropyLoss(label_smoothing=0.2), SGD(), steps=0), 0)",
                 "cross_entropy(m(inputs_of(d)), targets_of(d), label_smoothing=0.2)",
                 "loss_at(train(m, d, SmoothL1Loss(), SGD(), steps=0), 0)",
                 "smooth_l1_loss(m(inputs_of(d)), one_hot(targets_of(d), 3) * 1.0)",
                 m="Linear(2, 3)", d="make_blobs(30, 3)")  # fmt: skip
    for place in range(0, 10, 2):
        assert told.number(place) == pytest.approx(told.number(place + 1), rel=1e-5)


def test_a_schedule_is_stepped_after_each_update() -> None:
    told = found("losses(train(m, d, 'mse', SGD(lr=0.1), steps=6))",
                 "losses(train(m, d, 'mse', StepLR(SGD(lr=0.1), 3, gamma=0.0), steps=6))",
                 m="Linear(2, 1)", d="make_linear(40, 2)")  # fmt: skip
    free, stopped = told.numbers(0), told.numbers(1)
    assert free[:4] == stopped[:4]
    assert len(set(stopped[3:])) == 1
    assert free[6] < stopped[6]


def test_layers_are_looked_at_as_by_their_own_measures() -> None:
    told = found("layer_gradients(r, 0)", "gradient_norms(binary_cross_entropy_with_logits("
                 "m(inputs_of(d))[:, 0], targets_of(d) * 1.0), m, bias=False)",
                 "layer_signals(r, 0)", "error_signals(binary_cross_entropy_with_logits("
                 "m(inputs_of(d))[:, 0], targets_of(d) * 1.0), m)",
                 "dead_shares(r)", "dead_units(trained(r), inputs_of(d))",
                 "activation_stds(r, 0)[0]", "std(m[0:2](inputs_of(d)))",
                 d="make_rings(64)", m="mlp(2, 16, 8, 1)",
                 r="train(m, d, 'bce', SGD(lr=1.0), steps=50)")  # fmt: skip
    for place in (0, 2):
        assert told.numbers(place) == pytest.approx(told.numbers(place + 1), rel=1e-4)
    assert told.values[4] == told.values[5]
    assert told.number(6) == pytest.approx(told.number(7), rel=1e-5)


def test_a_trained_model_is_a_layer_whose_parts_are_trained() -> None:
    told = found("evaluated(r)", "loss_at(r, -1)", "trained(r)(x)",
                 "trained(r)[2](tanh(trained(r)[0](x)))", "trained(r)[0:2](x)",
                 "tanh(trained(r)[0](x))", "parameters(trained(r))", "m(x)",
                 d="make_rings(64)", m="mlp(2, 4, 1, activation='tanh')", x="inputs_of(d)[0:5]",
                 r="train(m, d, 'bce', SGD(lr=0.5), steps=60)")  # fmt: skip
    loss, right = told.numbers(0)
    assert loss == pytest.approx(told.number(1), rel=1e-6)
    assert 0 <= right <= 1
    assert told.values[2] == told.values[3]
    assert told.values[4] == told.values[5]
    assert told.number(6) == 17
    assert told.values[7] != told.values[2]


def test_a_shared_layer_stays_shared() -> None:
    told = found("parameters(trained(r))", "weight_of(trained(r)[1])",
                 "weight_of(trained(r)[3])", a="Linear(4, 4)",
                 r="train(Sequential(Linear(2, 4), a, Tanh(), a, Linear(4, 1)), make_rings(32), "
                   "'bce', SGD(lr=0.5), steps=5)")  # fmt: skip
    assert told.number(0) == 12 + 20 + 5
    assert told.values[1] == told.values[2]


def test_frozen_layers_are_not_trained() -> None:
    told = found("weight_of(trained(r)[0])", "weight_of(f)", "loss_at(r, 0) > loss_at(r, -1)",
                 f="frozen(Linear(2, 8))",
                 r="train(Sequential(f, Tanh(), Linear(8, 1)), make_rings(32), 'bce', "
                   "SGD(lr=0.5), steps=20)")  # fmt: skip
    assert told.values[0] == told.values[1]
    assert told.values[2] is True


# Faults that are arguments.


def test_gradients_that_are_not_zeroed_add_up() -> None:
    told = found("total_gradients(train(m, d, 'mse', SGD(lr=0.0), steps=3))",
                 "total_gradients(train(m, d, 'mse', SGD(lr=0.0), steps=3, zero_grad=False))",
                 "loss_at(train(m, d, 'mse', SGD(lr=0.1), steps=60), -1)",
                 "loss_at(train(m, d, 'mse', SGD(lr=0.1), steps=60, zero_grad=False), -1)",
                 m="Linear(2, 1)", d="make_linear(40, 2)")  # fmt: skip
    right, wrong = told.numbers(0), told.numbers(1)
    assert wrong == pytest.approx([right[0] * n for n in (1, 2, 3, 4)], rel=1e-5)
    assert told.number(3) > 1.1 * told.number(2)


def test_the_wrong_sign_climbs() -> None:
    told = found("losses(train(Linear(2, 1), make_rings(), 'bce', SGD(lr=0.5), steps=50, "
                 "maximise=True))")  # fmt: skip
    assert all(b > a for a, b in pairwise(told.numbers(0)))


def test_dropout_left_on_while_evaluating() -> None:
    options = "make_rings(64), 'bce', SGD(lr=0.1), steps=0, validation=make_rings(400, seed=1)"
    told = found(f"validation_losses(train(m, {options}))",
                 f"validation_losses(train(m, {options}, evaluate='train'))",
                 "binary_cross_entropy_with_logits(m(inputs_of(v))[:, 0], targets_of(v) * 1.0)",
                 m="mlp(2, 64, 1, dropout=0.9)", v="make_rings(400, seed=1)")  # fmt: skip
    assert told.numbers(0)[0] == pytest.approx(told.number(2), rel=1e-5)
    assert abs(told.numbers(1)[0] - told.number(2)) > 1e-3


def test_leaked_validation_data_flatters() -> None:
    rest = "'bce', Adam(lr=0.01), steps=200, validation=v"
    told = found(f"validation_accuracies(train(m, d, {rest}))[-1]",
                 f"validation_accuracies(train(m, joined_data(d, v), {rest}))[-1]",
                 d="flipped_labels(make_rings(40, seed=1), 10, seed=1)",
                 v="flipped_labels(make_rings(40, seed=2), 10, seed=2)",
                 m="mlp(2, 64, 64, 1)")  # fmt: skip
    assert told.number(1) > told.number(0) + 0.1


def test_shuffled_labels_are_learned_by_heart_only() -> None:
    told = found("accuracy_at(r, -1)", "evaluated(r, make_rings(500, seed=2))[1]",
                 r="train(mlp(2, 256, 256, 1), shuffled_labels(make_rings(24, seed=1)), 'bce', "
                   "Adam(lr=0.01), steps=300)")  # fmt: skip
    assert told.number(0) > 0.85
    assert told.number(1) < 0.65


def test_batch_statistics_are_kept_as_training_left_them() -> None:
    layer, data = _model(2, 8, 1, norm=True), _data("make_rings", 64)
    runs = [_train(layer, data, "bce", _optimizer("SGD", lr=0.1), steps=20, watch=watch,
                   validation=data) for watch in ((), tuple(range(21)))]  # fmt: skip
    first, second = (run.model.real(torch.device("cpu")) for run in runs)
    assert runs[0].losses == runs[1].losses
    for a, b in zip(first.buffers(), second.buffers(), strict=True):
        assert torch.equal(a, b)
    assert not torch.equal(first.get_buffer("1.running_mean"), torch.zeros(8))


# Where a run breaks off.


def test_an_overflow_ends_the_run_where_it_began() -> None:
    told = found("train(initialised(mlp(2, [64] * 12, 1), 'kaiming_normal', gain=2.83), "
                 "make_rings(seed=0), 'bce', SGD(lr=0.01), steps=200)")  # fmt: skip
    run = told.run(0)
    assert run.ended == "nan"
    assert run.ended_at == 2
    assert run.steps == (0, 1, 2)
    assert len(run.losses) == len(run.gradient_norms) == len(run.accuracies) == 3
    assert "nn.Linear" in run.ended_where
    assert run.ended_by in ("gradient", "output", "weights")


def test_a_naive_softmax_breaks_in_the_loss() -> None:
    told = found("ended(r)", "ended_at(r)", "ended_where(r)", "loss_at(r, 0)",
                 r="train(Linear(2, 3), scaled_data(make_blobs(30), 1e4), 'naive_cross_entropy', "
                   "SGD(), steps=5)")  # fmt: skip
    assert (told.text(0), told.values[1], told.text(2)) == ("nan", 0, "loss")
    assert math.isnan(told.number(3))


def test_a_run_without_steps_tells_the_start() -> None:
    run = found("train(Linear(2, 1), make_rings(), 'bce', SGD(), steps=0)").run(0)
    assert run.steps == (0,)
    assert run.ended == ""
    assert run.losses[0] == pytest.approx(math.log(2), abs=0.5)


def test_a_long_run_is_told_in_five_hundred_points() -> None:
    run = found("train(Linear(1, 1), make_curve(4), 'mse', SGD(), steps=1503)").run(0)
    assert len(run.steps) <= 500
    assert (run.steps[0], run.steps[-1]) == (0, 1503)
    assert len(run.losses) == len(run.gradient_norms) == len(run.steps)
    assert len({b - a for a, b in pairwise(run.steps[:-1])}) == 1


def test_two_hundred_steps_are_quick() -> None:
    source = "loss_at(train(mlp(2, 16, 1), make_rings(), 'bce', SGD(lr=0.5), steps=200), -1)"
    found(source)
    times = []
    for _ in range(3):
        start = time.process_time()
        found(source)
        times.append(time.process_time() - start)
    assert min(times) < 0.5  # below 0.15 s on an idle machine


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("train(m, d, 'bce', SGD())", "steps-or-epochs"),
        ("train(m, d, 'bce', SGD(), steps=1, epochs=1)", "steps-or-epochs"),
        ("train(m, d, 'bce', SGD(), steps=10**6)", "argument-too-large"),
        ("train(m, d, 'bce', SGD(), epochs=90000, batch=1)", "argument-too-large"),
        ("train(m, d, 'bce', SGD(), steps=1, batch=0)", "argument-too-small"),
        ("train(m, d, 'bce', SGD(), steps=1, batch=500, drop_last=True)", "batch-too-large"),
        ("train(m, d, 'wrong', SGD(), steps=1)", "argument-loss"),
        ("train(m, d, ReLU(), SGD(), steps=1)", "argument-loss"),
        ("train(m, d, MSELoss(reduction='none'), SGD(), steps=1)", "loss-no-number"),
        ("train(m, d, 'cross_entropy', SGD(), steps=1)", "loss-outputs"),
        ("train(Linear(2, 2), make_blobs(30, 3), 'cross_entropy', SGD(), steps=1)", "loss-outputs"),
        ("train(m, make_blobs(30, 3), 'bce', SGD(), steps=1)", "loss-outputs"),
        ("train(Linear(1, 1), make_curve(), 'bce', SGD(), steps=1)", "loss-needs-classes"),
        ("train(Linear(1, 2), make_curve(), 'mse', SGD(), steps=1)", "loss-shapes"),
        ("train(Linear(3, 1), d, 'bce', SGD(), steps=1)", "features-differ"),
        ("train(ReLU(), d, 'mse', SGD(), steps=1)", "nothing-to-train"),
        ("train(frozen(m), d, 'bce', SGD(), steps=1)", "nothing-to-train"),
        ("train(3, d, 'bce', SGD(), steps=1)", "argument-layer"),
        ("train(m, 3, 'bce', SGD(), steps=1)", "argument-data"),
        ("train(m, d, 'bce', 0.1, steps=1)", "argument-optimizer"),
        ("train(m, d, 'bce', SGD(), steps=1, validation=make_curve())", "data-differ"),
        ("train(m, d, 'bce', SGD(), steps=1, class_weight=(1, 2, 3))", "class-weights"),
        ("train(m, d, 'bce', SGD(), steps=1, class_weight=5)", "class-weight"),
        ("train(m, d, BCEWithLogitsLoss(), SGD(), steps=1, class_weight=(1, 2))",
         "class-weights-by-name"),
        ("train(m, d, 'bce', SGD(), steps=1, augment='flip')", "augment-data"),
        ("train(m, d, 'bce', SGD(), steps=1, augment='cut')", "argument-word"),
        ("train(m, d, 'bce', SGD(), steps=1, clip_norm=0)", "argument-range"),
        ("train(m, d, 'bce', SGD(), steps=1, watch=3)", "watch-steps"),
        ("train(vgg16(), make_rings(), 'bce', SGD(), steps=1)", "too-many-weights"),
        ("train(mlp(784, 8192, 10), make_digits(20), 'bce', SGD(), steps=1)", "features-differ"),
        ("train(mlp(2, 3000, 3000, 1), make_rings(3000), 'bce', SGD(), steps=1)", "too-much-work"),
        ("train(mlp(2, 4096, 1), make_rings(9000), 'bce', SGD(), steps=1)", "too-many-elements"),
        ("losses(3)", "argument-run"),
        ("loss_at(r, 3)", "run-step"),
        ("layer_gradients(train(m, d, 'bce', SGD(), steps=50), 3)", "not-looked-at"),
        ("dead_shares(r)", "no-activation"),
        ("accuracies(train(Linear(1, 1), make_curve(), 'mse', SGD(), steps=1))",
         "data-without-classes"),
        ("predictions(r, make_curve())", "features-differ"),
        ("evaluated(r, make_curve())", "data-differ"),
        ("r + 1", "cannot-calculate"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(source: str, code: str) -> None:
    start = time.process_time()
    lets = {"d": "make_rings(64)", "m": "Linear(2, 1)"}
    if "r" in source and not source.startswith("train"):
        lets["r"] = "train(m, d, 'bce', SGD(), steps=2)"
    assert refused_code(source, **lets) == code
    assert time.process_time() - start < 4
