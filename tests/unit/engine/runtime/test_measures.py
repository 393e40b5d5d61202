"""Measures by hand-known values; those of the curriculum carry their topic."""

from __future__ import annotations

import math

import pytest
from measuring import measured, numbers, outcome, refusal

from engine.protocol import Measured
from engine.values import TensorValue

CURRICULUM = [
    ("cnn.overview", "parameters(lenet5())", 61_706),
    ("cnn.overview", "parameters(Sequential(Linear(784, 500), ReLU(), Linear(500, 10)))", 397_510),
    ("cnn.local-connectivity", "count_nonzero(conv_matrix(ones(3, 3), 5, 5)).item()", 81),
    ("cnn.local-connectivity", "conv_matrix(ones(3, 3), 5, 5).shape", (9, 25)),
    ("cnn.weight-sharing", "parameters(Conv2d(1, 1, 10))", 101),
    ("cnn.weight-sharing", "parameters(Conv2d(1, 6, 10))", 606),
    ("cnn.weight-sharing", "output_shape(Conv2d(1, 6, 10), zeros(1, 1, 100, 100))", (1, 6, 91, 91)),
    ("cnn.weight-sharing", "parameters(Linear(10000, 49686))", 496_909_686),
    ("cnn.weight-sharing", "activations(Conv2d(1, 6, 10), (1, 1, 100, 100))", 49_686),
    ("cnn.conv-multi-single", "parameters(Conv2d(3, 1, 3))", 28),
    ("cnn.conv-multi-multi", "parameters(Conv2d(3, 2, 3))", 56),
    ("cnn.conv-multi-multi", "weight_shape(Conv2d(3, 2, 3))", (2, 3, 3, 3)),
    ("cnn.padding", "output_shape(Conv2d(3, 48, 3), zeros(1, 3, 32, 32))[2]", 30),
    ("cnn.padding", "output_shape(Conv2d(3, 48, 3, padding=1), zeros(1, 3, 32, 32))[2]", 32),
    ("cnn.padding", "parameters(Conv2d(3, 48, 3, padding=1))", 1_344),
    ("cnn.padding-same", "output_shape(SameConv2d(1, 1, 3, 2), zeros(1, 1, 32, 32))[2:]", (16, 16)),
    ("cnn.padding-same", "output_shape(SameConv2d(1, 1, 3, 2), zeros(1, 1, 31, 31))[2:]", (16, 16)),
    ("cnn.padding-same", "output_shape(SameConv2d(1, 1, 7, 2), zeros(1, 1, 224, 224))[3]", 112),
    ("cnn.padding-same", "output_shape(SameConv2d(1, 1, 3, 2), zeros(1, 1, 5, 5))[2]", 3),
    ("cnn.padding-same", "output_shape(SameConv2d(1, 1, 5), zeros(1, 1, 28, 28))[2]", 28),
    ("cnn.padding-valid", "output_shape(Conv2d(1, 1, 10), zeros(1, 1, 100, 100))[2]", 91),
    ("cnn.padding-custom", "output_shape(Conv2d(1, 1, 7, 2, 3), zeros(1, 1, 224, 224))[2]", 112),
    ("cnn.padding-custom", "output_shape(Conv2d(1, 1, 4, 1, 1), zeros(1, 1, 32, 32))[2]", 31),
    ("cnn.stride", "parameters(Conv2d(3, 48, 3, stride=2))", 1_344),
    ("cnn.pooling", "parameters(MaxPool2d(2))", 0),
    ("cnn.pooling", "parameters(Linear(48 * 32 * 32, 10))", 491_530),
    ("cnn.pooling", "parameters(Linear(48 * 16 * 16, 10))", 122_890),
    ("cnn.pooling-size", "output_shape(MaxPool2d(16), zeros(1, 1, 32, 32))[2]", 2),
    ("cnn.fc", "parameters(Linear(28 * 28 * 3, 500)) + parameters(Linear(500, 10))", 1_181_510),
    ("cnn.fc", "parameters(Sequential(Linear(1000 * 1000 * 3, 500), Linear(500, 10)))",
     1_500_005_510),
    ("cnn.params", "parameters(Conv2d(3, 64, 3))", 1_792),
    ("cnn.params", "parameters(Conv2d(3, 100, 3))", 2_800),
    ("cnn.flops", "macs(Conv2d(3, 64, 3, padding=1), zeros(1, 3, 224, 224))", 86_704_128),
    ("cnn.flops", "flops(Conv2d(3, 64, 3, padding=1), zeros(1, 3, 224, 224))", 173_408_256),
    ("cnn.flops-detailed", "operations(c, zeros(1, 3, 32, 32), bias=False)", 5_427_200),
    ("cnn.flops-detailed", "operations(c, zeros(1, 3, 32, 32), bias=True)", 5_529_600),
    ("cnn.flops-detailed", "macs(c, zeros(1, 3, 32, 32))", 2_764_800),
    ("cnn.flops-detailed", "multiplications(c, zeros(1, 3, 32, 32))", 2_764_800),
    ("cnn.flops-detailed", "multiplications(c, zeros(1, 3, 32, 32), padding=False)", 2_650_800),
    ("cnn.flops-detailed", "additions(c, zeros(1, 3, 32, 32), bias=False)", 102_400 * 26),
    ("cnn.flops-fc", "parameters(Linear(5, 10))", 60),
    ("cnn.flops-fc", "macs(Linear(5, 10), zeros(1, 5))", 50),
    ("cnn.flops-fc", "operations(Linear(5, 10), zeros(1, 5), bias=False)", 90),
    ("cnn.flops-fc", "operations(Linear(5, 10), zeros(1, 5))", 100),
    ("cnn.one-by-one", "parameters(Conv2d(192, 64, 1))", 12_352),
    ("cnn.one-by-one", "macs(Conv2d(192, 64, 1), zeros(1, 192, 28, 28))", 9_633_792),
    ("cnn.one-by-one", "macs(Conv2d(192, 128, 3, padding=1), zeros(1, 192, 28, 28))", 173_408_256),
    ("cnn.one-by-one", ("macs(Sequential(Conv2d(192, 64, 1), Conv2d(64, 128, 3, padding=1)), "
     "zeros(1, 192, 28, 28))"), 67_436_544),
    ("cnn.one-by-one", ("macs(Sequential(Conv2d(192, 16, 1), Conv2d(16, 32, 5, padding=2)), "
     "zeros(1, 192, 28, 28))"), 12_443_648),
    ("cnn.inception", ("output_shape(Parallel(Conv2d(192, 64, 1), "
     "Sequential(Conv2d(192, 96, 1), Conv2d(96, 128, 3, padding=1)), "
     "Sequential(Conv2d(192, 16, 1), Conv2d(16, 32, 5, padding=2)), "
     "Sequential(MaxPool2d(3, 1, 1), Conv2d(192, 32, 1))), zeros(1, 192, 28, 28))"),
     (1, 256, 28, 28)),
    ("cnn.traffic-sign-net", ("shapes(Sequential(Conv2d(1, 4, 5), MaxPool2d(2), Conv2d(4, 10, 5), "
     "MaxPool2d(2)), zeros(1, 1, 32, 32))"),
     ((1, 4, 28, 28), (1, 4, 14, 14), (1, 10, 10, 10), (1, 10, 5, 5))),
    ("cnn.traffic-sign-net", "parameters(Conv2d(4, 10, 5))", 1_010),
    ("cnn.lenet5", "flops(lenet5(), zeros(1, 1, 32, 32))", 833_040),
    ("cnn.lenet5", "parameters(part(lenet5(), 'C3'))", 2_416),
    ("cnn.lenet5", "trainable(lenet5('paper'))", 60_000),
    ("cnn.lenet5", "parameters(lenet5('paper'))", 60_840),
    ("cnn.lenet5", "connections(lenet5('paper'), zeros(1, 1, 32, 32))", 340_908),
    ("cnn.summary", "activations(lenet5(), zeros(1, 1, 32, 32))",
     4704 + 1176 + 1600 + 400 + 120 + 84 + 10),
]  # fmt: skip

