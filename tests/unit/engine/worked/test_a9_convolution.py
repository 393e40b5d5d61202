"""Worked numbers of chapter A9, convolutional networks: kernels, padding, stride, pooling."""

from __future__ import annotations

from engine.protocol import Measured
from tests.unit.engine.runtime.measuring import outcome, refusal
from tests.unit.engine.worked.stated import Between, Worked, agrees, stating

KERNEL = {"k": "tensor([[-1., 0, 1]]).repeat(3, 1).reshape(1, 1, 3, 3)"}
PATCH = KERNEL | {"p": "tensor([[1., 0, 2], [5, 4, 2], [3, 4, 5]]).reshape(1, 1, 3, 3)"}
MATRIX = {
    "k": "arange(1., 10.).reshape(3, 3)",
    "x": "arange(25.).reshape(5, 5)",
    "m": "conv_matrix(k, 5, 5)",
}
SPOT = KERNEL | {
    "x": "pad(arange(9.).reshape(1, 1, 3, 3), (3, 3, 3, 3))",
    "y": "conv2d(x, k, padding=1)",
}
GRID = {"x": "arange(16.).reshape(1, 1, 4, 4)"}
BAR = {"x": "pad(ones(1, 1, 4, 2), (4, 10, 4, 8))"}
EDGE = KERNEL | {"x": "cat((zeros(1, 1, 8, 4), ones(1, 1, 8, 4)), dim=3)"}

