"""`gradus backup` and `gradus restore`: copies of the progress, and the way back.

Promise: nothing is overwritten without being asked; restoring shows both sides first and asks, or
takes `--yes`. Exit codes: 0 done, 1 a file cannot be used, 2 something to be said differently,
3 not confirmed.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from app.locale import LANGUAGES, Locale
from app.paths import Paths
from app.settings import load

if TYPE_CHECKING:
    import argparse

    from app.transfer.backups import Backup
    from app.transfer.contents import Contents

NOT_CONFIRMED = 3


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser], say: Locale
) -> None:
    """Add `backup` and `restore`."""
    backup = subparsers.add_parser(
        "backup", help=say("help.backup"), description=say("help.backup.about")
    )
    backup.add_argument("file", nargs="?", type=Path, metavar="FILE", help=say("help.backup.file"))
    backup.add_argument("--force", action="store_true", help=say("help.backup.force"))
    backup.add_argument("--list", action="store_true", help=say("help.backup.list"))
    backup.set_defaults(run=run_backup)
    restore = subparsers.add_parser(
        "restore", help=say("help.restore"), description=say("help.restore.about")
    )
    restore.add_argument("file", type=Path, metavar="FILE", help=say("help.restore.file"))
    restore.add_argument("--yes", action="store_true", help=say("help.restore.yes"))
    restore.set_defaults(run=run_restore)
    for parser in (backup, restore):
        parser.add_argument("--language", choices=LANGUAGES, help=say("help.language"))


def run_backup(options: argparse.Namespace) -> int:
    """`gradus backup`."""
    from app.progress.problems import StoreProblem
    from app.study.clock import Clock
    from app.transfer.backups import back_up_by_hand, listed

    paths, say = _here(options)
    if options.list:
        backups = listed(paths.backups)
        for backup in backups:
            sys.stdout.write(_row(backup, say) + "\n")
        return _tell(say("transfer.backup.folder", n=len(backups), folder=paths.backups), 0)
    if not paths.database.exists():
        return _tell(say("transfer.nothing", file=paths.database), 1)
    target: Path | None = options.file
    if target is not None and target.is_dir():
        return _tell(say("transfer.backup.is-folder", file=target), 2)
    if target is not None and target.exists():
        if target.samefile(paths.database):
            return _tell(say("transfer.backup.itself", file=target), 2)
        if not options.force:
            return _tell(say("transfer.backup.exists", file=target), 2)
    try:
        made = back_up_by_hand(paths.database, paths.backups, Clock.from_environment(), target)
    except StoreProblem as problem:
        return _tell(_of_backup(problem, target, say), 1)
    from app.transfer.contents import contents

    sys.stdout.write(f"{made}\n")
    return _tell(say("transfer.backup.made", contents=_told(contents(made), say)), 0)


def run_restore(options: argparse.Namespace) -> int:
    """`gradus restore`."""
    from app.progress.foreign import ForeignFile
    from app.progress.problems import StoreProblem
    from app.study.clock import Clock
    from app.transfer.restoring import candidate, restore

    paths, say = _here(options)
    file: Path = options.file
    if not file.exists() and (paths.backups / file.name).exists():
        file = paths.backups / file.name
    clock = Clock.from_environment()
    try:
        with candidate(file, paths.database, clock) as found:
            there = paths.database.exists()
            now = _told(found.now, say) if there else say("transfer.restore.none")
            _tell(say("transfer.restore.now", contents=now), 0)
            _tell(say("transfer.restore.then", contents=_told(found.holds, say)), 0)
            if found.lost:
                _tell(say("transfer.restore.lost", n=found.lost), 0)
            if not options.yes and not confirmed(say("transfer.restore.ask"), say):
                asked = sys.stdin.isatty()
                return _tell(
                    say("transfer.restore.kept" if asked else "transfer.restore.needs-yes"),
                    NOT_CONFIRMED if asked else 2,
                )
            copy = restore(found, paths.database, paths.backups, clock)
    except (ForeignFile, StoreProblem) as problem:
        return _tell(problem.describe(say.language), 1)
    if copy is not None:
        _tell(say("transfer.restore.copy", copy=copy), 0)
    return _tell(say("transfer.restore.done"), 0)


def confirmed(question: str, say: Locale) -> bool:
    """Whether a person at a terminal said yes."""
    if not sys.stdin.isatty():
        return False
    sys.stderr.write(question + " ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in say("transfer.yes").split()


def _row(backup: Backup, say: Locale) -> str:
    held = "?" if backup.reviews is None else say("transfer.reviews", n=backup.reviews)
    day = "" if backup.last_day is None else date.fromordinal(backup.last_day).isoformat()
    size = say("transfer.backup.size", size=f"{max(1, round(backup.size / 1000)):,}")
    kind = say(f"transfer.backup.kind.{backup.kind}")
    return "  ".join(part for part in (backup.path.name, kind, held, day, size) if part)


def _told(held: Contents | None, say: Locale) -> str:
    if held is None:
        return say("transfer.unreadable")
    if held.first_day is None or held.last_day is None:
        return say("transfer.no-reviews")
    return say(
        "transfer.contents",
        reviews=say("transfer.reviews", n=held.reviews),
        first=date.fromordinal(held.first_day).isoformat(),
        last=date.fromordinal(held.last_day).isoformat(),
    )


def _of_backup(problem: Exception, target: Path | None, say: Locale) -> str:
    from app.progress.problems import StoreProblem

    assert isinstance(problem, StoreProblem)
    if problem.code in ("folder", "read-only", "full"):
        file = problem.details["path"] if target is None else target
        return say("transfer.unwritable", file=file, reason=problem.details.get("reason", ""))
    return problem.describe(say.language)


def _here(options: argparse.Namespace) -> tuple[Paths, Locale]:
    paths = Paths.from_environment()
    return paths, Locale(options.language or load(paths.settings)[0].language)


def _tell(words: str, code: int) -> int:
    sys.stderr.write(words + "\n")
    return code
