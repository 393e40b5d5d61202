"""Judging an answer against the truth of one draw.

Promise: `judge` never raises for any typed text, and never counts what it cannot read. The order
is fixed: equal to the truth; a rounded form of it (unless a mistake rounds the same way: then more
digits are asked for); the author's mistakes; the generic ones; close; wrong. Must not know how an
answer is shown or what it counts as.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from engine.answer import Nested, Reading, Unreadable, read_number
from engine.choosing import judge_choice, judge_self, judge_several, judge_term
from engine.closeness import (
    Exact,
    exact,
    matches,
    near,
    plain,
    rounds_to,
    same_value,
    scalar_tolerance,
)
from engine.diagnosis import number_slip, shape_near, shape_slip
from engine.formulas import judge_formula
from engine.listing import flat, read_list, read_shape, shape_of
from engine.spelling import comparable
from engine.truth import Choice, HiddenDraw, KnownMistake, Truth, Verdict, VerdictKind
from engine.values import TensorValue, Value
from engine.verdict_words import canonical, describe_verdict

__all__ = [
    "Choice",
    "HiddenDraw",
    "KnownMistake",
    "Truth",
    "Verdict",
    "VerdictKind",
    "applicable",
    "canonical",
    "describe_verdict",
    "judge",
    "same_value",
]

_YES = frozenset({"true", "yes", "1", "是", "对", "真", "会", "y", "t"})
_NO = frozenset({"false", "no", "0", "否", "不", "错", "假", "不是", "不会", "n", "f"})


def applicable(truth: Truth) -> tuple[KnownMistake, ...]:
    """The mistakes that differ from the truth; of two that coincide, the first."""
    kept: list[KnownMistake] = []
    for mistake in truth.mistakes:
        others = [truth.value, *(known.value for known in kept)]
        if not any(same_value(mistake.value, other, truth) for other in others):
            kept.append(mistake)
    return tuple(kept)


def judge(truth: Truth, typed: str) -> Verdict:
    """The verdict on what was typed. Raises ValueError for kinds that are judged by running."""
    judges: dict[str, Callable[[Truth, str], Verdict]] = {
        "number": _judge_number,
        "shape": _judge_shape,
        "choice": judge_choice,
        "several": judge_several,
        "term": judge_term,
        "self": judge_self,
        "formula": judge_formula,
    }
    if truth.kind not in judges:
        raise ValueError(f"{truth.kind} is judged by running the answer")
    try:
        return judges[truth.kind](replace(truth, mistakes=applicable(truth)), typed)
    except Unreadable as reason:
        return Verdict(VerdictKind.UNREADABLE, code=reason.code, details=reason.details)


def _judge_number(truth: Truth, typed: str) -> Verdict:
    value = plain(truth.value)
    if isinstance(value, tuple):
        return _judge_list(truth, typed)
    if isinstance(value, bool):
        return _judge_truth_value(truth, value, typed)
    if not isinstance(value, int | float):
        return judge_term(replace(truth, accept=(str(value),)), typed)
    reading = read_number(typed, truth.unit)
    return _judged(truth, exact(value), reading)


def _judged(truth: Truth, value: Exact, reading: Reading) -> Verdict:
    shown = _value(reading)
    tolerance = scalar_tolerance(truth, plain(truth.value))
    if not reading.foreign:
        if matches(reading, value, tolerance):
            return Verdict(VerdictKind.RIGHT, value=shown)
        if rounds_to(reading, value):
            if any(_is_mistake(truth, known, reading) for known in truth.mistakes):
                return Verdict(VerdictKind.UNREADABLE, code="more-digits", value=shown)
            if not truth.exact:
                return Verdict(VerdictKind.RIGHT, value=shown)
        for known in truth.mistakes:
            if _is_mistake(truth, known, reading):
                return Verdict(VerdictKind.MISTAKE, known.id, value=shown)
    if slip := number_slip(truth, value, reading):
        found, details = slip
        return Verdict(VerdictKind.MISTAKE, found, True, found, details, shown)
    coarse = not (reading.foreign or truth.exact) and rounds_to(reading, value, digits=1)
    if not reading.foreign and near(reading.value, value):
        code = "exact-wanted" if truth.exact and rounds_to(reading, value) else "close"
        return Verdict(VerdictKind.CLOSE, code="few-digits" if coarse else code, value=shown)
    code = "unit-asked" if reading.foreign else "few-digits" if coarse else ""
    details = (("unit", truth.unit or ""),) if reading.foreign else ()
    return Verdict(VerdictKind.WRONG, code=code, details=details, value=shown)


def _is_mistake(truth: Truth, known: KnownMistake, reading: Reading) -> bool:
    value = plain(known.value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    candidate = exact(value)
    return matches(reading, candidate, scalar_tolerance(truth, value)) or rounds_to(
        reading, candidate
    )


def _judge_truth_value(truth: Truth, value: bool, typed: str) -> Verdict:
    said = comparable(typed)
    if said in _YES | _NO:
        kind = VerdictKind.RIGHT if (said in _YES) == value else VerdictKind.WRONG
        for known in truth.mistakes:
            if kind is VerdictKind.WRONG and known.value == (said in _YES):
                return Verdict(VerdictKind.MISTAKE, known.id, value=said in _YES)
        return Verdict(kind, value=said in _YES)
    raise Unreadable("empty" if not said else "yes-or-no")


def _judge_list(truth: Truth, typed: str) -> Verdict:
    nested = read_list(typed)
    if isinstance(nested, Reading):
        nested = (nested,)
    shown = _nested_value(nested)
    fit = _list_fit(truth, truth.value, nested)
    if fit == "right":
        return Verdict(VerdictKind.RIGHT, value=shown)
    known = next(
        (m for m in truth.mistakes if _list_fit(truth, m.value, nested) in ("right", "rounded")),
        None,
    )
    if fit == "rounded":
        if known is not None:
            return Verdict(VerdictKind.UNREADABLE, code="more-digits", value=shown)
        if not truth.exact:
            return Verdict(VerdictKind.RIGHT, value=shown)
    if known is not None:
        return Verdict(VerdictKind.MISTAKE, known.id, value=shown)
    if fit in ("near", "rounded"):
        return Verdict(VerdictKind.CLOSE, code="close", value=shown)
    if fit == "shape":
        details = (("shape", _shape_text(_flat_shape(truth.value))),)
        return Verdict(VerdictKind.WRONG, code="list-shape", details=details, value=shown)
    return Verdict(VerdictKind.WRONG, value=shown)


def _list_fit(truth: Truth, value: Value, nested: Nested) -> str:
    """right, rounded, near, shape (other shape) or wrong.

    A flat list answers a nested one. Rounded elements are as people write them: each may have few
    digits, if the largest of the list has three (0.090, 0.245, 0.665).
    """
    wanted = [exact(number) for number in _numbers(plain(value))]
    readings = flat(nested)
    typed_shape = shape_of(nested)
    if len(wanted) != len(readings) or typed_shape not in (_flat_shape(value), (len(readings),)):
        return "shape"
    tolerance = scalar_tolerance(truth, next(iter(_numbers(plain(value))), 0.0))
    pairs = list(zip(readings, wanted, strict=True))
    if all(matches(reading, number, tolerance) for reading, number in pairs):
        return "right"
    if all(
        matches(reading, number, tolerance) or rounds_to(reading, number, digits=0)
        for reading, number in pairs
    ):
        largest = max(pairs, key=lambda pair: _magnitude(pair[1]))
        if matches(largest[0], largest[1], tolerance) or rounds_to(*largest):
            return "rounded"
    if all(matches(r, n, tolerance) or near(r.value, n) for r, n in pairs):
        return "near"
    return "wrong"


def _magnitude(number: Exact) -> Fraction:
    return Fraction(-1) if isinstance(number, float) else abs(number)


def _numbers(value: Value) -> list[int | float]:
    if isinstance(value, tuple):
        return [number for part in value for number in _numbers(plain(part))]
    return [value] if isinstance(value, int | float) else []


def _flat_shape(value: Value) -> tuple[int, ...]:
    if isinstance(value, TensorValue):
        return value.shape
    if isinstance(value, tuple):
        return (len(value), *(_flat_shape(value[0]) if value else ()))
    return ()


def _judge_shape(truth: Truth, typed: str) -> Verdict:
    wanted = _shape(truth.value)
    shape = read_shape(typed)
    if shape == wanted:
        return Verdict(VerdictKind.RIGHT, value=shape)
    for known in truth.mistakes:
        if shape == _shape(known.value):
            return Verdict(VerdictKind.MISTAKE, known.id, value=shape)
    if slip := shape_slip(wanted, shape):
        return Verdict(VerdictKind.MISTAKE, slip, True, slip, value=shape)
    if shape_near(wanted, shape):
        return Verdict(VerdictKind.CLOSE, code="shape-close", value=shape)
    details = (("axes", str(len(wanted))),)
    code = "shape-axes" if len(shape) != len(wanted) else ""
    return Verdict(VerdictKind.WRONG, code=code, details=details if code else (), value=shape)


def _shape(value: Value) -> tuple[int, ...]:
    numbers = _numbers(plain(value))
    return tuple(int(number) for number in numbers if number == number // 1)


def _shape_text(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))


def _value(reading: Reading) -> Value:
    number = reading.value
    if isinstance(number, float):
        return number
    return int(number) if number.denominator == 1 else float(number)


def _nested_value(nested: Nested) -> Value:
    if isinstance(nested, Reading):
        return _value(nested)
    return tuple(_nested_value(part) for part in nested)
