"""What a pack covers: counts per topic and chapter, topics not written, numbers that were typed.

Promise: counts what is written, in the order in which it is taught; measures nothing. Must not
judge whether it is enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import add

from content.checks.literals import number_typed
from content.checks.view import PackView
from content.diagnostic import Diagnostic
from content.loader import Loaded
from content.manifest import Manifest
from content.pack import Exercise, Item, Text, Topic, texts_by_language
from content.prepare import item_texts, kind_of
from content.text import TextError, figures_in


@dataclass(frozen=True, slots=True)
class Counts:
    """What there is of everything. `kinds` and `levels` count items; `mistakes` are uses."""

    cards: int = 0
    exercises: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)
    levels: Mapping[int, int] = field(default_factory=dict)
    figures: int = 0
    mistakes: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.cards + other.cards,
            self.exercises + other.exercises,
            Counter(self.kinds) + Counter(other.kinds),
            Counter(self.levels) + Counter(other.levels),
            self.figures + other.figures,
            self.mistakes + other.mistakes,
        )


@dataclass(frozen=True, slots=True)
class TopicCoverage:
    """One topic. `languages` are those every text of it has."""

    topic: str
    title: Text
    languages: tuple[str, ...]
    counts: Counts


@dataclass(frozen=True, slots=True)
class ChapterCoverage:
    """Topics taught together."""

    id: str
    title: Text
    topics: tuple[TopicCoverage, ...]

    @property
    def counts(self) -> Counts:
        """Their sum."""
        return reduce(add, (topic.counts for topic in self.topics), Counts())


@dataclass(frozen=True, slots=True)
class Coverage:
    """A whole pack. `missing` are topics of the syllabus without a file, `typed` numbers that are
    neither measured nor declared, `mistakes` the ids in use with how many exercises use each."""

    pack: str
    chapters: tuple[ChapterCoverage, ...]
    syllabus: tuple[str, ...]
    missing: tuple[str, ...]
    typed: tuple[Diagnostic, ...]
    mistakes: Mapping[str, int]

    @property
    def counts(self) -> Counts:
        """The sum over all chapters."""
        return reduce(add, (chapter.counts for chapter in self.chapters), Counts())

    @property
    def topics(self) -> tuple[TopicCoverage, ...]:
        """All topics in teaching order."""
        return tuple(topic for chapter in self.chapters for topic in chapter.topics)


def coverage(loaded: Loaded) -> Coverage:
    """What the readable part of a pack covers."""
    manifest = loaded.manifest.manifest if loaded.manifest else None
    view = PackView(loaded, manifest)
    syllabus = manifest.syllabus if manifest else ()
    used = Counter(
        mistake for _, exercise in view.exercises for mistake in set(_mistakes(exercise))
    )
    return Coverage(
        pack=manifest.id if manifest else "",
        chapters=tuple(_chapters(view.topics, manifest)),
        syllabus=syllabus,
        missing=tuple(topic for topic in syllabus if topic not in view.topics),
        typed=tuple(number_typed(view)),
        mistakes=dict(sorted(used.items())),
    )


def _chapters(topics: Mapping[str, Topic], manifest: Manifest | None) -> Iterator[ChapterCoverage]:
    chapters = manifest.chapters if manifest else ()
    listed: set[str] = set()
    for chapter in chapters:
        found = [topics[topic] for topic in chapter.topics if topic in topics]
        listed.update(topic.topic for topic in found)
        yield ChapterCoverage(chapter.id, chapter.title, _covered(found))
    rest = [topic for topic in topics.values() if topic.topic not in listed]
    if rest:
        yield ChapterCoverage("", manifest.title if manifest else "", _covered(rest))


def _covered(topics: Iterable[Topic]) -> tuple[TopicCoverage, ...]:
    return tuple(
        TopicCoverage(
            topic.topic,
            topic.title,
            _languages(topic),
            reduce(add, map(_counted, topic.items()), Counts()),
        )
        for topic in topics
    )


def _counted(item: Item) -> Counts:
    exercise = isinstance(item, Exercise)
    return Counts(
        cards=not exercise,
        exercises=exercise,
        kinds=Counter([kind_of(item)]),
        levels=Counter([item.level]),
        figures=sum(_figures(text) for _, text, _ in item_texts(item)),
        mistakes=len(list(_mistakes(item))) if isinstance(item, Exercise) else 0,
    )


def _figures(text: Text) -> int:
    """Figures of the form that has most of them: translations hold the same ones."""
    most = 0
    for form in texts_by_language(text).values():
        try:
            most = max(most, len(figures_in(form)))
        except TextError:
            continue
    return most


def _mistakes(exercise: Exercise) -> Iterator[str]:
    yield from (mistake.id for mistake in exercise.mistakes)
    yield from (option.mistake for option in exercise.options if option.mistake)


def _languages(topic: Topic) -> tuple[str, ...]:
    texts = [topic.title, *(text for item in topic.items() for _, text, _ in item_texts(item))]
    held = [set(texts_by_language(text)) for text in texts]
    return tuple(sorted(set.intersection(*held) - {""}))
