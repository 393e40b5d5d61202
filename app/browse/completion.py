"""What may be typed at a place of a query: fields, then the values a field knows.

Promise: offers what the parser takes and what there is, nothing else; ids are found by their
titles too, in either language. Must not parse the whole query.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from app.browse.fields import FIELDS, Field
from app.browse.folding import holds, tokens
from app.browse.query import narrow
from app.locale import Locale
from content.pack import Text, in_language, texts_by_language

_WORD = re.compile(r'(?:^|(?<=[\s()]))-?([^\s()"]*)\Z')
_VALUE = re.compile(r"([A-Za-z]+)(:|<=|>=|<|>|=)(.*)\Z", re.S)
MOST = 200


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What may be put in, and a line on what it is."""

    text: str
    line: str


@dataclass(frozen=True, slots=True)
class Suggested:
    """`start` is where the word begins that a suggestion replaces; `about` tells of its field."""

    start: int
    suggestions: tuple[Suggestion, ...] = ()
    about: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """The ids there are, with their titles."""

    topics: Mapping[str, Text] = field(default_factory=dict)
    packs: Mapping[str, Text] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    mistakes: Mapping[str, Text] = field(default_factory=dict)


def suggested(text: str, place: int, known: Known, say: Locale) -> Suggested:
    """What fits at that place."""
    found = _WORD.search(narrow(text[:place]))
    if found is None:
        return Suggested(place)
    word = found[1]
    value = _VALUE.match(word)
    if value is None:
        start = place - len(word)
        return Suggested(start, tuple(_fields(word.lower(), say)) if word.isascii() else ())
    chosen = FIELDS.get(value[1].lower())
    if chosen is None:
        return Suggested(place)
    start = place - len(value[3])
    about = say(f"browse.field.{chosen.name}")
    return Suggested(start, tuple(_values(chosen, value[3], known, say))[:MOST], about)


def _fields(word: str, say: Locale) -> Iterator[Suggestion]:
    for one in FIELDS.values():
        if one.name.startswith(word):
            sign = ">" if one.takes == "number" and one.name not in ("level", "rated") else ":"
            yield Suggestion(one.name + sign, say(f"browse.field.{one.name}"))


def _values(chosen: Field, typed: str, known: Known, say: Locale) -> Iterator[Suggestion]:
    if chosen.star and not typed:
        yield Suggestion("*", say("browse.value.any"))
    if chosen.takes == "choice":
        for value in chosen.values:
            if value.startswith(typed.lower()):
                yield Suggestion(value, _choice_words(chosen.name, value, say))
    elif chosen.takes == "number":
        yield from (Suggestion(value, "") for value in chosen.values if value.startswith(typed))
    named: Mapping[str, Text] = {
        "topic": known.topics,
        "pack": known.packs,
        "mistake": known.mistakes,
        "tag": dict.fromkeys(known.tags, ""),
    }.get(chosen.name, {})
    yield from _named(named, typed, say)


def _choice_words(name: str, value: str, say: Locale) -> str:
    for key in (f"browse.value.{name}.{value}", f"study.kind.{value}"):
        if say.has(key):
            return say(key)
    return ""


def _named(known: Mapping[str, Text], typed: str, say: Locale) -> Iterable[Suggestion]:
    """Ids that begin with what is typed, then those whose title holds it."""
    words = tokens(typed)
    begin: list[Suggestion] = []
    titled: list[Suggestion] = []
    for name, title in known.items():
        one = Suggestion(name, in_language(title, say.language) if title else "")
        if name.startswith(typed):
            begin.append(one)
        elif title and any(
            holds(tokens(form), words, prefix=True) for form in texts_by_language(title).values()
        ):
            titled.append(one)
    return (*begin, *titled)
