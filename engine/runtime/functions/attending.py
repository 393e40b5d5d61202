"""Attention by hand: scores, weights, masks, heads, and the encoding of positions.

Promise: scaled dot-product attention as PyTorch defines it; in a mask of truth values True marks
what is seen, unless told. Sizes and work are foreseen. Must not hold weights.
"""

from __future__ import annotations

import math
from typing import Annotated, Final

import torch

from engine.refusal import refused
from engine.runtime import device
from engine.runtime.arguments import Dtype, Flag, Positive, Real, Values, real, words
from engine.runtime.arithmetic import matmul
from engine.runtime.foresight import broadcast, check_elements
from engine.runtime.functions.losses.entering import floating
from engine.runtime.register import Register

ATTENDING: Final = Register()
Marks = Annotated[str, words("seen", "blocked")]


def _scores(query: torch.Tensor, key: torch.Tensor, scale: float | None) -> torch.Tensor:
    for x, name in ((query, "query"), (key, "key")):
        floating(x, name)
        if x.dim() < 2:
            raise refused("wrong-shape", argument=name, got=tuple(x.shape), expected="(*, L, d)")
    width = query.shape[-1]
    if scale is None:
        scale = 1 / math.sqrt(width) if width else 1.0
    product = matmul(query, key.transpose(-2, -1))
    assert isinstance(product, torch.Tensor)
    return product * scale


@ATTENDING.function()
def attention_scores(query: Values, key: Values, scale: Real | None = None) -> torch.Tensor:
    """Q Kᵀ / sqrt(d): how well each query fits each key, before the softmax.

    (*, L, d), (*, S, d) -> (*, L, S). scale replaces 1 / sqrt(d); scale=1 leaves it out.

    Source: Vaswani 2017, section 3.2.1.
    Example: attention_scores(tensor([[1., 0.]]), eye(2)) -> tensor([[0.70710677, 0.0]],
    dtype=float32)
    """
    return _scores(query, key, scale)


@ATTENDING.function()
def attention_weights(
    query: Values,
    key: Values,
    attn_mask: Values | None = None,
    is_causal: Flag = False,
    scale: Real | None = None,
) -> torch.Tensor:
    """softmax(Q Kᵀ / sqrt(d) + mask): how much each query takes of each value; rows add up to 1.

    (*, L, d), (*, S, d) -> (*, L, S). attn_mask broadcasts to that: True marks what is seen, or
    numbers are added to the scores. is_causal hides the keys behind a query's own place; both may
    be given. A row that sees nothing is 0 everywhere, as in PyTorch.

    Source: Vaswani 2017, section 3.2.1.
    Example: attention_weights(tensor([[1., 0.]]), eye(2)) -> tensor([[0.66976154, 0.33023846]],
    dtype=float32)
    """
    scores = _scores(query, key, scale)
    seen: torch.Tensor | None = None
    if attn_mask is not None:
        if broadcast(tuple(scores.shape), tuple(attn_mask.shape)) != tuple(scores.shape):
            raise refused("wrong-shape", argument="attn_mask", got=tuple(attn_mask.shape),
                          expected=tuple(scores.shape))  # fmt: skip
        if attn_mask.is_floating_point():
            scores = scores + attn_mask.to(scores.dtype)
        else:
            seen = attn_mask.bool()
    if is_causal:
        causal = torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).tril()
        seen = causal if seen is None else seen & causal
    if seen is not None:
        scores = scores.masked_fill(~seen, -math.inf)
    blind = (scores == -math.inf).all(-1, keepdim=True)
    return torch.softmax(scores.masked_fill(blind, 0.0), -1).masked_fill(blind, 0.0)


@ATTENDING.function(also=("scaled_dot_product_attention",))
def attention(
    query: Values,
    key: Values,
    value: Values,
    attn_mask: Values | None = None,
    dropout_p: Annotated[float, real(0.0, 0.0)] = 0.0,  # noqa: ARG001 - PyTorch's place for it
    is_causal: Flag = False,
    scale: Real | None = None,
) -> torch.Tensor:
    """softmax(Q Kᵀ / sqrt(d) + mask) V: (*, L, d), (*, S, d), (*, S, v) -> (*, L, v).

    Masks and scale as in attention_weights; dropout is not computed, dropout_p can only be 0.

    Source: Vaswani 2017, section 3.2.1.
    Example: attention(tensor([[1., 0.]]), eye(2), 10 * eye(2)) -> tensor([[6.6976156, 3.3023846]],
    dtype=float32)
    """
    weights = attention_weights(query, key, attn_mask, is_causal, scale)
    product = matmul(weights, value)
    assert isinstance(product, torch.Tensor)
    return product


