"""One sitting: the next item, its answer, its rating, undo, practice, skip.

Promise: an answer is saved when its verdict is handed out, or `StoreProblem` is raised and the
same answer can be given again; a failed measurement counts for nothing; the interval shown for a
rating is the interval it gives. Must not know of screens.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from app.progress.events import Answer
from app.study.ahead import Ahead, Ask, BrokenOff
from app.study.asides import Asides
from app.study.clock import moment_of
from app.study.current import Current
from app.study.fresh import FreshDraws
from app.study.overview import next_due
from app.study.picking import Picker
from app.study.queue import Planned
from app.study.rating import propose
from app.study.recorded import draw_to_json, measured_of, value_to_json
from app.study.span import Span
from app.study.tally import Entry, Tally
from app.study.views import (
    Finished,
    Interval,
    Judged,
    NotMeasured,
    Rated,
    Rating,
    Shown,
    Summary,
)
from content.judging import judged
from content.pack import Card, Item, Text, split_item_name, texts_by_language
from content.prepare import Prepared, kind_of
from content.text import TextError, figures_in
from engine.protocol import Failure
from engine.verdict import VerdictKind

if TYPE_CHECKING:
    from app.study.choice import Choice
    from app.study.session import Study

CARD = "card"
_AHEAD = 3
"""Items measured before they are needed."""


class StudySession(Asides):
    """One sitting. Call `next`, then `answer` or `rate`, and so on until `Finished`."""

    def __init__(self, study: Study, choice: Choice) -> None:
        self._study = study
        self._journal = study.journal
        self._clock = study.clock
        self._ahead = Ahead(study.engine, study.library)
        self._fresh = FreshDraws(study.journal, study.library)
        selection = study.selection(choice) if choice.narrows else None
        self._picker = Picker(study.store, study.clock, study.limits, selection, study.seed)
        self._asks: dict[int, Ask] = {}
        self._tally = Tally()
        self._span = Span(study.clock, choice)
        self._current: Current | None = None

    def next(self) -> Shown | NotMeasured | Finished:
        """The next item, measured; the same one while it is unanswered or not measured.

        Returns `Finished` when nothing is left, answers or minutes are up, or after `cancel`.
        """
        self._study.store.checkpoint()
        self._study.actions.wake()
        try:
            while True:
                current = self._current
                if current is None or current.answered:
                    current = self._advance()
                if current is None:
                    return Finished(self.summary())
                try:
                    return self._show(current)
                except KeyError:  # the item left the packs while the session ran
                    self.skip()
        except BrokenOff:
            return Finished(self.summary())

    def answer(self, typed: str, *, hints: int, seconds: float) -> Judged:
        """Judge what was typed and save it, with the rating it counts as.

        An unreadable answer is not saved, nor is a program that the engine could not run or that
        was withdrawn; practice is logged but not scheduled. Raises `StoreProblem` where saving
        failed: the same call may be made again. Raises `BrokenOff` after `cancel`.
        """
        current, shown = self._on_screen()
        if current.answered:
            raise RuntimeError("this item is answered already")
        truth = shown.prepared.truth
        verdict = judged(shown.prepared, typed, self._ahead.run)
        proposal = propose(
            verdict,
            hints=hints,
            seconds=seconds,
            expected_seconds=shown.expected_seconds,
            points=truth.points,
        )
        if proposal is None:
            return Judged(verdict, None, shown.intervals, None)
        answer = replace(
            self._answer(shown.prepared, hints, seconds),
            proposed=int(proposal.rating),
            typed=typed,
            measured=value_to_json(measured_of(truth, verdict)),
            verdict=verdict.kind.value,
            mistake=verdict.mistake,
        )
        if current.practice:
            known = verdict.kind in (VerdictKind.RIGHT, VerdictKind.CLOSE)
            self._practised(current, shown, answer, known=known)
            return Judged(verdict, None, shown.intervals, None)
        right = verdict.kind is VerdictKind.RIGHT
        self._save(current, shown, proposal.rating, answer, right=right)
        intervals = self._intervals(current)
        return Judged(verdict, proposal.rating, intervals, current.ask.review, proposal.why)

    def rate(self, rating: Rating, *, hints: int, seconds: float) -> Rated:
        """A card: save the rating. A judged exercise: let it count as this rating instead.

        Raises `StoreProblem` where saving failed: the same call may be made again.
        """
        current, shown = self._on_screen()
        review = current.ask.review
        if current.practice and shown.kind == CARD and not current.answered:
            answer = self._answer(shown.prepared, hints, seconds)
            self._practised(current, shown, answer, known=rating is not Rating.AGAIN)
            return Rated(rating, self._due_of(current), "")
        if not current.answered:
            if shown.kind != CARD:
                raise RuntimeError("an exercise is answered before it is rated")
            answer = self._answer(shown.prepared, hints, seconds)
            self._save(current, shown, rating, answer, right=rating is not Rating.AGAIN)
        elif current.rating is None:
            raise RuntimeError("practice is not rated")
        elif rating is not current.rating:
            self._journal.rerate(review, current.planned.item, rating)
            current.rating = rating
            self._tally.rerate(review, rating)
        return Rated(rating, self._intervals(current)[rating - 1].due, review)

    def again(self) -> Shown | NotMeasured:
        """The exercise just judged with new numbers, for practice."""
        current, shown = self._on_screen()
        practice = Current(self._fresh.ask(shown.name), current.planned, practice=True)
        found = self._show(practice)
        if isinstance(found, Shown):
            self._current = practice
        return found

    def skip(self) -> None:
        """Leave the item on screen for another session; nothing is counted."""
        current, self._current = self._current, None
        if current is not None:
            self._ahead.forget(current.ask.review)
            if not (current.answered or current.again):
                self._picker.set_aside(current.planned.item)

    def summary(self) -> Summary:
        """What the session came to so far."""
        store = self._study.store
        with store.reading():
            today = self._study.limits.today(store, self._clock.today())
            return self._tally.summary(
                due_left=sum(today.due.values()),
                new_left=sum(today.new.values()),
                next_due=next_due(store, self._clock, self._study.limits.calendar),
                over=self._span.over(self._tally.answered),
            )

    def withdraw(self) -> bool:
        """Call off the judging of a program that takes too long: the answer is then unreadable.
        False where none is being judged. From any thread."""
        return self._ahead.withdraw()

    def cancel(self) -> None:
        """End the session; whoever waits in `next` gets `Finished`. From any thread."""
        self._ahead.break_off()

    def _advance(self) -> Current | None:
        """Take the next item and have those after it measured."""
        previous, self._current = self._current, None
        if previous is not None:
            self._ahead.forget(previous.ask.review)
            self._asks.pop(previous.planned.item, None)
        self._span.moved_on()
        if self._span.over(self._tally.answered):
            return None
        chosen = self._picker.take(None if previous is None else previous.planned.item)
        if chosen is None:
            return None
        self._current = Current(self._ask(chosen), chosen, practice=chosen.practice)
        self._ahead.want([self._current.ask, *map(self._ask, self._picker.upcoming(_AHEAD))])
        return self._current

    def _ask(self, planned: Planned) -> Ask:
        if planned.item not in self._asks:
            self._asks[planned.item] = self._fresh.ask(planned.name)
        return self._asks[planned.item]

    def _show(self, current: Current) -> Shown | NotMeasured:
        if current.shown is not None:
            return current.shown
        topic, item = self._study.library.item(current.ask.name)
        found = self._ahead.get(current.ask)
        number, total = self._position(current)
        if isinstance(found, Failure):
            self._ahead.forget(current.ask.review)  # so that another `next` measures anew
            return NotMeasured(
                name=current.ask.name,
                kind=kind_of(item),
                topic=topic.topic,
                topic_title=topic.title,
                number=number,
                total=total,
                failure=found,
                text=_readable(item),
            )
        memory = self._journal.memory(current.planned.item)
        current.outlook = self._journal.outlook(memory, current.ask.review)
        current.shown = Shown(
            name=current.ask.name,
            kind=kind_of(item),
            topic=topic.topic,
            topic_title=topic.title,
            level=item.level,
            expected_seconds=item.seconds,
            number=number,
            total=total,
            is_new=memory is None,
            prepared=found,
            intervals=self._intervals(current),
            practice=current.practice,
            returning=current.planned.item in self._tally.items and not current.practice,
            early=current.planned.early and not current.practice,
            resting=current.planned.practice,
            standing=self._study.standing(current.ask.name),
        )
        self._span.shown()
        return current.shown

    def _position(self, current: Current) -> tuple[int, int]:
        """Which item of how many: each counts once, however often it comes back.

        So an answer never makes a session longer, nor does practice; skipping makes it shorter.
        """
        met = self._tally.items | {current.planned.item}
        coming, beyond = self._picker.coming()
        total = len(met | coming) + beyond
        if self._span.limit is not None:
            total = max(len(met), min(total, self._span.limit))
        return len(met), total

    def _save(
        self, current: Current, shown: Shown, rating: Rating, answer: Answer, *, right: bool
    ) -> None:
        current.outlook = self._journal.review(
            current.ask.review, current.planned.item, shown.name, rating, answer
        )
        current.answered, current.rating = True, rating
        entry = Entry(
            item=current.planned.item,
            topic=shown.name.partition("/")[0],
            title=shown.topic_title,
            rating=rating,
            right=right,
            new=shown.is_new,
            seconds=answer.seconds,
            mistake=answer.mistake,
        )
        self._tally.add(current.ask.review, entry)

    def _practised(self, current: Current, shown: Shown, answer: Answer, *, known: bool) -> None:
        """Log what is not scheduled; what was not known comes once more, last."""
        self._journal.practise(shown.name, answer)
        current.answered = True
        if not current.again:
            self._tally.practised(current.planned.item, right=known)
            if not known:
                self._picker.repeat(current.planned)

    def _due_of(self, current: Current) -> datetime:
        """When the item comes back as it is planned now."""
        memory = self._journal.memory(current.planned.item)
        assert memory is not None
        return self._clock.starts(memory.due_day)

    def _answer(self, prepared: Prepared, hints: int, seconds: float) -> Answer:
        pack, _, _ = split_item_name(prepared.name)
        return Answer(
            pack_version=self._study.versions.get(pack, ""),
            content_hash=self._study.content_hash(prepared.name),
            proposed=None,
            seconds=max(0.0, seconds),
            hints=hints,
            seed=prepared.seed,
            draw=draw_to_json(prepared.draw),
        )

    def _intervals(self, current: Current) -> tuple[Interval, ...]:
        assert current.outlook is not None
        return tuple(
            Interval(
                rating=rating,
                seconds=memory.interval,
                due=moment_of(memory.due_at)
                if memory.due_at is not None
                else self._clock.starts(memory.due_day),
            )
            for rating, memory in zip(Rating, current.outlook, strict=True)
        )

    def _on_screen(self) -> tuple[Current, Shown]:
        if self._current is None or self._current.shown is None:
            raise RuntimeError("no item is on screen")
        return self._current, self._current.shown


def _readable(item: Item) -> Text | None:
    """An item's question, if it can be read without a measurement."""
    text = item.front if isinstance(item, Card) else item.question
    try:
        figures = any(any(figures_in(form)) for form in texts_by_language(text).values())
    except TextError:
        return None
    return None if figures else text
