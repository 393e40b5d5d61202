"""Worked numbers of chapter A2, neurons, perceptrons and networks."""

from __future__ import annotations

from tests.unit.engine.worked.rings import LINEAR, RINGS, hidden, start, trained
from tests.unit.engine.worked.stated import Between, Worked, agrees, stating

INPUTS = {"x": "tensor([[0., 0.], [0., 1.], [1., 0.], [1., 1.]])"}
NAND = {**INPUTS, "w": "tensor([-2., -2.])", "b": "3"}
XOR_OF_NANDS = {
    "p": "tensor([0., 0., 1., 1.])",
    "q": "tensor([0., 1., 0., 1.])",
    "first": "(-2 * p - 2 * q + 3 > 0).float()",
    "left": "(-2 * p - 2 * first + 3 > 0).float()",
    "right": "(-2 * first - 2 * q + 3 > 0).float()",
}
EVERY_UNIT = {
    **INPUTS,
    "y": "tensor([0., 1., 1., 0.])",
    "grid": "linspace(-2, 2, 17)",
    "a": "grid.reshape(17, 1, 1, 1) * x[:, 0] + grid.reshape(17, 1, 1) * x[:, 1]"
    " + grid.reshape(17, 1)",
}
NEURON = {"x": "2.0", "w": "3.0", "b": "1.0"}
LOSS = "0.5 * (relu(w * x + b) - 5) ** 2"
GATES = {"g": "lstm_update(zeros(1), zeros(1), zeros(1), zeros(1), ones(1))"}

TORCH_START = "(2 * rand(17) - 1) * cat((full((12,), 0.7071), full((5,), 0.5)))"
"""A 2-4-1 net as torch starts it: uniform within 1 / sqrt(inputs) of each layer."""

