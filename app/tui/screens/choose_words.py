"""A choice in words, and the values its filters go through.

Promise: pure; every filter has a key, and a value that leaves it open. Must not hold state.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from app.study.choice import Choice
from content.pack import in_language

if TYPE_CHECKING:
    from app.locale import Locale
    from app.study.offering import Brought, Offered

Value = TypeVar("Value")
_MISTAKEN = (None, 1, 7, 30)
_AHEAD = (0, 1, 3, 7, 14)
_LEVELS = tuple(frozenset(found) for found in ((), (1,), (1, 2), (2,), (2, 3), (3,)))
_COUNTS = (None, 10, 20, 30, 50, 100)
_MINUTES = (None, 5, 10, 15, 20, 30, 45, 60)
CARD = frozenset({"card"})


class Filter(NamedTuple):
    """A line of the screen: its key and its name in the locale."""

    key: str
    name: str


FILTERS = (
    Filter("w", "weak"),
    Filter("m", "mistaken"),
    Filter("a", "ahead"),
    Filter("x", "beyond"),
    Filter("n", "limit"),
    Filter("y", "kinds"),
    Filter("v", "levels"),
    Filter("g", "tags"),
    Filter("p", "packs"),
    Filter("i", "minutes"),
)


def following(choice: Choice, name: str, offered: Offered | None) -> Choice:
    """The choice with that filter's next value."""
    if name == "weak":
        return replace(choice, weak=not choice.weak)
    if name == "beyond":
        return replace(choice, beyond=not choice.beyond)
    if name == "mistaken":
        return replace(choice, mistaken_since=_after(_MISTAKEN, choice.mistaken_since))
    if name == "ahead":
        return replace(choice, ahead_days=_after(_AHEAD, choice.ahead_days))
    if name == "levels":
        return replace(choice, levels=_after(_LEVELS, choice.levels))
    if name == "limit":
        return replace(choice, limit=_after(_COUNTS, choice.limit), minutes=None)
    if name == "minutes":
        return replace(choice, minutes=_after(_MINUTES, choice.minutes), limit=None)
    if offered is None:
        return choice
    if name == "kinds":
        return replace(choice, kinds=_after(kinds_of(offered), choice.kinds))
    if name == "tags":
        return replace(choice, tags=_after(_each(offered.tags), choice.tags))
    return replace(choice, packs=_after(_each(tuple(offered.packs)), choice.packs))


def kinds_of(offered: Offered) -> list[frozenset[str]]:
    """Every kind, cards, exercises, and each kind of exercise."""
    exercises = [kind for kind in offered.kinds if kind != "card"]
    return [frozenset(), CARD, frozenset(exercises), *(frozenset({kind}) for kind in exercises)]


def is_set(choice: Choice, name: str) -> bool:
    """Whether that filter is anything but open."""
    values = {
        "weak": choice.weak,
        "mistaken": choice.mistaken_since is not None,
        "ahead": bool(choice.ahead_days),
        "beyond": choice.beyond,
        "limit": choice.limit is not None,
        "minutes": choice.minutes is not None,
        "kinds": bool(choice.kinds),
        "levels": bool(choice.levels),
        "tags": bool(choice.tags),
        "packs": bool(choice.packs),
    }
    return values[name]


def value_of(choice: Choice, name: str, offered: Offered | None, say: Locale) -> str:
    """What a filter says."""
    if not is_set(choice, name):
        return say(f"choose.{name}.open")
    if name == "mistaken":
        return say("choose.mistaken.days", n=choice.mistaken_since)
    if name == "ahead":
        return say("choose.ahead.days", n=choice.ahead_days)
    if name == "limit":
        return say("choose.limit.answers", n=choice.limit)
    if name == "minutes":
        return say("choose.minutes.minutes", n=choice.minutes)
    if name == "levels":
        ends = dict.fromkeys((min(choice.levels), max(choice.levels)))
        return say("choose.levels.of", levels="–".join(str(level) for level in ends))
    if name == "kinds":
        if len(choice.kinds) > 1:
            return say("choose.kinds.exercises")
        return say("choose.kinds.of", kinds=say(f"choose.kind.{next(iter(choice.kinds))}"))
    if name == "tags":
        return say("choose.tags.of", tags=", ".join(sorted(choice.tags)))
    if name == "packs":
        titles = [
            in_language(offered.packs[pack], say.language) if offered and pack in offered.packs
            else pack
            for pack in sorted(choice.packs)
        ]  # fmt: skip
        return ", ".join(titles)
    return say(f"choose.{name}.on")


def in_words(choice: Choice, offered: Offered | None, say: Locale) -> str:
    """The whole choice on one line: `mistakes of the last 7 days · Padding · 20 answers`."""
    parts = []
    if choice.topics:
        titles = {} if offered is None else titles_of(offered, say.language)
        names = [titles.get(word, word) for word in sorted(choice.topics)]
        more = len(names) - 2
        parts.append(", ".join(names[:2]) + (say("choose.more", n=more) if more > 0 else ""))
    parts += [
        value_of(choice, one.name, offered, say) for one in FILTERS if is_set(choice, one.name)
    ]
    return " · ".join(parts) or say("choose.everything")


def titles_of(offered: Offered, language: str) -> dict[str, str]:
    """The titles of chapters and topics by their words."""
    titles = {}
    for chapter in offered.overview.chapters:
        titles[chapter.id] = in_language(chapter.title, language)
        for topic in chapter.topics:
            titles[f"{topic.pack}:{topic.topic}"] = in_language(topic.title, language)
    return titles


def bringing(found: Brought, choice: Choice, say: Locale) -> str:
    """`Brings 12 due, 3 early, 5 for practice and 8 new · about 14 min`."""
    if not found.items:
        return say("choose.brings.nothing")
    parts = [
        say(f"choose.brings.{name}", n=count)
        for name in ("due", "early", "practice", "new")
        if (count := getattr(found, name))
    ]
    words = say("choose.brings", what=say("choose.comma").join(parts), minutes=found.minutes)
    if choice.limit is not None and choice.limit < found.items:
        words += say("choose.brings.limit", n=choice.limit)
    if choice.minutes is not None and choice.minutes < found.minutes:
        words += say("choose.brings.minutes", n=choice.minutes)
    return words


def held_back(found: Brought, say: Locale) -> str:
    """What today's limits keep back, and the key that lifts them."""
    if found.day_off and (found.new_waiting or found.due_waiting):
        return say("choose.held.day-off")
    if found.new_waiting or found.due_waiting:
        parts = [
            say(f"choose.held.{name}", n=count)
            for name, count in (("due", found.due_waiting), ("new", found.new_waiting))
            if count
        ]
        return say("choose.held", what=say("choose.comma").join(parts))
    return ""


def _each(names: Sequence[str]) -> list[frozenset[str]]:
    return [frozenset(), *(frozenset({name}) for name in names)]


def _after(known: Sequence[Value], value: Value) -> Value:
    """The value that follows, round and round; after one that is none of them the second."""
    at = known.index(value) if value in known else 0
    return known[(at + 1) % len(known)]
