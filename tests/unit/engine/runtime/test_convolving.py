"""Convolution by sliding, by Fourier transform, as a matrix product: the same numbers."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import torch
from measuring import measured, numbers, refusal
from torch.nn import functional

MODES = ("valid", "same", "full")


def flat(data: object) -> list[float]:
    if isinstance(data, tuple):
        return [x for part in data for x in flat(part)]
    assert isinstance(data, (bool, int, float))
    return [data]


def slid(x: list[float], kernel: list[float], mode: str) -> list[float]:
    """The kernel laid down as it is, by plain sums; "same" is as large as x."""
    n, k = len(x), len(kernel)
    first = {"valid": 0, "same": -((k - 1) // 2), "full": 1 - k}[mode]
    count = {"valid": n - k + 1, "same": n, "full": n + k - 1}[mode]
    return [
        sum(kernel[j] * x[first + i + j] for j in range(k) if 0 <= first + i + j < n)
        for i in range(count)
    ]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("n", "k"), [(7, 3), (7, 4), (5, 1), (1, 1), (4, 4), (6, 2)])
def test_all_ways_over_a_vector_agree(n: int, k: int, mode: str) -> None:
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(n, generator=generator, dtype=torch.float64).tolist()
    w = torch.randn(k, generator=torch.Generator().manual_seed(2), dtype=torch.float64).tolist()
    lets: dict[str, Any] = {
        "x": f"randn({n}, seed=1, dtype=float64)",
        "w": f"randn({k}, seed=2, dtype=float64)",
    }
    expected = slid(x, w, mode)
    for source in (
        f"correlate(x, w, '{mode}')",
        f"fft_correlate(x, w, '{mode}')",
        f"toeplitz(w, {n}, '{mode}') @ x",
    ):
        assert flat(numbers(source, **lets)) == pytest.approx(expected, abs=1e-12), source
    turned = flat(numbers(f"convolve(x, w, '{mode}')", **lets))
    if mode != "same":
        assert turned == pytest.approx(slid(x, w[::-1], mode), abs=1e-12)
    for source in (f"fft_conv2d(x, w, '{mode}')", f"toeplitz(w, {n}, '{mode}', 'convolve') @ x"):
        assert flat(numbers(source, **lets)) == pytest.approx(turned, abs=1e-12), source


@pytest.mark.parametrize(("mode", "operation"), itertools.product(MODES, ("correlate", "convolve")))
@pytest.mark.parametrize("kernel", [(3, 3), (2, 4)])
def test_all_ways_over_a_map_agree(kernel: tuple[int, int], mode: str, operation: str) -> None:
    kh, kw = kernel
    lets: dict[str, Any] = {"x": "randn(6, 5, seed=1, dtype=float64)",
            "w": f"randn({kh}, {kw}, seed=2, dtype=float64)"}  # fmt: skip
    expected = flat(numbers(f"{operation}(x, w, '{mode}')", **lets))
    fourier = "fft_correlate" if operation == "correlate" else "fft_conv2d"
    assert flat(numbers(f"{fourier}(x, w, '{mode}')", **lets)) == pytest.approx(expected, abs=1e-12)
    matrix = f"toeplitz(w, (6, 5), '{mode}', '{operation}') @ x.flatten()"
    assert flat(numbers(matrix, **lets)) == pytest.approx(expected, abs=1e-12)
    if (mode, operation) == ("valid", "correlate"):
        assert measured("equal(toeplitz(w, (6, 5)), conv_matrix(w, 6, 5))", **lets) is True


def test_true_convolution_commutes_and_correlation_does_not() -> None:
    lets: dict[str, Any] = {"x": "tensor([1., 2., 4.])", "w": "tensor([1., 0., -1.])"}
    assert numbers("convolve(x, w)", **lets) == numbers("convolve(w, x)", **lets)
    assert numbers("correlate(x, w, 'full')", **lets) != numbers("correlate(w, x, 'full')", **lets)
    # cnn.cross-correlation
    assert numbers("fft_correlate(x, w)", **lets) == pytest.approx((-3.0,))
    assert numbers("toeplitz(w, 3, 'valid', 'convolve') @ x", **lets) == (3.0,)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(
    ("rest", "asked"),
    [
        ("", {}),
        (", stride=2, padding=1", {"stride": 2, "padding": 1}),
        (", stride=(1, 2), padding=(0, 2), dilation=2",
         {"stride": (1, 2), "padding": (0, 2), "dilation": 2}),
    ],
)  # fmt: skip
def test_a_matrix_product_is_conv2d(rest: str, asked: dict[str, Any], dtype: str) -> None:
    lets: dict[str, Any] = {"x": f"randn(2, 3, 7, 6, seed=1, dtype={dtype})",
            "w": f"randn(4, 3, 3, 2, seed=2, dtype={dtype})",
            "b": f"randn(4, seed=3, dtype={dtype})"}  # fmt: skip
    kind = getattr(torch, dtype)
    sizes = ((2, 3, 7, 6), (4, 3, 3, 2), (4,))
    x, w, b = (
        torch.randn(size, generator=torch.Generator().manual_seed(seed), dtype=kind)
        for seed, size in enumerate(sizes, 1)
    )
    expected = functional.conv2d(x, w, b, **asked).flatten().tolist()
    kept = 1e-10 if dtype == "float64" else 1e-5
    found = flat(numbers(f"conv2d_by_matrix(x, w, b{rest})", **lets))
    assert found == pytest.approx(expected, rel=kept, abs=kept)
    columns = functional.unfold(x, (3, 2), **asked).flatten().tolist()
    assert flat(numbers(f"im2col(x, (3, 2){rest})", **lets)) == columns


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 0), (3, 1), (2, 1)])
def test_a_transposed_convolution_is_the_transpose(stride: int, padding: int) -> None:
    lets: dict[str, Any] = {
        "x": "randn(3, 4, seed=1, dtype=float64)",
        "w": "randn(3, 3, seed=2, dtype=float64)",
    }
    rest = f"stride={stride}, padding={padding}"
    direct = f"conv_transpose2d(x.reshape(1, 1, 3, 4), w.reshape(1, 1, 3, 3), {rest})[0, 0]"
    by_matrix = f"conv_transpose_by_matrix(x, w, {rest})"
    assert measured(f"shape({by_matrix})", **lets) == measured(f"shape({direct})", **lets)
    assert flat(numbers(by_matrix, **lets)) == pytest.approx(flat(numbers(direct, **lets)))


def test_a_transposed_vector_is_torchs() -> None:
    x, w = torch.tensor([1.0, 2.0, -1.0]), torch.tensor([3.0, 1.0])
    expected = functional.conv_transpose1d(x[None, None], w[None, None], stride=2).flatten()
    found = numbers("conv_transpose_by_matrix(tensor([1., 2., -1.]), tensor([3., 1.]), stride=2)")
    assert flat(found) == expected.tolist()


def test_the_transpose_is_the_gradient_by_the_input() -> None:
    lets: dict[str, Any] = {
        "x": "randn(6, seed=1)",
        "w": "randn(3, seed=2)",
        "g": "randn(4, seed=3)",
    }
    slope = flat(numbers("gradient(sum(g * correlate(x, w)), x)", **lets))
    assert flat(numbers("toeplitz(w, 6).T @ g", **lets)) == pytest.approx(slope, rel=1e-5)
    turned = flat(numbers("convolve(g, w)", **lets))
    assert turned == pytest.approx(slope, rel=1e-5)


def test_gradients_flow_through_the_matrices() -> None:
    lets: dict[str, Any] = {"x": "randn(6, seed=1)", "w": "randn(3, seed=2)"}
    expected = flat(numbers("gradient(sum(correlate(x, w, 'same') ** 2), w)", **lets))
    for source in (
        "sum((toeplitz(w, 6, 'same') @ x) ** 2)",
        "sum(fft_correlate(x, w, 'same') ** 2)",
    ):
        assert flat(numbers(f"gradient({source}, w)", **lets)) == pytest.approx(expected, rel=1e-4)


def test_a_circulant_matrix_wraps_around() -> None:
    lets: dict[str, Any] = {"x": "tensor([1., 2., 3., 4.])", "w": "tensor([1., 1.])"}
    assert numbers("circulant(w, 4) @ x", **lets) == (5.0, 3.0, 5.0, 7.0)
    assert flat(numbers("circular_convolve(x, w)", **lets)) == pytest.approx([5, 3, 5, 7])


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("toeplitz(zeros(3), 2)", "kernel-larger-than-input"),
        ("toeplitz(zeros(3), (4, 4))", "convolve-dimensions"),
        ("toeplitz(zeros(2, 2), 4)", "convolve-dimensions"),
        ("toeplitz(zeros(3), (4, 4, 4))", "argument-shape"),
        ("toeplitz(zeros(3), 0)", "argument-too-small"),
        ("toeplitz(zeros(0), 3)", "nothing-to-reduce"),
        ("toeplitz(zeros(3), 10**5)", "too-many-elements"),
        ("toeplitz(zeros(3), 10**12)", "argument-too-large"),
        ("toeplitz(zeros(1, 1), (8000, 8000))", "too-many-elements"),
        ("toeplitz(zeros(3), 5, 'all')", "argument-word"),
        ("circulant(zeros(5), 4)", "kernel-larger-than-input"),
        ("circulant(zeros(5), 10**6)", "argument-too-large"),
        ("circulant(zeros(2, 2), 4)", "convolve-dimensions"),
        ("im2col(zeros(3, 3), 2)", "input-dimensions"),
        ("im2col(zeros(1, 3, 3), 4)", "kernel-larger-than-input"),
        ("im2col(zeros(1, 3, 3), 0)", "argument-too-small"),
        ("im2col(zeros(1, 100, 1000, 1000), 30)", "too-many-elements"),
        ("im2col(zeros(1, 3, 3), 10**9)", "too-many-elements"),
        ("conv2d_by_matrix(zeros(1, 3, 3), zeros(1, 2, 2, 2))", "channels-differ"),
        ("conv2d_by_matrix(zeros(1, 3, 3), zeros(1, 1, 2, 2), zeros(2))", "wrong-shape"),
        ("conv_transpose_by_matrix(zeros(2), zeros(2, 2))", "convolve-dimensions"),
        ("conv_transpose_by_matrix(zeros(2), zeros(2).double())", "dtypes-differ"),
        ("conv_transpose_by_matrix(zeros(2), zeros(2), 1, 5)", "output-too-small"),
        ("conv_transpose_by_matrix(zeros(10**4), zeros(2), 10**4)", "too-many-elements"),
        ("fft_correlate(zeros(3), zeros(2, 2))", "convolve-dimensions"),
        ("fft_correlate(zeros(2), zeros(3))", "kernel-larger-than-input"),
    ],
)
def test_what_does_not_fit_is_refused(source: str, code: str) -> None:
    assert refusal(source).code == code
