"""Recurrent networks over tokens by name: a language model and a translator.

Promise: PyTorch's LSTM with its two biases per gate; every deviation is told. Must not hold
trained weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final

from torch import nn

from engine.library import Group, Site
from engine.runtime.arguments import Flag, whole
from engine.runtime.layer import Layer
from engine.runtime.networks.blocks import Blocks, Width
from engine.runtime.networks.translation import LanguageModel, Recoder
from engine.runtime.register import Register

RECURRENT: Final = Register()
Vocabulary = Annotated[int, whole(1, 10**8)]
Layers = Annotated[int, whole(1, 100)]


@RECURRENT.combinator("lstm_lm", group=Group.NETWORK)
def lstm_lm(
    vocabulary: Vocabulary = 10_000,
    width: Width = 650,
    layers: Layers = 2,
    tied: Flag = False,
    *,
    site: Site,
    code: str,
) -> Layer:
    """(N, L) tokens -> (N, L, vocabulary): embedding, LSTM layers, scores of the next token.

    The defaults are the paper's medium model. torch's LSTM has two bias vectors, the paper's one.
    With tied=True the output shares the embedding's table. Dropout 0.5 between layers.
    Source: Zaremba, Sutskever, Vinyals, Recurrent neural network regularization, 2014.
    Example: parameters(lstm_lm()) -> 19780400
    Example: macs(lstm_lm(), (1, 35)) -> 464100000
    """
    make = Blocks(site.seed)
    parts = [
        make.embedding(vocabulary, width), make.dropout(), make.lstm(width, width, layers, 0.5),
        make.dropout(), make.linear(width, vocabulary),
    ]  # fmt: skip

    def assemble(modules: Sequence[nn.Module]) -> nn.Module:
        if tied:
            modules[-1].weight = modules[0].weight
        return LanguageModel(*modules)

    return make.network(code, assemble, parts)


@RECURRENT.combinator("seq2seq", group=Group.NETWORK)
def seq2seq(
    source: Vocabulary = 160_000,
    target: Vocabulary = 80_000,
    width: Width = 1_000,
    layers: Layers = 4,
    *,
    site: Site,
    code: str,
) -> Layer:
    """(N, S) and (N, L) tokens -> (N, L, target): an LSTM reads, another writes from its state.

    The defaults are the paper's sizes. It turns the source around and has no biases in its count;
    here the caller turns it, and torch's biases are there.
    Source: Sutskever, Vinyals, Le, Sequence to sequence learning with neural networks, 2014, which
    states 384 million.
    Example: parameters(seq2seq()) -> 384144000
    Example: output_shape(seq2seq(), (2, 9), (2, 7)) -> (2, 7, 80000)
    """
    make = Blocks(site.seed)
    parts = [
        make.embedding(source, width), make.lstm(width, width, layers, 0.0),
        make.embedding(target, width), make.lstm(width, width, layers, 0.0),
        make.linear(width, target),
    ]  # fmt: skip
    return make.network(code, lambda modules: Recoder(*modules), parts)
