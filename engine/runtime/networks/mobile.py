"""Small networks by name: SqueezeNet, the MobileNets and EfficientNet.

Promise: the form of the common model zoo; every deviation from the paper is told. Must not hold
trained weights.
"""

from __future__ import annotations

from typing import Final

from engine.library import Group, Site
from engine.runtime.arguments import Positive
from engine.runtime.layer import Layer
from engine.runtime.networks.blocks import Blocks
from engine.runtime.networks.pieces import Gated
from engine.runtime.register import Register

MOBILE: Final = Register()

_V2: Final = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1),
              (6, 160, 3, 2), (6, 320, 1, 1))  # fmt: skip
"""Table 2 of MobileNetV2: expansion, maps, blocks, stride of the first."""
_V3_LARGE: Final = (
    (3, 16, 16, 0, 0, 1), (3, 64, 24, 0, 0, 2), (3, 72, 24, 0, 0, 1), (5, 72, 40, 1, 0, 2),
    (5, 120, 40, 1, 0, 1), (5, 120, 40, 1, 0, 1), (3, 240, 80, 0, 1, 2), (3, 200, 80, 0, 1, 1),
    (3, 184, 80, 0, 1, 1), (3, 184, 80, 0, 1, 1), (3, 480, 112, 1, 1, 1), (3, 672, 112, 1, 1, 1),
    (5, 672, 160, 1, 1, 2), (5, 960, 160, 1, 1, 1), (5, 960, 160, 1, 1, 1),
)  # fmt: skip
"""Table 1 of MobileNetV3: kernel, expanded maps, maps, squeezed or not, hard-swish, stride."""
_V3_SMALL: Final = (
    (3, 16, 16, 1, 0, 2), (3, 72, 24, 0, 0, 2), (3, 88, 24, 0, 0, 1), (5, 96, 40, 1, 1, 2),
    (5, 240, 40, 1, 1, 1), (5, 240, 40, 1, 1, 1), (5, 120, 48, 1, 1, 1), (5, 144, 48, 1, 1, 1),
    (5, 288, 96, 1, 1, 2), (5, 576, 96, 1, 1, 1), (5, 576, 96, 1, 1, 1),
)  # fmt: skip
"""Table 2 of MobileNetV3."""
_B0: Final = ((1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3),
              (6, 5, 1, 112, 3), (6, 5, 2, 192, 4), (6, 3, 1, 320, 1))  # fmt: skip
"""Table 1 of EfficientNet: expansion, kernel, stride of the first, maps, blocks."""


@MOBILE.combinator("squeezenet", group=Group.NETWORK)
def squeezenet(classes: Positive = 1000, *, site: Site, code: str) -> Layer:
    """(N, 3, 224, 224) -> (N, classes): version 1.0; fire modules squeeze by 1x1 and expand.

    The model zoo's form: the first convolution has no padding, pooling rounds up.
    Source: Iandola et al., SqueezeNet: AlexNet-level accuracy with 50x fewer parameters, 2016.
    Example: parameters(squeezenet()) -> 1248424
    """
    make = Blocks(site.seed)
    layers, given = [make.conv(3, 96, 7, 2), make.relu()], 96
    for index, squeezed in enumerate((16, 16, 32, 32, 48, 48, 64, 64)):
        if index in (0, 3, 7):
            layers.append(make.max_pool(3, 2, ceil=True))
        wide = 4 * squeezed
        layers += [make.conv(given, squeezed, 1), make.relu(), make.parallel([
            make.chain([make.conv(squeezed, wide, 1), make.relu()]),
            make.chain([make.conv(squeezed, wide, 3, 1, 1), make.relu()]),
        ])]  # fmt: skip
        given = 2 * wide
    layers += [make.dropout(), make.conv(given, classes, 1), make.relu(), make.average(1)]
    return make.chain([*layers, make.flatten()], code)


@MOBILE.combinator("mobilenet_v1", group=Group.NETWORK)
def mobilenet_v1(classes: Positive = 1000, *, site: Site, code: str) -> Layer:
    """(N, 3, 224, 224) -> (N, classes): depthwise 3x3, then 1x1; width 1.0.

    As published; convolutions without bias, each with batch normalisation and ReLU. The paper
    prints stride 2 for the last depthwise convolution, which its own sizes exclude.
    Source: Howard et al., MobileNets: efficient convolutional neural networks for mobile vision
    applications, 2017.
    Example: parameters(mobilenet_v1()) -> 4231976
    Example: macs(mobilenet_v1(), (1, 3, 224, 224)) -> 568740352
    """
    make = Blocks(site.seed)
    layers, given = make.conv_norm(3, 32, 3, 2), 32
    for maps, stride in ((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2),
                         *[(512, 1)] * 5, (1024, 2), (1024, 1)):  # fmt: skip
        layers += make.conv_norm(given, given, 3, stride, groups=given)
        layers += make.conv_norm(given, maps, 1)
        given = maps
    layers += [make.average(1), make.flatten(), make.linear(given, classes)]
    return make.chain(layers, code)


