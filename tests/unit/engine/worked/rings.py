"""Two noisy rings and small nets of one vector of weights, as the curriculum's short runs use them.

Promise: `trained` is an expression for the loss after some steps of an optimizer from a random
start. Must not hold figures.
"""

from __future__ import annotations

RINGS = {
    "y": "(arange(256) % 2).float()",
    "radius": "0.5 + 0.7 * y + 0.08 * randn(256)",
    "angle": "2 * pi * rand(256)",
    "x": "stack((radius * cos(angle), radius * sin(angle)), dim=1)",
}
"""Lets: 256 points `x` on rings of radius 0.5 and 1.2, class `y`."""

LINEAR = "x @ p[0:2] + p[2]"


def hidden(units: int) -> str:
    """The logits of a 2-`units`-1 tanh net, its weights in the vector p."""
    first, bias, last = 2 * units, 3 * units, 4 * units
    return (
        f"tanh(x @ p[0:{first}].reshape(2, {units}) + p[{first}:{bias}])"
        f" @ p[{bias}:{last}] + p[{last}]"
    )


def start(units: int) -> dict[str, str]:
    """The let of a random start; 0 units are the linear model."""
    return {"p": f"0.5 * randn({4 * units + 1 if units else 3})"}


def trained(logits: str, optimizer: str, steps: int) -> str:
    """The cross-entropy after these steps."""
    loss = f"binary_cross_entropy_with_logits({logits}, y)"
    return f"trajectory({loss}, p, {optimizer}, {steps})[1][{steps}]"
