"""`gradus doctor`: prove the engine by a measurement and the progress file against its own log.

Promise: without `--rebuild` nothing is written but the engine's log; with it, only caches are,
after a copy of the file was made. Both are examined whatever the other one's state. Exit codes:
0 sound (or mended), 1 something is wrong or cannot be opened.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from app.locale import LANGUAGES, Locale
from app.paths import Paths
from app.settings import load

_PROBE, _PROVEN = "parameters(nn.Conv2d(3, 64, 3))", 1792
"""Measured to prove the engine: weights 64 x 3 x 3 x 3 and 64 biases."""

if TYPE_CHECKING:
    import argparse

    from app.study.doctor import Findings


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser], say: Locale
) -> None:
    """Add `doctor`."""
    doctor = subparsers.add_parser("doctor", help=say("help.doctor"))
    doctor.add_argument("--rebuild", action="store_true", help=say("help.doctor.rebuild"))
    doctor.add_argument("--language", choices=LANGUAGES, help=say("help.language"))
    doctor.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Examine engine and progress, say what was found, mend if asked."""
    paths = Paths.from_environment()
    settings, unusable = load(paths.settings)
    say = Locale(options.language or settings.language)
    for name in unusable:
        sys.stdout.write(say("cli.doctor.setting", name=name, file=paths.settings) + "\n")
    measured = _engine(paths, settings.device, say)
    return max(0 if measured else 1, _progress(options, paths, say))


def _engine(paths: Paths, device: str, say: Locale) -> bool:
    """Start the engine, measure one expression, say what came of it."""
    from app.study.clock import Clock
    from app.values import duration, short_value
    from engine.client import EngineClient
    from engine.messages import describe
    from engine.protocol import Failure, Job, Measure

    if sys.stderr.isatty():
        sys.stderr.write(say("cli.doctor.starting") + "\n")
    clock = Clock()
    started = clock.monotonic()
    with EngineClient(paths.engine_log, device=device) as engine:
        outcome = engine.measure(Job((Measure("probe", _PROBE),), device=device))
    seconds = clock.monotonic() - started
    value = outcome if isinstance(outcome, Failure) else outcome.values[0]
    if isinstance(value, Failure):
        reason = describe(value, say.language)
        words = say("cli.doctor.engine-failed", reason=reason)
        if str(paths.engine_log) not in words:
            words += say("cli.doctor.engine-log", log=paths.engine_log)
        sys.stdout.write(words + "\n")
        return False
    assert not isinstance(outcome, Failure)
    words = "engine" if value == _PROVEN else "engine-wrong"
    sys.stdout.write(
        say(
            f"cli.doctor.{words}",
            expression=_PROBE,
            value=short_value(value),
            right=_PROVEN,
            device=outcome.device,
            torch=outcome.engine.partition("(")[2].rstrip(")") or outcome.engine,
            time=duration(seconds),
            log=paths.engine_log,
        )
        + "\n"
    )
    return value == _PROVEN


def _progress(options: argparse.Namespace, paths: Paths, say: Locale) -> int:
    """Examine the progress file, mend it if asked; the exit code."""
    from app.progress.store import Store, StoreProblem
    from app.study.clock import Clock
    from app.study.doctor import rebuild, verify

    if not paths.database.exists():
        sys.stdout.write(say("cli.doctor.nothing", file=paths.database) + "\n")
        return 0
    clock = Clock.from_environment()
    try:
        store = Store.open(paths.database, clock=clock, backups=paths.backups)
        try:
            findings = verify(store, clock.today())
            _report(findings, say)
            if findings.sound or not options.rebuild:
                return 0 if findings.sound else 1
            copy = rebuild(store, clock, paths.backups)
            sys.stdout.write(say("cli.doctor.rebuilt", copy=copy) + "\n")
            return 0 if verify(store, clock.today()).sound else 1
        finally:
            store.close()
    except StoreProblem as problem:
        sys.stderr.write(problem.describe(say.language) + "\n")
        return 1


def _report(findings: Findings, say: Locale) -> None:
    counts = say("cli.doctor.counts", reviews=findings.reviews, items=findings.items)
    sys.stdout.write(counts + "\n")
    if findings.rounds:
        sys.stdout.write(say("cli.doctor.rounds", n=findings.rounds) + "\n")
    if findings.sound:
        sys.stdout.write(say("cli.doctor.sound") + "\n")
        return
    for damage in findings.damage:
        sys.stdout.write(say("cli.doctor.damage", damage=damage) + "\n")
    for number, code in findings.broken_rounds:
        sys.stdout.write(say(f"cli.doctor.round.{code}", number=number) + "\n")
    if findings.differences:
        sys.stdout.write(say("cli.doctor.memories", n=len(findings.differences)) + "\n")
    if findings.standings:
        sys.stdout.write(say("cli.doctor.standings", n=len(findings.standings)) + "\n")
    if findings.stale:
        sys.stdout.write(say("cli.doctor.stale", n=findings.stale) + "\n")
    if (findings.differences or findings.standings or findings.stale) and not findings.damage:
        sys.stdout.write(say("cli.doctor.mend") + "\n")
