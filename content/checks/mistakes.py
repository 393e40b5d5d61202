"""Codes of mistakes: named in the pack, told apart, and met by some draw.

Promise: one rule decides what applies: a mistake applies where its `when` holds and its value
differs from the truth; where two that apply coincide, the first wins. Must not measure.
"""

from __future__ import annotations

from collections.abc import Iterator

from content.checks.kinds import show_draw
from content.checks.measuring import shown
from content.checks.meeting import Met
from content.checks.registry import rule
from content.checks.view import ItemView, PackView
from content.diagnostic import Diagnostic
from content.pack import Exercise
from content.schema import nearest

COINCIDENCES = 0.05
"""Share of draws on which two mistakes may give the same answer."""


@rule("G701", "mistake-unlisted")
def mistake_unlisted(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds mistake ids that pack.yaml does not list.

    Why is this bad?
    A mistake is followed through the whole pack by its id; a misspelled one is another mistake.

    Example
        - id: bias-forgoten

    Use instead
        - id: bias-forgotten
    """
    if view.manifest is None:
        return
    known = list(view.manifest.mistakes)
    for item, exercise in view.exercises:
        for path, mistake in _ids(exercise):
            if mistake not in view.manifest.mistakes:
                yield item.report("G701", path, id=mistake, nearest=nearest(mistake, known))


def _ids(exercise: Exercise) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for n, mistake in enumerate(exercise.mistakes):
        yield ("mistakes", n, "id"), mistake.id
    for n, option in enumerate(exercise.options):
        if option.mistake is not None:
            yield ("options", n, "mistake"), option.mistake


@rule("G702", "mistake-title-unused")
def mistake_title_unused(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Warns of mistakes listed in pack.yaml that no exercise has.

    Why is this bad?
    It is a leftover, or the exercise that should name it has a misspelled id.

    Example
        mistakes: {bias-forgotten: ...}

    Use instead
        Take it out of pack.yaml, or name it in an exercise.
    """
    if view.manifest is None or not view.complete:
        return
    used = {mistake for item in view.every if item.exercise for _, mistake in _ids(item.exercise)}
    for mistake in view.manifest.mistakes:
        if mistake not in used:
            yield from view.in_manifest("G702", ("mistakes", mistake), key=True, id=mistake)


def _all_met(view: PackView) -> Iterator[tuple[ItemView, Exercise, Met]]:
    for proof in view.proofs.values():
        exercise = proof.view.exercise
        if exercise is not None and exercise.mistakes and proof.met.draws:
            yield proof.view, exercise, proof.met


@rule("G703", "mistakes-coincide", measured=True)
def mistakes_coincide(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds two mistakes that give the same wrong answer on more than 5% of the draws (of a formula:
    on all of them).

    Why is this bad?
    The learner would be told of a mistake that was not made: of two the first is taken.

    Example
        draw: {p: [1, 2]}
        mistakes:
          - {id: padding-once, value: n + p}
          - {id: padding-squared, value: n + p*p}

    Use instead
        draw: {p: [2, 3]}
    """
    for item, exercise, met in _all_met(view):
        for (earlier, later), found in met.pairs.items():
            # Formulas are compared on all draws together: one that tells them apart is enough.
            often = met.draws - 1 if exercise.kind == "formula" else COINCIDENCES * met.draws
            if len(found) > often:
                draw, value = found[0]
                yield item.report(
                    "G703",
                    ("mistakes", later, "value"),
                    first=exercise.mistakes[earlier].id,
                    second=exercise.mistakes[later].id,
                    value=shown(value),
                    draw=show_draw(draw),
                    count=str(len(found)),
                    total=str(met.draws),
                )


@rule("G704", "mistake-ambiguous", measured=True)
def mistake_ambiguous(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds an exercise that gives one mistake id two different values on the same draw.

    Why is this bad?
    Only the first one's explanation would be shown, with the wrong numbers for the second.

    Example
        - {id: bias-forgotten, value: k*k*c}
        - {id: bias-forgotten, value: k*k*c - 1}

    Use instead
        One of them, or conditions under `when` of which only one holds.
    """
    for item, exercise, met in _all_met(view):
        for (_, later), draw in met.twice.items():
            yield item.report(
                "G704",
                ("mistakes", later, "id"),
                id=exercise.mistakes[later].id,
                draw=show_draw(draw),
            )


@rule("G705", "mistake-never-applies", measured=True)
def mistake_never_applies(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Warns of a mistake whose condition never holds, or whose value is always the truth.

    Why is this bad?
    It is never recognised; most likely its formula is not what was meant.

    Example
        draw: {s: [1]}
        mistakes: [{id: stride-forgotten, value: n, when: s > 1}]

    Use instead
        draw: {s: [1, 2]}
    """
    for item, exercise, met in _all_met(view):
        for n, mistake in enumerate(exercise.mistakes):
            if n not in met.applied:
                slip = {} if mistake.when else {"slip": "truth"}
                yield item.report("G705", ("mistakes", n, "id"), id=mistake.id, more=slip)
