"""`gradus measure`: one expression, or a file of them, measured by the live engine.

Promise: stdout is data (the value, with --trace what the engine did, or JSON); reasons go to
stderr, with a caret under the column. Exit codes: 0 measured, 2 bad expression, 3 refused by a
limit, 4 out of time, 5 the engine failed, 130 called off by Ctrl-C. Must not touch packs or
progress.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from typing import Any

from app.locale import LANGUAGES, Locale
from app.paths import Paths
from app.settings import DEVICES, load
from app.values import json_value, text_value
from engine.limits import SECONDS
from engine.protocol import Failure, FailureKind, Job, Measure, Measured, Outcome, Skipped
from engine.values import Bars, Curves, Heat, RunValue, Value, Windows

__all__ = ["add_parser", "json_value", "run"]

KEY = "value"
"""The key of the one measure of a job."""
BAD = 2
EXIT_CODES = {
    FailureKind.EXPRESSION: BAD,
    FailureKind.LIMIT: 3,
    FailureKind.TIMEOUT: 4,
    FailureKind.MEMORY: 5,
    FailureKind.CRASH: 5,
    FailureKind.CANCELLED: 130,
}
LONGEST = 3600.0
"""Seconds a measurement may be given."""


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser], say: Locale
) -> None:
    """Add `measure`."""
    measure = subparsers.add_parser(
        "measure",
        help=say("help.measure"),
        description=say("help.measure.about"),
    )
    measure.add_argument(
        "expression", nargs="?", metavar="EXPR", help=say("help.measure.expression")
    )
    measure.add_argument(
        "--let",
        action="append",
        default=[],
        metavar="NAME=EXPR",
        help=say("help.measure.let"),
    )
    measure.add_argument("--seed", type=int, default=0, metavar="N", help=say("help.measure.seed"))
    measure.add_argument("--seconds", type=float, metavar="N", help=say("help.measure.seconds"))
    measure.add_argument("--device", choices=DEVICES, help=say("help.device"))
    measure.add_argument("--trace", action="store_true", help=say("help.measure.trace"))
    measure.add_argument("--json", action="store_true", help=say("help.measure.json"))
    measure.add_argument(
        "--batch",
        metavar="FILE",
        help=say("help.measure.batch"),
    )
    measure.add_argument(
        "--help-language", action="store_true", help=say("help.measure.help-language")
    )
    measure.add_argument("--explain", metavar="NAME", help=say("help.measure.explain"))
    measure.add_argument("--language", choices=LANGUAGES, help=say("help.measure.language"))
    measure.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """`gradus measure`."""
    paths = Paths.from_environment()
    settings = load(paths.settings)[0]
    say = Locale(options.language or settings.language)
    device = options.device or settings.device
    if options.help_language or options.explain is not None:
        return _tell(options, paths, say)
    if (options.expression is None) == (options.batch is None):
        return _refuse(say("measure.usage"))
    if options.batch is not None:
        if options.let or options.trace or options.seed or options.seconds is not None:
            return _refuse(say("measure.batch-alone"))
        from app.commands.measure_batch import run_batch

        return run_batch(options.batch, paths.engine_log, device, say)
    seconds = SECONDS if options.seconds is None else options.seconds
    if not 0 < seconds <= LONGEST:
        return _refuse(say("measure.bad-seconds", most=f"{LONGEST:g}"))
    lets = []
    for text in options.let:
        name, equals, source = text.partition("=")
        if not equals or not name.strip():
            return _refuse(say("measure.bad-let", text=text))
        lets.append((name.strip(), source))
    job = Job(
        (Measure(KEY, options.expression),),
        lets=tuple(lets),
        seed=options.seed,
        device=device,
        seconds=seconds,
        trace=options.trace,
    )
    return _measure(job, paths, say, as_json=options.json, bare=settings.plain)


def _tell(options: argparse.Namespace, paths: Paths, say: Locale) -> int:
    """What the language is, or one name of it; with nothing to be measured beside it."""
    measured = options.expression, options.batch, *options.let
    if any(part is not None for part in measured) or (
        options.help_language and options.explain is not None
    ):
        return _refuse(say("measure.telling-alone"))
    from app.commands.measure_language import run_explain, run_list

    if options.help_language:
        return run_list(paths.engine_log, say, as_json=options.json)
    return run_explain(options.explain, paths.engine_log, say, as_json=options.json)


def _refuse(message: str) -> int:
    from app.values import printable

    sys.stderr.write(f"gradus: {printable(message)}\n")
    return BAD


def _measure(job: Job, paths: Paths, say: Locale, *, as_json: bool, bare: bool) -> int:
    from app.commands.measure_progress import wait_for
    from app.commands.measure_text import failure_text, one_line, trace_text
    from engine.client import EngineClient

    with EngineClient(paths.engine_log) as engine:
        outcome = wait_for(engine, job, say, sys.stderr)
    value = answer(outcome)
    lets = [name for name, _ in job.lets]
    if isinstance(value, Failure):
        if as_json:
            write(encoded(error_object(value, one_line(value, say, lets))))
        sys.stderr.write(failure_text(value, say, lets))
        return EXIT_CODES[value.kind]
    assert isinstance(outcome, Measured)
    if as_json:
        write(encoded(_object(value, outcome)))
    else:
        shown = said(value, say.language) if bare else drawn(value, say.language)
        write((shown or text_value(value)) + "\n")
        if job.trace:
            write("\n" + trace_text(outcome, say, lets, bare=bare))
    sys.stdout.flush()
    return 0


def drawn(value: Value, language: str) -> str:
    """A picture as lines for this terminal, a training run with its loss curve; else empty."""
    if not isinstance(value, RunValue | Curves | Bars | Heat | Windows):
        return ""
    from content.text.pictures import draw_picture, height_of, picture_of

    picture = picture_of(value)
    assert picture is not None
    width = max(30, min(110, shutil.get_terminal_size().columns))
    height = max(height_of(picture), 16)
    plain = not _writes("⠿█")
    lines = draw_picture(picture, width, height, language, ascii=plain)
    text = "\n".join("".join(span.text for span in line) for line in lines)
    return f"{text}\n{text_value(value)}" if isinstance(value, RunValue) else text


def said(value: Value, language: str) -> str:
    """A picture or a drawing in words, for those who hear it; else empty."""
    from content.text.pictures import described, picture_of
    from content.text.said import drawing_said, is_drawn

    picture = picture_of(value)
    if picture is not None:
        words = described(picture, language)
        return f"{words}\n{text_value(value)}" if isinstance(value, RunValue) else words
    text = text_value(value)
    return drawing_said(text, language) if is_drawn(text) else ""


def answer(outcome: Outcome) -> Value | Failure:
    """The value of a job with one measure, or why there is none."""
    if isinstance(outcome, Failure):
        return outcome
    value = outcome.values[0]
    return None if isinstance(value, Skipped) else value


def error_object(failure: Failure, message: str) -> dict[str, object]:
    """What JSON says of a failure."""
    return {"error": message, "kind": str(failure.kind), "column": failure.column}


def encoded(data: object) -> str:
    """One line of JSON; in ASCII where stdout could not write it otherwise."""
    text = json.dumps(data, ensure_ascii=False)
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        text = json.dumps(data)
    return text + "\n"


def write(text: str) -> None:
    """To stdout, whatever it can show."""
    encoding = sys.stdout.encoding or "ascii"
    if not _writes("×"):
        text = text.replace("×", "x")
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))


def _writes(text: str) -> bool:
    """Whether stdout's encoding holds that text."""
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def _object(value: Value, measured: Measured) -> dict[str, Any]:
    data: dict[str, Any] = {
        KEY: json_value(value),
        "seconds": measured.seconds,
        "device": measured.device,
    }
    if measured.trace is not None:
        data["trace"] = {
            "steps": [
                {
                    "name": step.name,
                    "expression": step.expression,
                    "value": json_value(step.value),
                    "seconds": step.seconds,
                }
                for step in measured.trace.steps
            ],
            "layers": [
                {
                    "path": row.path,
                    "layer": row.code,
                    "weights": json_value(row.weights),
                    "parameters": row.parameters,
                    "output_shape": json_value(row.output_shape),
                    "macs": row.macs,
                }
                for row in measured.trace.layers
            ],
        }
    return data
