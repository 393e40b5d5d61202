"""Worked numbers of chapter A5, optimisation."""

from __future__ import annotations

from tests.unit.engine.worked.rings import RINGS, hidden, start, trained
from tests.unit.engine.worked.stated import Between, Worked, agrees, stating

PATH = "trajectory(w ** 2, 1.0, {optimizer}, {steps})[0][1:]"
VALLEY = "trajectory(ravine, (10.0, 1.0), {optimizer}, {steps})"
ARRIVED = "(norm(" + VALLEY + "[0], dim=1) < 1e-3).float().argmax()"
KERAS = "RMSprop(lr=0.001, rho=0.9, eps=1e-7, eps_inside=True)"


def path(topic: str, optimizer: str, *points: float, tolerance: float | None = None) -> Worked:
    """The points of w ** 2 from 1 on."""
    source = PATH.format(optimizer=optimizer, steps=len(points))
    return Worked(topic, source, points, tolerance)


ROWS = (
    Worked("opt.gradient", "gradient(x ** 2 + y ** 2, x=3.0, y=4.0)", (6.0, 8.0)),
    Worked("opt.gradient", "norm(tensor([6., 8.]))", 10.0),
    Worked(
        "opt.gradient",
        "(6 * cos(a) + 8 * sin(a)).argmin() - (6 * cos(a) + 8 * sin(a)).argmax()",
        180,
        lets={"a": "arange(360) * pi / 180"},
    ),
    path("opt.gradient-descent", "SGD(lr=0.1)", 0.8, 0.64, 0.512, tolerance=1e-12),
    path("opt.gradient-descent", "SGD(lr=0.1, maximize=True)", 1.2, 1.44, 1.728, tolerance=1e-12),
    path("opt.learning-rate", "SGD(lr=0.5)", 0.0, tolerance=0.0),
    path("opt.learning-rate", "SGD(lr=1.0)", -1.0, 1.0, -1.0, tolerance=0.0),
    path("opt.learning-rate", "SGD(lr=1.1)", -1.2, 1.44, -1.728, 2.0736, tolerance=1e-9),
    Worked(
        "opt.learning-rate",
        trained(hidden(16), "SGD(lr=1e-4)", 300) + " / " + trained(hidden(16), "SGD(lr=1e-4)", 0),
        Between(0.995, 1.0),
        lets={**RINGS, **start(16)},
    ),
    Worked(
        "opt.learning-rate",
        trained(hidden(16), "SGD(lr=0.5)", 300),
        Between(0.03, 0.2),
        lets={**RINGS, **start(16)},
    ),
    Worked(
        "opt.learning-rate",
        trained(hidden(16), "SGD(lr=300.0)", 300),
        Between(10, 2000),
        lets={**RINGS, **start(16)},
    ),
    Worked("opt.sgd", "steps_per_epoch(1024, 1)", 1024),
    Worked("opt.bgd", "steps_per_epoch(1024, 1024)", 1),
    Worked(
        "opt.mbgd",
        "gradient(((w * x) ** 2).mean(), w=1.0)"
        " == (gradient(((w * x[:2]) ** 2).mean(), w=1.0)"
        " + gradient(((w * x[2:]) ** 2).mean(), w=1.0)) / 2",
        True,
        lets={"x": "tensor([1., 2., 3., 4.], dtype=float64)"},
    ),
    Worked("opt.batch-size", "steps_per_epoch(50000, 32)", 1563),
    Worked("opt.batch-size", "steps_per_epoch(50000, 64)", 782),
    Worked("opt.batch-size", "steps_per_epoch(50000, 128)", 391),
    Worked("opt.batch-size", "steps_per_epoch(50000, 256)", 196),
    path("opt.momentum", "SGD(lr=0.1, momentum=0.9)", 0.8, 0.46, 0.062, -0.3086, tolerance=1e-9),
    path(
        "opt.momentum",
        "SGD(lr=0.1, momentum=0.9, convention='velocity')",
        0.8,
        0.46,
        0.062,
        -0.3086,
        tolerance=1e-9,
    ),
    Worked(
        "opt.momentum",
        "p[:4] - p[1:]",
        (0.1, 0.19, 0.271, 0.3439),
        1e-9,
        {"p": "steps_path(0.0, 1.0, SGD(lr=0.1, momentum=0.9), 4)"},
    ),
    Worked(
        "opt.momentum",
        "p[399] - p[400]",
        1.0,
        1e-9,
        {"p": "steps_path(0.0, 1.0, SGD(lr=0.1, momentum=0.9), 400)"},
    ),
    Worked(
        "opt.momentum",
        "abs(p[200] - p[199])",
        0.0526,
        5e-5,
        {"p": "steps_path(0.0, (1.0, -1.0) * 100, SGD(lr=0.1, momentum=0.9))"},
    ),
    Worked(
        "opt.momentum", VALLEY.format(optimizer="SGD(lr=0.01)", steps=100) + "[1][100]", 6.70, 5e-3
    ),
    Worked(
        "opt.momentum",
        VALLEY.format(optimizer="SGD(lr=0.01, momentum=0.9)", steps=100) + "[1][100]",
        0.00044,
        5e-6,
    ),
    Worked("opt.momentum", ARRIVED.format(optimizer="SGD(lr=0.018)", steps=520), 508),
    Worked("opt.momentum", ARRIVED.format(optimizer="SGD(lr=0.018, momentum=0.9)", steps=200), 138),
    path("opt.adagrad", "Adagrad(lr=0.1)", 0.9, 0.83310, 0.78046, tolerance=5e-6),
    Worked(
        "opt.adagrad",
        VALLEY.format(optimizer="Adagrad(lr=1.0)", steps=100) + "[1][100]",
        0.0375,
        5e-5,
    ),
    Worked(
        "opt.adagrad",
        "(" + VALLEY.format(optimizer="Adagrad(lr=1.0)", steps=100) + "[0] >= 0).all()",
        True,
    ),
    path("opt.adadelta", "Adadelta()", 0.996838, 0.993598, 0.990309),
    path("opt.rmsprop", "RMSprop()", 0.9, 0.83292, 0.77998, tolerance=5e-6),
    path("opt.rmsprop", KERAS, 0.996838, 0.994547, 0.992631),
    Worked("opt.rmsprop", "1 - step(1.0, 2.0, RMSprop())", 0.1, 1e-8),
    Worked("opt.rmsprop", f"1 - step(1.0, 2.0, {KERAS})", 0.003162),
    Worked("opt.adam", "optimizer_state(0.0, 2.0, Adam(), name='exp_avg')", 0.2, 1e-12),
    Worked("opt.adam", "optimizer_state(0.0, 2.0, Adam(), name='exp_avg_sq')", 0.004, 1e-12),
    Worked("opt.adam", "optimizer_state(0.0, 2.0, Adam(), name='exp_avg_hat')", 2.0, 1e-9),
    Worked("opt.adam", "optimizer_state(0.0, 2.0, Adam(), name='exp_avg_sq_hat')", 4.0, 1e-9),
    Worked("opt.adam", "-step(0.0, 2.0, Adam(lr=0.001))", 0.001, 1e-9),
    Worked("opt.adam", "-step(0.0, 2.0, Adam(lr=0.001, bias_correction=False))", 0.003162),
    Worked("opt.adam", "-step(0.0, 2000.0, Adam(lr=0.001))", 0.001, 1e-9),
    Worked("opt.adam", "-step(0.0, 2e-6, Adam(lr=0.001))", 0.000995, 5e-7),
    path("opt.adam", "Adam()", 0.999, 0.998, 0.997, tolerance=5e-6),
    Worked(
        "opt.lr-schedule",
        "learning_rates(CosineAnnealingLR(SGD(lr=0.1), T_max=10), 11)",
        (0.1, 0.09755, 0.09045, 0.07939, 0.06545, 0.05, 0.03455, 0.02061, 0.00955, 0.00245, 0.0),
        5e-6,
    ),
    Worked(
        "opt.lr-schedule",
        "learning_rates(ExponentialLR(SGD(lr=0.1), gamma=0.9), 4)",
        (0.1, 0.09, 0.081, 0.0729),
        1e-9,
    ),
)


@stating(ROWS)
def test_a_worked_number(row: Worked) -> None:
    """What the engine measures is the figure that the curriculum states."""
    agrees(row)


LATER = (
    ("opt.sgd", "gradient noise 3.11 of single samples, rises in 47 %: training runs"),
    ("opt.bgd", "loss after three epochs by batch size: training runs"),
    ("opt.mbgd", "gradient noise of batches of 8, 64 and 256: random batches of a training run"),
    ("opt.lr-schedule", "excess loss of three schedules over 600 noisy steps: training runs"),
)
