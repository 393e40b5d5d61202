"""`gradus stats [PICTURE]`: what the log says about the learning, as text, JSON or one page.

Promise: stdout is the figures or the JSON and nothing else; nothing is written but the file that
is named. Exit codes: 0 done, 1 progress cannot be opened or the file not be written, 2 no such
topic or options that cannot be.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.locale import LANGUAGES, Locale
from app.paths import Paths
from app.settings import Settings, load

if TYPE_CHECKING:
    import argparse

    from app.statistics.results import Result
    from app.study.session import Study

PICTURES = (
    "calendar", "forecast", "retention", "mastery", "mistakes", "times", "stability",
    "calibration", "time",
)  # fmt: skip
PERIODS = ("week", "month", "quarter", "year", "all")
_NARROWEST, _WIDEST = 40, 100


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser], say: Locale
) -> None:
    """Add `stats`."""
    stats = subparsers.add_parser(
        "stats", help=say("help.stats"), description=say("help.stats.about")
    )
    stats.add_argument("picture", nargs="?", choices=PICTURES, metavar="PICTURE",
                       help=say("help.stats.picture"))  # fmt: skip
    stats.add_argument("--period", choices=PERIODS, default="year", help=say("help.stats.period"))
    stats.add_argument("--topic", metavar="T", help=say("help.stats.topic"))
    form = stats.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help=say("help.stats.json"))
    form.add_argument("--html", metavar="FILE", type=Path, help=say("help.stats.html"))
    stats.add_argument("--language", choices=LANGUAGES, help=say("help.language"))
    stats.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """`gradus stats`."""
    from app.commands.study import open_study
    from app.progress.store import StoreProblem

    paths = Paths.from_environment()
    settings: Settings = load(paths.settings)[0]
    settings = replace(settings, language=options.language or settings.language)
    say = Locale(settings.language)
    try:
        with open_study(paths, settings) as study:
            return _told(study, options, say, bare=settings.plain)
    except StoreProblem as problem:
        sys.stderr.write(problem.describe(say.language) + "\n")
        return 1


def _told(study: Study, options: argparse.Namespace, say: Locale, *, bare: bool) -> int:
    from app.statistics.exporting import as_json, as_page, as_text, as_words, write_page
    from app.statistics.gathering import Kind, Statistics
    from app.statistics.periods import Period

    names = [options.picture] if options.picture else list(PICTURES)
    gatherer = Statistics(study)
    found: list[tuple[str, Result]] = []
    try:
        for name in names:
            result = gatherer.gather(Kind(name), Period(options.period), options.topic)
            found.append((name, result))
    except KeyError:
        sys.stderr.write(say("stats.cli.no-topic", name=options.topic) + "\n")
        return 2
    results = [result for _, result in found]
    today = study.clock.today()
    if options.html is not None:
        try:
            write_page(options.html, as_page(results, today, say))
        except OSError as error:
            reason = error.strerror or str(error)
            sys.stderr.write(say("stats.cli.unwritable", path=options.html, reason=reason) + "\n")
            return 1
        sys.stderr.write(say("stats.cli.written", path=options.html) + "\n")
        return 0
    if options.json:
        sys.stdout.write(as_json(found, today))
        return 0
    if bare:
        sys.stdout.write(as_words(results, say))
        return 0
    width = min(_WIDEST, max(_NARROWEST, shutil.get_terminal_size((80, 24)).columns - 4))
    sys.stdout.write(as_text(results, say, width=width, ascii=not _unicode()))
    return 0


def _unicode() -> bool:
    """Whether stdout can carry the signs of the pictures."""
    try:
        "▏─█·".encode(sys.stdout.encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return False
    return True
