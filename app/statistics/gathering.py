"""From the progress file to results, one picture at a time.

Promise: read-only; a call can be stopped between the steps of its work
(`StoppedError`), and what it found is the same as a plain count over the log's events in force.
Blocks: call it off the event loop. Must not hold words.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from statistics import median

from app.progress import counts, figures
from app.progress.events import MemoryRow
from app.progress.figures import Scope, Turned
from app.progress.items import KnownTopic
from app.statistics.forecast import expected, introduced, under_limit
from app.statistics.periods import Period, ahead, back, buckets, gathered, step_of
from app.statistics.recall import MATURE_DAYS, Recall, recalls, share
from app.statistics.results import (
    Asked,
    Calendar,
    Forecast,
    Mastery,
    MistakeLine,
    Mistakes,
    Result,
    Retention,
    Stability,
    Studied,
    Times,
    TopicMastery,
)
from app.statistics.sums import TIME_EDGES, calibration, pace, part, passed, rate, tally
from app.study.journal import memory_of
from app.study.overview import MASTERY_DAYS
from app.study.scheduling import Memory, Scheduler, retrievability
from app.study.session import Study

STABILITY_EDGES = (0, 1, 3, 7, 14, 21, 30, 60, 90, 180, 365, 730)
_AT_ONCE = 92
"""Days summed in one statement."""
_SAMPLED = 1500
"""Memories that a forecast lives through."""


class Kind(StrEnum):
    """The pictures, in their order."""

    CALENDAR = "calendar"
    FORECAST = "forecast"
    RETENTION = "retention"
    MASTERY = "mastery"
    MISTAKES = "mistakes"
    TIMES = "times"
    STABILITY = "stability"
    CALIBRATION = "calibration"
    TIME = "time"


class StoppedError(Exception):
    """Nobody waits for the result any more."""


class Statistics:
    """The statistics of one study loop."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._stop: Callable[[], bool] = _never
        self._today = study.clock.today()
        self._kept: tuple[tuple[int, int | None], list[Recall]] | None = None

    def gather(
        self,
        kind: Kind,
        period: Period,
        topic: str | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> Result:
        """One picture's result. Raises KeyError for a topic no pack has, `StoppedError` where
        `stop` says so, `StoreProblem`."""
        self._stop = stop or _never
        study, store = self._study, self._study.store
        self._today = study.clock.today()
        with store.reading():
            known = None if topic is None else self._topic(topic)
            first = figures.first_day(store.execute, store.learner_key)
            span = back(period, self._today, first)
            if kind is Kind.FORECAST:
                span = ahead(period, self._today)
            asked = Asked(
                period,
                span,
                None if known is None else f"{known.pack}:{known.name}",
                "" if known is None else json.loads(known.title),
            )
            key = None if known is None else known.key
            scope = Scope(store.learner_key, span.first, span.last, key)
            return self._found(kind, asked, scope)

    def _found(self, kind: Kind, asked: Asked, scope: Scope) -> Result:
        if kind is Kind.FORECAST:
            return self._forecast(asked, scope)
        if kind is Kind.MASTERY:
            return self._mastery(asked, scope)
        if kind is Kind.STABILITY:
            return self._stability(asked, scope)
        found = figures.turned(self._study.store.execute, scope.learner)
        self._go_on()
        if kind is Kind.CALENDAR:
            return self._calendar(asked, scope, found)
        if kind is Kind.MISTAKES:
            return self._mistakes(asked, scope, found)
        if kind is Kind.TIMES:
            return self._times(asked, scope, found)
        if kind is Kind.TIME:
            return self._studied(asked, scope, found)
        all_of_them = self._recalls(scope, found)
        inside = [one for one in all_of_them if scope.since <= one.day <= scope.until]
        if kind is Kind.RETENTION:
            return self._retention(asked, inside)
        return calibration(asked, inside)

    def _calendar(self, asked: Asked, scope: Scope, found: Turned) -> Calendar:
        by_day = figures.reviews_by_day(self._study.store.execute, scope, found)
        reviews = tuple(by_day.get(day, 0) for day in range(scope.since, scope.until + 1))
        longest = run = 0
        for count in reviews:
            run = run + 1 if count else 0
            longest = max(longest, run)
        return Calendar(asked, reviews, sum(reviews), sum(1 for n in reviews if n), longest)

    def _forecast(self, asked: Asked, scope: Scope) -> Forecast:
        study, execute = self._study, self._study.store.execute
        planned = figures.due_by_day(execute, scope)
        left = figures.fresh(execute, scope.learner, scope.topic)
        rows, weight = figures.sample(execute, scope.learner, scope.topic, _SAMPLED)
        self._go_on()
        per_day = study.limits.new
        extra = expected(
            [_memory(row) for row in rows], weight, left, per_day, asked.span,
            study.journal.scheduler,
        )  # fmt: skip
        due = tuple(planned.get(day, 0) for day in range(scope.since, scope.until + 1))
        new = introduced(left, per_day, asked.span.days)
        new += [0] * (asked.span.days - len(new))
        # The limit is one of all topics together.
        limit = study.limits.reviews if scope.topic is None else None
        done = 0 if limit is None else counts.reviewed(execute, scope.learner, self._today)
        room = None if limit is None else max(0, limit - done)
        held = under_limit(
            due, [more - one for more, one in zip(extra, new, strict=True)], limit, room
        )
        return Forecast(
            asked, due, extra, per_day, left, buckets(asked.span), step_of(asked.span), limit,
            held.planned, tuple(a + n for a, n in zip(held.again, new, strict=True)),
            held.waiting,
        )  # fmt: skip

    def _retention(self, asked: Asked, inside: Sequence[Recall]) -> Retention:
        steps = buckets(asked.span)
        total = gathered(tally(one.day for one in inside), steps)
        right = gathered(tally(one.day for one in inside if one.passed), steps)
        return Retention(
            asked=asked,
            desired=self._study.journal.scheduler.parameters.desired_retention,
            all=passed(inside),
            young=passed([one for one in inside if not one.mature]),
            mature=passed([one for one in inside if one.mature]),
            over_time=tuple(share(int(p), int(n)) for p, n in zip(right, total, strict=True)),
            steps=steps,
            step=step_of(asked.span),
        )

    def _mastery(self, asked: Asked, scope: Scope) -> Mastery:
        store, scheduler = self._study.store, self._study.journal.scheduler
        horizon, weights = self._today + MASTERY_DAYS, scheduler.parameters.weights
        recalled: dict[int, float] = {}
        met: dict[int, int] = {}
        for topic, stability, last in figures.learned(store.execute, scope.learner, scope.topic):
            kept = retrievability(stability, max(0, horizon - last), weights)
            recalled[topic] = recalled.get(topic, 0.0) + kept
            met[topic] = met.get(topic, 0) + 1
        topics = tuple(
            TopicMastery(
                topic=f"{one.pack}:{one.name}",
                title=json.loads(one.title),
                chapter=json.loads(one.chapter_title),
                items=one.items,
                met=met.get(one.key, 0),
                mastery=recalled.get(one.key, 0.0) / one.items if one.items else 0.0,
            )
            for one in store.items.topics()
            if scope.topic in (None, one.key) and one.items
        )
        items = sum(one.items for one in topics)
        whole = sum(one.mastery * one.items for one in topics)
        return Mastery(
            asked, topics, items, sum(one.met for one in topics), whole / items if items else 0.0
        )

    def _mistakes(self, asked: Asked, scope: Scope, found: Turned) -> Mistakes:
        execute, steps = self._study.store.execute, buckets(asked.span)
        by_name: dict[tuple[str, str], dict[int, float]] = {}
        by_day: dict[int, float] = {}
        exercises: dict[int, int] = {}
        for part_of in self._parts(scope):
            for pack, name, day, count in figures.mistakes(execute, part_of, found):
                days = by_name.setdefault((pack, name), {})
                days[day] = days.get(day, 0) + count
                by_day[day] = by_day.get(day, 0) + count
            exercises |= figures.exercises_by_day(execute, part_of, found)
        titles = {
            (pack.id, mistake): known.title
            for pack in self._study.library.manifests()
            for mistake, known in pack.mistakes.items()
        }
        lines = [
            MistakeLine(
                mistake=name,
                pack=pack,
                title=titles.get((pack, name), name),
                times=int(sum(days.values())),
                over_time=tuple(int(n) for n in gathered(days, steps)),
            )
            for (pack, name), days in by_name.items()
        ]
        made = gathered(by_day, steps)
        tried = gathered({day: float(n) for day, n in exercises.items()}, steps)
        half = asked.span.first + asked.span.days // 2
        practice = figures.practice_by_day(execute, scope).values()
        return Mistakes(
            asked=asked,
            lines=tuple(sorted(lines, key=lambda one: (-one.times, one.pack, one.mistake))),
            total=int(sum(by_day.values())),
            exercises=sum(exercises.values()),
            rates=tuple(rate(m, t) for m, t in zip(made, tried, strict=True)),
            earlier=rate(*(part(one, scope.since, half) for one in (by_day, exercises))),
            later=rate(*(part(one, half, scope.until + 1) for one in (by_day, exercises))),
            steps=steps,
            step=step_of(asked.span),
            practised=sum(one.exercises for one in practice),
            practice_mistakes=sum(one.mistakes for one in practice),
        )

    def _times(self, asked: Asked, scope: Scope, found: Turned) -> Times:
        execute = self._study.store.execute
        rows = [row for one in self._parts(scope) for row in figures.times(execute, one, found)]
        return Times(
            asked,
            TIME_EDGES,
            pace([(seconds, n) for card, seconds, n in rows if card]),
            pace([(seconds, n) for card, seconds, n in rows if not card]),
        )

    def _stability(self, asked: Asked, scope: Scope) -> Stability:
        found = figures.stabilities(self._study.store.execute, scope.learner, scope.topic)
        counts = [0] * len(STABILITY_EDGES)
        for stability in found:
            counts[bisect_right(STABILITY_EDGES, stability) - 1] += 1
        return Stability(
            asked, STABILITY_EDGES, tuple(counts), len(found), median(found) if found else None,
            sum(1 for one in found if one >= MATURE_DAYS),
        )  # fmt: skip

    def _studied(self, asked: Asked, scope: Scope, found: Turned) -> Studied:
        execute, steps = self._study.store.execute, buckets(asked.span)
        by_day: dict[int, float] = {}
        for part_of in self._parts(scope):
            by_day |= figures.seconds_by_day(execute, part_of, found)
        practice = figures.practice_by_day(execute, scope)
        for day, one in practice.items():
            by_day[day] = by_day.get(day, 0.0) + one.seconds
        answers = figures.reviews_by_day(execute, scope, found)
        practised = sum(one.answers for one in practice.values())
        return Studied(
            asked, gathered(by_day, steps), sum(by_day.values()), len(answers | practice),
            sum(answers.values()) + practised, steps, step_of(asked.span), practised,
            sum(one.seconds for one in practice.values()),
        )  # fmt: skip

    def _recalls(self, scope: Scope, found: Turned) -> list[Recall]:
        """Of the whole log: a prediction rests on all earlier reviews, whatever the period."""
        store = self._study.store
        key = (store.log.counter(), scope.topic)
        if self._kept is not None and self._kept[0] == key:
            return self._kept[1]
        journal = self._study.journal
        # Reviews from elsewhere may name no parameters: they are told by those of now.
        known: Mapping[str, Scheduler] = {"": journal.scheduler, **journal.schedulers}
        alike = {_shape(one) for one in known.values()}
        if len(alike) == 1:
            known = {"": journal.scheduler}
        collected: list[Recall] = []
        chunks = figures.histories(store.execute, scope, found, parameters=len(alike) > 1)
        for items in chunks:
            self._go_on()
            collected += recalls(items, known)
        self._kept = (key, collected)
        return collected

    def _parts(self, scope: Scope) -> Iterator[Scope]:
        """The scope a quarter of a year at a time, so that a long sum can be given up."""
        for first in range(scope.since, scope.until + 1, _AT_ONCE):
            self._go_on()
            yield replace(scope, since=first, until=min(scope.until, first + _AT_ONCE - 1))

    def _topic(self, topic: str) -> KnownTopic:
        for known in self._study.store.items.topics():
            if topic in (known.name, f"{known.pack}:{known.name}"):
                return known
        raise KeyError(topic)

    def _go_on(self) -> None:
        if self._stop():
            raise StoppedError


def _never() -> bool:
    return False


def _shape(scheduler: Scheduler) -> tuple[object, ...]:
    """What decides about memory and phases; a desired retention does not."""
    parameters = scheduler.parameters
    return parameters.weights, parameters.learning_steps, parameters.relearning_steps


def _memory(row: Sequence[object]) -> Memory:
    memory = memory_of(MemoryRow(*row[1:]))  # type: ignore[arg-type]
    assert memory is not None
    return memory
