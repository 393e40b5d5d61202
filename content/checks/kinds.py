"""Codes of answer kinds: each exercise has what its kind needs and nothing of another's.

Promise: judges fields by their presence, and right options once they are known. Must not measure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from content.checks.registry import rule
from content.checks.view import ItemView, PackView
from content.diagnostic import Diagnostic
from content.pack import Exercise
from engine.units import unit_named

_NEEDS: Mapping[str, tuple[str, ...]] = {
    "number": ("measure", "solution"),
    "shape": ("measure", "solution"),
    "choice": ("options",),
    "several": ("options",),
    "term": ("accept",),
    "self": ("points",),
    "formula": ("measure", "solution", "draw"),
    "layer": ("require", "example"),
    "tensor": ("inputs", "reference", "allow", "example"),
}
_KINDS_OF: Mapping[str, tuple[str, ...]] = {
    "options": ("choice", "several"),
    "accept": ("term",),
    "points": ("self",),
    "require": ("layer",),
    "example": ("layer", "tensor"),
    "inputs": ("tensor",),
    "reference": ("tensor",),
    "allow": ("tensor",),
    "gradient": ("tensor",),
    "exact": ("number",),
    "unit": ("number", "formula"),
    "tolerance": ("number", "formula", "tensor"),
    "measure": ("number", "shape", "formula"),
    "solution": ("number", "shape", "formula"),
    "mistakes": ("number", "shape", "formula", "tensor"),
}


@rule("G801", "field-needed")
def field_needed(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds exercises without the fields their kind is judged by: `measure` and `solution` for a
    number, shape or formula (which needs `draw` too), `options` for a choice, `accept` for a term,
    `points` for self, `require` and `example` for a layer, `inputs`, `reference`, `allow` and
    `example` for a tensor.

    Why is this bad?
    No answer could be judged.

    Example
        kind: number
        measure: parameters(layer)

    Use instead
        kind: number
        measure: parameters(layer)
        solution: k*k*c_in*c_out + c_out
    """
    for item, exercise in view.exercises:
        for field in _NEEDS[exercise.kind]:
            if not getattr(exercise, field):
                yield item.report("G801", ("kind",), field=field, kind=exercise.kind)
        if exercise.kind in ("choice", "several") and len(exercise.options) == 1:
            details = {"field": "options", "kind": exercise.kind, "slip": "one"}
            yield item.report("G801", ("options",), key=True, more=details)


@rule("G802", "field-of-other-kind")
def field_of_other_kind(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds fields that the exercise's kind never looks at.

    Why is this bad?
    The author expects something of them that will not happen.

    Example
        kind: number
        accept: [{en: padding, zh: 填充}]

    Use instead
        kind: term
        accept: [{en: padding, zh: 填充}]
    """
    for item, exercise in view.exercises:
        for field, kinds in _KINDS_OF.items():
            if getattr(exercise, field) and exercise.kind not in kinds:
                path = (field,)
                details = {"field": field, "kind": exercise.kind, "kinds": ", ".join(kinds)}
                yield item.report("G802", path, key=True, more=details)


@rule("G803", "not-one-right", measured=True)
def not_one_right(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds a `choice` that has no right option or more than one, for some draw.

    Why is this bad?
    The learner can choose one only.

    Example
        options: [{text: ..., right: true}, {text: ..., right: true}]

    Use instead
        options: [{text: ..., right: true}, {text: ...}]
    """
    for item, exercise in view.exercises:
        if exercise.kind == "choice" and len(exercise.options) > 1:
            for right, drawn in _right_options(view, item, exercise):
                if right != 1:
                    yield item.report("G803", ("options",), key=True, right=str(right), draw=drawn)
                    break


@rule("G804", "none-right", measured=True)
def none_right(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds a `several` that has no right option, for some draw.

    Why is this bad?
    An empty answer cannot be told from no answer.

    Example
        options: [{text: ...}, {text: ...}]

    Use instead
        options: [{text: ..., right: true}, {text: ...}]
    """
    for item, exercise in view.exercises:
        if exercise.kind == "several" and len(exercise.options) > 1:
            for right, drawn in _right_options(view, item, exercise):
                if right == 0:
                    yield item.report("G804", ("options",), key=True, draw=drawn)
                    break


def _right_options(view: PackView, item: ItemView, exercise: Exercise) -> Iterator[tuple[int, str]]:
    """How many options are right, for each draw that was measured."""
    if not any(isinstance(option.right, str) for option in exercise.options):
        yield sum(option.right is True for option in exercise.options), ""
        return
    proof = view.proofs.get(item.name)
    for prepared in proof.prepared if proof else ():
        if not prepared.failures:
            right = sum(choice.right for choice in prepared.truth.options)
            yield right, show_draw(prepared.draw)


def show_draw(draw: tuple[tuple[str, object], ...]) -> str:
    """`k=3, bias=True`."""
    return ", ".join(f"{name}={value}" for name, value in draw)


@rule("G805", "unit-unknown")
def unit_unknown(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds a `unit` that answers cannot be read in.

    Why is this bad?
    An answer with a unit could not be converted to it.

    Example
        unit: megabites

    Use instead
        unit: MB
    """
    for item, exercise in view.exercises:
        if exercise.unit is not None and unit_named(exercise.unit) is None:
            yield item.report("G805", ("unit",), unit=exercise.unit)
