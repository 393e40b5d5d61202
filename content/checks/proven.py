"""What was proved before: items in which a measured check found nothing.

Promise: an item counts as proved only while everything its proof rests on is the same: its own
text, its topic's name, the draws asked for, Gradus' engine and checks, and PyTorch; a whole pack
while each of its files is. A damaged store counts as empty, one that cannot be written is left.
Must not measure.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final, NamedTuple

from content.checks.view import ItemView
from content.discovery import Found

_MOST: Final = 20_000
"""Proofs that are kept, the newest last."""
_HOUSE: Final = Path(__file__).parents[2]


class Whole(NamedTuple):
    """What the check of a sound pack counted."""

    pack: str
    items: int
    exercises: int
    draws: int


class Proven:
    """The proofs in one file, for checks with `draws` draws per exercise."""

    def __init__(self, file: Path, draws: int) -> None:
        self._file = file
        self._asked = draws
        self._kept = _read(file)

    def draws(self, item: ItemView) -> int | None:
        """On how many draws the item was proved as it stands now; None if it was not."""
        draws = self._kept.get(self._key(item))
        return draws if type(draws) is int else None

    def whole(self, found: Found) -> Whole | None:
        """What the check of these very files came to when it found nothing at all; None if it
        has not, or not on so many draws."""
        counts = self._kept.get(self._key_of_all(found))
        match counts:
            case [str(pack), int(items), int(exercises), int(draws)]:
                return Whole(pack, items, exercises, draws)
        return None

    def keep_whole(self, found: Found, proved: Whole) -> None:
        """Remember a pack in whose check nothing was found."""
        self._keep({self._key_of_all(found): list(proved)})

    def keep(self, proved: Iterable[tuple[ItemView, int]]) -> None:
        """Remember items in which nothing was found, and the draws that were measured."""
        self._keep({self._key(item): draws for item, draws in proved})

    def _keep(self, proved: Mapping[str, object]) -> None:
        for key, value in proved.items():
            self._kept.pop(key, None)
            self._kept[key] = value
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

    def _key_of_all(self, found: Found) -> str:
        digest = hashlib.sha256(f"{basis()}\0{self._asked}".encode())
        for file in (*((found.manifest,) if found.manifest else ()), *found.topics):
            digest.update(f"\0{file.path.relative_to(found.folder)}\0".encode())
            with contextlib.suppress(OSError):  # what cannot be read was no file of a sound pack
                digest.update(hashlib.sha256(file.path.read_bytes()).digest())
        return f"pack {digest.hexdigest()[:24]}"


def _read(file: Path) -> dict[str, object]:
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))["proved"]
    except (OSError, ValueError, TypeError, KeyError):
        return {}
    return kept if isinstance(kept, dict) else {}


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
