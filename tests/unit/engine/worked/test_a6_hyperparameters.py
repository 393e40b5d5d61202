"""Worked numbers of chapter A6, hyperparameters."""

from __future__ import annotations

from tests.unit.engine.worked.stated import Worked, agrees, stating

VALLEYS = "trajectory(sin(3 * x) + x ** 2 / 10, {start}, SGD(lr=0.05), 200)[0][200]"

ROWS = (
    Worked(
        "hyper.definition",
        "(parameters(mlp(2, 8, 1)), parameters(mlp(2, 16, 1)))",
        (33, 65),
    ),
    Worked(
        "hyper.search-methods",
        "(numel(unique(grid)), numel(grid))",
        (5, 25),
        lets={"grid": "repeat(linspace(-4, 0, 5), 5)"},
    ),
    Worked("hyper.search-methods", "numel(unique(rand(25)))", 25),
    Worked("hyper.mitie-bobyqa", VALLEYS.format(start="-1.0"), -0.5122, 5e-5),
    Worked("hyper.mitie-bobyqa", VALLEYS.format(start="1.0"), 1.5366, 5e-5),
    Worked("hyper.mitie-bobyqa", VALLEYS.format(start="3.0"), 3.5848, 5e-5),
    Worked("hyper.procedure", "len(kfold_sizes(1000, 5)) * 25", 125),
)


@stating(ROWS)
def test_a_worked_number(row: Worked) -> None:
    """What the engine measures is the figure that the curriculum states."""
    agrees(row)


LATER = (
    ("hyper.lipo", "LIPO against random search over fifty seeds: no such search in the language"),
    ("hyper.procedure", "accuracy of each setting on the validation set: training runs"),
)
