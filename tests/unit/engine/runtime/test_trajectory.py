"""Ways of optimizers over surfaces: against torch stepped by hand, and figures of a course."""

from __future__ import annotations

import math
import time

import pytest
import torch

from engine.protocol import Failure, FailureKind, Job, Measure
from engine.runtime.job import run
from tests.unit.engine.runtime.measuring import measured, numbers, outcome, refusal

RAVINE = "trajectory(ravine, (10, 1), {}, {})"


def losses(optimizer: str, steps: int) -> list[float]:
    """The height in the ravine at the start and after each step."""
    return list(numbers(f"{RAVINE.format(optimizer, steps)}[1]"))  # type: ignore[call-overload]


@pytest.mark.parametrize(("expression", "function", "start"), [
    ("ravine", lambda x, y: 0.5 * (x**2 + 100 * y**2), (1.0, 0.1)),
    ("rosenbrock", lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2, (-0.5, 0.8)),
    ("saddle", lambda x, y: x**2 - y**2, (1.0, 1e-3)),
    ("rings", lambda x, y: (x**2 + y**2) / 10 + 1
     - torch.cos(2 * math.pi * torch.sqrt(x**2 + y**2)), (1.7, 1.2)),
    ("exp(b) + a * a * 3 - sin(b * a)", lambda a, b: b.exp() + 3 * a**2 - (a * b).sin(),
     (0.5, 0.25)),
])  # fmt: skip
@pytest.mark.parametrize("optimizer", ["SGD(lr=0.001, momentum=0.9)", "Adam(lr=0.05)"])
def test_a_way_is_that_of_torch(
    expression: str, function: object, start: tuple[float, float], optimizer: str
) -> None:
    param = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    stepped = eval(optimizer.replace("(", "([param], ", 1), vars(torch.optim) | {"param": param})
    points, losses = [param.detach().clone()], []
    for _ in range(20):
        stepped.zero_grad()
        value = function(*param.unbind())  # type: ignore[operator]
        losses.append(value.item())
        value.backward()
        stepped.step()
        points.append(param.detach().clone())
    found = measured(f"trajectory({expression}, {start}, {optimizer}, 20)")
    assert isinstance(found, tuple)
    ours = torch.tensor(found[0].data, dtype=torch.float64)  # type: ignore[union-attr]
    assert torch.allclose(ours, torch.stack(points), rtol=1e-9)
    assert found[1].data[:20] == pytest.approx(losses, rel=1e-9)  # type: ignore[union-attr,index]
    last = function(*points[-1].unbind()).item()  # type: ignore[operator]
    assert found[1].data[20] == pytest.approx(last, rel=1e-9)  # type: ignore[union-attr,index]


@pytest.mark.parametrize(("topic", "optimizer", "figures"), [
    ("opt.momentum", "SGD(lr=0.01)", {10: 40.9, 100: 6.70}),
    ("opt.momentum", "SGD(lr=0.01, momentum=0.9)", {10: 20.82, 100: 0.00044}),
    ("opt.bgd", "SGD(lr=0.021)", {10: 369.1, 50: 689000.0}),
    ("opt.bgd", "SGD(lr=0.019)", {10: 40.15, 100: 1.078}),
    ("opt.adagrad", "Adagrad(lr=1)", {10: 15.33, 100: 0.0375}),
    ("opt.adadelta", "Adadelta(lr=1)", {100: 67.28}),
    ("opt.rmsprop", "RMSprop(lr=0.05, alpha=0.9)", {100: 11.66, 200: 0.237}),
    ("opt.adam", "Adam(lr=0.3)", {50: 0.1175, 100: 0.001451}),
])  # fmt: skip
def test_losses_in_the_ravine(topic: str, optimizer: str, figures: dict[int, float]) -> None:
    found = losses(optimizer, max(figures))
    for step, figure in figures.items():
        assert found[step] == pytest.approx(figure, rel=7e-3), topic


