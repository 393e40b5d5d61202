"""What every line mode does alike: prints texts, asks, tells verdicts and solutions.

Promise: everything goes to one text stream, one thing a line, no cursor movement, no colour.
Must not judge or save.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO, TypeVar

from app.locale import Locale
from app.program_text import open_brackets, program_note
from app.study.mistakes import mistake_title
from app.values import duration
from app.worked import LETTERS, right_options, worked
from content.text import Document, Spans, lines
from content.verdict_text import explanation
from engine.programs import PROGRAM_KINDS, RUN_KINDS
from engine.protocol import Failure, FailureKind
from engine.trials import unreadable
from engine.verdict import canonical

if TYPE_CHECKING:
    from app.study.views import Interval
    from content.compiled import PackLibrary
    from content.prepare import Prepared
    from engine.verdict import Verdict

Outcome = TypeVar("Outcome")

WIDTH = 76
PATIENCE = 0.2
"""Seconds before a wait is named."""
_GLYPHS = {"right": "✓", "close": "≈", "mistake": "◆", "wrong": "✗", "unreadable": "?"}
_ASCII_GLYPHS = {"right": "+", "close": "~", "mistake": "*", "wrong": "x", "unreadable": "?"}


class LeaveError(Exception):
    """The learner left or the input ended."""


class PlainDesk:
    """Two text streams and what is said on them."""

    bare = False
    """Words alone, for those who hear them: no glyph, no drawing."""

    def __init__(self, library: PackLibrary, language: str, source: TextIO, sink: TextIO) -> None:
        self._library = library
        self._say = Locale(language)
        self._source = source
        self._sink = sink
        encoding = (getattr(sink, "encoding", None) or "utf-8").lower()
        self._glyphs = _GLYPHS if encoding.startswith("utf") else _ASCII_GLYPHS

    @property
    def _ascii(self) -> bool:
        return self._glyphs is _ASCII_GLYPHS

    def _ask(self, prompt: str) -> str:
        self._sink.write(prompt + " ")
        self._sink.flush()
        line = self._source.readline()
        if not line:
            raise LeaveError
        return line.rstrip("\n")

    def _whole(self, typed: str, kind: str) -> str:
        """A program goes on over lines until its brackets are closed; an empty line ends it."""
        if kind not in PROGRAM_KINDS:
            return typed
        while open_brackets(typed) and (more := self._ask("...")).strip():
            typed += "\n" + more
        return typed

    def _print(self, line: str = "") -> None:
        self._sink.write(line + "\n")
        self._sink.flush()

    def _tell(self, words: str) -> None:
        """What is about the study and not of it."""
        self._print(words)

    def _document(self, document: Document, prefix: str = "") -> None:
        if not document:
            return
        for n, spans in enumerate(self._lines(document, WIDTH - len(prefix))):
            lead = prefix if n == 0 else " " * len(prefix)
            self._print((lead + "".join(span.text for span in spans)).rstrip())

    def _lines(self, document: Document, width: int) -> tuple[Spans, ...]:
        """The document's lines; a picture in words first, for those who hear it."""
        language, drawn = self._say.language, not self.bare
        return lines(document, width, language, ascii=self._ascii, told=True, drawn=drawn)

    def _switch_language(self) -> None:
        self._say = Locale("en" if self._say.language == "zh" else "zh")

    def _asked(self, prepared: Prepared, kind: str) -> None:
        """The question, its options, what a program may use."""
        language = self._say.language
        self._document(prepared.question(language))
        if kind in ("choice", "several"):
            for letter, option in zip(LETTERS, prepared.options(language), strict=False):
                self._document(option, prefix=f"  {letter}) ")
            self._print(self._say(f"plain.{kind}"))
        if kind != "card" and (note := program_note(prepared, self._say)):
            self._print(note)

    def _points(self, prepared: Prepared) -> None:
        """The key points of a `self` exercise."""
        for n, point in enumerate(prepared.points(self._say.language), 1):
            self._document(point, prefix=f"  {n}) ")

    def _hint(self, prepared: Prepared, given: int) -> int:
        """The next hint; how many were given now."""
        hints = prepared.hints(self._say.language)
        if given >= len(hints):
            self._print(self._say("plain.no-hint"))
            return given
        self._document(hints[given])
        return given + 1

    def _intervals(self, intervals: tuple[Interval, ...]) -> dict[str, str]:
        """When each rating brings the item back, for a prompt."""
        return {f"i{int(i.rating)}": self._say.interval(i.seconds) for i in intervals}

    def _patiently(
        self, kind: str, judge: Callable[[], Outcome], called_off: Callable[[Verdict], Outcome]
    ) -> Outcome:
        """What `judge` gives; a program that takes long is told of, and Ctrl+C calls it off."""
        if kind not in RUN_KINDS:
            return judge()
        timer = threading.Timer(PATIENCE, self._tell, [self._say("plain.running")])
        timer.start()
        try:
            return judge()
        except KeyboardInterrupt:
            return called_off(unreadable(Failure(FailureKind.CANCELLED, "cancelled")))
        finally:
            timer.cancel()

    def _verdict_words(self, kind: str) -> str:
        words = self._say(f"study.verdict.{kind}")
        return words if self.bare else f"{self._glyphs[kind]} {words}"

    def _verdict(self, prepared: Prepared, verdict: Verdict) -> None:
        language = self._say.language
        kind = str(verdict.kind)
        head = self._verdict_words(kind)
        if verdict.mistake is not None and not verdict.generic:
            title = mistake_title(self._library, prepared.name, verdict.mistake, language)
            head += f" · {title}" if title else ""
        self._print(head)
        self._document(explanation(prepared, verdict, language))

    def _solution(self, prepared: Prepared, kind: str, *, timed: bool = True) -> None:
        """The right answer and how it comes about; `timed` tells how long measuring took."""
        language = self._say.language
        if kind in ("choice", "several"):
            options = list(right_options(prepared, language))
            letters = ", ".join(letter for letter, _ in options)
            self._print(self._say("plain.right-answer", answer=letters))
            for letter, text in options:
                self._document(text, prefix=f"  {letter}) ")
        elif kind != "self":
            answer = canonical(prepared.truth, language)
            one = "one-right-answer" if kind in PROGRAM_KINDS else "right-answer"
            self._print(self._say(f"plain.{one}", answer=answer))
        work = worked(prepared, language)
        self._document(work.text)
        if work.formula:
            self._print(f"  {work.formula}")
        for step in work.steps:
            self._print(f"  {step.expression} = {step.value}")
            self._document(step.label, prefix="      ")
        if work.measured is not None and not timed:
            self._print(self._say("drill.measured", value=work.measured))
        elif work.measured is not None:
            measured = prepared.measured
            self._print(
                self._say(
                    "plain.measured",
                    value=work.measured,
                    device=measured.device,
                    time=duration(measured.seconds),
                )
            )
