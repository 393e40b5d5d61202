"""One pack as one file: built the same everywhere, read without trusting a byte of it.

Promise: `build` gives the same bytes for the same files on any day, in any folder, on any system;
`read` gives all files of an archive or raises `ArchiveError`, works in memory only and writes
nothing. Must not know where packs are installed, nor judge what is in them (`content.checks` does).

A `.gradus` file is a ZIP of `gradus.json` (format version, the pack's id and version, size and
SHA-256 of every file), `gradus.sig` where it is signed, then the files by name, uncompressed.
"""

from __future__ import annotations

from content.archive.building import build, collect, pack_files
from content.archive.manifest import FORMAT, Contents
from content.archive.reading import Archive, read
from content.archive.refusal import ArchiveError
from content.archive.signing import SignerMissingError, public_key, public_key_of, sign

SUFFIX = ".gradus"

__all__ = [
    "FORMAT",
    "SUFFIX",
    "Archive",
    "ArchiveError",
    "Contents",
    "SignerMissingError",
    "build",
    "collect",
    "pack_files",
    "public_key",
    "public_key_of",
    "read",
    "sign",
]
