"""Networks that make images by name: U-Net and a pair of a generator and a discriminator.

Promise: the form in common use unless `variant="paper"`; every deviation is told. Must not hold
trained weights.
"""

from __future__ import annotations

from typing import Annotated, Final

from engine.library import Group, Site
from engine.runtime.arguments import whole
from engine.runtime.layer import Layer
from engine.runtime.networks.blocks import Blocks, Variant, Width
from engine.runtime.networks.pieces import Skip
from engine.runtime.register import Register

GENERATIVE: Final = Register()
Levels = Annotated[int, whole(1, 8)]


@GENERATIVE.combinator("unet", group=Group.NETWORK)
def unet(
    channels: Width = 3,
    classes: Width = 2,
    width: Width = 64,
    depth: Levels = 4,
    variant: Variant = "modern",
    *,
    site: Site,
    code: str,
) -> Layer:
    """(N, channels, H, W) -> (N, classes, H, W): down `depth` times, up again, with skips across.

    "modern": padded 3x3 without bias, batch normalisation; sides are cut to multiples of
    2^depth. "paper": unpadded 3x3 with bias, so 572 x 572 gives 388 x 388, and skips are cropped;
    published with 1 channel.
    Source: Ronneberger, Fischer, Brox, U-Net: convolutional networks for biomedical image
    segmentation, 2015.
    Example: parameters(unet()) -> 31037698
    Example: output_shape(unet(1, variant="paper"), (1, 1, 572, 572)) -> (1, 2, 388, 388)
    """
    make = Blocks(site.seed)
    body = _level(make, channels, width, depth, variant)
    return make.chain([body, make.conv(width, classes, 1)], code)


def _double(make: Blocks, a: int, b: int, variant: str) -> list[Layer]:
    if variant == "modern":
        return make.conv_norm(a, b, 3) + make.conv_norm(b, b, 3)
    return [make.conv(a, b, 3), make.relu(), make.conv(b, b, 3), make.relu()]


def _level(make: Blocks, given: int, width: int, deeper: int, variant: str) -> Layer:
    """Two convolutions; below the last level nothing, else the level below and two more."""
    layers = _double(make, given, width, variant)
    if deeper:
        below = make.chain([
            make.max_pool(2, 2), _level(make, width, 2 * width, deeper - 1, variant),
            make.transposed(2 * width, width, 2, 2),
        ])  # fmt: skip
        layers.append(make.inner(f"Skip({below.code})", lambda modules: Skip(*modules), [below]))
        layers += _double(make, 2 * width, width, variant)
    return make.chain(layers)


@GENERATIVE.combinator("generator", group=Group.NETWORK)
def generator(
    noise: Width = 100, width: Width = 64, channels: Width = 3, *, site: Site, code: str
) -> Layer:
    """(N, noise, 1, 1) -> (N, channels, 64, 64) in -1..1: five transposed convolutions, DCGAN.

    The form in common use: width 64 where the paper has 128, and a transposed convolution where it
    projects the noise by a linear layer. Its partner is `discriminator`.
    Source: Radford, Metz, Chintala, Unsupervised representation learning with deep convolutional
    generative adversarial networks, 2015; the pair: Goodfellow et al., Generative adversarial nets,
    2014.
    Example: parameters(generator()) -> 3576704
    Example: output_shape(generator(), (1, 100, 1, 1)) -> (1, 3, 64, 64)
    """
    make = Blocks(site.seed)
    layers = [make.transposed(noise, 8 * width, 4, 1, bias=False), make.norm(8 * width),
              make.relu()]  # fmt: skip
    for wide in (8, 4, 2):
        a, b = wide * width, wide * width // 2
        layers += [make.transposed(a, b, 4, 2, 1, bias=False), make.norm(b), make.relu()]
    layers += [make.transposed(width, channels, 4, 2, 1, bias=False), make.act("Tanh")]
    return make.chain(layers, code)


@GENERATIVE.combinator("discriminator", group=Group.NETWORK)
def discriminator(width: Width = 64, channels: Width = 3, *, site: Site, code: str) -> Layer:
    """(N, channels, 64, 64) -> (N, 1, 1, 1): the probability that an image is real, DCGAN.

    The form in common use: width 64, no batch normalisation after the first convolution. Its
    partner is `generator`.
    Source: Radford, Metz, Chintala, Unsupervised representation learning with deep convolutional
    generative adversarial networks, 2015.
    Example: parameters(discriminator()) -> 2765568
    Example: output_shape(discriminator(), (1, 3, 64, 64)) -> (1, 1, 1, 1)
    """
    make = Blocks(site.seed)
    layers = [make.conv(channels, width, 4, 2, 1, bias=False), make.act("LeakyReLU", 0.2)]
    for wide in (1, 2, 4):
        a, b = wide * width, 2 * wide * width
        layers += make.conv_norm(a, b, 4, 2, 1, act="")
        layers.append(make.act("LeakyReLU", 0.2))
    layers += [make.conv(8 * width, 1, 4, bias=False), make.act("Sigmoid")]
    return make.chain(layers, code)
