"""What was proved before: items in which a measured check found nothing.

Promise: an item counts as proved only while everything its proof rests on is the same: its own
text, its topic's name, the draws asked for, Gradus' engine and checks, and PyTorch. A damaged
store counts as empty, one that cannot be written is left. Must not measure.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from content.checks.view import ItemView

_MOST: Final = 20_000
"""Proofs that are kept, the newest last."""
_HOUSE: Final = Path(__file__).parents[2]


class Proven:
    """The proofs in one file, for checks with `draws` draws per exercise."""

    def __init__(self, file: Path, draws: int) -> None:
        self._file = file
        self._asked = draws
        self._kept = _read(file)

    def draws(self, item: ItemView) -> int | None:
        """On how many draws the item was proved as it stands now; None if it was not."""
        return self._kept.get(self._key(item))

    def keep(self, proved: Iterable[tuple[ItemView, int]]) -> None:
        """Remember items in which nothing was found, and the draws that were measured."""
        for item, draws in proved:
            key = self._key(item)
            self._kept.pop(key, None)
            self._kept[key] = draws
        newest = list(self._kept.items())[-_MOST:]
        text = json.dumps({"proved": dict(newest)}, indent=0)
        partly = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            partly.write_text(text, encoding="utf-8")
            partly.replace(self._file)

    def _key(self, item: ItemView) -> str:
        written = item.source.hashes.get(item.item.id, "")
        parts = (basis(), str(self._asked), item.pack, item.name, written)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


def _read(file: Path) -> dict[str, int]:
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))["proved"]
    except (OSError, ValueError, TypeError, KeyError):
        return {}
    if not isinstance(kept, dict):
        return {}
    return {key: draws for key, draws in kept.items() if type(draws) is int}


@cache
def basis() -> str:
    """What every proof rests on: the sources of engine and content, Python and PyTorch."""
    digest = hashlib.sha256(f"{sys.version}\0{_torch()}".encode())
    for part in ("engine", "content"):
        for source in sorted((_HOUSE / part).rglob("*.py")):
            digest.update(str(source.relative_to(_HOUSE)).encode())
            digest.update(source.read_bytes())
    return digest.hexdigest()


def _torch() -> str:
    try:
        return version("torch")
    except PackageNotFoundError:
        return ""
