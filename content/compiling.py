"""One file of a pack, read and made ready for the cache.

Promise: a file that cannot be read or is no pack's gives its diagnostics, never an exception. yaml
and pydantic are imported here only, when a file is really read. Must not know of the cache's file.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from content.cache import Compiled
from content.pack import Card

if TYPE_CHECKING:
    from content.discovery import Found, PackFile


def hash_of(path: Path) -> str:
    """The hash of a file's bytes; "" where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""  # the loader says why


def compiled_file(pack: Found, file: PackFile, content: str) -> Compiled:
    """The file as the cache keeps it: the manifest of its pack, or a topic."""
    from content import loader  # the only way to yaml and pydantic: a file that changed

    path, folder = str(file.path), str(pack.folder)
    if pack.manifest is not None and file.path == pack.manifest.path:
        source = loader.read_manifest(file.path)
        return Compiled(
            path, folder, file.size, file.modified, content, "", source.manifest, None, (),
            source.diagnostics,
        )  # fmt: skip
    source = loader.read_topic(file.path)
    topic = source.topic
    if topic is None:
        return Compiled(
            path, folder, file.size, file.modified, content, "", None, None, (), source.diagnostics
        )
    rows = tuple(
        (
            item.id,
            "card" if isinstance(item, Card) else item.kind,
            item.level,
            item.seconds,
            " ".join(item.formerly),
            source.hashes.get(item.id, ""),
        )
        for item in topic.items()
    )
    head = (topic.title, topic.needs)
    return Compiled(
        path, folder, file.size, file.modified, content, topic.topic, head, topic, rows,
        source.diagnostics,
    )  # fmt: skip