ROWS = (
    Worked("nn.biological-neuron", "0.4 + 0.3 - 1 > 0", False),
    Worked("nn.biological-neuron", "0.4 + 0.7 - 1 > 0", True),
    Worked(
        "nn.ann",
        "allclose(m(x), relu(x @ weight_of(part(m, '0')).T + bias_of(part(m, '0')))"
        " @ weight_of(part(m, '2')).T + bias_of(part(m, '2')))",
        True,
        lets={"m": "mlp(2, 3, 1)", "x": "tensor([[1., -2.], [0.5, 3.]])"},
    ),
    Worked("nn.perceptron", "(x @ tensor([1., 1.]) - 0.5 > 0).sum()", 3, lets=INPUTS),
    Worked("nn.perceptron", "(x @ tensor([1., 1.]) - 1.5 > 0).sum()", 1, lets=INPUTS),
    Worked(
        "nn.perceptron",
        "x @ tensor([1., 1.]) - 0.5 > 0",
        (False, True, True, True),
        lets=INPUTS,
    ),
    Worked("nn.perceptron", "0.0 > 0", False),
    Worked("nn.perceptron-nand", "0 * (-2) + 1 * (-2) + 3", 1),
    Worked("nn.perceptron-nand", "x @ w + b", (3.0, 1.0, 1.0, -1.0), lets=NAND),
    Worked("nn.perceptron-nand", "(x @ w + b > 0).long()", (1, 1, 1, 0), lets=NAND),
    Worked("nn.perceptron-nand", "-b / w[0]", 1.5, lets=NAND),
    Worked(
        "nn.perceptron-nand",
        "(-2 * left - 2 * right + 3 > 0).long()",
        (0, 1, 1, 0),
        lets=XOR_OF_NANDS,
    ),
    Worked(
        "nn.linear-separability",
        "((a > 0) == (y > 0)).float().mean(-1).max()",
        0.75,
        lets=EVERY_UNIT,
    ),
    Worked(
        "nn.linear-separability",
        "trajectory(binary_cross_entropy_with_logits(x @ w, y), w, Adam(lr=0.05), 300)[1][300]",
        0.6931,
        lets={
            "x": "tensor([[0., 0., 1.], [0., 1., 1.], [1., 0., 1.], [1., 1., 1.]])",
            "y": "tensor([0., 1., 1., 0.])",
            "w": "tensor([0.3, -0.2, 0.1])",
        },
    ),
    Worked(
        "nn.linear-separability",
        trained(hidden(4), "Adam(lr=0.05)", 300),
        Between(0.0005, 0.006),
        lets={**INPUTS, "y": "tensor([0., 1., 1., 0.])", "p": TORCH_START},
    ),
    Worked("nn.mlp", "parameters(mlp(784, 500, 10))", 397510),
    Worked("nn.mlp", "parameters(mlp(784, 512, 10))", 407050),
    Worked(
        "nn.unit-vs-neuron",
        "(gate(g, 'input'), gate(g, 'forget'), gate(g, 'output'))",
        ((0.5,), (0.5,), (0.5,)),
        lets=GATES,
    ),
    Worked("nn.unit-vs-neuron", "gate(g, 'cell')", (0.0,), lets=GATES),
    Worked("nn.unit-vs-neuron", "gate(g, 'h') == 0.5 * tanh(gate(g, 'c'))", (True,), lets=GATES),
    Worked(
        "nn.layer",
        "parameters_by_layer(Sequential(Linear(4, 3), ReLU(), Dropout(0.5), Linear(3, 2)))",
        (15, 0, 0, 8),
    ),
    Worked("nn.architectures", "output_shape(mlp(8, 16), zeros(2, 5, 8))", (2, 5, 16)),
    Worked(
        "nn.architectures",
        "output_shape(LSTM(8, 16, batch_first=True), zeros(2, 5, 8))",
        (2, 5, 16),
    ),
    Worked("nn.forward", "relu(w * x + b)", 7.0, lets=NEURON),
    Worked("nn.affine", "(zeros(2, 3) @ zeros(3, 4) + zeros(4)).shape", (2, 4)),
    Worked("nn.affine", "weight_shape(Linear(3, 4))", (4, 3)),
    Worked(
        "nn.affine",
        "allclose(x @ w + b, linear(x, w.T, b))",
        True,
        lets={"x": "randn(2, 3)", "w": "randn(3, 4)", "b": "randn(4)"},
    ),
    Worked("nn.backprop", LOSS, 2.0, lets=NEURON),
    Worked("nn.backprop", f"gradient({LOSS}, w)", 4.0, lets=NEURON),
    Worked("nn.backprop", f"gradient({LOSS}, b)", 2.0, lets=NEURON),
    Worked("nn.backprop", f"numerical_gradient({LOSS}, w)", 4.0, 1e-6, NEURON),
    Worked("nn.backprop", f"gradient_check({LOSS}, w)", Between(0, 1e-7), lets=NEURON),
    Worked("nn.logistic-regression", "parameters(Linear(2, 1))", 3),
    Worked("nn.logistic-regression", "parameters(Linear(784, 10))", 7850),
    Worked(
        "nn.logistic-regression",
        trained(LINEAR, "SGD(lr=0.5)", 300),
        Between(0.67, 0.6932),
        lets={**RINGS, **start(0)},
    ),
    Worked("nn.channels", "parameters(Conv2d(3, 48, 3))", 1344),
    Worked("nn.channels", "parameters(Conv2d(3, 64, 3))", 1792),
    Worked("nn.channels", "parameters(Conv2d(3, 100, 3))", 2800),
    Worked("nn.channels", "parameters(Conv2d(3, c, 3)) == 27 * c + c", True, lets={"c": "77"}),
    Worked("nn.batch-processing", "output_shape(mlp(784, 512, 10), zeros(64, 784))", (64, 10)),
    Worked(
        "nn.batch-processing",
        "abs(m(x) - cat((m(x[0:1]), m(x[1:2]), m(x[2:3])))).max()",
        Between(0, 1e-6),
        lets={"m": "mlp(784, 512, 10)", "x": "rand(3, 784)"},
    ),
)


@stating(ROWS)
def test_a_worked_number(row: Worked) -> None:
    """What the engine measures is the figure that the curriculum states."""
    agrees(row)


LATER = (
    ("nn.linear-separability", "below 0.004 in nine of ten seeds: one row is one run"),
    ("nn.batch-processing", "1.6 ms in one batch, 14.6 ms one by one: wall time"),
)