LENET = [
    ("C1", (1, 1, 32, 32), 156, 4_704, 122_304),
    ("S2", (1, 6, 28, 28), 12, 1_176, 5_880),
    ("C3", (1, 6, 14, 14), 1_516, 1_600, 151_600),
    ("S4", (1, 16, 10, 10), 32, 400, 2_000),
    ("C5", (1, 16, 5, 5), 48_120, 120, 48_120),
    ("F6", (1, 120), 10_164, 84, 10_164),
]


@pytest.mark.parametrize(("topic", "source", "expected"), CURRICULUM)
def test_curriculum(topic: str, source: str, expected: object) -> None:
    assert measured(source, c="Conv2d(3, 100, 3, padding=1)") == expected, topic


@pytest.mark.parametrize(("name", "size", "parameters", "neurons", "connections"), LENET)
def test_lenet5_layer_by_layer(
    name: str, size: tuple[int, ...], parameters: int, neurons: int, connections: int
) -> None:
    result = outcome("parameters(layer)", f"activations(layer, {size})",
                     f"connections(layer, {size})",
                     lets={"layer": f"part(lenet5('paper'), '{name}')"})  # fmt: skip
    assert isinstance(result, Measured)
    assert result.values == (parameters, neurons, connections)


def test_lenet5_gives_ten_scores_in_both_forms() -> None:
    for variant in ("modern", "paper"):
        assert measured(f"lenet5('{variant}')(zeros(2, 1, 32, 32)).shape") == (2, 10)


