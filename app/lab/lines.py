"""The lab line by line: for pipes, screen readers and terminals that can do no more.

Promise: everything goes to one text stream, no cursor movement, no colour; the same session as the
screen. The end of the input ends it. Must not import textual.

Commands: `:h` help, `:names`, `:what NAME`, `:save`, `:l` other language, `:q` leave.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from app.commands.measure_language_text import line_of
from app.lab import export
from app.lab.completion import Completer
from app.lab.drawing import drawn
from app.lab.history import History
from app.lab.session import Entry, LabSession
from app.lab.statements import complete, read
from app.lab.telling_sliders import outside_words
from app.locale import Locale
from app.values import text_value
from content.text.pictures import described, picture_of
from content.text.said import drawing_said, is_drawn
from engine.expression import Refused
from engine.messages import caret
from engine.protocol import Failure, Job, LayerRow, Measured, Outcome, Progress
from engine.values import Value

if TYPE_CHECKING:
    from engine.client import EngineClient

_WIDTH = 76
_HEIGHT = 14
_EVERY = 1.0
"""Seconds between two lines of progress."""

Table = Callable[[Sequence[LayerRow], Locale], str]


class LabLines:
    """One session on two text streams."""

    def __init__(
        self,
        session: LabSession,
        engine: EngineClient,
        say: Locale,
        source: TextIO,
        sink: TextIO,
        *,
        history: History,
        exports: Path,
        now: Callable[[], datetime],
        table: Table,
        bare: bool = False,
    ) -> None:
        """Pictures in words alone where `bare`; `table` tells of a model's layers."""
        self.session = session
        self._engine = engine
        self._say = say
        self._source = source
        self._sink = sink
        self._history = history
        self._exports = exports
        self._now = now
        self._table = table
        self._bare = bare
        self._completer: Completer | None = None
        self._told_at = 0.0
        encoding = (getattr(sink, "encoding", None) or "utf-8").lower()
        self._ascii = not encoding.startswith("utf")

    def run(self, first: str = "") -> int:
        """Evaluate `first`, then what is typed, until the input ends; returns 0."""
        if self._source.isatty():
            self._print(self._say("lab.plain.intro"))
        if first.strip():
            self._enter(first)
        while (text := self._ask()) is not None:
            word = text.strip()
            if word in (":q", ":quit"):
                break
            if word.startswith(":"):
                self._command(word)
            elif word:
                self._enter(text)
        return 0

    def _ask(self) -> str | None:
        """A text, over several lines while a bracket is open; None at the end of the input."""
        held: list[str] = []
        while True:
            try:
                line = self._line("... " if held else "> ")
            except KeyboardInterrupt:
                self._print()
                held = []
                continue
            if line is None:
                return "\n".join(held) if held else None
            held.append(line)
            text = "\n".join(held)
            if complete(text) or not line.strip():
                return text

    def _line(self, prompt: str) -> str | None:
        if self._source.isatty():
            self._sink.write(prompt)
            self._sink.flush()
        line = self._source.readline()
        return line.rstrip("\r\n") if line else None

    # Evaluating

    def _enter(self, text: str) -> None:
        self._history.add(text)
        try:
            for statement in read(text):
                newest = self.session.newest
                for entry in self.session.add(statement):
                    self._evaluate(entry, again=entry.number <= newest)
                slider = self.session.sliders.get(statement.name or "")
                if slider and (beyond := outside_words(slider, self._say, drawn=False)):
                    self._print(beyond)
        except Refused as refusal:
            self._print(caret(refusal.failure(text), self._say.language))

    def _evaluate(self, entry: Entry, *, again: bool) -> None:
        ticket, job = self.session.ask(entry)
        outcome = self._measured(entry, ticket, job)
        follow = self.session.settle(entry, ticket, outcome)
        self._tell(entry, again=again)
        for other in follow:
            self._evaluate(other, again=True)

    def _measured(self, entry: Entry, ticket: int, job: Job) -> Outcome:
        def progressed(word: Progress) -> None:
            if self.session.progressed(entry, ticket, word):
                moment = time.monotonic()
                if moment - self._told_at >= _EVERY and word.step < word.steps:
                    self._told_at = moment
                    self._print(self._progress(entry))

        self._told_at = time.monotonic()
        future: Future[Outcome] = self._engine.submit(job, on_progress=progressed)
        while True:
            try:
                return future.result()
            except KeyboardInterrupt:
                self._engine.cancel(future)

    def _progress(self, entry: Entry) -> str:
        loss = f"{entry.points[-1][1]:.4g}" if entry.points else "-"
        return "  " + self._say("lab.step", step=entry.step, steps=entry.steps, loss=loss)

    # Telling

    def _tell(self, entry: Entry, *, again: bool) -> None:
        value = entry.value
        if again and entry.name is not None:
            return  # what uses the name tells of it
        if isinstance(value, Failure):
            if entry.cancelled:
                self._print(self._say("lab.plain.cancelled"))
            else:
                where = f"{value.where}:\n" if value.where in self.session.names else ""
                self._print(where + caret(value, self._say.language))
            return
        name = entry.name or (entry.source if again else "")
        lead = f"{name} = " if name else ""
        was = ""
        if entry.was is not None:
            was = f"  ({self._say('lab.was', value=text_value(entry.was))})"
        self._print(f"{lead}{self._value(value)}{was}")
        outcome = entry.outcome
        layers = outcome.trace.layers if isinstance(outcome, Measured) and outcome.trace else ()
        if len(layers) > 0 and entry.name is None and not again:
            self._print(self._table(layers, self._say))

    def _value(self, value: Value) -> str:
        picture = picture_of(value)
        if picture is None:
            text = text_value(value)
            drawing = self._bare and is_drawn(text)
            return drawing_said(text, self._say.language) if drawing else text
        told = described(picture, self._say.language)
        if self._bare:
            return told
        rows = drawn(value, _WIDTH, _HEIGHT, self._say.language, ascii_only=self._ascii)
        lines = ["".join(span.text for span in row).rstrip() for row in rows]
        return "\n".join([told, *lines])

    # Commands

    def _command(self, word: str) -> None:
        name, _, rest = word[1:].partition(" ")
        if name in ("h", "help"):
            self._print(self._say("lab.plain.help"))
        elif name == "l":
            self._say = Locale("en" if self._say.language == "zh" else "zh")
            self._print(self._say("lab.plain.intro"))
        elif name == "names":
            self._names()
        elif name == "save":
            self._save()
        elif name == "what" and rest.strip():
            self._what(rest.strip())
        else:
            self._print(self._say("lab.plain.unknown", word=f":{name}"))

    def _names(self) -> None:
        for name, slider in self.session.sliders.items():
            self._print(f"{name} = {text_value(slider.value)}")
        for name, source in self.session.bindings.items():
            self._print(f"{name} = {source}")
        if not self.session.names:
            self._print(self._say("lab.plain.no-names"))

    def _what(self, name: str) -> None:
        if self._completer is None:
            outcome = self._engine.measure(Job((), device="cpu", seconds=60.0, documented=True))
            told = outcome.documentation if isinstance(outcome, Measured) else ()
            self._completer = Completer(told)
        entry = self._completer.listed(name)
        if entry is None:
            self._print(self._say("lab.no-match"))
        else:
            self._print(f"{entry.signature}\n  {line_of(entry, self._say)}")

    def _save(self) -> None:
        moment = self._now()
        if not self.session.entries:
            self._print(self._say("lab.nothing-to-save"))
            return
        text = export.markdown(self.session, self._say, moment)
        try:
            path = export.save(text, self._exports, moment)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self._print(self._say("lab.not-saved", path=self._exports, reason=reason))
            return
        self._print(self._say("lab.saved", path=path))

    def _print(self, text: str = "") -> None:
        encoding = getattr(self._sink, "encoding", None) or "utf-8"
        shown = text.encode(encoding, "backslashreplace").decode(encoding)
        self._sink.write(shown + "\n")
        self._sink.flush()
