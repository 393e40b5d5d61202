"""Optimizers in the forms of textbooks beside torch's, clipping, and the figures a course gives."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
import torch

from tests.unit.engine.runtime.measuring import measured, numbers, refusal

SQUARE = "trajectory(w ** 2, 1.0, {}, {})[0]"


def test_velocity_and_torch_take_the_same_path_while_the_rate_stays() -> None:
    grads = "(1.0, -2.0, 3.0, 0.5)"
    ours = numbers(f"steps_path(1.0, {grads}, SGD(lr=0.1, momentum=0.9, convention='velocity'))")
    assert ours == pytest.approx(numbers(f"steps_path(1.0, {grads}, SGD(lr=0.1, momentum=0.9))"))
    rate = "StepLR(SGD(lr=0.1, momentum=0.9{}), 1, gamma=0.5)"
    apart = numbers(f"steps_path(0.0, 1.0, {rate.format(', convention=' + repr('velocity'))}, 2)")
    assert apart == pytest.approx((0, -0.1, -0.1 - (0.09 + 0.05)))
    assert numbers(f"steps_path(0.0, 1.0, {rate.format('')}, 2)") == pytest.approx(
        (0, -0.1, -0.1 - 0.05 * 1.9)
    )


def test_the_average_steps_a_tenth_as_far() -> None:
    average = "SGD(lr=0.1, momentum=0.9, convention='average')"
    assert numbers(f"steps_path(0.0, 1.0, {average}, 2)") == pytest.approx((0, -0.01, -0.029))
    assert measured(SQUARE.format(average, 3) + "[3]").data == pytest.approx(0.8897, abs=5e-5)  # type: ignore[union-attr]


def test_both_forms_of_nesterov_meet() -> None:
    """torch's parameter is the point at which the first published form takes the gradient."""
    options = "lr=0.05, momentum=0.8, nesterov=True"
    torchs = numbers(SQUARE.format(f"SGD({options})", 8))
    first = numbers(SQUARE.format(f"SGD({options}, convention='velocity')", 8))
    assert isinstance(torchs, tuple)
    assert isinstance(first, tuple)
    assert first[1] == pytest.approx(1 - 0.05 * 2)  # v is 0: a plain step
    ahead = [first[t] + 0.8 * (first[t] - first[t - 1]) for t in range(1, 9)]
    assert ahead == pytest.approx(list(torchs[1:]), rel=1e-12)


def test_losses_of_the_look_ahead_form_are_those_of_its_own_points() -> None:
    optimizer = "SGD(lr=0.05, momentum=0.8, nesterov=True, convention='velocity')"
    points = numbers(SQUARE.format(optimizer, 5))
    losses = numbers(f"trajectory(w ** 2, 1.0, {optimizer}, 5)[1]")
    assert losses == pytest.approx(tuple(p * p for p in points))  # type: ignore[attr-defined]


def test_decay_in_sgd_by_both_conventions() -> None:
    l2, apart = "weight_decay=0.5", "weight_decay=0.5, decoupled_weight_decay=True"
    for momentum, same in ((0.0, True), (0.9, False)):
        paths = [
            numbers(f"steps_path(1.0, 2.0, SGD(lr=0.1, momentum={momentum}, {decay}), 2)")
            for decay in (l2, apart)
        ]
        assert (paths[0] == pytest.approx(paths[1])) is same
    assert numbers(f"steps_path(1.0, 2.0, SGD(lr=0.1, momentum=0.9, {apart}), 2)") == pytest.approx(
        (1, 0.95 - 0.2, (0.95 - 0.2) * 0.95 - 0.1 * (0.9 * 2 + 2))
    )
    for convention in ("velocity", "average"):
        optimizer = f"SGD(lr=0.1, {apart}, convention='{convention}')"
        assert measured(f"step(1.0, 2.0, {optimizer})") == pytest.approx(0.95 - 0.2)


def test_epsilon_inside_and_outside_the_root() -> None:
    small = 1e-3
    outside, inside = small / (small + 1e-2), small / math.sqrt(small**2 + 1e-2)
    for name, more in (("Adagrad", ""), ("RMSprop", ", alpha=0.0")):
        text = f"step(0.0, {small}, {name}(lr=1.0, eps=1e-2{more}{{}}))"
        assert measured(text.format("")) == pytest.approx(-outside)
        assert measured(text.format(", eps_inside=True")) == pytest.approx(-inside)


