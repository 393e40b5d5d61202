"""`gradus pack preview PATH`: the app on a pack that is being written.

Promise: opens only in a terminal; nothing goes into progress. Exit codes: 0 done, 1 nothing at the
path, 2 no terminal.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from app.locale import LANGUAGES, Locale
from app.paths import Paths
from app.settings import load


def add_parser(verbs: argparse._SubParsersAction[argparse.ArgumentParser], say: Locale) -> None:
    """Add `preview`."""
    preview = verbs.add_parser("preview", help=say("writing.preview"))
    preview.add_argument("path", metavar="PATH", type=Path, help=say("help.pack.path"))
    preview.add_argument("--language", choices=LANGUAGES, help=say("help.language"))
    preview.set_defaults(run=preview_pack)


def preview_pack(options: argparse.Namespace) -> int:
    """Open the preview."""
    paths = Paths.from_environment()
    settings = load(paths.settings)[0]
    settings = replace(settings, language=options.language or settings.language, device="cpu")
    say = Locale(settings.language)
    if not options.path.exists():
        sys.stderr.write(say("writing.preview.nothing", path=options.path) + "\n")
        return 1
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        sys.stderr.write(say("writing.preview.no-terminal", path=options.path) + "\n")
        return 2
    from app.commands.study import prepare_textual

    prepare_textual(settings)
    from app.tui.previewing import PreviewApp

    app = PreviewApp(paths, settings)
    app.preview = options.path
    return app.run_through()
