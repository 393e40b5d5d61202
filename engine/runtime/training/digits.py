"""Digits drawn by strokes: small grey images in three difficulties, made here in a blink.

Promise: float32 from 0 to 1, (n, 1, 28, 28), the ten digits at random; the same for the same seed
and place. Must not read a file.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Final

import torch
from torch.nn import functional

from engine.library import Group, Site
from engine.runtime import device
from engine.runtime.arguments import Seed, words
from engine.runtime.clock import check_time
from engine.runtime.register import Register
from engine.runtime.tensors import generator
from engine.runtime.training.data import Data, Samples, check_sides

DIGITS: Final = Register()
SIDE: Final = 28
_CHUNK: Final = 2_000
_HEIGHT, _WIDTH = 21.0, 15.0
"""Pixels of a digit of scale 1."""
_PENS: Final = (1.3, 1.6, 1.9)
"""Half the width of a stroke in pixels."""
_EDGES: Final = (1.0, 1.6)
"""Over how many pixels a stroke's edge is blurred."""

Point = tuple[float, float]
Stroke = tuple[Point, ...]


def _arc(x: float, y: float, rx: float, ry: float, start: float, end: float) -> Stroke:
    """Part of an ellipse, its angles in degrees clockwise from the right."""
    turns = [math.radians(start + (end - start) * k / 16) for k in range(17)]
    return tuple((x + rx * math.cos(t), y + ry * math.sin(t)) for t in turns)


_SIX: Final[tuple[Stroke, ...]] = (
    ((0.74, 0.06), (0.52, 0.16), (0.34, 0.34), (0.22, 0.54), (0.2, 0.7)),
    _arc(0.5, 0.7, 0.3, 0.26, 0, 360),
)
_STROKES: Final[tuple[tuple[Stroke, ...], ...]] = (
    (_arc(0.5, 0.5, 0.34, 0.46, 0, 360),),
    (((0.28, 0.24), (0.54, 0.04), (0.54, 0.96)),),
    ((*_arc(0.5, 0.3, 0.31, 0.26, 180, 395), (0.16, 0.95), (0.86, 0.95)),),
    (_arc(0.46, 0.27, 0.3, 0.22, -150, 90), _arc(0.46, 0.72, 0.34, 0.23, -90, 150)),
    (((0.64, 0.96), (0.64, 0.04), (0.12, 0.66), (0.9, 0.66)),),
    (((0.8, 0.05), (0.27, 0.05), (0.24, 0.46)), _arc(0.46, 0.67, 0.34, 0.28, -130, 150)),
    _SIX,
    (((0.14, 0.05), (0.86, 0.05), (0.4, 0.96)),),
    (_arc(0.5, 0.27, 0.25, 0.22, 0, 360), _arc(0.5, 0.72, 0.32, 0.24, 0, 360)),
    tuple(tuple((1 - x, 1 - y) for x, y in stroke) for stroke in _SIX),
)


@dataclass(frozen=True)
class _Difficulty:
    """Noise as a standard deviation; turn in radians either way; shear and shift either way."""

    noise: float
    turn: float
    shear: float
    smallest: float
    largest: float
    shift: float


_DIFFICULTIES: Final = {
    "easy": _Difficulty(0.25, 0.30, 0.25, 0.75, 1.15, 0.18),
    "medium": _Difficulty(0.35, 0.45, 0.35, 0.6, 1.2, 0.25),
    "hard": _Difficulty(0.45, 0.6, 0.45, 0.5, 1.2, 0.30),
}
Difficulty = Annotated[str, words(*_DIFFICULTIES)]


