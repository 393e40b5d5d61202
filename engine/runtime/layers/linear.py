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
    """(*, in_features) -> (*, out_features): y = x Wᵀ + b. Weight (out, in), bias (out)."""
    return nn.Linear(in_features, out_features, bias=bias, dtype=dtype)


@LINEAR.layer("Embedding")
def embedding(
    num_embeddings: Positive, embedding_dim: Positive, padding_idx: Integer | None = None
) -> nn.Module:
    """(*) of int64 below num_embeddings -> (*, embedding_dim). Weight (num, dim), no bias."""
    if padding_idx is not None and not -num_embeddings <= padding_idx < num_embeddings:
        raise refused("argument-range", argument="padding_idx", got=padding_idx,
                      low=-num_embeddings, high=num_embeddings - 1)  # fmt: skip
    return nn.Embedding(num_embeddings, embedding_dim, padding_idx)


@LINEAR.layer("Dropout", alike=True)
def dropout(p: Probability = 0.5, inplace: Flag = False) -> nn.Module:
    """Any shape, unchanged: models are measured in eval mode. No parameters."""
    return nn.Dropout(p)


@LINEAR.layer("Dropout1d", alike=True)
def dropout1d(p: Probability = 0.5, inplace: Flag = False) -> nn.Module:
    """Whole channels dropped in training; unchanged in eval mode."""
    return nn.Dropout1d(p)


@LINEAR.layer("Dropout2d", alike=True)
def dropout2d(p: Probability = 0.5, inplace: Flag = False) -> nn.Module:
    """Whole channels dropped in training; unchanged in eval mode."""
    return nn.Dropout2d(p)


@LINEAR.layer("Identity", alike=True)
def identity() -> nn.Module:
    """Any shape, unchanged. No parameters."""
    return nn.Identity()
