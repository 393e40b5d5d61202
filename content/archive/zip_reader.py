"""Reads ZIP files as strictly as they can be read: one meaning per file, or a refusal.

Promise: every byte of the file is accounted for exactly once (entry after entry, the directory,
its end), so that two programs never see two contents in it; sizes, ratios, counts and names are
judged before a byte is unpacked, and unpacking stops where the stated size ends. Works on bytes
in memory, raises `ArchiveError` and nothing else. Must not know what a pack is.

Refused although ZIP allows it: encryption, links and devices, folders as entries, extra fields,
comments, sizes after the data, 64-bit and split files, bytes before, between or after, flags and
versions whose meaning is not known here (other programs stop at them, or read something else).
"""

from __future__ import annotations

import stat
import struct
import zlib
from dataclasses import dataclass

from content.archive.limits import (
    MAX_ARCHIVE_BYTES,
    MAX_FILE_BYTES,
    MAX_FILES,
    MAX_RATIO,
    MAX_TOTAL_BYTES,
    RATIO_FROM,
)
from content.archive.names import check_apart, check_name
from content.archive.refusal import ArchiveError

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_LOCAL_SIGNATURE, _CENTRAL_SIGNATURE, _END_SIGNATURE = b"PK\3\4", b"PK\1\2", b"PK\5\6"
_LOCATOR_64 = b"PK\6\7"
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _SIZES_LATER, _STRONG, _UTF8, _MASKED = 1, 1 << 3, 1 << 6, 1 << 11, 1 << 13
_DEFLATE_LEVEL = 1 << 1 | 1 << 2
_NEWEST = 63
"""Version 6.3 of the format is the last that brought anything read here (names in UTF-8)."""
_UNIX, _MAC = 3, 19
_DOS_FOLDER, _DOS_OTHER = 0x10, 0x08 | 0x40
_WHOLE_16, _WHOLE_32 = 0xFFFF, 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file as the directory describes it."""

    name: str
    written: bytes
    needed: int
    flags: int
    method: int
    time: tuple[int, int]
    checksum: int
    packed: int
    size: int
    offset: int


def unzip(data: bytes) -> dict[str, bytes]:
    """Every file by name, in the order of the archive."""
    if len(data) > MAX_ARCHIVE_BYTES:
        raise ArchiveError("too-large", bytes=len(data), limit=MAX_ARCHIVE_BYTES)
    count, start, end = _directory(data)
    entries = _entries(data, count, start, end)
    for entry in entries:
        check_name(entry.name)
    check_apart(entry.name for entry in entries)
    _check_sizes(entries)
    starts = _starts(data, entries, start)
    return {
        entry.name: _unpacked(data, entry, at) for entry, at in zip(entries, starts, strict=True)
    }


def _directory(data: bytes) -> tuple[int, int, int]:
    """How many entries the directory has, where it begins and ends."""
    if not data.startswith((_LOCAL_SIGNATURE, _END_SIGNATURE)):
        raise ArchiveError("not-zip")
    at = len(data) - _END.size
    if at < 0 or data[at : at + 4] != _END_SIGNATURE:
        # A whole end further up has bytes behind it; without one the file was cut off.
        found = data.rfind(_END_SIGNATURE)
        if found < 0 or found + _END.size > len(data):
            raise ArchiveError("truncated")
        comment = len(data) - found - _END.size
        (stated,) = struct.unpack_from("<H", data, found + 20)
        raise ArchiveError("comment" if stated == comment else "extra-bytes", bytes=comment)
    _, disk, first, here, count, size, start, comment = _END.unpack_from(data, at)
    if data[max(0, at - 20) : at].startswith(_LOCATOR_64) or (
        _WHOLE_16 in (here, count) or _WHOLE_32 in (size, start)
    ):
        raise ArchiveError("zip64")
    if disk or first or here != count:
        raise ArchiveError("multi-disk")
    if comment:
        raise ArchiveError("truncated")
    if count > MAX_FILES:
        raise ArchiveError("count", count=count, limit=MAX_FILES)
    if start + size != at:
        gap = at - start - size
        raise (
            ArchiveError("extra-bytes", bytes=gap) if gap > 0 else ArchiveError("malformed", at=at)
        )
    return count, start, at


def _entries(data: bytes, count: int, start: int, end: int) -> list[_Entry]:
    entries = []
    at = start
    for _ in range(count):
        if at + _CENTRAL.size > end or data[at : at + 4] != _CENTRAL_SIGNATURE:
            raise ArchiveError("malformed", at=at)
        (_, made, needed, flags, method, time, date, checksum, packed, size, name_size, extra,
         comment, disk, _, outside, offset) = _CENTRAL.unpack_from(data, at)  # fmt: skip
        at += _CENTRAL.size
        if at + name_size + extra + comment > end:
            raise ArchiveError("malformed", at=at)
        written = data[at : at + name_size]
        at += name_size + extra + comment
        name = _name(written, flags)
        if disk:
            raise ArchiveError("multi-disk")
        if _WHOLE_32 in (packed, size, offset):
            raise ArchiveError("zip64")
        _check_features(name, needed, flags, method)
        _check_kind(name, made >> 8, outside)
        if extra:
            raise ArchiveError("extra-field", name=name)
        if comment:
            raise ArchiveError("comment", bytes=comment)
        entries.append(
            _Entry(
                name, written, needed, flags, method, (time, date), checksum, packed, size, offset
            )
        )
    if at != end:
        raise ArchiveError("count", count=f">{count}", limit=count)
    return entries


def _name(written: bytes, flags: int) -> str:
    try:
        name = written.decode("utf-8")
    except UnicodeDecodeError:
        raise ArchiveError("name-encoding", name=ascii(written)[2:-1]) from None
    if not name.isascii() and not flags & _UTF8:
        raise ArchiveError("name-encoding", name=name)
    return name


def _check_features(name: str, needed: int, flags: int, method: int) -> None:
    if flags & (_ENCRYPTED | _STRONG | _MASKED):
        raise ArchiveError("encrypted", name=name)
    if flags & _SIZES_LATER:
        raise ArchiveError("header-differs", name=name)
    if unknown := flags & ~(_DEFLATE_LEVEL | _UTF8):
        raise ArchiveError("feature", name=name, feature=f"flags {unknown:#06x}")
    if needed > _NEWEST:
        raise ArchiveError("feature", name=name, feature=f"version {needed / 10}")
    if method not in (_STORED, _DEFLATED):
        raise ArchiveError("method", name=name, method=method)


def _check_kind(name: str, system: int, outside: int) -> None:
    mode = outside >> 16
    if system in (_UNIX, _MAC) or mode:
        kind = stat.S_IFMT(mode)
        if kind == stat.S_IFLNK:
            raise ArchiveError("link", name=name)
        if kind == stat.S_IFDIR:
            raise ArchiveError("folder", name=name)
        if kind not in (0, stat.S_IFREG):
            raise ArchiveError("special", name=name)
    if name.endswith("/") or outside & _DOS_FOLDER:
        raise ArchiveError("folder", name=name)
    if outside & _DOS_OTHER:
        raise ArchiveError("special", name=name)


def _check_sizes(entries: list[_Entry]) -> None:
    total = packed = 0
    for entry in entries:
        if entry.size > MAX_FILE_BYTES:
            raise ArchiveError("file-size", name=entry.name, bytes=entry.size, limit=MAX_FILE_BYTES)
        if entry.size > max(RATIO_FROM, entry.packed * MAX_RATIO):
            raise ArchiveError("ratio", name=entry.name, limit=MAX_RATIO)
        if entry.method == _STORED and entry.packed != entry.size:
            raise ArchiveError("corrupt", name=entry.name)
        total += entry.size
        packed += entry.packed
    if total > MAX_TOTAL_BYTES:
        raise ArchiveError("total-size", bytes=total, limit=MAX_TOTAL_BYTES)
    if total > max(RATIO_FROM * 10, packed * MAX_RATIO):
        raise ArchiveError("ratio", name="*", limit=MAX_RATIO)


def _starts(data: bytes, entries: list[_Entry], directory: int) -> list[int]:
    """Where each entry's data begins; local headers must say what the directory says, and
    entries must follow one another without a gap."""
    starts = []
    at = 0
    for entry in entries:
        if entry.offset != at:
            raise ArchiveError("overlap", name=entry.name)
        if at + _LOCAL.size > directory or data[at : at + 4] != _LOCAL_SIGNATURE:
            raise ArchiveError("malformed", at=at)
        (_, needed, flags, method, time, date, checksum, packed, size, name_size, extra) = (
            _LOCAL.unpack_from(data, at)
        )
        at += _LOCAL.size
        said = (needed, flags, method, (time, date), checksum, packed, size)
        listed = (entry.needed, entry.flags, entry.method, entry.time, entry.checksum,
                  entry.packed, entry.size)  # fmt: skip
        if said != listed or data[at : at + name_size] != entry.written:
            raise ArchiveError("header-differs", name=entry.name)
        if extra:
            raise ArchiveError("extra-field", name=entry.name)
        at += name_size
        starts.append(at)
        at += entry.packed
        if at > directory:
            raise ArchiveError("overlap", name=entry.name)
    if at != directory:
        raise ArchiveError("extra-bytes", bytes=directory - at)
    return starts


def _unpacked(data: bytes, entry: _Entry, at: int) -> bytes:
    raw = data[at : at + entry.packed]
    if entry.method == _DEFLATED:
        inflating = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            raw = inflating.decompress(raw, entry.size + 1)
        except zlib.error:
            raise ArchiveError("corrupt", name=entry.name) from None
        if len(raw) > entry.size:
            raise ArchiveError("ratio", name=entry.name, limit=MAX_RATIO)
        if not inflating.eof or inflating.unused_data or inflating.unconsumed_tail:
            raise ArchiveError("corrupt", name=entry.name)
    if len(raw) != entry.size or zlib.crc32(raw) != entry.checksum:
        raise ArchiveError("corrupt", name=entry.name)
    return raw
