"""Every optimizer against torch.optim itself over 20 steps, and against formulas by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.protocol import FailureKind
from engine.values import TensorValue
from tests.unit.engine.runtime.measuring import measured, numbers, outcome, refusal

STEPS = 20
SETTINGS = [
    ("SGD", {"lr": 0.1}),
    ("SGD", {"lr": 0.1, "momentum": 0.9}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.01}),
    ("SGD", {"lr": 0.05, "momentum": 0.8, "nesterov": True, "weight_decay": 0.1}),
    ("SGD", {"lr": 0.05, "maximize": True}),
    ("Adagrad", {}),
    ("Adagrad", {"lr": 0.5, "lr_decay": 0.1, "weight_decay": 0.1, "eps": 1e-4}),
    ("Adagrad", {"lr": 0.5, "initial_accumulator_value": 0.5}),
    ("Adadelta", {}),
    ("Adadelta", {"lr": 2.0, "rho": 0.5, "eps": 1e-3, "weight_decay": 0.1}),
    ("RMSprop", {}),
    ("RMSprop", {"lr": 0.05, "alpha": 0.9, "momentum": 0.5, "weight_decay": 0.1}),
    ("RMSprop", {"lr": 0.05, "centered": True, "eps": 1e-3}),
    ("Adam", {}),
    ("Adam", {"lr": 0.1, "betas": (0.8, 0.9), "eps": 1e-4, "weight_decay": 0.1}),
    ("Adam", {"lr": 0.1, "amsgrad": True}),
    ("Adam", {"lr": 0.1, "weight_decay": 0.1, "decoupled_weight_decay": True}),
    ("AdamW", {}),
    ("AdamW", {"lr": 0.1, "weight_decay": 0.3, "betas": (0.5, 0.7), "amsgrad": True}),
    ("Adamax", {}),
    ("Adamax", {"lr": 0.1, "betas": (0.5, 0.7), "weight_decay": 0.1, "maximize": True}),
    ("NAdam", {}),
    ("NAdam", {"lr": 0.1, "momentum_decay": 0.1, "weight_decay": 0.1}),
    ("NAdam", {"lr": 0.1, "weight_decay": 0.1, "decoupled_weight_decay": True}),
]  # fmt: skip


def written(name: str, options: Mapping[str, object]) -> str:
    return f"{name}({', '.join(f'{key}={value!r}' for key, value in options.items())})"


def tensor_text(x: torch.Tensor) -> str:
    return f"tensor({x.tolist()}, dtype={str(x.dtype).removeprefix('torch.')})"


def randoms(seed: int, dtype: torch.dtype, count: int = STEPS) -> tuple[torch.Tensor, torch.Tensor]:
    """A start and a gradient for each step."""
    random = torch.Generator().manual_seed(seed)
    drawn = torch.randn(count + 1, 2, 2, generator=random, dtype=torch.float64).to(dtype)
    return drawn[0], drawn[1:]


def torch_path(
    optimizer: type[torch.optim.Optimizer],
    options: Mapping[str, object],
    start: torch.Tensor,
    grads: torch.Tensor,
) -> torch.Tensor:
    """What torch.optim does, step by step."""
    param = start.clone().requires_grad_()
    stepped = optimizer([param], **options)  # type: ignore[call-arg]
    path = [start]
    for grad in grads:
        param.grad = grad.clone()
        stepped.step()
        path.append(param.detach().clone())
    return torch.stack(path)


def as_tensor(value: object) -> torch.Tensor:
    assert isinstance(value, TensorValue)
    return torch.tensor(value.data, dtype=getattr(torch, value.dtype))


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
@pytest.mark.parametrize(("name", "options"), SETTINGS)
def test_twenty_steps_are_those_of_torch(
    name: str, options: dict[str, object], dtype: torch.dtype
) -> None:
    start, grads = randoms(len(repr(options)), dtype)
    value = measured(
        f"steps_path({tensor_text(start)}, {tensor_text(grads)}, {written(name, options)})"
    )
    path = torch_path(getattr(torch.optim, name), options, start, grads)
    assert torch.equal(as_tensor(value).nan_to_num(99), path.nan_to_num(99))


UNIT = st.floats(0, 0.99)


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from([
        ("SGD", ("momentum", "weight_decay")), ("Adagrad", ("lr_decay", "weight_decay")),
        ("Adadelta", ("rho", "weight_decay")), ("RMSprop", ("alpha", "momentum")),
        ("Adam", ("betas", "weight_decay")), ("AdamW", ("betas", "weight_decay")),
        ("Adamax", ("betas",)), ("NAdam", ("betas", "momentum_decay")),
    ]),
    st.floats(1e-6, 10), UNIT, UNIT, st.integers(0, 10**6), st.sampled_from(["float64", "float32"]),
)  # fmt: skip
def test_random_settings_step_as_torch_steps(
    kind: tuple[str, tuple[str, ...]], lr: float, a: float, b: float, seed: int, dtype: str
) -> None:
    name, options = kind
    chosen: dict[str, object] = {"lr": lr}
    for option, share in zip(options, (a, b), strict=False):
        chosen[option] = (a, b) if option == "betas" else share
    start, grads = randoms(seed, getattr(torch, dtype), 5)
    source = f"steps_path({tensor_text(start)}, {tensor_text(grads)}, {written(name, chosen)})"
    path = torch_path(getattr(torch.optim, name), chosen, start, grads)
    assert torch.equal(as_tensor(measured(source)).nan_to_num(99), path.nan_to_num(99))


@pytest.mark.parametrize(("name", "options"), SETTINGS)
def test_an_optimizer_is_shown_as_pytorch_code_that_builds_it(
    name: str, options: dict[str, object]
) -> None:
    code = measured(written(name, options))
    assert isinstance(code, str)
    assert code.startswith(f"optim.{name}(lr=")
    assert measured(code) == code
    param = torch.zeros(1, requires_grad=True)
    built = eval(code.replace("(", "([param], ", 1), {"optim": torch.optim, "param": param})
    ours = {key: built.param_groups[0][key] for key in options}
    assert ours == options


def test_an_optimizer_can_be_a_let_and_is_traced_as_its_code() -> None:
    result = outcome("step(1.0, 2.0, opt)", lets={"opt": "torch.optim.SGD(lr=0.1)"}, trace=True)
    assert result.values == (0.8,)  # type: ignore[union-attr]
    assert result.trace.steps[0].value == "optim.SGD(lr=0.1)"  # type: ignore[union-attr]


def test_one_gradient_serves_every_step_and_several_one_each() -> None:
    assert measured("step(1.0, 1.0, SGD(lr=0.25), steps=3)") == 0.25
    assert measured("step(1.0, (1.0, 0.0, 1.0), SGD(lr=0.25))") == 0.5
    assert measured("step(1, 2, SGD(lr=0.25))") == 0.5
    assert measured("step(1.0, 1.0, SGD(lr=0.25), steps=0)") == 1.0
    assert numbers("step(tensor([1.0, 2.0]), (0.5, 1.0), SGD(lr=1.0))") == (0.5, 1.0)
    assert numbers("step(tensor([1.0, 2.0]), ((1.0, 0.0), (0.0, 1.0)), SGD(lr=1.0))") == (0.0, 1.0)
    several = "(tensor([1.0, 0.0]), tensor([0.0, 1.0]))"
    assert numbers(f"step(tensor([1.0, 2.0]), {several}, SGD(lr=1.0))") == (0.0, 1.0)


def test_momentum_by_hand() -> None:
    path = numbers("steps_path(1.0, (2.0, 3.0), SGD(lr=0.1, momentum=0.9))")
    first = 1 - 0.1 * 2
    assert path == pytest.approx((1, first, first - 0.1 * (0.9 * 2 + 3)), rel=1e-12)
    state = measured(
        "optimizer_state(1.0, (2.0, 3.0), SGD(lr=0.1, momentum=0.9), name='momentum_buffer')"
    )
    assert state == pytest.approx(0.9 * 2 + 3, rel=1e-12)


def test_nesterov_by_hand() -> None:
    path = numbers("steps_path(1.0, (2.0, 3.0), SGD(lr=0.1, momentum=0.9, nesterov=True))")
    first = 1 - 0.1 * (2 + 0.9 * 2)
    buffer = 0.9 * 2 + 3
    assert path == pytest.approx((1, first, first - 0.1 * (3 + 0.9 * buffer)), rel=1e-12)


def test_adam_with_its_correction_by_hand() -> None:
    m1, v1 = 0.1 * 2, 0.001 * 4
    m2, v2 = 0.9 * m1 + 0.1 * 3, 0.999 * v1 + 0.001 * 9
    first = 1 - 0.1 * (m1 / 0.1) / (math.sqrt(v1 / 0.001) + 1e-8)
    corrected = m2 / (1 - 0.9**2), v2 / (1 - 0.999**2)
    second = first - 0.1 * corrected[0] / (math.sqrt(corrected[1]) + 1e-8)
    assert numbers("steps_path(1.0, (2.0, 3.0), Adam(lr=0.1))") == pytest.approx(
        (1, first, second), rel=1e-12
    )
    state = dict(measured("optimizer_state(1.0, (2.0, 3.0), Adam(lr=0.1))"))  # type: ignore[arg-type]
    assert state == pytest.approx(
        {"step": 2, "exp_avg": m2, "exp_avg_sq": v2, "exp_avg_hat": corrected[0],
         "exp_avg_sq_hat": corrected[1], "lr": 0.1, "update": second - first, "param": second}
    )  # fmt: skip


def test_decay_is_l2_in_adam_and_decoupled_in_adamw() -> None:
    assert measured("step(1.0, 0.0, AdamW(lr=0.1, weight_decay=0.5))") == pytest.approx(0.95)
    assert measured("step(1.0, 0.0, Adam(lr=0.1, weight_decay=0.5))") == pytest.approx(0.9)
    decoupled = "Adam(lr=0.1, weight_decay=0.5, decoupled_weight_decay=True)"
    assert measured(f"step(1.0, 0.0, {decoupled})") == pytest.approx(0.95)


@pytest.mark.parametrize(("optimizer", "names"), [
    ("SGD(lr=0.1)", ()),
    ("SGD(lr=0.1, momentum=0.9)", ("momentum_buffer",)),
    ("SGD(lr=0.1, momentum=0.9, convention='velocity')", ("velocity",)),
    ("Adagrad()", ("step", "sum")),
    ("Adadelta()", ("step", "square_avg", "acc_delta")),
    ("RMSprop(momentum=0.9, centered=True)",
     ("step", "momentum_buffer", "square_avg", "grad_avg")),
    ("AdamW(amsgrad=True)",
     ("step", "exp_avg", "exp_avg_sq", "max_exp_avg_sq", "exp_avg_hat", "exp_avg_sq_hat")),
    ("Adamax()", ("step", "exp_avg", "exp_inf", "exp_avg_hat")),
    ("NAdam()", ("step", "exp_avg", "exp_avg_sq", "mu_product", "exp_avg_sq_hat")),
])  # fmt: skip
def test_the_state_is_named_as_torch_names_it(optimizer: str, names: tuple[str, ...]) -> None:
    state = measured(f"optimizer_state(tensor([1.0, 2.0]), tensor([3.0, 4.0]), {optimizer}, 3)")
    assert isinstance(state, tuple)
    assert tuple(name for name, _ in state) == (*names, "lr", "update", "param")  # type: ignore[misc]


def test_divergence_is_told_and_nan_stays() -> None:
    assert measured("step(1.0, 1e300, SGD(lr=1e9), steps=5)") == -math.inf
    assert math.isnan(float(measured("step(1.0, nan, Adam(), steps=5)")))  # type: ignore[arg-type]


@pytest.mark.parametrize(("source", "code"), [
    ("SGD(lr=-0.1)", "argument-range"),
    ("SGD(lr=nan)", "argument-range"),
    ("SGD(lr=inf)", "argument-range"),
    ("SGD(lr='fast')", "argument-number"),
    ("SGD(lr=True)", "argument-number"),
    ("SGD(lr=0.1, momentum=-1)", "argument-range"),
    ("SGD(lr=0.1, nesterov=True)", "nesterov-needs-momentum"),
    ("SGD(lr=0.1, momentum=0.9, dampening=0.1, nesterov=True)", "nesterov-needs-momentum"),
    ("SGD(lr=0.1, momentum=0.9, nesterov=True, convention='average')", "nesterov-needs-momentum"),
    ("SGD(lr=0.1, dampening=0.1, convention='average')", "argument-unsupported"),
    ("SGD(lr=0.1, convention='keras')", "argument-word"),
    ("SGD(0.1).step()", "no-method"),
    ("SGD(lr=0.1)(1.0)", "not-callable"),
    ("SGD(lr=0.1) + 1", "cannot-calculate"),
    ("Adam(betas=0.9)", "argument-pair"),
    ("Adam(betas=(0.9, 1.0))", "argument-range"),
    ("Adam(betas=(0.9, nan))", "argument-range"),
    ("Adam(amsgrad=True, bias_correction=False)", "argument-unsupported"),
    ("Adam(eps_hat=True, bias_correction=False)", "one-of-two"),
    ("RMSprop(alpha=0.9, rho=0.9)", "one-of-two"),
    ("RMSprop(alpha=2)", "argument-range"),
    ("AdamW(speed=1)", "unexpected-argument"),
    ("step(1.0, 1.0, 0.1)", "argument-optimizer"),
    ("step(1.0, 1.0, Linear(2, 2))", "argument-optimizer"),
    ("step(Linear(2, 2), 1.0, SGD())", "argument-tensor"),
    ("step(tensor([1, 2]), 1.0, SGD())", "dtype-unsupported"),
    ("step(tensor([1.0, 2.0]), 1.0, SGD())", "gradient-shape"),
    ("step(1.0, tensor([[1.0]]), SGD())", "gradient-shape"),
    ("step(1.0, (), SGD())", "argument-tensor"),
    ("step(1.0, (1.0, 2.0), SGD(), steps=3)", "gradients-and-steps"),
    ("step(1.0, 1.0, SGD(), steps=-1)", "argument-too-small"),
    ("step(1.0, 1.0, SGD(), steps=10**9)", "argument-too-large"),
    ("step(1.0, zeros(10001), SGD())", "argument-too-large"),
    ("step(zeros(10**6), zeros(10**6), SGD(), steps=1000)", "too-many-steps"),
    ("steps_path(zeros(10**6), zeros(10**6), SGD(), steps=2)", "too-many-elements"),
    ("optimizer_state(1.0, 1.0, SGD(), name='exp_avg')", "state-unknown"),
    ("optimizer_state(1.0, 1.0, SGD(), name='speed')", "argument-word"),
])  # fmt: skip
def test_what_is_wrong_is_refused(source: str, code: str) -> None:
    failure = refusal(source)
    assert failure.code == code
    assert failure.column is not None
    assert failure.kind in (FailureKind.EXPRESSION, FailureKind.LIMIT)
