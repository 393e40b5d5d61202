"""Random recurrent and attention models: against torch's own modules, and closed formulas for macs.

Parameters, shapes and values are torch's; multiply-accumulates are counted by formulas written
here from the definitions, since torch's counter misses fused attention on the CPU.
"""

from __future__ import annotations

import random

import pytest
import torch
from measuring import measured, outcome
from torch import nn

from engine.protocol import Measured
from engine.values import TensorValue

_MODELS = 120
_CHUNKS = 4
_GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}


def _recurrent(draw: random.Random) -> tuple[str, tuple[int, ...], int]:
    """(text, input's shape, macs)."""
    kind = draw.choice(tuple(_GATES))
    features, hidden, layers = draw.randint(1, 9), draw.randint(1, 9), draw.randint(1, 3)
    batch, steps = draw.randint(1, 4), draw.randint(1, 7)
    both, first = draw.random() < 0.4, draw.random() < 0.5
    words = [f"{features}, {hidden}", f"num_layers={layers}"]
    words += ["bidirectional=True"] * both + ["batch_first=True"] * first
    words += ["bias=False"] * (draw.random() < 0.3)
    directions = 2 if both else 1
    macs = sum(
        directions
        * _GATES[kind]
        * hidden
        * ((features if n == 0 else directions * hidden) + hidden)
        for n in range(layers)
    )
    shape = (batch, steps, features) if first else (steps, batch, features)
    return f"nn.{kind}({', '.join(words)})", shape, macs * batch * steps


def _attention(draw: random.Random) -> tuple[str, tuple[int, ...], int]:
    heads = draw.choice((1, 2, 4))
    width, batch, steps = heads * draw.randint(1, 5), draw.randint(1, 3), draw.randint(1, 8)
    words = [f"{width}, {heads}", "batch_first=True"] + ["bias=False"] * (draw.random() < 0.3)
    macs = batch * (4 * steps * width * width + 2 * steps * steps * width)
    return f"nn.MultiheadAttention({', '.join(words)})", (batch, steps, width), macs


def _encoder(draw: random.Random) -> tuple[str, tuple[int, ...], int]:
    heads = draw.choice((1, 2, 4))
    width, batch, steps = heads * draw.randint(1, 5), draw.randint(1, 3), draw.randint(1, 8)
    inner = draw.randint(1, 20)
    words = [f"{width}, {heads}", f"dim_feedforward={inner}", "batch_first=True"]
    words += ["norm_first=True"] * (draw.random() < 0.4)
    attention = 4 * steps * width * width + 2 * steps * steps * width
    macs = batch * (attention + 2 * steps * width * inner)
    return f"nn.TransformerEncoderLayer({', '.join(words)})", (batch, steps, width), macs


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("chunk", range(_CHUNKS))
def test_structure_equals_torch(chunk: int) -> None:
    for index in range(chunk, _MODELS, _CHUNKS):
        draw = random.Random(index)
        write = draw.choice((_recurrent, _recurrent, _attention, _encoder))
        text, size, macs = write(draw)
        model = eval(text, {"nn": nn}).eval()
        x = torch.zeros(size)
        inputs = (x, x, x) if isinstance(model, nn.MultiheadAttention) else (x,)
        with torch.no_grad():
            output = model(*inputs)
        shape = tuple((output[0] if isinstance(output, tuple) else output).shape)
        result = outcome("parameters(m)", f"output_shape(m, {size})", f"macs(m, {size})",
                         lets={"m": text}, trace=True)  # fmt: skip
        assert isinstance(result, Measured), (index, text, result)
        count = sum(p.numel() for p in model.parameters())
        assert result.values == (count, shape, macs), (index, text, size)
        assert result.trace is not None
        assert sum(row.parameters for row in result.trace.layers) == count, (index, text)
        assert sum(row.macs or 0 for row in result.trace.layers) == macs, (index, text)


@pytest.mark.parametrize("index", range(12))
def test_values_of_a_recurrent_layer_follow_its_weights(index: int) -> None:
    """Our hand-made sequence, from the very weights of the layer, gives the layer's own output."""
    draw = random.Random(index)
    kind = draw.choice(tuple(_GATES))
    features, hidden, steps = draw.randint(1, 5), draw.randint(1, 5), draw.randint(1, 6)
    lets = {"m": f"{kind}({features}, {hidden})", "x": f"randn({steps}, 1, {features})"}
    layer = measured("m(x)[0][:, 0]", **lets)
    assert isinstance(layer, TensorValue), layer
    assert layer.shape == (steps, hidden)
    start = f"zeros({hidden})" + (f", zeros({hidden})" if kind == "LSTM" else "")
    names = ", ".join(f"w[{n}]" for n in range(4))
    lets["w"] = "recurrent_weights(m)"
    states = "[0]" if kind == "LSTM" else ""
    source = f"{kind.lower()}_sequence(x[:, 0], {start}, {names}){states}"
    by_hand = measured(source, **lets)
    assert isinstance(by_hand, TensorValue), by_hand
    torch.testing.assert_close(
        torch.tensor(layer.data).reshape(-1), torch.tensor(by_hand.data).reshape(-1)
    )