def test_how_often_the_steep_direction_changes_sign() -> None:
    flips = "((y[1:] * y[:{0}]) < 0).sum()"
    for optimizer, steps, count in (
        ("RMSprop(lr=0.05, alpha=0.9)", 401, 347),
        ("Adagrad(lr=1)", 40, 0),
        ("SGD(lr=0.019)", 40, 40),
    ):
        lets = {"y": f"{RAVINE.format(optimizer, steps)}[0][:, 1]"}
        assert numbers(flips.format(steps), **lets) == count


def test_steps_until_a_distance() -> None:
    for optimizer, steps in (("SGD(lr=0.018)", 508), ("SGD(lr=0.018, momentum=0.9)", 138)):
        lets = {
            "p": f"{RAVINE.format(optimizer, steps + 2)}[0]",
            "away": "sqrt((p * p).sum(dim=1))",
        }
        assert numbers("argmax((away < 1e-3).float())", **lets) == steps  # opt.momentum


def test_the_variables_are_the_names_without_a_value_in_alphabetical_order() -> None:
    assert numbers("trajectory(b - a, (1.0, 5.0), SGD(lr=1.0), 1)[0]") == ((1, 5), (2, 4))
    assert numbers("trajectory(w * k, 1.0, SGD(lr=1.0), 1)[0]", k="3.0") == (1, -2)


def test_one_variable_may_be_a_tensor() -> None:
    source = "trajectory((w * w).sum() / 2, tensor([[1.0, 2.0]]), SGD(lr=0.5), 2)"
    assert numbers(f"{source}[0]") == (((1, 2),), ((0.5, 1),), ((0.25, 0.5),))
    assert measured(f"{source}[1]").dtype == "float32"  # type: ignore[union-attr]


def test_names_with_values_are_moved_where_the_start_names_them() -> None:
    lets = {"x": "10.0", "y": "1.0", "f": "0.5 * (x * x + 100 * y * y)"}
    source = "trajectory(f, (y, x), SGD(lr=0.01), 3)"
    moved = numbers(f"{source}[0]", **lets)
    plain = numbers("trajectory(ravine, (10, 1), SGD(lr=0.01), 3)[0]")
    for (y, x), (plain_x, plain_y) in zip(moved, plain, strict=True):  # type: ignore[call-overload]
        assert (x, y) == pytest.approx((plain_x, plain_y), abs=1e-15)
    result = outcome(f"{source}[1][3]", "x", "f", lets=lets)
    assert result.values[1:] == (10.0, 100.0)  # type: ignore[union-attr]
    single = numbers("trajectory(w * w, w, SGD(lr=0.25), 2)[0]", w="1.0")
    assert single == (1, 0.5, 0.25)


def test_names_are_as_before_even_after_a_refusal() -> None:
    result = outcome("trajectory(x * tensor([1.0, 2.0]), x, SGD(), 2)", "x", lets={"x": "3.0"})
    failed, x = result.values  # type: ignore[union-attr]
    assert isinstance(failed, Failure)
    assert failed.code == "gradient-of-many"
    assert x == 3.0


def test_a_way_that_diverges_is_told_to_its_end() -> None:
    points, heights = measured("trajectory(w ** 4, 10.0, SGD(lr=1.0), 40)")  # type: ignore[misc]
    assert len(points.data) == len(heights.data) == 41  # type: ignore[union-attr,arg-type]
    assert math.isnan(heights.data[-1])  # type: ignore[union-attr,index,arg-type]
    assert any(math.isinf(p) for p in points.data)  # type: ignore[union-attr]
    assert losses("SGD(lr=0.021)", 100)[100] > 1e9


def test_surfaces_by_their_formulas() -> None:
    for x, y in ((0.0, 0.0), (1.0, 1.0), (-1.5, 0.25), (3.0, -2.0)):
        r = math.hypot(x, y)
        assert measured(f"ravine({x}, {y})") == pytest.approx(0.5 * (x * x + 100 * y * y))
        assert measured(f"ravine({x}, {y}, 4)") == pytest.approx(0.5 * (x * x + 4 * y * y))
        assert measured(f"rosenbrock({x}, {y})") == pytest.approx(
            (1 - x) ** 2 + 100 * (y - x * x) ** 2
        )
        assert measured(f"saddle({x}, {y})") == x * x - y * y
        assert measured(f"rings({x}, {y})") == pytest.approx(
            r * r / 10 + 1 - math.cos(2 * math.pi * r)
        )
    assert numbers("saddle(tensor([1.0, 2.0]), 1.0)") == (0, 3)


