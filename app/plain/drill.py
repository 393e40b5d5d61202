"""A drill line by line: for pipes, screen readers, a study group's shared seed.

Promise: one thing a line, no cursor movement, no colour; readings of the clock on lines of their
own, so that one seed and the same answers give the same lines elsewhere. The end of the input ends
the round with its report; Ctrl+C leaves it standing, to be resumed. Must not import textual.

Commands while answering: `:h` hint, `:s` skip, `:f` flag, `:g N` back to a skipped question, `:p`
pause, `:l` other language, `:q` end. An answer may end with ` !` (sure) or ` ?` (unsure).
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, TextIO

from app.drill.question_sheet import questions
from app.drill.rounds import DrillRound
from app.drill.sheet import summary
from app.drill.styles import RULES
from app.drill.telling import changes_told, duration_words, glyphs, lead_over, setup_words
from app.drill.views import Judged, Kept, NotMeasured, Over, Question
from app.plain.desk import LeaveError, PlainDesk
from app.progress.store import StoreProblem
from content.pack import Card, in_language
from engine.messages import describe
from engine.verdict import VerdictKind, describe_verdict

if TYPE_CHECKING:
    from app.drill.setup import Setup
    from app.study.session import Study

UNREADABLE = 3
"""Answers that cannot be read, after which a question is skipped."""
_LOOK = 1.0
"""Seconds between two looks at the clocks; the round decides which of them is written down."""
_SURE = {" !": True, " ！": True, " ?": False, " ？": False}


class _EndError(Exception):
    """The learner ends the round."""


class PlainDrill(PlainDesk):
    """One round on two text streams."""

    def __init__(
        self,
        study: Study,
        language: str,
        source: TextIO,
        sink: TextIO,
        aside: TextIO | None = None,
    ) -> None:
        """`aside` takes what is about the round and not of it: its number, how to resume."""
        super().__init__(study.library, language, source, sink)
        self._study = study
        self._aside = aside or sys.stderr

    def begin(self, setup: Setup) -> int:
        """Play a new round to its end; returns 0, or 1 where it could not be saved.

        Raises ValueError where no item fits.
        """
        return self._saved(lambda: DrillRound.begin(self._study, setup, language=self._language))

    def resume(self, number: int) -> int:
        """Go on with a round; as `begin`. Raises KeyError where it is none that stands."""
        drill = DrillRound.resume(self._study, number)
        self._tell(self._say("drill.plain.resumed", number=number))
        return self._saved(lambda: drill)

    @property
    def _language(self) -> str:
        return self._say.language

    def _saved(self, make: Callable[[], DrillRound]) -> int:
        try:
            return self._play(make())
        except StoreProblem as problem:
            self._print(problem.describe(self._language))
            return 1

    def _play(self, drill: DrillRound) -> int:
        try:
            with _beating(drill):
                if self._agreed(drill):
                    self._head(drill)
                    self._questions(drill)
        except (LeaveError, _EndError):
            self._print()
        except KeyboardInterrupt:
            drill.pause()
            self._print()
            self._tell(self._say("drill.plain.stays", number=drill.number))
            return 0
        self._report(drill)
        return 0

    def _agreed(self, drill: DrillRound) -> bool:
        """Whether to go on, where the packs changed since the round was begun."""
        if drill.changed is None:
            return True
        for line in changes_told(drill.changed, self._say):
            self._print(line)
        if self._ask(self._say("drill.plain.go-on")).strip().lower() == ":q":
            return False
        drill.accept()
        return True

    def _head(self, drill: DrillRound) -> None:
        rules = RULES[drill.setup.style]
        self._print(setup_words(drill.setup, drill.questions, self._say))
        self._print(self._say(f"drill.style.{drill.setup.style}.about"))
        self._print(self._say("drill.plain.confidence"))
        if not rules.calculator:
            self._print(self._say("drill.plain.calculator"))

    def _questions(self, drill: DrillRound) -> None:
        shown = drill.next()
        while not isinstance(shown, Over):
            if isinstance(shown, NotMeasured):
                name = shown.name
                self._print(self._say("drill.plain.not-measured", item=name))
                self._print(describe(shown.failure, self._language))
                drill.skip()
                shown = drill.next()
                continue
            self._question_head(drill, shown)
            went = self._question(drill, shown)
            shown = drill.next() if went is None else went
        if shown.reason == "time":
            self._print()
            self._print(self._say("drill.plain.time-over"))

    def _question_head(self, drill: DrillRound, shown: Question) -> None:
        say = self._say
        self._print()
        self._print(say("drill.question", n=shown.number, total=shown.total))
        topic = in_language(shown.topic_title, say.language)
        kind = say(f"study.kind.{shown.kind}")
        self._print(" · ".join((topic, kind, say("plain.level", n=shown.level))))
        if shown.stage == "tick":
            return
        allowed = duration_words(shown.time.question_allowed)
        self._print(say("drill.plain.allowed", time=allowed))
        if shown.returning:
            self._print(say("drill.plain.returning"))
        told = RULES[drill.setup.style].at_once
        if words := lead_over(shown, say, told=told):
            self._print(words)
        self._print()

    def _question(self, drill: DrillRound, shown: Question) -> Question | NotMeasured | Over | None:
        """Until the question is left; what follows, where a command says so."""
        if shown.stage == "tick":
            self._asked(shown.prepared, shown.kind)
            self._print(self._say("drill.plain.compare"))
            if shown.said:
                self._print(self._say("drill.plain.you-said", said=shown.said))
            self._compared(drill, shown, 0, None, "")
            return None
        self._asked(shown.prepared, shown.kind)
        hints = tries = 0
        while True:
            typed = self._ask(self._prompt(shown, hints))
            word = typed.strip()
            if word == ":h" and shown.hints:
                hints = self._hint(shown.prepared, hints)
                continue
            if word.startswith(":"):
                done, went = self._command(drill, shown, word)
                if done:
                    return went
                continue
            typed, sure = _confidence(self._whole(typed, shown.kind))
            if shown.concept:
                self._spoken(drill, shown, typed, hints, sure)
                return None
            tries += 1
            if self._answered(drill, shown, typed, hints, sure):
                return None
            if tries >= UNREADABLE:
                self._print(self._say("drill.plain.three"))
                self._skip(drill, shown)
                return None

    def _answered(
        self, drill: DrillRound, shown: Question, typed: str, hints: int, sure: bool | None
    ) -> bool:
        """Whether the answer was read."""
        judged = self._patiently(
            shown.kind,
            partial(drill.answer, typed, hints=hints, sure=sure),
            partial(Judged, credit=0.0),
        )
        if isinstance(judged, Kept):
            self._print(self._say("drill.plain.kept"))
            return True
        if judged.closed:
            self._print(self._say("drill.plain.late"))
            self._solution(shown.prepared, shown.kind, timed=False)
            return True
        assert judged.verdict is not None
        self._verdict(shown.prepared, judged.verdict)
        if judged.verdict.kind is VerdictKind.UNREADABLE:
            return False
        self._solution(shown.prepared, shown.kind, timed=False)
        self._took(drill, shown)
        return True

    def _spoken(
        self, drill: DrillRound, shown: Question, said: str, hints: int, sure: bool | None
    ) -> None:
        """A concept question: what was said is compared with its points, now or at the end."""
        if not RULES[drill.setup.style].at_once:
            drill.answer("", hints=hints, sure=sure, said=said)
            self._print(self._say("drill.plain.kept"))
            return
        if not drill.reveal():
            self._print(self._say("drill.plain.late"))
            return
        self._compared(drill, shown, hints, sure, said)

    def _compared(
        self, drill: DrillRound, shown: Question, hints: int, sure: bool | None, said: str
    ) -> None:
        card = isinstance(shown.prepared.item, Card)
        if card:
            self._document(shown.prepared.back(self._language))
        else:
            self._points(shown.prepared)
        for _ in range(UNREADABLE):
            ticked = self._ask(self._say("drill.plain.tick-card" if card else "drill.plain.tick"))
            if ticked.strip() == ":q":
                raise _EndError
            judged = drill.answer(ticked, hints=hints, sure=sure, said=said)
            if isinstance(judged, Kept):
                self._print(self._say("drill.plain.kept"))
                return
            assert judged.verdict is not None
            self._print_verdict(shown, judged)
            if judged.verdict.kind is not VerdictKind.UNREADABLE:
                if not card and judged.verdict.kind is not VerdictKind.RIGHT:
                    self._solution(shown.prepared, shown.kind, timed=False)
                self._took(drill, shown)
                return
        self._print(self._say("drill.plain.three"))
        self._skip(drill, shown)

    def _took(self, drill: DrillRound, shown: Question) -> None:
        seconds = duration_words(drill.spent(shown.number))
        self._print(self._say("drill.plain.took", seconds=seconds))

    def _print_verdict(self, shown: Question, judged: Judged) -> None:
        assert judged.verdict is not None
        if isinstance(shown.prepared.item, Card):
            kind = str(judged.verdict.kind)
            self._print(self._verdict_words(kind))
            if judged.verdict.kind is VerdictKind.UNREADABLE:
                self._print(describe_verdict(judged.verdict, self._language))
        else:
            self._verdict(shown.prepared, judged.verdict)

    def _command(
        self, drill: DrillRound, shown: Question, word: str
    ) -> tuple[bool, Question | NotMeasured | Over | None]:
        """(True, what follows or None) where the question is left; (False, None) where not."""
        name, _, rest = word.partition(" ")
        if name == ":q":
            raise _EndError
        if name == ":s":
            self._skip(drill, shown)
            return True, None
        if name == ":g":
            try:
                return True, drill.go(int(rest))
            except (KeyError, ValueError):
                self._print(self._say("drill.plain.no-go", n=rest))
        elif name == ":f":
            flagged = drill.flag()
            self._print(self._say("drill.flagged" if flagged else "drill.unflagged"))
        elif name == ":p":
            drill.pause()
            self._ask(self._say("drill.plain.paused"))
            drill.go_on()
        elif name == ":l":
            self._switch_language()
            self._asked(shown.prepared, shown.kind)
        return False, None

    def _skip(self, drill: DrillRound, shown: Question) -> None:
        drill.skip()
        later = shown.number in drill.progress.skipped
        self._print(self._say("drill.plain.skipped" if later else "drill.plain.left"))

    def _prompt(self, shown: Question, hints: int) -> str:
        left = shown.hints and len(shown.prepared.item.hints) > hints
        skipped = shown.progress.skipped
        go = self._say("drill.plain.go", numbers=", ".join(map(str, skipped))) if skipped else ""
        what = "say" if shown.concept else "answer"
        hint = self._say("plain.hint") if left else ""
        return self._say(f"drill.plain.{what}", hint=hint, go=go)

    def _report(self, drill: DrillRound) -> None:
        """The report; every question in full where nothing was told before."""
        report = drill.end()
        fixed = drill.setup.seed is not None  # then nothing of this home is told in it
        signs = glyphs(ascii=self._ascii, bare=self.bare)
        document = summary(report, self._say, compare=not fixed, dated=not fixed, signs=signs)
        self._print()
        self._document(document)
        if not RULES[drill.setup.style].at_once:
            self._document(questions(report, self._say, signs))
        self._tell(self._say("drill.plain.saved", number=drill.number))

    def _tell(self, words: str) -> None:
        self._aside.write(words + "\n")
        self._aside.flush()


def _confidence(typed: str) -> tuple[str, bool | None]:
    """The answer without the sign of confidence at its end, and what that says."""
    stripped = typed.rstrip()
    for sign, sure in _SURE.items():
        if stripped.endswith(sign):
            return stripped.removesuffix(sign), sure
    return typed, None


@contextmanager
def _beating(drill: DrillRound) -> Iterator[None]:
    """Have the clocks written down while a line is waited for."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(_LOOK):
            drill.tick()

    thread = threading.Thread(target=beat, name="drill-clock", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
