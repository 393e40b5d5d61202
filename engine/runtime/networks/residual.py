"""Networks with shortcuts by name: ResNet and DenseNet.

Promise: the form of the common model zoo unless `variant="paper"`; every deviation is told. Must
not hold trained weights.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from engine.library import Group, Site
from engine.runtime.arguments import Positive
from engine.runtime.layer import Layer
from engine.runtime.networks.blocks import Blocks, Variant
from engine.runtime.register import Register

RESIDUAL: Final = Register()

_RESNET: Final = {
    "resnet18": ((2, 2, 2, 2), 11_689_512),
    "resnet34": ((3, 4, 6, 3), 21_797_672),
    "resnet50": ((3, 4, 6, 3), 25_557_032),
    "resnet101": ((3, 4, 23, 3), 44_549_160),
    "resnet152": ((3, 8, 36, 3), 60_192_808),
}
"""Blocks in each of the four stages, and parameters; from 50 layers on they are bottlenecks."""
_SOURCE: Final = "Source: He, Zhang, Ren, Sun, Deep residual learning for image recognition, 2015."

Block = Callable[[Blocks, int, int, int], Layer]


def _basic(make: Blocks, given: int, width: int, stride: int) -> Layer:
    body = make.chain(
        make.conv_norm(given, width, 3, stride) + make.conv_norm(width, width, 3, act="")
    )
    return make.residual(body, _shortcut(make, given, width, stride))


def _bottleneck(make: Blocks, given: int, width: int, stride: int) -> Layer:
    return _narrowed(make, given, width, (1, stride))


def _bottleneck_2015(make: Blocks, given: int, width: int, stride: int) -> Layer:
    return _narrowed(make, given, width, (stride, 1))


def _narrowed(make: Blocks, given: int, width: int, strides: tuple[int, int]) -> Layer:
    """1x1, 3x3 and 1x1, with the strides of the first two."""
    body = make.chain(
        make.conv_norm(given, width, 1, strides[0])
        + make.conv_norm(width, width, 3, strides[1])
        + make.conv_norm(width, 4 * width, 1, act="")
    )
    return make.residual(body, _shortcut(make, given, 4 * width, max(strides)))


def _shortcut(make: Blocks, given: int, wanted: int, stride: int) -> Layer | None:
    if given == wanted and stride == 1:
        return None
    return make.chain(make.conv_norm(given, wanted, 1, stride, act=""))


def _resnet(
    make: Blocks, stages: tuple[int, ...], block: Block, widening: int, classes: int
) -> list[Layer]:
    layers = [*make.conv_norm(3, 64, 7, 2), make.max_pool(3, 2, 1)]
    given = 64
    for index, (width, blocks) in enumerate(zip((64, 128, 256, 512), stages, strict=True)):
        for place in range(blocks):
            stride = 2 if index and place == 0 else 1
            layers += [block(make, given, width, stride), make.relu()]
            given = widening * width
    return [*layers, make.average(1), make.flatten(), make.linear(given, classes)]


def _enter_basic(name: str, stages: tuple[int, ...], count: int) -> None:
    def resnet(classes: Positive = 1000, *, site: Site, code: str) -> Layer:
        make = Blocks(site.seed)
        return make.chain(_resnet(make, stages, _basic, 1, classes), code)

    resnet.__doc__ = (
        f"(N, 3, 224, 224) -> (N, classes): stages of {stages} blocks of two 3x3 convolutions.\n\n"
        "Shortcuts are 1x1 convolutions where sizes change (the paper's option B).\n"
        f"{_SOURCE}\nExample: parameters({name}()) -> {count}"
    )
    RESIDUAL.combinator(name, group=Group.NETWORK)(resnet)


def _enter_deep(name: str, stages: tuple[int, ...], count: int) -> None:
    def resnet(
        classes: Positive = 1000, variant: Variant = "modern", *, site: Site, code: str
    ) -> Layer:
        make = Blocks(site.seed)
        block = _bottleneck if variant == "modern" else _bottleneck_2015
        return make.chain(_resnet(make, stages, block, 4, classes), code)

    resnet.__doc__ = (
        f"(N, 3, 224, 224) -> (N, classes): stages of {stages} bottlenecks 1x1, 3x3, 1x1.\n\n"
        '"modern": the stride is in the 3x3, as in the model zoo ("v1.5"); "paper": in the first '
        "1x1.\nThe parameters are the same, the macs are not.\n"
        f"{_SOURCE}\nExample: parameters({name}()) -> {count}"
    )
    RESIDUAL.combinator(name, group=Group.NETWORK)(resnet)


for _name, (_stages, _count) in _RESNET.items():
    _enter = _enter_basic if _name in ("resnet18", "resnet34") else _enter_deep
    _enter(_name, _stages, _count)


@RESIDUAL.combinator("densenet121", group=Group.NETWORK)
def densenet121(classes: Positive = 1000, *, site: Site, code: str) -> Layer:
    """(N, 3, 224, 224) -> (N, classes): every layer sees the maps of all before it in its block.

    DenseNet-BC as published: 6, 12, 24 and 16 layers, growth 32, bottlenecks of 128 maps, half the
    maps at each transition.
    Source: Huang, Liu, van der Maaten, Weinberger, Densely connected convolutional networks, 2016.
    Example: parameters(densenet121()) -> 7978856
    """
    make, growth, maps = Blocks(site.seed), 32, 64
    layers = [*make.conv_norm(3, maps, 7, 2), make.max_pool(3, 2, 1)]
    for stage, count in enumerate((6, 12, 24, 16)):
        if stage:
            layers += _norm_conv(make, maps, maps // 2, 1)
            layers.append(make.avg_pool(2, 2))
            maps //= 2
        for _ in range(count):
            body = _norm_conv(make, maps, 4 * growth, 1) + _norm_conv(make, 4 * growth, growth, 3)
            layers.append(make.parallel([make.identity(), make.chain(body)]))
            maps += growth
    layers += [make.norm(maps), make.relu(), make.average(1), make.flatten()]
    return make.chain([*layers, make.linear(maps, classes)], code)


def _norm_conv(make: Blocks, given: int, wanted: int, k: int) -> list[Layer]:
    return [make.norm(given), make.relu(), make.conv(given, wanted, k, 1, k // 2, bias=False)]
