"""Which packs are installed, and from where.

Promise: reads only. `physics@3` is the third time the pack `physics` was installed; beside its
files lies a record of its version, source, signer and of all files' hash. A folder without a
record was put there by hand. Must not raise on a damaged record: it counts as none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.packs.fetching import Fetched
from app.packs.sources import Kind, Source
from content.archive import ArchiveError, collect
from content.archive.manifest import contents
from content.discovery import MANIFEST, generation, pack_folders
from content.loader import read_manifest

RECORD = ".gradus-pack.json"
_MAX_RECORD = 20_000


@dataclass(frozen=True, slots=True)
class Installed:
    """An installed pack. `number` is 0 and `source` None where it was put there by hand."""

    id: str
    version: str
    folder: Path
    number: int
    digest: str = ""
    source: Source | None = None
    signer: str = ""


def installed(root: Path) -> tuple[Installed, ...]:
    """The packs in the folder of packs, by id."""
    found = (_installed(folder) for folder in pack_folders(root) if folder != root)
    return tuple(sorted((pack for pack in found if pack is not None), key=lambda pack: pack.id))


def find_installed(root: Path, id_: str) -> Installed | None:
    """The installed pack of that id."""
    return next((pack for pack in installed(root) if pack.id == id_), None)


def intact(pack: Installed) -> bool:
    """Whether its files are those that were installed."""
    try:
        return contents("", "", collect(pack.folder)).digest == pack.digest
    except (ArchiveError, OSError):
        return False


def record(version: str, fetched: Fetched) -> bytes:
    """What is kept beside the files of a pack."""
    held = {
        "version": version,
        "digest": fetched.digest,
        "kind": fetched.source.kind.value,
        "place": fetched.source.place,
        "ref": fetched.source.ref,
        "signer": fetched.signer,
    }
    return (json.dumps(held, ensure_ascii=False, indent=1) + "\n").encode()


def _installed(folder: Path) -> Installed | None:
    id_, number = generation(folder.name)
    record = _read_record(folder) if number else None
    if record is not None:
        return Installed(
            id_,
            record["version"],
            folder,
            number,
            record["digest"],
            Source(Kind(record["kind"]), record["place"], record["ref"]),
            record["signer"],
        )
    if not (folder / MANIFEST).is_file():
        return None
    manifest = read_manifest(folder / MANIFEST).manifest
    # A broken manifest still stands in its folder's name.
    name, version = (manifest.id, manifest.version) if manifest else (id_, "?")
    return Installed(name, version, folder, 0)


def _read_record(folder: Path) -> Mapping[str, str] | None:
    try:
        with (folder / RECORD).open("rb") as file:
            held = json.loads(file.read(_MAX_RECORD))
        names = ("version", "digest", "kind", "place", "ref", "signer")
        found = {name: held[name] for name in names}
        Kind(found["kind"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return found if all(isinstance(value, str) for value in found.values()) else None
