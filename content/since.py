"""The names of the items of an earlier version: a built file, or a folder.

Promise: refuses what an installation would refuse. Raises `ArchiveError` or OSError where there is
nothing to read; what cannot be read inside has no names.
"""

from __future__ import annotations

from pathlib import Path

from content import yaml_events
from content.archive.reading import read
from content.discovery import MANIFEST
from content.loader import load


def names_of(path: Path) -> frozenset[str]:
    """Every item of the pack at `path`, as `topic/id`."""
    if path.is_dir():
        topics = [source.topic for source in load(path).sources if source.topic is not None]
        return frozenset(f"{topic.topic}/{item.id}" for topic in topics for item in topic.items())
    files = read(path.read_bytes(), unverified=True).files
    found: set[str] = set()
    for name, held in files.items():
        if name.endswith(".yaml") and name != MANIFEST:
            found.update(_names_in(yaml_events.read(held).data))
    return frozenset(found)


def _names_in(data: object) -> list[str]:
    if not isinstance(data, dict):
        return []
    nodes = [node for part in ("cards", "exercises") for node in data.get(part) or ()]
    ids = [node.get("id") for node in nodes if isinstance(node, dict)]
    return [f"{data.get('topic')}/{id_}" for id_ in ids if isinstance(id_, str)]
