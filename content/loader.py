"""From a pack's folder to `Pack`, every value keeping its file, line and column.

Promise: never raises on a bad pack; a broken file costs its own topic and nothing else; every
problem comes back as a diagnostic. Must not measure or judge content (`content.checks` does).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from content import yaml_events
from content.diagnostic import Diagnostic, Problem, by_place, diagnostic
from content.discovery import MANIFEST, Found, find
from content.manifest import Manifest, Pack
from content.pack import Topic
from content.schema import validate_manifest, validate_topic
from content.yaml_positions import Positions


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read: where, what it says and where each value stands.

    `topic` or `manifest` is None if the file has problems; `hashes` maps an item's id to a hash
    of what its author wrote.
    """

    path: Path
    file: str
    positions: Positions
    topic: Topic | None = None
    manifest: Manifest | None = None
    hashes: Mapping[str, str] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a folder gave: the pack (None if there is no usable pack.yaml), and every problem."""

    folder: Path
    pack: Pack | None
    diagnostics: tuple[Diagnostic, ...]
    manifest: Source | None = None
    sources: tuple[Source, ...] = ()

    def source(self, topic: str) -> Source | None:
        """The file that holds a topic."""
        return next((s for s in self.sources if s.topic and s.topic.topic == topic), None)

    @property
    def positions(self) -> Mapping[str, Positions]:
        """Positions by topic id; pack.yaml's under ""."""
        found = {s.topic.topic: s.positions for s in self.sources if s.topic}
        return found if self.manifest is None else {"": self.manifest.positions, **found}

    @property
    def whole(self) -> bool:
        """True if every file could be read and validated."""
        return self.pack is not None and not any(d.severity == "error" for d in self.diagnostics)


def found_at(path: Path) -> Found:
    """The files of the pack at `path`: its folder, or its pack.yaml."""
    return find(path.parent if path.name == MANIFEST and not path.is_dir() else path)


def load(path: Path) -> Loaded:
    """The pack at `path`: its folder, or its pack.yaml."""
    return load_found(found_at(path))


def load_found(found: Found) -> Loaded:
    """The pack whose files were found."""
    manifest = read_manifest(found.manifest.path) if found.manifest else None
    sources = tuple(read_topic(file.path) for file in found.topics)
    diagnostics = [*found.diagnostics, *(manifest.diagnostics if manifest else ())]
    for source in sources:
        diagnostics.extend(source.diagnostics)
    topics, repeated = _once(sources)
    diagnostics.extend(repeated)
    pack = None
    if manifest is not None and manifest.manifest is not None:
        pack = Pack(manifest.manifest, topics)
    return Loaded(found.folder, pack, by_place(tuple(diagnostics)), manifest, sources)


def read_manifest(path: Path) -> Source:
    """pack.yaml."""
    document, problems = _read(path)
    manifest = None
    if document.whole:
        manifest, found = validate_manifest(document.data, document.positions)
        problems.extend(found)
    return Source(
        path,
        str(path),
        document.positions,
        manifest=None if problems else manifest,
        diagnostics=tuple(problem.at(str(path)) for problem in problems),
    )


def read_topic(path: Path) -> Source:
    """A topic's file."""
    document, problems = _read(path)
    topic = None
    hashes: dict[str, str] = {}
    if document.whole:
        topic, found = validate_topic(document.data, document.positions)
        problems.extend(found)
        hashes = _hashes(document.data)
    return Source(
        path,
        str(path),
        document.positions,
        topic=None if problems else topic,
        hashes=hashes,
        diagnostics=tuple(problem.at(str(path)) for problem in problems),
    )


def _read(path: Path) -> tuple[yaml_events.Document, list[Problem]]:
    try:
        size = path.stat().st_size
        if size > yaml_events.MAX_BYTES:
            return _unread(yaml_events.too_large(size))
        with path.open("rb") as file:
            source = file.read(yaml_events.MAX_BYTES + 1)
    except OSError as error:
        details = (("slip", "unreadable"), ("reason", error.strerror or str(error)))
        return _unread(Problem("G001", 0, 0, details))
    document = yaml_events.read(source)
    return document, list(document.problems)


def _unread(problem: Problem) -> tuple[yaml_events.Document, list[Problem]]:
    return yaml_events.Document(None, Positions(), (), whole=False), [problem]


def _once(sources: Iterable[Source]) -> tuple[tuple[Topic, ...], list[Diagnostic]]:
    """The topics, and a problem for each topic id that a second file repeats."""
    first: dict[str, Source] = {}
    repeated = []
    for source in sources:
        if source.topic is None:
            continue
        held = first.setdefault(source.topic.topic, source)
        if held is not source:
            line, column = source.positions.value(("topic",))
            details = (("id", source.topic.topic), ("first", held.file))
            repeated.append(diagnostic("G201", source.file, line, column, details=details))
    return tuple(source.topic for source in first.values() if source.topic), repeated


def _hashes(data: object) -> dict[str, str]:
    """A hash of each item as written, so that a model that grows a field changes none."""
    found: dict[str, str] = {}
    if not isinstance(data, dict):
        return found
    for part in ("cards", "exercises"):
        nodes = data.get(part)
        for node in nodes if isinstance(nodes, list) else ():
            if isinstance(node, dict) and isinstance(node.get("id"), str):
                written = json.dumps(node, sort_keys=True, ensure_ascii=False)
                found.setdefault(node["id"], hashlib.sha256(written.encode()).hexdigest()[:16])
    return found
