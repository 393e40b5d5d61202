"""Every installed pack, compiled once and read back in microseconds.

Promise: with a warm cache neither yaml nor pydantic is imported; a file is read again only when
its size or time changed and parsed again only when its content did; a broken pack never hides
another one. Must not measure anything or know of progress.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

from content.cache import Cache, CachedFile, Compiled, DamagedError
from content.compiling import compiled_file, hash_of
from content.diagnostic import Diagnostic, by_place, diagnostic
from content.discovery import Found, find, generation, pack_folders
from content.discovery import builtin_root as builtin_root
from content.manifest import Manifest
from content.pack import Item, Text, Topic, item_name, split_item_name

_TOPICS_IN_MEMORY = 32


class ItemIndex(NamedTuple):
    """What is known of an item without reading it.

    `kind` is "card" or the exercise's kind; `position` counts through the whole pack in teaching
    order; `chapter` is "" where no chapter lists the topic; `formerly` holds full earlier names.
    """

    name: str
    pack: str
    topic: str
    kind: str
    level: int
    position: int
    languages: tuple[str, ...]
    content_hash: str
    chapter: str
    seconds: int = 60
    formerly: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicIndex:
    """What is known of a topic without reading its items."""

    pack: str
    topic: str
    title: Text
    needs: tuple[str, ...]
    chapter: str
    position: int


@dataclass(frozen=True, slots=True)
class _Member:
    """A topic's place in its pack."""

    file: CachedFile
    chapter: str
    position: int


@dataclass(slots=True)
class _Shelf:
    """A usable pack: its manifest and its topics in teaching order."""

    manifest: Manifest
    members: dict[str, _Member]


class PackLibrary:
    """The packs under some roots. A root is a folder of packs, or a pack.

    Of two packs with one id the first wins; so do the first of two topics with one id.
    Safe to use from several threads. Whoever opens it closes it; `with` does.
    """

    def __init__(self, roots: Sequence[Path], cache: Path | None) -> None:
        self._roots = tuple(roots)
        self._lock = threading.RLock()
        self._cache = Cache(cache)
        self._shelves: dict[str, _Shelf] = {}
        self._problems: tuple[Diagnostic, ...] = ()
        self._key = ""
        self._read: dict[tuple[str, str], tuple[Topic, dict[str, Item]]] = {}
        try:
            self.refresh()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def refresh(self) -> bool:
        """Looks at the files again. True if any pack changed."""
        with self._lock:
            before = self._key
            found = [find(folder) for root in self._roots for folder in pack_folders(root)]
            try:
                self._compile(found)
                self._arrange(found)
            except (sqlite3.Error, DamagedError):
                self._cache.to_memory()
                self._compile(found)
                self._arrange(found)
            self._read.clear()
            return self._key != before

    def key(self) -> str:
        """A hash that changes whenever any file of any pack changes."""
        return self._key

    def problems(self) -> tuple[Diagnostic, ...]:
        """What is wrong with packs under the roots."""
        return self._problems

    def manifests(self) -> tuple[Manifest, ...]:
        """The usable packs."""
        return tuple(shelf.manifest for shelf in self._shelves.values())

    def topics(self) -> tuple[TopicIndex, ...]:
        """Every topic, pack by pack, in teaching order."""
        with self._lock:
            self._follow()
            found = []
            for pack, shelf in self._shelves.items():
                for topic, member in shelf.members.items():
                    title, needs = self._cache.head(member.file.id)
                    found.append(
                        TopicIndex(pack, topic, title, needs, member.chapter, member.position)
                    )
            return tuple(found)

    def index(self) -> tuple[ItemIndex, ...]:
        """Every item in teaching order. Built anew at each call; `scan` holds one at a time."""
        return tuple(self.scan())

    def scan(self) -> Iterator[ItemIndex]:
        """Every item in teaching order, one after the other."""
        self._follow()
        for pack, shelf in self._shelves.items():
            position = 0
            languages = shelf.manifest.languages
            for topic, member in shelf.members.items():
                with self._lock:
                    rows = list(self._cache.items(member.file.id))
                for id_, kind, level, seconds, formerly, content_hash in rows:
                    yield ItemIndex(
                        item_name(pack, topic, id_),
                        pack,
                        topic,
                        kind,
                        level,
                        position,
                        languages,
                        content_hash,
                        member.chapter,
                        seconds,
                        tuple(f"{pack}:{old}" for old in formerly.split()),
                    )
                    position += 1

    def topic(self, pack: str, topic: str) -> Topic:
        """A topic with its items. Raises KeyError if there is none of that name."""
        return self._topic(pack, topic)[0]

    def item(self, name: str) -> tuple[Topic, Item]:
        """The item `pack:topic/id` and its topic. Raises KeyError if there is none."""
        try:
            pack, topic, id_ = split_item_name(name)
            found, items = self._topic(pack, topic)
            return found, items[id_]
        except (KeyError, ValueError):
            raise KeyError(name) from None

    def file_of(self, name: str) -> Path:
        """The file in which the item `pack:topic/id` stands. Raises KeyError if there is none."""
        self.item(name)
        pack, topic, _ = split_item_name(name)
        return Path(self._shelves[pack].members[topic].file.path)

    def close(self) -> None:
        """Lets the cache file go."""
        with self._lock:
            self._cache.close()

    def _follow(self) -> None:
        """Looks at the files again where another process has compiled some of them anew: their
        rows have other numbers since."""
        with self._lock:
            held = self._cache.ids()
            if any(
                m.file.id not in held for s in self._shelves.values() for m in s.members.values()
            ):
                self.refresh()

    def _topic(self, pack: str, topic: str) -> tuple[Topic, dict[str, Item]]:
        with self._lock:
            held = self._read.pop((pack, topic), None)
            if held is None:
                held = self._from_cache(pack, topic)
                if len(self._read) >= _TOPICS_IN_MEMORY:
                    del self._read[next(iter(self._read))]
            self._read[pack, topic] = held  # last in the dict: most recently used
            return held

    def _from_cache(self, pack: str, topic: str) -> tuple[Topic, dict[str, Item]]:
        try:
            read: Topic = self._cache.body(self._shelves[pack].members[topic].file.id)
        except (sqlite3.Error, DamagedError):
            self._cache.to_memory()
            self.refresh()
            read = self._cache.body(self._shelves[pack].members[topic].file.id)
        return read, {item.id: item for item in read.items()}

    def _compile(self, packs: list[Found]) -> None:
        """Brings the cache up to date with the files."""
        held = self._cache.files()
        present: set[str] = set()
        fresh: list[Compiled] = []
        stale: list[int] = []
        for pack in packs:
            for file in (*((pack.manifest,) if pack.manifest else ()), *pack.topics):
                path = str(file.path)
                present.add(path)
                old = held.get(path)
                if old and (old.size, old.modified) == (file.size, file.modified):
                    continue
                content = hash_of(file.path)
                if old and old.hash == content:
                    self._cache.touch(old.id, file.size, file.modified)
                    continue
                if old:
                    stale.append(old.id)
                fresh.append(compiled_file(pack, file, content))
        newest = {(pack.folder.parent, *generation(pack.folder.name)) for pack in packs}
        stale.extend(
            old.id
            for path, old in held.items()
            if path not in present and not _just_replaced(old, newest)
        )
        if fresh or stale:
            self._cache.store(fresh, stale)

    def _arrange(self, packs: list[Found]) -> None:
        """Sorts the compiled files into packs and chapters."""
        files = self._cache.files()
        problems: list[Diagnostic] = []
        shelves: dict[str, _Shelf] = {}
        for pack in packs:
            problems.extend(pack.diagnostics)
            members = [files[str(file.path)] for file in pack.topics]
            for file in (*members, *((files[str(pack.manifest.path)],) if pack.manifest else ())):
                if file.has_problems:
                    problems.extend(self._cache.problems(file.id))
            manifest = self._manifest(pack, files)
            if manifest is None:
                continue
            if manifest.id in shelves:
                details = (("id", manifest.id),)
                path = str(pack.manifest.path) if pack.manifest else str(pack.folder)
                problems.append(diagnostic("G202", path, details=details))
                continue
            shelves[manifest.id] = _Shelf(manifest, _members(manifest, members, problems))
        self._shelves = {pack: shelves[pack] for pack in _in_order(shelves)}
        self._problems = by_place(tuple(problems))
        present = {str(f.path) for pack in packs for f in (pack.manifest, *pack.topics) if f}
        contents = sorted((f.path, f.hash) for f in files.values() if f.path in present)
        self._key = hashlib.sha256(repr(contents).encode()).hexdigest()

    def _manifest(self, pack: Found, files: dict[str, CachedFile]) -> Manifest | None:
        if pack.manifest is None:
            return None
        found = self._cache.head(files[str(pack.manifest.path)].id)
        return found if isinstance(found, Manifest) else None