@DIGITS.combinator("make_digits", group=Group.TENSOR)
def make_digits(
    n: Samples = 1000,
    difficulty: Difficulty = "easy",
    seed: Seed | None = None,
    *,
    site: Site,
    code: str,
) -> Data:
    """Images of the ten digits, drawn by strokes and jittered; no data set is needed.

    x is (n, 1, 28, 28) from 0 to 1, y the digit. Each is turned, sheared, scaled, shifted, drawn
    with one of three pens, blurred and made noisy; "medium" and "hard" do more of it.

    Example: shape(inputs_of(make_digits(10))) -> (10, 1, 28, 28)
    """
    check_sides(n, 1, SIDE, SIDE)
    draw = generator(site, seed)
    y = torch.randint(10, (n,), generator=draw)
    kinds = len(_PENS) * len(_EDGES)
    drawn = kinds * y + torch.randint(kinds, (n,), generator=draw)
    jitter = _DIFFICULTIES[difficulty]
    ways = _ways(n, jitter, draw)
    x = torch.empty(n, 1, SIDE, SIDE)
    for start in range(0, n, _CHUNK):
        check_time()
        part = slice(start, min(start + _CHUNK, n))
        x[part] = _jittered(drawn[part], ways[part], jitter.noise, draw)
    return Data(code, x.to(device.current()), y.to(device.current()), 10)


def _ways(n: int, jitter: _Difficulty, draw: torch.Generator) -> torch.Tensor:
    """An affine way from each image's pixels back to its strokes."""

    def between(low: float, high: float) -> torch.Tensor:
        return low + (high - low) * torch.rand(n, generator=draw)

    turn, shear = between(-jitter.turn, jitter.turn), between(-jitter.shear, jitter.shear)
    scale = between(jitter.smallest, jitter.largest)
    ways = torch.empty(n, 2, 3)
    ways[:, 0, 0] = turn.cos() / scale
    ways[:, 0, 1] = (shear - turn.sin()) / scale
    ways[:, 1, 0] = turn.sin() / scale
    ways[:, 1, 1] = turn.cos() / scale
    ways[:, 0, 2] = between(-jitter.shift, jitter.shift)
    ways[:, 1, 2] = between(-jitter.shift, jitter.shift)
    return ways


def _jittered(
    drawn: torch.Tensor, ways: torch.Tensor, noise: float, draw: torch.Generator
) -> torch.Tensor:
    count = len(drawn)
    grid = functional.affine_grid(ways, [count, 1, SIDE, SIDE], align_corners=False)
    ink = functional.grid_sample(_templates()[drawn], grid, align_corners=False)
    ink *= 0.6 + 0.4 * torch.rand(count, 1, 1, 1, generator=draw)
    grain = torch.randn(ink.shape, generator=draw).mul_(noise)
    return ink.add_(grain.mul_(ink > 0.02)).clamp_(0.0, 1.0)


@functools.cache
def _templates() -> torch.Tensor:
    """Every digit with every pen and edge: (10 · pens · edges, 1, 28, 28)."""
    middle = torch.arange(SIDE) + 0.5
    rows, columns = torch.meshgrid(middle, middle, indexing="ij")
    images = []
    for strokes in _STROKES:
        far = torch.full((SIDE, SIDE), math.inf)
        for stroke in strokes:
            for start, end in pairwise(stroke):
                far = torch.minimum(far, _distance(columns, rows, _pixel(start), _pixel(end)))
        images += [((pen - far) / edge + 0.5).clamp(0.0, 1.0) for pen in _PENS for edge in _EDGES]
    return torch.stack(images)[:, None]


def _pixel(point: Point) -> Point:
    x, y = point
    return SIDE / 2 + (x - 0.5) * _WIDTH, SIDE / 2 + (y - 0.5) * _HEIGHT


def _distance(x: torch.Tensor, y: torch.Tensor, start: Point, end: Point) -> torch.Tensor:
    """How far every pixel is from a segment."""
    across, down = end[0] - start[0], end[1] - start[1]
    along = ((x - start[0]) * across + (y - start[1]) * down) / (across**2 + down**2)
    along = along.clamp(0.0, 1.0)
    return torch.hypot(x - start[0] - along * across, y - start[1] - along * down)
