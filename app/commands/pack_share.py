"""`gradus pack install`, `list`, `update`, `remove`, `diff`: packs handed on as files.

Promise: stdout tells what was done, stderr why something was not, and what is asked. Where
standard input is no terminal nothing is asked. Exit codes: 0 done (or there was nothing to do),
1 the pack has errors, 2 options that cannot be, 3 the archive is refused, 4 it could not be had,
6 it cannot be installed or removed like that, 7 nothing could be written.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from app.commands import pack_share_text as text
from app.commands.pack_build import build_pack
from app.locale import LANGUAGES, Locale
from app.paths import Paths
from app.settings import load

if TYPE_CHECKING:
    from app.packs.fetching import Fetched
    from app.packs.installing import Plan
    from app.packs.shelf import Installed
    from content.manifest import Pack

FAULTY, USAGE, REFUSED, NOT_FETCHED, NOT_POSSIBLE, NOT_WRITTEN = 1, 2, 3, 4, 6, 7
KEEP, RESET = "keep", "reset"
T = TypeVar("T")


class _LeftError(Exception):
    """The person chose to leave everything as it is."""


def add_parser(verbs: argparse._SubParsersAction[argparse.ArgumentParser], say: Locale) -> None:
    """Add the commands."""
    build = verbs.add_parser("build", help=say("help.pack.build"))
    build.add_argument("path", metavar="PATH", type=Path, help=say("help.pack.path"))
    build.add_argument("--output", metavar="FILE", type=Path, help=say("help.pack.output"))
    build.add_argument("--sign", metavar="KEYFILE", type=Path, help=say("help.pack.sign"))
    build.set_defaults(run=_told(build_pack))
    install = verbs.add_parser(
        "install", help=say("help.pack.install"), description=say("help.pack.install.about")
    )
    install.add_argument("where", metavar="FILE|FOLDER|URL", help=say("help.pack.where"))
    install.add_argument("--key", default="", metavar="KEY", help=say("help.pack.key"))
    install.set_defaults(run=_told(_install))
    update = verbs.add_parser("update", help=say("help.pack.update"))
    update.add_argument("ids", nargs="*", metavar="ID", help=say("help.pack.update.ids"))
    update.set_defaults(run=_told(_update))
    listing = verbs.add_parser("list", help=say("help.pack.list"))
    listing.add_argument("--json", action="store_true", help=say("help.measure.json"))
    listing.set_defaults(run=_told(_list))
    remove = verbs.add_parser("remove", help=say("help.pack.remove"))
    remove.add_argument("ids", nargs="+", metavar="ID", help=say("help.pack.id"))
    remove.set_defaults(run=_told(_remove))
    diff = verbs.add_parser("diff", help=say("help.pack.diff"))
    diff.add_argument("old", metavar="OLD", help=say("help.pack.diff.old"))
    diff.add_argument("new", metavar="NEW", help=say("help.pack.diff.new"))
    diff.add_argument("--json", action="store_true", help=say("help.measure.json"))
    diff.set_defaults(run=_told(_diff))
    for verb in (install, update):
        verb.add_argument("--changed", choices=(KEEP, RESET), help=say("help.pack.changed"))
    for verb in (install, update, diff):
        verb.add_argument("--unverified", action="store_true", help=say("help.pack.unverified"))
    for verb in (build, install, update, listing, remove, diff):
        verb.add_argument("--language", choices=LANGUAGES, help=say("help.pack.language"))


def _told(
    command: Callable[[argparse.Namespace, Paths, Locale], int],
) -> Callable[[argparse.Namespace], int]:
    """The command, every refusal of which ends in words and an exit code."""

    def run(options: argparse.Namespace) -> int:
        paths = Paths.from_environment()
        say = Locale(options.language or load(paths.settings)[0].language)
        return _refusals(lambda: command(options, paths, say), say)

    return run


def _refusals(command: Callable[[], int], say: Locale) -> int:
    from app.packs.problems import FaultyPackError, FetchError, PackError
    from content.archive import ArchiveError

    try:
        return command()
    except _LeftError:
        _narrate(say("share.left"))
        return NOT_POSSIBLE
    except FaultyPackError as problem:
        for line in text.faults(problem, say):
            _tell(line)
        return FAULTY
    except ArchiveError as problem:
        _narrate(text.refusal("archive", problem.code, problem.details, say))
        return REFUSED
    except FetchError as problem:
        _narrate(text.refusal("fetch", problem.code, problem.details, say))
        return NOT_FETCHED
    except PackError as problem:
        _narrate(text.refusal("pack", problem.code, problem.details, say))
        return NOT_WRITTEN if problem.code == "cannot-write" else NOT_POSSIBLE


def _install(options: argparse.Namespace, paths: Paths, say: Locale) -> int:
    from app.packs.fetching import fetch
    from app.packs.sources import demanded_key, source_of

    fetched = fetch(source_of(options.where), unverified=options.unverified)
    return _put(fetched, options, paths, say, key=demanded_key(options.key))


def _put(
    fetched: Fetched,
    options: argparse.Namespace,
    paths: Paths,
    say: Locale,
    *,
    expected: str = "",
    key: str = "",
) -> int:
    from app.packs.installing import install

    anew: list[str] = []

    def decide(plan: Plan) -> None:
        if plan.changes is not None:
            for line in text.changes(plan.changes, say):
                _tell(line)
            anew.extend(_asked(plan, options, paths, say))

    outcome = install(paths.packs, fetched, decide=decide, expected=expected, key=key)
    _tell(text.installed(outcome, say))
    if fetched.unchecked:
        _narrate(say("share.unchecked"))
    if anew:
        from app.packs import learned

        _tell(say("share.anew", n=_progress(lambda: learned.start_anew(paths, anew), say)))
    return 0


def _asked(plan: Plan, options: argparse.Namespace, paths: Paths, say: Locale) -> tuple[str, ...]:
    """The changed items (full names, as they were called) that are to be learned anew."""
    changed = plan.changes.changed if plan.changes else ()
    if not changed or not paths.database.exists() or options.changed == KEEP:
        return ()
    asks = options.changed is None
    if asks and not (sys.stdin is not None and sys.stdin.isatty()):
        return ()
    from app.packs import learned

    pack = plan.pack.manifest.id
    names = _progress(lambda: learned.known(paths, [f"{pack}:{c.name}" for c in changed]), say)
    if not names or not asks:
        return names
    while True:
        sys.stderr.write(say("share.ask", n=len(names)))
        sys.stderr.flush()
        line = sys.stdin.readline()
        answer = line.strip().casefold()
        if not line or answer in ("q", "quit"):
            raise _LeftError
        if answer in ("", "k", KEEP):
            return ()
        if answer in ("r", RESET):
            return names


def _progress(work: Callable[[], T], say: Locale) -> T:
    """What the work gives; a progress file that cannot be read is a refusal."""
    from app.packs.problems import PackError
    from app.progress.problems import StoreProblem

    try:
        return work()
    except StoreProblem as problem:
        raise PackError("progress", reason=problem.describe(say.language)) from problem


def _list(options: argparse.Namespace, paths: Paths, say: Locale) -> int:
    from app.packs.shelf import installed

    packs = installed(paths.packs)
    if options.json:
        _tell(json.dumps([text.as_json(pack) for pack in packs], ensure_ascii=False, indent=1))
        return 0
    for line in text.listed(packs, say):
        _tell(line)
    return 0


def _update(options: argparse.Namespace, paths: Paths, say: Locale) -> int:
    from app.packs.problems import PackError
    from app.packs.shelf import find_installed, installed

    packs = []
    for id_ in options.ids:
        pack = find_installed(paths.packs, id_)
        if pack is None:
            raise PackError("not-installed", id=id_)
        if pack.source is None:
            raise PackError("no-source", id=id_)
        packs.append(pack)
    if not options.ids:
        packs = [pack for pack in installed(paths.packs) if pack.source is not None]
        if not packs:
            _narrate(say("share.list.none"))
    codes = [_refusals(partial(_renew, pack, options, paths, say), say) for pack in packs]
    return max(codes, default=0)


def _renew(pack: Installed, options: argparse.Namespace, paths: Paths, say: Locale) -> int:
    from app.packs.fetching import fetch

    assert pack.source is not None
    fetched = fetch(pack.source, unverified=options.unverified)
    return _put(fetched, options, paths, say, expected=pack.id)


def _remove(options: argparse.Namespace, paths: Paths, say: Locale) -> int:
    from app.packs.installing import remove

    for id_ in dict.fromkeys(options.ids):
        gone = remove(paths.packs, id_)
        _tell(text.removed(gone, say))
    return 0


def _diff(options: argparse.Namespace, paths: Paths, say: Locale) -> int:
    from content.changes import changes

    old = _pack(options.old, options, paths)
    new = _pack(options.new, options, paths)
    found = changes(old, new)
    if options.json:
        _tell(json.dumps(text.diff_json(old, new, found), ensure_ascii=False, indent=1))
        return 0
    _tell(text.compared(old, new, say))
    for line in text.changes(found, say):
        _tell(line)
    return 0


def _pack(where: str, options: argparse.Namespace, paths: Paths) -> Pack:
    """The installed pack of that id, else the pack at that place."""
    from app.packs.fetching import fetch
    from app.packs.problems import FaultyPackError
    from app.packs.shelf import find_installed
    from app.packs.sources import source_of
    from content.checks import check_loaded
    from content.loader import load as load_pack

    held = find_installed(paths.packs, where)
    if held is not None and not Path(where).exists():
        found = load_pack(held.folder)
        if found.pack is None or not found.whole:
            raise FaultyPackError(check_loaded(found, None), held.folder)
        return found.pack
    fetched = fetch(source_of(where), unverified=options.unverified)
    with tempfile.TemporaryDirectory(prefix="gradus-") as scratch:
        for name, data in fetched.files.items():
            path = Path(scratch) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        loaded = load_pack(Path(scratch))
        if loaded.pack is None or not loaded.whole:
            raise FaultyPackError(check_loaded(loaded, None), Path(scratch))
        return loaded.pack


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")


def _narrate(line: str) -> None:
    sys.stderr.write(line + "\n")
