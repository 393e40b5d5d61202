"""MNIST from the files a person has: four IDX files in the folder named by GRADUS_DATA.

Promise: nothing is downloaded. A file's header is believed only where the file is exactly as long
as it says, and no more than that is ever unpacked. Must not look anywhere else.
"""

from __future__ import annotations

import gzip
import math
import os
import zlib
from pathlib import Path
from typing import Annotated, Final

import torch

from engine import limits
from engine.library import Group
from engine.refusal import refused
from engine.runtime import device
from engine.runtime.arguments import whole, words
from engine.runtime.foresight import check_elements
from engine.runtime.register import Register
from engine.runtime.training.data import Data
from engine.runtime.training.digits import SIDE

MNIST: Final = Register()
FOLDER: Final = "GRADUS_DATA"
_NAMES: Final = {"train": "train", "test": "t10k"}
_IMAGES: Final = 0x0803
_LABELS: Final = 0x0801
_CLASSES: Final = 10
Split = Annotated[str, words(*_NAMES)]
Count = Annotated[int, whole(1, limits.SAMPLES)]


@MNIST.combinator("mnist", group=Group.TENSOR)
def mnist(split: Split = "train", n: Count | None = None, *, site: object, code: str) -> Data:  # noqa: ARG001
    """MNIST's images of handwritten digits, from your own files: 60,000 to train, 10,000 to test.

    x is (N, 1, 28, 28) from 0 to 1, y the digit; n takes the first n. The folder named by the
    environment variable GRADUS_DATA holds train-images-idx3-ubyte, train-labels-idx1-ubyte,
    t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, each also as .gz. Who has no such
    files takes `make_digits`, which draws digits.

    Source: LeCun, Cortes, Burges, The MNIST database of handwritten digits
    Example: shape(inputs_of(mnist("test", 100))) -> (100, 1, 28, 28)
    """
    folder = os.environ.get(FOLDER, "")
    if not folder:
        raise refused("mnist-no-folder", variable=FOLDER)
    name = _NAMES[split]
    images, sides = _read(Path(folder), f"{name}-images", 3, _IMAGES)
    labels, _ = _read(Path(folder), f"{name}-labels", 1, _LABELS)
    if sides[1:] != (SIDE, SIDE) or len(images) != sides[0] * SIDE * SIDE:
        raise refused("mnist-broken", file=f"{name}-images")
    if len(labels) != sides[0] or not labels or max(labels) >= _CLASSES:
        raise refused("mnist-broken", file=f"{name}-labels")
    count = sides[0] if n is None else min(n, sides[0])
    check_elements((count, 1, SIDE, SIDE))
    x = torch.frombuffer(images, dtype=torch.uint8)[: count * SIDE * SIDE]
    y = torch.frombuffer(labels, dtype=torch.uint8)[:count]
    place = device.current()
    scaled = x.view(count, 1, SIDE, SIDE).float() / 255
    return Data(code, scaled.to(place), y.long().to(place), _CLASSES)


def _read(folder: Path, name: str, dims: int, magic: int) -> tuple[bytearray, tuple[int, ...]]:
    """The bytes of an IDX file after its header, and the sizes that the header tells."""
    path = _found(folder, name, dims)
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            head = file.read(4 * (1 + dims))
            numbers = tuple(int.from_bytes(head[at : at + 4]) for at in range(0, len(head), 4))
            if len(head) < 4 * (1 + dims) or numbers[0] != magic:
                raise refused("mnist-broken", file=path.name)
            sides = numbers[1:]
            size = math.prod(sides)
            if sides[0] > limits.SAMPLES or size > limits.ELEMENTS:
                raise refused("mnist-broken", file=path.name)
            body = bytearray(file.read(size + 1))
    except (OSError, EOFError, zlib.error) as error:
        raise refused("mnist-unreadable", file=path.name, reason=_reason(error)) from error
    if len(body) != size:
        raise refused("mnist-broken", file=path.name)
    return body, sides


def _found(folder: Path, name: str, dims: int) -> Path:
    """The file by one of its usual names."""
    stems = (f"{name}-idx{dims}-ubyte", f"{name}.idx{dims}-ubyte")
    for place in (folder, folder / "MNIST" / "raw"):
        for stem in stems:
            for path in (place / stem, place / f"{stem}.gz"):
                if path.is_file():
                    return path
    raise refused("mnist-missing", file=stems[0], variable=FOLDER)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
