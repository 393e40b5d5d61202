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
from engine.runtime.networks.pieces import LastStep
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
    """A simple recurrent layer, h' = tanh(W x + b + U h + c).

    (L, N, in) -> (L, N, hidden) and the last state (layers, N, hidden); both directions double
    hidden. Two bias vectors per layer, as in cuDNN. batch_first puts N before L.

    Source: Elman 1990.
    Example: parameters(nn.RNN(10, 20)) -> 640
    """
    return nn.RNN(input_size, hidden_size, num_layers, nonlinearity=nonlinearity, bias=bias,
                  batch_first=batch_first, dropout=_check_dropout(dropout, num_layers),
                  bidirectional=bidirectional)  # fmt: skip


@SEQUENCE.layer("LastStep", prefix="")
def last_step() -> nn.Module:
    """After a recurrent layer: what its last layer gives after the last step, (N, hidden).

    It takes the pair that RNN, LSTM and GRU give, so that Sequential(RNN(...), LastStep(),
    Linear(...)) reads a sequence and answers once; of a tensor (N, L, features) the last vector.

    Example: output_shape(Sequential(RNN(1, 32, batch_first=True), LastStep(), Linear(32, 1)),
    (8, 40, 1)) -> (8, 1)
    """
    return LastStep()


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
    """A long short-term memory: gates for input, forgetting, content and output.

    (L, N, in) -> (L, N, hidden) and the last states h and c. Four gates, two bias vectors each:
    4 (in hidden + hidden² + 2 hidden) parameters per layer. batch_first puts N before L.

    Source: Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000.
    Example: parameters(nn.LSTM(10, 20)) -> 2560
    Example: macs(nn.LSTM(10, 20), (5, 1, 10)) -> 12000
    """
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
    """A gated recurrent unit: gates for reset and update, and a candidate.

    (L, N, in) -> (L, N, hidden) and the last state. Three parts, two bias vectors each: 3 (in
    hidden + hidden² + 2 hidden) parameters per layer. The reset gate acts behind U h, as in
    cuDNN.

    Source: Cho et al. 2014.
    Example: parameters(nn.GRU(10, 20)) -> 1920
    """
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
    """Attention in num_heads heads of embed_dim / num_heads each, between four projections.

    (L, N, E), (S, N, kdim), (S, N, vdim) -> (L, N, E) and weights (N, L, S). Called on one
    tensor it attends to itself. Four projections of E x E.

    Source: Vaswani et al. 2017.
    Example: parameters(nn.MultiheadAttention(512, 8)) -> 1050624
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
    """Self-attention, then two linear layers, each with a shortcut and a layer norm.

    (L, N, d_model), unchanged. The norm comes behind the sum unless norm_first.

    Source: Vaswani et al. 2017.
    Example: parameters(nn.TransformerEncoderLayer(512, 8)) -> 3152384
    """
    _check_heads(d_model, nhead, "nhead")
    return nn.TransformerEncoderLayer(d_model, nhead, dim_feedforward, dropout, activation,
                                      layer_norm_eps, batch_first, norm_first, bias)  # fmt: skip
