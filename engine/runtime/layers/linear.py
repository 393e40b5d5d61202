"""Linear layers, embeddings and dropout.

Promise: PyTorch's names, arguments and defaults. Must not compute values.
"""
# `inplace` is taken as PyTorch takes it and not used: nothing here may change its input.
# ruff: noqa: ARG001

from __future__ import annotations

from typing import Final

from torch import nn

from engine.refusal import refused
from engine.runtime.arguments import Dtype, Flag, Integer, Positive, Probability
from engine.runtime.register import Register

LINEAR: Final = Register()


@LINEAR.layer("Linear")
def linear(
    in_features: Positive, out_features: Positive, bias: Flag = True, dtype: Dtype | None = None
) -> nn.Module:
    """A fully connected layer, y = x Wᵀ + b.

    (*, in_features) -> (*, out_features). Weight (out_features, in_features), bias
    (out_features).

    Example: parameters(nn.Linear(784, 10)) -> 7850
    Example: output_shape(nn.Linear(784, 10), (32, 784)) -> (32, 10)
    """
    return nn.Linear(in_features, out_features, bias=bias, dtype=dtype)


@LINEAR.layer("Embedding")
def embedding(
    num_embeddings: Positive, embedding_dim: Positive, padding_idx: Integer | None = None
) -> nn.Module:
    """A table of vectors, one looked up for each index.

    (*) of int64 below num_embeddings -> (*, embedding_dim). Weight (num_embeddings,
    embedding_dim), no bias. The row padding_idx is zeros.

    Example: parameters(nn.Embedding(10000, 128)) -> 1280000
    Example: nn.Embedding(5, 2, padding_idx=0)(tensor([0])) -> tensor([[0.0, 0.0]],
    dtype=float32)
    """
    if padding_idx is not None and not -num_embeddings <= padding_idx < num_embeddings:
        raise refused("argument-range", argument="padding_idx", got=padding_idx,
                      low=-num_embeddings, high=num_embeddings - 1)  # fmt: skip
    return nn.Embedding(num_embeddings, embedding_dim, padding_idx)


@LINEAR.layer("Dropout", alike=True)
def dropout(p: Probability = 0.5, inplace: Flag = False) -> nn.Module:
    """Zeros with probability p in training; unchanged here, where models are measured in eval
    mode.

    Any shape. No parameters. For dropout at work see the function `dropout`.

    Source: Srivastava et al. 2014.
    Example: nn.Dropout(0.5)(tensor([1., 2.])) -> tensor([1.0, 2.0], dtype=float32)
    """
    return nn.Dropout(p)


@LINEAR.layer("Dropout1d", alike=True)
def dropout1d(p: Probability = 0.5, inplace: Flag = False) -> nn.Module:
    """Drops whole channels of (N, C, L) in training; unchanged here, in eval mode.

    No parameters.

    Source: Tompson et al. 2015.
    Example: output_shape(nn.Dropout1d(0.2), (4, 8, 10)) -> (4, 8, 10)
    """
    return nn.Dropout1d(p)


@LINEAR.layer("Dropout2d", alike=True)
def dropout2d(p: Probability = 0.5, inplace: Flag = False) -> nn.Module:
    """Drops whole maps of (N, C, H, W) in training; unchanged here, in eval mode.

    No parameters.

    Source: Tompson et al. 2015.
    Example: output_shape(nn.Dropout2d(0.2), (4, 8, 5, 5)) -> (4, 8, 5, 5)
    """
    return nn.Dropout2d(p)


@LINEAR.layer("Identity", alike=True)
def identity() -> nn.Module:
    """Gives back its input. Any shape, no parameters.

    Example: nn.Identity()(tensor([1., 2.])) -> tensor([1.0, 2.0], dtype=float32)
    """
    return nn.Identity()
