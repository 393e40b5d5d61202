"""`gradus items`, `gradus exercise show`, `gradus exercise judge`: the pack's items as data.

Promise: JSON on stdout, reasons on stderr; a training run behind a verdict only where a person
reads. Exit codes: 0 done, 1 no such item or not this kind, 3 to 5 as `gradus measure`. Must not
touch progress.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from app.locale import LANGUAGES, Locale
from app.paths import Paths
from app.settings import DEVICES, load

if TYPE_CHECKING:
    from content.compiled import PackLibrary
    from content.prepare import Prepared
    from engine.client import EngineClient
    from engine.protocol import Failure
    from engine.values import Value
    from engine.verdict import Verdict


class _NoExerciseError(Exception):
    """The item cannot be shown; the message is for the person."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser], say: Locale
) -> None:
    """Add `items` and `exercise`."""
    items = subparsers.add_parser("items", help=say("help.items"))
    items.add_argument("--json", action="store_true", help=say("help.items.json"))
    items.set_defaults(run=list_items)
    exercise = subparsers.add_parser("exercise", help=say("help.exercise"))
    verbs = exercise.add_subparsers(dest="verb", metavar="show|judge", required=True)
    show = verbs.add_parser("show", help=say("help.exercise.show"))
    judge = verbs.add_parser("judge", help=say("help.exercise.judge"))
    judge.add_argument("--answer", required=True, metavar="TEXT", help=say("help.exercise.answer"))
    for verb, run in ((show, show_exercise), (judge, judge_answer)):
        verb.add_argument("item", metavar="ITEM", help=say("help.exercise.item"))
        verb.add_argument(
            "--seed", type=int, default=0, metavar="N", help=say("help.exercise.seed")
        )
        verb.add_argument("--language", choices=LANGUAGES, help=say("help.exercise.language"))
        verb.add_argument("--device", choices=DEVICES, default="auto", help=say("help.device"))
        verb.add_argument("--json", action="store_true", help=say("help.json"))
        verb.set_defaults(run=run)


def open_library(paths: Paths) -> PackLibrary:
    """The built-in and the installed packs, the caller's to close."""
    from content.compiled import PackLibrary, builtin_root

    return PackLibrary((builtin_root(), paths.packs), paths.compiled_packs)


def list_items(options: argparse.Namespace) -> int:
    """Every item: name, kind, level, languages."""
    with open_library(Paths.from_environment()) as library:
        rows = [
            {"item": i.name, "kind": i.kind, "level": i.level, "languages": list(i.languages)}
            for i in library.scan()
        ]
    if options.json:
        sys.stdout.write(json.dumps(rows, ensure_ascii=False) + "\n")
    else:
        for row in rows:
            sys.stdout.write(f"{row['item']}  {row['kind']}  {row['level']}\n")
    return 0


def show_exercise(options: argparse.Namespace) -> int:
    """One draw of an exercise with its truth, solution and the mistakes that apply."""
    from app.program_text import program_note
    from content.text import plain

    say = _locale(options)
    try:
        with _engine(options) as engine:
            prepared = _prepared(options, say, engine)
    except _NoExerciseError as problem:
        sys.stderr.write(f"{problem}\n")
        return problem.code
    language, truth, exercise = say.language, prepared.truth, prepared.exercise
    data: dict[str, Any] = {
        "item": prepared.name,
        "kind": exercise.kind,
        "seed": prepared.seed,
        "language": language,
        "question": plain(prepared.question(language), language),
        "draw": dict(prepared.draw),
        "options": [plain(option, language) for option in prepared.options(language)],
        "truth": _truth(prepared, language),
        "tolerance": truth.tolerance,
        "unit": exercise.unit,
        "solution": exercise.solution,
        "example": exercise.example,
        "allow": list(exercise.allow),
        "mistakes": [
            {
                "id": mistake.id,
                "value": _json(mistake.value),
                "why": plain(prepared.why(mistake.id, language), language),
            }
            for mistake in truth.mistakes
        ],
    }
    if options.json:
        sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")
        return 0
    sys.stdout.write(data["question"] + "\n")
    for letter, option in zip("abcdefghijklmnop", data["options"], strict=False):
        sys.stdout.write(f"  {letter}) {option}\n")
    if note := program_note(prepared, say):
        sys.stdout.write(f"{note}\n")
    return 0


