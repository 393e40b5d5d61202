"""Measured figures in a text: `{{ expression | format }}`.

Promise: finds where a figure ends whatever its expression holds (brackets, strings, a bar inside
brackets), and checks its formats. Must not evaluate anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from content.text.document import TextError

_FORMAT = re.compile(r"(?:(?:fixed|sig|percent) \d{1,2}|percent|words|unit [^\s|{}]{1,24})\Z")
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_SIGN = re.compile(r"['\"|()\[\]{}]")
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its expression, its formats in order, and where it stands.

    `start` is the position of its `{{`, counted from 0. A figure `in_math` is an author's slip
    and is not measured.
    """

    source: str
    format: tuple[str, ...]
    start: int
    in_code: bool = False
    in_math: bool = False
    alone: bool = False
    """Whether it is its whole paragraph, and so may be a picture."""


def read_figure(text: str, start: int, *, in_code: bool = False) -> tuple[Figure, int]:
    """The figure whose `{{` stands at `start`, and the position after its `}}`.

    Raises TextError.
    """
    if text.find("}}", start + 2, start + _LONGEST) < 0:
        raise TextError("figure-open", start)
    parts: list[str] = []
    expected: list[str] = []
    begin = at = start + 2
    while sign := _SIGN.search(text, at, start + _LONGEST):
        at, char = sign.end(), sign.group()
        if char in "'\"":
            at = _string_end(text, at, char)
        elif not expected and text.startswith("}}", sign.start()):
            parts.append(text[begin : sign.start()])
            return _figure(parts, start, in_code), at + 1
        elif not expected and char == "|":
            parts.append(text[begin : sign.start()])
            begin = at
        elif char in _PAIRS:
            expected.append(_PAIRS[char])
        elif expected and char == expected[-1]:
            expected.pop()
    raise TextError("figure-open", start)


def _string_end(text: str, at: int, quote: str) -> int:
    closing = re.compile(rf"(?:[^{quote}\\]|\\.){{0,{_LONGEST}}}{quote}", re.S).match(text, at)
    return closing.end() if closing else at


def _figure(parts: list[str], start: int, in_code: bool) -> Figure:
    source, *formats = (" ".join(part.split()) for part in parts)
    if not source:
        raise TextError("figure-empty", start)
    for name in formats:
        if not _FORMAT.match(name):
            raise TextError("figure-format", start, format=name)
    return Figure(source, tuple(formats), start, in_code)
