"""`gradus pack build`: a pack as one file, signed where a key is given.

Promise: what is written is whole or not there; a pack with errors is not written. Every refusal is
raised; `app.commands.pack_share` puts it into words and an exit code.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands import pack_share_text as text
from app.locale import Locale
from app.paths import Paths

if TYPE_CHECKING:
    from content.archive import Contents


def build_pack(options: argparse.Namespace, paths: Paths, say: Locale) -> int:  # noqa: ARG001
    """Check a pack without measuring, then write it as one file."""
    from app.packs.fetching import fetch
    from app.packs.problems import FaultyPackError, FetchError
    from app.packs.sources import Kind, source_of
    from content.archive import SUFFIX, build
    from content.checks import check_loaded
    from content.loader import load as load_pack

    source = source_of(str(options.path))
    folder = Path(source.place)
    if source.kind is not Kind.FOLDER:
        raise FetchError("no-pack" if folder.exists() else "not-found", path=options.path)
    fetched = fetch(source)
    checked = check_loaded(load_pack(folder), None)
    pack = checked.loaded.pack
    if checked.errors or pack is None:
        raise FaultyPackError(checked, folder)
    key = _key(options.sign)
    manifest = pack.manifest
    data, contents = _signed(lambda: build(manifest.id, manifest.version, fetched.files, key))
    output = options.output or Path(f"{manifest.id}-{manifest.version}{SUFFIX}")
    before = _contents_of(output)
    _write_whole(output, data)
    for line in text.built(output, data, contents, key, say):
        sys.stdout.write(line + "\n")
    if before and before.version == contents.version and before.digest != contents.digest:
        sys.stdout.write(text.replaced(output, contents, say) + "\n")
    return 0


def _contents_of(output: Path) -> Contents | None:
    """What a file holds that was built before; None if there is none that can be read."""
    from content.archive import ArchiveError, SignerMissingError, read

    try:
        return read(output.read_bytes(), unverified=True).contents
    except (OSError, ArchiveError, SignerMissingError):
        return None


def _key(path: Path | None) -> bytes | None:
    from app.packs.problems import PackError

    if path is None:
        return None
    try:
        with path.open("rb") as file:
            return file.read(10_000)
    except OSError as error:
        raise PackError("key-file", path=path, reason=error.strerror or error) from error


def _signed(make: Callable[[], tuple[bytes, Contents]]) -> tuple[bytes, Contents]:
    from app.packs.problems import PackError
    from content.archive import SignerMissingError

    try:
        return make()
    except SignerMissingError as error:
        raise PackError("no-signer") from error
    except ValueError as error:
        raise PackError("key-file", path="--sign", reason=error) from error


def _write_whole(output: Path, data: bytes) -> None:
    from app.packs.problems import PackError

    try:
        handle, name = tempfile.mkstemp(prefix=f".{output.name}-", dir=output.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).chmod(0o644)
            Path(name).replace(output)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise PackError("cannot-write", folder=output, reason=reason) from error
