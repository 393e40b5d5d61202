"""Which paths a file of a pack may have, so that it means the same file on every system.

Promise: a name that passes stays below the folder it is unpacked in, shows in a terminal as what
it is, and can be written on Linux, macOS and Windows. Must not touch a disk.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath

from content.archive.limits import MAX_DEPTH, MAX_NAME_BYTES, MAX_PART_BYTES
from content.archive.refusal import ArchiveError
from content.text import hidden_in

MANIFEST_NAME = "gradus.json"
SIGNATURE_NAME = "gradus.sig"
OWN_NAMES = (MANIFEST_NAME, SIGNATURE_NAME)

SUFFIXES = (".yaml", ".md", ".txt")
"""Kinds of files a pack may hold."""
DOCUMENTS = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "README", "CHANGELOG", "AUTHORS")
"""Files that may stand in a pack's own folder without a suffix."""

_WINDOWS_RESERVED = frozenset(
    [
        *("con", "prn", "aux", "nul", "conin$", "conout$", "clock$"),
        *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³"),
    ]
)
_WINDOWS_FORBIDDEN = frozenset('<>:"|?*')


def check_name(name: str) -> None:
    """Raises `ArchiveError` where a file of a pack may not have this path."""
    _check_path(name)
    parts = name.split("/")
    if len(parts) - 1 > MAX_DEPTH:
        raise ArchiveError("name-depth", name=name, limit=MAX_DEPTH)
    for part in parts:
        _check_part(name, part)
    if name not in OWN_NAMES and not may_hold(name):
        raise ArchiveError("name-kind", name=name, kinds=", ".join(SUFFIXES))


def may_hold(name: str) -> bool:
    """Whether a pack holds files of this kind: topics and plain documents, nothing that runs."""
    path = PurePosixPath(name)
    return path.suffix in SUFFIXES or name in DOCUMENTS


def check_folder_name(name: str) -> None:
    """Raises `ArchiveError` where no folder may be called so on some system."""
    _check_part(name, name)


def check_apart(names: Iterable[str]) -> None:
    """Raises `ArchiveError` where two names would be one file somewhere, or one is the folder of
    another."""
    seen: dict[str, str] = {}
    folders: dict[str, str] = {}
    for name in names:
        folded = fold(name)
        if folded in seen:
            code = "duplicate" if seen[folded] == name else "case"
            raise ArchiveError(code, name=name, other=seen[folded])
        seen[folded] = name
        parts = name.split("/")
        for n in range(1, len(parts)):
            above = "/".join(parts[:n])
            held = folders.setdefault(fold(above), above)
            if held != above:
                raise ArchiveError("case", name=above, other=held)
    for folded, folder in folders.items():
        if folded in seen:
            raise ArchiveError("file-and-folder", name=seen[folded], other=folder)


def fold(name: str) -> str:
    """The name as a file system that ignores case and composition sees it."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def _check_path(name: str) -> None:
    if not name:
        raise ArchiveError("name-empty", name=name)
    if len(name.encode("utf-8", "surrogatepass")) > MAX_NAME_BYTES:
        raise ArchiveError("name-long", name=name[:60] + "…", limit=MAX_NAME_BYTES)
    if "\\" in name:
        raise ArchiveError("name-backslash", name=name)
    if name.startswith("/") or (len(name) > 1 and name[1] == ":" and name[0].isalpha()):
        raise ArchiveError("name-absolute", name=name)
    for character in name:
        if _unshowable(character):
            raise ArchiveError("name-character", name=name, character=f"U+{ord(character):04X}")
    if {".", ".."} & set(name.split("/")):
        raise ArchiveError("name-parent", name=name)


def _check_part(name: str, part: str) -> None:
    if not part:
        raise ArchiveError("name-empty", name=name)
    if len(part.encode()) > MAX_PART_BYTES:
        raise ArchiveError("name-long", name=name[:60] + "…", limit=MAX_PART_BYTES)
    if unicodedata.normalize("NFC", part) != part:
        raise ArchiveError("name-form", name=name)
    for character in part:
        if character in _WINDOWS_FORBIDDEN:
            raise ArchiveError("name-character", name=name, character=character)
    if part.partition(".")[0].rstrip(" ").casefold() in _WINDOWS_RESERVED:
        raise ArchiveError("name-reserved", name=name, part=part)
    if part.startswith((".", "_")):
        raise ArchiveError("name-hidden", name=name)
    if part != part.strip(" ") or part.endswith("."):
        raise ArchiveError("name-reserved", name=name, part=part)


def _unshowable(character: str) -> bool:
    if character.isascii():
        return not character.isprintable()
    category = unicodedata.category(character)
    # Controls, formats (direction marks among them), surrogates, private and unassigned; line and
    # paragraph ends; spaces that look like a plain one; fillers that show nothing.
    return category[0] == "C" or category[0] == "Z" or bool(hidden_in(character))
