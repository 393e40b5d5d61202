"""`gradus merge`: another machine's progress added to this one.

Promise: what would come is said before anything is written; two learner ids are merged only where
a person says they are one. Data (`--json`) goes to stdout, words to stderr. Exit codes: 0 done or
nothing new, 1 a file cannot be used, 2 `--same-person` is needed, 3 not confirmed.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands.backup import NOT_CONFIRMED, confirmed
from app.locale import LANGUAGES, Locale
from app.paths import Paths
from app.settings import load

if TYPE_CHECKING:
    import argparse

    from app.progress.merging import News
    from app.transfer.merging import Meeting

_NEEDS_WORD = 2
_SHORT = 8
"""Letters of an id that are shown: from its random end, its beginning is the time."""


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser], say: Locale
) -> None:
    """Add `merge`."""
    merge = subparsers.add_parser(
        "merge", help=say("help.merge"), description=say("help.merge.about")
    )
    merge.add_argument("file", type=Path, metavar="FILE", help=say("help.merge.file"))
    merge.add_argument("--same-person", action="store_true", help=say("help.merge.same-person"))
    merge.add_argument("--dry-run", action="store_true", help=say("help.merge.dry-run"))
    merge.add_argument("--json", action="store_true", help=say("help.merge.json"))
    merge.add_argument("--language", choices=LANGUAGES, help=say("help.language"))
    merge.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Compare, tell, ask where it must be asked, merge."""
    from app.progress.foreign import ForeignFile
    from app.progress.problems import StoreProblem
    from app.study.clock import Clock
    from app.transfer.merging import meeting

    paths = Paths.from_environment()
    say = Locale(options.language or load(paths.settings)[0].language)
    clock = Clock.from_environment()
    if sys.stderr.isatty():
        _tell(say("transfer.merge.looking", file=options.file))
    try:
        with meeting(
            options.file, paths.database, paths.backups, clock, dry=options.dry_run
        ) as found:
            return _decide(options, found, say)
    except (ForeignFile, StoreProblem) as problem:
        _tell(problem.describe(say.language))
        return 1


def _decide(options: argparse.Namespace, found: Meeting, say: Locale) -> int:
    from app.transfer.merging import merge

    news = found.news
    _summary(news, say)
    done, code, copy = False, 0, None
    if options.dry_run:
        _tell(say("transfer.merge.dry"))
    elif news.nothing and (news.known or not news.reviews):
        _tell(say("transfer.merge.nothing"))
    else:
        code = _one_person(options, found, say)
        if code == 0:
            copy = merge(found)
            done = True
            _tell(say("transfer.merge.copy", copy=copy))
            _tell(say("transfer.merge.done", n=news.new_reviews))
    if options.json:
        told = {**asdict(news), "merged": done, "copy": str(copy) if copy else None}
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    return code


def _one_person(options: argparse.Namespace, found: Meeting, say: Locale) -> int:
    """0 where both are known, said or told to be one person, else the exit code."""
    if options.same_person or not found.asks:
        return 0
    news = found.news
    _tell(say("transfer.merge.who", other=news.other[-_SHORT:], own=news.learner[-_SHORT:]))
    if not sys.stdin.isatty():
        _tell(say("transfer.merge.needs-same"))
        return _NEEDS_WORD
    if confirmed(say("transfer.merge.ask"), say):
        return 0
    _tell(say("transfer.restore.kept"))
    return NOT_CONFIRMED


def _summary(news: News, say: Locale) -> None:
    _tell(say("transfer.merge.found", n=news.reviews, new=news.new_reviews))
    for device in news.devices:
        _tell(
            say(
                "transfer.merge.device",
                device=device.device[-_SHORT:],
                reviews=say("transfer.reviews", n=device.reviews),
                first=date.fromordinal(device.first_day).isoformat(),
                last=date.fromordinal(device.last_day).isoformat(),
            )
        )
    if news.new_rounds:
        _tell(say("transfer.merge.rounds", n=news.new_rounds))
    if news.apart:
        _tell(say("transfer.merge.apart", n=news.apart))


def _tell(words: str) -> None:
    sys.stderr.write(words + "\n")
