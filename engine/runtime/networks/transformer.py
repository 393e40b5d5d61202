"""Transformers by name: the first one, BERT, GPT-2, ViT and LLaMA.

Promise: attention in plain layers, so that a table shows every projection; the form in which the
weights are published unless `variant="paper"`. Dropout stands after each part, not on attention
weights. Must not hold trained weights.
"""

from __future__ import annotations

from typing import Annotated, Final

from torch import nn

from engine.library import Group, Site
from engine.refusal import refused
from engine.runtime.arguments import Flag, Positive, whole
from engine.runtime.layer import Layer
from engine.runtime.networks.blocks import Blocks, Depth, Variant, Width
from engine.runtime.networks.pieces import (
    Attend,
    Attention,
    ClassToken,
    FirstSegment,
    FirstToken,
    GatedLinear,
    LearnedPositions,
    ToTokens,
    WavePositions,
)
from engine.runtime.networks.translation import AttentionBlock, Translator, WithPooler
from engine.runtime.register import Register

TRANSFORMER: Final = Register()
Vocabulary = Annotated[int, whole(1, 10**8)]


class _Attending(Blocks):
    """Blocks of attention networks."""

    def attention(
        self, width: int, heads: int, *, groups: int | None = None, size: int | None = None,
        bias: bool = True, causal: bool = False, rotary: float | None = None,
    ) -> Layer:  # fmt: skip
        """Attention of `heads` heads of one `size`; keys and values may have fewer `groups`."""
        groups, size = groups or heads, size or width // heads
        told = f"Attend({heads}, {groups}, causal={causal}, rotary={rotary})"
        parts = [
            self.linear(width, heads * size, bias=bias),
            self.linear(width, groups * size, bias=bias),
            self.linear(width, groups * size, bias=bias),
            self.leaf(told, lambda: Attend(heads, groups, causal=causal, rotary=rotary)),
            self.linear(heads * size, width, bias=bias),
        ]
        return self.inner("Attention(...)", lambda modules: Attention(*modules), parts)

    def forward(self, width: int, hidden: int, act: Layer) -> list[Layer]:
        """Two linear layers, applied to each token."""
        return [self.linear(width, hidden), act, self.linear(hidden, width)]

    def before(self, norm: Layer, body: list[Layer], dropout: float) -> Layer:
        """x + body(norm(x))."""
        return self.residual(self.chain([norm, *body, self.dropout(dropout)]))

    def after(self, body: list[Layer], dropout: float) -> Layer:
        """x + body(x), to be normalised next."""
        return self.residual(self.chain([*body, self.dropout(dropout)]))

    def positions(self, length: int, width: int) -> Layer:
        """Learned vectors of places."""
        return self.leaf(f"LearnedPositions({length}, {width})",
                         lambda: LearnedPositions(length, width))  # fmt: skip


@TRANSFORMER.combinator("transformer_base", group=Group.NETWORK)
def transformer_base(
    vocabulary: Vocabulary = 37_000, variant: Variant = "modern", *, site: Site, code: str
) -> Layer:
    """(N, S) and (N, L) tokens -> (N, L, vocabulary): 6 + 6 layers of 512, 8 heads, 2048 inside.

    One table for both embeddings and the output. Normalisation after each part; "modern" has one
    more behind the encoder and the decoder, as torch.nn.Transformer has, "paper" has not. Later
    target tokens are hidden; their products count.
    Source: Vaswani et al., Attention is all you need, 2017, which states 65 million.
    Example: parameters(transformer_base()) -> 63084544
    Example: parameters(transformer_base(variant="paper")) -> 63082496
    Example: output_shape(transformer_base(), (1, 9), (1, 7)) -> (1, 7, 37000)
    """
    make, width, hidden = _Attending(site.seed), 512, 2048
    final = variant == "modern"
    encoder = []
    for _ in range(6):
        encoder += [
            make.after([make.attention(width, 8)], 0.1), make.layer_norm(width),
            make.after(make.forward(width, hidden, make.relu()), 0.1), make.layer_norm(width),
        ]  # fmt: skip
    decoder = [
        make.inner("AttentionBlock(...)", lambda modules: AttentionBlock(*modules), [
            make.attention(width, 8, causal=True), make.dropout(0.1), make.layer_norm(width),
            make.attention(width, 8), make.dropout(0.1), make.layer_norm(width),
            make.chain([*make.forward(width, hidden, make.relu()), make.dropout(0.1)]),
            make.layer_norm(width),
        ])
        for _ in range(6)
    ]  # fmt: skip
    encoder += [make.layer_norm(width)] if final else []
    decoder += [make.layer_norm(width)] if final else []
    parts = [
        make.embedding(vocabulary, width), make.leaf("WavePositions()", WavePositions),
        make.dropout(0.1), make.chain(encoder),
        make.inner("ModuleList(...)", lambda modules: nn.ModuleList(modules), decoder),
        make.linear(width, vocabulary, bias=False),
    ]  # fmt: skip
    return make.network(code, lambda modules: Translator(*modules), parts)


