"""Picture functions: their numbers against torch, and what they refuse."""

from __future__ import annotations

import math
import time

import pytest
import torch
from torch.nn import functional

from engine.messages import describe
from engine.protocol import FailureKind
from engine.values import Bars, Curves, Heat, Windows
from tests.unit.engine.runtime.measuring import measured, outcome, refusal


def curves(source: str, **lets: str) -> Curves:
    """The picture of an expression."""
    found = measured(source, **lets)
    assert isinstance(found, Curves)
    return found


def windows(source: str) -> Windows:
    """The windows of an expression."""
    found = measured(source)
    assert isinstance(found, Windows)
    return found


def test_a_curve_and_its_derivative_are_those_of_torch() -> None:
    picture = curves("plot((tanh(x), gradient(tanh(x), x)), x, -4, 4)")
    x = torch.linspace(-4, 4, 201, dtype=torch.float64)
    curve, slope = picture.series
    assert curve.xs == pytest.approx(x.tolist())
    assert curve.ys == pytest.approx(torch.tanh(x).tolist())
    assert slope.ys == pytest.approx((1 - torch.tanh(x) ** 2).tolist())
    assert (curve.label, slope.label, picture.x_label) == ("tanh(x)", "d/dx tanh(x)", "x")


@pytest.mark.parametrize("expression", [
    "sum(softmax(stack((x, 2 * x)))[1])", "tensor([x, 1.0])[0] * 2", "x if x > 0 else -x",
    "sum(tensor([1.0, 2.0]) * x)", "x - mean(x)", "max(x, 0)", "x ** 3 - 2 * x",
    "gradient(x ** 3 + x, x)", "softmax(tensor([0.0, 1.0]) + x)[0]",
])  # fmt: skip
def test_points_at_once_are_the_points_alone(expression: str) -> None:
    """`x if ...` cannot be evaluated on many points, `x - mean(x)` gives something else there."""
    found = curves(f"plot({expression}, x, -2, 2, points=9)").series[0]
    for x, y in zip(found.xs, found.ys, strict=True):
        single = outcome(expression, names={"x": x})
        assert single.values[0] == pytest.approx(y) or (  # type: ignore[union-attr]
            getattr(single.values[0], "data", None) == pytest.approx(y)  # type: ignore[union-attr]
        )


def test_a_name_with_a_value_is_followed_by_what_is_bound_to_it() -> None:
    picture = curves("plot(b + a, a, 0, 2, points=3)", a="5.0", b="a * 10")
    assert picture.series[0].ys == (0.0, 11.0, 22.0)
    after = outcome("plot(b, a, 0, 2)", "b", lets={"a": "5.0", "b": "a * 10"})
    assert after.values[1] == 50.0  # type: ignore[union-attr]


def test_steps_of_whole_numbers_stay_whole() -> None:
    found = curves("plot(parameters(Linear(n, n)), n, 1, 5, step=2)").series[0]
    assert (found.xs, found.ys) == ((1.0, 3.0, 5.0), (2.0, 12.0, 30.0))


def test_where_there_is_no_value_there_is_a_gap() -> None:
    found = curves("plot(1 / x, x, -1, 1, points=5)").series[0]
    assert not math.isfinite(found.ys[2])
    assert found.ys[3] == 2.0


def test_many_points_are_thinned_and_keep_their_extremes() -> None:
    found = curves("curves(where(arange(0., 20000.) == 777, -5.0, arange(0., 20000.)))").series[0]
    assert len(found.ys) <= 500
    assert min(found.ys) == -5.0
    assert (found.xs[0], found.xs[-1]) == (0.0, 19999.0)


def test_the_first_nan_is_never_thinned_away() -> None:
    source = "curves(where(arange(0., 20000.) == 777, nan, arange(0., 20000.)))"
    found = curves(source).series[0]
    assert [x for x, y in zip(found.xs, found.ys, strict=True) if math.isnan(y)] == [777.0]


def test_a_surface_lies_under_its_path() -> None:
    found = measured("contours(a * a - b, a, 0, 2, b, 0, 1, path=tensor([[0.0, 1.0], [2.0, 0.5]]))")
    assert isinstance(found, Heat)
    assert found.rows[0][0] == -1.0  # the highest b on top
    assert found.rows[-1][-1] == 4.0
    assert found.path == ((0.0, 1.0), (2.0, 0.5))
    assert (found.x_range, found.y_range) == ((0.0, 2.0), (0.0, 1.0))