def _just_replaced(file: CachedFile, newest: set[tuple[Path, str, int]]) -> bool:
    """Whether the file is of the version before an installed one: another process may be in the
    middle of a round with it, and goes on in that version."""
    folder = Path(file.folder)
    pack, number = generation(folder.name)
    return number > 0 and (folder.parent, pack, number + 1) in newest


def _in_order(shelves: dict[str, _Shelf]) -> list[str]:
    """Pack ids, each behind those it follows; of packs that follow each other, as they stand."""
    ordered: dict[str, None] = {}

    def place(pack: str, above: frozenset[str]) -> None:
        for first in shelves[pack].manifest.after:
            if first in shelves and first not in above:
                place(first, above | {pack})
        ordered.setdefault(pack)

    for pack in shelves:
        place(pack, frozenset({pack}))
    return list(ordered)


def _members(
    manifest: Manifest, files: list[CachedFile], problems: list[Diagnostic]
) -> dict[str, _Member]:
    """The topics in teaching order: by chapters, then what no chapter lists, by path."""
    by_topic: dict[str, CachedFile] = {}
    for file in files:
        if not file.name:
            continue
        held = by_topic.setdefault(file.name, file)
        if held is not file:
            details = (("id", file.name), ("first", held.path))
            problems.append(diagnostic("G201", file.path, details=details))
    ordered: dict[str, str] = {}
    for chapter in manifest.chapters:
        for topic in chapter.topics:
            if topic in by_topic:
                ordered.setdefault(topic, chapter.id)
    for topic in by_topic:
        ordered.setdefault(topic, "")
    return {
        topic: _Member(by_topic[topic], chapter, n)
        for n, (topic, chapter) in enumerate(ordered.items())
    }
