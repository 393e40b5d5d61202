"""Judging a formula: its values on hidden draws against what was measured there.

Promise: values decide, so every algebraically equal form is right; the learner's formula sees the
draw's names and scalar functions only, and its evaluation ends soon. A failure names the simplest
draw that breaks it. `judge_formula` never raises, and what cannot be read is never counted.
"""

from __future__ import annotations

import math
import operator
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine import limits
from engine.closeness import Tolerance, equal, exact, is_whole, near, plain, tolerance_of
from engine.expression import Evaluator
from engine.programs import as_formula
from engine.protocol import Failure, FailureKind
from engine.refusal import Refused, refused
from engine.scalars import SCALARS, kind_of
from engine.truth import HiddenDraw, Truth, Verdict, VerdictKind
from engine.values import Scalar, Value

CLOSE_SHARE = 0.25
"""A formula that fails on at most this share of the draws, all of them at one edge, is close."""

_EXACT = Tolerance(1e-12, 0.0)
"""What floating-point arithmetic in a formula may cost where a whole number was measured."""
_FACTORS = (2.0, 0.5, 4.0, 0.25, -1.0)
_OFF_BY = (1, -1)

Given = int | float | Failure
"""What the learner's formula gives on one draw."""


def judge_formula(truth: Truth, typed: str) -> Verdict:
    """The verdict on a typed formula."""
    try:
        source = as_formula(typed, [name for name, _ in truth.hidden[0].names])
        given = _values(source, truth.hidden)
    except Refused as refusal:
        return Verdict(VerdictKind.UNREADABLE, code="program", failure=refusal.failure(typed))
    return _Judging(truth, given).verdict()


def _values(source: str, draws: Sequence[HiddenDraw]) -> list[Given]:
    """The formula's value on each draw. Raises Refused where it has none on any, or is too large
    to be computed."""
    deadline = time.monotonic() + limits.FORMULA_SECONDS
    given: list[Given] = []
    for draw in draws:
        evaluator = Evaluator(SCALARS, dict(draw.names), None, deadline=deadline)
        try:
            value = evaluator.evaluate(source, where="answer")
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise refused("formula-not-number", got=kind_of(value)).located(source, "answer")
            given.append(value)
        except Refused as refusal:
            if refusal.kind is not FailureKind.EXPRESSION or refusal.code == "formula-not-number":
                raise
            given.append(refusal.failure(source, "answer"))
            first = refusal
    if all(isinstance(value, Failure) for value in given):
        raise first
    return given


def agrees(truth: Truth, given: Given, value: Value) -> bool:
    """Whether what a formula gives is that value."""
    value = plain(value)
    if isinstance(given, Failure) or isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if is_whole(value) and truth.tolerance is None and not truth.absolute:
        tolerance = None if isinstance(given, int) else _EXACT
    else:
        tolerance = tolerance_of(truth)
    return equal(exact(given), exact(value), tolerance)


@dataclass(frozen=True)
class _Judging:
    truth: Truth
    given: Sequence[Given]

    def verdict(self) -> Verdict:
        draws = self.truth.hidden
        wrong = [n for n, draw in enumerate(draws) if not self._agrees(n, draw.value)]
        first = self.given[0]
        shown: Value = None if isinstance(first, Failure) else first
        if not wrong:
            return Verdict(VerdictKind.RIGHT, value=shown)
        found = self._mistake() or self._slip(wrong)
        if found is None:
            found = self._close(wrong) or self._broken(VerdictKind.WRONG, wrong)
        return found

    def _agrees(self, n: int, value: Value) -> bool:
        return agrees(self.truth, self.given[n], value)

    def _mistake(self) -> Verdict | None:
        """The first mistake whose formula gives the same wherever it applies."""
        draws = self.truth.hidden
        for which in range(max(len(draw.mistakes) for draw in draws)):
            found = [(n, draw.mistakes[which]) for n, draw in enumerate(draws)]
            known = [(n, mistake) for n, mistake in found if mistake is not None]
            wrong = [n for n, mistake in known if not self._agrees(n, draws[n].value)]
            if wrong and all(self._agrees(n, mistake.value) for n, mistake in known):
                return self._broken(VerdictKind.MISTAKE, wrong, mistake=known[0][1].id)
        return None

    def _slip(self, wrong: list[int]) -> Verdict | None:
        """Everywhere the same factor, or everywhere one too many or too few."""
        pairs = [(_number(g), _number(plain(d.value)))
                 for g, d in zip(self.given, self.truth.hidden, strict=True)]  # fmt: skip
        if len(pairs) < 2 or not all(map(math.isfinite, (x for pair in pairs for x in pair))):
            return None
        real = any(isinstance(plain(draw.value), float) for draw in self.truth.hidden)
        near = tolerance_of(self.truth).relative if real else 1e-12
        for factor in _FACTORS:
            if all(math.isclose(mine, factor * true, rel_tol=near) for mine, true in pairs):
                slip = "formula-sign" if factor == -1.0 else "formula-factor"
                return self._broken(VerdictKind.MISTAKE, wrong, mistake=slip, code=slip,
                                    factor=f"{factor:g}")  # fmt: skip
        for step in _OFF_BY:
            if all(mine - true == step for mine, true in pairs):
                code = "formula-one-more" if step > 0 else "formula-one-less"
                return self._broken(VerdictKind.MISTAKE, wrong, mistake=code, code=code)
        return None

    def _close(self, wrong: list[int]) -> Verdict | None:
        """Off at an edge only, or everywhere nearly right where reals are asked for."""
        draws = self.truth.hidden
        where = condition([dict(d.names) for d in draws], frozenset(wrong))
        if where:
            few = len(wrong) <= CLOSE_SHARE * len(draws)
            kind = VerdictKind.CLOSE if few else VerdictKind.WRONG
            return self._broken(kind, wrong, code="formula-edge", condition=where)
        if all(self._near(n) for n in wrong):
            return self._broken(VerdictKind.CLOSE, wrong, code="formula-near")
        return None

    def _near(self, n: int) -> bool:
        given, value = self.given[n], plain(self.truth.hidden[n].value)
        if not isinstance(value, float) or isinstance(given, Failure):
            return False
        return near(exact(given), exact(value))

    def _broken(
        self, kind: VerdictKind, wrong: list[int], *, mistake: str | None = None,
        code: str = "formula-differs", **details: str,
    ) -> Verdict:  # fmt: skip
        draws, first = self.truth.hidden, self.given[0]
        at = min(wrong, key=lambda n: (_size(draws[n]), n))
        given = self.given[at]
        if isinstance(given, Failure):
            code = "formula-undefined" if code == "formula-differs" else code
        told = {
            "draw": ", ".join(f"{name}={value}" for name, value in draws[at].names),
            "yours": "—" if isinstance(given, Failure) else written(given),
            "truth": written(plain(draws[at].value)),
            **details,
        }
        generic = mistake is not None and code == mistake
        return Verdict(
            kind, mistake, generic, code, tuple(told.items()),
            None if isinstance(first, Failure) else first,
            failure=given if isinstance(given, Failure) else None, at=at,
        )  # fmt: skip


