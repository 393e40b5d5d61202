"""`gradus export`: the answers as a table, or the whole log.

Promise: data goes to stdout or to the file that is named, which appears whole or not at all; what
is said goes to stderr. Exit codes: 0 done, 1 progress or the file cannot be used, 2 something to
be said differently.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.locale import LANGUAGES, Locale
from app.paths import Paths
from app.settings import load
from app.transfer.columns import COLUMNS
from app.transfer.reviews import FORMATS

if TYPE_CHECKING:
    import argparse


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser], say: Locale
) -> None:
    """Add `export`."""
    export = subparsers.add_parser("export", help=say("help.export"))
    what = export.add_subparsers(dest="what", metavar="WHAT", required=True)
    columns = "\n".join(
        f"{column.name}: {say(f'transfer.column.{column.name}')}" for column in COLUMNS
    )
    reviews = what.add_parser(
        "reviews",
        help=say("help.export.reviews"),
        description=say("help.export.reviews.about") + "\n" + columns,
    )
    reviews.add_argument("--format", choices=FORMATS, default="csv", help=say("help.export.format"))
    reviews.add_argument("--excel", action="store_true", help=say("help.export.excel"))
    reviews.add_argument("--all", action="store_true", help=say("help.export.all"))
    log = what.add_parser(
        "log", help=say("help.export.log"), description=say("help.export.log.about")
    )
    for parser in (reviews, log):
        parser.add_argument("--output", type=Path, metavar="FILE", help=say("help.export.output"))
        parser.add_argument("--language", choices=LANGUAGES, help=say("help.language"))
        parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write what was asked for."""
    paths = Paths.from_environment()
    say = Locale(options.language or load(paths.settings)[0].language)
    if options.what == "reviews" and options.format == "parquet" and options.output is None:
        return _tell(say("transfer.export.needs-output"), 2)
    if options.what == "reviews" and options.excel and options.format != "csv":
        return _tell(say("transfer.export.excel-csv", format=options.format), 2)
    if not paths.database.exists():
        return _tell(say("transfer.nothing", file=paths.database), 1)
    from app.progress.problems import StoreProblem
    from app.transfer.reviews import ParquetMissingError

    try:
        count = _export(options, paths)
    except ParquetMissingError:
        return _tell(say("transfer.export.no-pyarrow"), 1)
    except StoreProblem as problem:
        return _tell(problem.describe(say.language), 1)
    except BrokenPipeError:
        raise
    except OSError as error:
        return _tell(say("transfer.unwritable", file=options.output, reason=error.strerror), 1)
    if options.output is not None:
        kind = "lines" if options.what == "log" else "answers"
        _tell(say(f"transfer.export.{kind}", n=count, file=options.output), 0)
    return 0


def _export(options: argparse.Namespace, paths: Paths) -> int:
    from app.progress.store import Store
    from app.study.clock import Clock
    from app.transfer.reviews import export_log, export_reviews

    # Opened first as for study: an older file is brought up to date, an unusable one is named.
    Store.open(paths.database, clock=Clock.from_environment(), backups=paths.backups).close()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="")
    if options.what == "log":
        return export_log(paths.database, sys.stdout, options.output)
    return export_reviews(
        paths.database,
        options.format,
        sys.stdout,
        options.output,
        everything=options.all,
        mark=options.excel,
    )


def _tell(words: str, code: int) -> int:
    sys.stderr.write(words + "\n")
    return code
