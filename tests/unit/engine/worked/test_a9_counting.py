"""Worked numbers of chapter A9, convolutional networks: parameters, cost, example networks."""

from __future__ import annotations

from tests.unit.engine.worked.stated import Worked, agrees, stating

BIG = {"m": "Conv2d(3, 64, 3, padding=1)", "x": "zeros(1, 3, 224, 224)"}
SAME = {"m": "Conv2d(3, 100, 3, padding=1)", "x": "zeros(1, 3, 32, 32)"}
MAPS = {"x": "zeros(1, 192, 28, 28)"}
SIGN = {
    "first": "Conv2d(1, 4, 5)",
    "second": "Conv2d(4, 10, 5)",
    "x": "zeros(1, 1, 32, 32)",
}
PAPER = {"net": "lenet5('paper')"}

ROWS = (
    Worked("cnn.fc", "parameters(Linear(784, 500))", 392_500),
    Worked("cnn.fc", "parameters(Linear(500, 10))", 5010),
    Worked("cnn.fc", "parameters(mlp(784, 500, 10))", 397_510),
    Worked("cnn.fc", "parameters(mlp(784, 502, 10))", 399_100),
    Worked("cnn.fc", "parameters(mlp(784, 512, 10))", 407_050),
    Worked("cnn.fc", "parameters(mlp(28 * 28 * 3, 500, 10))", 1_181_510),
    Worked("cnn.fc", "parameters(mlp(1000 * 1000 * 3, 500, 10))", 1_500_005_510),
    Worked("cnn.params", "parameters(Conv2d(3, 64, 3))", 1792),
    Worked("cnn.params", "parameters(Conv2d(3, 100, 3))", 2800),
    Worked("cnn.flops", "macs(m, x)", 86_704_128, lets=BIG),
    Worked("cnn.flops", "flops(m, x)", 173_408_256, lets=BIG),
    Worked("cnn.flops", "macs(m, zeros(1, 3, 224, 244))", 94_445_568, lets=BIG),
    Worked("cnn.flops-detailed", "operations(m, x, bias=False)", 5_427_200, lets=SAME),
    Worked("cnn.flops-detailed", "activations(m, x)", 102_400, lets=SAME),
    Worked(
        "cnn.flops-detailed",
        "operations(m, x, bias=False) // activations(m, x)",
        53,
        lets=SAME,
    ),
    Worked(
        "cnn.flops-detailed",
        "multiplications(m, x) // activations(m, x)",
        27,
        lets=SAME,
    ),
    Worked("cnn.flops-detailed", "macs(m, x)", 2_764_800, lets=SAME),
    Worked("cnn.flops-detailed", "2 * macs(m, x)", 5_529_600, lets=SAME),
    Worked("cnn.flops-detailed", "operations(m, x)", 5_529_600, lets=SAME),
    Worked("cnn.flops-detailed", "flops(m, x)", 5_529_600, lets=SAME),
    Worked(
        "cnn.flops-detailed",
        "flops(Conv2d(3, 100, 3, padding=1, bias=False), x)",
        5_529_600,
        lets=SAME,
    ),
    Worked(
        "cnn.flops-detailed",
        "100 * int(item(sum(conv2d(ones(1, 3, 32, 32), ones(1, 3, 3, 3), padding=1))))",
        2_650_800,
    ),
    Worked("cnn.flops-fc", "parameters(Linear(5, 10))", 60),
    Worked("cnn.flops-fc", "macs(Linear(5, 10), zeros(1, 5))", 50),
    Worked("cnn.flops-fc", "multiplications(Linear(5, 10), zeros(1, 5))", 50),
    Worked("cnn.flops-fc", "additions(Linear(5, 10, bias=False), zeros(1, 5))", 40),
    Worked("cnn.flops-fc", "operations(Linear(5, 10), zeros(1, 5), bias=False)", 90),
    Worked("cnn.flops-fc", "operations(Linear(5, 10), zeros(1, 5))", 100),
    Worked("cnn.flops-fc", "flops(Linear(5, 10), zeros(1, 5))", 100),
    Worked("cnn.one-by-one", "output_shape(Conv2d(192, 64, 1), x)", (1, 64, 28, 28), lets=MAPS),
    Worked("cnn.one-by-one", "weight_count(Conv2d(192, 64, 1))", 12_288),
    Worked("cnn.one-by-one", "bias_count(Conv2d(192, 64, 1))", 64),
    Worked("cnn.one-by-one", "parameters(Conv2d(192, 64, 1))", 12_352),
    Worked("cnn.one-by-one", "macs(Conv2d(192, 64, 1), x)", 9_633_792, lets=MAPS),
    Worked("cnn.one-by-one", "numel(x)", 150_528, lets=MAPS),
    Worked("cnn.one-by-one", "activations(Conv2d(192, 64, 1), x)", 50_176, lets=MAPS),
    *(
        Worked(
            "cnn.one-by-one",
            "(macs(direct, x), macs(via, x), macs(direct, x) / macs(via, x))",
            stated,
            lets=MAPS
            | {
                "direct": f"Conv2d(192, {to}, {k}, padding={k // 2})",
                "via": f"Sequential(Conv2d(192, {thin}, 1),"
                f" Conv2d({thin}, {to}, {k}, padding={k // 2}))",
            },
            tolerance=0.005,
        )
        for k, to, thin, stated in (
            (3, 128, 64, (173_408_256, 67_436_544, 2.57)),
            (5, 32, 16, (120_422_400, 12_443_648, 9.68)),
        )
    ),
    Worked(
        "cnn.inception",
        "shape(cat((zeros(64, 28, 28), zeros(128, 28, 28), zeros(32, 28, 28), zeros(32, 28, 28))))",
        (256, 28, 28),
    ),
    Worked(
        "cnn.inception",
        "output_shape(inception(192, 64, 96, 128, 16, 32, 32), x)",
        (1, 256, 28, 28),
        lets=MAPS,
    ),
    *(
        Worked("cnn.traffic-sign-net", f"output_shape(Sequential({layers}), x)", shape, lets=SIGN)
        for layers, shape in (
            ("first", (1, 4, 28, 28)),
            ("first, MaxPool2d(2)", (1, 4, 14, 14)),
            ("first, MaxPool2d(2), second", (1, 10, 10, 10)),
            ("first, MaxPool2d(2), second, MaxPool2d(2)", (1, 10, 5, 5)),
        )
    ),
    Worked("cnn.traffic-sign-net", "parameters(first)", 104, lets=SIGN),
    Worked("cnn.traffic-sign-net", "parameters(second)", 1010, lets=SIGN),
    *(
        Worked(
            "cnn.lenet5",
            f"(activations(part(net, '{name}'), {x}), trainable(part(net, '{name}')),"
            f" connections(part(net, '{name}'), {x}))",
            stated,
            lets=PAPER,
        )
        for name, x, stated in (
            ("C1", "zeros(1, 1, 32, 32)", (4704, 156, 122_304)),
            ("S2", "zeros(1, 6, 28, 28)", (1176, 12, 5880)),
            ("C3", "zeros(1, 6, 14, 14)", (1600, 1516, 151_600)),
            ("S4", "zeros(1, 16, 10, 10)", (400, 32, 2000)),
            ("C5", "zeros(1, 16, 5, 5)", (120, 48_120, 48_120)),
        )
    ),
    Worked("cnn.lenet5", "trainable(part(net, 'F6'))", 10_164, lets=PAPER),
    Worked("cnn.lenet5", "trainable(net)", 60_000, lets=PAPER),
    Worked("cnn.lenet5", "parameters(Conv2d(1, 16, 5))", 416),
    Worked("cnn.lenet5", "connections(Conv2d(1, 16, 5), zeros(1, 1, 14, 14))", 41_600),
    Worked("cnn.lenet5", "parameters(part(lenet5(), 'C3'))", 2416),
    Worked("cnn.lenet5", "parameters(lenet5())", 61_706),
    Worked("cnn.lenet5", "156 + 2416 + 48120 + 10164 + parameters(Linear(84, 10))", 61_706),
    Worked("cnn.lenet5", "flops(lenet5(), zeros(1, 1, 32, 32))", 833_040),
    *(
        Worked("cnn.summary", f"numel(part(net, '{name}')({x}))", values, lets={"net": "lenet5()"})
        for name, x, values in (
            ("C1", "zeros(1, 1, 32, 32)", 4704),
            ("S2", "zeros(1, 6, 28, 28)", 1176),
            ("C3", "zeros(1, 6, 14, 14)", 1600),
            ("S4", "zeros(1, 16, 10, 10)", 400),
            ("C5", "zeros(1, 16, 5, 5)", 120),
            ("F6", "zeros(1, 120)", 84),
        )
    ),
    Worked("cnn.summary", "numel(zeros(1, 1, 32, 32))", 1024),
    Worked("cnn.summary", "output_shape(lenet5(), zeros(1, 1, 32, 32))", (1, 10)),
)

LATER = (("cnn.classic-nets", "states no figure: stand-ins put in order of depth"),)


@stating(ROWS)
def test_a_worked_number(row: Worked) -> None:
    """What the engine measures is the figure that the curriculum states."""
    agrees(row)
