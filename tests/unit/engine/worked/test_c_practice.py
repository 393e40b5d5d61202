"""Worked numbers of the practice program: its specification, counts and checkable statements."""

from __future__ import annotations

from tests.unit.engine.worked.stated import Between, Worked, agrees, stating

NET = {"m": "Sequential(Linear(784, 512), ReLU(), Dropout(0.3), Linear(512, 10))"}
INPUT = NET | {"x": "zeros(1, 784)"}
SPEC = "RMSprop(lr=1e-3, alpha=0.9, eps=1e-7)"

ROWS = (
    *(
        Worked("lab.model", f"item(max(abs(weight_of({layer}))))", Between(0.998 * bound, bound))
        for layer, bound in (
            ("initialised(Linear(784, 512), 'glorot_uniform')", 0.0680415),
            ("initialised(Linear(512, 10), 'glorot_uniform')", 0.1072115),
            ("Linear(784, 512)", 0.0357145),
            ("Linear(512, 10)", 0.0441945),
        )
    ),
    Worked("lab.model", "parameters_by_layer(m)", (401_920, 0, 0, 5130), lets=NET),
    Worked("lab.model", "macs_by_layer(m, x)", (401_408, 0, 0, 5120), lets=INPUT),
    Worked("lab.model", "flops(part(m, '0'), x)", 802_816, lets=INPUT),
    Worked("lab.model", "flops(part(m, '3'), zeros(1, 512))", 10_240, lets=NET),
    Worked("lab.model", "parameters(m)", 407_050, lets=NET),
    Worked("lab.model", "macs(m, x)", 406_528, lets=INPUT),
    Worked("lab.model", "flops(m, x)", 813_056, lets=INPUT),
    Worked("lab.train", "2 * training_macs(m, x)", 1_636_352, lets=INPUT),
    Worked("lab.train", "2 * backward_macs(m, x)", 802_816 + 20_480, lets=INPUT),
    Worked("lab.train", "2 * training_macs(m, zeros(128, 784))", 209_453_056, lets=NET),
    Worked(
        "lab.train", "2 * training_macs(m, x) * 250000 / 1e11", 4.09, lets=INPUT, tolerance=0.005
    ),
    Worked("lab.train", "steps_per_epoch(50000, 128)", 391),
    Worked("lab.train", "steps_per_epoch(50000, 128, drop_last=True)", 390),
    Worked("lab.train", "last_batch(50000, 128)", 80),
    Worked("lab.train", "training_steps(50000, 128, 5)", 1955),
    Worked("lab.train", "training_steps(50000, 128, 5, drop_last=True)", 1950),
    Worked("lab.train", "steps_per_epoch(50000, 32)", 1563),
    Worked("lab.train", "steps_per_epoch(50000, 256)", 196),
    Worked("lab.model", "memory(m)", 1_628_200, lets=NET),
    Worked("lab.compile", "optimizer_memory(m, 'RMSprop')", 1_628_200, lets=NET),
    Worked("lab.train", "gradient_memory(m)", 1_628_200, lets=NET),
    Worked("lab.model", "512 * (1 - 0.3)", 358.4),
    Worked("lab.model", "count_nonzero(dropout(ones(512), 0.3, training=True))", Between(310, 405)),
    Worked("lab.model", "item(max(dropout(ones(512), 0.3, training=True)))", 1.428571),
    Worked("lab.compile", f"-step(0.0, 1.0, {SPEC})", 0.0031623, tolerance=6e-8),
    Worked("lab.compile", "-step(0.0, 1.0, RMSprop())", 0.1),
    Worked("lab.compile", "log(10)", 2.302585),
    Worked(
        "lab.data",
        "(100 * 50 / 70, 100 * 10 / 70)",
        (71.43, 14.29),
        tolerance=0.005,
    ),
    Worked(
        "lab.compile",
        "item(cross_entropy(softmax(100. * one_hot(tensor([3]), 10)), tensor([3])))",
        1.4612,
    ),
    *(
        Worked("lab.model", f"parameters(mlp(784, {hidden}, 10))", count)
        for hidden, count in ((16, 12_730), (128, 101_770), (512, 407_050))
    ),
)

LATER = (
    ("lab.train", "losses, accuracies and times on rendered digits need training"),
    ("lab.plot-evaluate", "the gap between training and validation needs training"),
)


@stating(ROWS)
def test_a_worked_number(row: Worked) -> None:
    """What the engine measures is the figure that the curriculum states."""
    agrees(row)
