"""Worked numbers of chapter A1, what deep learning is."""

from __future__ import annotations

from tests.unit.engine.worked.rings import LINEAR, RINGS, hidden, start, trained
from tests.unit.engine.worked.stated import Between, Worked, agrees, stating

ROWS = (
    Worked(
        "intro.feature-learning",
        trained(LINEAR, "Adam(lr=0.03)", 300),
        Between(0.67, 0.6932),
        lets={**RINGS, **start(0)},
    ),
    Worked(
        "intro.feature-learning",
        trained(hidden(16), "Adam(lr=0.03)", 300),
        Between(0.001, 0.01),
        lets={**RINGS, **start(16)},
    ),
    Worked(
        "intro.feature-learning",
        trained("p[0] * (x ** 2).sum(dim=1) + p[1]", "Adam(lr=0.3)", 300),
        Between(0, 0.05),
        lets={**RINGS, "p": "zeros(2)"},
    ),
    Worked("intro.definition", "parameters(mlp(64, 64, 64))", 8320),
    Worked("intro.definition", "parameters(mlp(64, 64, 64, 64, 64))", 16640),
    Worked("intro.applications", "output_shape(Linear(512, 10), zeros(4, 512))", (4, 10)),
    Worked("intro.applications", "output_shape(Linear(512, 4), zeros(4, 512))", (4, 4)),
    Worked(
        "intro.applications",
        "output_shape(unet(3, 5, width=8, depth=2), zeros(2, 3, 32, 32))",
        (2, 5, 32, 32),
    ),
    Worked("intro.hierarchical-features", "receptive_field(Conv2d(1, 1, 3))", 3),
    Worked("intro.hierarchical-features", "receptive_field(Repeat(2, Conv2d(1, 1, 3)))", 5),
    Worked("intro.hierarchical-features", "receptive_field(Repeat(3, Conv2d(1, 1, 3)))", 7),
    Worked("intro.hierarchical-features", "receptive_field(Repeat(9, Conv2d(1, 1, 3)))", 19),
    Worked(
        "intro.hierarchical-features",
        "count_nonzero(gradient(m(x)[0, 0, 7, 7], x))",
        49,
        lets={"m": "Repeat(3, Conv2d(1, 1, 3, padding=1))", "x": "randn(1, 1, 15, 15)"},
    ),
)


@stating(ROWS)
def test_a_worked_number(row: Worked) -> None:
    """What the engine measures is the figure that the curriculum states."""
    agrees(row)


LATER = (
    ("intro.function-view", "error inside and outside the range of training: a training run"),
    ("intro.rise", "gradients over 50 and 100 steps of RNN and LSTM: with the recurrent chapter"),
)
