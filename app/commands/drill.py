"""`gradus drill`, `gradus drill list`, `gradus drill report`: rounds of interview questions.

Promise: stdout holds the round or the report and nothing about this home; its number and how to
resume stand on stderr. Exit codes: 0 done, 1 no such round or progress cannot be opened, 2 options
that cannot be.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from app.locale import LANGUAGES, Locale
from app.paths import Paths
from app.settings import DEVICES, Settings, load

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.drill.setup import Setup
    from app.study.session import Study
    from content.compiled import PackLibrary

STYLES = ("screening", "whiteboard", "rapid", "mock")
_FORMATS = ("text", "md", "html", "json")
_MOST_QUESTIONS = 200
_MOST_MINUTES = 600
_MOST_SEED = 2**53
_LEVELS = range(1, 4)


class _OptionError(Exception):
    """An option that cannot be; the message is for the person."""


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser], say: Locale
) -> None:
    """Add `drill`."""
    drill = subparsers.add_parser(
        "drill", help=say("help.drill"), description=say("help.drill.about")
    )
    number = {"type": int, "metavar": "N"}
    drill.add_argument("--questions", help=say("help.drill.questions"), **number)  # type: ignore[arg-type]
    drill.add_argument("--minutes", help=say("help.drill.minutes"), **number)  # type: ignore[arg-type]
    drill.add_argument("--topics", metavar="A,B", help=say("help.drill.topics"))
    drill.add_argument("--kinds", metavar="A,B", help=say("help.drill.kinds"))
    drill.add_argument("--level", metavar="1-3", help=say("help.drill.level"))
    drill.add_argument("--style", choices=STYLES, help=say("help.drill.style"))
    drill.add_argument("--seed", help=say("help.drill.seed"), **number)  # type: ignore[arg-type]
    drill.add_argument("--ready", metavar="NAME", help=say("help.drill.ready"))
    drill.add_argument("--resume", nargs="?", type=int, const=0, metavar="N",
                       help=say("help.drill.resume"))  # fmt: skip
    drill.add_argument("--plain", action="store_true", help=say("help.drill.plain"))
    drill.add_argument("--device", choices=DEVICES, help=say("help.device"))
    drill.set_defaults(run=play)
    verbs = drill.add_subparsers(dest="verb", metavar="list|report")
    listing = verbs.add_parser("list", help=say("help.drill.list"))
    listing.set_defaults(run=list_rounds)
    report = verbs.add_parser("report", help=say("help.drill.report"))
    report.add_argument("number", nargs="?", type=int, metavar="N",
                        help=say("help.drill.number"))  # fmt: skip
    report.add_argument("--format", choices=_FORMATS, default="text",
                        help=say("help.drill.format"))  # fmt: skip
    report.set_defaults(run=show_report)
    for parser in (drill, listing, report):
        # Left out below the command, it is what was said above it.
        default = None if parser is drill else argparse.SUPPRESS
        parser.add_argument("--language", choices=LANGUAGES, default=default,
                            help=say("help.language"))  # fmt: skip


def play(options: argparse.Namespace) -> int:
    """`gradus drill`: a new round, or one that stands."""
    paths, settings = _settings(options)
    say = Locale(settings.language)
    if not (options.plain or (sys.stdin.isatty() and sys.stderr.isatty())):
        sys.stderr.write(say("drill.cli.no-terminal") + "\n")
        return 2
    wanted: list[Setup | int] = []

    def chosen(study: Study) -> int:
        code, found = _chosen(study, options, say)
        if found is None or not options.plain:
            wanted.extend([] if found is None else [found])
            return code
        return _play(study, found, say, bare=settings.plain)

    code = _with_study(paths, settings, chosen)
    if options.plain or not wanted:
        return code
    from app.commands.study import open_interface

    return open_interface(paths, settings, drill=wanted[0])


def list_rounds(options: argparse.Namespace) -> int:
    """`gradus drill list`."""
    paths, settings = _settings(options)
    say = Locale(settings.language)

    def told(study: Study) -> int:
        for line in _listed(study, say):
            sys.stdout.write(line + "\n")
        return 0

    return _with_study(paths, settings, told)


def show_report(options: argparse.Namespace) -> int:
    """`gradus drill report [N]`."""
    paths, settings = _settings(options)
    say = Locale(settings.language)

    def told(study: Study) -> int:
        from app.drill.exporting import exported
        from app.drill.report import report, rounds

        lines = {line.number: line for line in rounds(study)}
        number = options.number
        if number is None:
            number = max((n for n, line in lines.items() if line.ended), default=0)
            if not number:
                sys.stderr.write(say("drill.cli.no-rounds") + "\n")
                return 1
        if number not in lines or not lines[number].ended:
            words = "open" if number in lines else "none"
            sys.stderr.write(say(f"drill.cli.{words}", number=number) + "\n")
            return 1
        study.engine.start()
        found = report(study, number)
        sys.stdout.write(exported(found, options.format, say.language, bare=settings.plain))
        return 0

    return _with_study(paths, settings, told)


def chosen_setup(options: argparse.Namespace, library: PackLibrary, say: Locale) -> Setup:
    """The set-up that the options ask for; raises `_OptionError`."""
    from app.drill.setup import Setup, ready_made
    from app.drill.styles import Style

    setup = Setup()
    if options.ready is not None:
        ready = {one.name: one for one in ready_made(library)}
        name = options.ready
        found = [one for full, one in ready.items() if name in (full, full.partition(":")[2])]
        if not found:
            words = say("drill.cli.no-drill", name=name, known=", ".join(ready))
            raise _OptionError(words)
        setup = found[0].setup
    questions = _within(options.questions, "--questions", _MOST_QUESTIONS, say)
    minutes = _within(options.minutes, "--minutes", _MOST_MINUTES, say)
    seed = _within(options.seed, "--seed", _MOST_SEED, say, least=0)
    topics = _words(options.topics)
    _require_topics(topics, library, say)
    kinds = _kinds(options.kinds, say)
    return replace(
        setup,
        questions=setup.questions if questions is None else questions,
        minutes=setup.minutes if minutes is None else minutes,
        style=setup.style if options.style is None else Style(options.style),
        seed=seed,
        topics=topics or setup.topics,
        kinds=kinds or setup.kinds,
        levels=_levels(options.level, say) or setup.levels,
    )


def _chosen(
    study: Study, options: argparse.Namespace, say: Locale
) -> tuple[int, Setup | int | None]:
    """(0, the set-up or the number of a round that stands), or (exit code, None) and why."""
    from app.drill.choosing import Chooser
    from app.drill.report import open_rounds

    standing = [line.number for line in open_rounds(study)]
    if options.resume is not None:
        number = options.resume or max(standing, default=0)
        if number in standing:
            return 0, number
        words = "nothing-open"
        if number:
            with study.store.reading():
                words = "none" if study.store.rounds.get(number) is None else "ended"
        sys.stderr.write(say(f"drill.cli.{words}", number=number) + "\n")
        return 1, None
    try:
        setup = chosen_setup(options, study.library, say)
    except _OptionError as problem:
        sys.stderr.write(f"{problem}\n")
        return 2, None
    questions = Chooser(study.library, setup, setup.seed or 0).questions
    if not questions:
        sys.stderr.write(say("drill.cli.too-few") + "\n")
        return 1, None
    if questions < setup.questions:
        sys.stderr.write(say("drill.cli.fewer", n=questions) + "\n")
    for number in standing[:1]:
        sys.stderr.write(say("drill.cli.open", number=number) + "\n")
    return 0, setup


def _play(study: Study, wanted: Setup | int, say: Locale, *, bare: bool) -> int:
    """Line by line."""
    from app.plain.drill import PlainDrill

    study.engine.start()
    player = PlainDrill(study, say.language, sys.stdin, sys.stdout)
    player.bare = bare
    return player.resume(wanted) if isinstance(wanted, int) else player.begin(wanted)


def _listed(study: Study, say: Locale) -> list[str]:
    from app.drill.report import rounds
    from app.drill.setup import ready_made
    from app.drill.telling import setup_words
    from content.pack import in_language

    lines = [say("drill.cli.ready")]
    for ready in ready_made(study.library):
        title = in_language(ready.title, say.language)
        about = setup_words(ready.setup, ready.setup.questions, say)
        lines.append(f"  {ready.name}  {title} · {about}")
    lines += ["", say("drill.cli.rounds")]
    played = rounds(study)
    if not played:
        lines.append("  " + say("drill.cli.no-rounds"))
    for line in played:
        title = in_language(line.title, say.language) or say(f"drill.style.{line.setup.style}")
        score = say("drill.report.of", right=line.right, of=line.asked)
        if not line.ended:
            score += " · " + say("drill.cli.line-open")
        when = f"{line.begun:%Y-%m-%d %H:%M}"
        lines.append("  " + say("drill.cli.line", number=line.number, when=when, title=title,
                                score=score))  # fmt: skip
    return lines


def _settings(options: argparse.Namespace) -> tuple[Paths, Settings]:
    paths = Paths.from_environment()
    settings = load(paths.settings)[0]
    return paths, replace(
        settings,
        language=options.language or settings.language,
        device=getattr(options, "device", None) or settings.device,
    )


def _with_study(paths: Paths, settings: Settings, use: Callable[[Study], int]) -> int:
    from app.commands.study import open_study
    from app.progress.store import StoreProblem

    try:
        with open_study(paths, settings) as study:
            return use(study)
    except StoreProblem as problem:
        sys.stderr.write(problem.describe(settings.language) + "\n")
        return 1


def _within(value: int | None, name: str, most: int, say: Locale, *, least: int = 1) -> int | None:
    if value is not None and not least <= value <= most:
        raise _OptionError(say("drill.cli.range", option=name, least=least, most=most))
    return value


def _words(text: str | None) -> tuple[str, ...]:
    parts = (text or "").replace("，", ",").split(",")
    return tuple(part.strip() for part in parts if part.strip())


def _require_topics(topics: tuple[str, ...], library: PackLibrary, say: Locale) -> None:
    from app.drill.setup import matches

    for word in topics:
        if not any(matches(entry, word) for entry in library.scan()):
            raise _OptionError(say("drill.cli.no-topic", name=word))


def _kinds(text: str | None, say: Locale) -> tuple[str, ...]:
    from content.prepare import STUDIED_KINDS

    kinds = _words(text)
    for kind in kinds:
        if kind not in STUDIED_KINDS:
            known = ", ".join(sorted(STUDIED_KINDS))
            raise _OptionError(say("drill.cli.no-kind", name=kind, known=known))
    return kinds


def _levels(text: str | None, say: Locale) -> tuple[int, ...]:
    if text is None:
        return ()
    found: set[int] = set()
    try:
        for part in _words(text):
            first, dash, last = part.partition("-")
            found |= set(range(int(first), int(last if dash else first) + 1))
    except ValueError:
        found = set()
    if not found or not found <= set(_LEVELS):
        raise _OptionError(say("drill.cli.bad-levels", text=text))
    return tuple(sorted(found))
