"""`gradus pack`: check a pack, count what it covers, explain a code, print the schema.

Promise: the report is on stdout, progress on stderr and only where that is a terminal. Exit codes
of `check`: 0 nothing to mend (warnings allowed), 1 errors found, 5 the engine could not run. Must
not judge packs itself (`content.checks` does) and never writes into one.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands import pack_coverage, pack_fix, pack_new, pack_preview, pack_share
from app.locale import LANGUAGES, Locale
from app.paths import Paths
from app.settings import load
from engine.client import EngineClient
from engine.messages import describe
from engine.protocol import Failure, FailureKind, Job, Measure, Outcome

if TYPE_CHECKING:
    from content.checks import Checked, Measurer
    from content.checks.proven import Whole
    from content.checks.report import Words
    from content.discovery import Found
    from content.loader import Loaded

ENGINE_FAILED = 5
_USAGE = 2


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser], say: Locale
) -> None:
    """Add `pack`."""
    pack = subparsers.add_parser("pack", help=say("help.pack"))
    verbs = pack.add_subparsers(
        dest="verb",
        metavar="new|preview|check|coverage|explain|schema|build|install|list|update|remove|diff",
        required=True,
    )
    check = verbs.add_parser(
        "check",
        help=say("help.pack.check"),
        description=say("help.pack.check.about"),
    )
    check.add_argument("path", metavar="PATH", type=Path, nargs="?", help=say("help.pack.path"))
    check.add_argument("--json", action="store_true", help=say("help.measure.json"))
    check.add_argument(
        "--draws", type=_draws, default=100, metavar="N", help=say("help.pack.draws")
    )
    check.add_argument(
        "--topics", type=_topics, default=(), metavar="ID,ID", help=say("help.pack.topics")
    )
    check.add_argument("--all", action="store_true", help=say("help.pack.all"))
    check.add_argument("--fresh", action="store_true", help=say("help.pack.fresh"))
    check.add_argument("--no-measure", action="store_true", help=say("help.pack.no-measure"))
    pack_fix.add_arguments(check, say)
    check.set_defaults(run=check_pack)
    pack_coverage.add_parser(verbs, say)
    pack_new.add_parser(verbs, say)
    pack_preview.add_parser(verbs, say)
    pack_share.add_parser(verbs, say)
    explain = verbs.add_parser("explain", help=say("help.pack.explain"))
    explain.add_argument("code", metavar="CODE", nargs="?")
    explain.set_defaults(run=explain_code)
    schema = verbs.add_parser("schema", help=say("help.pack.schema"))
    schema.add_argument("of", choices=("topic", "pack", "fields"))
    schema.set_defaults(run=print_schema)
    for verb in (check, explain):
        verb.add_argument("--language", choices=LANGUAGES, help=say("help.pack.language"))


def _draws(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 10_000:
        raise argparse.ArgumentTypeError("1 to 10000")
    return number


def _topics(text: str) -> tuple[str, ...]:
    return tuple(part.strip().rstrip(".") for part in text.split(",") if part.strip(" ."))


def check_pack(options: argparse.Namespace) -> int:
    """Check a pack and print the report."""
    from app.packs.topics import TopicsAtHand
    from content.checks import among, check_loaded
    from content.checks.proven import Proven, Whole
    from content.checks.report import Words
    from content.loader import found_at, load_found

    if (done := pack_fix.instead_of_checking(options)) is not None:
        return done
    words = Words(_language(options))
    began = time.monotonic()
    paths = Paths.from_environment()
    found = found_at(options.path)
    proven = None
    if not (options.fresh or options.no_measure):
        proven = Proven(paths.proofs, options.draws)
    partly = options.topics or options.before
    sound = proven.whole(found) if proven and not (partly or found.diagnostics) else None
    if sound is not None:
        return _report(options, words, _as_before(found, sound), time.monotonic() - began)
    loaded = load_found(found)
    topics = [source.topic.topic for source in loaded.sources if source.topic]
    elsewhere = TopicsAtHand(paths)
    readable, whole = bool(topics), len(topics) == len(loaded.sources)
    for wanted in options.topics:
        if whole and not any(among(topic, (wanted,)) for topic in topics):
            sys.stderr.write(words("no-topic", topics=wanted) + "\n")
            return _USAGE
    if options.no_measure or not readable:
        checked = check_loaded(
            loaded, None, topics=options.topics, before=options.before, elsewhere=elsewhere
        )
        return _report(options, words, checked, time.monotonic() - began)
    progress = _Progress(words) if sys.stderr.isatty() else None
    client = EngineClient(paths.engine_log, device="cpu")
    try:
        checked = check_loaded(
            loaded,
            _measurer(client),
            draws=options.draws,
            progress=progress,
            topics=options.topics,
            proven=proven,
            before=options.before,
            elsewhere=elsewhere,
        )
    except _NoEngineError as problem:
        sys.stderr.write(words("engine-failed", reason=describe(problem.failure, words.language)))
        sys.stderr.write("\n")
        return ENGINE_FAILED
    finally:
        client.close()
        if progress is not None:
            progress.clear()
    alone = not any(
        ":" in need for source in loaded.sources if source.topic for need in source.topic.needs
    )  # of other packs nothing is kept, and they may change
    if proven is not None and alone and not (options.topics or checked.diagnostics):
        whole_pack = Whole(checked.pack, checked.items, checked.exercises, checked.draws)
        proven.keep_whole(found, whole_pack)
    return _report(options, words, checked, time.monotonic() - began)


def _as_before(found: Found, sound: Whole) -> Checked:
    """The report of a pack none of whose files has changed since nothing was found in it."""
    from content.checks import Checked
    from content.loader import Loaded

    counts = (sound.items, sound.exercises, sound.draws, sound.items)
    return Checked(Loaded(found.folder, None, ()), (), *counts, pack=sound.pack)


class _NoEngineError(Exception):
    """The engine cannot measure at all."""

    def __init__(self, failure: Failure) -> None:
        self.failure = failure
        super().__init__(failure.code)


def _measurer(client: EngineClient) -> Measurer:
    """Measures with an engine that is started by the first job; raises `_NoEngineError`."""
    tried = False

    def measure(jobs: Sequence[Job]) -> Iterator[Outcome]:
        nonlocal tried
        if jobs and not tried:
            tried = True
            outcome = client.measure(Job((Measure("ready", "1 + 1"),), seconds=60.0))
            if isinstance(outcome, Failure) and outcome.kind is not FailureKind.EXPRESSION:
                raise _NoEngineError(outcome)
        for future in client.submit_many(jobs):
            yield future.result()

    return measure


class _Progress:
    """One line on stderr, rewritten in place."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._last = 0.0

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._last > 0.1 or done == total:
            self._last = now
            sys.stderr.write("\r" + self._words("progress", done=done, total=total) + "\x1b[K")
            sys.stderr.flush()

    def clear(self) -> None:
        """Takes the line away."""
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def _report(options: argparse.Namespace, words: Words, checked: Checked, seconds: float) -> int:
    from content.checks.report import PER_CODE, as_json, render

    code = 1 if checked.errors else 0
    if options.json:
        _print_json(options, checked, seconds, as_json(checked.diagnostics, words.language))
        return code
    if options.format == "github":
        from content.checks.github import as_github

        for line in as_github(checked.diagnostics, words.language):
            sys.stdout.write(line + "\n")
        return code
    per_code = None if options.all else PER_CODE
    lines = _lines(checked.loaded)
    for line in render(checked.diagnostics, lines, words.language, per_code=per_code):
        sys.stdout.write(line + "\n")
    sys.stdout.write(_summary(options, words, checked, seconds) + "\n")
    return code


