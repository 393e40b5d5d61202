"""GoogLeNet, its block, and Inception v3, by name.

Promise: the form of the common model zoo unless `variant="paper"`; every deviation is told. Must
not hold trained weights.
"""

from __future__ import annotations

from typing import Final

from engine.library import Group, Site
from engine.runtime.arguments import Flag, Positive
from engine.runtime.layer import Layer
from engine.runtime.networks.blocks import Blocks, Pair, Variant, Width
from engine.runtime.networks.pieces import WithAuxiliary
from engine.runtime.register import Register

INCEPTION: Final = Register()

_SOURCE_V3_EPS: Final = 1e-3
_GOOGLENET: Final = (
    ((192, 64, 96, 128, 16, 32, 32), (256, 128, 128, 192, 32, 96, 64)),
    ((480, 192, 96, 208, 16, 48, 64), (512, 160, 112, 224, 24, 64, 64),
     (512, 128, 128, 256, 24, 64, 64), (512, 112, 144, 288, 32, 64, 64),
     (528, 256, 160, 320, 32, 128, 128)),
    ((832, 256, 160, 320, 32, 128, 128), (832, 384, 192, 384, 48, 128, 128)),
)  # fmt: skip
"""Table 1 of the paper: stages 3, 4 and 5; a maximum over 3 x 3 stands before 4 and 5."""


@INCEPTION.combinator("inception", group=Group.NETWORK)
def inception(
    given: Width,
    one: Width,
    reduce3: Width,
    three: Width,
    reduce5: Width,
    five: Width,
    pool: Width,
    variant: Variant = "modern",
    *,
    site: Site,
    code: str,
) -> Layer:
    """(N, given, H, W) -> (N, one + three + five + pool, H, W): four branches side by side.

    1x1; 1x1 to reduce3 and 3x3; 1x1 to reduce5 and 5x5; pooling and 1x1. "modern": without biases,
    with batch normalisation, and 3x3 in place of 5x5 as in the model zoo; "paper": biases, 5x5.
    ReLU after each convolution.
    Source: Szegedy et al., Going deeper with convolutions, 2014.
    Example: parameters(inception(192, 64, 96, 128, 16, 32, 32, variant="paper")) -> 163696
    Example: output_shape(inception(192, 64, 96, 128, 16, 32, 32), (1, 192, 28, 28))[1] -> 256
    """
    make = Blocks(site.seed)
    sizes = (given, one, reduce3, three, reduce5, five, pool)
    return make.chain([_block(make, sizes, variant)], code)


