"""One step by hand, every gate by its name.

Promise: plain tensor expressions, so that gradients flow.
"""

from __future__ import annotations

from typing import Annotated, Any

import torch

from engine.documented import Allowed
from engine.refusal import refused
from engine.runtime.arguments import (
    Rule,
    Text,
    Values,
    kind_of,
)
from engine.runtime.functions.recurrence.cell import (
    RECURRENCE,
    Cell,
    Form,
    Named,
    Squash,
    lstm_step,
    own,
    shaped,
)


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
    cell = Cell("RNN", x, {"h": h}, w_ih, w_hh, b_ih, b_hh)
    return own(cell.rnn(x, h, nonlinearity), "h")


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
    return own(named, "h"), own(named, "c")


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
    return Cell("LSTM", x, {"h": h, "c": c}, w_ih, w_hh, b_ih, b_hh).lstm(x, h, c)


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
        shaped(part, name, tuple(input.shape))
    return lstm_step(input, forget, cell, output, c)


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
    return own(gru_gates(x, h, w_ih, w_hh, b_ih, b_hh, form), "h")


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
    return Cell("GRU", x, {"h": h}, w_ih, w_hh, b_ih, b_hh).gru(x, h, form)


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
    name: Text,
) -> Any:
    """One of several named values: gate(lstm_gates(...), "forget").

    Example: gate(lstm_update(0., 2., 0., 0., c=1.), "forget") -> tensor(0.8807970779778823,
    dtype=float64)
    """
    for known, value in gates:
        if known == name:
            return value
    raise refused("gate-unknown", argument="name", name=name,
                  names=", ".join(known for known, _ in gates))  # fmt: skip
