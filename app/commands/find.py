"""`gradus find QUERY`: items by their words, their state and the learner's notes and history.

Promise: one item a line, or one JSON array; what a pack or a person wrote comes without control
characters. Exit codes: 0 done, also where nothing is found; 1 progress cannot be read; 2 the query
cannot be. Must not change progress.
"""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import closing
from typing import TYPE_CHECKING

from app.locale import LANGUAGES, Locale
from app.paths import Paths
from app.settings import load

if TYPE_CHECKING:
    from app.browse.collection import Item

_COLUMNS = ("taught", "question", "topic", "due", "recall", "lapses", "flag")


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser], say: Locale
) -> None:
    """Add `find`."""
    find = subparsers.add_parser(
        "find", help=say("browse.help"), description=say("browse.help.about")
    )
    find.add_argument("query", nargs="*", metavar="QUERY", help=say("browse.help.query"))
    find.add_argument("--json", action="store_true", help=say("help.json"))
    find.add_argument("--limit", type=_positive, metavar="N", help=say("browse.help.limit"))
    find.add_argument("--sort", choices=_COLUMNS, default="taught", help=say("browse.help.sort"))
    find.add_argument("--reverse", action="store_true", help=say("browse.help.reverse"))
    find.add_argument("--language", choices=LANGUAGES, help=say("help.language"))
    find.set_defaults(run=run)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def run(options: argparse.Namespace) -> int:
    """`gradus find`."""
    from app.browse.browser import Browser, Sorting
    from app.browse.query import QueryError, parse
    from app.browse.telling import counted
    from app.commands.study import open_study
    from app.progress.problems import StoreProblem

    paths = Paths.from_environment()
    settings = load(paths.settings)[0]
    say = Locale(options.language or settings.language)
    query = " ".join(options.query)
    try:
        parse(query)
    except QueryError as error:
        sys.stderr.write(f"{query}\n{' ' * _cells(query, error.at)}^\n{error.describe(say)}\n")
        return 2
    try:
        with open_study(paths, settings) as study, closing(Browser(study, paths.search)) as browser:
            if not browser.current:
                sys.stderr.write(say("browse.building") + "\n")
                browser.build()
            browser.load()
            sorting = Sorting(options.sort, options.reverse)
            places = browser.find(query, sorting, say.language)
            items = [browser.item(place, say.language) for place in places[: options.limit]]
    except StoreProblem as problem:
        sys.stderr.write(problem.describe(say.language) + "\n")
        return 1
    _tell(items, options.json, say)
    if len(items) < len(places):
        words = say("browse.some", shown=len(items), n=say.number(len(places)))
    else:
        words = counted(len(places), say)
    sys.stderr.write(words + "\n")
    return 0


def _tell(items: list[Item], as_json: bool, say: Locale) -> None:
    from app.browse.telling import as_data, as_line

    encoding = sys.stdout.encoding or "ascii"

    def write(text: str) -> None:
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding) + "\n")

    if as_json:
        write(json.dumps([as_data(item, say) for item in items], ensure_ascii=False))
        return
    for item in items:
        write(as_line(item, say))


def _cells(text: str, at: int) -> int:
    from rich.cells import cell_len

    return cell_len(text[:at])
