"""One step of a recurrent cell from checked weights.

Promise: weights as PyTorch lays them out, the gates' rows below each other: an LSTM's in the order
input, forget, cell, output, a GRU's in the order reset, update, new. Must not hold weights.
"""

from __future__ import annotations

from typing import Annotated, Final

import torch

from engine.refusal import refused
from engine.runtime.arguments import (
    dtype_name,
    words,
)
from engine.runtime.foresight import check_elements, check_work
from engine.runtime.register import Register

RECURRENCE: Final = Register()
Named = tuple[tuple[str, torch.Tensor], ...]
Kind = Annotated[str, words("RNN", "LSTM", "GRU")]
Form = Annotated[str, words("torch", "paper", "textbook")]
Squash = Annotated[str, words("tanh", "relu")]
GATES: Final = {"RNN": 1, "LSTM": 4, "GRU": 3}


def shaped(x: torch.Tensor, argument: str, expected: tuple[int, ...]) -> None:
    if tuple(x.shape) != expected:
        raise refused("wrong-shape", argument=argument, got=tuple(x.shape), expected=expected)


class Cell:
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
        gates, features, hidden = GATES[kind], x.shape[-1], h.shape[-1]
        for name, state in states.items():
            shaped(state, name, (*x.shape[:-1], hidden))
        shaped(w_ih, "w_ih", (gates * hidden, features))
        shaped(w_hh, "w_hh", (gates * hidden, hidden))
        for bias, name in ((b_ih, "b_ih"), (b_hh, "b_hh")):
            if bias is not None:
                shaped(bias, name, (gates * hidden,))
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
        return lstm_step(i, f, g, o, c)

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


def lstm_step(
    i: torch.Tensor, f: torch.Tensor, g: torch.Tensor, o: torch.Tensor, c: torch.Tensor
) -> Named:
    put, kept, out = torch.sigmoid(i), torch.sigmoid(f), torch.sigmoid(o)
    candidate = torch.tanh(g)
    state = kept * c + put * candidate
    return (("input", put), ("forget", kept), ("cell", candidate), ("output", out),
            ("c", state), ("h", out * torch.tanh(state)))  # fmt: skip


def own(named: Named, name: str) -> torch.Tensor:
    return dict(named)[name]
