"""The home screen's figures.

Promise: due and new are what a session begun now would bring; mastery is a prediction that can be
checked (see `TopicOverview`), not a score. Read-only.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from app.calendar import Calendar
from app.progress import counts, days
from app.progress.items import KnownTopic
from app.progress.store import Store
from app.study.clock import Clock, milliseconds, moment_of
from app.study.limits import DailyLimits
from app.study.scheduling import Scheduler, retrievability
from app.study.views import ChapterOverview, Overview, RecurringMistake, TopicOverview
from content.compiled import PackLibrary
from content.pack import Text

MASTERY_DAYS = 7
"""How far ahead mastery looks."""
_MISTAKE_DAYS = 30
"""How far back mistakes count as recent."""
_RECURS = 2
_MISTAKES_SHOWN = 3


def overview(
    store: Store,
    library: PackLibrary,
    clock: Clock,
    scheduler: Scheduler,
    limits: DailyLimits,
) -> Overview:
    """Everything the home screen tells."""
    day, learner = clock.today(), store.learner_key
    with store.reading():
        topics = store.items.topics()
        today = limits.today(store, day)
        recalled = _recalled(store, scheduler, day)
        mistakes = store.log.mistakes(day - _MISTAKE_DAYS + 1)
        due, new = sum(today.due.values()), sum(today.new.values())
        titles = {
            (pack.id, mistake): known.title
            for pack in library.manifests()
            for mistake, known in pack.mistakes.items()
        }
        chapters: dict[str, list[tuple[KnownTopic, TopicOverview]]] = defaultdict(list)
        for topic in topics:
            view = TopicOverview(
                pack=topic.pack,
                topic=topic.name,
                title=json.loads(topic.title),
                items=topic.items,
                due=today.due.get(topic.key, 0),
                new=today.new.get(topic.key, 0),
                mastery=recalled.get(topic.key, 0.0) / topic.items if topic.items else 0.0,
                mistakes=_recurring(topic.pack, mistakes.get(topic.key, {}), titles),
            )
            chapters[topic.chapter].append((topic, view))
        return Overview(
            due=due,
            new=new,
            backlog=counts.backlog(store.execute, learner, day),
            minutes=counts.minutes(store.execute, learner, day, today),
            activity=counts.activity(store.execute, learner, day),
            streak=days.streak(store.execute, learner, day, milliseconds(clock.now())),
            studied=days.seconds(store.execute, learner, day),
            chapters=tuple(_chapter(chapter, found) for chapter, found in chapters.items()),
            next_due=next_due(store, clock, limits.calendar),
        )


def next_due(store: Store, clock: Clock, calendar: Calendar) -> datetime | None:
    """When the next item comes back: a learning step, or the first due day after today. On a day
    off and for one, not before the first day that is none."""
    today = clock.today()
    step, day = store.memories.next_due(today)
    if not calendar.share(today) and (step, day) != (None, None):
        step, day = None, today + 1
    if day is not None:
        while not calendar.share(day):
            day += 1
    moments = [moment_of(step)] if step is not None else []
    moments += [clock.starts(day)] if day is not None else []
    return min(moments, default=None)


def _recalled(store: Store, scheduler: Scheduler, day: int) -> dict[int, float]:
    """Per topic, how many items are expected to be recalled a week from that day."""
    weights, horizon = scheduler.parameters.weights, day + MASTERY_DAYS
    recalled: dict[int, float] = defaultdict(float)
    for topic, stability, last in store.memories.learned():
        recalled[topic] += retrievability(stability, max(0, horizon - last), weights)
    return recalled


def _recurring(
    pack: str, found: Mapping[str, int], titles: Mapping[tuple[str, str], Text]
) -> tuple[RecurringMistake, ...]:
    often = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(
        RecurringMistake(mistake, titles[pack, mistake], times)
        for mistake, times in often
        if times >= _RECURS and (pack, mistake) in titles
    )[:_MISTAKES_SHOWN]


def _chapter(chapter: str, found: list[tuple[KnownTopic, TopicOverview]]) -> ChapterOverview:
    items = sum(view.items for _, view in found)
    recalled = sum(view.mastery * view.items for _, view in found)
    return ChapterOverview(
        id=chapter,
        title=json.loads(found[0][0].chapter_title),
        pack_title=json.loads(found[0][0].pack_title),
        topics=tuple(view for _, view in found),
        mastery=recalled / items if items else 0.0,
    )
