"""Finds the files of a pack and the packs of a folder, by names and sizes only.

Promise: follows no link out of a pack, opens nothing, reads no YAML (the warm start needs this and
no more). Must not import yaml or pydantic.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from content.diagnostic import Diagnostic, diagnostic

MANIFEST = "pack.yaml"
MAX_FILES = 10_000
MAX_FOLDER_DEPTH = 12
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


@dataclass(frozen=True, slots=True)
class PackFile:
    """A file of a pack with what tells whether it changed."""

    path: Path
    size: int
    modified: int


@dataclass(frozen=True, slots=True)
class Found:
    """The files of one pack folder: pack.yaml first, then topics by path."""

    folder: Path
    manifest: PackFile | None
    topics: tuple[PackFile, ...]
    diagnostics: tuple[Diagnostic, ...]


def find(folder: Path) -> Found:
    """What lies in a pack's folder. Never raises."""
    diagnostics: list[Diagnostic] = []
    files: list[PackFile] = []
    try:
        if not folder.is_dir():
            slip = "file" if folder.exists() else "missing"
            nothing = diagnostic("G001", str(folder), details=(("slip", slip),))
            return Found(folder, None, (), (nothing,))
        inside = os.path.realpath(folder)
        for entry in _walk(folder, 0, diagnostics):
            if file := _file(entry, inside, diagnostics):
                files.append(file)
            if len(files) > MAX_FILES:
                details = (("what", "files"), ("limit", str(MAX_FILES)))
                diagnostics.append(diagnostic("G007", str(folder), details=details))
                break
    except OSError as error:
        diagnostics.append(_unreadable(folder, error))
    files.sort(key=lambda file: file.path.parts)
    manifest = next((file for file in files if file.path == folder / MANIFEST), None)
    if manifest is None and not any(one.code != "G012" for one in diagnostics):
        found = _misplaced(files, diagnostics)
        if found is not None:  # that it is there under another name is the whole slip
            files = [file for file in files if file.path != found]
            diagnostics = [one for one in diagnostics if one.file != str(found)]
        diagnostics.append(_no_manifest(folder, found))
    topics = tuple(file for file in files if file is not manifest)
    return Found(folder, manifest, topics, tuple(diagnostics))


def _misplaced(files: Iterable[PackFile], diagnostics: Iterable[Diagnostic]) -> Path | None:
    """The file that is meant to be pack.yaml: spelt otherwise, or in a folder of the folder."""
    paths = [file.path for file in files] + [Path(one.file) for one in diagnostics]
    fits = [path for path in paths if path.name.lower() in (MANIFEST, "pack.yml")]
    return min(fits, key=lambda path: (len(path.parts), path), default=None)


def _no_manifest(folder: Path, found: Path | None) -> Diagnostic:
    details: tuple[tuple[str, str], ...] = (("slip", "no-manifest"),)
    if found is not None:
        slip = "other-name" if found.parent == folder else "other-folder"
        name = found.name if found.parent == folder else str(found.parent)
        details = (("slip", slip), ("found", name))
    return diagnostic("G001", str(folder), details=details)


def pack_folders(root: Path) -> Iterator[Path]:
    """The packs under a root: the root itself if it is one, else its visible sub-folders, of an
    installed pack (`name@3`) the newest."""
    try:
        if (root / MANIFEST).is_file():
            yield root
            return
        with os.scandir(root) as entries:
            names = sorted(e.name for e in entries if e.is_dir() and _visible(e.name))
    except OSError:
        return
    newest: dict[str, int] = {}
    for name in names:
        pack, number = generation(name)
        newest[pack] = max(number, newest.get(pack, 0))
    for name in names:
        pack, number = generation(name)
        if number in (0, newest[pack]):
            yield root / name


def generation(name: str) -> tuple[str, int]:
    """The pack that a folder's name says was installed there, and the how-manieth time.

    `physics@3` is ("physics", 3); a folder put there by hand has the number 0. Installing makes
    the next number appear in one step, so that there is always one whole pack.
    """
    pack, _, number = name.rpartition("@")
    if pack and _NUMBER.fullmatch(number):
        return pack, int(number)
    return name, 0


def _visible(name: str) -> bool:
    return not name.startswith((".", "_"))


def _walk(folder: Path, depth: int, diagnostics: list[Diagnostic]) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as scan:
            entries = sorted(scan, key=lambda entry: entry.name)
    except OSError as error:
        diagnostics.append(_unreadable(folder, error))
        return
    for entry in entries:
        if not _visible(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            if depth >= MAX_FOLDER_DEPTH:
                details = (("what", "folders"), ("limit", str(MAX_FOLDER_DEPTH)))
                diagnostics.append(diagnostic("G007", entry.path, details=details))
            else:
                yield from _walk(Path(entry.path), depth + 1, diagnostics)
        else:
            yield entry


def _file(entry: os.DirEntry[str], inside: str, diagnostics: list[Diagnostic]) -> PackFile | None:
    if entry.is_symlink():
        target = os.path.realpath(entry.path)
        if not target.startswith(inside + os.sep):
            diagnostics.append(diagnostic("G013", entry.path, details=(("slip", "outside"),)))
            return None
        if Path(target).is_dir():
            return None  # its files are found where they really lie
    name = entry.name.lower()
    if name.endswith(".yml"):
        diagnostics.append(diagnostic("G012", entry.path, details=(("name", entry.name),)))
    if not entry.name.endswith(".yaml"):
        return None
    if not entry.is_file():
        diagnostics.append(diagnostic("G013", entry.path, details=(("slip", "special"),)))
        return None
    status = entry.stat()
    return PackFile(Path(entry.path), status.st_size, status.st_mtime_ns)


def _unreadable(path: Path, error: OSError) -> Diagnostic:
    details = (("slip", "unreadable"), ("reason", error.strerror or str(error)))
    return diagnostic("G001", str(path), details=details)


def builtin_root() -> Path:
    """The folder of the packs that come with the program."""
    return Path(__file__).parent / "packs"


def builtin_ids() -> frozenset[str]:
    """The ids of these packs."""
    return frozenset(folder.name for folder in pack_folders(builtin_root()))