@TRANSFORMER.combinator("bert_base", group=Group.NETWORK)
def bert_base(
    vocabulary: Vocabulary = 30_522, pooler: Flag = True, *, site: Site, code: str
) -> Layer:
    """(N, L) tokens, L up to 512 -> (N, L, 768), and with the pooler (N, 768) as well.

    12 layers, 12 heads, 3072 inside, GELU; uncased vocabulary. Every token is of the first of the
    two segments. The heads of pretraining are left out.
    Source: Devlin et al., BERT: pre-training of deep bidirectional transformers, 2018; weights as
    published under bert-base-uncased.
    Example: parameters(bert_base()) -> 109482240
    Example: output_shape(bert_base(), (1, 128)) -> (1, 128, 768)
    """
    make, width = _Attending(site.seed), 768
    layers = [
        make.embedding(vocabulary, width), make.positions(512, width),
        make.leaf(f"FirstSegment({width})", lambda: FirstSegment(width)),
        make.layer_norm(width, 1e-12), make.dropout(0.1),
    ]  # fmt: skip
    for _ in range(12):
        layers += [
            make.after([make.attention(width, 12)], 0.1), make.layer_norm(width, 1e-12),
            make.after(make.forward(width, 3072, make.act("GELU")), 0.1),
            make.layer_norm(width, 1e-12),
        ]  # fmt: skip
    if not pooler:
        return make.chain(layers, code)
    head = [make.leaf("FirstToken()", FirstToken), make.linear(width, width), make.act("Tanh")]
    parts = [make.chain(layers), make.chain(head)]
    return make.network(code, lambda modules: WithPooler(*modules), parts)


@TRANSFORMER.combinator("gpt2_small", group=Group.NETWORK)
def gpt2_small(vocabulary: Vocabulary = 50_257, *, site: Site, code: str) -> Layer:
    """(N, L) tokens, L up to 1024 -> (N, L, vocabulary): 12 layers of 768, 12 heads, 3072 inside.

    Normalisation before each part, GELU by its tanh formula; the output shares the embedding's
    table. Queries, keys and values are three layers here, one in the published weights. Later
    tokens are hidden; their products count.
    Source: Radford et al., Language models are unsupervised multitask learners, 2019, which states
    117 million; weights as published under gpt2.
    Example: parameters(gpt2_small()) -> 124439808
    """
    make, width = _Attending(site.seed), 768
    layers = [make.embedding(vocabulary, width), make.positions(1024, width), make.dropout(0.1)]
    for _ in range(12):
        layers += [
            make.before(make.layer_norm(width), [make.attention(width, 12, causal=True)], 0.1),
            make.before(make.layer_norm(width),
                        make.forward(width, 3072, make.act("GELU", "tanh")), 0.1),
        ]  # fmt: skip
    layers += [make.layer_norm(width), make.linear(width, vocabulary, bias=False)]
    return make.tied(layers, code)


@TRANSFORMER.combinator("vit_b16", group=Group.NETWORK)
def vit_b16(classes: Positive = 1000, *, site: Site, code: str) -> Layer:
    """(N, 3, 224, 224) -> (N, classes): 196 patches of 16 x 16 and a class token, 12 layers of 768.

    The form of the published fine-tuned network: one linear layer as the head. Smaller images use
    the first places only; larger ones are refused.
    Source: Dosovitskiy et al., An image is worth 16x16 words, 2020.
    Example: parameters(vit_b16()) -> 86567656
    """
    make, width = _Attending(site.seed), 768
    layers = [
        make.conv(3, width, 16, 16), make.leaf("ToTokens()", ToTokens),
        make.leaf(f"ClassToken({width})", lambda: ClassToken(width)),
        make.positions(197, width), make.dropout(0.1),
    ]  # fmt: skip
    for _ in range(12):
        layers += [
            make.before(make.layer_norm(width, 1e-6), [make.attention(width, 12)], 0.1),
            make.before(make.layer_norm(width, 1e-6),
                        make.forward(width, 3072, make.act("GELU")), 0.1),
        ]  # fmt: skip
    layers += [make.layer_norm(width, 1e-6), make.leaf("FirstToken()", FirstToken)]
    return make.chain([*layers, make.linear(width, classes)], code)


@TRANSFORMER.combinator("llama", group=Group.NETWORK)
def llama(
    layers: Depth = 32,
    width: Width = 4096,
    heads: Width = 32,
    hidden: Width = 11_008,
    vocabulary: Vocabulary = 32_000,
    kv_heads: Width | None = None,
    tied: Flag = False,
    *,
    site: Site,
    code: str,
) -> Layer:
    """(N, L) tokens -> (N, L, vocabulary): RMSNorm, rotary places, SwiGLU; no biases, no dropout.

    The defaults are the first one of 7 billion. With kv_heads, several heads share keys and values
    (version 2 of 70 billion, version 3); rotary angles have the base 10,000, which changes values
    only. Later tokens are hidden; their products count.
    Source: Touvron et al., LLaMA: open and efficient foundation language models, 2023.
    Example: parameters(llama()) -> 6738415616
    Example: parameters(llama(32, 4096, 32, 14336, 128256, kv_heads=8)) -> 8030261248
    """
    groups = kv_heads or heads
    if width % heads or width // heads % 2:
        raise refused("heads-do-not-divide", argument="heads", heads=heads, width=width)
    if heads % groups:
        raise refused("heads-do-not-divide", argument="kv_heads", heads=groups, width=heads)
    make = _Attending(site.seed)
    parts = [make.embedding(vocabulary, width)]
    for _ in range(layers):
        mixing = make.attention(width, heads, groups=groups, bias=False, causal=True, rotary=1e4)
        feeding = make.inner("GatedLinear(...)", lambda modules: GatedLinear(*modules), [
            make.linear(width, hidden, bias=False), make.act("SiLU"),
            make.linear(width, hidden, bias=False), make.linear(hidden, width, bias=False),
        ])  # fmt: skip
        parts += [make.residual(make.chain([_rms(make, width), mixing])),
                  make.residual(make.chain([_rms(make, width), feeding]))]  # fmt: skip
    parts += [_rms(make, width), make.linear(width, vocabulary, bias=False)]
    return make.tied(parts, code) if tied else make.chain(parts, code)


def _rms(make: Blocks, width: int) -> Layer:
    return make.leaf(f"nn.RMSNorm({width}, eps=1e-06)", lambda: nn.RMSNorm(width, eps=1e-6))
