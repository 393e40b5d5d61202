"""Recurrent cells by hand: one step and many, from given weights, every gate by its name.

Promise: weights as PyTorch lays them out, the gates' rows below each other: an LSTM's in the order
input, forget, cell, output, a GRU's in the order reset, update, new. Steps are plain tensor
expressions, so that gradients flow. Must not hold weights.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

import torch
from torch import nn

from engine.library import Group
from engine.protocol import Allowed
from engine.refusal import refused
from engine.runtime.arguments import (
    Count,
    Flag,
    Model,
    Natural,
    Positive,
    Rule,
    Values,
    dtype_name,
    kind_of,
    whole,
    words,
)
from engine.runtime.foresight import check_elements, check_work
from engine.runtime.register import Register
from engine.runtime.running import materialised

RECURRENCE: Final = Register()
Named = tuple[tuple[str, torch.Tensor], ...]
Kind = Annotated[str, words("RNN", "LSTM", "GRU")]
Form = Annotated[str, words("torch", "paper", "textbook")]
Squash = Annotated[str, words("tanh", "relu")]
_GATES: Final = {"RNN": 1, "LSTM": 4, "GRU": 3}
_STEPS: Final = 10_000
"""Steps of a sequence: each is a few calls of torch."""


def _shaped(x: torch.Tensor, argument: str, expected: tuple[int, ...]) -> None:
    if tuple(x.shape) != expected:
        raise refused("wrong-shape", argument=argument, got=tuple(x.shape), expected=expected)


class _Cell:
    """The weights of one cell, checked against its input and state."""

    def __init__(
        self,
        kind: str,
        x: torch.Tensor,
        states: dict[str, torch.Tensor],
        w_ih: torch.Tensor,
        w_hh: torch.Tensor,
        b_ih: torch.Tensor | None,
        b_hh: torch.Tensor | None,
    ) -> None:
        self.w_ih, self.w_hh, self.b_ih, self.b_hh = w_ih, w_hh, b_ih, b_hh
        h = states["h"]
        if x.dim() not in (1, 2):
            raise refused("loss-vectors", argument="x", shape=tuple(x.shape))
        if h.dim() != x.dim() or not h.shape[-1]:
            raise refused("loss-vectors", argument="h", shape=tuple(h.shape))
        gates, features, hidden = _GATES[kind], x.shape[-1], h.shape[-1]
        for name, state in states.items():
            _shaped(state, name, (*x.shape[:-1], hidden))
        _shaped(w_ih, "w_ih", (gates * hidden, features))
        _shaped(w_hh, "w_hh", (gates * hidden, hidden))
        for bias, name in ((b_ih, "b_ih"), (b_hh, "b_hh")):
            if bias is not None:
                _shaped(bias, name, (gates * hidden,))
        everything = (*states.items(), ("w_ih", w_ih), ("w_hh", w_hh), ("b_ih", b_ih),
                      ("b_hh", b_hh))  # fmt: skip
        for name, other in everything:
            if other is not None and other.dtype != x.dtype:
                raise refused("dtypes-differ", argument=name, a=dtype_name(x.dtype),
                              b=dtype_name(other.dtype))  # fmt: skip
        self.rows, self.hidden = x.numel() // max(1, features), hidden
        self.macs = self.rows * gates * hidden * (features + hidden)
        check_work(self.macs)

    def repeated(self, steps: int) -> None:
        """Refuse that many steps where their work or their states are too much."""
        check_work(steps * self.macs)
        check_elements((steps, self.rows, self.hidden))

    def from_input(self, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """W_ih x + b_ih, gate by gate."""
        made = x @ self.w_ih.T
        return self._gates(made if self.b_ih is None else made + self.b_ih)

    def from_state(self, h: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """W_hh h + b_hh, gate by gate."""
        made = h @ self.w_hh.T
        return self._gates(made if self.b_hh is None else made + self.b_hh)

    def _gates(self, made: torch.Tensor) -> tuple[torch.Tensor, ...]:
        return torch.chunk(made, made.shape[-1] // self.hidden, -1)

    def rnn(self, x: torch.Tensor, h: torch.Tensor, nonlinearity: str) -> Named:
        before = self.from_input(x)[0] + self.from_state(h)[0]
        after = torch.tanh(before) if nonlinearity == "tanh" else torch.relu(before)
        return (("preactivation", before), ("h", after))

    def lstm(self, x: torch.Tensor, h: torch.Tensor, c: torch.Tensor) -> Named:
        parts = zip(self.from_input(x), self.from_state(h), strict=True)
        i, f, g, o = (a + b for a, b in parts)
        return _lstm(i, f, g, o, c)

    def gru(self, x: torch.Tensor, h: torch.Tensor, form: str) -> Named:
        r_x, z_x, n_x = self.from_input(x)
        r_h, z_h, n_h = self.from_state(h)
        reset, update = torch.sigmoid(r_x + r_h), torch.sigmoid(z_x + z_h)
        if form == "torch":
            new = torch.tanh(n_x + reset * n_h)
        else:
            new = torch.tanh(n_x + self.from_state(reset * h)[2])
        kept, taken = (1 - update, update) if form == "textbook" else (update, 1 - update)
        state = kept * h + taken * new
        return (("reset", reset), ("update", update), ("new", new), ("h", state))


def _lstm(
    i: torch.Tensor, f: torch.Tensor, g: torch.Tensor, o: torch.Tensor, c: torch.Tensor
) -> Named:
    put, kept, out = torch.sigmoid(i), torch.sigmoid(f), torch.sigmoid(o)
    candidate = torch.tanh(g)
    state = kept * c + put * candidate
    return (("input", put), ("forget", kept), ("cell", candidate), ("output", out),
            ("c", state), ("h", out * torch.tanh(state)))  # fmt: skip


def _own(named: Named, name: str) -> torch.Tensor:
    return dict(named)[name]


@RECURRENCE.function(method=False)
def rnn_cell(
    x: Values,
    h: Values,
    w_ih: Values,
    w_hh: Values,
    b_ih: Values | None = None,
    b_hh: Values | None = None,
    nonlinearity: Squash = "tanh",
) -> torch.Tensor:
    """One step of a plain recurrent cell: tanh(W_ih x + b_ih + W_hh h + b_hh), the new state.

    x (in) or (N, in), h (hidden) or (N, hidden), w_ih (hidden, in), w_hh (hidden, hidden), biases
    (hidden) or none -> the shape of h.

    Source: Elman 1990; torch.nn.RNNCell.
    Example: rnn_cell(tensor([1.]), tensor([0.5]), tensor([[0.2]]), tensor([[0.6]])) ->
    tensor([0.46211717], dtype=float32)
    """
    cell = _Cell("RNN", x, {"h": h}, w_ih, w_hh, b_ih, b_hh)
    return _own(cell.rnn(x, h, nonlinearity), "h")


@RECURRENCE.function(method=False)
def lstm_cell(
    x: Values,
    h: Values,
    c: Values,
    w_ih: Values,
    w_hh: Values,
    b_ih: Values | None = None,
    b_hh: Values | None = None,
) -> tuple[torch.Tensor, torch.Tensor]:
    """One step of an LSTM: the new h and the new cell state c.

    x (in) or (N, in), h and c (hidden) or (N, hidden), w_ih (4 hidden, in), w_hh (4 hidden,
    hidden), biases (4 hidden) or none; rows in the order input, forget, cell, output.

    Source: Hochreiter and Schmidhuber 1997, with forget gate (Gers 2000); torch.nn.LSTMCell.
    Example: lstm_cell(tensor([1.]), tensor([0.]), tensor([2.]), zeros(4, 1), zeros(4, 1)) ->
    (tensor([0.3807971], dtype=float32), tensor([1.0], dtype=float32))
    """
    named = lstm_gates(x, h, c, w_ih, w_hh, b_ih, b_hh)
    return _own(named, "h"), _own(named, "c")


@RECURRENCE.function(method=False)
def lstm_gates(
    x: Values,
    h: Values,
    c: Values,
    w_ih: Values,
    w_hh: Values,
    b_ih: Values | None = None,
    b_hh: Values | None = None,
) -> Named:
    """One step of an LSTM, every part by its name: input, forget, cell, output, then c and h.

    Arguments as in lstm_cell. input, forget and output are gates between 0 and 1, cell is the
    candidate between -1 and 1; c = forget c + input cell, h = output tanh(c). gate(..., "forget")
    takes one of them.

    Source: as lstm_cell.
    Example: lstm_gates(tensor([1.]), tensor([0.]), tensor([2.]), zeros(4, 1), zeros(4, 1)) ->
    ((input, tensor([0.5], dtype=float32)), (forget, tensor([0.5], dtype=float32)), (cell,
    tensor([0.0], dtype=float32)), (output, tensor([0.5], dtype=float32)), (c, tensor([1.0],
    dtype=float32)), (h, tensor([0.3807971], dtype=float32)))
    """
    return _Cell("LSTM", x, {"h": h, "c": c}, w_ih, w_hh, b_ih, b_hh).lstm(x, h, c)


@RECURRENCE.function(method=False)
def lstm_update(
    input: Values,  # noqa: A002 - the gate's name
    forget: Values,
    cell: Values,
    output: Values,
    c: Values,
) -> Named:
    """One step of an LSTM from the gates' pre-activations, every part by its name as in lstm_gates.

    Any shape, the same for all. The sigmoid and the tanh are applied here.

    Source: c = σ(forget) c + σ(input) tanh(cell), h = σ(output) tanh(c).
    Example: gate(lstm_update(-1., 2., 0.5, 1., c=1.5), "c") -> tensor(1.445478062079792,
    dtype=float64)
    """
    for name, part in (("forget", forget), ("cell", cell), ("output", output), ("c", c)):
        _shaped(part, name, tuple(input.shape))
    return _lstm(input, forget, cell, output, c)


@RECURRENCE.function(method=False)
def gru_cell(
    x: Values,
    h: Values,
    w_ih: Values,
    w_hh: Values,
    b_ih: Values | None = None,
    b_hh: Values | None = None,
    form: Form = "torch",
) -> torch.Tensor:
    """One step of a GRU: the new state h.

    x (in) or (N, in), h (hidden) or (N, hidden), w_ih (3 hidden, in), w_hh (3 hidden, hidden),
    biases (3 hidden) or none; rows in the order reset, update, new. form as in gru_gates.

    Source: Cho 2014; torch.nn.GRUCell.
    Example: gru_cell(tensor([1.]), tensor([0.5]), ones(3, 1), ones(3, 1)) -> tensor([0.5706418],
    dtype=float32)
    Example: gru_cell(tensor([1.]), tensor([0.5]), ones(3, 1), ones(3, 1), form="textbook") ->
    tensor([0.8165945], dtype=float32)
    """
    return _own(gru_gates(x, h, w_ih, w_hh, b_ih, b_hh, form), "h")


@RECURRENCE.function(method=False)
def gru_gates(
    x: Values,
    h: Values,
    w_ih: Values,
    w_hh: Values,
    b_ih: Values | None = None,
    b_hh: Values | None = None,
    form: Form = "torch",
) -> Named:
    """One step of a GRU, every part by its name: reset, update, new, then h.

    Arguments as in gru_cell. form="torch": new = tanh(W x + b + reset (W h + b)) and
    h = (1 - update) new + update h. form="paper" resets the state before the product,
    tanh(W x + b + W (reset h) + b), with the same mixture. form="textbook" resets like the paper
    and mixes the other way round, h = (1 - update) h + update new.

    Source: Cho 2014 (paper), Chung 2014 (textbook); torch.nn.GRUCell.
    Example: gate(gru_gates(tensor([1.]), tensor([0.5]), ones(3, 1), ones(3, 1)), "update") ->
    tensor([0.81757444], dtype=float32)
    """
    return _Cell("GRU", x, {"h": h}, w_ih, w_hh, b_ih, b_hh).gru(x, h, form)


def _named(value: object, argument: str) -> Named:
    pairs = value if isinstance(value, (tuple, list)) else ()
    if not pairs or not all(
        isinstance(pair, (tuple, list)) and len(pair) == 2 and isinstance(pair[0], str)
        for pair in pairs
    ):
        raise refused("gate-pairs", argument=argument, got=kind_of(value))
    return tuple((pair[0], pair[1]) for pair in pairs)


@RECURRENCE.function(method=False)
def gate(
    gates: Annotated[Named, Rule(_named, Allowed("named"))],
    name: Annotated[str, Rule(lambda value, _: str(value)[:60], Allowed("text"))],
) -> Any:
    """One of several named values: gate(lstm_gates(...), "forget").

    Example: gate(lstm_update(0., 2., 0., 0., c=1.), "forget") -> tensor(0.8807970779778823,
    dtype=float64)
    """
    for own, value in gates:
        if own == name:
            return value
    raise refused("gate-unknown", argument="name", name=name,
                  names=", ".join(own for own, _ in gates))  # fmt: skip


def _sequence(x: torch.Tensor) -> None:
    if x.dim() not in (2, 3):
        raise refused("wrong-shape", argument="x", got=tuple(x.shape), expected="(L, in)")
    if not 0 < x.shape[0] <= _STEPS:
        raise refused("argument-range", argument="x", got=x.shape[0], low=1, high=_STEPS)


@RECURRENCE.function(method=False)
def rnn_sequence(
    x: Values,
    h: Values,
    w_ih: Values,
    w_hh: Values,
    b_ih: Values | None = None,
    b_hh: Values | None = None,
    nonlinearity: Squash = "tanh",
) -> torch.Tensor:
    """The states after each step of a plain recurrent cell over a sequence.

    x (L, in) or (L, N, in), h (hidden) or (N, hidden) -> (L, hidden) or (L, N, hidden). Weights as
    in rnn_cell, the same at every step.

    Source: as rnn_cell.
    Example: rnn_sequence(tensor([[1.], [0.]]), tensor([0.]), ones(1, 1), ones(1, 1)) ->
    tensor([[0.7615942], [0.642015]], dtype=float32)
    """
    _sequence(x)
    cell = _Cell("RNN", x[0], {"h": h}, w_ih, w_hh, b_ih, b_hh)
    cell.repeated(len(x))
    states = []
    for step in x:
        h = _own(cell.rnn(step, h, nonlinearity), "h")
        states.append(h)
    return torch.stack(states)


@RECURRENCE.function(method=False)
def lstm_sequence(
    x: Values,
    h: Values,
    c: Values,
    w_ih: Values,
    w_hh: Values,
    b_ih: Values | None = None,
    b_hh: Values | None = None,
) -> tuple[torch.Tensor, torch.Tensor]:
    """The h and the c after each step of an LSTM over a sequence.

    x (L, in) or (L, N, in), h and c (hidden) or (N, hidden) -> twice (L, hidden) or
    (L, N, hidden). Weights as in lstm_cell, the same at every step.

    Source: as lstm_cell.
    Example: lstm_sequence(ones(2, 1), zeros(1), ones(1), zeros(4, 1), zeros(4, 1))[1] ->
    tensor([[0.5], [0.25]], dtype=float32)
    """
    _sequence(x)
    cell = _Cell("LSTM", x[0], {"h": h, "c": c}, w_ih, w_hh, b_ih, b_hh)
    cell.repeated(len(x))
    states, memories = [], []
    for step in x:
        named = cell.lstm(step, h, c)
        h, c = _own(named, "h"), _own(named, "c")
        states.append(h)
        memories.append(c)
    return torch.stack(states), torch.stack(memories)


@RECURRENCE.function(method=False)
def gru_sequence(
    x: Values,
    h: Values,
    w_ih: Values,
    w_hh: Values,
    b_ih: Values | None = None,
    b_hh: Values | None = None,
    form: Form = "torch",
) -> torch.Tensor:
    """The states after each step of a GRU over a sequence.

    x (L, in) or (L, N, in), h (hidden) or (N, hidden) -> (L, hidden) or (L, N, hidden). Weights as
    in gru_cell, the same at every step; form as in gru_gates.

    Source: as gru_cell.
    Example: gru_sequence(ones(2, 1), zeros(1), ones(3, 1), ones(3, 1)) -> tensor([[0.20482421],
    [0.34675312]], dtype=float32)
    """
    _sequence(x)
    cell = _Cell("GRU", x[0], {"h": h}, w_ih, w_hh, b_ih, b_hh)
    cell.repeated(len(x))
    states = []
    for step in x:
        h = _own(cell.gru(step, h, form), "h")
        states.append(h)
    return torch.stack(states)


@RECURRENCE.function(Group.MEASURE)
def recurrent_weights(m: Model, layer: Natural = 0, reverse: Flag = False) -> tuple[Any, ...]:
    """The weights w_ih, w_hh, b_ih, b_hh of one layer of an RNN, LSTM or GRU.

    layer counts from 0; reverse=True is the direction from the end of a bidirectional one. Without
    biases only the first two are given.

    Example: shape(recurrent_weights(LSTM(10, 20))[0]) -> (80, 10)
    """
    twin = m.twin
    if not isinstance(twin, (nn.RNN, nn.LSTM, nn.GRU)):
        raise refused("no-recurrent-weights", argument="m", layer=m.code[:60])
    if layer >= twin.num_layers:
        raise refused("argument-range", argument="layer", got=layer, low=0,
                      high=twin.num_layers - 1)  # fmt: skip
    if reverse and not twin.bidirectional:
        raise refused("argument-unsupported", argument="reverse")
    module = materialised(m)
    names = ["weight_ih", "weight_hh", *(("bias_ih", "bias_hh") if twin.bias else ())]
    ending = f"_l{layer}" + ("_reverse" if reverse else "")
    return tuple(getattr(module, name + ending).detach() for name in names)


@RECURRENCE.function(Group.MEASURE, method=False)
def recurrent_parameters(
    kind: Kind,
    input_size: Positive,
    hidden_size: Positive,
    biases: Annotated[int, whole(0, 2)] = 2,
    num_layers: Count = 1,
    bidirectional: Flag = False,
) -> int:
    """Parameters of a recurrent layer, gates hidden (in + hidden + biases), by kind and convention.

    kind is "RNN" (1 gate), "LSTM" (4, the candidate included) or "GRU" (3). biases=2 is PyTorch,
    which keeps one vector for the input and one for the state; textbooks count 1.

    Source: formula; parameters(LSTM(10, 20)) counts the real ones.
    Example: recurrent_parameters("LSTM", 10, 20) -> 2560
    Example: recurrent_parameters("LSTM", 10, 20, biases=1) -> 2480
    """
    directions = 2 if bidirectional else 1
    total, features = 0, input_size
    for _ in range(num_layers):
        total += directions * _GATES[kind] * hidden_size * (features + hidden_size + biases)
        features = directions * hidden_size
    return total
