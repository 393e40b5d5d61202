"""Worked numbers of chapter A12, the training clinic: what one backward pass shows."""

from __future__ import annotations

from tests.unit.engine.worked.stated import Between, Worked, agrees, stating

RINGS = {
    "y": "arange(256) % 2",
    "r": "0.5 + 0.7 * y + 0.08 * randn(256)",
    "t": "2 * pi * rand(256)",
    "x": "stack((r * cos(t), r * sin(t)), dim=1)",
}


def deep(activation: str, width: int, depth: int) -> str:
    """Two inputs, so many hidden layers, one output."""
    hidden = f"Repeat({depth - 1}, Sequential(Linear({width}, {width}), {activation}()))"
    return f"Sequential(Linear(2, {width}), {activation}(), {hidden}, Linear({width}, 1))"


def relu_net(gain: float, depth: int) -> dict[str, str]:
    """A ReLU network whose weights spread `gain` times as far as He's."""
    return RINGS | {"m": f"initialised({deep('ReLU', 64, depth)}, 'he_normal', gain={gain})"}


GRADIENT = {"w": "tensor([3., 4.])"}
WEIGHTS = "gradient_norms(m(x).mean(), m, bias=False)"
SIGNALS = "error_signals(m(x).mean(), m)"
SEEDS = range(3)

ROWS = (
    *(
        Worked(
            "clinic.exploding",
            f"{WEIGHTS}[0]",
            Between(first / spread, first * spread),
            lets=relu_net(gain, depth),
        )
        for gain, firsts in (
            (2.0, (1.67, 7.31, 183.0, 1.9e5, 2.5e10)),
            (1.0, (0.42, 0.23, 0.18, 0.18, 0.023)),
            (0.5, (0.10, 0.0071, 1.7e-4, 1.7e-7, 2.1e-14)),
        )
        for depth, first, spread in zip((2, 5, 10, 20, 40), firsts, (5, 5, 8, 10, 30), strict=True)
    ),
    Worked("clinic.clipping", "grad_norm(w)", 5.0, lets=GRADIENT),
    Worked("clinic.clipping", "clip_grad_norm(w, 1.0)", (0.6, 0.8), lets=GRADIENT, tolerance=1e-6),
    Worked("clinic.clipping", "clip_grad_value(w, 1.0)", (1.0, 1.0), lets=GRADIENT),
    Worked(
        "clinic.vanishing",
        "(g[0], g[5], g[10], g[15], g[20])",
        tuple(
            Between(norm / spread, norm * spread)
            for norm, spread in (
                (4.7e-19, 30),
                (5.4e-15, 20),
                (1.5e-10, 10),
                (2.8e-6, 8),
                (0.032, 30),
            )
        ),
        lets=RINGS
        | {
            "m": deep("Sigmoid", 32, 20),
            "g": "gradient_norms(binary_cross_entropy_with_logits("
            "m(x).squeeze(-1), y.float()), m, bias=False)",
        },
    ),
    *(
        Worked(
            "clinic.summary",
            f"{SIGNALS}[0] / {SIGNALS}[-1]",
            ratio,
            lets=relu_net(gain, 12),
            seed=seed,
        )
        for gain, ratio in (
            (0.5, Between(3e-5, 1e-3)),
            (1.0, Between(0.15, 4.0)),
            (2.0, Between(6e2, 1.6e4)),
        )
        for seed in SEEDS
    ),
    *(
        Worked(
            "clinic.summary",
            f"{WEIGHTS}[0] / {WEIGHTS}[-1]",
            Between(0.006, 0.3),
            lets=relu_net(gain, 12),
            seed=seed,
        )
        for gain in (0.5, 1.0, 2.0)
        for seed in SEEDS
    ),
    Worked(
        "clinic.summary",
        f"{WEIGHTS}[0] / {WEIGHTS}[-1]",
        Between(0.2, 3.0),
        lets=RINGS | {"m": f"initialised({deep('Tanh', 64, 12)}, 'normal', std=0.01)"},
    ),
)

LATER = (
    ("clinic.overview", "curves of training"),
    ("clinic.lr", "needs training"),
    ("clinic.init", "needs training"),
    ("clinic.activation", "needs training"),
    ("clinic.preprocessing", "needs training"),
    ("clinic.complexity", "needs training"),
    ("clinic.regularisation", "needs training"),
    ("clinic.data", "needs training"),
    ("clinic.time", "needs training"),
    ("clinic.clipping", "the recurrent network with clipping needs training"),
)


@stating(ROWS)
def test_a_worked_number(row: Worked) -> None:
    """What the engine measures is the figure that the curriculum states."""
    agrees(row)
