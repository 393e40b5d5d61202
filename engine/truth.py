"""What an answer is judged against, and what judging says.

Promise: plain frozen data. Numbers are in the truth's own `unit`. Must not judge.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.protocol import Failure, Skipped, Tried
from engine.values import Scalar, Value


class VerdictKind(StrEnum):
    """How an answer did. An unreadable one is asked again and never counted."""

    RIGHT = "right"
    CLOSE = "close"
    MISTAKE = "mistake"
    WRONG = "wrong"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class KnownMistake:
    """What a learner who makes this mistake answers."""

    id: str
    value: Value


@dataclass(frozen=True, slots=True)
class Choice:
    """One option: its text in every language, figures filled in."""

    texts: tuple[str, ...]
    right: bool
    mistake: str | None = None


@dataclass(frozen=True, slots=True)
class HiddenDraw:
    """What was measured for one set of a formula's symbols.

    `mistakes` stand in the exercise's order; one that does not apply there is None.
    """

    names: tuple[tuple[str, Scalar], ...]
    value: Value
    mistakes: tuple[KnownMistake | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Truth:
    """The right answer and how strictly it is asked for.

    `kind` is that of the exercise. `value`, the mistakes and an answer without a unit are in
    `unit`. `tolerance` is relative; without one the `dtype` decides, and
    whole numbers are exact. `exact` refuses rounded forms such as 1.79k. `points` is how many key
    points a `self` answer may tick.
    """

    kind: str
    value: Value = None
    tolerance: float | None = None
    absolute: float = 0.0
    exact: bool = False
    unit: str | None = None
    dtype: str | None = None
    mistakes: tuple[KnownMistake, ...] = ()
    options: tuple[Choice, ...] = ()
    accept: tuple[str, ...] = ()
    points: int = 0
    hidden: tuple[HiddenDraw, ...] = ()
    """What a formula is held against; the draw that is shown comes first."""
    program: str = ""
    """A right formula, layer or tensor expression."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What judging found.

    `mistake` is the author's id or, with `generic`, one of the ids of `engine.diagnosis`. `code`
    names the words of `describe_verdict`, `details` fill them. `value` is the answer as read, in
    the truth's unit. `ticked` holds chosen options or ticked points, counted from 1.

    Of a program: `failure` says why it could not be run, `at` is the hidden draw that breaks it
    (by its index), `tried` the inputs that do, `values` what a layer's requirements gave, by key.
    """

    kind: VerdictKind
    mistake: str | None = None
    generic: bool = False
    code: str = ""
    details: tuple[tuple[str, str], ...] = ()
    value: Value = None
    ticked: tuple[int, ...] = ()
    failure: Failure | None = None
    at: int | None = None
    tried: Tried | None = None
    values: tuple[tuple[str, Value | Failure | Skipped], ...] = ()
