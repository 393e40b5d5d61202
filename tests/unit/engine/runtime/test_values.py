"""Values of tensors and functions: what really happens, dtype by dtype."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from measuring import measured, numbers, outcome

from engine.protocol import Measured
from engine.values import DtypeValue, LayerValue, TensorValue


def flat(data: object) -> list[float]:
    if isinstance(data, tuple):
        return [x for part in data for x in flat(part)]
    assert isinstance(data, (bool, int, float))
    return [data]


@pytest.mark.parametrize(
    ("source", "dtype"),
    [
        ("tensor([12., 11.])", "float32"),
        ("tensor([12, 11])", "int64"),
        ("tensor([True])", "bool"),
        ("tensor([1, 2.5])", "float32"),
        ("tensor([12., 11.], dtype=torch.float16)", "float16"),
        ("tensor([1.]) * 2", "float32"),
        ("tensor([1]) / 2", "float32"),
        ("tensor([1.], dtype=float16) + tensor([1.])", "float32"),
        ("tensor([1.]).to(bfloat16)", "bfloat16"),
        ("tensor([1.]).double()", "float64"),
        ("zeros(2)", "float32"),
        ("arange(3)", "int64"),
        ("arange(0, 1, 0.5)", "float32"),
        ("randint(0, 5, (2,))", "int64"),
        ("eye(2)", "float32"),
        ("full((2,), 1.)", "float32"),
        ("ones(2, dtype=bool)", "bool"),
    ],
)
def test_dtypes_follow_pytorch(source: str, dtype: str) -> None:
    value = measured(source)
    assert isinstance(value, TensorValue)
    assert value.dtype == dtype


SOFTMAX = "exp(x) / exp(x).sum()"
SHIFTED = "exp(x - x.max()) / exp(x - x.max()).sum()"


@pytest.mark.parametrize(
    ("x", "source"),
    [
        ("tensor([12., 11.], dtype=float16)", SOFTMAX),
        ("tensor([1010., 1000., 990.])", SOFTMAX),
        ("tensor([1010., 1000., 990.], dtype=float64)", SOFTMAX),
        ("tensor([-1000., -1010.])", SOFTMAX),
        ("tensor([89., 1.], dtype=bfloat16)", SOFTMAX),
    ],
)
def test_naive_softmax_gives_nan(x: str, source: str) -> None:
    assert math.isnan(flat(numbers(source, x=x))[0])


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_softmax_and_its_shifted_form_survive(dtype: str) -> None:
    kept = {"float16": 2e-3, "bfloat16": 2e-2, "float32": 1e-6, "float64": 1e-12}[dtype]
    x = f"tensor([12., 11.], dtype={dtype})"
    expected = [1 / (1 + math.exp(-1)), 1 / (1 + math.e)]
    for source in ("softmax(x)", SHIFTED, "exp(log_softmax(x))", "Softmax()(x)"):
        assert flat(numbers(source, x=x)) == pytest.approx(expected, rel=2 * kept), source


def test_float16_softmax_is_torchs_own() -> None:
    expected = torch.softmax(torch.tensor([12.0, 11.0], dtype=torch.float16), -1).tolist()
    assert flat(numbers("softmax(tensor([12., 11.], dtype=float16))")) == expected
    naive = numbers("exp(x) / sum(exp(x))", x="tensor([12., 11.], dtype=float16)")
    assert math.isnan(flat(naive)[0])
    assert flat(naive)[1] == 0.0


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        # The curriculum's worked numbers, by topic.
        ("softmax(tensor([0.3, 2.9, 4.0]))", [0.01821127, 0.24519181, 0.73659691]),  # act.softmax
        ("softmax(tensor([0., log(4.)]))", [0.2, 0.8]),
        ("softmax(tensor([1010., 1000., 990.]))", [0.9999546, 4.5398e-05, 2.0611e-09]),
        ("log_softmax(tensor([1000., 0.]))", [0, -1000]),
        ("log(softmax(tensor([1000., 0.])))", [0, -math.inf]),
        ("exp(tensor(88.73))", [math.inf]),
        ("exp(tensor(88.72))", [3.393e38]),
        ("logsumexp(tensor([1000., 1000.]))", [1000 + math.log(2)]),
        # cnn.conv-single
        ("conv2d(x, k, tensor([1.]))", [1.0]),
        ("conv2d(x, k)", [0.0]),
        # cnn.cross-correlation
        ("conv1d(tensor([[[1., 2., 4.]]]), tensor([[[1., 0., -1.]]]))", [-3.0]),
        ("correlate(tensor([1., 2., 4.]), tensor([1., 0., -1.]))", [-3.0]),
        ("convolve(tensor([1., 2., 4.]), tensor([1., 0., -1.]), 'valid')", [3.0]),
        # cnn.conv-meanings
        ("correlate(tensor([3., 6., 9., 6.]), ones(3) / 3)", [6.0, 7.0]),
        ("convolve(ones(6) / 6, ones(6) / 6)[5]", [6 / 36]),
        # cnn.pooling
        ("max_pool2d(arange(16.).reshape(1, 1, 4, 4), 2)", [5, 7, 13, 15]),
        ("avg_pool2d(arange(16.).reshape(1, 1, 4, 4), 2)", [2.5, 4.5, 10.5, 12.5]),
        ("MaxPool2d(2)(arange(16.).reshape(1, 1, 4, 4))", [5, 7, 13, 15]),
        ("gradient(max_pool2d(p, 2).sum(), p)", [0, 1, 0, 0]),
        ("gradient((q ** 2).sum(), q)", [2.0, 4.0]),
        # cnn.layers-as-mlp and cnn.local-connectivity
        (("(conv_matrix(w, 5, 5) @ arange(25.) - "
         "conv2d(arange(25.).reshape(1, 1, 5, 5), w.reshape(1, 1, 3, 3)).flatten()).abs().max()"),
         [0.0]),
        # cnn.conv-theorem: full, 72 x 72
        ("(fft_conv2d(a, b) - convolve(a, b)).abs().max() < 1e-12", [True]),
        # cnn.convolution: shifting the input shifts the output
        (("(conv2d(roll(s, (2, 1), (2, 3)), w.reshape(1, 1, 3, 3)) - "
         "roll(conv2d(s, w.reshape(1, 1, 3, 3)), (2, 1), (2, 3))).abs().max()"), [0.0]),
        # act.softmax-inference
        ("(argmax(randn(100, 9, seed=5), 1) == argmax(softmax(randn(100, 9, seed=5)), 1)).all()",
         [True]),
        ("cross_entropy(tensor([[1., 2., 3.]]), tensor([2]))", [0.40760597]),
        ("nll_loss(log_softmax(tensor([[1., 2., 3.]])), tensor([2]))", [0.40760597]),
        ("mse_loss(tensor([1., 2.]), tensor([0., 0.]))", [2.5]),
        ("l1_loss(tensor([1., 2.]), tensor([0., 0.]))", [1.5]),
        ("quantize(tensor([1., -0.3, 0.2]), bits=2)", [1.0, 0.0, 0.0]),
        ("norm(tensor([3., 4.]))", [5.0]),
        ("std(tensor([1., 2., 3.]))", [1.0]),
        ("var(tensor([1., 3.]), unbiased=False)", [1.0]),
        ("one_hot(tensor([2, 0]), 3)", [0, 0, 1, 1, 0, 0]),
        ("where(tensor([1., -1.]) > 0, 1., 0.)", [1.0, 0.0]),
        ("cat((tensor([1.]), tensor([2.])))", [1.0, 2.0]),
        ("stack((tensor([1.]), tensor([2.])), 1)", [1.0, 2.0]),
        ("cumsum(tensor([1, 2, 3]))", [1, 3, 6]),
        ("outer(tensor([1., 2.]), tensor([3., 4.]))", [3, 4, 6, 8]),
        ("tensor([[1., 2.], [3., 4.]]).T", [1, 3, 2, 4]),
        ("clamp(tensor([-1., 9.]), 0., 6.)", [0, 6]),
        ("max(tensor([[1., 5.], [7., 2.]]), dim=1)", [5, 7]),
        ("tensor([[1., 5.], [7., 2.]])[:, 1]", [5, 2]),
        ("tensor([1., 2., 3.])[-1]", [3]),
        ("tensor([1., 2., 3.])[tensor([2, 0])]", [3, 1]),
        ("tensor([1., 2.]).flip(0)", [2, 1]),
        ("attention(eye(2), eye(2), tensor([[1.], [0.]]))[0]", [0.66976155]),
        ("conv_transpose2d(ones(1, 1, 1, 1), w.reshape(1, 1, 3, 3)).flatten()", list(range(9))),
    ],
)  # fmt: skip
def test_values(source: str, expected: list[float]) -> None:
    data = numbers(
        source,
        x="tensor([[[[1., 0., 2.], [5., 4., 2.], [3., 4., 5.]]]])",
        k="tensor([[[[-1., 0., 1.], [-1., 0., 1.], [-1., 0., 1.]]]])",
        p="tensor([[[[1., 3.], [2., 0.]]]])",
        q="tensor([1., 2.])",
        w="arange(9.).reshape(3, 3)",
        a="randn(64, 64, seed=1, dtype=float64)",
        b="randn(9, 9, seed=2, dtype=float64)",
        s="pad(randn(1, 1, 8, 8, seed=3), 6)",
    )
    assert flat(data) == pytest.approx(expected, rel=2e-4, abs=1e-6)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("exp(12.0)", math.exp(12)),
        ("relu(-2)", 0.0),
        ("sigmoid(0)", 0.5),
        ("tanh(0.5)", math.tanh(0.5)),
        ("sqrt(2)", math.sqrt(2)),
        ("max(3, 4)", 4),
        ("max(output_shape(Linear(3, 4), zeros(2, 3)))", 4),
        ("sum((1, 2, 3))", 6),
        ("ceil(7 / 2)", 4),
        ("len(tensor([1, 2]))", 2),
        ("numel(zeros(3, 4))", 12),
        ("zeros(3, 4).shape", (3, 4)),
        ("tensor([2.5]).item()", 2.5),
        ("allclose(tensor([1.]), tensor([1. + 1e-9]))", True),
        ("1 if any(isnan(tensor([nan]))) else 0", 1),
        ("half(65520.)", math.inf),
        ("half(65519.)", 65504.0),
        ("to(2049., float16)", 2048.0),
        ("isinf(exp(tensor(12., dtype=float16))).item()", True),
        ("gradient(x ** 3, x)", 12.0),
        ("round(2.5)", 2),
        ("code(c)", "nn.Conv2d(3, 64, kernel_size=3, padding=1)"),
    ],
)
def test_plain_numbers_stay_plain(source: str, expected: object) -> None:
    lets = {"x": "2.0", "c": "Conv2d(3, 8 * 8, kernel_size=3, padding=1)"}
    value = measured(source, **lets)
    assert value == expected or value == pytest.approx(expected)
    assert type(value) is type(expected)


def test_a_bare_layer_is_its_code() -> None:
    assert measured("Sequential(Conv2d(3, 8, 3, bias=False), ReLU())") == LayerValue(
        "nn.Sequential(nn.Conv2d(3, 8, 3, bias=False), nn.ReLU())"
    )
    assert measured("float16") == DtypeValue("float16")


def test_code_fills_in_the_draw_and_can_be_pasted() -> None:
    result = outcome("code(m)", "code(k * k * 3)", names={"k": 5, "bias": True},
                     lets={"m": "Sequential(Conv2d(3, 2 * k, k, bias=bias), ReLU())"})  # fmt: skip
    assert isinstance(result, Measured)
    text = result.values[0]
    assert text == "nn.Sequential(nn.Conv2d(3, 10, 5, bias=True), nn.ReLU())"
    from torch import nn

    model = eval(str(text), {"nn": nn})
    assert sum(p.numel() for p in model.parameters()) == 3 * 10 * 25 + 10


def test_a_diagram_shows_every_layer_and_shape() -> None:
    text = str(measured("diagram(Sequential(Conv2d(1, 6, 5), ReLU()), zeros(1, 1, 32, 32))"))
    assert "nn.Conv2d(1, 6, 5)" in text
    assert "1×6×28×28" in text
    assert max(map(len, text.splitlines())) <= 60


def test_random_numbers_come_back_with_the_same_seed() -> None:
    for source in ("randn(3)", "rand(3)", "randint(0, 99, (5,))", "Linear(3, 2)(ones(3))",
                   "dropout(ones(50))", "randperm(9)",
                   "Sequential(Conv2d(1, 2, 3), ReLU())(ones(1, 1, 5, 5))",
                   "LSTM(3, 4)(ones(2, 1, 3))[0]"):  # fmt: skip
        assert numbers(source, seed=1) == numbers(source, seed=1), source
        assert numbers(source, seed=1) != numbers(source, seed=2), source


def test_two_random_calls_differ_and_a_seed_overrules() -> None:
    pair = measured("(randn(3), randn(3))")
    assert isinstance(pair, tuple)
    assert pair[0] != pair[1]
    assert numbers("randn(3, seed=7)", seed=1) == numbers("randn(3, seed=7)", seed=2)


def test_a_named_layer_keeps_its_weights() -> None:
    assert measured("allclose(m(x), m(x))", m="Linear(3, 2)", x="ones(1, 3)") is True
    assert measured("allclose(m(x), x @ weight_of(m).T + bias_of(m))", m="Linear(3, 2)",
                    x="ones(1, 3)") is True  # fmt: skip
    copies = measured(
        "(weight_of(part(m, '0')), weight_of(part(m, '1')))", m="Repeat(2, Linear(3, 2))"
    )
    assert isinstance(copies, tuple)
    assert copies[0] != copies[1]


def test_weights_do_not_disturb_torchs_own_random_state() -> None:
    torch.manual_seed(0)
    expected = torch.rand(2)
    torch.manual_seed(0)
    measured("Linear(3, 2)(randn(3))")
    assert torch.equal(torch.rand(2), expected)


def test_a_layer_does_not_change_its_input() -> None:
    assert numbers("cat((ReLU(inplace=True)(x), x))", x="tensor([-1.])") == (0.0, -1.0)


def test_samesided_convolution_pads_like_tensorflow() -> None:
    """224, kernel 7, stride 2: 2 zeros before, 3 behind."""
    x = torch.randn(1, 1, 9, 9)
    source = f"SameConv2d(1, 1, 3, stride=2, bias=False)(tensor({x.tolist()}))"
    ours: Any = numbers(source)
    weight: Any = numbers("weight_of(SameConv2d(1, 1, 3, stride=2, bias=False))")
    assert len(ours[0][0]) == 5
    assert len(weight[0][0]) == 3
    even = measured("allclose(SameConv2d(1, 1, 3, 2, bias=False)(x)[0, 0, -1, -1], 0.)",
                    x="zeros(1, 1, 8, 8)")  # fmt: skip
    assert even is True
    margin = measured(
        "allclose(m(x), conv2d(pad(x, (0, 1, 0, 1)), weight_of(m), stride=2))",
        m="SameConv2d(1, 1, 3, 2, bias=False)", x="randn(1, 1, 8, 8, seed=1)",
    )  # fmt: skip
    assert margin is True


def test_lenets_partial_convolution_sees_only_its_maps() -> None:
    """A change in map 4 of S2 reaches only the maps of C3 that list it."""
    source = "(c(x) != c(x + s)).any(3).any(2)[0]"
    data = numbers(source, c="part(lenet5('paper'), 'C3')", x="zeros(1, 6, 14, 14)",
                   s="one_hot(tensor([4]), 6).reshape(1, 6, 1, 1) * 1.")  # fmt: skip
    seen = [index for index, changed in enumerate(flat(data)) if changed]
    assert seen == [2, 3, 4, 7, 8, 9, 10, 12, 13, 15]
