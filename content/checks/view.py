"""A loaded pack as checks see it: items, texts and expressions, each with its place.

Promise: walks everything once and lazily; a diagnostic made here knows file, line, column and
item. Must not judge anything.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from content.checks.expressions_in import Expression, expressions_of
from content.diagnostic import Diagnostic, diagnostic
from content.loader import Loaded, Source
from content.manifest import Manifest
from content.pack import Card, Exercise, Item, Text, Topic, texts_by_language
from content.prepare import item_texts
from content.text import Document, Figure, TextError, figures_in, render
from content.yaml_positions import Path, Positions

if TYPE_CHECKING:
    from content.checks.proof import Proof


Elsewhere = Callable[[str], Collection[str] | None]
"""The topics of another pack by its id; None where that pack is not at hand."""


def nowhere(_pack: str) -> None:
    """No other pack is at hand."""


@dataclass(frozen=True, slots=True)
class Form:
    """A text in one language. `language` is "" for a plain string."""

    path: Path
    language: str
    text: str

    @property
    def role(self) -> str:
        """The field it stands in: front, question, hints, why, ..."""
        names = [part for part in self.path if isinstance(part, str)]
        return names[-2] if self.language and len(names) > 1 else names[-1]


@dataclass(frozen=True)
class ItemView:
    """One item with its topic, its file and its place in it."""

    pack: str
    topic: Topic
    item: Item
    source: Source
    base: Path

    @property
    def name(self) -> str:
        """`topic/id`."""
        return f"{self.topic.topic}/{self.item.id}"

    @property
    def exercise(self) -> Exercise | None:
        """The item if it is an exercise."""
        return self.item if isinstance(self.item, Exercise) else None

    def report(
        self,
        code: str,
        path: Path = (),
        *,
        key: bool = False,
        fragment: str = "",
        occurrence: int = 0,
        more: Mapping[str, str] = MappingProxyType({}),
        **details: str,
    ) -> Diagnostic:
        """A diagnostic at a place inside the item: its value, key, or a fragment of its text."""
        full = (*self.base, *path)
        positions = self.source.positions
        if fragment:
            place = positions.find(full, fragment, occurrence)
        else:
            place = positions.key(full) if key else positions.value(full)
        return diagnostic(
            code,
            self.source.file,
            *place,
            item=self.name,
            details=(*details.items(), *more.items()),
        )

    @cached_property
    def texts(self) -> tuple[tuple[Path, Text], ...]:
        """Every text of the item with its path inside the item."""
        found = [(_path(where), text) for where, text, _ in item_texts(self.item)]
        if isinstance(self.item, Exercise):
            found += [(("accept", n), text) for n, text in enumerate(self.item.accept)]
            for n, requirement in enumerate(self.item.require):
                found.append((("require", n, "why"), requirement.why))
        return tuple(found)

    @cached_property
    def forms(self) -> tuple[Form, ...]:
        """Every text in every language."""
        return tuple(
            Form((*path, language) if language else path, language, form)
            for path, text in self.texts
            for language, form in texts_by_language(text).items()
        )

    @cached_property
    def documents(self) -> tuple[tuple[Form, Document], ...]:
        """Every text as the learner reads it, figures left open."""
        return tuple((form, render(form.text, {}, form.language or "en")) for form in self.forms)

    @cached_property
    def figures(self) -> tuple[tuple[Form, Figure], ...]:
        """Every figure that can be read, with the text it stands in."""
        found: list[tuple[Form, Figure]] = []
        for form in self.forms:
            try:
                found += [(form, figure) for figure in figures_in(form.text)]
            except TextError:
                continue  # G401 tells
        return tuple(found)

    @cached_property
    def expressions(self) -> tuple[Expression, ...]:
        """Every expression in fields, in file order; figures not included."""
        return tuple(expressions_of(self.item))


def _path(where: str) -> Path:
    """("hints", 0) for "hints.0"."""
    return tuple(int(part) if part.isdigit() else part for part in where.split("."))


@dataclass
class PackView:
    """A whole pack under check, or of its items only those in the topics `wanted`.

    `proofs` are filled in before measured checks run.
    """

    loaded: Loaded
    manifest: Manifest | None
    wanted: tuple[str, ...] = ()
    before: frozenset[str] = frozenset()
    """The items (`topic/id`) of the version that learners have; empty where it is unknown."""
    elsewhere: Elsewhere = nowhere
    proofs: Mapping[str, Proof] = field(default_factory=dict)

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """The files whose topic could be read, a repeated topic only once."""
        first: dict[str, Source] = {}
        for source in self.loaded.sources:
            if source.topic is not None:
                first.setdefault(source.topic.topic, source)
        return tuple(first.values())

    @cached_property
    def topics(self) -> Mapping[str, Topic]:
        """The readable topics by id."""
        return {s.topic.topic: s.topic for s in self.sources if s.topic is not None}

    @cached_property
    def every(self) -> tuple[ItemView, ...]:
        """Every item of the pack."""
        return tuple(self._items())

    @cached_property
    def items(self) -> tuple[ItemView, ...]:
        """The items to check."""
        return tuple(item for item in self.every if among(item.topic.topic, self.wanted))

    def _items(self) -> Iterator[ItemView]:
        pack = self.manifest.id if self.manifest else ""
        for source in self.sources:
            topic = source.topic
            if topic is None:
                continue
            for n, card in enumerate(topic.cards):
                yield ItemView(pack, topic, card, source, ("cards", n))
            for n, exercise in enumerate(topic.exercises):
                yield ItemView(pack, topic, exercise, source, ("exercises", n))

    @cached_property
    def exercises(self) -> tuple[tuple[ItemView, Exercise], ...]:
        """The exercises to check, each with its view."""
        return tuple((v, v.item) for v in self.items if not isinstance(v.item, Card))

    @property
    def complete(self) -> bool:
        """True if every file could be read, so that what is not there is really missing."""
        return self.manifest is not None and all(s.topic for s in self.loaded.sources)

    def read(self, code: str) -> Iterator[Diagnostic]:
        """What reading the pack already found under a code."""
        return (found for found in self.loaded.diagnostics if found.code == code)

    def in_manifest(
        self, code: str, path: Path, *, key: bool = False, **details: str
    ) -> Iterator[Diagnostic]:
        """A diagnostic in pack.yaml."""
        if self.loaded.manifest is not None:
            yield at(self.loaded.manifest, code, path, key=key, more=details)


def among(topic: str, wanted: Sequence[str]) -> bool:
    """Whether a topic is one of those wanted, by its id or its id's beginning; of none, always."""
    return not wanted or any(topic == one or topic.startswith(f"{one}.") for one in wanted)


def at(
    source: Source,
    code: str,
    path: Path,
    *,
    key: bool = False,
    fragment: str = "",
    occurrence: int = 0,
    more: Mapping[str, str] = MappingProxyType({}),
    **details: str,
) -> Diagnostic:
    """A diagnostic in a file, outside any item."""
    positions: Positions = source.positions
    if fragment:
        place = positions.find(path, fragment, occurrence)
    else:
        place = positions.key(path) if key else positions.value(path)
    return diagnostic(code, source.file, *place, details=(*details.items(), *more.items()))