def judge_answer(options: argparse.Namespace) -> int:
    """The verdict on one answer, then the item's training run; with JSON the verdict alone."""
    from content.judging import judged

    say = _locale(options)
    try:
        with _engine(options) as engine:
            prepared = _prepared(options, say, engine)
            verdict = judged(prepared, options.answer, engine.measure)
            _tell(options, say, prepared, verdict)
            if not options.json:
                _run(prepared, engine, say)
    except _NoExerciseError as problem:
        sys.stderr.write(f"{problem}\n")
        return problem.code
    return 0


def _tell(options: argparse.Namespace, say: Locale, prepared: Prepared, verdict: Verdict) -> None:
    from content.verdict_text import why

    data = {
        "verdict": str(verdict.kind),
        "mistake": verdict.mistake,
        "truth": _truth(prepared, say.language),
        "why": why(prepared, verdict, say.language),
    }
    if options.json:
        sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")
    else:
        word = say(f"study.verdict.{verdict.kind}")
        sys.stdout.write(f"{word}\n{data['why']}\n".rstrip("\n") + "\n")


def _run(prepared: Prepared, engine: EngineClient, say: Locale) -> None:
    """The training run behind the verdict."""
    from app.run_lines import follow_run

    def tell(line: str) -> None:
        encoding = sys.stdout.encoding or "ascii"
        sys.stdout.write(line.encode(encoding, "replace").decode(encoding) + "\n")
        sys.stdout.flush()

    if prepared.exercise.run is not None:
        sys.stdout.write("\n")
    plain = not (sys.stdout.encoding or "ascii").lower().startswith("utf")
    follow_run(prepared, engine, say, tell, ascii_only=plain)


def _locale(options: argparse.Namespace) -> Locale:
    return Locale(options.language or load(Paths.from_environment().settings)[0].language)


def _engine(options: argparse.Namespace) -> EngineClient:
    from engine.client import EngineClient

    return EngineClient(Paths.from_environment().engine_log, device=options.device)


def _prepared(options: argparse.Namespace, say: Locale, engine: EngineClient) -> Prepared:
    from content.pack import Card
    from content.prepare import Prepared, draw_item, job_for
    from engine.expression import Refused
    from engine.protocol import Failure

    paths = Paths.from_environment()
    try:
        with open_library(paths) as library:
            topic, item = library.item(options.item)
    except (KeyError, ValueError):
        raise _NoExerciseError(say("cli.no-item", item=options.item), 1) from None
    if isinstance(item, Card):
        raise _NoExerciseError(say("cli.is-card", item=options.item), 1)
    try:
        drawn = draw_item(options.item, item, options.seed)
    except Refused as refused:
        raise _failed(refused.failure(item.where or "", "where"), say) from None
    job = job_for(item, options.seed, drawn, device=options.device)
    outcome = engine.measure(job)
    if isinstance(outcome, Failure):
        raise _failed(outcome, say)
    prepared = Prepared(options.item, topic.title, item, options.seed, drawn, job, outcome)
    if prepared.failures:
        raise _failed(prepared.failures[0], say)
    return prepared


def _failed(failure: Failure, say: Locale) -> _NoExerciseError:
    from engine.messages import describe

    codes = {"expression": 2, "limit": 3, "timeout": 4}
    return _NoExerciseError(describe(failure, say.language), codes.get(str(failure.kind), 5))


def _truth(prepared: Prepared, language: str) -> object:
    from content.text import plain
    from engine.programs import RUN_KINDS

    exercise = prepared.exercise
    if exercise.kind in ("choice", "several"):
        right = [
            {"option": "abcdefghijklmnop"[n], "text": plain(text, language)}
            for n, (text, choice) in enumerate(
                zip(prepared.options(language), prepared.truth.options, strict=True)
            )
            if choice.right
        ]
        return right[0] if exercise.kind == "choice" and right else right
    if exercise.kind == "term":
        return list(dict.fromkeys(prepared.truth.accept))
    if exercise.kind in RUN_KINDS:
        return prepared.truth.program
    if exercise.kind == "self":
        return [plain(point, language) for point in prepared.points(language)]
    return _json(prepared.truth.value)


def _json(value: Value) -> object:
    from app.commands.measure import json_value

    return json_value(value)
