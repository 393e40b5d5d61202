"""Installs, finds and removes packs in one folder.

Promise: a version of a pack appears by one renaming of a folder that was written whole beside it,
and goes by one; so whoever is killed wherever leaves the old version or the new one. A pack with
errors, one of another id or by another signer is refused. Installing what is there already
changes nothing. Must not touch folders that were put there by hand.

`physics@3` is the third time the pack `physics` was installed (`content.discovery.generation`);
what the renaming leaves behind is taken away, now or the next time.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from app.packs.fetching import Fetched
from app.packs.problems import FaultyPackError, PackError
from app.packs.shelf import (
    RECORD,
    Installed,
    find_installed,
    installed,
    intact,
    record,
)
from content.archive import ArchiveError
from content.archive.names import check_folder_name
from content.changes import Changes, changes
from content.checks import Checked, check_loaded
from content.discovery import builtin_ids, find, generation
from content.loader import load, load_found
from content.manifest import Pack

_STAGED, _GONE = ".staged-", ".gone-"
_STALE_SECONDS = 3600.0
_TRIES = 50


@dataclass(frozen=True, slots=True)
class Plan:
    """What installing will do; `changes` is None for a first time or an unreadable old version."""

    fetched: Fetched
    pack: Pack
    checked: Checked
    before: Installed | None
    changes: Changes | None


Decide = Callable[[Plan], None]
"""Called when everything is known and nothing done; raises to leave all as it is."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done. `renewed` is False where this very pack was there already."""

    plan: Plan
    renewed: bool
    folder: Path


def install(
    root: Path, fetched: Fetched, *, decide: Decide, expected: str = "", key: str = ""
) -> Outcome:
    """Install or update. With `expected` the pack must have that id, with `key` that signer.

    Raises `PackError`, `ArchiveError` or `FaultyPackError` with nothing changed, and what `decide`
    raises.
    """
    _check_signer(fetched, key)
    if (same := _same(root, fetched, expected)) is not None:
        return same
    with _writing(root):
        root.mkdir(parents=True, exist_ok=True)
        clean_up(root)
    with _staged(root, fetched) as staged:
        checked = _checked(staged, fetched)
        pack = checked.loaded.pack
        assert pack is not None
        id_ = pack.manifest.id
        _check_id(id_, expected)
        before = _standing(root, id_)
        if before is not None:
            _check_signer(fetched, before.signer)
        plan = Plan(fetched, pack, checked, before, _changes(before, pack))
        decide(plan)
        with _writing(root):
            _write(staged / RECORD, record(pack.manifest.version, fetched))
            folder = _commit(root, staged, id_)
            clean_up(root)
        return Outcome(plan, renewed=True, folder=folder)


def remove(root: Path, id_: str) -> Installed:
    """Remove a pack; what was learned stays with the progress. Raises `PackError`."""
    pack = find_installed(root, id_)
    if pack is None:
        raise PackError("not-installed", id=id_)
    if pack.number == 0:
        raise PackError("hand-placed", id=id_, folder=pack.folder)
    with _writing(root):
        clean_up(root)  # an older version must not come back in its place
        _take_away(root, pack.folder)
        _sync(root)
    return pack


def clean_up(root: Path) -> None:
    """Take away what interrupted installations left: older versions and unfinished folders."""
    with os.scandir(root) as entries:
        names = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
    newest: dict[str, int] = {}
    for name in names:
        id_, number = generation(name)
        newest[id_] = max(number, newest.get(id_, 0))
    for name in names:
        id_, number = generation(name)
        path = root / name
        if number and number < newest[id_] and (path / RECORD).is_file():
            with suppress(OSError):  # on Windows a folder in use stays; the newer one hides it
                _take_away(root, path)
        elif name.startswith(_GONE) or (name.startswith(_STAGED) and _stale(path)):
            shutil.rmtree(path, ignore_errors=True)


