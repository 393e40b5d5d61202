"""Fetches the files of a pack from its source into memory.

Promise: sizes and times are limited; nothing fetched is run, and nothing is written but a
repository in a temporary folder of its own. Raises `FetchError` where a pack cannot be had and
`ArchiveError` where it is refused. Must not install.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.packs.problems import FaultyPackError, FetchError
from app.packs.sources import Kind, Source
from content.archive import ArchiveError, collect, read
from content.archive.limits import MAX_ARCHIVE_BYTES
from content.archive.manifest import contents
from content.checks import Checked
from content.discovery import find
from content.loader import Loaded


@dataclass(frozen=True, slots=True)
class Fetched:
    """A pack's files. `id` and `version` are what the archive says, "" where there was none;
    `signer` is the key that signed it."""

    source: Source
    files: Mapping[str, bytes]
    id: str = ""
    version: str = ""
    signer: str = ""
    unchecked: bool = False

    @property
    def digest(self) -> str:
        """A hash of all files."""
        return contents("", "", self.files).digest


def fetch(source: Source, *, unverified: bool = False) -> Fetched:
    """The pack at a source. With `unverified` a signature that cannot be checked is let be."""
    if source.kind is Kind.FOLDER:
        return Fetched(source, _from_folder(Path(source.place)))
    if source.kind is Kind.GIT:
        from app.packs.git import fetch_git

        return Fetched(source, fetch_git(source.place, source.ref))
    if source.kind is Kind.WEB:
        from app.packs.web import download

        data = download(source.place)
    else:
        data = read_file(Path(source.place))
    archive = read(data, unverified=unverified)
    held = archive.contents
    return Fetched(source, archive.files, held.id, held.version, archive.signer, archive.unchecked)


def read_file(path: Path) -> bytes:
    """An archive on the disk. Raises `FetchError`, or `ArchiveError` where it is too large."""
    try:
        if not path.exists():
            raise FetchError("not-found", path=path)
        if not path.is_file():
            raise FetchError("unreadable", path=path, reason="")
        with path.open("rb") as file:
            data = file.read(MAX_ARCHIVE_BYTES + 1)
        if len(data) > MAX_ARCHIVE_BYTES:
            size = path.stat().st_size
            raise ArchiveError("too-large", bytes=size, limit=MAX_ARCHIVE_BYTES)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FetchError("unreadable", path=path, reason=reason) from error
    return data


def _from_folder(folder: Path) -> dict[str, bytes]:
    found = find(folder)
    if found.manifest is None:
        raise FetchError("no-pack", path=folder)
    if any(problem.severity == "error" for problem in found.diagnostics):
        # A file that is left out here would be missed after installing.
        raise FaultyPackError(
            Checked(Loaded(folder, None, found.diagnostics), found.diagnostics, 0, 0, 0), folder
        )
    try:
        return collect(folder)
    except OSError as error:
        reason = error.strerror or str(error)
        raise FetchError("unreadable", path=folder, reason=reason) from error
