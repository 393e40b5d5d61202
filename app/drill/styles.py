"""How rounds are run: four styles, and what each of them allows.

Promise: plain data, nothing imported that is heavy. Must not decide what is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Style(StrEnum):
    """A way of being interviewed."""

    SCREENING = "screening"
    """A first talk: a question, a verdict, the next step up."""
    WHITEBOARD = "whiteboard"
    """Time to think aloud and to calculate, hints, long chains of follow-ups."""
    RAPID = "rapid"
    """Head and clock: a question closes when its time is over."""
    MOCK = "mock"
    """As on the day: no verdict, no hint, until the end."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a style allows."""

    pace: float
    """Seconds a question is given, as a multiple of what its item expects."""
    hints: bool
    follow_ups: int
    """How many follow-ups in a row a question may lead to."""
    calculator: bool
    """Whether an expression such as `3*3*64 + 64` is taken as a number."""
    at_once: bool
    """The verdict comes after each answer; otherwise all of them at the end."""
    closes: bool
    """A question closes when its time is over; otherwise its clock turns red and runs on."""


RULES: Mapping[Style, Rules] = MappingProxyType(
    {
        Style.SCREENING: Rules(1.5, False, 1, True, True, False),
        Style.WHITEBOARD: Rules(3.0, True, 2, True, True, False),
        Style.RAPID: Rules(1.0, False, 0, False, True, True),
        Style.MOCK: Rules(1.5, False, 1, True, False, False),
    }
)
