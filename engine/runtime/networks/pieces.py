"""Modules that networks need and torch has not, as small as they can be.

Promise: each leaf says what it costs (`engine.runtime.work`, `engine.runtime.counting`); on the
meta device none computes values. Must not know a network.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import nn

from engine.refusal import refused
from engine.runtime.foresight import check_elements
from engine.runtime.ghosts import sizes_only


class Step(nn.Module):
    """1 where its input is at least 0, else 0."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (x >= 0).to(x.dtype)


class Gated(nn.Module):
    """Its input times a gate made from it: squeeze and excitation."""

    def __init__(self, gate: nn.Module) -> None:
        super().__init__()
        self.gate = gate

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        gate: torch.Tensor = self.gate(x)
        return x if sizes_only(x) else x * gate


class Skip(nn.Module):
    """Its input, cut to the size of the body's output, put before it along the channels."""

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body = body

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        deep: torch.Tensor = self.body(x)
        height, width = deep.shape[-2:]
        top, left = (x.shape[-2] - height) // 2, (x.shape[-1] - width) // 2
        sizes = (x.shape[0], x.shape[1] + deep.shape[1], height, width)
        if sizes_only(x):
            return x.new_empty(sizes)
        check_elements(sizes)
        return torch.cat([x[..., top : top + height, left : left + width], deep], 1)


class WithAuxiliary(nn.Module):
    """The outputs of the main and of the auxiliary head on the same maps."""

    def __init__(self, stem: nn.Module, auxiliary: nn.Module, head: nn.Module) -> None:
        super().__init__()
        self.stem = stem
        self.auxiliary = auxiliary
        self.head = head

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        maps = self.stem(x)
        return self.head(maps), self.auxiliary(maps)


class ToTokens(nn.Module):
    """(N, C, H, W) -> (N, H * W, C)."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.dim() != 4:
            raise refused("input-dimensions", layer="ToTokens", shape=tuple(x.shape), expected=4)
        return x.flatten(2).transpose(1, 2)


class FirstToken(nn.Module):
    """(N, L, E) -> (N, E): the first token's vector."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        _check_tokens(x)
        return x[:, 0]


class LastStep(nn.Module):
    """What a recurrent layer's last layer gives after the last step: (N, H), whatever the order
    of its axes. Of a plain sequence (N, L, H) the last vector."""

    def forward(self, x: Any) -> torch.Tensor:
        if isinstance(x, torch.Tensor):
            _check_tokens(x)
            return x[:, -1]
        state = x[1]
        while isinstance(state, (tuple, list)):  # an LSTM's hidden state, then its cell
            state = state[0]
        last: torch.Tensor = state[-1]
        return last


class ClassToken(nn.Module):
    """(N, L, E) -> (N, L + 1, E): a learned vector before the others."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.token = nn.Parameter(torch.zeros(1, 1, width))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1)


class LearnedPositions(nn.Module):
    """(N, L, E): a learned vector added for every place, of which there are `length`."""

    def __init__(self, length: int, width: int) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.empty(length, width))
        nn.init.normal_(self.table, std=0.02)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        _check_tokens(x)
        if x.shape[1] > self.table.shape[0]:
            raise refused("too-many-tokens", got=x.shape[1], most=self.table.shape[0])
        return x + self.table[: x.shape[1]]


class FirstSegment(nn.Module):
    """(N, L, E): the vector of the first of two segments added to every token."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.empty(2, width))
        nn.init.normal_(self.table, std=0.02)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.table[0]