def test_rings_are_flat_at_their_lowest_point_and_hold_back_descent() -> None:
    assert numbers("trajectory(rings, (0, 0), SGD(lr=1.0), 2)[0]") == ((0, 0),) * 3
    points = numbers("trajectory(rings, (0.6, 0.8), SGD(lr=0.01), 60)[0]")
    assert math.hypot(*points[-1]) == pytest.approx(1, abs=0.01)  # type: ignore[index]


def test_descent_stops_at_a_pass_and_leaves_it_from_beside() -> None:
    end = "trajectory(saddle, (1.0, {}), SGD(lr=0.1), 100)[0][100]"
    assert numbers(end.format("0.0")) == pytest.approx((0, 0), abs=1e-8)
    assert numbers(end.format("1e-6"))[1] > 10  # type: ignore[index]


@pytest.mark.parametrize(("source", "code"), [
    ("trajectory()", "trajectory-arguments"),
    ("trajectory(x * x, 1.0, SGD())", "trajectory-arguments"),
    ("trajectory(x * x, 1.0, SGD(), 2, 3)", "trajectory-arguments"),
    ("trajectory(x * x, 1.0, SGD(), 2, start=3)", "argument-twice"),
    ("trajectory(x * x, 1.0, SGD(), speed=3)", "unexpected-argument"),
    ("trajectory(x * x, 1.0, 0.1, 2)", "argument-optimizer"),
    ("trajectory(x * x, 1.0, SGD(), -1)", "argument-too-small"),
    ("trajectory(x * x, 1.0, SGD(), 10**9)", "argument-too-large"),
    ("trajectory(x * x, Linear(2, 2), SGD(), 2)", "argument-tensor"),
    ("trajectory(x * y, 1.0, SGD(), 2)", "trajectory-start"),
    ("trajectory(x * y, (1.0, 2.0, 3.0), SGD(), 2)", "trajectory-start"),
    ("trajectory(x * y, ((1.0, 2.0), (3.0, 4.0)), SGD(), 2)", "trajectory-start"),
    ("trajectory(ravine, 1.0, SGD(), 2)", "trajectory-start"),
    ("trajectory(3.0, 1.0, SGD(), 2)", "trajectory-variables"),
    ("trajectory(x, tensor([1.0, 2.0]), SGD(), 2)", "gradient-of-many"),
    ("trajectory((x > 1) * 1.0, 2.0, SGD(), 2)", "gradient-independent"),
    ("trajectory(unknown(x), 2.0, SGD(), 2)", "unknown-name"),
    ("trajectory(x.sum(), zeros(10**6), SGD(), 9)", "too-many-elements"),
    ("trajectory(exp(x, 3, 4, 5), 2.0, SGD(), 2)", "too-many-arguments"),
])  # fmt: skip
def test_what_is_wrong_is_refused(source: str, code: str) -> None:
    failure = refusal(source)
    assert failure.code == code
    assert failure.kind in (FailureKind.EXPRESSION, FailureKind.LIMIT)


@pytest.mark.parametrize("source", [
    "trajectory(rosenbrock, (0.0, 0.0), Adam(), 10000)",
    "step(zeros(1000), zeros(1000), Adam(), 10000)",
    "learning_rates(warmup_cosine(0.1, 10, 100), 50000)",
])  # fmt: skip
def test_a_long_way_ends_at_the_deadline(source: str) -> None:
    started = time.process_time()
    result = run(Job((Measure("m", source),), device="cpu"), time.monotonic() + 0.05)
    assert isinstance(result, Failure)
    assert result.kind is FailureKind.TIMEOUT
    assert time.process_time() - started < 1
