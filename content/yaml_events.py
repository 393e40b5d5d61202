"""Reads YAML into plain data from libyaml's events, with the position of every key and value.

Promise: YAML 1.2 core scalars; duplicate keys, anchors, aliases, tags, merge keys and a second
document are refused; bytes, depth and nodes are capped; nothing here raises on bad input: what is
wrong comes back as problems with line and column. Must not know what a pack is.

`yaml.load` and `compose` recurse in C and crash the interpreter on deep input; events do not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NoReturn

import yaml
from yaml import events as ev

from content.diagnostic import Problem
from content.yaml_hints import NEVER_CLOSED, hint
from content.yaml_positions import Node, Path, Positions
from content.yaml_slips import slip

MAX_BYTES = 2_000_000
MAX_DEPTH = 24
MAX_NODES = 100_000
MAX_INTEGER_DIGITS = 80

MAX_PROBLEMS = 50

_DECIMAL = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_REAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(inf|Inf|INF)")
_WORDS: dict[str, object] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_FIRST_OF_OTHERS = frozenset("+-.0123456789~nNtTfF") | {""}
"""How a scalar that is no text may begin."""
# Besides the controls, what libyaml or a terminal would take for a line break or a direction mark.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff"
    "\ufffe\uffff]"
)


@dataclass(slots=True)
class Document:
    """What a file holds. Where `whole` is false, reading stopped before the end."""

    data: object
    positions: Positions
    problems: tuple[Problem, ...]
    whole: bool


class _ReadingError(Exception):
    """Reading cannot go on."""


def read(source: bytes) -> Document:
    """The document in `source`: dicts, lists and scalars, every problem collected."""
    if len(source) > MAX_BYTES:
        return _nothing(too_large(len(source)))
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = source[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        return _nothing(Problem("G002", line, column, (("byte", f"0x{source[error.start]:02x}"),)))
    if problems := _forbidden(text):
        return Document(None, Positions(text), problems, whole=False)
    builder = _Builder(text)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
    except _ReadingError:
        pass
    except yaml.YAMLError as error:
        builder.problems.append(_syntax(error, builder.positions))
        builder.whole = False
    return Document(
        builder.root, builder.positions, tuple(builder.problems[:MAX_PROBLEMS]), builder.whole
    )


def too_large(size: int) -> Problem:
    """The problem of a file of so many bytes."""
    return Problem("G003", 0, 0, (("bytes", str(size)), ("limit", str(MAX_BYTES))))


def _nothing(problem: Problem) -> Document:
    return Document(None, Positions(), (problem,), whole=False)


def _forbidden(text: str) -> tuple[Problem, ...]:
    """A problem for each control or direction character, up to a cap."""
    problems = []
    for found in FORBIDDEN.finditer(text):
        start = found.start()
        line = text.count("\n", 0, start) + 1
        column = start - text.rfind("\n", 0, start)
        problems.append(
            Problem("G009", line, column, (("character", f"U+{ord(found.group()):04X}"),))
        )
        if len(problems) >= MAX_PROBLEMS:
            break
    return tuple(problems)


def _syntax(error: yaml.YAMLError, positions: Positions) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    line = min(line, max(1, len(positions.lines)))
    said = str(getattr(error, "problem", None) or error)
    context = getattr(error, "context_mark", None)
    began = context.line + 1 if context else line
    likely = hint(said, positions.lines, line, column, began)
    if likely != "tab" and (slipped := slip(positions.lines, line, column)):
        likely, line, column = slipped
    elif context and likely in NEVER_CLOSED:
        line, column = began, context.column + 1
    elif likely == "indentation":
        text = positions.lines[line - 1]
        column = len(text) - len(text.lstrip(" ")) + 1
    since = (("began", str(began)),) if began < line else ()
    return Problem("G004", line, column, (("problem", said), ("hint", likely), *since))


def scalar(written: str) -> object:
    """What a plain scalar means in YAML 1.2's core schema. Raises ValueError if out of range."""
    if written[:1] not in _FIRST_OF_OTHERS:
        return written
    if written in _WORDS:
        return _WORDS[written]
    if _DECIMAL.fullmatch(written):
        if len(written) > MAX_INTEGER_DIGITS:
            raise ValueError(written)
        return int(written)
    if _BASED.fullmatch(written):
        return int(written[2:], 8 if written[1] == "o" else 16)
    if _REAL.fullmatch(written):
        value = float(written)
        if value in (float("inf"), float("-inf")):
            raise ValueError(written)
        return value
    if _INFINITE.fullmatch(written):
        return float(written.replace(".", ""))
    return written