def _marked(seen: torch.Tensor, marks: str) -> torch.Tensor:
    return seen if marks == "seen" else ~seen


@ATTENDING.function(method=False)
def causal_mask(
    length: Positive, source: Positive | None = None, marks: Marks = "seen"
) -> torch.Tensor:
    """(L, S), True where the key stands at the query's place or before: what it may see.

    S is L unless given. marks="blocked" gives the opposite, as nn.MultiheadAttention reads a mask.

    Source: Vaswani 2017, section 3.2.3.
    Example: causal_mask(3) -> tensor([[True, False, False], [True, True, False], [True, True,
    True]], dtype=bool)
    """
    width = length if source is None else source
    check_elements((length, width))
    return _marked(torch.ones(length, width, dtype=torch.bool, device=device.current()).tril(),
                   marks)  # fmt: skip


@ATTENDING.function(method=False)
def padding_mask(
    lengths: Values, longest: Positive | None = None, marks: Marks = "seen"
) -> torch.Tensor:
    """(N, S), True where a sequence of that length has a real token, False where it was padded.

    lengths (N), whole numbers; S is the longest unless given. For attention over heads make it
    (N, 1, 1, S). marks="blocked" gives the opposite, as key_padding_mask is read.

    Example: padding_mask(tensor([1, 3])) -> tensor([[True, False, False], [True, True, True]],
    dtype=bool)
    """
    if lengths.is_floating_point() or lengths.dim() != 1 or not lengths.numel():
        raise refused("wrong-shape", argument="lengths", got=tuple(lengths.shape), expected="(N)")
    width = int(lengths.max()) if longest is None else longest
    if int(lengths.min()) < 0 or int(lengths.max()) > width:
        raise refused("argument-range", argument="lengths", got=int(lengths.max()), low=0,
                      high=width)  # fmt: skip
    check_elements((len(lengths), width))
    return _marked(torch.arange(width, device=lengths.device) < lengths[:, None], marks)


@ATTENDING.function()
def split_heads(x: Values, heads: Positive) -> torch.Tensor:
    """(*, L, E) -> (*, heads, L, E / heads): each head gets neighbouring features.

    Source: Vaswani 2017, section 3.2.2.
    Example: shape(split_heads(zeros(2, 5, 64), 8)) -> (2, 8, 5, 8)
    """
    if x.dim() < 2:
        raise refused("wrong-shape", argument="x", got=tuple(x.shape), expected="(*, L, E)")
    if x.shape[-1] % heads:
        raise refused("heads-do-not-divide", argument="heads", heads=heads, width=x.shape[-1])
    return x.reshape(*x.shape[:-1], heads, x.shape[-1] // heads).transpose(-3, -2)


@ATTENDING.function()
def join_heads(x: Values) -> torch.Tensor:
    """(*, heads, L, d) -> (*, L, heads d): the outputs of all heads side by side.

    Source: Vaswani 2017, section 3.2.2.
    Example: shape(join_heads(zeros(2, 8, 5, 8))) -> (2, 5, 64)
    """
    if x.dim() < 3:
        raise refused("wrong-shape", argument="x", got=tuple(x.shape), expected="(*, heads, L, d)")
    turned = x.transpose(-3, -2)
    return turned.reshape(*turned.shape[:-2], turned.shape[-2] * turned.shape[-1])


@ATTENDING.function(method=False)
def positional_encoding(
    length: Positive,
    width: Positive,
    base: Annotated[float, real(1e-6)] = 10000.0,
    form: Annotated[str, words("interleaved", "halves")] = "interleaved",
    dtype: Dtype | None = None,
) -> torch.Tensor:
    """(length, width): sin and cos of the place p at falling frequencies, float32 unless told.

    PE(p, 2i) = sin(p / base^(2i / width)), PE(p, 2i + 1) = cos of the same. form="halves" puts all
    sines before all cosines, as much code does. Places count from 0.

    Source: Vaswani 2017, section 3.5.
    Example: positional_encoding(2, 4)[1] -> tensor([0.84147096, 0.5403023, 0.009999833, 0.99995],
    dtype=float32)
    """
    check_elements((length, width))
    if form == "halves" and width % 2:
        raise refused("heads-do-not-divide", argument="width", heads=2, width=width)
    pairs = torch.arange((width + 1) // 2, dtype=torch.float64)
    angles = torch.arange(length, dtype=torch.float64)[:, None] / base ** (2 * pairs / width)
    if form == "halves":
        made = torch.cat((angles.sin(), angles.cos()), 1)
    else:
        made = torch.stack((angles.sin(), angles.cos()), -1).flatten(1)[:, :width]
    return made.to(dtype=dtype or torch.float32).to(device.current())
