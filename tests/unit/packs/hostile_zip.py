"""Writes ZIP files that ordinary programs would not: every field may lie."""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

UTF8 = 1 << 11
PACK = b"id: sample\nversion: 1.0.0\ntitle: Sample\nlanguages: [en]\n"
TOPIC = (
    b"topic: first\ntitle: First\ncards:\n"
    b"  - {id: a, front: What is first?, back: The beginning.}\n"
)
FILES = {"pack.yaml": PACK, "topic.yaml": TOPIC}


@dataclass
class Entry:
    """A file of an archive; what is None is what it should be."""

    name: str | bytes
    data: bytes = b"text"
    method: int = 0
    flags: int | None = None
    mode: int = 0o100644
    system: int = 3
    dos: int = 0
    extra: bytes = b""
    local_extra: bytes = b""
    comment: bytes = b""
    crc: int | None = None
    size: int | None = None
    packed_size: int | None = None
    packed: bytes | None = None
    offset: int | None = None
    disk: int = 0
    needed: int = 20
    after: bytes = b""
    local: Mapping[str, Any] = field(default_factory=dict)
    signature: bytes = b"PK\1\2"
    local_signature: bytes = b"PK\3\4"

    @property
    def written(self) -> bytes:
        return (
            self.name.encode("utf-8", "surrogatepass") if isinstance(self.name, str) else self.name
        )


def deflated(data: bytes) -> bytes:
    squeezing = zlib.compressobj(9, zlib.DEFLATED, -15)
    return squeezing.compress(data) + squeezing.flush()


def archive(entries: Sequence[Entry], **end: Any) -> bytes:
    """The archive of these entries; `end` overrides fields of its end."""
    body, directory = bytearray(end.get("before", b"")), bytearray()
    for entry in entries:
        at = len(body) if entry.offset is None else entry.offset
        packed = entry.packed
        if packed is None:
            packed = deflated(entry.data) if entry.method == 8 else entry.data
        flags = entry.flags
        if flags is None:
            flags = 0 if entry.written.isascii() else UTF8
        crc = zlib.crc32(entry.data) if entry.crc is None else entry.crc
        size = len(entry.data) if entry.size is None else entry.size
        packed_size = len(packed) if entry.packed_size is None else entry.packed_size
        own = {"needed": entry.needed, "flags": flags, "method": entry.method, "crc": crc,
               "packed": packed_size, "size": size, "name": entry.written,
               **entry.local}  # fmt: skip
        body += struct.pack(
            "<4s5H3I2H", entry.local_signature, own["needed"], own["flags"], own["method"], 0, 33,
            own["crc"], own["packed"], own["size"], len(own["name"]), len(entry.local_extra),
        ) + own["name"] + entry.local_extra + packed + entry.after  # fmt: skip
        directory += struct.pack(
            "<4s6H3I5H2I", entry.signature, entry.system << 8 | 20, entry.needed, flags,
            entry.method, 0, 33, crc, packed_size, size, len(entry.written), len(entry.extra),
            len(entry.comment), entry.disk, 0, (entry.mode << 16 | entry.dos) & 0xFFFFFFFF, at,
        ) + entry.written + entry.extra + entry.comment  # fmt: skip
    body += end.get("between", b"")
    count = end.get("count", len(entries))
    comment = end.get("comment", b"")
    tail = struct.pack(
        "<4s4H2IH", b"PK\5\6", end.get("disk", 0), end.get("first", 0), end.get("here", count),
        count, end.get("size", len(directory)), end.get("start", len(body)),
        end.get("comment_size", len(comment)),
    )  # fmt: skip
    return bytes(
        body + directory + end.get("locator", b"") + tail + comment + end.get("behind", b"")
    )


def manifest(held: Mapping[str, bytes] = FILES, **fields: Any) -> dict[str, Any]:
    """gradus.json as it should be, but for `fields`; a field that is None is left out."""
    listed = {
        name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        for name, data in held.items()
    }
    document = {"format": 1, "id": "sample", "version": "1.0.0", "files": listed, **fields}
    return {name: value for name, value in document.items() if value is not None}


def in_bytes(document: object) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode(
        "utf-8", "surrogatepass"
    )


def whole(
    files: Mapping[str, bytes] = FILES, *more: Entry, document: bytes | None = None, **end: Any
) -> bytes:
    """An archive that is right, but for what is given."""
    listed = in_bytes(manifest(files)) if document is None else document
    entries = [Entry("gradus.json", listed)]
    entries += [Entry(name, data) for name, data in sorted(files.items())]
    return archive([*entries, *more], **end)
