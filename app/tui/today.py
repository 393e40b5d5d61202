"""What the home screen shows, from a glance at the database or from the study loop.

Promise: one shape for both, so that the first frame and the full picture are set alike; what a
glance cannot know is None. Named tuples: before the first frame a dataclass costs over a
millisecond to define. Must not read files or import anything heavy.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from app.progress.glance import Glance
    from app.study.views import Overview
    from content.pack import Text


class Trouble(NamedTuple):
    """A mistake made more than once in a topic."""

    title: Text
    times: int


class TopicRow(NamedTuple):
    """A topic: `mastery` is a share of 1, None while unknown."""

    topic: str
    title: Text
    mastery: float | None
    due: int
    new: int
    troubles: tuple[Trouble, ...] = ()


class ChapterRow(NamedTuple):
    """A chapter with its topics."""

    chapter: str
    title: Text
    topics: tuple[TopicRow, ...]
    mastery: float | None = None
    pack: Text = ""
    """The title of its pack."""

    @property
    def due(self) -> int:
        """Due items of all its topics."""
        return sum(topic.due for topic in self.topics)

    @property
    def new(self) -> int:
        """New items of all its topics."""
        return sum(topic.new for topic in self.topics)


class Today(NamedTuple):
    """Everything on the home screen. `week` counts answers of seven days, the last is today."""

    due: int = 0
    new: int = 0
    minutes: int | None = None
    week: tuple[int, ...] = (0,) * 7
    streak: int = 0
    studied: int = 0
    """Seconds studied today."""
    chapters: tuple[ChapterRow, ...] = ()
    next_due: datetime | None = None
    complete: bool = False
    """True once the study loop has spoken; a glance is replaced by it."""


def from_glance(seen: Glance) -> Today:
    """The first frame's picture: counts, no mastery."""
    chapters: dict[str, tuple[Text, list[TopicRow], Text]] = {}
    for topic in seen.topics:
        known = (topic.chapter_title, list[TopicRow](), topic.pack_title)
        _, rows, _ = chapters.setdefault(topic.chapter, known)
        name = f"{topic.pack}:{topic.topic}"
        rows.append(TopicRow(name, topic.title, None, topic.due, topic.new))
    return Today(
        due=seen.due,
        new=seen.new,
        minutes=seen.minutes,
        week=seen.activity,
        streak=seen.streak,
        studied=seen.studied,
        chapters=tuple(
            ChapterRow(name, title, tuple(rows), pack=pack)
            for name, (title, rows, pack) in chapters.items()
        ),
    )


def from_overview(overview: Overview) -> Today:
    """The full picture."""
    return Today(
        due=overview.due,
        new=overview.new,
        minutes=overview.minutes,
        week=overview.activity,
        streak=overview.streak,
        studied=overview.studied,
        chapters=tuple(
            ChapterRow(
                chapter.id,
                chapter.title,
                tuple(
                    TopicRow(
                        f"{topic.pack}:{topic.topic}",
                        topic.title,
                        topic.mastery,
                        topic.due,
                        topic.new,
                        tuple(Trouble(m.title, m.times) for m in topic.mistakes),
                    )
                    for topic in chapter.topics
                ),
                chapter.mastery,
                chapter.pack_title,
            )
            for chapter in overview.chapters
        ),
        next_due=overview.next_due,
        complete=True,
    )