def _standing(root: Path, id_: str) -> Installed | None:
    """What is installed under that id. Raises `PackError` where it is not ours to replace."""
    check_folder_name(id_)
    _check_not_builtin(id_)
    for pack in installed(root):
        if pack.id == id_:
            if pack.number == 0:
                raise PackError("hand-placed", id=id_, folder=pack.folder)
            return pack
    return None


def _check_signer(fetched: Fetched, key: str) -> None:
    if key and fetched.signer != key:
        if not fetched.signer:
            raise ArchiveError("not-signed", key=key)
        raise ArchiveError("other-key", key=key, found=fetched.signer)


@contextmanager
def _staged(root: Path, fetched: Fetched) -> Iterator[Path]:
    """A folder beside the installed packs that holds the files, durably; gone afterwards."""
    with _writing(root):
        staged = Path(tempfile.mkdtemp(prefix=_STAGED, dir=root))
    try:
        with _writing(root):
            staged.chmod(0o755)
            for name, data in fetched.files.items():
                path = staged / name
                path.parent.mkdir(parents=True, exist_ok=True)
                _write(path, data)
        yield staged
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _check_not_builtin(id_: str) -> None:
    if id_ in builtin_ids():
        raise PackError("built-in", id=id_)


def _checked(staged: Path, fetched: Fetched) -> Checked:
    loaded = load_found(find(staged))
    if loaded.pack is not None:
        _check_not_builtin(loaded.pack.manifest.id)
    checked = check_loaded(loaded, None)
    if checked.errors or loaded.pack is None:
        raise FaultyPackError(checked, staged)
    manifest = loaded.pack.manifest
    if fetched.id and (fetched.id, fetched.version) != (manifest.id, manifest.version):
        stated, found = f"{fetched.id} {fetched.version}", f"{manifest.id} {manifest.version}"
        raise PackError("other-version", stated=stated, found=found)
    return checked


def _check_id(id_: str, expected: str) -> None:
    if expected and id_ != expected:
        raise PackError("other-id", id=id_, expected=expected)


def _same(root: Path, fetched: Fetched, expected: str) -> Outcome | None:
    """The outcome where these very files are installed already: nothing is done."""
    for before in installed(root):
        if before.number and before.digest == fetched.digest and intact(before):
            loaded = load(before.folder)
            if loaded.pack is None:
                return None
            _check_id(before.id, expected)
            _check_signer(fetched, before.signer)
            if (before.source, before.signer) != (fetched.source, fetched.signer):
                # The same pack from another place: the next update asks there.
                with _writing(root):
                    _replace(before.folder / RECORD, record(before.version, fetched))
            checked = Checked(loaded, (), 0, 0, 0, pack=before.id)
            plan = Plan(fetched, loaded.pack, checked, before, Changes())
            return Outcome(plan, renewed=False, folder=before.folder)
    return None


def _changes(before: Installed | None, pack: Pack) -> Changes | None:
    old = load(before.folder) if before is not None else None
    return changes(old.pack, pack) if old is not None and old.pack is not None else None


def _commit(root: Path, staged: Path, id_: str) -> Path:
    for path in (*(p for p in staged.rglob("*") if p.is_dir()), staged):
        _sync(path)
    for _ in range(_TRIES):
        with os.scandir(root) as entries:
            numbers = [n for name, n in map(generation, (e.name for e in entries)) if name == id_]
        target = root / f"{id_}@{max(numbers, default=0) + 1}"
        try:
            staged.rename(target)
        except OSError:
            if target.exists():
                continue  # somebody else was quicker
            raise
        _sync(root)
        return target
    raise PackError("cannot-write", folder=root, reason="busy")


def _take_away(root: Path, folder: Path) -> None:
    gone = root / f"{_GONE}{secrets.token_hex(8)}"
    folder.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def _stale(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > _STALE_SECONDS
    except OSError:
        return False


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _replace(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f"{path.name}-", dir=path.parent)
    os.close(handle)
    try:
        _write(Path(name), data)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _sync(folder: Path) -> None:
    """Make the names in a folder durable, where the system can."""
    with suppress(OSError, AttributeError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _writing(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise PackError("cannot-write", folder=root, reason=reason) from error