def test_forms_with_epsilon_inside_follow_torch_where_there_is_none() -> None:
    grads = "(1.0, -2.0, 3.0, 0.5)"
    for optimizer in (
        "Adagrad(lr=0.1, lr_decay=0.2, eps=0, initial_accumulator_value=0.3, weight_decay=0.1{})",
        "RMSprop(lr=0.1, alpha=0.8, eps=0, momentum=0.7, weight_decay=0.1{})",
        "RMSprop(lr=0.1, alpha=0.8, eps=0, centered=True, maximize=True{})",
    ):
        ours = numbers(f"steps_path(1.0, {grads}, {optimizer.format(', eps_inside=True')})")
        assert ours == pytest.approx(
            numbers(f"steps_path(1.0, {grads}, {optimizer.format('')})"), rel=1e-9
        )


def test_adam_without_correction_and_with_epsilon_hat() -> None:
    assert measured("step(0.0, 2.0, Adam(bias_correction=False))") == pytest.approx(
        -0.001 * 0.2 / (math.sqrt(0.004) + 1e-8)
    )
    hat = "step(0.0, 2.0, Adam(eps=1e-2, eps_hat=True))"
    assert measured(hat) == pytest.approx(
        -0.001 * math.sqrt(0.001) / 0.1 * 0.2 / (math.sqrt(0.004) + 1e-2)
    )
    for grads in ("(1.0, -2.0, 3.0)", "(0.5, 0.5, 0.5)"):
        for name in ("Adam", "AdamW"):
            options = "eps=0, lr=0.1, weight_decay=0.1"
            ours = numbers(f"steps_path(1.0, {grads}, {name}({options}, eps_hat=True))")
            assert ours == pytest.approx(numbers(f"steps_path(1.0, {grads}, {name}({options}))"))


def test_a_form_of_ours_is_shown_without_the_prefix_of_pytorch() -> None:
    shown = measured("RMSprop(lr=0.001, rho=0.9, eps=1e-7, eps_inside=True)")
    assert shown == "RMSprop(lr=0.001, alpha=0.9, eps=1e-07, eps_inside=True)"
    assert measured(str(shown)) == shown


@pytest.mark.parametrize(("topic", "optimizer", "path"), [
    ("opt.gradient-descent", "SGD(lr=0.1)", (0.8, 0.64, 0.512)),
    ("opt.gradient-descent", "SGD(lr=0.1, maximize=True)", (1.2, 1.44, 1.728)),
    ("opt.learning-rate", "SGD(lr=0.5)", (0.0, 0.0)),
    ("opt.learning-rate", "SGD(lr=1)", (-1.0, 1.0, -1.0)),
    ("opt.learning-rate", "SGD(lr=1.1)", (-1.2, 1.44, -1.728, 2.0736)),
    ("opt.momentum", "SGD(lr=0.1, momentum=0.9)", (0.8, 0.46, 0.062, -0.3086)),
    ("opt.adagrad", "Adagrad(lr=0.1)", (0.9, 0.83310, 0.78046)),
    ("opt.adadelta", "Adadelta()", (0.996838, 0.993598, 0.990309)),
    ("opt.rmsprop", "RMSprop()", (0.9, 0.83292, 0.77998)),
    ("opt.rmsprop", "RMSprop(lr=0.001, rho=0.9, eps=1e-7, eps_inside=True)",
     (0.996838, 0.994547, 0.992631)),
    ("opt.adam", "Adam(lr=0.001)", (0.999, 0.998, 0.997)),
])  # fmt: skip
def test_figures_on_a_parabola(topic: str, optimizer: str, path: tuple[float, ...]) -> None:
    found = numbers(SQUARE.format(optimizer, len(path)))
    assert found == pytest.approx((1.0, *path), abs=5.1e-6), topic