@MOBILE.combinator("mobilenet_v2", group=Group.NETWORK)
def mobilenet_v2(classes: Positive = 1000, *, site: Site, code: str) -> Layer:
    """(N, 3, 224, 224) -> (N, classes): inverted residuals with a linear bottleneck; width 1.0.

    As published; dropout 0.2 before the classifier.
    Source: Sandler et al., MobileNetV2: inverted residuals and linear bottlenecks, 2018.
    Example: parameters(mobilenet_v2()) -> 3504872
    """
    make = Blocks(site.seed)
    layers, given = make.conv_norm(3, 32, 3, 2, act="ReLU6"), 32
    for expansion, maps, blocks, first in _V2:
        for place in range(blocks):
            stride = first if place == 0 else 1
            wide = expansion * given
            body = make.conv_norm(given, wide, 1, act="ReLU6") if expansion > 1 else []
            body += make.conv_norm(wide, wide, 3, stride, groups=wide, act="ReLU6")
            body += make.conv_norm(wide, maps, 1, act="")
            layers.append(_shortened(make, body, stride == 1 and given == maps))
            given = maps
    layers += make.conv_norm(given, 1280, 1, act="ReLU6")
    layers += [make.average(1), make.flatten(), make.dropout(0.2), make.linear(1280, classes)]
    return make.chain(layers, code)


@MOBILE.combinator("mobilenet_v3_small", group=Group.NETWORK)
def mobilenet_v3_small(classes: Positive = 1000, *, site: Site, code: str) -> Layer:
    """(N, 3, 224, 224) -> (N, classes): found by search, with squeeze and excitation.

    The model zoo's form: a gate is made from a quarter of the expanded maps, rounded to 8.
    Source: Howard et al., Searching for MobileNetV3, 2019.
    Example: parameters(mobilenet_v3_small()) -> 2542856
    """
    return _mobilenet_v3(Blocks(site.seed), _V3_SMALL, 1024, classes, code)


@MOBILE.combinator("mobilenet_v3_large", group=Group.NETWORK)
def mobilenet_v3_large(classes: Positive = 1000, *, site: Site, code: str) -> Layer:
    """(N, 3, 224, 224) -> (N, classes): found by search, with squeeze and excitation.

    The model zoo's form: a gate is made from a quarter of the expanded maps, rounded to 8.
    Source: Howard et al., Searching for MobileNetV3, 2019.
    Example: parameters(mobilenet_v3_large()) -> 5483032
    """
    return _mobilenet_v3(Blocks(site.seed), _V3_LARGE, 1280, classes, code)


def _mobilenet_v3(
    make: Blocks, rows: tuple[tuple[int, ...], ...], hidden: int, classes: int, code: str
) -> Layer:
    layers, given = make.conv_norm(3, 16, 3, 2, eps=1e-3, act="Hardswish"), 16
    for kernel, wide, maps, squeezed, swish, stride in rows:
        act = "Hardswish" if swish else "ReLU"
        body = make.conv_norm(given, wide, 1, eps=1e-3, act=act) if wide != given else []
        body += make.conv_norm(wide, wide, kernel, stride, groups=wide, eps=1e-3, act=act)
        if squeezed:
            body.append(_gated(make, wide, _eighths(wide // 4), "ReLU", "Hardsigmoid"))
        body += make.conv_norm(wide, maps, 1, eps=1e-3, act="")
        layers.append(_shortened(make, body, stride == 1 and given == maps))
        given = maps
    last = 6 * given
    layers += make.conv_norm(given, last, 1, eps=1e-3, act="Hardswish")
    layers += [make.average(1), make.flatten(), make.linear(last, hidden), make.act("Hardswish"),
               make.dropout(0.2), make.linear(hidden, classes)]  # fmt: skip
    return make.chain(layers, code)


@MOBILE.combinator("efficientnet_b0", group=Group.NETWORK)
def efficientnet_b0(classes: Positive = 1000, *, site: Site, code: str) -> Layer:
    """(N, 3, 224, 224) -> (N, classes): inverted residuals with squeeze and excitation, SiLU.

    As published, without stochastic depth, which only training has. A gate is made from a quarter
    of the maps before expansion.
    Source: Tan, Le, EfficientNet: rethinking model scaling for convolutional neural networks, 2019.
    Example: parameters(efficientnet_b0()) -> 5288548
    """
    make = Blocks(site.seed)
    layers, given = make.conv_norm(3, 32, 3, 2, act="SiLU"), 32
    for expansion, kernel, first, maps, blocks in _B0:
        for place in range(blocks):
            stride = first if place == 0 else 1
            wide = expansion * given
            body = make.conv_norm(given, wide, 1, act="SiLU") if expansion > 1 else []
            body += make.conv_norm(wide, wide, kernel, stride, groups=wide, act="SiLU")
            body.append(_gated(make, wide, given // 4, "SiLU", "Sigmoid"))
            body += make.conv_norm(wide, maps, 1, act="")
            layers.append(_shortened(make, body, stride == 1 and given == maps))
            given = maps
    layers += make.conv_norm(given, 1280, 1, act="SiLU")
    layers += [make.average(1), make.flatten(), make.dropout(0.2), make.linear(1280, classes)]
    return make.chain(layers, code)


def _shortened(make: Blocks, body: list[Layer], same: bool) -> Layer:
    """A block, with a shortcut past it where sizes are kept."""
    chain = make.chain(body)
    return make.residual(chain) if same else chain


def _gated(make: Blocks, maps: int, squeezed: int, act: str, gate: str) -> Layer:
    """Squeeze and excitation: x times a gate per map, made from the maps' means."""
    body = make.chain([make.average(1), make.conv(maps, squeezed, 1), make.act(act),
                       make.conv(squeezed, maps, 1), make.act(gate)])  # fmt: skip
    return make.inner(f"Gated({body.code})", lambda modules: Gated(*modules), [body])


def _eighths(maps: int) -> int:
    """The nearest multiple of 8 that takes away no more than a tenth."""
    rounded = max(8, (maps + 4) // 8 * 8)
    return rounded if rounded >= 0.9 * maps else rounded + 8
