"""Batches in a new random order for each pass, and changes made to every batch anew.

Promise: each pass sees every sample once, the last batch being what is left; with no batch size
all samples in their own order. Must not change the data itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Annotated, Final

import torch
from torch.nn import functional

from engine.refusal import refused
from engine.runtime.arguments import words

_NOISE: Final = 0.1
_MOST_PIXELS: Final = 2
_IMAGES: Final = 4


def batches(
    x: torch.Tensor, y: torch.Tensor, size: int | None, draw: torch.Generator, *, drop_last: bool
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Batches without end."""
    count = len(x)
    if size is None or (size >= count and not drop_last):
        while True:
            yield x, y
    end = count - count % size if drop_last else count
    while True:
        order = torch.randperm(count, generator=draw).to(x.device)
        for start in range(0, end, size):
            places = order[start : start + size]
            yield x[places], y[places]


def _rotate(x: torch.Tensor, draw: torch.Generator) -> torch.Tensor:
    """Points around the origin by any angle, each by its own."""
    angle = (2 * math.pi * torch.rand(len(x), generator=draw)).to(x.device)
    cosine, sine = angle.cos(), angle.sin()
    return torch.stack([x[:, 0] * cosine - x[:, 1] * sine, x[:, 0] * sine + x[:, 1] * cosine], 1)


def _noise(x: torch.Tensor, draw: torch.Generator) -> torch.Tensor:
    return x + _NOISE * torch.randn(x.shape, generator=draw).to(x.device)


def _flip(x: torch.Tensor, draw: torch.Generator) -> torch.Tensor:
    """Half of the images mirrored left to right."""
    mirrored = (torch.rand(len(x), generator=draw) < 0.5).to(x.device)
    return torch.where(mirrored[:, None, None, None], x.flip(-1), x)


def _shift(x: torch.Tensor, draw: torch.Generator) -> torch.Tensor:
    """All images of a batch by up to two pixels either way, black coming in."""
    ways = torch.randint(-_MOST_PIXELS, _MOST_PIXELS + 1, (2,), generator=draw)
    down, across = (int(way) for way in ways)
    return functional.pad(x, (across, -across, down, -down))


_AUGMENTS: Final[dict[str, Callable[[torch.Tensor, torch.Generator], torch.Tensor]]] = {
    "rotate": _rotate,
    "noise": _noise,
    "flip": _flip,
    "shift": _shift,
}
Augment = Annotated[str, words(*_AUGMENTS)]


def augmenter(
    kind: str | None, x: torch.Tensor, draw: torch.Generator
) -> Callable[[torch.Tensor], torch.Tensor] | None:
    """The change of that kind, if it suits the data."""
    if kind is None:
        return None
    points, images = x.dim() == 2 and x.shape[1] == 2, x.dim() == _IMAGES
    if (kind == "rotate" and not points) or (kind in ("flip", "shift") and not images):
        raise refused("augment-data", argument="augment", kind=kind, shape=tuple(x.shape))
    change = _AUGMENTS[kind]
    return lambda batch: change(batch, draw)
