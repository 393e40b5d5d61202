"""Worked numbers of chapter A8, training practice."""

from __future__ import annotations

from tests.unit.engine.worked.rings import LINEAR, RINGS, hidden, start, trained
from tests.unit.engine.worked.stated import Between, Worked, agrees, stating

DEEP = "Repeat(10, Sequential(initialised(Linear(256, 256, bias=False), {scheme}), {after}))"
RMS = "activation_statistics(m, x, 'rms')"
EQUAL = {
    "x": "randn(16, 4)",
    "y": "randn(16, 1)",
    "w": "full((3, 4), 0.5)",
    "v": "full((3, 1), 0.5)",
}
PENALISED = {"w": "tensor([3., -4.], dtype=float64)"}
DROPPED = {"kept": "dropout(ones(1000000), p=0.3)"}
BATCH = {"x": "10 + 5 * randn(256, 3)", "mu": "x.mean(dim=0)", "s2": "x.var(dim=0)"}


def signal(topic: str, scheme: str, after: str, layer: int, rms: Between) -> Worked:
    """The size of the activations after one of ten layers of 256."""
    lets = {"m": DEEP.format(scheme=scheme, after=after), "x": "randn(512, 256)"}
    return Worked(topic, f"{RMS}[{2 * layer - 1}]", rms, lets=lets)


