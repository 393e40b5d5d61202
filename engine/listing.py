"""Lists and shapes as people type them: `64x32x32`, `(1, 64, 32, 32)`, `[[0.1, 0.9], [1, 2]]`.

Promise: a list's elements are numbers read by `engine.answer`, so each may be written in any of
its forms. Raises `Unreadable` and nothing else. Must not know the truth.
"""

from __future__ import annotations

import re
from fractions import Fraction

from engine.answer import LONGEST, Nested, Reading, Unreadable, read_number, shortened
from engine.spelling import folded

_LONGEST_LIST = 4000
_MOST = 512
_DEEPEST = 6
_CALL = re.compile(r"(?:torch\.)?(?:size|tensor|shape|(?:np\.)?array) ?\(", re.I)
_DTYPE = re.compile(r",\s*(?:dtype|device|grad_fn)\s*=\s*[^,)\]]*")
_NAME = re.compile(r"^[A-Za-z\u4e00-\u9fff_ ]{1,20}[=:]\s*")
_CROSS = re.compile(r"(?<=[\dkKMG)]) ?(?:[x×X·*]| by ) ?(?=[\d(])")
_PAIRS = {"(": ")", "[": "]", "{": "}", "<": ">"}


def read_shape(typed: str) -> tuple[int, ...]:
    """A shape: whole numbers between `x`, `×`, commas or spaces. Raises Unreadable."""
    text = _prepared(typed, LONGEST)
    bare = _unwrapped(text)
    try:
        if _CROSS.search(bare) and not re.search(r"[,;]\s", bare):
            elements: Nested = tuple(read_number(part) for part in _CROSS.split(bare))
        else:
            elements = _read(text)
    except Unreadable:
        raise Unreadable("shape", typed=shortened(text)) from None
    if isinstance(elements, Reading):
        elements = (elements,)
    sizes = []
    for element in elements:
        if not isinstance(element, Reading) or not _whole(element.value):
            raise Unreadable("shape", typed=shortened(text))
        sizes.append(int(element.value))
    return tuple(sizes)


def read_list(typed: str) -> Nested:
    """A number or nested list of numbers. Raises Unreadable."""
    text = _prepared(typed, _LONGEST_LIST)
    try:
        return _read(text)
    except Unreadable as reason:
        if reason.code in ("not-a-number", "one-number"):
            raise Unreadable("list", typed=shortened(text)) from None
        raise


def flat(nested: Nested) -> tuple[Reading, ...]:
    """Every number of a nested list, in order."""
    if isinstance(nested, Reading):
        return (nested,)
    return tuple(reading for part in nested for reading in flat(part))


def shape_of(nested: Nested) -> tuple[int, ...] | None:
    """The shape of a nested list, None where it is ragged."""
    if isinstance(nested, Reading):
        return ()
    inner = {shape_of(part) for part in nested}
    if not inner:
        return (0,)
    only = inner.pop()
    return None if inner or only is None else (len(nested), *only)


def _whole(value: Fraction | float) -> bool:
    return isinstance(value, Fraction) and value.denominator == 1


def _prepared(typed: str, limit: int) -> str:
    if len(typed) > limit:
        raise Unreadable("too-long", limit=str(limit))
    text = folded(typed).rstrip("。;!.").replace("、", ",")
    text = _NAME.sub("", text).strip()
    if call := _CALL.match(text):
        inner = _DTYPE.sub("", text[call.end() - 1 :]).strip()
        text = inner[1:-1].strip() if inner.endswith(")") and _one_bracket(inner) else inner
    if not text:
        raise Unreadable("empty")
    return text


def _unwrapped(text: str) -> str:
    """Without brackets that hold the whole text."""
    while text[:1] in _PAIRS and text.endswith(_PAIRS[text[0]]) and _one_bracket(text):
        text = text[1:-1].strip()
    return text


def _one_bracket(text: str) -> bool:
    depth = 0
    for at, char in enumerate(text):
        depth += (char in _PAIRS) - (char in _PAIRS.values())
        if depth == 0:
            return at == len(text) - 1
    return False


def _read(text: str, depth: int = 0) -> Nested:
    if depth > _DEEPEST:
        raise Unreadable("list", typed=shortened(text))
    bare = _unwrapped(text)
    bracketed = bare != text
    parts = _split(bare)
    if len(parts) > _MOST:
        raise Unreadable("too-long", limit=str(_MOST))
    if bracketed and not bare:
        return ()
    if len(parts) == 1 and not bracketed:
        return read_number(bare)
    while bracketed and _double(text):
        # [[...]] is a list inside a list, although both brackets hold the whole text
        return (_read(text[1:-1].strip(), depth + 1),)
    return tuple(_read(part, depth + 1) for part in parts)


def _double(text: str) -> bool:
    inner = text[1:-1].strip()
    return inner[:1] in ("[", "(") and inner[-1:] == _PAIRS[inner[0]] and _one_bracket(inner)


def _split(text: str) -> list[str]:
    """The parts at the outermost separators: semicolons, else commas, else spaces."""
    for separator in (";", ",", " "):
        parts = _split_at(text, separator)
        if len(parts) > 1:
            kept = [part for part in parts if part]
            if separator != " " or all(_starts_number(part) for part in kept):
                return kept
    return [text]


def _starts_number(part: str) -> bool:
    return bool(re.match(r"[-+]?(?:[\d.(\[]|nan|inf|∞)", part.casefold()))


def _split_at(text: str, separator: str) -> list[str]:
    parts, depth, begin = [], 0, 0
    for at, char in enumerate(text):
        if char in _PAIRS and char != "<":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == separator and depth == 0:
            parts.append(text[begin:at].strip())
            begin = at + 1
    parts.append(text[begin:].strip())
    return parts
