"""What a query says, as data, and how it is written.

Promise: `printed` gives a text that is read as the very same query. Must not read or look.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_BARE = re.compile(r'[^\s()"<>=≤≥][^\s()"]*\Z')


@dataclass(frozen=True, slots=True)
class Text:
    """Words to be found; `where` is "" (anywhere in item and note) or a field of texts."""

    words: str
    where: str = ""
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A field with a name or one of its values; "*" is any."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Compare:
    """A number held against another."""

    field: str
    sign: str
    value: float


@dataclass(frozen=True, slots=True)
class Not:
    """What does not hold."""

    part: Query


@dataclass(frozen=True, slots=True)
class All:
    """What holds if all parts hold; without any it always does."""

    parts: tuple[Query, ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """What holds if one part holds."""

    parts: tuple[Query, ...]


Query = Text | Match | Compare | Not | All | Either


def printed(query: Query) -> str:
    """A text that is read as that query."""
    if isinstance(query, Text):
        words = f'"{query.words}"' if query.exact else query.words
        return f"{query.where}:{words}" if query.where else words
    if isinstance(query, Match):
        return f"{query.field}:{query.value if _BARE.match(query.value) else _quoted(query.value)}"
    if isinstance(query, Compare):
        return f"{query.field}{query.sign}{_number(query.value)}"
    if isinstance(query, Not):
        return f"-{_grouped(query.part)}"
    if isinstance(query, Either):
        return " or ".join(_grouped(part, inside_or=True) for part in query.parts)
    return " ".join(_grouped(part) for part in query.parts)


def _grouped(query: Query, *, inside_or: bool = False) -> str:
    several = isinstance(query, Either) or (isinstance(query, All) and not inside_or)
    return f"({printed(query)})" if several else printed(query)


def _quoted(value: str) -> str:
    return f'"{value}"'


def _number(value: float) -> str:
    return f"{value:.9f}".rstrip("0").rstrip(".")
