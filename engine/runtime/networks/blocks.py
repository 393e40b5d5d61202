"""Building blocks of the named networks, each with its own seed.

Promise: the modules are PyTorch's, their code is text that builds them again. A part is checked
with the whole network that it belongs to. Must not know any network.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

from torch import nn

from engine import limits
from engine.refusal import over_limit
from engine.runtime.arguments import Count, whole, words
from engine.runtime.layer import Assemble, Layer, Salted, Seed, in_sequence
from engine.runtime.layers.combining import Parallel, Residual

Pair = int | tuple[int, int]
Variant = Annotated[str, words("modern", "paper")]
Width = Annotated[int, whole(1, 10**6)]
"""Channels, features or tokens of a network whose other sizes are multiples of it."""
Depth = Count


class Blocks:
    """Makes the layers of one network in order, seeded one after the other."""

    def __init__(self, seed: Seed) -> None:
        self.seed = seed
        self.made = 0

    def leaf(self, code: str, build: Callable[[], nn.Module], *, alike: bool = False) -> Layer:
        """A layer without parts; leaves of the same code are built alike."""
        return Layer(code, lambda _: build(), self._next(), alike=alike, kind=code)

    def inner(self, code: str, assemble: Assemble, parts: Sequence[Layer]) -> Layer:
        """A layer of layers inside a network, without weights of its own."""
        return Layer(code, assemble, self._next(), tuple(parts), inner=True)

    def network(self, code: str, assemble: Assemble, parts: Sequence[Layer]) -> Layer:
        """The whole network."""
        return Layer(code, assemble, self._next(), tuple(parts), most=limits.NETWORK_MODULES)

    def conv(
        self, a: int, b: int, k: Pair, s: int = 1, p: Pair = 0, *, bias: bool = True,
        groups: int = 1,
    ) -> Layer:  # fmt: skip
        """A 2-d convolution."""
        tail = ("" if groups == 1 else f", groups={groups}") + ("" if bias else ", bias=False")
        return self.leaf(
            f"nn.Conv2d({a}, {b}, {k}, stride={s}, padding={p}{tail})",
            lambda: nn.Conv2d(a, b, k, s, p, groups=groups, bias=bias),
        )

    def transposed(self, a: int, b: int, k: int, s: int, p: int = 0, *, bias: bool = True) -> Layer:
        """A transposed 2-d convolution."""
        tail = "" if bias else ", bias=False"
        return self.leaf(
            f"nn.ConvTranspose2d({a}, {b}, {k}, stride={s}, padding={p}{tail})",
            lambda: nn.ConvTranspose2d(a, b, k, s, p, bias=bias),
        )

    def linear(self, a: int, b: int, *, bias: bool = True) -> Layer:
        """A fully connected layer."""
        tail = "" if bias else ", bias=False"
        return self.leaf(f"nn.Linear({a}, {b}{tail})", lambda: nn.Linear(a, b, bias=bias))

    def embedding(self, entries: int, width: int) -> Layer:
        """A table of vectors."""
        return self.leaf(f"nn.Embedding({entries}, {width})", lambda: nn.Embedding(entries, width))

    def lstm(self, a: int, b: int, layers: int, dropout: float) -> Layer:
        """Layers of LSTM over (N, L, a). Built anew each time: it keeps lists of its weights."""
        between = dropout if layers > 1 else 0.0
        return Layer(
            f"nn.LSTM({a}, {b}, {layers}, batch_first=True, dropout={between})",
            lambda _: nn.LSTM(a, b, layers, batch_first=True, dropout=between),
            self._next(),
        )

    def norm(self, channels: int, eps: float = 1e-5) -> Layer:
        """Batch normalisation of maps."""
        tail = "" if eps == 1e-5 else f", eps={eps}"
        return self.leaf(f"nn.BatchNorm2d({channels}{tail})", lambda: nn.BatchNorm2d(channels, eps))

    def feature_norm(self, features: int) -> Layer:
        """Batch normalisation of features."""
        return self.leaf(f"nn.BatchNorm1d({features})", lambda: nn.BatchNorm1d(features))

    def layer_norm(self, width: int, eps: float = 1e-5) -> Layer:
        """Layer normalisation of the last axis."""
        tail = "" if eps == 1e-5 else f", eps={eps}"
        return self.leaf(f"nn.LayerNorm({width}{tail})", lambda: nn.LayerNorm(width, eps))

    def response_norm(self) -> Layer:
        """Local response normalisation over 5 maps, as AlexNet has it."""
        return self.leaf("nn.LocalResponseNorm(5, k=2.0)", lambda: nn.LocalResponseNorm(5, k=2.0))

    def act(self, name: str, *args: object) -> Layer:
        """An elementwise activation of torch.nn without weights."""
        return self.leaf(
            f"nn.{name}({', '.join(map(repr, args))})",
            lambda: getattr(nn, name)(*args),
            alike=True,
        )

    def relu(self) -> Layer:
        """ReLU."""
        return self.act("ReLU")

    def dropout(self, p: float = 0.5) -> Layer:
        """Dropout with probability p."""
        return self.act("Dropout", p)

    def identity(self) -> Layer:
        """Its input."""
        return self.act("Identity")

    def flatten(self) -> Layer:
        """Maps to a vector."""
        return self.leaf("nn.Flatten()", nn.Flatten)

    def max_pool(self, k: int, s: int, p: int = 0, *, ceil: bool = False) -> Layer:
        """Max pooling."""
        tail = ", ceil_mode=True" if ceil else ""
        return self.leaf(
            f"nn.MaxPool2d({k}, stride={s}, padding={p}{tail})",
            lambda: nn.MaxPool2d(k, s, p, ceil_mode=ceil),
        )

    def avg_pool(self, k: int, s: int, p: int = 0) -> Layer:
        """Average pooling; zeros of the padding are counted in."""
        return self.leaf(
            f"nn.AvgPool2d({k}, stride={s}, padding={p})", lambda: nn.AvgPool2d(k, s, p)
        )

    def average(self, side: int) -> Layer:
        """Averaging to maps of side x side."""
        return self.leaf(
            f"nn.AdaptiveAvgPool2d({side})", lambda: nn.AdaptiveAvgPool2d((side, side))
        )

    def conv_norm(
        self, a: int, b: int, k: Pair, s: int = 1, p: Pair | None = None, *, groups: int = 1,
        eps: float = 1e-5, act: str = "ReLU",
    ) -> list[Layer]:  # fmt: skip
        """A convolution without bias, batch normalisation and an activation ("": none); padded
        to keep an odd kernel's size unless told."""
        kept = p if p is not None else k // 2 if isinstance(k, int) else (k[0] // 2, k[1] // 2)
        layers = [self.conv(a, b, k, s, kept, bias=False, groups=groups), self.norm(b, eps)]
        return [*layers, self.act(act)] if act else layers

    def chain(self, layers: Sequence[Layer], code: str = "") -> Layer:
        """One after the other; with a code it is the whole network."""
        if code:
            return self.network(code, in_sequence, layers)
        text = f"nn.Sequential({', '.join(layer.code for layer in layers)})"
        return self.inner(text, in_sequence, layers)

    def tied(self, layers: Sequence[Layer], code: str) -> Layer:
        """A network whose last layer has the first one's weight."""

        def assemble(modules: Sequence[nn.Module]) -> nn.Module:
            modules[-1].weight = modules[0].weight
            return in_sequence(modules)

        return self.network(code, assemble, layers)

    def residual(self, body: Layer, shortcut: Layer | None = None) -> Layer:
        """body(x) + shortcut(x)."""
        parts = (body,) if shortcut is None else (body, shortcut)
        text = f"Residual({', '.join(part.code for part in parts)})"
        return self.inner(text, lambda modules: Residual(*modules), parts)

    def parallel(self, branches: Sequence[Layer]) -> Layer:
        """Branches whose channels are put behind each other."""
        text = f"Parallel({', '.join(branch.code for branch in branches)})"
        return self.inner(text, lambda modules: Parallel(modules, 1), branches)

    def _next(self) -> Seed:
        self.made += 1
        if self.made > limits.NETWORK_MODULES:
            raise over_limit("too-many-modules", got=self.made, high=limits.NETWORK_MODULES)
        return Salted(self.seed, self.made)
