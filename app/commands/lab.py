"""`gradus lab [EXPRESSION]`: a calculator for the language, on a screen or line by line.

Promise: the screen opens only in a terminal; otherwise the plain form is named. Exit codes: 0 done,
2 no terminal. Must not touch progress.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace

from app.locale import LANGUAGES, Locale
from app.paths import Paths
from app.settings import DEVICES, Settings, load


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser], say: Locale
) -> None:
    """Add `lab`."""
    lab = subparsers.add_parser("lab", help=say("help.lab"), description=say("help.lab.about"))
    lab.add_argument("expression", nargs="?", default="", metavar="EXPR",
                     help=say("help.lab.expression"))  # fmt: skip
    lab.add_argument("--plain", action="store_true", help=say("help.lab.plain"))
    lab.add_argument("--seed", type=int, default=0, metavar="N", help=say("help.measure.seed"))
    lab.add_argument("--language", choices=LANGUAGES, help=say("help.language"))
    lab.add_argument("--device", choices=DEVICES, help=say("help.device"))
    lab.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """`gradus lab`."""
    paths = Paths.from_environment()
    settings = load(paths.settings)[0]
    settings = replace(
        settings,
        language=options.language or settings.language,
        device=options.device or settings.device,
    )
    if options.plain:
        return _plain(paths, settings, options.expression, options.seed)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        sys.stderr.write(Locale(settings.language)("lab.no-terminal") + "\n")
        return 2
    from app.commands.study import open_interface

    return open_interface(paths, settings, lab=options.expression, seed=options.seed)


def _plain(paths: Paths, settings: Settings, first: str, seed: int) -> int:
    from app.commands.measure_text import layers_said, layers_text
    from app.lab.history import History
    from app.lab.lines import LabLines
    from app.lab.session import LabSession
    from app.study.clock import Clock
    from engine.client import EngineClient

    with EngineClient(paths.engine_log, device=settings.device) as engine:
        return LabLines(
            LabSession(seed=seed),
            engine,
            Locale(settings.language),
            sys.stdin,
            sys.stdout,
            history=History(paths.lab_history),
            exports=paths.lab_exports,
            now=Clock.from_environment().now,
            table=layers_said if settings.plain else layers_text,
            bare=settings.plain,
        ).run(first)
