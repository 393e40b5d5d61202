"""Worked numbers of chapter A3, activation functions."""

from __future__ import annotations

from math import inf, nan

from tests.unit.engine.worked.stated import Between, Worked, agrees, stating

SIDES = {"x": "tensor([-2., -1.], dtype=float64)"}
SEVEN = {"x": "tensor([-2., -1., -0.5, 0., 0.5, 1., 2.])"}
LARGE = {"x": "tensor([1010., 1000., 990.])"}
LARGE_DOUBLE = {"x": "tensor([1010., 1000., 990.], dtype=float64)"}
NEGATIVE = {"x": "tensor([-1000., -1010.])"}
LINEAR = "initialised(Linear(16, 16, bias=False), 'orthogonal')"
CHAIN = {"m": f"Repeat(250, {LINEAR})"}
"""A quarter of a thousand layers, passed four times."""

ROWS = (
    Worked("act.what", "gradient(relu(x), x=3.0)", 1.0),
    Worked("act.linear-collapse", "4 * layer_count(m)", 1000, lets=CHAIN),
    Worked(
        "act.linear-collapse",
        "abs(m(m(m(m(x)))) - x @ m(m(m(m(eye(16)))))).max()",
        Between(0, 2e-4),  # measured in float32, whose rounding is 2^29 times that of float64
        lets={**CHAIN, "x": "randn(8, 16)"},
    ),
    Worked(
        "act.linear-collapse",
        "abs(m(x) - x @ m(eye(16))).max()",
        Between(0.1, 100),
        lets={
            "m": "Repeat(10, Sequential(initialised(Linear(16, 16, bias=False), 'orthogonal'),"
            " ReLU()))",
            "x": "10 * randn(8, 16)",
        },
    ),
    Worked(
        "act.four-points",
        "(abs(y[1] - y[0]), abs(y[3] - y[2]), abs(y[2] - y[1]) + 3)",
        (3.0, 3.0, 30.0),
        lets={"y": "3 * tensor([0., 1., 10., 11.]) - 7"},
    ),
    Worked("act.four-points", "(tensor([0., 1., 9., 10.]) - 5) ** 2", (25.0, 16.0, 16.0, 25.0)),
    Worked(
        "act.step",
        "gradient(((sign(x) + 1) / 2).sum(), x)",
        (0.0, 0.0, 0.0),
        lets={"x": "tensor([-1., 0.5, 3.], dtype=float64)"},
    ),
    Worked(
        "act.sigmoid",
        "(sigmoid(0), sigmoid(1), sigmoid(2), sigmoid(5), sigmoid(10))",
        (0.5, 0.731059, 0.880797, 0.993307, 0.999955),
    ),
    Worked(
        "act.sigmoid",
        "gradient(sigmoid(x).sum(), x)",
        (0.25, 0.196612, 0.104994, 0.006648, 0.0000454),
        lets={"x": "tensor([0., 1., 2., 5., 10.], dtype=float64)"},
    ),
    Worked("act.sigmoid", "0.25 ** 5", 9.77e-4),
    Worked("act.sigmoid", "0.25 ** 10", 9.54e-7),
    Worked("act.sigmoid", "0.25 ** 20", 9.09e-13),
    Worked(
        "act.sigmoid",
        "gradient(sigmoid(sigmoid(x) - 0.5), x=0.0)",
        0.0625,
    ),
    Worked(
        "act.tanh",
        "(tanh(0), tanh(1), tanh(2), tanh(5), tanh(-1))",
        (0.0, 0.761594, 0.964028, 0.999909, -0.761594),
    ),
    Worked(
        "act.tanh",
        "gradient(tanh(x).sum(), x)",
        (1.0, 0.419974, 0.070651, 0.000182),
        lets={"x": "tensor([0., 1., 2., 5.], dtype=float64)"},
    ),
    Worked(
        "act.tanh",
        "allclose(tanh(x), 2 * sigmoid(2 * x) - 1)",
        True,
        lets={"x": "linspace(-4, 4, 33)"},
    ),
    Worked("act.relu", "relu(x)", (0.0, 0.0, 0.0, 0.0, 0.5, 1.0, 2.0), lets=SEVEN),
    Worked(
        "act.relu",
        "gradient(relu(x).sum(), x)",
        (0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0),
        lets=SEVEN,
    ),
    Worked(
        "act.dying-relu",
        "dead_units(m, x)[0]",
        Between(0.94, 1.0),
        lets={
            "m": "Sequential(initialised(Linear(2, 32), bias=-3.0), ReLU())",
            "x": "2 * rand(256, 2) - 1",
        },
    ),
    Worked(
        "act.dying-relu",
        "gradient_norms((m(x) ** 2).mean(), m)[0]",
        0.0,
        0.0,
        lets={
            "m": "Sequential(initialised(Linear(2, 32), bias=-3.0), ReLU(),"
            " initialised(Linear(32, 32), bias=-3.0), ReLU(), Linear(32, 1))",
            "x": "2 * rand(256, 2) - 1",
        },
    ),
    Worked("act.leaky-prelu-elu", "leaky_relu(x)", (-0.02, -0.01), 1e-9, SIDES),
    Worked("act.leaky-prelu-elu", "gradient(leaky_relu(x).sum(), x)", (0.01, 0.01), 1e-9, SIDES),
    Worked("act.leaky-prelu-elu", "PReLU()(tensor([-2., -1.]))", (-0.5, -0.25), 0.0),
    Worked("act.leaky-prelu-elu", "elu(x)", (-0.86466, -0.63212), lets=SIDES),
    Worked("act.leaky-prelu-elu", "gradient(elu(x).sum(), x)", (0.13534, 0.36788), lets=SIDES),
    Worked("act.leaky-prelu-elu", "(parameters(PReLU()), parameters(PReLU(64)))", (1, 64)),
    Worked("act.swish-gelu", "(silu(-2.0), silu(1.0))", (-0.23841, 0.73106)),
    Worked("act.swish-gelu", "(gelu(-2.0), gelu(1.0))", (-0.04550, 0.84134)),
    Worked("act.swish-gelu", "silu(-1.27846)", -0.27846),
    Worked("act.swish-gelu", "gradient(silu(x), x=-1.27846)", 0.0, 5e-6),
    Worked("act.swish-gelu", "gelu(-0.75179)", -0.16997),
    Worked("act.swish-gelu", "gradient(gelu(x), x=-0.75179)", 0.0, 5e-6),
    Worked("act.swish-gelu", "gradient(gelu(x), x=1.0)", 1.083, 5e-4),
    Worked("act.maxout", "2 * parameters(Linear(3, 1))", 8),
    Worked(
        "act.maxout",
        "(equal(maximum(x, -x), abs(x)), equal(maximum(x, 0 * x), relu(x)))",
        (True, True),
        lets=SEVEN,
    ),
    Worked(
        "act.softmax",
        "softmax(tensor([0.3, 2.9, 4.0], dtype=float64))",
        (0.01821127, 0.24519181, 0.73659691),
    ),
    Worked("act.softmax", "softmax(tensor([0., log(4)]))", (0.2, 0.8), 1e-6),
    Worked("act.softmax", "log(4)", 1.3863),
    Worked("act.softmax", "softmax(tensor([0.3, 2.9, 4.0]) + 7).argmax()", 2),
    Worked("act.softmax-stability", "exp(x) / exp(x).sum()", (nan, nan, nan), lets=LARGE),
    Worked("act.softmax-stability", "exp(x) / exp(x).sum()", (nan, nan, nan), lets=LARGE_DOUBLE),
    Worked(
        "act.softmax-stability",
        "exp(x - x.max()) / exp(x - x.max()).sum()",
        (0.9999546, 4.5398e-05, 2.0611e-09),
        lets=LARGE_DOUBLE,
    ),
    Worked(
        "act.softmax-stability",
        "softmax(x)",
        (0.9999546, 4.5398e-05, 2.0611e-09),
        lets=LARGE_DOUBLE,
    ),
    Worked("act.softmax-stability", "log(largest(float16))", 11.09, 5e-3),
    Worked("act.softmax-stability", "log(largest(float32))", 88.7228, 5e-5),
    Worked("act.softmax-stability", "log(largest(float64))", 709.7827, 5e-5),
    Worked("act.softmax-stability", "exp(tensor(88.72))", 3.393e38, 5e34),
    Worked("act.softmax-stability", "exp(tensor(88.73))", inf),
    Worked("act.softmax-stability", "exp(x) / exp(x).sum()", (nan, nan), lets=NEGATIVE),
    Worked("act.softmax-stability", "softmax(x)", (0.99995, 4.54e-05), lets=NEGATIVE),
    Worked("act.softmax-stability", "log(softmax(tensor([1000., 0.])))", (0.0, -inf)),
    Worked("act.softmax-stability", "log_softmax(tensor([1000., 0.]))", (0.0, -1000.0)),
    Worked(
        "act.softmax-inference",
        "(z.argmax(dim=1) == softmax(z).argmax(dim=1)).sum()",
        100,
        lets={"z": "randn(100, 10)"},
    ),
    Worked(
        "act.identity-output",
        "trajectory((sigmoid(w) - 5) ** 2, 5.0, SGD(lr=10.0), 200)[1][200]",
        16.0,
        0.001,
    ),
    Worked("act.identity-output", "trajectory((w - 5) ** 2, 0.0, SGD(lr=0.1), 200)[1][200]", 0.0),
)


@stating(ROWS)
def test_a_worked_number(row: Worked) -> None:
    """What the engine measures is the figure that the curriculum states."""
    agrees(row)


LATER = (
    ("act.why-nonlinear", "rings with eight hidden layers by activation: training runs"),
    ("act.dying-relu", "loss stays at 0.6931; a rate of 10 kills units: training runs"),
    ("act.leaky-prelu-elu", "leaky ReLU with bias -3, and at rate 30: training runs"),
    ("act.choice-rules", "final losses of five activations: training runs"),
)
