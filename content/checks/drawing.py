"""Codes of what is drawn: conditions that fail or rarely hold, and too few draws.

Promise: draws with the engine's own dice and asks no engine to measure.
"""

from __future__ import annotations

from collections.abc import Iterator

from content.checks.expressions import at_column, unreadable
from content.checks.registry import rule
from content.checks.view import PackView
from content.diagnostic import Diagnostic
from content.pack import Exercise
from engine.draw import acceptance, count, draw
from engine.expression import Refused, names_in

LEAST_DRAWS = 5
RARE = 0.1
"""Share of draws below which a condition is too choosy."""
_SAMPLES = 100


@rule("G507", "where-never-holds")
def where_never_holds(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds a `where` that no draw meets, or so few that a thousand attempts found none.

    Why is this bad?
    The exercise could never be shown.

    Example
        draw: {k: [3, 5]}
        where: k % 2 == 0

    Use instead
        where: k > 3
    """
    for item, exercise in view.exercises:
        if exercise.where is None:
            continue
        try:
            draw(item.name, 0, exercise.draw, exercise.where)
        except Refused as refusal:
            if refusal.code == "where-never-holds":
                yield item.report("G507", ("where",))
            elif not unreadable(exercise.where) and not _names_missing(exercise):
                yield at_column(
                    item, "G601", ("where",), exercise.where, refusal.failure(exercise.where)
                )


def _names_missing(exercise: Exercise) -> bool:
    return bool(names_in(exercise.where or "") - set(exercise.draw))


@rule("G508", "too-few-draws")
def too_few_draws(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds `draws` below five where the item has at least five draws.

    Why is this bad?
    A formula that agrees on four draws may be wrong on the fifth.

    Example
        draws: 1

    Use instead
        draws: 20
    """
    for item, exercise in view.exercises:
        if exercise.draws is None or exercise.draws >= LEAST_DRAWS:
            continue
        try:
            possible = count(exercise.draw) if exercise.draw else 1
        except Refused:
            continue
        if exercise.draws < min(LEAST_DRAWS, possible):
            details = {"is": str(exercise.draws), "least": str(min(LEAST_DRAWS, possible))}
            yield item.report("G508", ("draws",), more=details)


@rule("G509", "where-rarely-holds")
def where_rarely_holds(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Warns of a `where` that fewer than one draw in ten meets.

    Why is this bad?
    Draws are thrown away until one fits, and learners see the same few again and again.

    Example
        draw: {n: {from: 1, to: 1000}}
        where: n % 100 == 0

    Use instead
        draw: {n: {from: 100, to: 1000, step: 100}}
    """
    for item, exercise in view.exercises:
        if exercise.where is None:
            continue
        try:
            share = acceptance(item.name, exercise.draw, exercise.where, _SAMPLES)
        except Refused:
            continue
        if 0 < share < RARE:
            yield item.report("G509", ("where",), share=f"{share:.1%}")
