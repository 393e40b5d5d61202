"""Finds the slip of the pen behind a YAML syntax error, which often stands before the place where
reading stopped.

Promise: names a slip only where the line shows it, with the place to mend; inside a block of text
nothing is a slip. Must not read files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_KEY = r"(?P<before> *(?:- +)*)(?P<key>[A-Za-z_][\w.-]*)"
_SLIPS = (
    ("wide-colon", re.compile(rf"{_KEY}(?=：)")),
    ("colon-tight", re.compile(rf"{_KEY}(?=:[^\s:/])")),
    ("dash-tight", re.compile(r" *(?=-[A-Za-z{\[\"'])")),
)
_BLOCK = re.compile(r"(?:^|[:-][ ]+)[|>][-+0-9]*[ ]*(?:#.*)?$")
_QUOTES = re.compile(r'\\.|"')
_OPENED = re.compile(r" *(?:- +)*(?:[\w.-]+: +)?'")
_FAR = 60
"""Lines that are looked back for a mark that was never closed."""


class Slip(NamedTuple):
    """What was slipped, and where."""

    hint: str
    line: int
    column: int


def slip(lines: Sequence[str], line: int, column: int) -> Slip | None:
    """The slip that shows in the line where reading stopped or in those before it."""
    if not 0 < line <= len(lines):
        return None
    text = lines[line - 1]
    if re.search(r"\w'$", text[: column - 1]) and _OPENED.match(text) and "'" in text[column:]:
        return Slip("apostrophe", line, column - 1)
    before = next((n for n in range(line - 1, 0, -1) if lines[n - 1].strip()), line)
    for number in dict.fromkeys((before, line)):
        if flat := _flat(lines, number):
            return flat
        if not _in_block(lines, number):
            for hint, written in _SLIPS:
                if found := written.match(lines[number - 1]):
                    return Slip(hint, number, found.end() + 1)
    return _open_quote(lines, line, column)


def _flat(lines: Sequence[str], number: int) -> Slip | None:
    """A text that should stand in a block but is not indented more than its name."""
    if number < 2 or not _BLOCK.search(lines[number - 2]) or _in_block(lines, number - 1):
        return None
    opened = lines[number - 2]
    name = len(opened) - len(opened.lstrip(" -"))
    indent = _indent(lines[number - 1])
    return Slip("block-flat", number, indent + 1) if indent <= name else None


def _open_quote(lines: Sequence[str], line: int, column: int) -> Slip | None:
    """A mark that was never closed, so that the next one closed it."""
    for mark, places in (('"', _double), ("'", _single)):
        here = places(lines[line - 1][: column - 1])
        if len(here) % 2 == 0:
            continue
        for number in range(line - 1, max(0, line - _FAR), -1):
            above = places(lines[number - 1])
            if len(above) % 2 and not _in_block(lines, number):
                return Slip("quote-open", number, above[-1] + 1)
        if mark == '"':
            return None
    return None


def _double(text: str) -> list[int]:
    return [found.start() for found in _QUOTES.finditer(text) if found.group() == '"']


def _single(text: str) -> list[int]:
    """The marks of a text that begins with one; else they are apostrophes."""
    opened = _OPENED.match(text)
    return [n for n, sign in enumerate(text) if sign == "'"] if opened else []


def _in_block(lines: Sequence[str], number: int) -> bool:
    """Whether a line belongs to a text behind `|` or `>`."""
    indent = _indent(lines[number - 1])
    for above in range(number - 1, 0, -1):
        text = lines[above - 1]
        if text.strip() and _indent(text) < indent:
            if _BLOCK.search(text):
                return True
            indent = _indent(text)
            if not indent:
                return False
    return False


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" "))
