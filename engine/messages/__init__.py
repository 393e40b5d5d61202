"""Failures in words: one table by code, in every language of the interface.

Promise: `describe` gives a sentence or two for any failure, the mend named where there is one, and
never raises; `caret` shows where in the source it lies. Nothing that stands in a source or in a
detail reaches the terminal as a control character. Must not import torch.

A section of the table is a module with `MESSAGES`: code -> language -> text. `{name}` stands for
the failure's detail of that name; a detail "@tensor" is a word of `WORDS`; where the detail
`nearest` is given, the nearest listed name is offered at the end.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from engine.messages import arguments as _arguments
from engine.messages import language as _language
from engine.messages import learning as _learning
from engine.messages import models as _models
from engine.messages import naming as _naming
from engine.messages import pictures as _pictures
from engine.messages import process as _process
from engine.messages import programs as _programs
from engine.messages import training as _training
from engine.messages import values as _values
from engine.messages.words import KIND_MESSAGES, NEAREST, WORDS
from engine.protocol import Failure

__all__ = ["MESSAGES", "WORDS", "caret", "describe"]

Table = Mapping[str, Mapping[str, str]]

SECTIONS: Final = (
    _language, _arguments, _models, _naming, _values, _learning, _process, _programs, _pictures,
    _training,
)  # fmt: skip

MESSAGES: Final[Table] = {code: text for part in SECTIONS for code, text in part.MESSAGES.items()}
"""Every message code with its text in each language."""

_SHOWN_CELLS: Final = 76

_FROM, _TO = "\ue000", "\ue001"
"""Around a detail while a text is filled; none can hold them, for they are not printable."""
_HAN, _LATIN = "[\u4e00-\u9fff]", "[A-Za-z0-9]"
_TOGETHER: Final = re.compile(rf"(?<={_HAN}) {_FROM}(?={_HAN})|(?<={_HAN}){_TO} (?={_HAN})")
_APART: Final = re.compile(rf"(?<={_HAN}){_FROM}(?={_LATIN})|(?<={_LATIN}){_TO}(?={_HAN})")
"""Where Chinese sets a space: beside Latin letters and digits, not between its own words. Which
of them a detail is, a text cannot know."""

_LONG_NUMBER, _LONGEST_NUMBER = 5, 80
"""Digits of a number in a message that are grouped by threes."""


def describe(failure: Failure, language: str = "en") -> str:
    """What went wrong and how to mend it, in one or two sentences."""
    texts = MESSAGES.get(failure.code) or KIND_MESSAGES[failure.kind.value]
    details = _Details(
        (name, value and f"{_FROM}{_word(value, language)}{_TO}") for name, value in failure.details
    )
    text = _in_language(texts, language).format_map(details)
    if details["nearest"]:
        text += _in_language(NEAREST, language).format_map(details)
    text = _APART.sub(" ", _TOGETHER.sub("", text))
    return text.replace(_FROM, "").replace(_TO, "")


def caret(failure: Failure, language: str = "en", *, cells: int = _SHOWN_CELLS) -> str:
    """The line at fault, a caret under the column, and the message below."""
    message = describe(failure, language)
    if failure.source is None:
        return message
    if failure.column is None:
        return f"{_cut(_visible(failure.source), cells)}\n{message}"
    line, place = _line_at(failure.source, failure.column - 1)
    before, behind = _visible(line[:place]), _visible(line[place:])
    room = max(cells - min(_cells(behind), cells // 3), cells // 2)
    if _cells(before) > room:
        before = "…" + _tail(before, room - 1)
    shown = before + _cut(behind, cells - _cells(before))
    return f"{shown}\n{' ' * _cells(before)}^\n{message}"


class _Details(dict[str, str]):
    """Details by name; one that is missing is empty."""

    def __missing__(self, name: str) -> str:
        return ""


def _in_language(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or texts["en"]


def _word(detail: str, language: str) -> str:
    if detail.isdecimal() and _LONG_NUMBER <= len(detail) <= _LONGEST_NUMBER:
        return f"{int(detail):,}"
    word = WORDS.get(detail[1:]) if detail.startswith("@") else None
    return _visible(detail) if word is None else _in_language(word, language)


def _line_at(source: str, place: int) -> tuple[str, int]:
    """The line of a place in the whole source, and the place in that line."""
    start = source.rfind("\n", 0, place) + 1
    end = source.find("\n", place)
    return source[start : end if end >= 0 else None], place - start


def _visible(text: str) -> str:
    """Text without anything a terminal would act on; as many characters as before."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in text)


def _cells(text: str) -> int:
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _cut(text: str, cells: int) -> str:
    """As much of the beginning as fits, with an ellipsis if that is not all."""
    if _cells(text) <= cells:
        return text
    kept, used = [], 1
    for character in text:
        used += _width(character)
        if used > cells:
            break
        kept.append(character)
    return "".join(kept) + "…"


def _tail(text: str, cells: int) -> str:
    """As much of the end as fits."""
    kept, used = [], 0
    for character in reversed(text):
        used += _width(character)
        if used > cells:
            break
        kept.append(character)
    return "".join(reversed(kept))
