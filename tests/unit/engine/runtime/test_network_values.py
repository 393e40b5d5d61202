"""Small networks with real weights against torch itself, and counted by torch itself."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from engine.library import Site
from engine.runtime.layer import Layer
from engine.runtime.library import LIBRARY
from engine.runtime.networks.pieces import Attend, Gated, Skip, WavePositions, turned
from engine.runtime.networks.transformer import _Attending
from engine.runtime.networks.translation import AttentionBlock
from engine.runtime.survey import survey

_CPU = torch.device("cpu")


def _network(name: str, *args: object, seed: int = 1, **kwargs: object) -> Layer:
    made = LIBRARY[name].call(*args, site=Site(seed, name, 1), **kwargs)
    assert isinstance(made, Layer)
    return made


CASES = [
    ("autoencoder", (8, 4, 2), {}, [(3, 8)]),
    ("squeezenet", (10,), {}, [(1, 3, 64, 64)]),
    ("mobilenet_v3_small", (10,), {}, [(2, 3, 64, 64)]),
    ("googlenet", (10,), {}, [(1, 3, 64, 64)]),
    ("inception", (8, 1, 2, 3, 4, 5, 6), {"variant": "paper"}, [(1, 8, 7, 9)]),
    ("unet", (3, 2, 4, 2), {}, [(1, 3, 21, 32)]),
    ("unet", (1, 2, 4, 2), {"variant": "paper"}, [(1, 1, 60, 64)]),
    ("generator", (8, 4), {}, [(2, 8, 1, 1)]),
    ("discriminator", (4,), {}, [(2, 3, 64, 64)]),
    ("llama", (2, 32, 4, 64, 50), {"kv_heads": 2}, [(2, 7)]),
    ("llama", (1, 32, 4, 64, 50), {"tied": True}, [(1, 5)]),
]


@pytest.mark.parametrize(("name", "args", "options", "inputs"), CASES)
def test_shapes_and_work_are_those_of_the_real_network(
    name: str, args: tuple[int, ...], options: dict[str, object], inputs: list[tuple[int, ...]]
) -> None:
    network = _network(name, *args, **options)
    walked = survey(network, [torch.empty(sides, device="meta") for sides in inputs], counted=True)
    real = network.real(_CPU)
    given = [torch.randint(50, s) if name == "llama" else torch.rand(s) for s in inputs]
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        output = real(*given)
    assert tuple(output.shape) == walked.output
    assert counter.get_total_flops() == 2 * walked.macs
    assert bool(output.isfinite().all())
    assert sum(p.numel() for p in real.parameters()) == network.parameters
    assert all(p.device.type == "meta" for p in network.twin.parameters())


def test_the_seed_decides_every_weight() -> None:
    first, second = (_network("mlp", 4, 4, 4, seed=3).real(_CPU) for _ in range(2))
    other = _network("mlp", 4, 4, 4, seed=4).real(_CPU)
    for a, b, c in zip(first.parameters(), second.parameters(), other.parameters(), strict=True):
        assert torch.equal(a, b)
        assert not torch.equal(a, c)
    layers = list(first.children())
    assert not torch.equal(layers[0].weight, layers[2].weight)


def test_copies_of_one_mould_do_not_share() -> None:
    network = _network("mlp", 4, 4, 4)
    halved = network.cast(torch.float16)
    assert {p.dtype for p in halved.twin.parameters()} == {torch.float16}
    assert {p.dtype for p in network.twin.parameters()} == {torch.float32}
    assert {p.dtype for p in _network("mlp", 4, 4, 4).twin.parameters()} == {torch.float32}
    assert len({id(p) for p in network.twin.parameters()}) == 4


def test_a_tied_table_stays_one_in_every_copy() -> None:
    network = _network("llama", 1, 32, 4, 64, 50, tied=True)
    for layer in (network, network.cast(torch.float16), network.again("copy")):
        assert layer.parameters == network.parameters
        real = layer.real(_CPU)
        assert real[-1].weight is real[0].weight


def _give(attention: nn.Module, own: nn.Module) -> None:
    """The weights of our attention to torch's."""
    parts = [own.query, own.key, own.value]
    with torch.no_grad():
        attention.in_proj_weight.copy_(torch.cat([p.weight for p in parts]))
        attention.in_proj_bias.copy_(torch.cat([p.bias for p in parts]))
        attention.out_proj.load_state_dict(own.output.state_dict())


