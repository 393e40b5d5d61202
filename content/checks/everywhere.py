"""Every text of a pack, wherever it stands: titles in pack.yaml and topics, and what items hold.

Promise: each text comes with a way to report it at its place. Must not judge.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from content.checks.view import ItemView, PackView, at
from content.diagnostic import Diagnostic
from content.loader import Source
from content.pack import Text, texts_by_language
from content.yaml_positions import Path


class Found:
    """A text and the way to report it."""

    def __init__(self, view: PackView, item: ItemView | None, path: Path, text: Text) -> None:
        self.view, self.item, self.path, self.text = view, item, path, text
        self.languages = tuple(texts_by_language(text))
        # The first accepted term is shown, so it needs every language; an alias is only read.
        self.alias = path[:1] == ("accept",) and path[1:] != (0,)

    def report(
        self,
        code: str,
        language: str = "",
        *,
        fragment: str = "",
        occurrence: int = 0,
        more: Mapping[str, str] = MappingProxyType({}),
        **details: str,
    ) -> Diagnostic:
        """A diagnostic at the text's name, or at a fragment of it."""
        path = (*self.path, language) if language else self.path
        details |= more
        if self.item is not None:
            return self.item.report(
                code, path, key=True, fragment=fragment, occurrence=occurrence, more=details
            )
        source, path = self._place(path)
        return at(
            source, code, path, key=True, fragment=fragment, occurrence=occurrence, more=details
        )

    def written(self, language: str, fragment: str, occurrence: int = 0) -> str:
        """What the file holds from a fragment of the text to the line's end."""
        source, path = self._place((*self.path, language) if language else self.path)
        line, column = source.positions.find(path, fragment, occurrence)
        return source.positions.lines[line - 1][column - 1 :]

    def _place(self, path: Path) -> tuple[Source, Path]:
        if self.item is not None:
            return self.item.source, (*self.item.base, *path)
        source = self.view.loaded.manifest
        if path[:1] == ("#topic",):
            source, path = self.view.loaded.source(str(path[1])), path[2:]
        if source is None:
            raise LookupError(path)
        return source, path


def every_text(view: PackView) -> Iterator[Found]:
    """Every text of the pack: titles, then what stands in items."""
    if view.manifest is not None:
        yield Found(view, None, ("title",), view.manifest.title)
        for n, chapter in enumerate(view.manifest.chapters):
            yield Found(view, None, ("chapters", n, "title"), chapter.title)
        for mistake, known in view.manifest.mistakes.items():
            yield Found(view, None, ("mistakes", mistake, "title"), known.title)
        for n, drill in enumerate(view.manifest.drills):
            yield Found(view, None, ("drills", n, "title"), drill.title)
    for name, topic in view.topics.items():
        yield Found(view, None, ("#topic", name, "title"), topic.title)
    for item in view.items:
        for path, text in item.texts:
            yield Found(view, item, path, text)
