"""Home, line by line: what today asks for, and every command of Gradus at one prompt.

Promise: words alone, one thing a line; whatever `gradus` can do on the command line can be typed
here without the word, in its line form. Commands come back here, also after Ctrl-C. The end of
the input ends it. Must not import textual.
"""

from __future__ import annotations

import contextlib
import shlex
from datetime import date
from typing import TYPE_CHECKING, TextIO

from app.locale import Locale
from app.plain.welcome import welcomed
from app.settings import Settings, load
from app.study.clock import Clock, milliseconds
from content.pack import in_language

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.paths import Paths
    from app.study.views import Overview

    Run = Callable[[Sequence[str]], int]

_LINE_FORM = ("study", "drill", "lab")
"""Commands that open a screen unless they are told not to."""
_QUIT = ("q", "quit", "exit", ":q")


class PlainHome:
    """The prompt that `gradus` alone opens in plain mode."""

    def __init__(self, paths: Paths, source: TextIO, sink: TextIO, run: Run | None = None) -> None:
        """`run` runs a command line; by default the program's own."""
        self._paths = paths
        self._source = source
        self._sink = sink
        self._command = run or _program
        self._settings = Settings()
        self._say = Locale("en")

    def run(self) -> int:
        """Until the learner leaves; returns 0."""
        self._read()
        welcomed(self._paths, self._settings, self._source, self._sink)
        self._read()
        self._print(self._say("plain.home.title"))
        self._today()
        while True:
            self._print(self._say("plain.home.how"))
            self._sink.write(self._say("plain.home.prompt") + " ")
            self._sink.flush()
            typed = self._source.readline()
            if not typed or typed.strip().lower() in _QUIT:
                self._print(self._say("plain.home.bye"))
                return 0
            with contextlib.suppress(KeyboardInterrupt):
                self._do(typed.strip())
            self._read()

    def _read(self) -> None:
        """Settings may be others after a command."""
        self._settings = load(self._paths.settings)[0]
        self._say = Locale(self._settings.language)

    def _do(self, typed: str) -> None:
        try:
            words = shlex.split(typed) or ["study"]
        except ValueError:
            self._print(self._say("plain.home.unclosed"))
            return
        if words[0] in ("help", "?", ":help", ":h"):
            for row in self._say("plain.home.help").split("\n"):
                self._print(row)
        elif words == ["topics"]:
            self._topics()
        elif words[0] not in _known():
            self._print(self._say("plain.home.unknown", word=words[0]))
        else:
            if words[0] in _LINE_FORM and "--plain" not in words:
                words.append("--plain")
            with contextlib.suppress(SystemExit):  # an option that cannot be was told already
                self._command(words)
            self._today()

    def _today(self) -> None:
        """What home says, in sentences."""
        found = self._glanced()
        if found is None:
            return
        due, new, minutes, streak, studied, forgiven = found
        say, wanted = self._say, self._settings.minutes_per_day
        parts = [say("plain.home.due", n=due)] if due else []
        parts += [say("plain.home.new", n=new)] if new else []
        parts += [say("plain.home.minutes", n=minutes)] if minutes else []
        parts = parts or [say("plain.home.nothing")]
        parts += [say("plain.home.streak", n=streak)] if streak else []
        if forgiven is not None:
            day = say.date(date.fromordinal(forgiven))
            parts.append(say("choose.home.forgiven", date=day))
        if wanted:
            key = "goal" if studied < wanted else "reached"
            values = {"wanted": wanted} | ({"n": studied} if key == "goal" else {})
            parts.append(say(f"plain.home.{key}", **values))
        for part in parts:
            self._print(part)

    def _glanced(self) -> tuple[int, int, int, int, int, int | None] | None:
        from app.calendar import calendar_of, goal_of
        from app.progress.glance import glance

        clock = Clock.from_environment()
        seen = glance(
            self._paths.database,
            clock.today(),
            new_per_day=self._settings.daily_new,
            reviews_per_day=self._settings.reviews_per_day,
            now=milliseconds(clock.now()),
            calendar=calendar_of(self._settings),
            goal=goal_of(self._settings),
        )
        if seen is None:
            return None
        minutes = seen.studied // 60
        return seen.due, seen.new, seen.minutes, seen.streak, minutes, seen.forgiven

    def _topics(self) -> None:
        overview = self._overview()
        if overview is None:
            return
        language = self._say.language
        for chapter in overview.chapters:
            title = in_language(chapter.title, language)
            self._print(self._say("plain.home.chapter", title=title))
            for topic in chapter.topics:
                self._print(
                    self._say(
                        "plain.home.topic",
                        title=in_language(topic.title, language),
                        known=round(topic.mastery * 100),
                        due=topic.due,
                        new=topic.new,
                    )
                )

    def _overview(self) -> Overview | None:
        from app.commands.study import open_study
        from app.progress.store import StoreProblem

        try:
            with open_study(self._paths, self._settings) as study:
                return study.overview()
        except StoreProblem as problem:
            self._print(problem.describe(self._say.language))
            return None

    def _print(self, row: str) -> None:
        self._sink.write(row + "\n")
        self._sink.flush()


def _known() -> frozenset[str]:
    from app.cli import COMMANDS

    return frozenset(COMMANDS)


def _program(words: Sequence[str]) -> int:
    from app.cli import main

    return main(words)
