"""Gradients, error signals and statistics, against torch's own with hooks written here."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
import torch
from measuring import measured, numbers, outcome, refusal
from torch import nn
from torch.nn import functional

from engine.expression import Evaluator
from engine.protocol import Measured
from engine.runtime.arithmetic import TensorArithmetic
from engine.runtime.layer import Layer
from engine.runtime.library import LIBRARY
from engine.values import TensorValue

NET = "Sequential(Linear(6, 5), Tanh(), Linear(5, 4), ReLU(), Linear(4, 3))"
CONV = ("Sequential(Conv2d(2, 3, 3), BatchNorm2d(3), ReLU(), Conv2d(3, 2, 3), Sigmoid(), "
        "Flatten(), Linear(8, 3))")  # fmt: skip


def _same(model: str, data: str, target: str) -> tuple[nn.Module, torch.Tensor, torch.Tensor]:
    """The modules and tensors a measurement with these bindings sees."""
    evaluator = Evaluator(LIBRARY, {}, TensorArithmetic())
    layer = evaluator.bind("m", model)
    x, y = evaluator.bind("x", data), evaluator.bind("y", target)
    assert isinstance(layer, Layer)
    assert isinstance(x, torch.Tensor)
    assert isinstance(y, torch.Tensor)
    return layer.real(torch.device("cpu")), x, y


CASES = [(NET, "randn(7, 6)"), (CONV, "randn(4, 2, 6, 6)")]
TARGETS = {NET: "randint(0, 3, (7,))", CONV: "randint(0, 3, (4,))"}


@pytest.mark.parametrize(("model", "data"), CASES)
@pytest.mark.parametrize("training", [False, True])
def test_norms_of_gradients_and_of_error_signals(model: str, data: str, training: bool) -> None:
    module, x, y = _same(model, data, TARGETS[model])
    module.train(training)
    weighted = [m for m in module.modules() if isinstance(m, (nn.Linear, nn.Conv2d))]
    signals: dict[nn.Module, float] = {}

    def see(layer: nn.Module, _: object, slopes: tuple[torch.Tensor, ...]) -> None:
        signals[layer] = float(slopes[0].norm())

    for layer in weighted:
        layer.register_full_backward_hook(see)
    with torch.enable_grad():
        functional.cross_entropy(module(x.requires_grad_()), y).backward()
    owners = [m for m in module.modules() if list(m.parameters(recurse=False))]
    both = [math.hypot(*(float(p.grad.norm()) for p in m.parameters(recurse=False)))
            for m in owners]  # fmt: skip
    weights = [float(m.weight.grad.norm()) for m in owners]
    loss = "cross_entropy(m(x), y)"
    result = outcome(
        f"gradient_norms({loss}, m, training={training})",
        f"gradient_norms({loss}, m, bias=False, training={training})",
        f"error_signals({loss}, m, training={training})",
        f"error_signals(loss, m, training={training})",
        lets={"m": model, "x": data, "y": TARGETS[model], "loss": loss},
    )
    assert isinstance(result, Measured)
    expected = [signals[layer] for layer in weighted]
    for value, truth in zip(result.values, (both, weights, expected, expected), strict=True):
        assert value == pytest.approx(truth, rel=1e-4, abs=1e-9)


def test_training_mode_leaves_no_trace() -> None:
    lets = {"m": "Sequential(Linear(3, 4), BatchNorm1d(4), Dropout(0.5), Linear(4, 1))",
            "x": "randn(5, 3)"}  # fmt: skip
    result = outcome("m(x)", "gradient_norms(m(x).sum(), m, training=True)", "m(x)",
                     "weight_statistics(m, 'mean')", lets=lets)  # fmt: skip
    assert isinstance(result, Measured)
    assert result.values[0] == result.values[2]


def test_weight_gradients_are_blind_to_what_error_signals_see() -> None:
    """clinic.summary: 12 ReLU layers of 64; scaled weights change only the error signal."""
    ratios = {}
    for gain in (0.5, 1.0, 2.0):
        body = ", ".join(["Linear(64, 64), ReLU()"] * 11)
        lets = {
            "m": f"initialised(Sequential(Linear(2, 64), ReLU(), {body}, Linear(64, 1)), "
                 f"'he_normal', gain={gain})",
            "x": "randn(256, 2)",
            "loss": "binary_cross_entropy_with_logits(m(x), (x.sum(1, keepdim=True) > 0).float())"
            if "binary_cross_entropy_with_logits" in LIBRARY else "m(x).square().mean()",
        }  # fmt: skip
        result = outcome("error_signals(loss, m)", "gradient_norms(loss, m, bias=False)", lets=lets)
        assert isinstance(result, Measured)
        ratios[gain] = [value[0] / value[-1] for value in result.values]  # type: ignore[index, operator]
    assert ratios[0.5][0] < 5e-3
    assert 0.1 < ratios[1.0][0] < 10
    assert ratios[2.0][0] > 200
    assert all(1e-3 < weights < 1 for _, weights in ratios.values())


@pytest.mark.parametrize(
    ("scheme", "low", "high"),
    [("'xavier_normal'", 0.15, 0.30), ("'normal', std=0.01", 0.0, 1e-7),
     ("'normal', std=1.0", 0.9, 1.0)],
)  # fmt: skip
def test_activations_after_ten_tanh_layers(scheme: str, low: float, high: float) -> None:
    """train.init-xavier: rms 0.22 with Xavier, 0 with std 0.01, 0.97 and saturated with std 1."""
    lets = {"m": f"initialised(Repeat(10, Sequential(Linear(256, 256), Tanh())), {scheme})"}
    result = outcome("activation_statistics(m, randn(64, 256), 'rms')[1::2]",
                     "saturation(m, randn(64, 256))", lets=lets)  # fmt: skip
    assert isinstance(result, Measured)
    rms, saturated = result.values
    assert isinstance(rms, tuple)
    assert isinstance(saturated, tuple)
    assert len(rms) == len(saturated) == 10
    assert low <= rms[-1] <= high  # type: ignore[operator]
    assert (saturated[-1] > 0.8) == ("1.0" in scheme)  # type: ignore[operator]


def test_statistics_are_torchs() -> None:
    module, x, _ = _same(CONV, "randn(4, 2, 6, 6)", "zeros(1)")
    expected = []
    h = x
    for layer in module:  # type: ignore[attr-defined]
        h = layer(h).detach()
        expected.append((h.mean(), h.std(), h.min(), h.max()))
    rows = measured("activation_statistics(m, x)", m=CONV, x="randn(4, 2, 6, 6)")
    assert isinstance(rows, tuple)
    assert [row[0] for row in rows] == [str(place) for place in range(7)]  # type: ignore[index]
    for row, truth in zip(rows, expected, strict=True):
        assert row[1:] == pytest.approx(tuple(map(float, truth)), rel=1e-4, abs=1e-6)  # type: ignore[index]
    stds = measured("weight_statistics(m, 'std', correction=0)", m=CONV)
    truth = [float(p.detach().std(correction=0)) for p in module.parameters()]
    assert stds == pytest.approx(tuple(truth), rel=1e-4)


def test_dead_units_have_no_slope_anywhere() -> None:
    """act.dying-relu: with hidden biases of -3 nearly all units are dead, in a leaky net none."""
    dead = {}
    for kind in ("ReLU", "LeakyReLU", "Sigmoid"):
        net = f"initialised(Sequential(Linear(2, 32), {kind}(), Linear(32, 32), {kind}()), "
        dead[kind] = measured("dead_units(m, rand(100, 2) - 0.5)", m=net + "'he_normal', bias=-3.)")
    assert min(dead["ReLU"]) > 0.9  # type: ignore[type-var, operator, arg-type]
    assert dead["LeakyReLU"] == dead["Sigmoid"] == (0.0, 0.0)
    x = "tensor([[[[1., 1.]], [[-1., 2.]], [[-1., -2.]], [[-3., 0.]]]])"
    assert measured(f"dead_units(ReLU(), {x})") == (0.5,)
    assert measured("dead_units(ReLU6(), tensor([[7., 5.], [8., 9.]]))") == (0.5,)


def test_saturation_by_hand() -> None:
    assert measured("saturation(Sigmoid(), tensor([-6., 0., 6., 5.]))") == (0.5,)
    assert measured("saturation(Tanh(), tensor([0.5, 1.0]), limit=0.7)") == (0.5,)


@pytest.mark.parametrize(
    ("scheme", "std"),
    [
        ("xavier_normal", math.sqrt(2 / (784 + 512))), ("glorot_uniform", math.sqrt(2 / 1296)),
        ("he_normal", math.sqrt(2 / 784)), ("kaiming_uniform", math.sqrt(2 / 784)),
        ("lecun_normal", math.sqrt(1 / 784)), ("default", math.sqrt(1 / (3 * 784))),
        ("normal", 0.01),
    ],
)  # fmt: skip
def test_initialisation_has_the_spread_of_its_formula(scheme: str, std: float) -> None:
    result = outcome("weight_statistics(m, 'std')[0]", "weight_statistics(m, 'max')",
                     lets={"m": f"initialised(Linear(784, 512), '{scheme}')"})  # fmt: skip
    assert isinstance(result, Measured)
    assert result.values[0] == pytest.approx(std, rel=0.01)
    largest = result.values[1]
    assert isinstance(largest, tuple)
    assert (largest[1] == 0.0) == (scheme != "default")
    if "uniform" in scheme:
        assert largest[0] == pytest.approx(math.sqrt(3) * std, rel=1e-3)


def test_an_initialised_model_is_another_one_of_the_same_form() -> None:
    lets = {"m": NET, "n": "initialised(m, 'orthogonal')", "k": "initialised(m, 'he_normal')"}
    result = outcome("weight_of(m[0])", "weight_of(n[0])", "parameters(n) == parameters(m)",
                     "(weight_of(n[0]).T @ weight_of(n[0])).shape",
                     "(weight_of(n[2]) @ weight_of(n[2]).T - eye(4)).abs().max().item() < 1e-5",
                     "weight_of(k[0])", lets=lets)  # fmt: skip
    assert isinstance(result, Measured)
    before, after, same, _, orthogonal, third = result.values
    assert before != after != third
    assert same is orthogonal is True
    gates = numbers("initialised(LSTM(3, 4), 'constant', value=2., bias=1.)(ones(1, 1, 3))[0]")
    assert gates is not None


SECOND = {"x": "tensor([1., -2., 0.5], dtype=float64)", "w": "tensor([2., 3., -1.], dtype=float64)"}


def test_several_names_and_their_order() -> None:
    result = outcome("gradient((w * x ** 2).sum(), (x, w))", "gradient((w * x ** 2).sum(), w)",
                     "gradient(gradient((w * x ** 2).sum(), x).sum(), x)",
                     "gradient(gradient((w * x ** 2).sum(), x).sum(), w)", lets=SECOND)  # fmt: skip
    assert isinstance(result, Measured)
    both, second, hessian, mixed = result.values
    assert isinstance(both, tuple)
    data = [value.data for value in (*both, second, hessian, mixed)
            if isinstance(value, TensorValue)]  # fmt: skip
    assert data == [(4.0, -12.0, -1.0), (1.0, 4.0, 0.25), (1.0, 4.0, 0.25), (4.0, 6.0, -2.0),
                    (2.0, -4.0, 1.0)]  # fmt: skip


def test_gradients_by_a_models_weights() -> None:
    module, x, y = _same(NET, "randn(7, 6)", "randint(0, 3, (7,))")
    with torch.enable_grad():
        functional.cross_entropy(module(x), y).backward()
    lets = {"m": NET, "x": "randn(7, 6)", "y": "randint(0, 3, (7,))", "h": "m(x)"}
    result = outcome("gradient(cross_entropy(h, y), m)",
                     "gradient(cross_entropy(h, y), weight_of(m[2]))",
                     "gradient(cross_entropy(h, y), bias_of(m[4]))", lets=lets)  # fmt: skip
    assert isinstance(result, Measured)
    every, weight, bias = result.values
    assert isinstance(every, tuple)
    truth = [p.grad for p in module.parameters()]
    for value, expected in zip((*every, weight, bias), (*truth, truth[2], truth[5]), strict=True):
        assert isinstance(value, TensorValue)
        assert torch.allclose(torch.tensor(value.data), expected, rtol=1e-4, atol=1e-7)


def test_a_binding_evaluated_again_draws_the_same_numbers() -> None:
    lets = {"x": "ones(3)", "noise": "x * randn(3)"}
    result = outcome("gradient(noise.sum(), x)", "noise", lets=lets)
    assert isinstance(result, Measured)
    assert result.values[0] == result.values[1]


def test_a_second_input_has_a_gradient_too() -> None:
    lets = {"g": "GRU(2, 3)", "x": "randn(4, 1, 2)", "h": "randn(1, 1, 3)"}
    result = outcome("gradient(g(x, h)[0].sum(), h)",
                     "gradient_check(g(x, h)[0].sum(), h, step=1e-2)", lets=lets)  # fmt: skip
    assert isinstance(result, Measured)
    assert isinstance(result.values[0], TensorValue)
    assert result.values[0].shape == (1, 1, 3)
    assert result.values[1] < 1e-2  # type: ignore[operator]


def test_numerical_gradients_converge_with_the_square_of_the_step() -> None:
    source = "gradient_check(exp(x).sum(), x=tensor([0.3], dtype=float64), step={})"
    errors = [measured(source.format(step)) for step in (1e-1, 1e-2, 1e-3)]
    for coarse, fine in pairwise(errors):
        assert coarse / fine == pytest.approx(100, rel=0.1)  # type: ignore[operator]
    assert measured("gradient_check(m(x).square().sum(), (x, m))", m="Linear(3, 2).double()",
                    x="randn(2, 3, dtype=float64)") < 1e-6  # type: ignore[operator]  # fmt: skip


def test_a_check_leaves_the_numbers_as_they_were() -> None:
    lets = {"m": "Linear(3, 2)", "x": "randn(2, 3)"}
    result = outcome("m(x)", "gradient_check(m(x).sum(), (m, x))", "m(x)", lets=lets)
    assert isinstance(result, Measured)
    assert result.values[0] == result.values[2]


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("gradient(x.sum())", "gradient-arguments"),
        ("gradient(x.sum(), ())", "gradient-by-name"),
        ("gradient(x.sum(), 3)", "gradient-by-name"),
        ("gradient(x.sum(), z)", "gradient-by-name"),
        ("gradient(x.sum(), m)", "gradient-independent"),
        ("gradient(x, x)", "gradient-of-many"),
        ("gradient(k, k=ones(2).long())", "dtype-unsupported"),
        ("gradient(x, x=3.0)", "bound-twice"),
        ("gradient(exp(1.0), exp=3.0)", "shadows-listed"),
        ("gradient(m(x).sum(), ReLU())", "layer-without-weight"),
        ("gradient_check(x.sum(), x, step=0)", "argument-range"),
        ("gradient_check(b.sum(), b)", "too-many-differences"),
        ("error_signals(m(x).sum(), x)", "argument-layer"),
        ("error_signals(m(x).sum(), m, training=1)", "argument-flag"),
        ("gradient_norms(m(x).sum())", "signal-arguments"),
        ("dead_units(m, x)", "no-activation"),
        ("saturation(Sequential(ReLU()), x)", "no-activation"),
        ("dead_units(ReLU(), x, axis=5)", "dim-out-of-range"),
        ("activation_statistics(m, x, 'median')", "argument-word"),
        ("initialised(m, 'xavier')", "argument-word"),
        ("initialised(x)", "argument-layer"),
        ("weight_statistics(Linear(10**5, 10**5))", "too-many-weights"),
    ],
)
def test_what_cannot_be_asked_is_refused(source: str, code: str) -> None:
    assert refusal(source, m="Linear(3, 2)", x="ones(4, 3)", b="zeros(3000)").code == code