class _Frame:
    """An open mapping or list while reading."""

    __slots__ = ("container", "dropped", "key", "key_place", "path")

    def __init__(self, container: dict[str, object] | list[object], path: Path) -> None:
        self.container = container
        self.path = path
        self.key: str | None = None
        self.key_place = (0, 0)
        self.dropped = False


def _start(event: ev.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _end(event: ev.Event) -> tuple[int, int]:
    mark = event.end_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


class _Builder:
    """Builds data from events with its own stack."""

    def __init__(self, text: str) -> None:
        self.root: object = None
        self.positions = Positions(text)
        self.problems: list[Problem] = []
        self.whole = True
        self._stack: list[_Frame] = []
        self._documents = 0
        self._count = 0

    def take(self, event: Any) -> None:
        """Takes one event; raises _ReadingError where reading cannot go on."""
        kind = type(event)
        if kind is ev.ScalarEvent:
            self._value(event, event.value, event.implicit[0])
        elif kind is ev.MappingStartEvent:
            self._value(event, {}, False)
        elif kind is ev.SequenceStartEvent:
            self._value(event, [], False)
        elif kind is ev.MappingEndEvent or kind is ev.SequenceEndEvent:
            self._stack.pop()
        elif kind is ev.AliasEvent:
            self._problem("G006", event, ("what", "alias"), ("name", f"*{event.anchor}"))
            self._value(event, None, False)
        elif kind is ev.DocumentStartEvent:
            self._documents += 1
            if self._documents > 1:
                self._fatal("G008", event)

    def _problem(self, code: str, event: ev.Event, *details: tuple[str, str]) -> None:
        self.problems.append(Problem(code, *_start(event), details))

    def _fatal(self, code: str, event: ev.Event, *details: tuple[str, str]) -> NoReturn:
        self._problem(code, event, *details)
        self.whole = False
        raise _ReadingError

    def _value(self, event: Any, value: Any, plain: bool) -> None:
        self._count += 1
        if self._count > MAX_NODES:
            self._fatal("G007", event, ("what", "nodes"), ("limit", str(MAX_NODES)))
        if type(event) is not ev.AliasEvent and (event.anchor or event.tag):
            self._refuse_decorations(event)
        top = self._stack[-1] if self._stack else None
        if top is not None and top.key is None and type(top.container) is dict:
            self._key(top, event, value, plain)
            return
        written = value if plain and isinstance(value, str) else None
        if written is not None:
            value = self._scalar(event, written)
        path = self._put(top, value)
        key_place = top.key_place if top is not None else (0, 0)
        self.positions.nodes[path] = Node(*_start(event), *_end(event), *key_place, written)
        if type(event) is not ev.ScalarEvent and value is not None:
            if len(self._stack) >= MAX_DEPTH:
                self._fatal("G007", event, ("what", "depth"), ("limit", str(MAX_DEPTH)))
            self._stack.append(_Frame(value, path))

    def _refuse_decorations(self, event: ev.Event) -> None:
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor:
            self._problem("G006", event, ("what", "anchor"), ("name", f"&{anchor}"))
        if tag:
            self._problem("G006", event, ("what", "tag"), ("name", str(tag)))

    def _scalar(self, event: ev.Event, written: str) -> object:
        try:
            return scalar(written)
        except ValueError:
            self._problem("G011", event)
            return 1  # within every range: one slip, one problem

    def _key(self, top: _Frame, event: ev.Event, value: object, plain: bool) -> None:
        """Notes a key; its value comes with the next event."""
        place = _start(event)
        if not isinstance(value, str):
            if isinstance(event, ev.MappingStartEvent) and self._figure_at(place):
                self._fatal("G004", event, ("problem", ""), ("hint", "figure-unquoted"))
            self._fatal("G010", event)
        top.dropped = False
        if plain and value == "<<":
            self._problem("G006", event, ("what", "merge"), ("name", "<<"))
            top.dropped = True
        elif isinstance(top.container, dict) and value in top.container:
            first = self.positions.key((*top.path, value))
            self._problem("G005", event, ("key", value), ("first", str(first[0])))
            top.dropped = True
        top.key, top.key_place = value, place

    def _figure_at(self, place: tuple[int, int]) -> bool:
        line = self.positions.lines[place[0] - 1]
        return line[max(0, place[1] - 2) : place[1]] == "{{"

    def _put(self, top: _Frame | None, value: object) -> Path:
        if top is None:
            self.root = value
            return ()
        if isinstance(top.container, list):
            top.container.append(value)
            return (*top.path, len(top.container) - 1)
        key, top.key = top.key or "", None
        if top.dropped:
            return (*top.path, key, "#dropped")
        top.container[key] = value
        return (*top.path, key)
