"""300 random models written as PyTorch text, measured by us and by PyTorch itself.

PyTorch's side evaluates the same text with the real `torch.nn`, on the CPU with real weights, so
nothing of ours takes part in it.
"""

from __future__ import annotations

import random

import pytest
import torch
from measuring import outcome
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from engine.protocol import Measured

MODELS = 300
CHUNKS = 6


class Writer:
    """Writes one random model; the shape that reaches the next layer comes from torch."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.input = self._start()
        self.x = torch.zeros(self.input)
        self.layers: list[str] = []

    def _start(self) -> tuple[int, ...]:
        pick = self.random.randint
        if self.random.random() < 0.25:
            return (pick(1, 2), pick(1, 6), pick(6, 24))
        return (pick(1, 2), pick(1, 6), pick(6, 18), pick(6, 18))

    def text(self) -> str:
        for _ in range(self.random.randint(1, 6)):
            self._add(self._map_layer())
        if self.random.random() < 0.6:
            self._add("nn.Flatten()")
            for _ in range(self.random.randint(1, 3)):
                self._add(self._flat_layer())
        return f"nn.Sequential({', '.join(self.layers)})"

    def _add(self, layer: str) -> None:
        """Keep a layer that real torch can build and run on what reaches it."""
        try:
            with torch.no_grad():
                y = eval(layer, {"nn": nn}).eval()(self.x)
        except (RuntimeError, ValueError, AssertionError):
            return
        if 0 < y.numel() < 40_000:
            self.layers.append(layer)
            self.x = y

    def _map_layer(self) -> str:
        dims, channels = self.x.dim() - 2, self.x.shape[1]
        kinds = [self._conv, self._conv, self._pool, self._pointwise, self._norm, self._other]
        return self.random.choice(kinds)(dims, channels)

    def _conv(self, dims: int, channels: int) -> str:
        pick, choose = self.random.randint, self.random.choice
        groups = choose([g for g in range(1, channels + 1) if channels % g == 0])
        out = groups * pick(1, 4)
        kernel = pick(1, 4)
        if self.random.random() < 0.15:
            stride = pick(1, 3)
            extra = pick(0, stride - 1)
            places = f"{channels}, {out}, {kernel}, {stride}, {pick(0, 1)}, {extra}"
            return f"nn.ConvTranspose{dims}d({places}, groups={groups})"
        inner = [f"{channels}, {out}", f"kernel_size={kernel}", f"bias={choose([True, False])}"]
        if groups > 1 or self.random.random() < 0.2:
            inner.append(f"groups={groups}")
        if self.random.random() < 0.2:
            inner.append("padding='same'")
        else:
            inner += [f"stride={pick(1, 3)}", f"padding={pick(0, 2)}"]
        if self.random.random() < 0.3:
            inner.append(f"dilation={pick(1, 2)}")
        if dims == 2 and self.random.random() < 0.2:
            inner[1] = f"kernel_size=({pick(1, 3)}, {pick(1, 3)})"
        if self.random.random() < 0.1:
            inner.append("padding_mode='circular'")
        return f"nn.Conv{dims}d({', '.join(inner)})"

    def _pool(self, dims: int, channels: int) -> str:
        pick, choose = self.random.randint, self.random.choice
        kernel = pick(1, 3)
        ceil = choose(["", ", ceil_mode=True"])
        stride = choose(["", f", stride={pick(1, 3)}"])
        pad = choose(["", f", padding={kernel // 2}"])
        kinds = [f"nn.MaxPool{dims}d({kernel}{stride}{pad}{ceil})",
                 f"nn.AvgPool{dims}d({kernel}{stride}{pad}{ceil})"]  # fmt: skip
        if dims == 2:
            kinds.append(f"nn.AdaptiveAvgPool2d(({pick(1, 4)}, {pick(1, 4)}))")
        return choose(kinds)

    def _pointwise(self, dims: int, channels: int) -> str:
        return self.random.choice(
            ["nn.ReLU()", "nn.ReLU(inplace=True)", "nn.GELU()", "nn.Tanh()", "nn.Sigmoid()",
             "nn.LeakyReLU(0.2)", "nn.PReLU()", f"nn.PReLU({channels})", "nn.SiLU()",
             "nn.Dropout(0.3)", "nn.Identity()", "nn.Softmax(dim=1)", "nn.ELU()"]
        )  # fmt: skip

    def _norm(self, dims: int, channels: int) -> str:
        groups = self.random.choice([g for g in range(1, channels + 1) if channels % g == 0])
        shape = tuple(self.x.shape[1:])
        return self.random.choice(
            [f"nn.BatchNorm{dims}d({channels})", f"nn.GroupNorm({groups}, {channels})",
             f"nn.LayerNorm({shape})", f"nn.BatchNorm{dims}d({channels}, affine=False)"]
        )  # fmt: skip

    def _other(self, dims: int, channels: int) -> str:
        if dims == 1:
            return f"nn.Linear({self.x.shape[-1]}, {self.random.randint(1, 12)})"
        return self.random.choice(
            ["nn.Upsample(scale_factor=2)", "nn.ZeroPad2d((1, 0, 2, 1))",
             f"nn.Sequential(nn.Conv2d({channels}, {channels}, 1), nn.ReLU())",
             "nn.Upsample(scale_factor=2, mode='bilinear', align_corners=False)"]
        )  # fmt: skip

    def _flat_layer(self) -> str:
        features = self.x.shape[-1]
        return self.random.choice(
            [f"nn.Linear({features}, {self.random.randint(1, 40)})",
             f"nn.Linear({features}, {self.random.randint(1, 40)}, bias=False)",
             "nn.ReLU()", f"nn.BatchNorm1d({features})", f"nn.LayerNorm({features})",
             f"nn.RMSNorm({features})", "nn.Dropout()"]
        )  # fmt: skip


def by_torch(text: str, size: tuple[int, ...]) -> tuple[int, tuple[int, ...], int]:
    model = eval(text, {"nn": nn}).eval()
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        shape = tuple(model(torch.zeros(size)).shape)
    return sum(p.numel() for p in model.parameters()), shape, counter.get_total_flops() // 2


@pytest.mark.filterwarnings("ignore:Using padding=.same. with even kernel:UserWarning")
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_parameters_shape_and_macs_equal_torch(chunk: int) -> None:
    kinds: set[str] = set()
    for index in range(chunk, MODELS, CHUNKS):
        writer = Writer(index)
        text, size = writer.text(), writer.input
        kinds.update(layer.split("(")[0] for layer in writer.layers)
        x = f"zeros{size}"
        result = outcome("parameters(m)", f"output_shape(m, {x})", f"macs(m, {x})",
                         lets={"m": text}, trace=True)  # fmt: skip
        assert isinstance(result, Measured), (index, text, result)
        assert result.values == by_torch(text, size), (index, text)
        assert result.trace is not None
        rows = result.trace.layers
        assert sum(row.parameters for row in rows) == result.values[0], (index, text)
        assert sum(row.macs or 0 for row in rows) == result.values[2], (index, text)
        assert not rows or rows[-1].output_shape == result.values[1], (index, text)
    assert len(kinds) > 12
