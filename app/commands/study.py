"""`gradus` and `gradus study`: open the interface, or study line by line.

Promise: the interface opens only in a terminal; otherwise the plain form is named. Exit codes:
0 done, 1 progress cannot be opened, 2 no terminal.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from app.locale import LANGUAGES, Locale
from app.paths import Paths
from app.settings import DEVICES, Settings, load
from app.study.clock import Clock
from app.tui.first_look import look_ahead

if TYPE_CHECKING:
    import argparse

    from app.drill.setup import Setup
    from app.study.choice import Choice
    from app.study.session import Study

FRAMES_PER_SECOND = "120"
"""A key's effect waits for the next frame: at Textual's own 60 up to 17 ms."""


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser], say: Locale
) -> None:
    """Add `study`."""
    study = subparsers.add_parser("study", help=say("help.study"))
    study.add_argument("--plain", action="store_true", help=say("help.study.plain"))
    from app.commands.choosing import add_choice

    add_choice(study, say)
    study.add_argument("--language", choices=LANGUAGES, help=say("help.language"))
    study.add_argument("--device", choices=DEVICES, help=say("help.device"))
    study.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """`gradus study`."""
    from app.commands.choosing import chosen

    paths = Paths.from_environment()
    settings = load(paths.settings)[0]
    settings = replace(
        settings,
        language=options.language or settings.language,
        device=options.device or settings.device,
    )
    if options.plain:
        return _study_plain(paths, settings, chosen(options))
    return open_interface(paths, settings, study_at_once=True, choice=chosen(options))


def open_interface(
    paths: Paths | None = None,
    settings: Settings | None = None,
    *,
    study_at_once: bool = False,
    choice: Choice | None = None,
    lab: str | None = None,
    seed: int = 0,
    drill: Setup | int | None = None,
) -> int:
    """The interface, with `lab` the lab over it, with `drill` a new round or the one so numbered.

    Where there is no terminal, one sentence and exit code 2.
    """
    paths = paths or Paths.from_environment()
    settings = settings or load(paths.settings)[0]
    plainly = not study_at_once and lab is None and drill is None
    if settings.plain and plainly:
        return open_lines(paths)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        sys.stderr.write(Locale(settings.language)("cli.no-terminal") + "\n")
        return 2
    prepare_textual(settings)
    gc.disable()  # until the first frame, which makes next to no garbage and much to look through
    clock = Clock.from_environment()
    look = look_ahead(paths, settings, clock)
    from app.tui.app import Gradus

    app = Gradus(
        paths,
        settings,
        clock=clock,
        study_at_once=study_at_once,
        choice=choice,
        lab=lab,
        lab_seed=seed,
        drill=drill,
        look=look,
        welcome=plainly and not paths.settings.exists(),
    )
    return app.run_through()


def open_lines(paths: Paths | None = None) -> int:
    """The prompt at which everything is typed."""
    from app.commands.prompt import PlainHome

    return PlainHome(paths or Paths.from_environment(), sys.stdin, sys.stdout).run()


def prepare_textual(settings: Settings) -> None:
    """What Textual reads from the environment when it is imported."""
    if settings.plain_keyboard:
        os.environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"
    os.environ.setdefault("TEXTUAL_FPS", FRAMES_PER_SECOND)


@contextmanager
def open_study(paths: Paths, settings: Settings) -> Iterator[Study]:
    """Store, packs, engine (not started) and clock joined, and closed at the end of the block.

    Raises `StoreProblem`.
    """
    from app.commands.exercise import open_library
    from app.progress.store import Store
    from app.study.session import DailyLimits, Study
    from app.transfer.backups import begin_daily
    from engine.client import EngineClient

    clock = Clock.from_environment()
    with ExitStack() as opened:
        store = Store.open(paths.database, backups=paths.backups, clock=clock)
        opened.callback(store.close)
        begin_daily(paths.database, paths.backups, clock)
        library = opened.enter_context(open_library(paths))
        engine = EngineClient(paths.engine_log, device=settings.device)
        opened.callback(engine.close)
        yield Study(
            store,
            library,
            engine,
            clock,
            limits=DailyLimits.of(settings),
            desired_retention=settings.desired_retention,
        )


def _study_plain(paths: Paths, settings: Settings, choice: Choice | None) -> int:
    from app.plain.study import PlainSession
    from app.plain.welcome import welcomed
    from app.progress.store import StoreProblem

    settings = welcomed(paths, settings, sys.stdin, sys.stdout)
    say = Locale(settings.language)
    try:
        with open_study(paths, settings) as study:
            study.engine.start()
            session = PlainSession(study, say.language, sys.stdin, sys.stdout)
            session.bare = settings.plain
            return session.run(choice)
    except StoreProblem as problem:
        sys.stderr.write(problem.describe(say.language) + "\n")
        return 1