def test_a_decoder_layer_equals_torchs() -> None:
    make = _Attending(5)
    parts = [
        make.attention(16, 4, causal=True), make.dropout(0.1), make.layer_norm(16),
        make.attention(16, 4), make.dropout(0.1), make.layer_norm(16),
        make.chain(make.forward(16, 32, make.relu())), make.layer_norm(16),
    ]  # fmt: skip
    ours = make.inner("", lambda modules: AttentionBlock(*modules), parts).real(_CPU)
    theirs = nn.TransformerDecoderLayer(16, 4, 32, batch_first=True).eval()
    _give(theirs.self_attn, ours.itself)
    _give(theirs.multihead_attn, ours.across)
    theirs.linear1.load_state_dict(ours.forward_part[0].state_dict())
    theirs.linear2.load_state_dict(ours.forward_part[2].state_dict())
    x, memory = torch.randn(2, 5, 16), torch.randn(2, 7, 16)
    mask = nn.Transformer.generate_square_subsequent_mask(5)
    with torch.no_grad():
        torch.testing.assert_close(ours(x, memory), theirs(x, memory, tgt_mask=mask))


def test_shared_keys_and_causal_attention_equal_torchs() -> None:
    q, k, v = torch.randn(2, 5, 32), torch.randn(2, 5, 16), torch.randn(2, 5, 16)
    expected = nn.functional.scaled_dot_product_attention(
        *(x.reshape(2, 5, -1, 8).transpose(1, 2) for x in (q, k, v)), is_causal=True,
        enable_gqa=True,
    )  # fmt: skip
    ours = Attend(4, 2, causal=True)(q, k, v)
    torch.testing.assert_close(ours, expected.transpose(1, 2).reshape(2, 5, 32))


def test_rotary_scores_depend_on_the_distance_only() -> None:
    q, k = torch.randn(1, 1, 8, dtype=torch.float64), torch.randn(1, 1, 8, dtype=torch.float64)
    scores = turned(q.repeat(1, 6, 1), 1e4) @ turned(k.repeat(1, 6, 1), 1e4).transpose(-1, -2)
    for distance in (-3, 0, 2):
        diagonal = scores[0].diagonal(distance)
        torch.testing.assert_close(diagonal, diagonal[:1].expand_as(diagonal))
    assert not math.isclose(float(scores[0, 0, 0]), float(scores[0, 0, 3]))


def test_a_later_token_changes_nothing_before_it() -> None:
    real = _network("llama", 2, 32, 4, 64, 50).real(_CPU)
    with torch.no_grad():
        a, b = real(torch.tensor([[1, 2, 3, 4]])), real(torch.tensor([[1, 2, 3, 9]]))
    torch.testing.assert_close(a[:, :3], b[:, :3])
    assert not torch.allclose(a[:, 3], b[:, 3])


def test_waves_are_the_papers() -> None:
    with torch.no_grad():
        made = WavePositions()(torch.zeros(1, 4, 6))
    assert float(made[0, 3, 2]) == pytest.approx(math.sin(3 / 10_000 ** (2 / 6)))
    assert float(made[0, 3, 5]) == pytest.approx(math.cos(3 / 10_000 ** (4 / 6)))


def test_gates_and_skips() -> None:
    x = torch.randn(1, 2, 6, 6)
    assert torch.equal(Gated(nn.Sigmoid())(x), x * x.sigmoid())
    joined = Skip(nn.AvgPool2d(3, 1))(x)
    assert torch.equal(joined[:, :2], x[..., 1:5, 1:5])


def test_translators_see_the_source() -> None:
    real = _network("seq2seq", 9, 8, 4, 2).real(_CPU)
    target = torch.tensor([[1, 2]])
    with torch.no_grad():
        a, b = (real(torch.tensor([[first, 3]]), target) for first in (1, 2))
    assert a.shape == (1, 2, 8)
    assert not torch.allclose(a, b)