@pytest.mark.parametrize(("kind", "stride", "padding", "dilation"), [
    ("convolution", 1, 0, 1), ("convolution", 2, 1, 1), ("convolution", 1, 2, 2),
    ("max", 2, 0, 1), ("max", 3, 1, 1), ("average", 2, 1, 1),
])  # fmt: skip
def test_windows_lie_where_torch_puts_them(
    kind: str, stride: int, padding: int, dilation: int
) -> None:
    x = torch.arange(49.0).reshape(7, 7)
    kernel = torch.arange(9.0).reshape(3, 3) - 4
    arguments = f"stride={stride}, padding={padding}, dilation={dilation}, kind='{kind}'"
    window = f"tensor({kernel.tolist()})" if kind == "convolution" else "3"
    batch = x[None, None]
    if kind == "convolution":
        result = functional.conv2d(batch, kernel[None, None], None, stride, padding, dilation)
    elif kind == "max":
        result = functional.max_pool2d(batch, 3, stride, padding, dilation)
    else:
        result = functional.avg_pool2d(batch, 3, stride, padding)
    step = result.numel() // 2
    found = windows(f"sliding(tensor({x.tolist()}), {window}, step={step}, {arguments})")
    output = found.grids[-1]
    assert torch.allclose(torch.tensor(output.cells), result[0, 0])
    under = [value or 0.0
             for row, marks in zip(found.grids[0].cells, found.grids[0].marks, strict=True)
             for value, mark in zip(row, marks, strict=True) if mark]  # fmt: skip
    marked = [value for row, marks in zip(output.cells, output.marks, strict=True)
              for value, mark in zip(row, marks, strict=True) if mark]  # fmt: skip
    expected = {"convolution": sum(a * b for a, b in zip(under, kernel.flatten().tolist(),
                                                         strict=True)),
                "max": max(under), "average": sum(under) / 9}[kind]  # fmt: skip
    assert marked == pytest.approx([expected])


def test_how_many_windows_hold_each_cell() -> None:
    (grid, _) = windows('sliding(5, 3, step="all")').grids
    assert grid.marks[0] == (1, 2, 3, 2, 1)
    assert grid.marks[2][2] == 9


def test_a_receptive_field_grows_by_layer() -> None:
    found = windows("receptive(Sequential(Conv2d(1, 4, 3), ReLU(), MaxPool2d(2), Conv2d(4, 8, 3)))")
    (grid,) = found.grids
    cells = [mark for row in grid.marks for mark in row]
    assert [cells.count(mark) for mark in (1, 2, 3)] == [9, 16 - 9, 64 - 16]


def test_the_bins_of_a_histogram_hold_every_element() -> None:
    found = measured("histogram(tensor([0.0, 0.5, 1.0, 1.0, nan, inf]), bins=4)")
    assert isinstance(found, Bars)
    assert sum(found.values) == 6
    assert found.values[3] == 2.0
    assert found.labels[-2:] == ("nan", "inf")


@pytest.mark.parametrize(("source", "code"), [
    ("plot(x, x, 0)", "plot-arguments"),
    ("plot(x, 3, 0, 1)", "picture-variable"),
    ("plot(x, x, 1, 0)", "picture-range"),
    ("plot(x, x, 0, inf)", "argument-number"),
    ("plot(x, x, -1.7e308, 1.7e308)", "picture-range"),
    ("plot(zeros(2), x, 0, 1)", "picture-number"),
    ("plot(x, x, 0, 1, step=1e-9)", "picture-points"),
    ("plot(x, x, 0, 1, foo=1)", "unexpected-argument"),
    ("plot((x, x), x, 0, 1, labels='one')", "picture-labels"),
    ("plot(x, relu, 0, 1)", "shadows-listed"),
    ("plot((x, x, x, x, x, x, x), x, 0, 1)", "picture-curves"),
    ("plot(x, x, 0, 1, log_x=True)", "picture-log"),
    ("plot(x, x, 0, 1, points=10**9)", "argument-too-large"),
    ("contours(x, x, 0, 1)", "contours-arguments"),
    ("contours(x, x, 0, 1, x, 0, 1)", "picture-variable"),
    ("contours(x, x, 0, 1, y, 0, 1, path=3)", "picture-path"),
    ("curves()", "curves-arguments"),
    ("curves(zeros(3, 3))", "picture-curve"),
    ("curves(zeros(0))", "picture-empty"),
    ("curves(plot(x, x, 0, 1))", "argument-tensor"),
    ("bars(zeros(1000))", "picture-bars"),
    ("bars(zeros(0))", "picture-empty"),
    ("heatmap(zeros(1000, 2))", "picture-side"),
    ("heatmap(zeros(2, 3, 4))", "picture-matrix"),
    ("sliding(10**9, 3)", "picture-side"),
    ("sliding(3, 5)", "picture-window-larger"),
    ("sliding(5, 3, step=9)", "argument-range"),
    ("sliding(4, 2, padding=2, kind='max')", "picture-pool-padding"),
    ("sliding(5, 3, dilation=2, kind='average')", "picture-average-gaps"),
    ("receptive(ReLU())", "picture-no-field"),
    ("receptive(vgg16())", "picture-layers"),
    ("histogram(ReLU())", "layer-without-weight"),
    ("plot(x, x, 0, 1) + 1", "cannot-calculate"),
])  # fmt: skip
def test_what_cannot_be_drawn_is_refused_soon(source: str, code: str) -> None:
    began = time.process_time()
    failure = refusal(source)
    assert failure.code == code, failure
    assert failure.kind in (FailureKind.EXPRESSION, FailureKind.LIMIT)
    assert time.process_time() - began < 2
    assert "{" not in describe(failure, "zh")
