"""From a pack's folder to one file, the same bytes wherever and whenever it is built.

Promise: files are sorted by name, all dates and modes fixed, nothing is compressed (compressors
differ from system to system), nothing of the machine goes in. Must not judge the pack.
"""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path

from content.archive import manifest, signing
from content.archive.limits import MAX_FILE_BYTES, MAX_FILES, MAX_TOTAL_BYTES
from content.archive.manifest import Contents
from content.archive.names import (
    DOCUMENTS,
    MANIFEST_NAME,
    SIGNATURE_NAME,
    check_apart,
    check_name,
    may_hold,
)
from content.archive.refusal import ArchiveError
from content.discovery import MANIFEST, find

_DATE = (1980, 1, 1, 0, 0, 0)
_MODE = (stat.S_IFREG | 0o644) << 16
_UNIX = 3


def pack_files(folder: Path) -> dict[str, Path]:
    """The files of the pack in a folder by their name in the archive: pack.yaml, topics and
    documents. Hidden files, links and other kinds of files stay out.

    Raises `ArchiveError` where a name will not do everywhere, OSError where the folder is
    unreadable.
    """
    found = find(folder)
    paths = [file.path for file in (found.manifest, *found.topics) if file is not None]
    paths += [
        path
        for path in folder.iterdir()
        if (path.name in DOCUMENTS or path.suffix in (".md", ".txt"))
        and not path.name.startswith((".", "_"))
        and may_hold(path.name)
    ]
    files: dict[str, Path] = {}
    for path in sorted(paths):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            raise ArchiveError("link", name=name)
        if path.is_file():
            check_name(name)
            files[name] = path
    if MANIFEST not in files:
        raise ArchiveError("no-pack")
    check_apart(files)
    return dict(sorted(files.items()))


def collect(folder: Path) -> dict[str, bytes]:
    """The contents of `pack_files`. Raises `ArchiveError` where they are too many or too large."""
    paths = pack_files(folder)
    if len(paths) > MAX_FILES - 2:
        raise ArchiveError("count", count=len(paths), limit=MAX_FILES - 2)
    files: dict[str, bytes] = {}
    total = 0
    for name, path in paths.items():
        with path.open("rb") as file:
            files[name] = file.read(MAX_FILE_BYTES + 1)
        total += len(files[name])
        if len(files[name]) > MAX_FILE_BYTES:
            size = path.stat().st_size
            raise ArchiveError("file-size", name=name, bytes=size, limit=MAX_FILE_BYTES)
        if total > MAX_TOTAL_BYTES:
            raise ArchiveError("total-size", bytes=total, limit=MAX_TOTAL_BYTES)
    return files


def build(
    id_: str, version: str, files: Mapping[str, bytes], private_key: bytes | None = None
) -> tuple[bytes, Contents]:
    """The archive of a pack, signed where a key (Ed25519, PEM) is given.

    Raises `SignerMissingError` where it cannot be signed, ValueError for a key that will not do.
    """
    contents = manifest.contents(id_, version, files)
    written = manifest.written(contents)
    entries = {MANIFEST_NAME: written}
    if private_key is not None:
        entries[SIGNATURE_NAME] = signing.sign(written, private_key)
    entries.update(sorted(files.items()))
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED, allowZip64=False) as archive:
        for name, data in entries.items():
            entry = zipfile.ZipInfo(name, _DATE)
            entry.create_system = _UNIX
            entry.external_attr = _MODE
            archive.writestr(entry, data)
    return held.getvalue(), contents
