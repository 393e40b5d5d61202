"""The first run, line by line: language, minutes a day, what is typed; then something to try.

Promise: asked once, and only of a person at a terminal; Enter passes every question; what was
chosen is kept at once, nothing of the sample is. Must not import textual, nor be in the way: where
the sample cannot be measured, it says so and goes on.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, TextIO

from app.locale import LANGUAGES, Locale
from app.plain.desk import LeaveError, PlainDesk
from app.settings import save, usable
from engine.messages import describe
from engine.verdict import VerdictKind

if TYPE_CHECKING:
    from app.paths import Paths
    from app.settings import Settings
    from app.study.views import Shown
    from content.compiled import PackLibrary
    from engine.client import EngineClient
    from engine.protocol import Job, Outcome

_SEED = 7
_YES = frozenset({"y", "yes", "j", "是", "好", "要"})


def welcomed(paths: Paths, settings: Settings, source: TextIO, sink: TextIO) -> Settings:
    """The settings, chosen by whoever is here for the first time; as they were for anyone else.

    The first run is the one that finds no progress file; when it is over there is one.
    """
    if not source.isatty() or paths.database.exists():
        return settings
    return PlainWelcome(paths, settings, source, sink).run()


class PlainWelcome:
    """Questions on two text streams."""

    def __init__(self, paths: Paths, settings: Settings, source: TextIO, sink: TextIO) -> None:
        self._paths = paths
        self._settings = settings
        self._source = source
        self._sink = sink

    def run(self) -> Settings:
        """Ask, keep what was chosen; the end of the input and Ctrl+C end it like Enter."""
        with contextlib.suppress(LeaveError, KeyboardInterrupt):
            self._language()
            self._print(self._say("welcome.about"))
            self._minutes()
            self._print(self._say("plain.welcome.commands"))
            self._plain()
            if self._agreed("try"):
                self._sample()
                self._print(self._say("plain.welcome.done"))
        self._keep()
        return self._settings

    @property
    def _say(self) -> Locale:
        return Locale(self._settings.language)

    def _language(self) -> None:
        self._print(self._say("welcome.title.choose") + self._say("plain.welcome.stop"))
        while True:
            now = self._say(f"settings.language.{self._settings.language}")
            typed = self._ask("language", now=now).lower()
            if not typed:
                return
            if typed in LANGUAGES:
                self._settings = replace(self._settings, language=typed)
                return
            self._print(self._say("plain.welcome.language-with"))

    def _minutes(self) -> None:
        settings = self._settings
        key, n = "welcome.minutes.n", settings.minutes_per_day
        now = self._say(key, n=n) if n else self._say("settings.minutes_per_day.none")
        while typed := self._ask("minutes", now=now):
            minutes = int(typed) if typed.isdecimal() and len(typed) < 6 else -1
            if usable("minutes_per_day", minutes):
                self._settings = replace(
                    settings, minutes_per_day=minutes, new_from_minutes=minutes > 0
                )
                break
            self._print(self._say("settings.minutes_per_day.range"))
        key = "rule" if self._settings.minutes_per_day else "none"
        self._print(self._say(f"welcome.minutes.{key}", n=self._settings.daily_new))

    def _plain(self) -> None:
        """Whether `gradus` alone is this from now on; who chose that already is not asked."""
        if not self._settings.plain and self._agreed("always"):
            self._settings = replace(self._settings, plain=True)

    def _sample(self) -> None:
        from app.commands.exercise import open_library
        from engine.client import EngineClient

        self._print(self._say("plain.welcome.opening"))
        with (
            open_library(self._paths) as library,
            EngineClient(self._paths.engine_log, device=self._settings.device) as engine,
        ):
            _Sample(library, engine, self._settings, self._source, self._sink).run()

    def _keep(self) -> None:
        """A file of settings and one of progress: no welcome again, nor on the screens."""
        from app.progress.store import Store, StoreProblem
        from app.study.clock import Clock

        clock = Clock.from_environment()
        try:
            save(self._settings, self._paths.settings)
        except OSError as error:
            why = error.strerror or type(error).__name__
            self._print(self._say("settings.unsaved", path=self._paths.settings, why=why))
        with contextlib.suppress(StoreProblem):  # what comes next meets it too, and tells of it
            Store.open(self._paths.database, backups=self._paths.backups, clock=clock).close()

    def _agreed(self, what: str) -> bool:
        return self._ask(what).lower() in _YES

    def _ask(self, what: str, **values: object) -> str:
        self._sink.write(self._say(f"plain.welcome.{what}", **values) + " ")
        self._sink.flush()
        line = self._source.readline()
        if not line or line.strip().lower() == ":q":
            raise LeaveError
        return line.strip()

    def _print(self, text: str) -> None:
        self._sink.write(text + "\n")
        self._sink.flush()


class _Sample(PlainDesk):
    """A card and an exercise, of which nothing is kept."""

    def __init__(
        self,
        library: PackLibrary,
        engine: EngineClient,
        settings: Settings,
        source: TextIO,
        sink: TextIO,
    ) -> None:
        super().__init__(library, settings.language, source, sink)
        self.bare = settings.plain
        self._engine = engine

    def run(self) -> None:
        from app.study.clock import Clock
        from app.study.sample import CARD, EXERCISE, sample
        from engine.protocol import Failure

        for name in (CARD, EXERCISE):
            now = Clock.from_environment().now()
            shown = sample(self._library, name, _SEED, self._run, now)
            if isinstance(shown, Failure):
                self._print(self._say("plain.not-measured", item=name))
                self._print(describe(shown, self._say.language))
                continue
            self._print()
            if shown.kind == "card":
                self._card(shown)
            else:
                self._exercise(shown)

    def _card(self, shown: Shown) -> None:
        self._document(shown.prepared.front(self._say.language))
        self._ask(self._say("plain.welcome.reveal"))
        self._document(shown.prepared.back(self._say.language))
        self._print(self._say("welcome.note.back"))
        self._ask(self._say("plain.rate", **self._intervals(shown.intervals)))

    def _exercise(self, shown: Shown) -> None:
        from app.study.sample import sample_judged

        self._asked(shown.prepared, shown.kind)
        self._print(self._say("plain.welcome.note"))
        while typed := self._ask(self._say("plain.welcome.answer")).strip():
            judged = sample_judged(shown, typed, self._run)
            self._verdict(shown.prepared, judged.verdict)
            if judged.verdict.kind is not VerdictKind.UNREADABLE:
                self._solution(shown.prepared, shown.kind)
                self._print(self._say("welcome.note.judged"))
                return

    def _ask(self, prompt: str) -> str:
        typed = super()._ask(prompt)
        if typed.strip().lower() == ":q":
            raise LeaveError
        return typed

    def _run(self, job: Job) -> Outcome:
        return self._engine.submit(job).result()