def _conv(make: Blocks, a: int, b: int, k: int, variant: str, s: int = 1) -> list[Layer]:
    if variant == "modern":
        return make.conv_norm(a, b, k, s, eps=1e-3)
    return [make.conv(a, b, k, s, k // 2), make.relu()]


def _block(make: Blocks, sizes: tuple[int, ...], variant: str) -> Layer:
    given, one, reduce3, three, reduce5, five, pool = sizes
    large = 3 if variant == "modern" else 5
    return make.parallel([
        make.chain(_conv(make, given, one, 1, variant)),
        make.chain(_conv(make, given, reduce3, 1, variant)
                   + _conv(make, reduce3, three, 3, variant)),
        make.chain(_conv(make, given, reduce5, 1, variant)
                   + _conv(make, reduce5, five, large, variant)),
        make.chain([make.max_pool(3, 1, 1), *_conv(make, given, pool, 1, variant)]),
    ])  # fmt: skip


@INCEPTION.combinator("googlenet", group=Group.NETWORK)
def googlenet(
    classes: Positive = 1000, variant: Variant = "modern", *, site: Site, code: str
) -> Layer:
    """(N, 3, 224, 224) -> (N, classes): 22 layers, nine of them inception blocks.

    "modern": batch normalisation, no biases, 3x3 for 5x5, as in the model zoo. "paper": biases,
    5x5, local response normalisation. Without the two auxiliary heads in both.
    Source: Szegedy et al., Going deeper with convolutions, 2014.
    Example: parameters(googlenet()) -> 6624904
    Example: parameters(googlenet(variant="paper")) -> 6998552
    """
    make, paper = Blocks(site.seed), variant == "paper"
    layers = [*_conv(make, 3, 64, 7, variant, 2), make.max_pool(3, 2, ceil=True)]
    layers += [make.response_norm()] if paper else []
    layers += [*_conv(make, 64, 64, 1, variant), *_conv(make, 64, 192, 3, variant)]
    layers += [make.response_norm()] if paper else []
    for index, stage in enumerate(_GOOGLENET):
        window = 2 if index == 2 and not paper else 3
        layers.append(make.max_pool(window, 2, ceil=True))
        layers += [_block(make, sizes, variant) for sizes in stage]
    layers += [make.average(1), make.flatten(), make.dropout(0.4 if paper else 0.2)]
    return make.chain([*layers, make.linear(1024, classes)], code)


@INCEPTION.combinator("inception_v3", group=Group.NETWORK)
def inception_v3(classes: Positive = 1000, aux: Flag = False, *, site: Site, code: str) -> Layer:
    """(N, 3, 299, 299) -> (N, classes): convolutions split into 1 x 7, 7 x 1, 1 x 3 and 3 x 1.

    The form of the model zoo. With aux=True the auxiliary head of training is there and runs: it
    gives a second output, and its work counts.
    Source: Szegedy et al., Rethinking the Inception architecture for computer vision, 2015.
    Example: parameters(inception_v3()) -> 23834568
    Example: parameters(inception_v3(aux=True)) -> 27161264
    """
    make = Blocks(site.seed)
    stem = [
        *_v3(make, 3, (32, 3, 2, 0), (32, 3, 1, 0), (64, 3)), make.max_pool(3, 2),
        *_v3(make, 64, (80, 1), (192, 3, 1, 0)), make.max_pool(3, 2),
        _wide(make, 192, 32), _wide(make, 256, 64), _wide(make, 288, 64),
        make.parallel([
            make.chain(_v3(make, 288, (384, 3, 2, 0))),
            make.chain(_v3(make, 288, (64, 1), (96, 3), (96, 3, 2, 0))),
            make.max_pool(3, 2),
        ]),
        _split(make, 128), _split(make, 160), _split(make, 160), _split(make, 192),
    ]  # fmt: skip
    head = [
        make.parallel([
            make.chain(_v3(make, 768, (192, 1), (320, 3, 2, 0))),
            make.chain(_v3(make, 768, (192, 1), (192, (1, 7)), (192, (7, 1)), (192, 3, 2, 0))),
            make.max_pool(3, 2),
        ]),
        _forked(make, 1280), _forked(make, 2048),
        make.average(1), make.dropout(), make.flatten(), make.linear(2048, classes),
    ]  # fmt: skip
    if not aux:
        return make.chain(stem + head, code)
    side = [make.avg_pool(5, 3), *_v3(make, 768, (128, 1), (768, 5, 1, 0)), make.average(1),
            make.flatten(), make.linear(768, classes)]  # fmt: skip
    parts = [make.chain(stem), make.chain(side), make.chain(head)]
    return make.network(code, lambda modules: WithAuxiliary(*modules), parts)


def _v3(make: Blocks, given: int, *steps: tuple[int, Pair] | tuple[int, int, int, int]) -> list[
    Layer
]:  # fmt: skip
    """Convolutions of (maps, kernel, stride, padding), normalised, one after the other."""
    layers: list[Layer] = []
    for maps, kernel, *rest in steps:
        stride, padding = rest or (1, None)
        layers += make.conv_norm(given, maps, kernel, stride or 1, padding, eps=_SOURCE_V3_EPS)
        given = maps
    return layers


def _pooled(make: Blocks, given: int, maps: int) -> Layer:
    return make.chain([make.avg_pool(3, 1, 1), *_v3(make, given, (maps, 1))])


def _wide(make: Blocks, given: int, pool: int) -> Layer:
    """Figure 5 of the paper, its first 5x5 kept, as in the model zoo."""
    return make.parallel([
        make.chain(_v3(make, given, (64, 1))),
        make.chain(_v3(make, given, (48, 1), (64, 5))),
        make.chain(_v3(make, given, (64, 1), (96, 3), (96, 3))),
        _pooled(make, given, pool),
    ])  # fmt: skip


def _split(make: Blocks, narrow: int) -> Layer:
    """Figure 6 of the paper: 7 x 7 as 1 x 7 and 7 x 1."""
    return make.parallel([
        make.chain(_v3(make, 768, (192, 1))),
        make.chain(_v3(make, 768, (narrow, 1), (narrow, (1, 7)), (192, (7, 1)))),
        make.chain(_v3(make, 768, (narrow, 1), (narrow, (7, 1)), (narrow, (1, 7)),
                       (narrow, (7, 1)), (192, (1, 7)))),
        _pooled(make, 768, 192),
    ])  # fmt: skip


def _forked(make: Blocks, given: int) -> Layer:
    """Figure 7 of the paper: 1 x 3 and 3 x 1 side by side."""
    return make.parallel([
        make.chain(_v3(make, given, (320, 1))),
        make.chain([*_v3(make, given, (384, 1)), _fork(make)]),
        make.chain([*_v3(make, given, (448, 1), (384, 3)), _fork(make)]),
        _pooled(make, given, 192),
    ])  # fmt: skip


def _fork(make: Blocks) -> Layer:
    sides = (make.chain(_v3(make, 384, (384, kernel))) for kernel in ((1, 3), (3, 1)))
    return make.parallel(list(sides))
