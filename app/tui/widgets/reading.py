"""What was read in an answer, where it was not typed as that plain number.

Promise: one line such as `34×20×20 = 13,600`; empty where it would only repeat what was typed.
Must not read the answer itself: the verdict holds what was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.values import Value
    from engine.verdict import Verdict

_NUMBER = re.compile(r"\d+(?:\.\d*)?|\.\d+")
_GROUPING = re.compile(r"(?<=\d)[,，_' ](?=\d{3}(?!\d))")


def what_was_read(typed: str, verdict: Verdict, language: str) -> str:
    """The typed text and its value; empty for a right answer and for one typed as its value."""
    value = verdict.value
    if str(verdict.kind) == "right" or verdict.code == "unit-asked" or not _numeric(value):
        return ""
    typed = typed.strip().rstrip("=")
    said = typed.rpartition("=")[2].strip()
    plain = said if isinstance(value, tuple) else _GROUPING.sub("", said)
    if [float(number) for number in _NUMBER.findall(plain)] == [abs(n) for n in _flat(value)]:
        return ""
    from content.text import clean_line, format_value

    shown = format_value(value, language)
    rounded = isinstance(value, float) and shown.replace(",", "") != repr(value)
    return f"{clean_line(said)} {'≈' if rounded else '='} {shown}"


def _numeric(value: Value) -> bool:
    if isinstance(value, tuple):
        return bool(value) and all(_numeric(part) for part in value)
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _flat(value: Value) -> Iterator[int | float]:
    if isinstance(value, tuple):
        for part in value:
            yield from _flat(part)
    elif isinstance(value, int | float):
        yield value