ROWS = (
    Worked("cnn.overview", "parameters(lenet5())", 61_706),
    Worked("cnn.overview", "parameters(mlp(784, 500, 10))", 397_510),
    Worked("cnn.local-connectivity", "m.shape", (9, 25), lets=MATRIX),
    Worked("cnn.local-connectivity", "numel(m)", 225, lets=MATRIX),
    Worked("cnn.local-connectivity", "count_nonzero(m)", 81, lets=MATRIX),
    Worked("cnn.local-connectivity", "len(unique(m)) - 1", 9, lets=MATRIX),
    Worked(
        "cnn.local-connectivity",
        "equal((m @ x.flatten()).reshape(3, 3), correlate(x, k))",
        True,
        lets=MATRIX,
    ),
    Worked("cnn.weight-sharing", "weight_count(Linear(100 * 100, 1))", 10_000),
    Worked("cnn.weight-sharing", "parameters(Linear(100 * 100, 1))", 10_001),
    Worked("cnn.weight-sharing", "parameters(Conv2d(1, 1, 10))", 101),
    Worked("cnn.weight-sharing", "parameters(Conv2d(1, 6, 10))", 606),
    Worked(
        "cnn.weight-sharing",
        "output_shape(Conv2d(1, 1, 10), zeros(1, 1, 100, 100))",
        (1, 1, 91, 91),
    ),
    Worked("cnn.weight-sharing", "activations(Conv2d(1, 6, 10), zeros(1, 1, 100, 100))", 49_686),
    Worked("cnn.weight-sharing", "parameters(Linear(100 * 100, 49686))", 496_909_686),
    Worked(
        "cnn.weight-sharing",
        "round(parameters(Linear(100 * 100, 49686)) / parameters(Conv2d(1, 6, 10)))",
        819_983,
    ),
    Worked(
        "cnn.convolution",
        "max(abs(conv2d(roll(x, (2, 1), (2, 3)), k, padding=1) - roll(y, (2, 1), (2, 3))))",
        0.0,
        lets=SPOT,
    ),
    Worked("cnn.conv-single", "item(conv2d(p, k, tensor([1.])))", 1.0, lets=PATCH),
    Worked("cnn.conv-single", "item(conv2d(p, k))", 0.0, lets=PATCH),
    Worked("cnn.conv-single", "item(conv2d(p, flip(k, (2, 3)), tensor([1.])))", 1.0, lets=PATCH),
    Worked("cnn.conv-single", "output_shape(Conv2d(1, 1, 3), zeros(1, 1, 5, 5))", (1, 1, 3, 3)),
    Worked("cnn.conv-multi-single", "parameters(Conv2d(3, 1, 3))", 28),
    Worked("cnn.conv-multi-single", "weight_count(Conv2d(3, 1, 3))", 27),
    Worked("cnn.conv-multi-single", "bias_count(Conv2d(3, 1, 3))", 1),
    Worked("cnn.conv-multi-multi", "parameters(Conv2d(3, 2, 3))", 56),
    Worked("cnn.conv-multi-multi", "weight_shape(Conv2d(3, 2, 3))", (2, 3, 3, 3)),
    Worked("cnn.conv-multi-multi", "bias_count(Conv2d(3, 2, 3))", 2),
    Worked("cnn.padding", "output_shape(Conv2d(3, 48, 3), zeros(1, 3, 32, 32))", (1, 48, 30, 30)),
    Worked(
        "cnn.padding",
        "output_shape(Conv2d(3, 48, 3, padding=1), zeros(1, 3, 32, 32))",
        (1, 48, 32, 32),
    ),
    Worked("cnn.padding", "parameters(Conv2d(3, 48, 3))", 1344),
    Worked("cnn.padding", "parameters(Conv2d(3, 48, 3, padding=1))", 1344),
    *(
        Worked(
            "cnn.padding-same",
            "(n, (n - 1) * s + k - size)",
            (side, zeros),
            lets={
                "size": str(size),
                "k": str(kernel),
                "s": str(stride),
                "n": "output_shape(SameConv2d(1, 1, k, stride=s), zeros(1, 1, size, size))[2]",
            },
        )
        for size, kernel, stride, side, zeros in (
            (32, 3, 1, 32, 1 + 1),
            (32, 3, 2, 16, 0 + 1),
            (31, 3, 2, 16, 1 + 1),
            (28, 5, 1, 28, 2 + 2),
            (224, 7, 2, 112, 2 + 3),
            (5, 3, 2, 3, 1 + 1),
        )
    ),
    *(
        Worked(
            topic,
            f"output_shape(Conv2d(1, 1, {layer}), zeros(1, 1, {size}, {size}))[2:]",
            (side, side),
        )
        for topic, size, layer, side in (
            ("cnn.padding-valid", 32, "3", 30),
            ("cnn.padding-valid", 100, "10", 91),
            ("cnn.padding-valid", 28, "5", 24),
            ("cnn.padding-valid", 5, "3", 3),
            ("cnn.padding-custom", 32, "3, padding=1", 32),
            ("cnn.padding-custom", 32, "3, padding=1, stride=2", 16),
            ("cnn.padding-custom", 32, "4, padding=1", 31),
            ("cnn.padding-custom", 224, "7, padding=3, stride=2", 112),
        )
    ),
    Worked("cnn.padding-custom", "shape(pad(zeros(1, 1, 32, 32), (1, 1, 1, 1)))", (1, 1, 34, 34)),
    Worked("cnn.stride", "parameters(Conv2d(3, 48, 3, stride=1))", 1344),
    Worked("cnn.stride", "parameters(Conv2d(3, 48, 3, stride=2))", 1344),
    Worked(
        "cnn.stride",
        "macs(Conv2d(3, 48, 3), x) / macs(Conv2d(3, 48, 3, stride=2), x)",
        4.0,
        lets={"x": "zeros(1, 3, 32, 32)"},
    ),
    Worked("cnn.pooling", "max_pool2d(x, 2).flatten()", (5, 7, 13, 15), lets=GRID),
    Worked("cnn.pooling", "avg_pool2d(x, 2).flatten()", (2.5, 4.5, 10.5, 12.5), lets=GRID),
    Worked("cnn.pooling", "parameters(MaxPool2d(2)) + parameters(AvgPool2d(2))", 0),
    Worked(
        "cnn.pooling",
        "flatten(gradient(max_pool2d(x, 2).sum(), x))",
        (0, 1, 0, 0),
        lets={"x": "tensor([[[[1., 3], [2, 0]]]])"},
    ),
    Worked("cnn.pooling", "parameters(Linear(48 * 32 * 32, 10))", 491_530),
    Worked(
        "cnn.pooling",
        "parameters(Linear(numel(max_pool2d(zeros(1, 48, 32, 32), 2)), 10))",
        122_890,
    ),
    *(
        Worked(
            "cnn.pooling-invariance",
            f"item(100 * sum(abs(max_pool2d(roll(x, 1, 3), {size}) - max_pool2d(x, {size})))"
            f" / sum(max_pool2d(x, {size})))",
            change,
            lets=BAR,
        )
        for size, change in ((2, 100.0), (4, 0.0), (8, 0.0))
    ),
    Worked("cnn.pooling-invariance", "item(max(relu(conv2d(x, k))))", 3.0, lets=EDGE),
    Worked("cnn.pooling-invariance", "item(max(relu(conv2d(roll(x, 1, 3), k))))", 3.0, lets=EDGE),
    Worked("cnn.pooling-invariance", "item(max(relu(conv2d(rot90(x), k))))", 0.0, lets=EDGE),
    *(
        Worked("cnn.pooling-size", f"output_shape(MaxPool2d({size}), zeros(1, 1, 32, 32))[2]", side)
        for size, side in ((2, 16), (4, 8), (8, 4), (16, 2))
    ),
    Worked(
        "cnn.activation",
        "equal(correlate(correlate(x, a), b), correlate(x, convolve(a, b)))",
        True,
        lets={
            "a": "arange(9.).reshape(3, 3)",
            "b": "arange(-4., 5.).reshape(3, 3)",
            "x": "(arange(64.) % 7).reshape(8, 8)",
        },
    ),
    Worked("cnn.activation", "shape(convolve(ones(3, 3), ones(3, 3)))", (5, 5)),
    Worked(
        "cnn.cross-correlation",
        "item(conv1d(x, w))",
        -3.0,
        lets={"x": "tensor([[[1., 2, 4]]])", "w": "tensor([[[1., 0, -1]]])"},
    ),
    Worked(
        "cnn.cross-correlation",
        "item(convolve(tensor([1., 2, 4]), tensor([1., 0, -1]), mode='valid'))",
        3.0,
    ),
    Worked(
        "cnn.conv-meanings",
        "convolve(tensor([3., 6, 9, 6]), ones(3) / 3, mode='valid')",
        (6.0, 7.0),
    ),
    Worked(
        "cnn.conv-meanings",
        "convolve(ones(6), ones(6))",
        (1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1),
    ),
    Worked(
        "cnn.layers-as-mlp",
        "equal(gradient(sum(conv2d(x.reshape(1, 1, 5, 5), w.reshape(1, 1, 3, 3))), w),"
        " unfold_windows(x, 3).sum(dim=0))",
        True,
        lets={"x": "arange(25.).reshape(5, 5)", "w": "arange(9.).reshape(3, 3)"},
    ),
    Worked(
        "cnn.conv-theorem",
        "item(max(abs(fft_conv2d(x, k) - convolve(x, k))))",
        Between(0.0, 1e-12),
        lets={"x": "randn(64, 64, dtype=float64)", "k": "randn(9, 9, dtype=float64)"},
    ),
    Worked("cnn.conv-theorem", "shape(fft_conv2d(zeros(64, 64), zeros(9, 9)))", (72, 72)),
)