def written(value: Value) -> str:
    """A number as a sentence holds it: 1,152 or 0.333333."""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, float) and math.isfinite(value):
        return f"{int(value):,}" if value.is_integer() and abs(value) < 1e15 else f"{value:.6g}"
    return str(value)


def _number(value: Value | Failure) -> float:
    return float(value) if isinstance(value, int | float) else math.nan


def _size(draw: HiddenDraw) -> float:
    """How hard a draw is to check in the head."""
    return sum(abs(v) for _, v in draw.names if isinstance(v, int | float))


_Draw = Mapping[str, Any]
_Condition = tuple[str, Callable[[_Draw], bool]]
_ORDER: tuple[tuple[str, Callable[[Any, Any], bool]], ...] = (
    (">", operator.gt),
    ("<", operator.lt),
)


def condition(draws: Sequence[_Draw], wrong: frozenset[int]) -> str:
    """What sets the wrong draws apart from the others, as a condition; empty if nothing does."""
    if len(wrong) == len(draws):
        return ""
    for text, holds in _conditions(draws):
        if all(holds(draw) == (n in wrong) for n, draw in enumerate(draws)):
            return text
    return ""


def _conditions(draws: Sequence[_Draw]) -> Iterator[_Condition]:
    """From the plainest to the most contrived."""
    names = list(draws[0])
    values = {name: sorted({draw[name] for draw in draws}, key=str) for name in names}
    for name in names:
        yield from ((f"{name} = {v}", _is(name, operator.eq, v)) for v in values[name])
    numbers = [n for n in names if all(type(v) in (int, float) for v in values[n])]
    for name in numbers:
        for sign, holds in _ORDER:
            yield from ((f"{name} {sign} {v}", _is(name, holds, v)) for v in values[name])
    for name in names:
        yield from ((f"{name} ≠ {v}", _is(name, operator.ne, v)) for v in values[name])
    whole = [name for name in numbers if all(type(v) is int for v in values[name])]
    for name in whole:
        yield f"{name} % 2 = 1", _leaves(name, 2, 1)
        yield f"{name} % 2 = 0", _leaves(name, 2, 0)
    for one in whole:
        for other in whole:
            if one != other:
                yield f"{one} > {other}", _pair(one, operator.gt, other)
                yield f"{one} = {other}", _pair(one, operator.eq, other)
                yield f"{one} % {other} ≠ 0", _pair(one, _has_rest, other)
                yield f"{one} % {other} = 0", _pair(one, _has_no_rest, other)


def _is(name: str, holds: Callable[[Any, Any], bool], value: Scalar) -> Callable[[_Draw], bool]:
    return lambda draw: holds(draw[name], value)


def _leaves(name: str, divisor: int, rest: int) -> Callable[[_Draw], bool]:
    return lambda draw: draw[name] % divisor == rest


def _pair(one: str, holds: Callable[[Any, Any], bool], other: str) -> Callable[[_Draw], bool]:
    return lambda draw: holds(draw[one], draw[other])


def _has_rest(a: int, b: int) -> bool:
    return b != 0 and a % b != 0


def _has_no_rest(a: int, b: int) -> bool:
    return not _has_rest(a, b)
