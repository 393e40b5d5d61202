"""`gradus doctor`: prove the progress file against its own log, and mend what is derived.

Promise: without `--rebuild` nothing is written; with it, only caches are, after a copy of the
file was made. Exit codes: 0 sound (or mended), 1 something is wrong or cannot be opened.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from app.locale import LANGUAGES, Locale
from app.paths import Paths
from app.settings import load

if TYPE_CHECKING:
    import argparse

    from app.study.doctor import Findings


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `doctor`."""
    doctor = subparsers.add_parser("doctor", help="check the progress file  检查学习记录")
    doctor.add_argument("--rebuild", action="store_true", help="write what is derived anew")
    doctor.add_argument("--language", choices=LANGUAGES)
    doctor.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Examine, say what was found, mend if asked."""
    from app.progress.store import Store, StoreProblem
    from app.study.clock import Clock
    from app.study.doctor import rebuild, verify

    paths = Paths.from_environment()
    settings, unusable = load(paths.settings)
    say = Locale(options.language or settings.language)
    for name in unusable:
        sys.stdout.write(say("cli.doctor.setting", name=name, file=paths.settings) + "\n")
    if not paths.database.exists():
        sys.stdout.write(say("cli.doctor.nothing", file=paths.database) + "\n")
        return 0
    clock = Clock.from_environment()
    try:
        store = Store.open(paths.database, clock=clock, backups=paths.backups)
        try:
            findings = verify(store)
            _report(findings, say)
            if findings.sound or not options.rebuild:
                return 0 if findings.sound else 1
            copy = rebuild(store, clock, paths.backups)
            sys.stdout.write(say("cli.doctor.rebuilt", copy=copy) + "\n")
            return 0 if verify(store).sound else 1
        finally:
            store.close()
    except StoreProblem as problem:
        sys.stderr.write(problem.describe(say.language) + "\n")
        return 1


def _report(findings: Findings, say: Locale) -> None:
    counts = say("cli.doctor.counts", reviews=findings.reviews, items=findings.items)
    sys.stdout.write(counts + "\n")
    if findings.sound:
        sys.stdout.write(say("cli.doctor.sound") + "\n")
        return
    for damage in findings.damage:
        sys.stdout.write(say("cli.doctor.damage", damage=damage) + "\n")
    if findings.differences:
        sys.stdout.write(say("cli.doctor.memories", n=len(findings.differences)) + "\n")
    if findings.stale:
        sys.stdout.write(say("cli.doctor.stale", n=findings.stale) + "\n")
    if not findings.damage:
        sys.stdout.write(say("cli.doctor.mend") + "\n")
