"""Codes of names that point at each other: topics, items, prerequisites, chapters.

Promise: references are judged only where every file could be read, so that one broken file does
not make the rest look wrong. Must not look at texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from content.checks.registry import rule
from content.checks.view import PackView, at
from content.constraints import ID
from content.diagnostic import Diagnostic
from content.discovery import builtin_ids, builtin_root
from content.schema import nearest


@rule("G201", "topic-repeated")
def topic_repeated(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds two files with the same topic id.

    Why is this bad?
    Only the first is kept; the items of the other would never be shown.

    Example
        a.yaml: topic: cnn.padding
        b.yaml: topic: cnn.padding

    Use instead
        One file per topic, or another id for the second.
    """
    return view.read("G201")


@rule("G202", "pack-repeated")
def pack_repeated(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds a pack whose id is that of a pack that comes with the program, and, where packs are
    opened together, a second one with the id of the first.

    Why is this bad?
    Items of both would share names, and progress of one would count for the other.

    Example
        id: foundations

    Use instead
        id: foundations-for-biologists
    """
    yield from view.read("G202")
    if view.manifest is None or view.manifest.id not in builtin_ids():
        return
    if not view.loaded.folder.resolve().is_relative_to(builtin_root().resolve()):
        yield from view.in_manifest("G202", ("id",), id=view.manifest.id, slip="built-in")


@rule("G203", "item-repeated")
def item_repeated(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds two items of one topic with the same id; cards and exercises share their ids.

    Why is this bad?
    A learner's progress is kept under `pack:topic/id`; it cannot belong to two items.

    Example
        cards: [{id: padding, ...}]
        exercises: [{id: padding, ...}]

    Use instead
        exercises: [{id: padding-size, ...}]
    """
    return view.read("G203")


@rule("G204", "need-unknown")
def need_unknown(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds a prerequisite that is no topic of the pack. One of another pack is written
    `pack:topic`, and that pack stands under `after` in pack.yaml; where it is installed, it must
    have the topic.

    Why is this bad?
    The topic would wait for something that never comes.

    Example
        needs: [cnn.pading]

    Use instead
        needs: [cnn.padding]
    """
    if not view.complete:
        return
    for source in view.sources:
        for n, need in enumerate(source.topic.needs if source.topic else ()):
            if slip := _elsewhere(view, need):
                yield at(source, "G204", ("needs", n), id=need, more=slip)


def _elsewhere(view: PackView, topic: str) -> dict[str, str] | None:
    """None if a topic is one of the pack's or of a pack it follows; else what is wrong with it."""
    pack, colon, name = topic.rpartition(":")
    if not colon or (view.manifest and pack == view.manifest.id):
        return None if name in view.topics else {"nearest": nearest(name, list(view.topics))}
    after = view.manifest.after if view.manifest else ()
    if pack in after and ID.fullmatch(name):
        topics = view.elsewhere(pack)
        if topics is None or name in topics:
            return None
        near = nearest(name, sorted(topics))
        return {"hint": "lacking", "pack": pack, "name": name, "nearest": near and f"{pack}:{near}"}
    near = nearest(pack, list(after))
    return {"hint": "other-pack", "pack": pack, "nearest": near and f"{near}:{name}"}


@rule("G205", "needs-circular")
def needs_circular(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds topics that need each other in a circle.

    Why is this bad?
    None of them could ever be the first to be learned.

    Example
        cnn.padding: needs: [cnn.stride]
        cnn.stride: needs: [cnn.padding]

    Use instead
        cnn.stride: needs: [cnn.padding]
    """
    own = f"{view.manifest.id}:" if view.manifest else ""
    needs = {
        name: tuple(need.removeprefix(own) for need in topic.needs)
        for name, topic in view.topics.items()
    }
    for circle in _circles(needs):
        source = view.loaded.source(circle[0])
        if source is not None and source.topic is not None:
            n = needs[circle[0]].index(circle[1 % len(circle)])
            way = " -> ".join((*circle, circle[0]))
            yield at(source, "G205", ("needs", n), way=way)


def _circles(needs: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Every circle met while walking depth first, each once, without recursion."""
    done: set[str] = set()
    for start in needs:
        way: list[str] = []
        stack: list[tuple[str, int]] = [(start, 0)]
        while stack:
            topic, entered = stack.pop()
            if entered:
                way.pop()
                done.add(topic)
                continue
            if topic in way:
                yield tuple(way[way.index(topic) :])
                continue
            if topic in done or topic not in needs:
                continue
            way.append(topic)
            stack.append((topic, 1))
            stack.extend((need, 0) for need in reversed(needs[topic]))


@rule("G206", "chapter-topic-unknown")
def chapter_topic_unknown(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds a chapter that lists a topic no file holds.

    Why is this bad?
    The home screen would promise what is not there.

    Example
        topics: [cnn.pading]

    Use instead
        topics: [cnn.padding]
    """
    if not view.complete or view.manifest is None:
        return
    for n, chapter in enumerate(view.manifest.chapters):
        for m, topic in enumerate(chapter.topics):
            if topic not in view.topics:
                path = ("chapters", n, "topics", m)
                near = nearest(topic, list(view.topics))
                yield from view.in_manifest("G206", path, id=topic, nearest=near)


@rule("G207", "chapter-repeats")
def chapter_repeats(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds a topic listed twice in the chapters, and two chapters with the same id.

    Why is this bad?
    A topic has one place in the teaching order.

    Example
        topics: [cnn.padding, cnn.stride, cnn.padding]

    Use instead
        topics: [cnn.padding, cnn.stride]
    """
    seen: set[str] = set()
    chapters: set[str] = set()
    for n, chapter in enumerate(view.manifest.chapters if view.manifest else ()):
        if chapter.id in chapters:
            yield from view.in_manifest("G207", ("chapters", n, "id"), id=chapter.id)
        chapters.add(chapter.id)
        for m, topic in enumerate(chapter.topics):
            if topic in seen:
                yield from view.in_manifest("G207", ("chapters", n, "topics", m), id=topic)
            seen.add(topic)


@rule("G208", "formerly-taken")
def formerly_taken(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds an earlier name (`formerly`) that another item bears now or claims too.

    Why is this bad?
    Progress kept under that name would have two owners.

    Example
        - id: same-padding
          formerly: [cnn.padding/valid-padding]
        - id: valid-padding

    Use instead
        - id: same-padding
          formerly: [cnn.padding/old-same-padding]
    """
    owners = {item.name: item.name for item in view.every}
    for item in view.every:
        for n, old in enumerate(item.item.formerly):
            owner = owners.setdefault(old, item.name)
            if old == item.name:
                yield item.report("G208", ("formerly", n), id=old, slip="own")
            elif owner != item.name:
                slip = "living" if owner == old else "claimed"
                yield item.report("G208", ("formerly", n), id=old, owner=owner, slip=slip)


@rule("G209", "topic-not-in-chapters")
def topic_not_in_chapters(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Warns of a topic that no chapter lists, in a pack that has chapters.

    Why is this bad?
    It is shown after everything else, wherever it belongs.

    Example
        A file with topic: cnn.dilation, and chapters that do not name it.

    Use instead
        topics: [cnn.padding, cnn.dilation]
    """
    if view.manifest is None or not view.manifest.chapters:
        return
    listed = {topic for chapter in view.manifest.chapters for topic in chapter.topics}
    for source in view.sources:
        if source.topic is not None and source.topic.topic not in listed:
            yield at(source, "G209", ("topic",), id=source.topic.topic)


@rule("G210", "reference-unknown")
def reference_unknown(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds references to topics and items that do not exist: `then`, the topic that mends a
    mistake, the topics and tags of a drill.

    Why is this bad?
    Following the reference leads nowhere.

    Example
        then: [conv-paramters]

    Use instead
        then: [conv-parameters]
    """
    if not view.complete or view.manifest is None:
        return
    for mistake, title in view.manifest.mistakes.items():
        if title.topic is not None and (slip := _elsewhere(view, title.topic)):
            path = ("mistakes", mistake, "topic")
            yield from view.in_manifest("G210", path, id=title.topic, nearest=slip["nearest"])
    for n, drill in enumerate(view.manifest.drills):
        for m, prefix in enumerate(drill.mix.topics):
            known = (*view.topics, *(chapter.id for chapter in view.manifest.chapters))
            if not any(one == prefix or one.startswith(f"{prefix}.") for one in known):
                where = ("drills", n, "mix", "topics", m)
                near = nearest(prefix, list(known))
                yield from view.in_manifest("G210", where, id=prefix, nearest=near)
        tags = {tag for item in view.every for tag in item.item.tags}
        for m, tag in enumerate(drill.mix.tags):
            if tag not in tags:
                where = ("drills", n, "mix", "tags", m)
                yield from view.in_manifest("G210", where, id=tag, nearest=nearest(tag, list(tags)))
    names = {item.name for item in view.every}
    for item, exercise in view.exercises:
        for n, follower in enumerate(exercise.then):
            own = f"{item.topic.topic}/"
            full = follower if "/" in follower else own + follower
            if full not in names:
                near = nearest(full, [name for name in names if name != item.name])
                near = near if "/" in follower else near.removeprefix(own)
                yield item.report("G210", ("then", n), id=follower, nearest=near)


@rule("G212", "item-gone")
def item_gone(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds items of the version that learners have (`pack check --since FILE`) that no item bears
    or names under `formerly` any more.

    Why is this bad?
    What learners know of it is kept under its name; under another name it begins from nothing.

    Example
        Version 1: - id: padding-size
        Version 2: - id: size-with-padding

    Use instead
        - id: size-with-padding
          formerly: [cnn.padding/padding-size]
    """
    if not view.complete:
        return
    names = {item.name for item in view.every}
    kept = names.union(*(item.item.formerly for item in view.every)) if names else names
    for gone in sorted(view.before - kept):
        yield from _gone(view, gone)


def _gone(view: PackView, gone: str) -> Iterator[Diagnostic]:
    """At the new item that is most likely the one that is gone; else at its topic."""
    topic = gone.partition("/")[0]
    fresh = [item for item in view.every if item.name not in view.before and not item.item.formerly]
    here = [item for item in fresh if item.topic.topic == topic]
    near = nearest(gone, [item.name for item in here or fresh])
    likely = [item for item in here or fresh if item.name == near or [item] == here]
    source = view.loaded.source(topic)
    if likely:
        details = {"gone": gone, "slip": "renamed", "id": likely[0].item.id}
        yield likely[0].report("G212", ("id",), more=details)
    elif source is not None:
        yield at(source, "G212", ("topic",), gone=gone)
    else:
        yield from view.in_manifest("G212", ("version",), gone=gone)
