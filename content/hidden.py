"""The draws a formula is held against: the one that is shown, its edges, and others spread out.

Promise: all draws where they are few; the same ones for the same item and shown draw; each meets
the exercise's condition. Must not measure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.pack import DrawScalar, Exercise, Span
from engine.draw import draw, every_draw
from engine.expression import Refused, evaluate_scalar
from engine.values import Scalar

if TYPE_CHECKING:
    from content.jobs import Draw

MOST = 24
"""Draws a formula is held against."""

_EDGES = 14
"""Of these, draws with one symbol at the end of its range."""
_TRIES = 6
"""Draws looked at for each that is still wanted."""


def hidden_draws(item: Exercise, shown: Draw) -> tuple[Draw, ...]:
    """The shown draw first. Fewer where one measurement is dear and the author says `draws`."""
    most = MOST if item.draws is None else max(1, min(MOST, item.draws))
    found = {shown: None}
    try:
        every = every_draw(item.draw, item.where, most)
        if every is not None:
            found |= dict.fromkeys(tuple(one.items()) for one in every)
            return tuple(found)
        for edge in _edges(item, shown):
            if len(found) < min(most, _EDGES):
                found[edge] = None
        for seed in range(_TRIES * most):
            if len(found) >= most:
                break
            found[tuple(draw(f"{item.id} hidden", seed, item.draw, item.where).items())] = None
    except Refused:
        pass  # the failure is told where the item is drawn
    return tuple(found)


def _edges(item: Exercise, shown: Draw) -> Iterator[Draw]:
    """The shown draw with each symbol in turn at either end; then all at the one, at the other."""
    ends: dict[str, tuple[Scalar, ...]] = {n: _ends(spec) for n, spec in item.draw.items()}
    for name, values in ends.items():
        for value in values:
            yield from _kept(item, {**dict(shown), name: value})
    for end in (0, -1):
        yield from _kept(item, {name: values[end] for name, values in ends.items()})


def _kept(item: Exercise, values: dict[str, Scalar]) -> Iterator[Draw]:
    if item.where is None or evaluate_scalar(item.where, values):
        yield tuple(values.items())


def _ends(spec: tuple[DrawScalar, ...] | Span) -> tuple[DrawScalar, ...]:
    if not isinstance(spec, Span):
        numbers = [value for value in spec if isinstance(value, int | float)]
        return (min(numbers), max(numbers)) if len(numbers) == len(spec) else (spec[0], spec[-1])
    steps = int((spec.to - spec.from_) / spec.step + 1e-9)
    return spec.from_, spec.from_ + steps * spec.step
