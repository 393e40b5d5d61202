"""What types cannot say: the form of ids and names, ranges of numbers, sensible draws.

Promise: a topic or manifest without a problem here is safe to index, to draw and to show by name.
Must not parse expressions or texts.
"""

from __future__ import annotations

import difflib
import keyword
import math
import re
from collections.abc import Iterator
from typing import get_args

from content.diagnostic import Problem
from content.manifest import Manifest, Mix
from content.pack import Exercise, Item, Kind, Span, Tolerance, Topic
from content.yaml_positions import Path, Positions

ID = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
VERSION = re.compile(r"[0-9]+(?:\.[0-9]+)*(?:[.-]?[a-z][a-z0-9.]*)?")
MAX_ID = 80
KINDS = ("card", *get_args(Kind))
"""Kinds a drill may draw from."""
MAX_DRAWN = 100_000
"""Values one name may take."""


def topic_problems(topic: Topic, positions: Positions) -> list[Problem]:
    """Everything out of range in a topic."""
    return list(_topic(topic, positions))


def manifest_problems(manifest: Manifest, positions: Positions) -> list[Problem]:
    """Everything out of range in pack.yaml."""
    return list(_manifest(manifest, positions))


def _topic(topic: Topic, positions: Positions) -> Iterator[Problem]:
    yield from _id(topic.topic, ("topic",), positions, "")
    yield from _repeated(topic, positions)
    for n, card in enumerate(topic.cards):
        yield from _item(card, ("cards", n), positions, topic.topic)
    for n, exercise in enumerate(topic.exercises):
        base: Path = ("exercises", n)
        yield from _item(exercise, base, positions, topic.topic)
        yield from _exercise(exercise, base, positions, f"{topic.topic}/{exercise.id}")


def _repeated(topic: Topic, positions: Positions) -> Iterator[Problem]:
    """Ids that stand twice: an item's name would lead to two items."""
    seen: dict[str, int] = {}
    places: list[tuple[str, Path]] = [
        *((card.id, ("cards", n, "id")) for n, card in enumerate(topic.cards)),
        *((exercise.id, ("exercises", n, "id")) for n, exercise in enumerate(topic.exercises)),
    ]
    for id_, path in places:
        line, column = positions.value(path)
        first = seen.setdefault(id_, line)
        if first != line:
            details = (("id", id_), ("first", str(first)))
            yield Problem("G203", line, column, details, f"{topic.topic}/{id_}")


def _item(item: Item, base: Path, positions: Positions, topic: str) -> Iterator[Problem]:
    name = f"{topic}/{item.id}"
    yield from _id(item.id, (*base, "id"), positions, name)
    yield from _range(item.level, 1, 3, (*base, "level"), positions, name)
    yield from _range(item.seconds, 1, 3600, (*base, "seconds"), positions, name)
    for n, old in enumerate(item.formerly):
        if not all(ID.fullmatch(part) for part in old.split("/", 1)) or "/" not in old:
            place = positions.value((*base, "formerly", n))
            details = (("id", old), ("form", "topic/id"))
            near = f"{topic}/{old}"
            yield Problem("G105", *place, (*details, *_near(near, _is_id(old))), name)
    for field in ("draw", "let"):
        for bound in getattr(item, field, {}):
            yield from _name(bound, (*base, field, bound), positions, name)


def _exercise(exercise: Exercise, base: Path, positions: Positions, name: str) -> Iterator[Problem]:
    if exercise.draws is not None:
        yield from _range(exercise.draws, 1, 10_000, (*base, "draws"), positions, name)
    if isinstance(exercise.tolerance, Tolerance):
        for field in ("relative", "absolute"):
            value = getattr(exercise.tolerance, field)
            yield from _range(value, 0, 1e300, (*base, "tolerance", field), positions, name)
    elif exercise.tolerance is not None:
        yield from _range(exercise.tolerance, 0, 1, (*base, "tolerance"), positions, name)
    for bound, spec in exercise.draw.items():
        yield from _draw(bound, spec, (*base, "draw", bound), positions, name)


