"""Networks of several inputs or outputs: encoder and decoder, language model, pooler.

Promise: modules made of modules, without weights of their own. Two inputs must have as many rows;
tokens beyond a table are refused. Must not know a network's sizes.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from engine.refusal import refused


def check_rows(source: torch.Tensor, target: torch.Tensor) -> None:
    """The two inputs are batches of as many sequences."""
    for tokens in (source, target):
        if tokens.dim() != 2:
            raise refused("tokens-dimensions", shape=tuple(tokens.shape))
    if source.shape[0] != target.shape[0]:
        raise refused("shapes-do-not-broadcast", a=tuple(source.shape), b=tuple(target.shape))


def look_up(table: nn.Module, tokens: torch.Tensor) -> Any:
    """Vectors of tokens; torch says only "index out of range"."""
    weight = table.weight
    assert isinstance(weight, torch.Tensor)
    known = tokens.device.type != "meta" and not tokens.is_floating_point() and tokens.numel() > 0
    if known and not 0 <= int(tokens.min()) <= int(tokens.max()) < weight.shape[0]:
        raise refused("index-beyond-table")
    return table(tokens)


class AttentionBlock(nn.Module):
    """A decoder's layer: attention to itself, to the encoder, linear layers; normalised after."""

    def __init__(self, *parts: nn.Module) -> None:
        super().__init__()
        (self.itself, self.dropout1, self.norm1, self.across, self.dropout2, self.norm2,
         self.forward_part, self.norm3) = parts  # fmt: skip

    def forward(self, x: torch.Tensor, memory: torch.Tensor) -> Any:
        x = self.norm1(x + self.dropout1(self.itself(x)))
        x = self.norm2(x + self.dropout2(self.across(x, memory)))
        return self.norm3(x + self.forward_part(x))


class Translator(nn.Module):
    """Encoder and decoder over one table of tokens, which is the output's weight too."""

    def __init__(self, *parts: nn.Module) -> None:
        super().__init__()
        (self.embedding, self.positions, self.dropout, self.encoder, self.decoder,
         self.output) = parts  # fmt: skip
        self.output.weight = self.embedding.weight

    def forward(self, source: torch.Tensor, target: torch.Tensor | None = None) -> Any:
        if target is None:
            raise refused("second-input-missing")
        check_rows(source, target)
        memory = self.encoder(self._vectors(source))
        x = self._vectors(target)
        for layer in self.decoder.children():
            x = layer(x) if isinstance(layer, nn.LayerNorm) else layer(x, memory)
        return self.output(x)

    def _vectors(self, tokens: torch.Tensor) -> Any:
        return self.dropout(self.positions(look_up(self.embedding, tokens)))


class WithPooler(nn.Module):
    """A sequence, and one vector made from its first token's."""

    def __init__(self, body: nn.Module, pooler: nn.Module) -> None:
        super().__init__()
        self.body = body
        self.pooler = pooler

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        sequence = self.body(x)
        return sequence, self.pooler(sequence)


class LanguageModel(nn.Module):
    """Recurrent layers over the vectors of tokens; scores of the next one."""

    def __init__(
        self, embedding: nn.Module, before: nn.Module, recurrent: nn.Module, after: nn.Module,
        output: nn.Module,
    ) -> None:  # fmt: skip
        super().__init__()
        self.embedding = embedding
        self.before = before
        self.recurrent = recurrent
        self.after = after
        self.output = output

    def forward(self, tokens: torch.Tensor) -> Any:
        sequence, _ = self.recurrent(self.before(self.embedding(tokens)))
        return self.output(self.after(sequence))


class Recoder(nn.Module):
    """A recurrent encoder whose last state starts a recurrent decoder."""

    def __init__(
        self, source: nn.Module, encoder: nn.Module, target: nn.Module, decoder: nn.Module,
        output: nn.Module,
    ) -> None:  # fmt: skip
        super().__init__()
        self.source = source
        self.encoder = encoder
        self.target = target
        self.decoder = decoder
        self.output = output

    def forward(self, source: torch.Tensor, target: torch.Tensor | None = None) -> Any:
        if target is None:
            raise refused("second-input-missing")
        check_rows(source, target)
        _, state = self.encoder(look_up(self.source, source))
        sequence, _ = self.decoder(look_up(self.target, target), state)
        return self.output(sequence)