def _print_json(
    options: argparse.Namespace,
    checked: Checked,
    seconds: float,
    diagnostics: list[dict[str, Any]],
) -> None:
    report = {
        "pack": checked.pack or None,
        "path": str(options.path),
        "ok": checked.errors == 0,
        "errors": checked.errors,
        "warnings": checked.warnings,
        "items": checked.items,
        "exercises": checked.exercises,
        "draws": checked.draws,
        "known": checked.known,
        "measured": not options.no_measure,
        "seconds": round(seconds, 2),
        "diagnostics": diagnostics,
    }
    sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=1) + "\n")


def _summary(options: argparse.Namespace, words: Words, checked: Checked, seconds: float) -> str:
    values = {
        "pack": checked.pack or str(options.path),
        "items": checked.items,
        "exercises": checked.exercises,
        "draws": checked.draws,
        "known": words("summary.known", n=checked.known) if checked.known else "",
        "seconds": f"{seconds:.1f}",
        "errors": words.counted("summary.errors", checked.errors),
        "warnings": words.counted("summary.warnings", checked.warnings),
    }
    if not checked.draws:
        return words("summary.unmeasured", **values)
    return words("summary.found" if checked.diagnostics else "summary.clean", **values)


def _lines(loaded: Loaded) -> Callable[[str], Sequence[str]]:
    """The lines of the files that were read, for excerpts."""
    sources = (*((loaded.manifest,) if loaded.manifest else ()), *loaded.sources)
    held = {source.file: source.positions for source in sources}

    def lines(file: str) -> Sequence[str]:
        positions = held.get(file)
        return positions.lines if positions is not None and positions.source else ()

    return lines


def explain_code(options: argparse.Namespace) -> int:
    """Print the documentation of a diagnostic code, or of every code its first sentence."""
    from content.checks.documentation import documentation, overview
    from content.checks.report import Words

    language = _language(options)
    if options.code is None:
        sys.stdout.write("\n".join(overview(language)) + "\n")
        return 0
    text = documentation(options.code.upper(), language)
    if text is None:
        sys.stderr.write(Words(language)("unknown-code", code=options.code) + "\n")
        return _USAGE
    sys.stdout.write(text + "\n")
    return 0


def print_schema(options: argparse.Namespace) -> int:
    """Print a JSON Schema, or the reference of all fields as Markdown."""
    from content.reference import reference
    from content.schema import json_schema

    if options.of == "fields":
        sys.stdout.write(reference())
        return 0
    sys.stdout.write(json.dumps(json_schema(options.of), ensure_ascii=False, indent=1) + "\n")
    return 0


def _language(options: argparse.Namespace) -> str:
    if options.language:
        return str(options.language)
    return Locale(load(Paths.from_environment().settings)[0].language).language
