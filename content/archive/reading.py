"""From the bytes of an archive to the files of a pack, or a refusal.

Promise: what comes back is whole: every file is listed and has its hash, and where the archive is
signed the signature holds. Must not write anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from content.archive import manifest, signing
from content.archive.manifest import Contents
from content.archive.names import MANIFEST_NAME, OWN_NAMES, SIGNATURE_NAME
from content.archive.refusal import ArchiveError
from content.archive.zip_reader import unzip
from content.discovery import MANIFEST


@dataclass(frozen=True, slots=True)
class Archive:
    """A pack's files. `signer` is the public key that signed them, "" where none did."""

    contents: Contents
    files: Mapping[str, bytes]
    signer: str = ""
    unchecked: bool = False
    """There is a signature, and nobody looked whether it holds."""


def read(data: bytes, *, unverified: bool = False) -> Archive:
    """The archive in `data`. Raises `ArchiveError`.

    Where the archive is signed and `cryptography` is missing it is refused, unless `unverified`.
    """
    files = unzip(data)
    if MANIFEST_NAME not in files:
        raise ArchiveError("no-manifest")
    written = files[MANIFEST_NAME]
    contents = manifest.contents_of(written)
    manifest.check(contents, files)
    if MANIFEST not in files:
        raise ArchiveError("no-pack")
    signer, unchecked = "", False
    if SIGNATURE_NAME in files:
        try:
            signer = signing.signer(written, files[SIGNATURE_NAME])
        except signing.SignerMissingError:
            if not unverified:
                raise ArchiveError("signature-unchecked") from None
            unchecked = True
    kept = {name: held for name, held in files.items() if name not in OWN_NAMES}
    return Archive(contents, kept, signer, unchecked)
