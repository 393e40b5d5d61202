"""Many steps by hand, the same weights at each.

Promise: plain tensor expressions, so that gradients flow; work and states are foreseen.
"""

from __future__ import annotations

from typing import Final

import torch

from engine.refusal import refused
from engine.runtime.arguments import (
    Values,
)
from engine.runtime.functions.recurrence.cell import (
    RECURRENCE,
    Cell,
    Form,
    Squash,
    own,
)

_STEPS: Final = 10_000
"""Steps of a sequence: each is a few calls of torch."""


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
    cell = Cell("RNN", x[0], {"h": h}, w_ih, w_hh, b_ih, b_hh)
    cell.repeated(len(x))
    states = []
    for step in x:
        h = own(cell.rnn(step, h, nonlinearity), "h")
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
    cell = Cell("LSTM", x[0], {"h": h, "c": c}, w_ih, w_hh, b_ih, b_hh)
    cell.repeated(len(x))
    states, memories = [], []
    for step in x:
        named = cell.lstm(step, h, c)
        h, c = own(named, "h"), own(named, "c")
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
    cell = Cell("GRU", x[0], {"h": h}, w_ih, w_hh, b_ih, b_hh)
    cell.repeated(len(x))
    states = []
    for step in x:
        h = own(cell.gru(step, h, form), "h")
        states.append(h)
    return torch.stack(states)