def _draw(
    bound: str, spec: tuple[object, ...] | Span, path: Path, positions: Positions, name: str
) -> Iterator[Problem]:
    """A list must hold values, a range must lead somewhere in finitely many steps."""
    slip = ""
    if isinstance(spec, tuple):
        if not spec:
            slip = "empty"
        elif any(isinstance(value, float) and not math.isfinite(value) for value in spec):
            slip = "not-finite"
        elif any(isinstance(value, str) and not value.isprintable() for value in spec):
            slip = "not-printable"
    elif not all(math.isfinite(float(n)) for n in (spec.from_, spec.to, spec.step)):
        slip = "not-finite"
    elif spec.step <= 0:
        slip = "step"
    elif spec.to < spec.from_:
        slip = "backwards"
    elif (spec.to - spec.from_) / spec.step >= MAX_DRAWN:
        slip = "too-many"
    if slip:
        details = (("name", bound), ("slip", slip), ("limit", str(MAX_DRAWN)))
        yield Problem("G108", *positions.value(path), details, name)


def _manifest(manifest: Manifest, positions: Positions) -> Iterator[Problem]:
    yield from _id(manifest.id, ("id",), positions, "")
    if not VERSION.fullmatch(manifest.version):
        details = (("id", manifest.version), ("form", "1.2.0"))
        yield Problem("G105", *positions.value(("version",)), details)
    if not manifest.languages:
        yield Problem("G102", *positions.value(("languages",)), (("field", "languages"),))
    for n, language in enumerate(manifest.languages):
        if not LANGUAGE.fullmatch(language) or language in manifest.languages[:n]:
            place = positions.value(("languages", n))
            yield Problem("G105", *place, (("id", language), ("form", "en, zh")))
    for n, chapter in enumerate(manifest.chapters):
        yield from _id(chapter.id, ("chapters", n, "id"), positions, "")
    for n, drill in enumerate(manifest.drills):
        yield from _id(drill.id, ("drills", n, "id"), positions, "")
        yield from _range(drill.minutes, 1, 600, ("drills", n, "minutes"), positions, "")
        yield from _mix(drill.mix, ("drills", n, "mix"), positions)
    for n, topic in enumerate(manifest.syllabus):
        yield from _id(topic, ("syllabus", n), positions, "")
    for mistake in manifest.mistakes:
        if not _is_id(mistake):
            place = positions.key(("mistakes", mistake))
            yield Problem("G105", *place, (("id", mistake), ("form", "bias-forgotten")))


def _mix(mix: Mix, base: Path, positions: Positions) -> Iterator[Problem]:
    yield from _range(mix.questions, 1, 500, (*base, "questions"), positions, "")
    for n, level in enumerate(mix.levels):
        yield from _range(level, 1, 3, (*base, "levels", n), positions, "")
    for n, kind in enumerate(mix.kinds):
        if kind not in KINDS:
            near = next(iter(difflib.get_close_matches(kind, KINDS, n=1)), "")
            details = [("field", "kind"), ("value", kind[:MAX_ID]), ("allowed", ", ".join(KINDS))]
            details += [("nearest", near)] if near else []
            yield Problem("G104", *positions.value((*base, "kinds", n)), tuple(details))


def _is_id(text: str) -> bool:
    return len(text) <= MAX_ID and ID.fullmatch(text) is not None


def _near(name: str, known: bool) -> tuple[tuple[str, str], ...]:
    """The form that was meant, where there is one."""
    return (("nearest", name),) if known else ()


def _id(text: str, path: Path, positions: Positions, item: str) -> Iterator[Problem]:
    if not _is_id(text):
        near = re.sub(r"[\s_]+", "-", text.strip().lower())
        details = (("id", text[:MAX_ID]), ("form", "conv-parameters"), *_near(near, _is_id(near)))
        # An id that cannot be shown is not repeated as the item's name.
        yield Problem("G105", *positions.value(path), details, item if text.isprintable() else "")


def _name(text: str, path: Path, positions: Positions, item: str) -> Iterator[Problem]:
    if not (text.isidentifier() and text.isascii()) or text.startswith("_") or _reserved(text):
        slip = (("slip", "word"),) if _reserved(text) else ()
        yield Problem("G107", *positions.key(path), (("name", text[:MAX_ID]), *slip), item)


def _reserved(text: str) -> bool:
    return keyword.iskeyword(text)


def _range(
    value: float, least: float, most: float, path: Path, positions: Positions, item: str
) -> Iterator[Problem]:
    if not least <= value <= most:
        details = (
            ("field", next(str(part) for part in reversed(path) if isinstance(part, str))),
            ("value", str(value)[:40]),
            ("least", f"{least:g}"),
            ("most", f"{most:g}"),
        )
        yield Problem("G106", *positions.value(path), details, item)
