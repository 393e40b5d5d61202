"""Perceptrons and the classic networks for 224 x 224 images up to VGG, by name.

Promise: the layers of the published networks in the form in which PyTorch's users know them, for
1,000 classes unless told. Must not hold trained weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Final

from engine.documented import Allowed
from engine.library import Group, Site
from engine.refusal import refused
from engine.runtime.arguments import Flag, Positive, Rule, real, whole, words
from engine.runtime.layer import Layer
from engine.runtime.networks.blocks import Blocks, Variant
from engine.runtime.networks.pieces import Step
from engine.runtime.register import Register

CLASSIC: Final = Register()

_VGG: Final = {
    "vgg11": ((1, 1, 2, 2, 2), 132_863_336),
    "vgg13": ((2, 2, 2, 2, 2), 133_047_848),
    "vgg16": ((2, 2, 3, 3, 3), 138_357_544),
    "vgg19": ((2, 2, 4, 4, 4), 143_667_240),
}
"""3x3 convolutions in each of the five stages of 64, 128, 256, 512 and 512 maps; parameters."""
_MOST_SIZES: Final = 200


@CLASSIC.combinator("perceptron", group=Group.NETWORK)
def perceptron(inputs: Positive, outputs: Positive = 1, *, site: Site, code: str) -> Layer:
    """(N, inputs) -> (N, outputs) of 0 and 1: a weighted sum and a threshold.

    Only the trained layer: the paper's fixed random connections in front of it are left out. The
    threshold is the bias; a sum of exactly 0 gives 1.
    Source: Rosenblatt, The perceptron, Psychological Review 65, 1958.
    Example: parameters(perceptron(2)) -> 3
    """
    make = Blocks(site.seed)
    return make.chain([make.linear(inputs, outputs), make.leaf("Step()", Step)], code)


def _sizes(value: object, argument: str) -> tuple[int, ...]:
    """One size, or several in brackets, as in [64] * 10."""
    one = whole(1)
    parts = value if isinstance(value, (tuple, list)) else (value,)
    if len(parts) > _MOST_SIZES:
        raise refused("mlp-sizes", argument=argument, got=len(parts))
    return tuple(int(one(part, argument)) for part in parts)  # type: ignore[call-overload]


SizeOrSizes = Annotated[tuple[int, ...], Rule(_sizes, Allowed("type", words=("int", "[int] * n")))]
_ACTS: Final = {
    "relu": "ReLU", "leaky_relu": "LeakyReLU", "elu": "ELU", "gelu": "GELU", "silu": "SiLU",
    "tanh": "Tanh", "sigmoid": "Sigmoid", "identity": "Identity",
}  # fmt: skip


@CLASSIC.combinator("mlp", group=Group.NETWORK)
def mlp(
    *sizes: SizeOrSizes,
    activation: Annotated[str, words(*_ACTS)] = "relu",
    norm: Flag = False,
    dropout: Annotated[float, real(0.0, 1.0)] = 0.0,
    site: Site,
    code: str,
) -> Layer:
    """(N, first size) -> (N, last size): linear layers from size to size with ReLU between.

    Sizes in brackets are spelled out, so that mlp(2, [64] * 10, 1) has ten hidden layers. Instead
    of ReLU any activation; norm=True puts batch normalisation before each, dropout=p dropout after.

    Source: Rumelhart, Hinton, Williams, Learning representations by back-propagating errors, 1986;
    there with sigmoids.
    Example: parameters(mlp(784, 500, 10)) -> 397510
    """
    make = Blocks(site.seed)
    told = tuple(size for part in sizes for size in part)
    return make.chain(_dense(make, told, _ACTS[activation], norm=norm, dropout=dropout), code)


@CLASSIC.combinator("autoencoder", group=Group.NETWORK)
def autoencoder(*sizes: Positive, variant: Variant = "modern", site: Site, code: str) -> Layer:
    """(N, first size) -> the same: linear layers down to the last size, the code, and back.

    "modern": ReLU between; "paper": sigmoids. The code is linear and the output a sigmoid in both.
    Two parts: `m[0]` encodes, `m[1]` decodes. Own weights in both halves, as after the paper's
    fine-tuning; its pretraining as Boltzmann machines is left out.
    Source: Hinton, Salakhutdinov, Reducing the dimensionality of data with neural networks, 2006.
    Example: parameters(autoencoder(784, 1000, 500, 250, 30)) -> 2837314
    """
    make, act = Blocks(site.seed), "ReLU" if variant == "modern" else "Sigmoid"
    down = make.chain(_dense(make, sizes, act))
    up = make.chain([*_dense(make, sizes[::-1], act), make.act("Sigmoid")])
    return make.chain([down, up], code)


def _dense(
    make: Blocks, sizes: Sequence[int], act: str, *, norm: bool = False, dropout: float = 0.0
) -> list[Layer]:
    if not 2 <= len(sizes) <= _MOST_SIZES:
        raise refused("mlp-sizes", argument="sizes", got=len(sizes))
    layers = [make.linear(sizes[0], sizes[1])]
    for a, b in pairwise(sizes[1:]):
        layers += [make.feature_norm(a)] if norm else []
        layers += [make.act(act)]
        layers += [make.dropout(dropout)] if dropout else []
        layers += [make.linear(a, b)]
    return layers


@CLASSIC.combinator("alexnet", group=Group.NETWORK)
def alexnet(classes: Positive = 1000, *, site: Site, code: str) -> Layer:
    """(N, 3, 224, 224) -> (N, classes): the one-tower form, without response normalisation.

    The fourth convolution has 256 maps, as in the model zoo; in the paper it has 384. Averaging to
    6 x 6 lets it take other sizes. For the two towers of 2012 see `alexnet_2012`.
    Source: Krizhevsky, One weird trick for parallelizing convolutional neural networks, 2014.
    Example: parameters(alexnet()) -> 61100840
    """
    make = Blocks(site.seed)
    maps = [
        make.conv(3, 64, 11, 4, 2), make.relu(), make.max_pool(3, 2),
        make.conv(64, 192, 5, 1, 2), make.relu(), make.max_pool(3, 2),
        make.conv(192, 384, 3, 1, 1), make.relu(),
        make.conv(384, 256, 3, 1, 1), make.relu(),
        make.conv(256, 256, 3, 1, 1), make.relu(), make.max_pool(3, 2),
    ]  # fmt: skip
    head = [
        make.average(6), make.flatten(), make.dropout(), make.linear(256 * 36, 4096), make.relu(),
        make.dropout(), make.linear(4096, 4096), make.relu(), make.linear(4096, classes),
    ]  # fmt: skip
    return make.chain(maps + head, code)


@CLASSIC.combinator("alexnet_2012", group=Group.NETWORK)
def alexnet_2012(classes: Positive = 1000, *, site: Site, code: str) -> Layer:
    """(N, 3, 224, 224) -> (N, classes): two towers as groups of 2 in convolutions 2, 4 and 5.

    With response normalisation and overlapping pooling as published. The first convolution pads
    by 2, so that 224 gives the paper's 55 x 55 maps (it says 224 and needs 227).
    Source: Krizhevsky, Sutskever, Hinton, ImageNet classification with deep convolutional neural
    networks, 2012.
    Example: parameters(alexnet_2012()) -> 60965224
    Example: macs(alexnet_2012(), (1, 3, 224, 224)) -> 724406816
    """
    make = Blocks(site.seed)
    maps = [
        make.conv(3, 96, 11, 4, 2), make.relu(), make.response_norm(), make.max_pool(3, 2),
        make.conv(96, 256, 5, 1, 2, groups=2), make.relu(), make.response_norm(),
        make.max_pool(3, 2),
        make.conv(256, 384, 3, 1, 1), make.relu(),
        make.conv(384, 384, 3, 1, 1, groups=2), make.relu(),
        make.conv(384, 256, 3, 1, 1, groups=2), make.relu(), make.max_pool(3, 2),
    ]  # fmt: skip
    head = [
        make.flatten(), make.linear(256 * 36, 4096), make.relu(), make.dropout(),
        make.linear(4096, 4096), make.relu(), make.dropout(), make.linear(4096, classes),
    ]  # fmt: skip
    return make.chain(maps + head, code)


def _enter_vgg(name: str, stages: tuple[int, ...], count: int) -> None:
    def vgg(classes: Positive = 1000, *, site: Site, code: str) -> Layer:
        make = Blocks(site.seed)
        layers: list[Layer] = []
        given = 3
        for width, convolutions in zip((64, 128, 256, 512, 512), stages, strict=True):
            for _ in range(convolutions):
                layers += [make.conv(given, width, 3, 1, 1), make.relu()]
                given = width
            layers.append(make.max_pool(2, 2))
        layers += [make.average(7), make.flatten()]
        for a in (512 * 49, 4096):
            layers += [make.linear(a, 4096), make.relu(), make.dropout()]
        return make.chain([*layers, make.linear(4096, classes)], code)

    vgg.__doc__ = (
        f"(N, 3, 224, 224) -> (N, classes): 3x3 convolutions in stages of {stages}.\n\n"
        "As published; averaging to 7 x 7 before the linear layers lets it take other sizes.\n"
        "Source: Simonyan, Zisserman, Very deep convolutional networks for large-scale image "
        "recognition, 2014.\n"
        f"Example: parameters({name}()) -> {count}"
    )
    CLASSIC.combinator(name, group=Group.NETWORK)(vgg)


for _name, (_stages, _count) in _VGG.items():
    _enter_vgg(_name, _stages, _count)
