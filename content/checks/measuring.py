"""Codes of measuring: everything has a value, and two ways lead to the same truth.

Promise: judges the proofs of `content.checks.proof`; one finding per place, with the first draw
that shows it and how many do. Must not measure.
"""

from __future__ import annotations

from collections.abc import Iterator

from content.checks.expressions import at_column
from content.checks.kinds import show_draw
from content.checks.proof import Failed, Proof
from content.checks.registry import rule
from content.checks.view import ItemView, PackView
from content.diagnostic import Diagnostic
from content.pack import Exercise
from content.text import format_value
from content.yaml_positions import Path
from engine.closeness import same_value
from engine.expression import Refused, names_in
from engine.protocol import Failure, FailureKind, Skipped
from engine.truth import Truth, VerdictKind
from engine.values import TensorValue, Value
from engine.verdict import canonical, judge

SLOW = 0.25
"""Seconds of one draw above which a check of a hundred takes too long."""

_GAVE_UP = frozenset({FailureKind.TIMEOUT, FailureKind.MEMORY, FailureKind.CRASH})
_JUDGED_DRAWS = 5
_SHOWN = 60


@rule("G601", "not-measured", measured=True)
def not_measured(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds expressions the engine refuses: an unknown function, a wrong argument, shapes that do
    not fit, a model above the limits.

    Why is this bad?
    The learner would see a question mark instead of a number, or no exercise at all.

    Example
        measure: parameters(Conv2D(3, 64, 3))

    Use instead
        measure: parameters(Conv2d(3, 64, 3))
    """
    for proof, failed, count in _failures(view):
        if failed.failure.kind not in _GAVE_UP:
            yield _failure("G601", proof, failed, count)


@rule("G604", "engine-gave-up", measured=True)
def engine_gave_up(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds measurements that took too long, needed too much memory or broke the engine.

    Why is this bad?
    They would do the same on the learner's machine, in the middle of a session.

    Example
        measure: loss_at(train(net, data, "cross_entropy", SGD(lr=0.1), steps=100000), -1)

    Use instead
        measure: loss_at(train(net, data, "cross_entropy", SGD(lr=0.1), steps=200), -1)
    """
    for proof, failed, count in _failures(view):
        if failed.failure.kind in _GAVE_UP:
            yield _failure("G604", proof, failed, count)


def _failures(view: PackView) -> Iterator[tuple[Proof, Failed, int]]:
    """The first failure of each kind at each place, and how many draws show it."""
    for proof in view.proofs.values():
        first: dict[tuple[str, str], Failed] = {}
        counts: dict[tuple[str, str], int] = {}
        for failed in proof.failed:
            place = failed.key, failed.failure.code
            first.setdefault(place, failed)
            counts[place] = counts.get(place, 0) + 1
        for place, failed in first.items():
            if not _told_already(failed.failure):
                yield proof, failed, counts[place]


def _told_already(failure: Failure) -> bool:
    """Whether G501, G502 or G503 tells of it without measuring."""
    if failure.code == "shadows-listed":
        return True
    try:
        names = names_in(failure.source or "0")
    except Refused:
        return True
    return failure.code == "unknown-name" and failure.detail("name") in names


def _failure(code: str, proof: Proof, failed: Failed, count: int) -> Diagnostic:
    view, failure = proof.view, failed.failure
    path, source = place_of(view, failed.key, failure.source or "")
    return at_column(
        view,
        code,
        path,
        source,
        failure,
        draw=show_draw(failed.draw),
        count=str(count),
        total=str(proof.drawn),
    )


def place_of(view: ItemView, key: str, source: str) -> tuple[Path, str]:
    """Where a measure's key, or a binding's name, stands in the item."""
    head, _, figure = key.partition(":")
    if figure:
        for form, found in view.figures:
            if found.source == figure and (head == "text" or _path(head) == form.path[:2]):
                return form.path, figure
        return (), figure
    if key in view.item.let:
        return ("let", key), source
    if key == "answer":
        return ("example",), source
    if view.exercise is not None and any(key in group for group in view.exercise.inputs):
        at = next(n for n, group in enumerate(view.exercise.inputs) if key in group)
        return ("inputs", at, key), source
    path = _path(key) if key else ()
    last = {"mistakes": "value", "options": "right", "steps": "show", "require": "that"}
    if path and path[0] in last:
        exercise = view.exercise
        when = exercise.mistakes[int(path[1])].when if exercise and path[0] == "mistakes" else None
        return (*path, "when" if when == source else last[str(path[0])]), source
    if view.exercise is not None and key in view.exercise.draw:
        return ("draw", key), source
    if path[:1] in (("allow",), ("inputs",), ("reference",)):
        return path, source
    return (path if path in (("measure",), ("solution",), ("where",), ("run",)) else ()), source


def _path(key: str) -> Path:
    return tuple(int(part) if part.isdigit() else part for part in key.split("."))


@rule("G602", "solution-differs", measured=True)
def solution_differs(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Compares the closed formula with the measurement on every proved draw.

    Why is this bad?
    One of the two is wrong, and the learner would be taught a wrong formula.

    Example
        measure: parameters(Conv2d(c, n, k))
        solution: k*k*c*n

    Use instead
        solution: k*k*c*n + n
    """
    for proof, exercise in _proved(view):
        if exercise.solution is None or exercise.measure is None:
            continue
        different = []
        for prepared in proof.prepared:
            measured, stated = prepared.values["measure"], prepared.values["solution"]
            if isinstance(measured, Failure | Skipped) or isinstance(stated, Failure | Skipped):
                continue
            if not _is_kind(exercise.kind, measured):
                break  # G603 tells
            if not same_value(stated, measured, prepared.truth):
                different.append((prepared.draw, measured, stated))
        if different:
            draw, measured, stated = different[0]
            yield proof.view.report(
                "G602",
                ("solution",),
                draw=show_draw(draw),
                measured=shown(measured),
                stated=shown(stated),
                count=str(len(different)),
                total=str(proof.drawn),
            )


@rule("G603", "wrong-kind-of-truth", measured=True)
def wrong_kind_of_truth(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds measurements of another kind than the exercise asks for: a number must be one number, a
    shape a tuple of whole numbers.

    Why is this bad?
    No answer a learner can type would be right.

    Example
        kind: number
        measure: output_shape(layer, x)

    Use instead
        kind: number
        measure: output_shape(layer, x)[2]
    """
    for proof, exercise in _proved(view):
        for prepared in proof.prepared:
            value = prepared.values.get("measure")
            if value is None or isinstance(value, Failure | Skipped):
                continue
            if not _is_kind(exercise.kind, value):
                details = {"kind": exercise.kind, "value": shown(value), "slip": exercise.kind}
                yield proof.view.report(
                    "G603", ("measure",), draw=show_draw(prepared.draw), more=details
                )
                break


def _is_kind(kind: str, value: Value) -> bool:
    if isinstance(value, TensorValue):
        if kind == "shape":
            return False
        value = value.data
    if kind == "shape":
        return isinstance(value, tuple) and all(
            isinstance(side, int) and not isinstance(side, bool) for side in value
        )
    if kind in ("number", "formula"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return True


@rule("G605", "right-answer-refused", measured=True)
def right_answer_refused(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Answers the exercise with its own truth, written as a learner would, and finds where that is
    not judged right.

    Why is this bad?
    A learner who is right would be told otherwise.

    Example
        accept: [{en: "", zh: 填充}]

    Use instead
        accept: [{en: padding, zh: 填充}]
    """
    for proof, exercise in _proved(view):
        field = "accept" if exercise.accept else "options" if exercise.options else "kind"
        slip = {"slip": field} if field == "options" else {}
        for prepared in proof.prepared[:_JUDGED_DRAWS]:
            if prepared.failures:
                continue
            typed = _refused(prepared.truth)
            if typed is not None:
                verdict = judge(prepared.truth, typed)
                yield proof.view.report(
                    "G605",
                    (field,),
                    key=True,
                    typed=typed[:_SHOWN],
                    verdict=verdict.kind.value,
                    draw=show_draw(prepared.draw),
                    more=slip,
                )
                break


def _refused(truth: Truth) -> str | None:
    """The first right answer, as a learner may type it, that is not judged right."""
    for typed in _right_answers(truth):
        if judge(truth, typed).kind is not VerdictKind.RIGHT:
            return typed
    return None


def _right_answers(truth: Truth) -> Iterator[str]:
    right = [n for n, option in enumerate(truth.options) if option.right]
    match truth.kind:
        case "choice" if len(right) == 1:
            yield chr(ord("a") + right[0])
            yield from truth.options[right[0]].texts
        case "several" if right:
            yield ", ".join(chr(ord("a") + n) for n in right)
        case "term":
            yield from truth.accept
        case "number" | "shape":
            yield canonical(truth, "en")
            yield canonical(truth, "zh")


@rule("G606", "slow-measurement", measured=True)
def slow_measurement(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Warns of exercises whose draws take long to measure, where `draws` does not lower their number.

    Why is this bad?
    Every check of the pack waits for them, and so does every learner.

    Example
        An exercise that trains a network at each draw.

    Use instead
        draws: 10
    """
    for proof, exercise in _proved(view):
        if proof.usual_seconds > SLOW and exercise.draws is None and len(proof.prepared) > 1:
            yield proof.view.report("G606", ("measure",), seconds=f"{proof.usual_seconds:.2f}")


def _proved(view: PackView) -> Iterator[tuple[Proof, Exercise]]:
    for proof in view.proofs.values():
        if proof.view.exercise is not None and proof.prepared:
            yield proof, proof.view.exercise


def shown(value: Value) -> str:
    """A value as a report shows it."""
    text = format_value(value, "en")
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