@pytest.mark.parametrize("bias", [True, False])
def test_a_convolution_with_bias_has_twice_its_macs(bias: bool) -> None:
    source = f"operations(m, x, bias={bias}) == 2 * macs(m, x)"
    lets = {"m": f"Conv2d(3, 8, 3, bias={bias})", "x": "zeros(2, 3, 9, 9)"}
    assert measured(source, **lets) is bias


@pytest.mark.parametrize(
    "layer",
    ["Conv2d(4, 6, 3, 2, 1, groups=2)", "Conv2d(4, 8, (3, 1), padding='same', dilation=2)",
     "SameConv2d(4, 5, 4, 3)", "ConvTranspose2d(4, 3, 3, 2, 1, 1)"],
)  # fmt: skip
def test_exact_multiplications_equal_torchs_macs(layer: str) -> None:
    x = "zeros(2, 4, 13, 11)"
    assert measured(f"multiplications(m, {x}) == macs(m, {x})", m=layer) is True


def test_products_with_padding_zeros_can_be_left_out() -> None:
    """Counted one by one: a 3x3 kernel of ones over ones adds one per real product."""
    for layer, call in (
        ("Conv2d(1, 1, 3, padding=1)", "conv2d(x, ones(1, 1, 3, 3), padding=1)"),
        ("Conv2d(1, 1, 3, 2, 1, dilation=2)",
         "conv2d(x, ones(1, 1, 3, 3), stride=2, padding=1, dilation=2)"),
        ("Conv2d(1, 1, 3, padding='same')", "conv2d(x, ones(1, 1, 3, 3), padding='same')"),
    ):  # fmt: skip
        source = f"multiplications({layer}, x, padding=False) == {call}.sum().item()"
        assert measured(source, x="ones(1, 1, 7, 6)") is True, layer


@pytest.mark.parametrize(
    ("model", "field", "stride"),
    [
        ("Conv2d(1, 1, 3)", 3, 1),
        ("Sequential(Conv2d(1, 1, 3), Conv2d(1, 1, 3))", 5, 1),
        ("Sequential(Conv2d(1, 1, 3), ReLU(), MaxPool2d(2), Conv2d(1, 1, 3))", 8, 2),
        ("Conv2d(1, 1, 3, dilation=2)", 5, 1),
        ("Repeat(3, Conv2d(1, 1, 3, stride=2))", 15, 8),
        ("Conv2d(1, 1, (3, 5))", (3, 5), 1),
        ("Residual(Conv2d(1, 1, 3, padding=1))", 3, 1),
        ("Parallel(Conv2d(1, 1, 1), Conv2d(1, 1, 5, padding=2))", 5, 1),
        ("Sequential(Conv2d(1, 6, 5), AvgPool2d(2), Conv2d(6, 16, 5), AvgPool2d(2))", 16, 4),
    ],
)
def test_receptive_fields(model: str, field: object, stride: object) -> None:
    result = outcome(f"receptive_field({model})", f"effective_stride({model})")
    assert isinstance(result, Measured)
    assert result.values == (field, stride)


