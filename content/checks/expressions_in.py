"""Every expression an item holds, where it stands and which names it may use.

Promise: pure walking; broken expressions are yielded like any others. Must not parse.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from content.pack import Exercise, Item
from content.yaml_positions import Path


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression in a field. `names` are those in scope; `None` where any name may stand."""

    path: Path
    source: str
    names: frozenset[str] | None


def expressions_of(item: Item) -> Iterator[Expression]:
    """In file order: bindings first, as they are evaluated."""
    drawn = frozenset(item.draw) if isinstance(item, Exercise) else frozenset()
    bound = drawn
    if isinstance(item, Exercise) and item.where is not None:
        yield Expression(("where",), item.where, drawn)
    for name, source in item.let.items():
        yield Expression(("let", name), source, bound)
        bound |= {name}
    if isinstance(item, Exercise):
        yield from _of_exercise(item, drawn, bound)


def _of_exercise(
    item: Exercise, drawn: frozenset[str], bound: frozenset[str]
) -> Iterator[Expression]:
    inputs = frozenset(name for group in item.inputs for name in group)
    if item.measure is not None:
        yield Expression(("measure",), item.measure, bound)
    if item.solution is not None:
        yield Expression(("solution",), item.solution, drawn)
    yield from _of_answers(item, bound, inputs)
    for n, step in enumerate(item.steps if isinstance(item.steps, tuple) else ()):
        yield Expression(("steps", n, "show"), step.show, bound)
    for n, group in enumerate(item.inputs):
        for name, source in group.items():
            yield Expression(("inputs", n, name), source, bound)
    if item.reference is not None:
        yield Expression(("reference",), item.reference, bound | inputs)
    if item.example is not None:  # as a learner's answer: it sees no binding
        yield Expression(("example",), item.example, drawn | inputs)
    if item.run is not None:
        yield Expression(("run",), item.run, bound)


def _of_answers(
    item: Exercise, bound: frozenset[str], inputs: frozenset[str]
) -> Iterator[Expression]:
    for n, mistake in enumerate(item.mistakes):
        yield Expression(("mistakes", n, "value"), mistake.value, bound | inputs)
        if mistake.when is not None:
            yield Expression(("mistakes", n, "when"), mistake.when, bound | inputs)
    for n, option in enumerate(item.options):
        if isinstance(option.right, str):
            yield Expression(("options", n, "right"), option.right, bound)
    for n, requirement in enumerate(item.require):
        yield Expression(("require", n, "that"), requirement.that, bound | {"answer"})
