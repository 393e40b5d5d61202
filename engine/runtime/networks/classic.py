"""Classic networks for 224 x 224 images and multilayer perceptrons, by name.

Promise: the layers of the published networks in the form in which PyTorch's users know them, for
1,000 classes unless told. Must not hold trained weights.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Final

from engine.library import Group, Site
from engine.refusal import refused
from engine.runtime.arguments import Positive
from engine.runtime.layer import Layer
from engine.runtime.networks.blocks import Blocks
from engine.runtime.register import Register

CLASSIC: Final = Register()

_VGG: Final = {
    "vgg11": (1, 1, 2, 2, 2),
    "vgg13": (2, 2, 2, 2, 2),
    "vgg16": (2, 2, 3, 3, 3),
    "vgg19": (2, 2, 4, 4, 4),
}
"""3x3 convolutions in each of the five stages of 64, 128, 256, 512 and 512 maps."""
_RESNET: Final = {
    "resnet18": (2, 2, 2, 2),
    "resnet34": (3, 4, 6, 3),
    "resnet50": (3, 4, 6, 3),
    "resnet101": (3, 4, 23, 3),
    "resnet152": (3, 8, 36, 3),
}
"""Blocks in each of the four stages; from 50 layers on they are bottlenecks."""


@CLASSIC.combinator("mlp", group=Group.NETWORK)
def mlp(*sizes: Positive, site: Site, code: str) -> Layer:
    """Linear layers from size to size with ReLU between: mlp(784, 500, 10)."""
    if not 2 <= len(sizes) <= 200:
        raise refused("mlp-sizes", argument="sizes", got=len(sizes))
    blocks, layers = Blocks(site.seed), []
    for index, (a, b) in enumerate(pairwise(sizes)):
        layers += [blocks.linear(a, b)] if index == 0 else [blocks.relu(), blocks.linear(a, b)]
    return blocks.chain(layers, code)


@CLASSIC.combinator("alexnet", group=Group.NETWORK)
def alexnet(classes: Positive = 1000, *, site: Site, code: str) -> Layer:
    """(N, 3, 224, 224) -> (N, classes): Krizhevsky's one-tower form (2014), 61 million."""
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


def _enter_vgg(name: str, stages: tuple[int, ...]) -> None:
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

    vgg.__doc__ = f"(N, 3, 224, 224) -> (N, classes): {name} of Simonyan and Zisserman, 2014."
    CLASSIC.combinator(name, group=Group.NETWORK)(vgg)


Block = Callable[[Blocks, int, int, int], Layer]


def _basic(make: Blocks, given: int, width: int, stride: int) -> Layer:
    body = make.chain(
        [make.conv(given, width, 3, stride, 1, bias=False), make.norm(width), make.relu(),
         make.conv(width, width, 3, 1, 1, bias=False), make.norm(width)]
    )  # fmt: skip
    return make.residual(body, _shortcut(make, given, width, stride))


def _bottleneck(make: Blocks, given: int, width: int, stride: int) -> Layer:
    body = make.chain(
        [make.conv(given, width, 1, bias=False), make.norm(width), make.relu(),
         make.conv(width, width, 3, stride, 1, bias=False), make.norm(width), make.relu(),
         make.conv(width, 4 * width, 1, bias=False), make.norm(4 * width)]
    )  # fmt: skip
    return make.residual(body, _shortcut(make, given, 4 * width, stride))


def _shortcut(make: Blocks, given: int, wanted: int, stride: int) -> Layer | None:
    if given == wanted and stride == 1:
        return None
    return make.chain([make.conv(given, wanted, 1, stride, bias=False), make.norm(wanted)])


def _enter_resnet(name: str, stages: tuple[int, ...], block: Block, widening: int) -> None:
    def resnet(classes: Positive = 1000, *, site: Site, code: str) -> Layer:
        make = Blocks(site.seed)
        layers = [make.conv(3, 64, 7, 2, 3, bias=False), make.norm(64), make.relu(),
                  make.max_pool(3, 2, 1)]  # fmt: skip
        given = 64
        for index, (width, blocks) in enumerate(zip((64, 128, 256, 512), stages, strict=True)):
            for place in range(blocks):
                stride = 2 if index and place == 0 else 1
                layers += [block(make, given, width, stride), make.relu()]
                given = widening * width
        layers += [make.average(1), make.flatten(), make.linear(given, classes)]
        return make.chain(layers, code)

    resnet.__doc__ = f"(N, 3, 224, 224) -> (N, classes): {name} of He, Zhang, Ren and Sun, 2015."
    CLASSIC.combinator(name, group=Group.NETWORK)(resnet)


for _name, _stages in _VGG.items():
    _enter_vgg(_name, _stages)
for _name, _blocks in _RESNET.items():
    _deep = _name in ("resnet50", "resnet101", "resnet152")
    _enter_resnet(_name, _blocks, _bottleneck if _deep else _basic, 4 if _deep else 1)