ROWS = (
    Worked(
        "train.loop",
        "path[1] < path[0]",
        True,
        lets={
            "x": "randn(8, 3)",
            "y": "randn(8)",
            "w": "zeros(3)",
            "path": "trajectory(mse_loss(x @ w, y), w, SGD(lr=0.01), 1)[1]",
        },
    ),
    Worked("train.epoch", "50000 / 128", 390.625, 0.0),
    Worked("train.epoch", "steps_per_epoch(50000, 128)", 391),
    Worked("train.epoch", "last_batch(50000, 128)", 80),
    Worked("train.epoch", "training_steps(50000, 128, 5)", 1955),
    Worked("train.epoch", "training_steps(50000, 128, 5, drop_last=True)", 1950),
    Worked("train.epoch", "steps_per_epoch(60000, 128)", 469),
    Worked(
        "train.init-random",
        "(abs(after[0] - after[1]).max(), abs(after[0] - after[2]).max())",
        (0.0, 0.0),
        1e-6,
        {
            **EQUAL,
            "after": "trajectory(mse_loss(tanh(x @ w.T) @ v, y), w, SGD(lr=0.1), 50)[0][50]",
        },
    ),
    Worked("train.init-xavier", "(2 / (784 + 512)) ** 0.5", 0.039284),
    Worked("train.init-xavier", "(6 / (784 + 512)) ** 0.5", 0.068041),
    Worked(
        "train.init-xavier",
        "weight_statistics(initialised(Linear(784, 512), 'xavier_normal'), 'std')[0]",
        Between(0.03909, 0.03948),
    ),
    Worked(
        "train.init-xavier",
        "abs(weight_of(initialised(Linear(784, 512), 'xavier_uniform'))).max()",
        Between(0.06803, 0.068042),
    ),
    signal("train.init-xavier", "'xavier_normal'", "Tanh()", 1, Between(0.61, 0.65)),
    signal("train.init-xavier", "'xavier_normal'", "Tanh()", 5, Between(0.29, 0.35)),
    signal("train.init-xavier", "'xavier_normal'", "Tanh()", 10, Between(0.19, 0.25)),
    signal("train.init-xavier", "'normal', std=0.01", "Tanh()", 1, Between(0.15, 0.17)),
    signal("train.init-xavier", "'normal', std=0.01", "Tanh()", 5, Between(0.8e-4, 1.3e-4)),
    signal("train.init-xavier", "'normal', std=0.01", "Tanh()", 10, Between(0, 1e-7)),
    signal("train.init-xavier", "'normal', std=1.0", "Tanh()", 1, Between(0.96, 0.98)),
    Worked(
        "train.init-xavier",
        "saturation(m, x)[9]",
        Between(0.84, 0.90),
        lets={
            "m": DEEP.format(scheme="'normal', std=1.0", after="Tanh()"),
            "x": "randn(512, 256)",
        },
    ),
    signal("train.init-xavier", "'xavier_normal'", "ReLU()", 1, Between(0.68, 0.74)),
    signal("train.init-xavier", "'xavier_normal'", "ReLU()", 5, Between(0.13, 0.22)),
    signal("train.init-xavier", "'xavier_normal'", "ReLU()", 10, Between(0.02, 0.045)),
    Worked("train.init-he", "(2 / 784) ** 0.5", 0.050508),
    Worked("train.init-he", "(6 / 784) ** 0.5", 0.087482),
    Worked(
        "train.init-he",
        "weight_statistics(initialised(Linear(784, 512), 'he_normal'), 'std')[0]",
        Between(0.05026, 0.05076),
    ),
    Worked(
        "train.init-he",
        "abs(weight_of(initialised(Linear(784, 512), 'he_uniform'))).max()",
        Between(0.08747, 0.087483),
    ),
    Worked(
        "train.init-he",
        "abs(weight_of(Linear(784, 512))).max()",
        Between(0.035710, 0.035715),
    ),
    signal("train.init-he", "'he_normal'", "ReLU()", 1, Between(0.95, 1.05)),
    signal("train.init-he", "'he_normal'", "ReLU()", 5, Between(0.8, 1.25)),
    signal("train.init-he", "'he_normal'", "ReLU()", 10, Between(0.7, 1.35)),
    Worked("train.capacity", "parameters(mlp(2, 1))", 3),
    Worked("train.capacity", "parameters(mlp(2, 2, 1))", 9),
    Worked("train.capacity", "parameters(mlp(2, 16, 1))", 65),
    Worked(
        "train.capacity",
        trained(LINEAR, "Adam(lr=0.03)", 300),
        Between(0.67, 0.6932),
        lets={**RINGS, **start(0)},
    ),
    Worked(
        "train.capacity",
        trained(hidden(2), "Adam(lr=0.03)", 300),
        Between(0.25, 0.5),
        lets={**RINGS, **start(2)},
    ),
    Worked(
        "train.capacity",
        trained(hidden(16), "Adam(lr=0.03)", 300),
        Between(0.001, 0.01),
        lets={**RINGS, **start(16)},
    ),
    Worked("train.l1-l2", "0.01 * abs(w).sum()", 0.07, 1e-12, PENALISED),
    Worked("train.l1-l2", "0.01 * (w ** 2).sum()", 0.25, 1e-12, PENALISED),
    Worked("train.l1-l2", "gradient(0.01 * abs(w).sum(), w)", (0.01, -0.01), 1e-12, PENALISED),
    Worked("train.l1-l2", "gradient(0.01 * (w ** 2).sum(), w)", (0.06, -0.08), 1e-12, PENALISED),
    Worked(
        "train.l1-l2",
        "w - step(w, 0 * w, SGD(lr=1.0, weight_decay=0.02))",
        (0.06, -0.08),
        1e-12,
        PENALISED,
    ),
    Worked("train.dropout", "(kept == 0).float().mean()", Between(0.298, 0.302), lets=DROPPED),
    Worked("train.dropout", "kept.max()", 1.428571, 1e-6, DROPPED),
    Worked("train.dropout", "kept.double().mean()", Between(0.998, 1.002), lets=DROPPED),
    Worked(
        "train.dropout",
        "equal(dropout(x, p=0.3, training=False), x)",
        True,
        lets={"x": "randn(1000)"},
    ),
    Worked("train.dropout", "equal(Dropout(0.3)(x), x)", True, lets={"x": "randn(1000)"}),
    Worked("train.dropout", "512 * (1 - 0.3)", 358.4, 1e-9),
    Worked("train.dropout", "parameters(Dropout(0.3))", 0),
    Worked("train.batchnorm", "abs(batch_norm(x).mean(dim=0)).max()", Between(0, 1e-6), lets=BATCH),
    Worked(
        "train.batchnorm",
        "batch_norm(x).std(dim=0, unbiased=False)",
        (1.0, 1.0, 1.0),
        5e-5,
        BATCH,
    ),
    Worked(
        "train.batchnorm",
        "0.1 * mu",
        (Between(0.9, 1.1), Between(0.9, 1.1), Between(0.9, 1.1)),
        lets=BATCH,
    ),
    Worked(
        "train.batchnorm",
        "((x - 0.1 * mu) / sqrt(0.9 + 0.1 * s2)).mean()",
        Between(4.6, 5.15),
        lets=BATCH,
    ),
    Worked("train.batchnorm", "parameters(BatchNorm2d(64))", 128),
    Worked("train.batchnorm", "buffers(BatchNorm2d(64))", 129),
    Worked("train.cnn-steps", "weight_shape(Conv2d(1, 4, 3))", (4, 1, 3, 3)),
)


@stating(ROWS)
def test_a_worked_number(row: Worked) -> None:
    """What the engine measures is the figure that the curriculum states."""
    agrees(row)


LATER = (
    ("train.init-random", "ten tanh layers, all weights 0.1, stuck at 0.6912: a training run"),
    ("train.overfitting", "polynomials of degree 1 to 15 through 16 points: no least squares"),
    ("train.l1-l2", "share of small weights and validation loss under L1: training runs"),
    ("train.dropout", "validation loss with and without dropout: training runs"),
    ("train.batchnorm", "running statistics that a layer keeps after a batch: layers run in eval"),
    ("train.batchnorm", "twenty sigmoid layers with and without: training runs"),
    ("train.more-epochs", "spirals by epoch: training runs"),
    ("train.cnn-steps", "which tensors of a network change in a step: training runs"),
    ("train.classic-procedure", "outputs after saving and loading: nothing is written to disk"),
)