LATER = (
    ("cnn.applications", "states no figure"),
    ("cnn.pooling-size", "accuracy on bars by pool size needs training"),
    ("cnn.conv-theorem", "direct against FFT in milliseconds is wall time"),
)


@stating(ROWS)
def test_a_worked_number(row: Worked) -> None:
    """What the engine measures is the figure that the curriculum states."""
    agrees(row)


def test_same_padding_with_a_stride_is_refused_as_torch_refuses_it() -> None:
    """cnn.padding-same: 'same' goes with stride 1 only."""
    assert refusal("Conv2d(1, 1, 3, stride=2, padding='same')").code == "same-needs-stride-one"


def test_the_valid_formula_holds_for_every_small_case() -> None:
    """cnn.padding-valid: ceil((n - k + 1) / s), every k and s up to 4, n up to 10 and 39."""
    sizes = (*range(1, 11), 39)
    cases = [(n, k, s) for n in sizes for k in range(1, n + 1) for s in range(1, 5)]
    found = outcome(
        *(f"output_shape(Conv1d(1, 1, {k}, stride={s}), (1, 1, {n}))[2]" for n, k, s in cases)
    )
    assert isinstance(found, Measured)
    assert found.values == tuple(-(-(n - k + 1) // s) for n, k, s in cases)
