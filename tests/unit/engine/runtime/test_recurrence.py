"""Recurrent cells by hand against torch's own cells and layers, and the worked numbers."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from measuring import measured, numbers, outcome, refusal
from torch import nn

from engine.protocol import Measured
from engine.values import TensorValue

GATES = {"rnn": 1, "lstm": 4, "gru": 3}
CELLS: dict[str, type[nn.Module]] = {"rnn": nn.RNNCell, "lstm": nn.LSTMCell, "gru": nn.GRUCell}
HALF_STEP = 3e-3


def flat(data: object) -> list[float]:
    if isinstance(data, tuple):
        return [x for part in data for x in flat(part)]
    assert isinstance(data, (bool, int, float))
    return [data]


def drawn(shape: tuple[int, ...], seed: int, dtype: torch.dtype) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def weights(kind: str, dtype: str, batch: str = "2, ") -> dict[str, Any]:
    """Bindings of an input of 3 features, states of 2 and the weights of a cell."""
    rows = 2 * GATES[kind]
    sizes = {"x": f"{batch}3", "h": f"{batch}2", "c": f"{batch}2", "w": f"{rows}, 3",
             "u": f"{rows}, 2", "a": f"{rows}", "b": f"{rows}"}  # fmt: skip
    return {name: f"randn({size}, seed={i}, dtype={dtype})"
            for i, (name, size) in enumerate(sizes.items())}  # fmt: skip


def given(kind: str, dtype: torch.dtype, batch: tuple[int, ...] = (2,)) -> dict[str, torch.Tensor]:
    """The same tensors."""
    rows = 2 * GATES[kind]
    sizes = {"x": (*batch, 3), "h": (*batch, 2), "c": (*batch, 2), "w": (rows, 3), "u": (rows, 2),
             "a": (rows,), "b": (rows,)}  # fmt: skip
    return {name: drawn(size, i, dtype) for i, (name, size) in enumerate(sizes.items())}


def torchs(kind: str, dtype: torch.dtype, bias: bool = True, **more: Any) -> tuple[Any, Any]:
    """torch's own cell with these weights, and the tensors."""
    cell: Any = CELLS[kind](3, 2, bias=bias, dtype=dtype, **more)
    tensors = given(kind, dtype)
    with torch.no_grad():
        cell.weight_ih.copy_(tensors["w"])
        cell.weight_hh.copy_(tensors["u"])
        if bias:
            cell.bias_ih.copy_(tensors["a"])
            cell.bias_hh.copy_(tensors["b"])
    return cell, tensors


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("kind", list(CELLS))
def test_one_step_is_torchs(kind: str, bias: bool, dtype: str) -> None:
    cell, tensors = torchs(kind, getattr(torch, dtype), bias)
    states = (tensors["h"], tensors["c"]) if kind == "lstm" else tensors["h"]
    with torch.no_grad():
        expected = cell(tensors["x"], states)
    rest = ", a, b" if bias else ""
    source = f"{kind}_cell(x, h, {'c, ' if kind == 'lstm' else ''}w, u{rest})"
    found: Any = measured(source, **weights(kind, dtype))
    kept = {"float64": 1e-12, "float32": 1e-6, "float16": HALF_STEP}[dtype]
    pairs = zip(found, expected, strict=True) if kind == "lstm" else [(found, expected)]
    for ours, theirs in pairs:
        assert ours.dtype == dtype
        assert flat(ours.data) == pytest.approx(theirs.flatten().tolist(), rel=kept, abs=kept)


def test_a_step_by_relu_is_torchs() -> None:
    cell, tensors = torchs("rnn", torch.float64, nonlinearity="relu")
    with torch.no_grad():
        expected = cell(tensors["x"], tensors["h"]).flatten().tolist()
    found = numbers("rnn_cell(x, h, w, u, a, b, 'relu')", **weights("rnn", "float64"))
    assert flat(found) == pytest.approx(expected)


