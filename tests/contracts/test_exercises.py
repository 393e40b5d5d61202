"""Every built-in exercise, over two draws, and among the slow tests over at least 100 (all,
where there are fewer).

Formula and measurement agree; each mistake that applies gets its own diagnosis; the right answer
passes however it is typed; every text renders in both languages.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest

from content.judging import judged
from content.pack import Exercise
from content.prepare import Draw, Prepared, draw_item, job_for
from content.text import plain
from content.verdict_text import why
from engine.client import EngineClient
from engine.draw import every_draw
from engine.programs import PROGRAM_KINDS
from engine.protocol import Measured
from engine.values import TensorValue, Value
from engine.verdict import VerdictKind, canonical, judge, same_value
from tests.built_in import built_in

_FULL_WIDTH = str.maketrans(
    {c: chr(ord(c) + 0xFEE0) for c in "0123456789,.()+-abcdefghijklmnopqrstuvwxyz"}
)
_DRAWS, _FEW = 100, 2


def _exercises() -> list[str]:
    return [entry.name for entry in built_in().index() if entry.kind != "card"]


def _draws(name: str, exercise: Exercise) -> list[tuple[int, Draw]]:
    if not exercise.draw:
        return [(0, ())]
    every = every_draw(exercise.draw, exercise.where, _DRAWS)
    if every is not None:
        return [(seed, tuple(drawn.items())) for seed, drawn in enumerate(every)]
    return [(seed, draw_item(name, exercise, seed)) for seed in range(_DRAWS)]


def _prepared(name: str, engine: EngineClient, most: int) -> list[Prepared]:
    found = built_in().item(name)
    assert found is not None
    topic, item = found
    assert isinstance(item, Exercise)
    draws = _draws(name, item)
    draws = draws[:: -(-len(draws) // most)]  # the few lie all over the hundred
    if item.kind == "formula":  # each of its draws is held against all of them
        draws = draws[:3]
    jobs = [job_for(item, seed, drawn, trace=False) for seed, drawn in draws]
    prepared = []
    for (seed, drawn), job, future in zip(draws, jobs, engine.submit_many(jobs), strict=True):
        outcome = future.result()
        assert isinstance(outcome, Measured), (outcome, drawn)
        prepared.append(Prepared(name, topic.title, item, seed, drawn, job, outcome))
    return prepared


def _scalar(value: Value) -> Value:
    if isinstance(value, TensorValue) and value.shape == ():
        assert not isinstance(value.data, tuple)
        return value.data
    return value


def _number_forms(value: int | float) -> Iterator[str]:
    if isinstance(value, float) and math.isnan(value):
        yield from ("nan", "NaN", " NAN ", "ｎａｎ", "Nan")
        return
    if isinstance(value, float) and math.isinf(value):
        sign = "-" if value < 0 else ""
        yield from (f"{sign}inf", f"{sign}∞", f"{sign}Inf", f" {sign}infinity", f"{sign}ｉｎｆ")
        return
    digits = repr(value)
    yield digits
    yield f"  {digits}  "
    yield digits.translate(_FULL_WIDTH)
    yield f"({digits}) * 1"
    yield f"{value:,}" if isinstance(value, int) else f"{value:.12e}"


def _program_forms(program: str) -> Iterator[str]:
    yield program
    yield f"  {program}  "
    yield f"answer = {program}"
    yield program.replace("(", "（").replace(")", "）").replace(",", "，")
    yield program.replace("*", "×").replace("××", "^")
    yield f"({program})"


def _forms(prepared: Prepared) -> Iterator[str]:
    truth = prepared.truth
    value = _scalar(truth.value)
    if truth.kind in PROGRAM_KINDS:
        yield from _program_forms(truth.program)
    elif truth.kind == "number" and isinstance(value, int | float) and not isinstance(value, bool):
        yield from _number_forms(value)
    elif truth.kind == "shape" and isinstance(value, tuple):
        sizes = [str(size) for size in value]
        yield from (f"({', '.join(sizes)})", f"[{','.join(sizes)}]", "x".join(sizes))
        yield from ("×".join(sizes), "，".join(sizes).translate(_FULL_WIDTH), " ".join(sizes))
    elif truth.kind == "choice":
        letter = next("abcdefghij"[n] for n, o in enumerate(truth.options) if o.right)
        right = next(option for option in truth.options if option.right)
        yield from (letter, letter.upper(), f" {letter} ", letter.translate(_FULL_WIDTH))
        yield from right.texts
    elif truth.kind == "several":
        letters = ["abcdefghij"[n] for n, option in enumerate(truth.options) if option.right]
        yield from (", ".join(letters), " ".join(letters), "，".join(letters))
        yield from (",".join(reversed(letters)), ", ".join(letters).upper())
    elif truth.kind == "term":
        for form in truth.accept:
            yield from (form, form.upper(), f" {form} ", form.translate(_FULL_WIDTH))
        yield canonical(truth, "zh")
    else:
        ticks = [str(n) for n in range(1, truth.points + 1)]
        yield from (" ".join(ticks), ",".join(ticks), "，".join(ticks), ", ".join(ticks))
        yield " ".join(ticks).translate(_FULL_WIDTH)


@pytest.mark.parametrize("name", _exercises())
def test_exercise(name: str, engine: EngineClient) -> None:
    _holds(name, engine, _FEW)


@pytest.mark.slow
@pytest.mark.parametrize("name", _exercises())
def test_exercise_over_many_draws(name: str, engine: EngineClient) -> None:
    _holds(name, engine, _DRAWS)


def _holds(name: str, engine: EngineClient, most: int) -> None:
    for prepared in _prepared(name, engine, most):
        assert prepared.failures == (), prepared.draw
        _formula_agrees(prepared)
        _right_answers_pass(prepared, engine)
        _program_mistakes_are_told(prepared, engine)
        _mistakes_are_told_apart(prepared)
        for language in ("en", "zh"):
            assert plain(prepared.question(language), language)
            prepared.solution(language)


def _formula_agrees(prepared: Prepared) -> None:
    work = prepared.solution("en")
    if work.stated is not None:
        agree = same_value(work.measured, work.stated, prepared.truth)
        assert agree, (prepared.draw, work.stated, work.measured)


def _right_answers_pass(prepared: Prepared, engine: EngineClient) -> None:
    forms = list(_forms(prepared))
    assert len(forms) >= 5
    for typed in forms:
        verdict = judged(prepared, typed, engine.measure)
        assert verdict.kind is VerdictKind.RIGHT, (prepared.draw, typed, verdict)


def _program_mistakes_are_told(prepared: Prepared, engine: EngineClient) -> None:
    """A mistake typed as it stands is named, unless it calls what the answer may not."""
    if prepared.truth.kind not in PROGRAM_KINDS:
        return
    for mistake in prepared.exercise.mistakes:
        verdict = judged(prepared, mistake.value, engine.measure)
        assert verdict.kind is VerdictKind.MISTAKE, (mistake.value, verdict)
        assert verdict.mistake == mistake.id, (mistake.value, verdict)
        for language in ("en", "zh"):
            told = why(prepared, verdict, language)
            assert told
            assert "?" not in told


def _mistakes_are_told_apart(prepared: Prepared) -> None:
    if prepared.truth.kind not in ("number", "shape"):
        return
    for mistake in prepared.truth.mistakes:
        value = _scalar(mistake.value)
        typed = str(value) if isinstance(value, tuple) else repr(value)
        verdict = judge(prepared.truth, typed)
        assert verdict.kind is VerdictKind.MISTAKE, (prepared.draw, mistake, verdict)
        assert verdict.mistake == mistake.id, (prepared.draw, mistake, verdict)
        for language in ("en", "zh"):
            assert plain(prepared.why(mistake.id, language), language)
