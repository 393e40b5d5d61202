"""Where a pack comes from: a file, a folder, a git repository, an address on the web.

Promise: judges what a person wrote by its form alone; nothing is opened here. Addresses that
carry a password, and ways that anyone on the network could change, are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from app.packs.problems import FetchError, PackError
from content.archive import public_key

_SCHEME = re.compile(r"(?:git\+)?[a-zA-Z][a-zA-Z0-9+.-]+:(?=//|:)")
_SCP = re.compile(r"[A-Za-z0-9_][\w.-]*@[A-Za-z0-9][\w.-]*:[^\s:][^\s]*", re.ASCII)
_REF = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._/-]{0,99}")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Kind(StrEnum):
    """How a source is read."""

    FILE = "file"
    FOLDER = "folder"
    GIT = "git"
    WEB = "web"


@dataclass(frozen=True, slots=True)
class Source:
    """A place packs are fetched from. `ref` is the branch or tag of a repository, or ""."""

    kind: Kind
    place: str
    ref: str = ""

    @property
    def text(self) -> str:
        """As a person writes it."""
        prefix = "git+" if self.kind is Kind.GIT and not _looks_like_git(self.place) else ""
        return f"{prefix}{self.place}" + (f"#{self.ref}" if self.ref else "")


def source_of(text: str) -> Source:
    """What a person means. Raises `FetchError`."""
    if not _SCHEME.match(text) and not _SCP.fullmatch(text):
        path = Path(text).expanduser().absolute()
        if path.name == "pack.yaml":
            path = path.parent
        return Source(Kind.FOLDER if path.is_dir() else Kind.FILE, str(path))
    if not text.isprintable() or " " in text or len(text) > 2000:
        raise FetchError("url", url=text[:200])
    address, _, ref = text.partition("#")
    git = address.startswith("git+")
    address = address.removeprefix("git+")
    if git or _looks_like_git(address):
        _check_git(address, ref)
        return Source(Kind.GIT, address, ref)
    check_web(address)
    return Source(Kind.WEB, address)


def check_web(address: str) -> None:
    """Raises `FetchError` unless the address is one to download from: https, or http on this very
    machine."""
    parts = _split(address)
    if parts.scheme not in ("https", "http"):
        raise FetchError("scheme", scheme=parts.scheme, url=address)
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise FetchError("plain-http", url=address)
    if not parts.hostname:
        raise FetchError("url", url=address)
    if parts.username is not None or parts.password is not None:
        raise FetchError("credentials", host=parts.hostname)


def _check_git(address: str, ref: str) -> None:
    if ref and (not _REF.fullmatch(ref) or ".." in ref):
        raise FetchError("git-ref", ref=ref)
    if _SCP.fullmatch(address) and "://" not in address:
        return
    parts = _split(address)
    if parts.scheme == "ssh":
        # A host that begins like an option would be one to the ssh program.
        if not parts.hostname or parts.hostname.startswith("-") or parts.password is not None:
            raise FetchError("url", url=address)
        return
    if parts.scheme == "file":
        if parts.netloc or not parts.path.startswith("/"):
            raise FetchError("url", url=address)
        return
    check_web(address)


def _looks_like_git(address: str) -> bool:
    scheme = address.partition(":")[0].lower()
    return (
        scheme in ("ssh", "git", "file")
        or address.endswith(".git")
        or ("://" not in address and _SCP.fullmatch(address) is not None)
    )


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises where it is none
    except ValueError:
        raise FetchError("url", url=address) from None
    return parts


def demanded_key(said: str) -> str:
    """The public key that was typed, or that stands in the file that was named; "" is none."""
    path = Path(said)
    try:
        return public_key(path.read_text("ascii") if said and path.is_file() else said)
    except (OSError, ValueError):
        raise PackError("public-key", key=said) from None