@pytest.mark.parametrize("kind", list(CELLS))
def test_a_gradient_flows_through_a_step_as_in_torch(kind: str) -> None:
    cell, tensors = torchs(kind, torch.float64)
    states = (tensors["h"], tensors["c"]) if kind == "lstm" else tensors["h"]
    out = cell(tensors["x"], states)
    out = out[0] if kind == "lstm" else out
    expected = torch.autograd.grad(out.sum(), cell.weight_hh)[0].flatten().tolist()
    arguments = f"(x, h, {'c, ' if kind == 'lstm' else ''}w, u, a, b)"
    source = f"{kind}_cell{arguments}{'[0]' if kind == 'lstm' else ''}"
    found = numbers(f"gradient(sum({source}), u)", **weights(kind, "float64"))
    assert flat(found) == pytest.approx(expected, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("layer", ["RNN(3, 2)", "LSTM(3, 2)", "GRU(3, 2)", "GRU(3, 2, bias=False)",
                                   "RNN(3, 2, nonlinearity='relu')"])  # fmt: skip
def test_a_sequence_is_the_layers(layer: str) -> None:
    """Weights of a layer, taken out of it, stepped by hand: its outputs."""
    kind = layer[: layer.index("(")].lower()
    few = "bias=False" in layer
    w = ", ".join(f"w[{i}]" for i in range(2 if few else 4))
    states = "zeros(2, 2), zeros(2, 2)" if kind == "lstm" else "zeros(2, 2)"
    rest = ", 'relu'" if "relu" in layer else ""
    made = f"{kind}_sequence(x, {states}, {w}{rest})" + ("[0]" if kind == "lstm" else "")
    result = outcome(f"allclose({made}, m(x)[0], atol=1e-6)", f"shape({made})",
                     lets={"m": layer, "x": "randn(5, 2, 3, seed=1)",
                           "w": "recurrent_weights(m)"})  # fmt: skip
    assert isinstance(result, Measured)
    assert result.values == (True, (5, 2, 2))


def test_a_reversed_direction_and_a_second_layer_have_their_own_weights() -> None:
    m = "LSTM(3, 2, num_layers=2, bidirectional=True)"
    assert measured(f"shape(recurrent_weights({m}, 1, reverse=True)[0])") == (8, 4)
    assert measured("(w[0] != v[0]).any().item()", m=m, w="recurrent_weights(m)",
                    v="recurrent_weights(m, 0, True)") is True  # fmt: skip


def named(source: str, **lets: Any) -> dict[str, list[float]]:
    found: Any = measured(source, **lets)
    assert all(isinstance(part, TensorValue) for _, part in found)
    return {name: flat((part.data,)) for name, part in found}


def test_an_lstms_gates_have_names_and_make_its_state() -> None:
    lets = weights("lstm", "float64", "")
    gates = named("lstm_gates(x, h, c, w, u, a, b)", **lets)
    assert list(gates) == ["input", "forget", "cell", "output", "c", "h"]
    t = given("lstm", torch.float64, ())
    before = (t["w"] @ t["x"] + t["a"] + t["u"] @ t["h"] + t["b"]).reshape(4, 2)
    for row, name in enumerate(("input", "forget", "cell", "output")):
        squash = torch.tanh if name == "cell" else torch.sigmoid
        assert gates[name] == pytest.approx(squash(before[row]).tolist()), name
        one = numbers(f"gate(lstm_gates(x, h, c, w, u, a, b), '{name}')", **lets)
        assert flat(one) == gates[name]
    memory = [f * c + i * g for f, c, i, g in zip(gates["forget"], t["c"].tolist(), gates["input"],
                                                  gates["cell"], strict=True)]  # fmt: skip
    assert gates["c"] == pytest.approx(memory)


def test_the_three_forms_of_a_gru() -> None:
    lets = weights("gru", "float64", "")
    t = given("gru", torch.float64, ())
    x, h = (t["w"] @ t["x"] + t["a"]).reshape(3, 2), t["h"]
    u, b = t["u"].reshape(3, 2, 2), t["b"].reshape(3, 2)
    r = torch.sigmoid(x[0] + u[0] @ h + b[0])
    z = torch.sigmoid(x[1] + u[1] @ h + b[1])
    after = torch.tanh(x[2] + r * (u[2] @ h + b[2]))
    first = torch.tanh(x[2] + u[2] @ (r * h) + b[2])
    expected = {
        "torch": (1 - z) * after + z * h,
        "paper": (1 - z) * first + z * h,
        "textbook": (1 - z) * h + z * first,
    }
    for form, state in expected.items():
        found = numbers(f"gru_cell(x, h, w, u, a, b, form='{form}')", **lets)
        assert flat(found) == pytest.approx(state.tolist()), form
        gates = named(f"gru_gates(x, h, w, u, a, b, '{form}')", **lets)
        assert list(gates) == ["reset", "update", "new", "h"]
        assert gates["update"] == pytest.approx(z.tolist())
        assert gates["h"] == pytest.approx(state.tolist())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # lstm.forget, lstm.input, lstm.output
        ("forget", 0.880797),
        ("input", 0.268941),
        ("cell", 0.462117),
        ("output", 0.731059),
        ("c", 1.445478),
        ("h", 0.654148),
    ],
)
def test_a_step_from_its_preactivations(name: str, expected: float) -> None:
    source = f"gate(lstm_update(input=-1., forget=2., cell=0.5, output=1., c=1.5), '{name}')"
    assert numbers(source) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("kind", "expected", "once"),
    # rnn.basics, lstm.structure, lstm.gru
    [("RNN", 640, 620), ("LSTM", 2560, 2480), ("GRU", 1920, 1860)],
)
def test_parameters_by_convention(kind: str, expected: int, once: int) -> None:
    assert measured(f"recurrent_parameters('{kind}', 10, 20)") == expected
    assert measured(f"parameters({kind}(10, 20))") == expected
    assert measured(f"recurrent_parameters('{kind}', 10, 20, biases=1)") == once
    none = measured(f"recurrent_parameters('{kind}', 10, 20, 0, num_layers=3, bidirectional=True)")
    many = f"{kind}(10, 20, num_layers=3, bias=False, bidirectional=True)"
    assert none == measured(f"parameters({many})")


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("rnn_cell(zeros(3), zeros(2), zeros(2, 4), zeros(2, 2))", "wrong-shape"),
        ("rnn_cell(zeros(3), zeros(2), zeros(2, 3), zeros(3, 2))", "wrong-shape"),
        ("rnn_cell(zeros(4, 3), zeros(5, 2), zeros(2, 3), zeros(2, 2))", "wrong-shape"),
        ("rnn_cell(zeros(1, 1, 3), zeros(2), zeros(2, 3), zeros(2, 2))", "loss-vectors"),
        ("rnn_cell(zeros(3), tensor(0.), zeros(2, 3), zeros(2, 2))", "loss-vectors"),
        ("rnn_cell(zeros(3), zeros(0), zeros(0, 3), zeros(0, 0))", "loss-vectors"),
        ("lstm_cell(zeros(3), zeros(2), zeros(3), zeros(8, 3), zeros(8, 2))", "wrong-shape"),
        ("lstm_cell(zeros(3), zeros(2), zeros(2), zeros(6, 3), zeros(6, 2))", "wrong-shape"),
        ("gru_cell(zeros(3), zeros(2), zeros(6, 3), zeros(6, 2), zeros(5))", "wrong-shape"),
        ("gru_cell(zeros(3), zeros(2), zeros(6, 3), zeros(6, 2).double())", "dtypes-differ"),
        ("gru_cell(zeros(3), zeros(2), zeros(6, 3), zeros(6, 2), form='other')", "argument-word"),
        ("gate(3, 'h')", "gate-pairs"),
        ("gate(lstm_update(0., 0., 0., 0., 0.), 'reset')", "gate-unknown"),
        ("lstm_update(zeros(2), zeros(3), zeros(2), zeros(2), zeros(2))", "wrong-shape"),
        ("rnn_sequence(zeros(3), zeros(2), zeros(2, 3), zeros(2, 2))", "wrong-shape"),
        ("rnn_sequence(zeros(0, 3), zeros(2), zeros(2, 3), zeros(2, 2))", "argument-range"),
        ("rnn_sequence(zeros(10**6, 1), zeros(1), zeros(1, 1), zeros(1, 1))", "argument-range"),
        ("recurrent_weights(Linear(3, 2))", "no-recurrent-weights"),
        ("recurrent_weights(LSTM(3, 2), 1)", "argument-range"),
        ("recurrent_weights(LSTM(3, 2), 0, True)", "argument-unsupported"),
        ("recurrent_parameters('CNN', 3, 2)", "argument-word"),
        ("rnn_cell(x, h, x, h)", "too-much-work"),
        ("rnn_sequence(zeros(9999, 1), zeros(8000), zeros(8000, 1), zeros(8000, 8000))",
         "too-much-work"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(source: str, code: str) -> None:
    assert refusal(source, x="zeros(600, 10**5)", h="zeros(600, 600)").code == code
