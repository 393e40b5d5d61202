"""Completion from the engine's own names: listed names, keyword arguments, the session's names.

Promise: what stands here is what the engine says of itself; nothing is listed twice. Must not ask
the engine itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.commands.measure_language_text import allowed_text, line_of
from app.locale import Locale
from engine.documented import Documented, Parameter
from engine.elements import ELEMENTS
from engine.grammar import PREFIXES

_WORD = re.compile(r"[^\W\d]\w*$")
_DOTTED = re.compile(r"((?:[^\W\d]\w*\.)+)$")
_AFTER_VALUE = re.compile(r"[\w)\]]\.$")
_CALLED = re.compile(r"([^\W\d]\w*)\s*$")
_GIVEN = re.compile(r"([^\W\d]\w*)\s*=(?!=)")
_OPENS, _CLOSES = "([{", ")]}"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may be inserted: `text`, shown as `shown`, with one line on what it is."""

    text: str
    shown: str
    line: str = ""


@dataclass(frozen=True, slots=True)
class Completion:
    """What fits at a place: `start` is where the word begins that a candidate replaces.

    `signature` is that of the call the place is in, empty outside one; `argument` is the name of
    the argument that stands there.
    """

    start: int
    candidates: tuple[Candidate, ...] = ()
    signature: str = ""
    argument: str = ""

    @property
    def common(self) -> str:
        """What all candidates begin with."""
        texts = [candidate.text for candidate in self.candidates]
        if not texts:
            return ""
        first, last = min(texts), max(texts)
        same = 0
        while same < min(len(first), len(last)) and first[same] == last[same]:
            same += 1
        return first[:same]


class Completer:
    """Names to complete with."""

    def __init__(self, documented: Sequence[Documented] = ()) -> None:
        self._listed = {entry.name: entry for entry in documented}
        for entry in documented:
            for other in entry.other_names:
                self._listed.setdefault(other, entry)
        self._elements = {
            name: element
            for group in ELEMENTS.values()
            for element in group
            for name in element.names
            if name.isidentifier()
        }

    @property
    def ready(self) -> bool:
        """Whether the engine has told its names."""
        return bool(self._listed)

    def listed(self, name: str) -> Documented | None:
        """What a name is."""
        return self._listed.get(name)

    def at(
        self, text: str, place: int, own: Mapping[str, str], say: Locale, most: int = 200
    ) -> Completion:
        """What fits at a place of a text. `own` are the session's names and their expressions."""
        before = text[:place]
        found = _WORD.search(before)
        word = found[0] if found else ""
        start = place - len(word)
        called, inside, position = _call_at(before)
        entry = self._listed.get(called) if called else None
        method = self._is_method(before[:start])
        candidates: list[Candidate] = []
        if entry is not None and not method:
            candidates += self._arguments(entry, word, inside, say)
        if not method:
            candidates += [
                Candidate(name, name, source)
                for name, source in own.items()
                if name.startswith(word) and (word or entry is None)
            ]
        if word or method:
            candidates += self._names(word, say, methods=method)
        current = _argument(entry, inside, position) if entry is not None else ""
        return Completion(
            start, tuple(candidates[:most]), entry.signature if entry else "", current
        )

    @staticmethod
    def _is_method(before: str) -> bool:
        """Whether what follows is a method of a value, and no name behind a listed prefix."""
        if not _AFTER_VALUE.search(before):
            return False
        dotted = _DOTTED.search(before)
        return dotted is None or dotted[1].rstrip(".") not in PREFIXES

    @staticmethod
    def _arguments(entry: Documented, word: str, inside: str, say: Locale) -> Iterable[Candidate]:
        given = set(_GIVEN.findall(inside))
        places = sum(1 for part in _parts(inside)[:-1] if not _GIVEN.match(part.strip()))
        for parameter in entry.parameters[places:]:
            if parameter.name.startswith(word) and parameter.name not in given:
                line = allowed_text(parameter.allowed, say)
                if parameter.default is not None:
                    line += say("language.default", value=parameter.default)
                yield Candidate(f"{parameter.name}=", entry.signature, line.strip())

    def _names(self, word: str, say: Locale, *, methods: bool) -> list[Candidate]:
        folded = word.casefold()
        same: list[Candidate] = []
        other: list[Candidate] = []
        for name, entry in self._listed.items():
            if (methods and not entry.method) or not name.casefold().startswith(folded):
                continue
            candidate = Candidate(name, shown_signature(entry, name), line_of(entry, say))
            (same if name.startswith(word) else other).append(candidate)
        if not methods:
            same += [
                Candidate(name, name, element.line(say.language))
                for name, element in self._elements.items()
                if name.startswith(word) and name not in self._listed
            ]
        key = lambda candidate: (len(candidate.text), candidate.text)  # noqa: E731
        return [*sorted(same, key=key), *sorted(other, key=key)] if same or other else []


def shown_signature(entry: Documented, name: str) -> str:
    """The signature under the name that is completed."""
    _, bracket, rest = entry.signature.partition("(")
    return f"{name}{bracket}{rest}"


def _call_at(before: str) -> tuple[str, str, int]:
    """The name called around the end of a text, what stands in its bracket so far, and how many
    commas; an empty name outside any call."""
    depth, commas = 0, 0
    for place in range(len(before) - 1, -1, -1):
        char = before[place]
        if char in _CLOSES:
            depth += 1
        elif char in _OPENS:
            if depth:
                depth -= 1
                continue
            called = _CALLED.search(before[:place]) if char == "(" else None
            if called:
                return called[1], before[place + 1 :], commas
            commas = 0
        elif char == "," and depth == 0:
            commas += 1
        elif char == "\n" and depth == 0 and not before[:place].count("("):
            break
    return "", "", 0


def _parts(inside: str) -> list[str]:
    """What stands between the commas outside any bracket."""
    parts, depth, begin = [], 0, 0
    for place, char in enumerate(inside):
        depth += (char in _OPENS) - (char in _CLOSES)
        if char == "," and depth == 0:
            parts.append(inside[begin:place])
            begin = place + 1
    return [*parts, inside[begin:]]


def _argument(entry: Documented, inside: str, position: int) -> str:
    last = inside.rsplit(",", 1)[-1]
    named = _GIVEN.match(last.strip())
    parameters: Sequence[Parameter] = entry.parameters
    if named:
        return named[1]
    return parameters[position].name if position < len(parameters) else ""
