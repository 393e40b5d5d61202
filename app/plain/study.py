"""Study line by line: for pipes, screen readers and terminals that can do no more.

Promise: everything goes to one text stream, one thing a line, no cursor movement, no colour; the
same session, verdicts and saving as the screens. The end of the input ends the session with its
summary. Must not import textual.

Commands while answering: `:h` hint, `:s` skip, `:u` undo, `:l` other language, `:q` leave, `:?`
more (`app.plain.keeping`); after a verdict `:r` new numbers. One that does nothing for an item is
not offered there.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TextIO

from app.plain.desk import LeaveError
from app.plain.keeping import PlainKeeping
from app.progress.store import StoreProblem
from app.run_lines import follow_run
from app.study.selecting import UnknownWord
from app.study.views import Finished, Interval, Judged, NotMeasured, Rating, Shown, Summary
from content.pack import Card, in_language
from content.text import render
from engine.messages import describe
from engine.verdict import VerdictKind

if TYPE_CHECKING:
    from app.study.choice import Choice
    from app.study.session import Study, StudySession

_Next = Shown | NotMeasured | None
"""What a command leads to; None is whatever the session brings next."""


def item_state(shown: Shown) -> str:
    """How an item comes, where that is to be said."""
    if shown.resting:
        return "resting"
    if shown.practice:
        return "practice"
    if shown.early:
        return "early"
    return "returning" if shown.returning else ""


class PlainSession(PlainKeeping):
    """One session on two text streams."""

    def __init__(self, study: Study, language: str, source: TextIO, sink: TextIO) -> None:
        super().__init__(study.library, language, source, sink)
        self._study = study

    def run(self, choice: Choice | None = None) -> int:
        """Study until nothing is left, the learner leaves or the input ends; returns 0.

        Returns 1 where the answer could not be saved or no pack has what was chosen.
        """
        try:
            session = self._study.begin(choice)
        except UnknownWord as word:
            self._print(self._say(f"plain.no-{word.what}", word=word.word))
            for known in word.known:
                self._print(f"  {known}")
            return 1
        code = 0
        try:
            self._items(session)
        except (LeaveError, KeyboardInterrupt):
            self._print()
        except StoreProblem as problem:
            self._print(problem.describe(self._say.language))
            code = 1
        self._summary(session.summary())
        return code

    def _items(self, session: StudySession) -> None:
        shown = session.next()
        while not isinstance(shown, Finished):
            if isinstance(shown, NotMeasured):
                shown = self._not_measured(session, shown)
                continue
            self._head(shown)
            again: _Next = (
                self._card(session, shown)
                if shown.kind == "card"
                else self._exercise(session, shown)
            )
            shown = again if again is not None else session.next()

    def _head(self, shown: Shown) -> None:
        title = in_language(shown.topic_title, self._say.language)
        kind = self._say(f"study.kind.{shown.kind}")
        level = self._say("plain.level", n=shown.level)
        state = item_state(shown)
        if state:
            level += " · " + self._say(f"plain.{state}")
        self._print()
        self._print(
            self._say(
                "plain.head", n=shown.number, total=shown.total, topic=title, kind=kind, level=level
            )
        )
        self._print()

    def _not_measured(
        self, session: StudySession, shown: NotMeasured
    ) -> Shown | NotMeasured | Finished:
        if shown.text is not None:
            self._print()
            self._document(
                render(in_language(shown.text, self._say.language), {}, self._say.language)
            )
        self._print(self._say("plain.not-measured", item=shown.name))
        self._print(describe(shown.failure, self._say.language))
        if self._ask(self._say("plain.retry")).strip() == ":s":
            session.skip()
        return session.next()

    def _card(self, session: StudySession, shown: Shown) -> _Next:
        self._document(shown.prepared.front(self._say.language))
        started, hints = self._study.clock.monotonic(), 0
        while True:
            word = self._ask(self._prompt("reveal", shown, hints))
            if word.strip().lower() == ":h":
                hints = self._hint(shown.prepared, hints)
                continue
            moved, other = self._command(session, shown, word)
            if moved:
                return other
            if other is not None:
                self._document(shown.prepared.front(self._say.language))
                continue
            break
        self._document(shown.prepared.back(self._say.language))
        self._own_note(shown)
        seconds = self._study.clock.monotonic() - started
        while True:
            prompt = "practised" if shown.practice else "rate"
            word = self._ask(self._say(f"plain.{prompt}", **self._intervals(shown.intervals)))
            word = word.strip()
            if word in ("1", "2", "3", "4"):
                rated = session.rate(Rating(int(word)), hints=hints, seconds=seconds)
                self._saved(Rating(int(word)), shown.intervals, bool(rated.event))
                self._leech(session)
                return None
            moved, other = self._command(session, shown, word)
            if moved:
                return other
            if other is not None:
                self._document(shown.prepared.back(self._say.language))
            else:
                self._print(self._say("plain.rate-with"))

    def _exercise(self, session: StudySession, shown: Shown) -> _Next:
        self._question(shown)
        started, hints = self._study.clock.monotonic(), 0
        while True:
            typed = self._ask(self._prompt("answer", shown, hints))
            if typed.strip().lower() == ":h":
                hints = self._hint(shown.prepared, hints)
                continue
            moved, other = self._command(session, shown, typed)
            if moved:
                return other
            if other is not None:
                self._question(shown)
                continue
            typed = self._whole(typed, shown.kind)
            seconds = self._study.clock.monotonic() - started
            judged = self._patiently(
                shown.kind,
                partial(session.answer, typed, hints=hints, seconds=seconds),
                partial(Judged, proposal=None, intervals=shown.intervals, event=None),
            )
            self._verdict(shown.prepared, judged.verdict)
            if judged.verdict.kind is not VerdictKind.UNREADABLE:
                return self._after_verdict(session, shown, judged, typed)

    def _after_verdict(
        self, session: StudySession, shown: Shown, judged: Judged, typed: str
    ) -> _Next:
        if judged.lowered:
            self._print(self._say(f"study.lowered.{judged.lowered}"))
        self._solution(shown.prepared, shown.kind)
        self._own_note(shown)
        self._run(shown)
        if judged.proposal is None:
            return None
        rating = judged.proposal
        draws = not isinstance(shown.prepared.item, Card) and bool(shown.prepared.draw)
        prompt = self._say(
            "plain.counts",
            rating=self._say(f"study.rating.{int(rating)}"),
            digit=int(rating),
            numbers=self._say("plain.new-numbers") if draws else "",
            **self._intervals(judged.intervals),
        )
        word = self._ask(prompt).strip()
        while word and word.lower() != ":r" and word not in ("1", "2", "3", "4"):
            moved, other = self._command(session, shown, word, typed, judged)
            if moved:
                return other
            word = self._ask(prompt).strip()
        if word in ("1", "2", "3", "4"):
            rating = Rating(int(word))
            session.rate(rating, hints=0, seconds=0.0)
            if judged.rated_up(rating):
                name = self._say(f"study.rating.{int(rating)}")
                self._print(self._say("plain.rated-up", rating=name))
        elif word and draws:
            return session.again()
        self._saved(rating, judged.intervals, True)
        self._leech(session)
        return None

    def _run(self, shown: Shown) -> None:
        """The item's training run, if it has one."""
        follow_run(
            shown.prepared,
            self._study.engine,
            self._say,
            self._print,
            ascii_only=self._ascii,
            bare=self.bare,
        )

    def _command(
        self,
        session: StudySession,
        shown: Shown,
        said: str,
        typed: str = "",
        judged: Judged | None = None,
    ) -> tuple[bool, _Next]:
        """(True, what to show or None) if the command moves on; (False, item) to show it again;
        (False, None) if it was no command."""
        said = said.strip()
        word = said.lower()
        if word == ":q":
            raise LeaveError
        if word == ":s":
            session.skip()
            return True, None
        if word == ":l":
            self._switch_language()
            return False, shown
        kept = self.keep(session, shown, said, typed, judged)
        if kept is None:
            return False, None
        moved, other = kept
        return (True, other) if moved else (False, other or shown)

    def _question(self, shown: Shown) -> None:
        self._asked(shown.prepared, shown.kind)
        if shown.kind == "self":
            self._ask(self._prompt("reveal", shown, len(shown.prepared.item.hints)))
            self._points(shown.prepared)
            self._print(self._say("plain.points"))

    def _prompt(self, what: str, shown: Shown, hints: int) -> str:
        """The prompt with the commands that do something now."""
        left = len(shown.prepared.item.hints) > hints
        return self._say(f"plain.{what}", hint=self._say("plain.hint") if left else "")

    def _saved(self, rating: Rating, intervals: tuple[Interval, ...], scheduled: bool) -> None:
        if not scheduled:
            return
        seconds = next(i.seconds for i in intervals if i.rating == rating)
        self._print(
            self._say(
                "plain.saved",
                rating=self._say(f"study.rating.{int(rating)}"),
                interval=self._say.interval(seconds),
            )
        )

    def _summary(self, summary: Summary) -> None:
        self._print()
        if summary.over == "minutes":
            self._print(self._say("plain.time-up"))
        if summary.practised:
            self._print(
                self._say("plain.practised-sum", n=summary.practised, right=summary.practised_right)
            )
        self._print(
            self._say(
                "plain.summary",
                answered=summary.answered,
                right=summary.right,
                new=summary.new,
                due=summary.due_left,
                left=summary.new_left,
            )
        )
