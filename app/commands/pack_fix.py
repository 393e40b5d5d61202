"""What `gradus pack check` does besides proving: `--fix`, `--explain`, the form of its report.

Promise: `--fix --dry-run` writes nothing and prints a diff; without it each file is replaced as
a whole and the check follows. Exit codes of a dry run: 0 nothing to mend by machine, 1 something.
Must not decide what can be mended (`content.mending` does).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app.locale import Locale
from app.paths import Paths
from app.settings import load
from content.text import clean_line

_FOUND = 1
_USAGE = 2
FORMATS = ("text", "json", "github")


def add_arguments(check: argparse.ArgumentParser, say: Locale) -> None:
    """Add the options to `check`."""
    check.add_argument("--format", choices=FORMATS, default="text", help=say("writing.format"))
    check.add_argument("--fix", action="store_true", help=say("writing.fix"))
    check.add_argument("--dry-run", action="store_true", help=say("writing.dry-run"))
    check.add_argument("--since", metavar="FILE", type=Path, help=say("writing.since"))
    check.add_argument("--explain", metavar="CODE", default="", help=say("help.pack.explain"))


def instead_of_checking(options: argparse.Namespace) -> int | None:
    """Does what was asked besides a check. The exit code, or None if the check is to follow."""
    say = Locale(options.language or load(Paths.from_environment().settings)[0].language)
    if options.explain:
        from content.checks.documentation import documentation

        text = documentation(options.explain.upper(), say.language)
        if text is None:
            return _told(say("writing.unknown-code", code=clean_line(options.explain)))
        sys.stdout.write(text + "\n")
        return 0
    if options.path is None:
        return _told(say("writing.no-path"))
    if options.dry_run and not options.fix:
        return _told(say("writing.dry-run-alone"))
    options.json = options.json or options.format == "json"
    if not _read_earlier(options, say):
        return _USAGE
    return _mend(options.path, say, dry=options.dry_run) if options.fix else None


def _read_earlier(options: argparse.Namespace, say: Locale) -> bool:
    """Puts the items of the version before into `options.before`. False, and told, if it cannot."""
    options.before = frozenset()
    if options.since is None:
        return True
    from content.archive.refusal import ArchiveError
    from content.since import names_of

    try:
        options.before = names_of(options.since)
    except (ArchiveError, OSError) as error:
        reason = error.code if isinstance(error, ArchiveError) else error.strerror or str(error)
        _told(say("writing.since.failed", path=options.since, reason=reason))
        return False
    return True


def _mend(path: Path, say: Locale, *, dry: bool) -> int | None:
    from content.mending import mended, write

    mends = mended(path)
    if dry:
        for mend in mends:
            for line in mend.diff():
                sys.stdout.write(clean_line(line.replace("\t", "\\t")) + "\n")
        return _FOUND if mends else 0
    try:
        write(mends)
    except OSError as error:
        reason = error.strerror or str(error)
        sys.stderr.write(
            say("writing.fix.failed", path=error.filename or path, reason=reason) + "\n"
        )
        return _FOUND
    places = sum(mend.places for mend in mends)
    sys.stderr.write(say("writing.fix.done", n=places, files=len(mends)) + "\n")
    return None


def _told(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return _USAGE