def test_a_receptive_field_is_what_really_reaches_an_output() -> None:
    """Pixels that change the middle output when they change, one by one."""
    model = "Sequential(Conv2d(1, 1, 3), MaxPool2d(2), Conv2d(1, 1, 3))"
    value = measured("gradient(m(x)[0, 0, 1, 1], x)", m=model, x="rand(1, 1, 12, 12, seed=1)")
    assert isinstance(value, TensorValue)
    rows = [r for r, row in enumerate(value.data[0][0]) if any(row)]  # type: ignore[index, arg-type]
    assert rows[-1] - rows[0] + 1 <= 8
    assert rows[0] >= 2
    assert rows[-1] <= 9


def test_a_layer_that_sees_everything_has_no_receptive_field() -> None:
    assert refusal("receptive_field(Sequential(Conv2d(1, 1, 3), Linear(3, 2)))").code == (
        "field-everything"
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("memory(Linear(3, 2))", 8 * 4),
        ("memory(Linear(3, 2), dtype=float16)", 8 * 2),
        ("memory(Linear(3, 2).half())", 8 * 2),
        ("memory(zeros(10, 10, dtype=float64))", 800),
        ("buffers(BatchNorm2d(8))", 17),
        ("buffers(Sequential(BatchNorm2d(32), BatchNorm2d(32)))", 130),
        ("buffers(resnet18())", 9_620),
        ("weight_count(Conv2d(3, 64, 3))", 1_728),
        ("bias_count(Conv2d(3, 64, 3))", 64),
        ("layer_count(lenet5())", 5),
        ("parameters(Repeat(3, Linear(4, 4)))", 60),
        ("parameters(LSTM(10, 20))", 4 * (10 * 20 + 20 * 20 + 2 * 20)),
        ("parameters(GRU(10, 20))", 3 * (10 * 20 + 20 * 20 + 2 * 20)),
        ("parameters(RNN(10, 20))", 10 * 20 + 20 * 20 + 2 * 20),
        ("parameters(MultiheadAttention(16, 4))", 4 * (16 * 16 + 16)),
        ("parameters(Embedding(100, 7))", 700),
        ("parameters(RMSNorm(16))", 16),
        ("parameters(TransformerEncoderLayer(16, 4, 32))",
         4 * (256 + 16) + (16 * 32 + 32) + (32 * 16 + 16) + 4 * 16),
        ("macs(LSTM(10, 20), zeros(7, 3, 10))", 7 * 3 * 4 * (10 * 20 + 20 * 20)),
        ("macs(MultiheadAttention(16, 4), zeros(5, 1, 16))", 5 * 4 * 256 + 2 * 5 * 5 * 16),
        ("output_shape(LSTM(10, 20, bidirectional=True), zeros(7, 3, 10))", (7, 3, 40)),
        ("output_shape(ConvTranspose2d(1, 1, 3, 2, 1, 1), zeros(1, 1, 8, 8))[2]", 16),
        ("output_shape(MaxPool2d(3, 2, ceil_mode=True), zeros(1, 1, 8, 8))[2]", 4),
        ("output_shape(MaxPool2d(3, 2), zeros(1, 1, 8, 8))[2]", 3),
        ("output_shape(MaxPool2d(2, 3, ceil_mode=True), zeros(1, 1, 6, 6))[2]", 2),
        ("parameters(Linear(10**6, 10**6))", 10**12 + 10**6),
    ],
)  # fmt: skip
def test_known_values(source: str, expected: object) -> None:
    assert measured(source) == expected


@pytest.mark.parametrize(
    ("network", "parameters", "giga_macs"),
    [
        ("alexnet()", 61_100_840, 0.714),
        ("vgg11()", 132_863_336, 7.609),
        ("vgg13()", 133_047_848, 11.308),
        ("vgg16()", 138_357_544, 15.470),
        ("vgg19()", 143_667_240, 19.632),
        ("resnet18()", 11_689_512, 1.814),
        ("resnet34()", 21_797_672, 3.664),
        ("resnet50()", 25_557_032, 4.089),
    ],
)
def test_published_networks(network: str, parameters: int, giga_macs: float) -> None:
    result = outcome("parameters(m)", "macs(m, x)", "output_shape(m, x)",
                     lets={"m": network, "x": "zeros(1, 3, 224, 224)"})  # fmt: skip
    assert isinstance(result, Measured)
    count, macs, shape = result.values
    assert count == parameters
    assert macs == pytest.approx(giga_macs * 1e9, rel=1e-3)
    assert shape == (1, 1000)


