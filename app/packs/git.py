"""Fetches a pack from a git repository by the git program.

Promise: nothing is checked out: files are read from the repository's objects, so that no link,
hook, filter or submodule of it ever acts. Where standard input is no terminal git asks nothing.
Size, time and the ways to the repository are limited. Raises `FetchError` or `ArchiveError`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from app.packs.problems import FetchError
from content.archive import ArchiveError
from content.archive.limits import MAX_FILE_BYTES, MAX_FILES, MAX_TOTAL_BYTES
from content.archive.names import check_apart, check_name, may_hold
from content.discovery import MANIFEST

SECONDS = 180.0
"""For fetching the newest state of a repository."""
MAX_CLONE_BYTES = 200_000_000
"""Of a repository's newest state; a pack may lie among other things."""
_OPTIONS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "protocol.allow=never",
    "protocol.https.allow=always",
    "protocol.http.allow=always",  # sources lets http pass on this very machine alone
    "protocol.ssh.allow=always",
    "protocol.file.allow=always",
    "transfer.fsckObjects=true",
    "submodule.recurse=false",
)
_PLAIN_FILES = ("100644", "100755")


def fetch_git(address: str, ref: str = "", *, seconds: float = SECONDS) -> dict[str, bytes]:
    """The files of the pack in the repository's own folder, at its newest state."""
    program = shutil.which("git")
    if program is None:
        raise FetchError("git-missing", url=address)
    with tempfile.TemporaryDirectory(prefix="gradus-", ignore_cleanup_errors=True) as folder:
        clone = Path(folder) / "pack"
        _clone(program, address, ref, clone, seconds)
        return _files(program, clone, address)


def _clone(program: str, address: str, ref: str, clone: Path, seconds: float) -> None:
    words = ["clone", "--quiet", "--bare", "--no-local", "--depth=1", "--single-branch",
             "--no-tags", "--template="]  # fmt: skip
    words += [f"--branch={ref}"] if ref else []
    log = clone.parent / "log"
    asks = sys.stdin is not None and sys.stdin.isatty()
    with log.open("wb") as errors:
        process = subprocess.Popen(  # noqa: S603
            _command(program, *words, "--", address, str(clone)),
            stdin=None if asks else subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env=_environment(asks),
        )
        try:
            _watch(process, clone, address, seconds)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    if process.returncode:
        said = log.read_bytes()[-2000:].decode("utf-8", "replace").strip().splitlines()
        raise FetchError("git-failed", url=address, reason=said[-1] if said else "")


def _watch(process: subprocess.Popen[bytes], clone: Path, address: str, seconds: float) -> None:
    until = time.monotonic() + seconds
    pause = 0.01
    while True:
        try:
            process.wait(pause)
            return
        except subprocess.TimeoutExpired:
            pause = min(pause * 2, 0.5)
        if time.monotonic() > until:
            raise FetchError("slow", url=address, seconds=round(seconds))
        if _size(clone) > MAX_CLONE_BYTES:
            raise FetchError("too-large", url=address, limit=MAX_CLONE_BYTES)


def _size(folder: Path) -> int:
    size = 0
    for above, _, names in os.walk(folder):
        for name in names:
            try:
                size += (Path(above) / name).lstat().st_size
            except OSError:  # git moves its own files about
                continue
    return size


def _files(program: str, clone: Path, address: str) -> dict[str, bytes]:
    listed = _output(program, clone, address, "ls-tree", "-r", "-z", "-l", "--full-tree", "HEAD")
    objects: dict[str, str] = {}
    total = 0
    for mode, object_, size, name in _entries(listed):
        if not _belongs(name):
            continue
        if mode not in _PLAIN_FILES:
            raise ArchiveError("link", name=name)
        check_name(name)
        total += size
        if size > MAX_FILE_BYTES:
            raise ArchiveError("file-size", name=name, bytes=size, limit=MAX_FILE_BYTES)
        objects[name] = object_
    if MANIFEST not in objects:
        raise FetchError("no-pack", path=address)
    if len(objects) > MAX_FILES - 2:
        raise ArchiveError("count", count=len(objects), limit=MAX_FILES - 2)
    if total > MAX_TOTAL_BYTES:
        raise ArchiveError("total-size", bytes=total, limit=MAX_TOTAL_BYTES)
    check_apart(objects)
    asked = "".join(f"{object_}\n" for object_ in objects.values()).encode()
    told = _output(program, clone, address, "cat-file", "--batch", asked=asked)
    return dict(sorted(zip(objects, _blobs(told), strict=True)))


def _blobs(told: bytes) -> Iterator[bytes]:
    """The contents that `cat-file --batch` told: a line with the size, so many bytes, a newline."""
    at = 0
    while at < len(told):
        end = told.index(b"\n", at)
        size = int(told[at:end].split()[-1])
        yield told[end + 1 : end + 1 + size]
        at = end + 1 + size + 1


def _entries(listed: bytes) -> Iterator[tuple[str, str, int, str]]:
    for line in listed.split(b"\0"):
        if not line:
            continue
        about, _, written = line.partition(b"\t")
        mode, _, object_, size = about.decode("ascii").split()
        try:
            name = written.decode("utf-8")
        except UnicodeDecodeError:
            raise ArchiveError("name-encoding", name=ascii(written)[2:-1]) from None
        yield mode, object_, int(size) if size.isdecimal() else 0, name


def _belongs(name: str) -> bool:
    """Whether a pack's folder with this file in it would have it too."""
    parts = PurePosixPath(name).parts
    if any(part.startswith((".", "_")) for part in parts) or not may_hold(name):
        return False
    return name.endswith(".yaml") or len(parts) == 1


def _output(program: str, clone: Path, address: str, *words: str, asked: bytes = b"") -> bytes:
    try:
        done = subprocess.run(  # noqa: S603
            _command(program, "-C", str(clone), *words),
            input=asked,
            capture_output=True,
            env=_environment(asks=False),
            timeout=60,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise FetchError("slow", url=address, seconds=60) from error
    if done.returncode:
        reason = done.stderr[-300:].decode("utf-8", "replace").strip()
        raise FetchError("git-failed", url=address, reason=reason)
    return done.stdout


def _command(program: str, *words: str) -> list[str]:
    options = [word for option in _OPTIONS for word in ("-c", option)]
    return [program, *options, *words]


def _environment(asks: bool) -> dict[str, str]:
    # What a surrounding repository or hook has set would lead git elsewhere.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    kept |= {"LC_ALL": "C", "GIT_LFS_SKIP_SMUDGE": "1"}
    if not asks:
        kept |= {
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "",
            "SSH_ASKPASS": "",
            "GIT_SSH_COMMAND": "ssh -oBatchMode=yes",
        }
    return kept