def test_figures_of_single_steps() -> None:
    constant = numbers("steps_path(0.0, 1.0, SGD(lr=0.1, momentum=0.9), 4)")
    lengths = [a - b for a, b in pairwise(constant)]  # type: ignore[call-overload]
    assert lengths == pytest.approx([0.1, 0.19, 0.271, 0.3439])  # opt.momentum
    limit = measured("optimizer_state(0.0, 1.0, SGD(lr=0.1, momentum=0.9), 300, 'update')")
    assert limit == pytest.approx(-1.0)
    turning = "steps_path(0.0, (1.0, -1.0) * 150, SGD(lr=0.1, momentum=0.9))"
    assert abs(measured(f"{turning}[300] - {turning}[299]").data) == pytest.approx(0.1 / 1.9)  # type: ignore[union-attr,arg-type]
    for gradient, length in ((2, 0.001), (2000, 0.001), (2e-6, 0.000995)):  # opt.adam
        assert measured(f"step(0.0, {gradient}, Adam())") == pytest.approx(-length, abs=5e-8)
    state = "optimizer_state(0.0, 2.0, Adam(), name='{}')"
    for name, value in (("exp_avg", 0.2), ("exp_avg_sq", 0.004), ("exp_avg_hat", 2.0),
                        ("exp_avg_sq_hat", 4.0)):  # fmt: skip
        assert measured(state.format(name)) == pytest.approx(value)


def test_clipping_is_torchs_and_by_the_book() -> None:
    g = "tensor([3.0, 4.0], dtype=float64)"
    assert measured(f"grad_norm({g})") == 5.0  # clinic.clipping
    assert numbers(f"clip_grad_norm({g}, 1.0, eps=0)") == pytest.approx((0.6, 0.8), rel=1e-14)
    torchs = numbers(f"clip_grad_norm({g}, 1.0)")
    assert torchs == pytest.approx((3 / (5 + 1e-6), 4 / (5 + 1e-6)), rel=1e-14)
    assert torchs != pytest.approx((0.6, 0.8), rel=1e-8)
    assert numbers(f"clip_grad_value({g}, 1.0)") == (1.0, 1.0)
    assert numbers(f"clip_grad_norm({g}, 10.0)") == (3.0, 4.0)
    assert numbers(f"clip_grad_norm({g}, 10.0, eps=0)") == (3.0, 4.0)
    assert measured("grad_norm(zeros(0), inf)") == 0.0
    assert numbers("clip_grad_norm(tensor([0.0, 0.0]), 0.0, eps=0)") == (0.0, 0.0)
    for eps in ("1e-6", "0"):
        exploded = numbers(f"clip_grad_norm(tensor([inf, 1.0]), 1.0, eps={eps})")
        assert math.isnan(exploded[0])  # type: ignore[index]
        assert exploded[1] == 0  # type: ignore[index]


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
@pytest.mark.parametrize("kind", ["1.0", "2.0", "inf"])
def test_clipping_several_gradients_together_is_torchs(dtype: str, kind: str) -> None:
    random = torch.Generator().manual_seed(3)
    grads = [torch.randn(2, generator=random).to(getattr(torch, dtype)) for _ in range(3)]
    text = ", ".join(f"tensor({g.tolist()}, dtype={dtype})" for g in grads)
    params = [torch.zeros(2, dtype=g.dtype, requires_grad=True) for g in grads]
    for param, grad in zip(params, grads, strict=True):
        param.grad = grad.clone()
    norm = torch.nn.utils.clip_grad_norm_(params, 0.5, norm_type=float(kind))
    assert measured(f"grad_norm(({text}), {kind})") == norm.item()
    clipped = measured(f"clip_grad_norm(({text}), 0.5, {kind})")
    expected = [param.grad.tolist() for param in params if param.grad is not None]
    assert [list(part.data) for part in clipped] == expected  # type: ignore[union-attr]


@pytest.mark.parametrize(("source", "code"), [
    ("clip_grad_norm(1.0, -1)", "argument-range"),
    ("clip_grad_norm(1.0, nan)", "argument-range"),
    ("clip_grad_norm(Linear(2, 2), 1.0)", "argument-tensor"),
    ("clip_grad_value(tensor([1, 2]), 1.0)", "dtype-unsupported"),
    ("grad_norm((1.0, Linear(2, 2)))", "argument-numbers"),
    ("grad_norm(1.0, -1)", "argument-range"),
    ("grad_norm(1.0, 0)", "argument-range"),
    ("grad_norm(1.0, nan)", "argument-range"),
])  # fmt: skip
def test_clipping_refuses(source: str, code: str) -> None:
    assert refusal(source).code == code
