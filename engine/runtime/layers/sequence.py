"""Recurrent and attention layers.

Promise: PyTorch's names, arguments and defaults; sequences come first as (L, N, features)
unless batch_first. Must not compute values.
"""

from __future__ import annotations

from typing import Annotated, Final

from torch import nn

from engine.refusal import refused
from engine.runtime.arguments import (
    Count,
    Flag,
    Natural,
    Positive,
    Positively,
    Probability,
    words,
)
from engine.runtime.register import Register

SEQUENCE: Final = Register()


def _check_dropout(dropout: float, num_layers: int) -> float:
    """Dropout stands between layers only; torch warns where there is one layer."""
    return dropout if num_layers > 1 else 0.0


@SEQUENCE.layer("RNN")
def rnn(
    input_size: Positive,
    hidden_size: Positive,
    num_layers: Count = 1,
    nonlinearity: Annotated[str, words("tanh", "relu")] = "tanh",
    bias: Flag = True,
    batch_first: Flag = False,
    dropout: Probability = 0.0,
    bidirectional: Flag = False,
) -> nn.Module:
    """(L, N, in) -> (L, N, hidden) and the last state. Two bias vectors per layer, as in cuDNN."""
    return nn.RNN(input_size, hidden_size, num_layers, nonlinearity=nonlinearity, bias=bias,
                  batch_first=batch_first, dropout=_check_dropout(dropout, num_layers),
                  bidirectional=bidirectional)  # fmt: skip


@SEQUENCE.layer("LSTM")
def lstm(
    input_size: Positive,
    hidden_size: Positive,
    num_layers: Count = 1,
    bias: Flag = True,
    batch_first: Flag = False,
    dropout: Probability = 0.0,
    bidirectional: Flag = False,
    proj_size: Natural = 0,
) -> nn.Module:
    """(L, N, in) -> (L, N, hidden) and the last states. Four gates, two bias vectors each."""
    if proj_size >= hidden_size:
        raise refused("argument-range", argument="proj_size", got=proj_size, low=0,
                      high=hidden_size - 1)  # fmt: skip
    return nn.LSTM(input_size, hidden_size, num_layers, bias, batch_first,
                   _check_dropout(dropout, num_layers), bidirectional, proj_size)  # fmt: skip


@SEQUENCE.layer("GRU")
def gru(
    input_size: Positive,
    hidden_size: Positive,
    num_layers: Count = 1,
    bias: Flag = True,
    batch_first: Flag = False,
    dropout: Probability = 0.0,
    bidirectional: Flag = False,
) -> nn.Module:
    """(L, N, in) -> (L, N, hidden) and the last state. Three gates, two bias vectors each."""
    return nn.GRU(input_size, hidden_size, num_layers, bias, batch_first,
                  _check_dropout(dropout, num_layers), bidirectional)  # fmt: skip


def _check_heads(embed_dim: int, heads: int, argument: str) -> None:
    if embed_dim % heads:
        raise refused("heads-do-not-divide", argument=argument, heads=heads, width=embed_dim)


@SEQUENCE.layer("MultiheadAttention")
def multihead_attention(
    embed_dim: Positive,
    num_heads: Positive,
    dropout: Probability = 0.0,
    bias: Flag = True,
    add_bias_kv: Flag = False,
    add_zero_attn: Flag = False,
    kdim: Positive | None = None,
    vdim: Positive | None = None,
    batch_first: Flag = False,
) -> nn.Module:
    """(L, N, E), (S, N, kdim), (S, N, vdim) -> (L, N, E) and weights (N, L, S).

    Called on one tensor it attends to itself. Four projections of E x E.
    """
    _check_heads(embed_dim, num_heads, "num_heads")
    return nn.MultiheadAttention(embed_dim, num_heads, dropout, bias, add_bias_kv,
                                 add_zero_attn, kdim, vdim, batch_first)  # fmt: skip


@SEQUENCE.layer("TransformerEncoderLayer")
def transformer_encoder_layer(
    d_model: Positive,
    nhead: Positive,
    dim_feedforward: Positive = 2048,
    dropout: Probability = 0.1,
    activation: Annotated[str, words("relu", "gelu")] = "relu",
    layer_norm_eps: Positively = 1e-5,
    batch_first: Flag = False,
    norm_first: Flag = False,
    bias: Flag = True,
) -> nn.Module:
    """(L, N, d_model), unchanged: self-attention, then two linear layers, each with a shortcut."""
    _check_heads(d_model, nhead, "nhead")
    return nn.TransformerEncoderLayer(d_model, nhead, dim_feedforward, dropout, activation,
                                      layer_norm_eps, batch_first, norm_first, bias)  # fmt: skip
