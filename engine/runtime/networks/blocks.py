"""Building blocks of the named networks, each with its own seed.

Promise: the modules are PyTorch's, their code is text that builds them again. Must not know any
network.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from torch import nn

from engine import limits
from engine.runtime.layer import Layer, derived
from engine.runtime.layers.combining import Residual


class Blocks:
    """Makes the layers of one network in order, seeded one after the other."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.made = 0

    def leaf(self, code: str, build: Callable[[], nn.Module], *, alike: bool = False) -> Layer:
        """A layer without parts."""
        return Layer(code, lambda _: build(), self._next(), alike=alike)

    def conv(self, a: int, b: int, k: int, s: int = 1, p: int = 0, *, bias: bool = True) -> Layer:
        """A 2-d convolution."""
        tail = "" if bias else ", bias=False"
        return self.leaf(
            f"nn.Conv2d({a}, {b}, {k}, stride={s}, padding={p}{tail})",
            lambda: nn.Conv2d(a, b, k, s, p, bias=bias),
        )

    def linear(self, a: int, b: int) -> Layer:
        """A fully connected layer."""
        return self.leaf(f"nn.Linear({a}, {b})", lambda: nn.Linear(a, b))

    def norm(self, channels: int) -> Layer:
        """Batch normalisation of maps."""
        return self.leaf(f"nn.BatchNorm2d({channels})", lambda: nn.BatchNorm2d(channels))

    def relu(self) -> Layer:
        """ReLU."""
        return self.leaf("nn.ReLU()", nn.ReLU, alike=True)

    def dropout(self) -> Layer:
        """Dropout with probability one half."""
        return self.leaf("nn.Dropout(0.5)", nn.Dropout, alike=True)

    def flatten(self) -> Layer:
        """Maps to a vector."""
        return self.leaf("nn.Flatten()", nn.Flatten)

    def max_pool(self, k: int, s: int, p: int = 0) -> Layer:
        """Max pooling."""
        return self.leaf(
            f"nn.MaxPool2d({k}, stride={s}, padding={p})", lambda: nn.MaxPool2d(k, s, p)
        )

    def average(self, side: int) -> Layer:
        """Averaging to maps of side x side."""
        return self.leaf(
            f"nn.AdaptiveAvgPool2d({side})", lambda: nn.AdaptiveAvgPool2d((side, side))
        )

    def chain(self, layers: Sequence[Layer], code: str = "") -> Layer:
        """One after the other."""
        text = code or f"nn.Sequential({', '.join(layer.code for layer in layers)})"
        return Layer(
            text,
            lambda modules: nn.Sequential(*modules),
            self._next(),
            tuple(layers),
            most=limits.NETWORK_MODULES,
        )

    def residual(self, body: Layer, shortcut: Layer | None) -> Layer:
        """body(x) + shortcut(x)."""
        parts = (body,) if shortcut is None else (body, shortcut)
        text = f"Residual({', '.join(part.code for part in parts)})"
        return Layer(text, lambda modules: Residual(*modules), self._next(), parts)

    def _next(self) -> int:
        self.made += 1
        return derived(self.seed, self.made)
