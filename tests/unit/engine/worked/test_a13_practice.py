"""Worked numbers of chapter A13, the practice program topic by topic."""

from __future__ import annotations

from tests.unit.engine.worked.stated import Between, Worked, agrees, stating

NET = {"m": "Sequential(Linear(784, 512), ReLU(), Dropout(0.3), Linear(512, 10))"}

ROWS = (
    Worked("lab.data", "output_shape(Flatten(), (60000, 28, 28))", (60_000, 784)),
    Worked("lab.data", "output_shape(Flatten(), (10000, 28, 28))", (10_000, 784)),
    Worked("lab.data", "tensor([0, 255]) / 255.0", (0.0, 1.0)),
    Worked("lab.data", "shape(one_hot(tensor([7]), 10))", (1, 10)),
    Worked("lab.data", "kfold_split(60000, 6)", (50_000, 10_000)),
    Worked("lab.data", "split_sizes(70000, (5/7, 1/7, 1/7))", (50_000, 10_000, 10_000)),
    Worked("lab.model", "parameters(part(m, '0'))", 401_920, lets=NET),
    Worked("lab.model", "parameters(part(m, '2'))", 0, lets=NET),
    Worked("lab.model", "parameters(part(m, '3'))", 5130, lets=NET),
    Worked("lab.model", "parameters(m)", 407_050, lets=NET),
    Worked("lab.model", "flops(m, zeros(1, 784))", 813_056, lets=NET),
    Worked("lab.model", "macs(m, zeros(1, 784))", 406_528, lets=NET),
    Worked("lab.compile", "item(cross_entropy(zeros(4, 10), arange(4)))", 2.3026),
    Worked(
        "lab.compile",
        "item(cross_entropy(m(rand(256, 784)), randint(0, 10, (256,))))",
        Between(2.2, 2.42),
        lets=NET,
    ),
    Worked("lab.train", "steps_per_epoch(50000, 128)", 391),
    Worked("lab.train", "training_steps(50000, 128, 5)", 1955),
    Worked("lab.layers-guide", "parameters(MaxPool2d(2))", 0),
    Worked("lab.layers-guide", "parameters(Dropout(0.5))", 0),
)

LATER = (
    ("lab.plot-evaluate", "needs training"),
    ("lab.optimizer-guide", "rings after 200 steps of each optimizer need training"),
)


@stating(ROWS)
def test_a_worked_number(row: Worked) -> None:
    """What the engine measures is the figure that the curriculum states."""
    agrees(row)
