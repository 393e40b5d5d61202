"""The `gradus` command: one parser, one module of `app.commands` per family of commands.

Promise: `gradus` alone opens the interface and imports nothing else on the way; stdout is data,
stderr is narration; no traceback reaches a person (the log file holds it). Must not do the work
itself.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.locale import Locale

_FAMILIES = {
    "study": "study",
    "plan": "plan",
    "items": "exercise",
    "exercise": "exercise",
    "measure": "measure",
    "lab": "lab",
    "find": "find",
    "drill": "drill",
    "pack": "pack",
    "export": "export",
    "backup": "backup",
    "restore": "backup",
    "merge": "merge",
    "stats": "stats",
    "settings": "settings",
    "doctor": "doctor",
}
COMMANDS = tuple(_FAMILIES)
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _run(words)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone; there is nobody left to tell.
        sys.stderr.close()
        return 0
    except Exception as problem:  # the last line of defence: log, then one sentence
        from app.study.clock import ClockError

        if isinstance(problem, ClockError):
            sys.stderr.write(_locale()("cli.clock", text=problem.text) + "\n")
            return 2
        return _unexpected(problem)


def _run(words: list[str]) -> int:
    if not words:
        from app.commands.study import open_interface

        return open_interface()
    from app.commands.parser import Parser, asked_language
    from app.locale import Locale

    asked = asked_language(words)
    say = Locale(asked) if asked else _locale()
    parser = Parser(say, prog="gradus", description=say("help.about"))
    parser.add_argument("--version", action="store_true", help=say("help.version"))
    parser.add_argument("--plain", action="store_true", help=say("help.plain"))
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND")
    # A known command loads its own family alone; help needs them all.
    named = _FAMILIES.get(words[0])
    for family in [named] if named else dict.fromkeys(_FAMILIES.values()):
        import_module(f"app.commands.{family}").add_parser(subparsers, say)
    options = parser.parse_args(words)
    if options.version:
        from importlib.metadata import version

        sys.stdout.write(f"gradus {version('gradus-cards')}\n")
        return 0
    if options.command is None and options.plain:
        from app.commands.study import open_lines

        return open_lines()
    if options.command is None:
        parser.print_help()
        return 2
    code: int = options.run(options)
    return code


def _locale() -> Locale:
    from app.locale import Locale
    from app.paths import Paths
    from app.settings import load

    return Locale(load(Paths.from_environment().settings)[0].language)


def _unexpected(problem: Exception) -> int:
    import traceback

    from app.paths import Paths

    paths = Paths.from_environment()
    say = _locale()
    try:
        paths.log.mkdir(parents=True, exist_ok=True)
        with paths.app_log.open("a", encoding="utf-8") as log:
            traceback.print_exception(problem, file=log)
        where = str(paths.app_log)
    except OSError:
        where = "-"
    sys.stderr.write(say("cli.unexpected", kind=type(problem).__name__, log=where) + "\n")
    return 70


if __name__ == "__main__":
    sys.exit(main())
