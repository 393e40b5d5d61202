"""`gradus.json`: what an archive says it holds.

Promise: `contents_of` takes exactly what `written` writes, or raises `ArchiveError`; the digest
depends on names and contents of the files alone. Must not read files.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from content.archive.limits import MAX_MANIFEST_BYTES
from content.archive.names import MANIFEST_NAME, OWN_NAMES
from content.archive.refusal import ArchiveError
from content.constraints import ID, MAX_ID, VERSION

FORMAT = 1
"""Version of the archive's form; a reader refuses a later one and says so."""

_FIELDS = {"format": int, "id": str, "version": str, "files": dict}
_FILE_FIELDS = {"size": int, "sha256": str}
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MAX_VERSION = 40


@dataclass(frozen=True, slots=True)
class Contents:
    """The pack's id and version, and size and SHA-256 of each file by name."""

    id: str
    version: str
    files: Mapping[str, tuple[int, str]]

    @property
    def digest(self) -> str:
        """One hash of all files: the same exactly where all files are the same."""
        listed = sorted((name, sha) for name, (_, sha) in self.files.items())
        return hashlib.sha256(json.dumps(listed).encode()).hexdigest()


def contents(id_: str, version: str, files: Mapping[str, bytes]) -> Contents:
    """The contents of an archive of these files."""
    listed = {
        name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in sorted(files.items())
    }
    return Contents(id_, version, listed)


def written(held: Contents) -> bytes:
    """gradus.json: the same bytes for the same contents."""
    files = {name: {"size": size, "sha256": sha} for name, (size, sha) in held.files.items()}
    document = {"format": FORMAT, "id": held.id, "version": held.version, "files": files}
    return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def contents_of(data: bytes) -> Contents:
    """What gradus.json says. Raises `ArchiveError`."""
    document = _json(data)
    if not isinstance(document, dict):
        raise ArchiveError("manifest", reason=_reason("mapping"))
    form = document.get("format")
    if type(form) is int and form > FORMAT:
        raise ArchiveError("format", format=form, known=FORMAT)
    _check_fields(document, _FIELDS)
    if form != FORMAT:
        raise ArchiveError("manifest", reason=_reason("format"))
    id_, version = document["id"], document["version"]
    if len(id_) > MAX_ID or not ID.fullmatch(id_):
        raise ArchiveError("id", id=id_[:MAX_ID])
    if len(version) > _MAX_VERSION or not VERSION.fullmatch(version):
        raise ArchiveError("manifest", reason=_reason("version"))
    files = {name: _file(name, listed) for name, listed in document["files"].items()}
    found = Contents(id_, version, files)
    if _in_bytes(found) != data:
        raise ArchiveError("manifest", reason=_reason("form"))
    return found


def check(held: Contents, files: Mapping[str, bytes]) -> None:
    """Raises `ArchiveError` unless these are the files, byte for byte."""
    for name in held.files:
        if name not in files or name in OWN_NAMES:
            raise ArchiveError("missing-file", name=name)
    for name, data in files.items():
        if name in OWN_NAMES:
            continue
        if name not in held.files:
            raise ArchiveError("unlisted-file", name=name)
        size, sha = held.files[name]
        if size != len(data):
            raise ArchiveError("wrong-size", name=name, stated=size, found=len(data))
        if sha != hashlib.sha256(data).hexdigest():
            raise ArchiveError("wrong-hash", name=name)


def _json(data: bytes) -> object:
    if len(data) > MAX_MANIFEST_BYTES:
        raise ArchiveError("file-size", name=MANIFEST_NAME, bytes=len(data),
                           limit=MAX_MANIFEST_BYTES)  # fmt: skip
    try:
        return json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_once,
            parse_constant=_refused,
            parse_float=_refused,
            parse_int=_integer,
        )
    except (ValueError, RecursionError):
        raise ArchiveError("manifest", reason=_reason("json")) from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refused(text: str) -> object:
    raise ValueError(text[:20])


def _integer(text: str) -> int:
    if len(text) > 12:
        raise ValueError(text[:20])
    return int(text)


def _in_bytes(found: Contents) -> bytes:
    try:
        return written(found)
    except UnicodeEncodeError:  # half a character, written as an escape
        return b""


def _check_fields(held: Mapping[str, object], fields: Mapping[str, type]) -> None:
    for name, kind in fields.items():
        if type(held.get(name)) is not kind:
            raise ArchiveError("manifest", reason=_reason(name))
    for name in held:
        if name not in fields:
            raise ArchiveError("manifest", reason=_reason(name))


def _file(name: str, listed: object) -> tuple[int, str]:
    if not isinstance(listed, dict):
        raise ArchiveError("manifest", reason=_reason(name))
    _check_fields(listed, _FILE_FIELDS)
    size, sha = listed["size"], listed["sha256"]
    if size < 0 or not _DIGEST.fullmatch(sha):
        raise ArchiveError("manifest", reason=_reason(name))
    return size, sha


def _reason(text: str) -> str:
    return text[:80]