def test_a_perceptron_by_its_sizes() -> None:
    assert measured("parameters(mlp(784, 500, 10))") == 397_510
    assert measured("mlp(3, 4, 2)(zeros(5, 3)).shape") == (5, 2)


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
@pytest.mark.parametrize(
    "options",
    ["", ", num_layers=3, bidirectional=True", ", bias=False, batch_first=True"],
)
def test_recurrent_layers_equal_torch_step_by_step(kind: str, options: str) -> None:
    import torch
    from torch import nn
    from torch.utils.flop_counter import FlopCounterMode

    text = f"nn.{kind}(5, 7{options})"
    with torch.device("meta"), torch.no_grad(), FlopCounterMode(display=False) as counter:
        output = eval(text, {"nn": nn})(torch.empty(6, 4, 5))[0]
    result = outcome(f"output_shape({text}, zeros(6, 4, 5))", f"macs({text}, zeros(6, 4, 5))",
                     f"{text}(zeros(6, 4, 5))[0].shape")  # fmt: skip
    assert isinstance(result, Measured)
    shape = tuple(output.shape)
    assert result.values == (shape, counter.get_total_flops() // 2, shape)


def test_a_long_sequence_is_measured_as_fast_as_a_short_one() -> None:
    assert measured("macs(LSTM(1, 1), (10**6, 1, 1))") == 8 * 10**6


def test_one_layer_used_twice_has_one_set_of_weights() -> None:
    assert measured("parameters(Sequential(a, a))", a="Linear(4, 4)") == 20
    result = outcome("parameters(m)", "macs(m, zeros(1, 4))", trace=True,
                     lets={"a": "Linear(4, 4)", "m": "Sequential(a, ReLU(), a)"})  # fmt: skip
    assert isinstance(result, Measured)
    assert result.trace is not None
    assert [row.parameters for row in result.trace.layers] == [20, 0, 0]
    assert [row.macs for row in result.trace.layers] == [16, 0, 16]


def test_vgg16_is_measured_without_memory() -> None:
    convs, channels = [], 3
    for width in (64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0):
        if width:
            convs += [f"Conv2d({channels}, {width}, 3, padding=1)", "ReLU()"]
            channels = width
        else:
            convs.append("MaxPool2d(2)")
    text = (f"Sequential({', '.join(convs)}, Flatten(), Linear(25088, 4096), ReLU(), Dropout(), "
            "Linear(4096, 4096), ReLU(), Dropout(), Linear(4096, 1000))")  # fmt: skip
    result = outcome("parameters(m)", "output_shape(m, x)", "macs(m, x)", trace=True,
                     lets={"m": text, "x": "zeros(1, 3, 224, 224)"})  # fmt: skip
    assert isinstance(result, Measured)
    assert result.values == (138_357_544, (1, 1000), 15_470_264_320)
    assert result.trace is not None
    assert sum(row.parameters for row in result.trace.layers) == 138_357_544
    assert sum(row.macs or 0 for row in result.trace.layers) == 15_470_264_320


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("largest(float16)", 65_504.0),
        ("largest(int8)", 127),
        ("log(largest(float16))", math.log(65_504)),
        ("log(largest(float32))", 88.72283905206835),
        ("log(largest(float64))", 709.782712893384),
        ("smallest(float16)", 2.0**-14),
        ("smallest_subnormal(float16)", 2.0**-24),
        ("machine_epsilon(bfloat16)", 2.0**-7),
        ("ulp(1.)", 2.0**-52),
        ("ulp(2048, float16)", 2.0),
        ("ulp(0., float16)", 2.0**-24),
        ("ulp(1000., bfloat16)", 4.0),
    ],
)
def test_number_formats(source: str, expected: float) -> None:
    assert measured(source) == pytest.approx(expected, rel=1e-12)


def test_an_ulp_is_the_distance_to_the_next_number() -> None:
    import torch

    for value in (0.1, 1.0, 3.9999, 1e-40, 1e30):
        x = torch.tensor(value)
        step = torch.nextafter(x, torch.tensor(float("inf"))) - x
        assert numbers(f"ulp(tensor({value!r}))") == step.item()