class WavePositions(nn.Module):
    """(N, L, E): times sqrt(E), plus sines and cosines of the place; no weights."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        _check_tokens(x)
        length, width = x.shape[1:]
        if sizes_only(x):
            return x
        place = torch.arange(length, device=x.device, dtype=torch.float64)[:, None]
        angle = place / 10_000 ** (torch.arange(0, width, 2, device=x.device) / width)
        wave = torch.stack([angle.sin(), angle.cos()], -1).flatten(1)[:, :width]
        return x * math.sqrt(width) + wave.to(x.dtype)


class Attend(nn.Module):
    """Queries (N, L, h * d), keys and values (N, S, g * d) -> (N, L, h * d).

    Each of the h heads weighs the values by softmax(q k / sqrt(d)); with fewer key heads g, h / g
    heads share one. `causal` hides later places, `rotary` turns queries and keys by their places.
    """

    def __init__(
        self, heads: int, groups: int, *, causal: bool = False, rotary: float | None = None
    ) -> None:
        super().__init__()
        self.heads = heads
        self.groups = groups
        self.causal = causal
        self.rotary = rotary

    def forward(self, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
        _check_tokens(q)
        if q.shape[0] != k.shape[0]:
            raise refused("shapes-do-not-broadcast", a=tuple(q.shape), b=tuple(k.shape))
        if sizes_only(q):
            return q
        share = self.heads // self.groups
        query = self._split(q, self.heads)
        key = self._split(k, self.groups)
        value = self._split(v, self.groups).repeat_interleave(share, 1)
        if self.rotary is not None:
            query, key = turned(query, self.rotary), turned(key, self.rotary)
        key = key.repeat_interleave(share, 1)
        scores = query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1])
        if self.causal:
            later = torch.ones(scores.shape[-2:], dtype=torch.bool, device=q.device).triu(1)
            scores = scores.masked_fill(later, -math.inf)
        mixed: torch.Tensor = scores.softmax(-1) @ value
        return mixed.transpose(1, 2).flatten(2)

    def scores(self, q: tuple[int, ...], k: tuple[int, ...]) -> int:
        """How many products q k all heads make for inputs of those shapes."""
        return q[0] * self.heads * q[1] * k[1]

    @staticmethod
    def _split(x: torch.Tensor, heads: int) -> torch.Tensor:
        return x.reshape(*x.shape[:2], heads, -1).transpose(1, 2)


def turned(x: torch.Tensor, base: float) -> torch.Tensor:
    """Rotary positions: the halves of each head's vector, as pairs, turned by the place."""
    length, width = x.shape[-2:]
    rate = base ** (-torch.arange(0, width, 2, device=x.device, dtype=torch.float64) / width)
    angle = torch.arange(length, device=x.device, dtype=torch.float64)[:, None] * rate
    cosine, sine = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    left, right = x.chunk(2, -1)
    return torch.cat([left * cosine - right * sine, right * cosine + left * sine], -1)


class Attention(nn.Module):
    """Projections of queries, keys and values, attention, and a projection of what it gives."""

    def __init__(
        self, query: nn.Module, key: nn.Module, value: nn.Module, attend: nn.Module,
        output: nn.Module,
    ) -> None:  # fmt: skip
        super().__init__()
        self.query = query
        self.key = key
        self.value = value
        self.attend = attend
        self.output = output

    def forward(self, x: torch.Tensor, memory: torch.Tensor | None = None) -> Any:
        seen = x if memory is None else memory
        return self.output(self.attend(self.query(x), self.key(seen), self.value(seen)))


class GatedLinear(nn.Module):
    """down(silu(gate(x)) * up(x)): the feed-forward part of LLaMA."""

    def __init__(self, gate: nn.Module, act: nn.Module, up: nn.Module, down: nn.Module) -> None:
        super().__init__()
        self.gate = gate
        self.act = act
        self.up = up
        self.down = down

    def forward(self, x: torch.Tensor) -> Any:
        return self.down(self.act(self.gate(x)) * self.up(x))


def _check_tokens(x: torch.Tensor) -> None:
    """Vectors of tokens have three axes; told without the axis that the embedding made."""
    if x.dim() != 3:
        raise refused("tokens-dimensions", shape=tuple(x.shape[:-1]))
