"""What differs in meaning between two versions of a pack: items added, removed, renamed, changed.

Promise: a rename is what the author says is one (`formerly`); layout, comments, the order of keys
and defaults written out are no change. Must not read files or know of progress.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from content.manifest import Manifest, Pack
from content.pack import Item

_WORDING = frozenset(
    {"front", "back", "question", "hints", "steps", "points", "figures", "tags", "then",
     "level", "seconds", "run", "claim"}
)  # fmt: skip
"""Fields that say something without deciding what counts as right."""
_NAMES = frozenset({"id", "formerly"})


@dataclass(frozen=True, slots=True)
class Changed:
    """An item that says or asks something else; `name` is what the old pack calls it."""

    name: str
    now: str
    fields: tuple[str, ...]

    @property
    def judged(self) -> bool:
        """Whether what is asked or what counts as right may differ, not the wording alone."""
        return not _WORDING.issuperset(self.fields)


@dataclass(frozen=True, slots=True)
class Changes:
    """Items by `topic/id`; `pack` names the fields of pack.yaml that differ."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    changed: tuple[Changed, ...] = ()
    pack: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.renamed or self.changed or self.pack)


def changes(old: Pack, new: Pack) -> Changes:
    """What a learner of the old pack meets in the new one."""
    before, after = _items(old), _items(new)
    came_from: dict[str, str] = {}
    for name, item in after.items():
        if name in before:
            came_from[name] = name
            continue
        taken = set(came_from.values())
        former = (n for n in item.formerly if n in before and n not in after and n not in taken)
        if (found := next(former, None)) is not None:
            came_from[name] = found
    changed = []
    for name, former_name in came_from.items():
        if differing := _differing(before[former_name], after[name]):
            changed.append(Changed(former_name, name, differing))
    kept = set(came_from.values())
    return Changes(
        added=tuple(name for name in after if name not in came_from),
        removed=tuple(name for name in before if name not in kept),
        renamed=tuple((was, name) for name, was in came_from.items() if was != name),
        changed=tuple(changed),
        pack=_of_pack(old.manifest, new.manifest),
    )


def _items(pack: Pack) -> Mapping[str, Item]:
    found: dict[str, Item] = {}
    for topic in pack.topics:
        for item in topic.items():
            found.setdefault(f"{topic.topic}/{item.id}", item)
    return found


def _differing(old: Item, new: Item) -> tuple[str, ...]:
    if type(old) is not type(new):
        return ("kind",)
    return tuple(
        field.name
        for field in fields(new)
        if field.name not in _NAMES and getattr(old, field.name) != getattr(new, field.name)
    )


def _of_pack(old: Manifest, new: Manifest) -> tuple[str, ...]:
    return tuple(f.name for f in fields(new) if getattr(old, f.name) != getattr(new, f.name))
