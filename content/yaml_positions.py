"""Where every key and value of a YAML file stands, and any piece of a text within its value.

Promise: counts lines and columns from 1, in characters; asked for what is not there, names the
nearest thing around it. Must not read YAML (`content.yaml_events` does).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

Path = tuple[str | int, ...]
"""Where a value stands: mapping keys and list indexes from the root."""


_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f",
    "r": "\r", "e": "\x1b", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
"""What stands for a sign of its own behind a backslash; any other sign stands for itself."""
_CODED = {"x": 2, "u": 4, "U": 8}


class Node(NamedTuple):
    """Where a value begins and ends, where its key stands, and how a scalar was written."""

    line: int
    column: int
    end_line: int
    end_column: int
    key_line: int
    key_column: int
    written: str | None
    """The scalar's own text if it was written plain (no quotes, no block), else None."""


@dataclass(slots=True)
class Positions:
    """Every value's place in one file."""

    source: str = ""
    nodes: dict[Path, Node] = field(default_factory=dict)
    _lines: list[str] | None = None

    @property
    def lines(self) -> list[str]:
        """The file's lines, without their ends."""
        if self._lines is None:
            self._lines = re.split(r"\r\n|\r|\n", self.source)
        return self._lines

    def value(self, path: Path) -> tuple[int, int]:
        """Line and column of the value at `path`, or of the nearest thing around it."""
        while path and path not in self.nodes:
            path = path[:-1]
        node = self.nodes.get(path)
        return (node.line, node.column) if node else (1, 1)

    def key(self, path: Path) -> tuple[int, int]:
        """Line and column of the key that leads to `path`; of the value where it has no key."""
        node = self.nodes.get(path)
        if node is None:
            return self.value(path)
        return (node.key_line, node.key_column) if node.key_line else (node.line, node.column)

    def find(self, path: Path, fragment: str, occurrence: int = 0) -> tuple[int, int]:
        """Line and column of the n-th `fragment` inside the text at `path`.

        Falls back to the text's own place where folding hides the fragment.
        """
        node = self.nodes.get(path)
        if node is None or not fragment:
            return self.value(path)
        if place := self._in_quotes(node, fragment, occurrence):
            return place
        first_line = fragment.split("\n", 1)[0]
        for number in range(node.line, min(node.end_line, len(self.lines)) + 1):
            line = self.lines[number - 1]
            start = node.column - 1 if number == node.line else 0
            stop = node.end_column - 1 if number == node.end_line else len(line)
            found = line.find(first_line, start, stop)
            while found >= 0:
                if occurrence == 0:
                    return number, found + 1
                occurrence -= 1
                found = line.find(first_line, found + len(first_line), stop)
        return self.value(path)

    def _in_quotes(self, node: Node, fragment: str, occurrence: int) -> tuple[int, int] | None:
        """Where the fragment of a text in double quotes is written, escapes and all."""
        text, places = _double_quoted(self.lines, node)
        start = text.find(fragment)
        while start >= 0 and occurrence:
            start = text.find(fragment, start + len(fragment))
            occurrence -= 1
        return places[start] if start >= 0 else None

    def written(self, path: Path) -> str | None:
        """A plain scalar exactly as written ("1.0"), or None."""
        node = self.nodes.get(path)
        return node.written if node else None


def _double_quoted(lines: list[str], node: Node) -> tuple[str, list[tuple[int, int]]]:
    """A text in double quotes as it is read, with the place of each of its characters; nothing
    for any other value."""
    number, at = node.line, node.column
    text: list[str] = []
    places: list[tuple[int, int]] = []
    if number > len(lines) or lines[number - 1][at - 1 : at] != '"':
        return "", []
    while number <= min(node.end_line, len(lines)):
        line = lines[number - 1]
        stop = node.end_column - 2 if number == node.end_line else len(line)
        while at < stop:
            sign, length = _sign(line, at)
            if sign is None:  # a backslash at the line's end: the text goes on without a space
                break
            text.append(sign)
            places.append((number, at + 1))
            at += length
        else:
            if number < node.end_line:
                _fold(text, places, blank=not line.strip())
        number += 1
        following = lines[number - 1] if number <= len(lines) else ""
        at = len(following) - len(following.lstrip(" \t"))
    return "".join(text), places


def _sign(line: str, at: int) -> tuple[str | None, int]:
    """The character written at a place, and how many signs it takes there."""
    if line[at] != "\\":
        return line[at], 1
    if at + 1 >= len(line):
        return None, 1
    kind = line[at + 1]
    if width := _CODED.get(kind):
        try:
            return chr(int(line[at + 2 : at + 2 + width], 16)), 2 + width
        except (ValueError, OverflowError):
            return kind, 2
    return _ESCAPES.get(kind, kind), 2


def _fold(text: list[str], places: list[tuple[int, int]], *, blank: bool) -> None:
    """A line's end inside quotes: a space, or a line's end where a blank line follows."""
    while text and text[-1] in " \t":
        text.pop()
        places.pop()
    sign = "\n" if blank else " "
    if blank and text and text[-1] == " ":
        text[-1] = sign
        return
    place = places[-1] if places else (1, 1)
    text.append(sign)
    places.append(place)
