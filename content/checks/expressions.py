"""Codes of expressions as written: grammar, names, closed formulas.

Promise: parses with the engine's own grammar, asks no engine. What only measuring can tell (an
unknown function, a wrong argument) stands in `content.checks.measuring`.
"""

from __future__ import annotations

from collections.abc import Iterator

from content.checks.registry import rule
from content.checks.view import ItemView, PackView
from content.diagnostic import Diagnostic
from content.pack import Exercise
from content.schema import nearest
from content.yaml_positions import Path
from engine.expression import SCALARS, Refused, calls_in, names_in, variables_in
from engine.grammar import check_binding
from engine.messages import describe
from engine.protocol import Failure

_BOOLEANS = {"yes": "true", "on": "true", "no": "false", "off": "false"}


@rule("G501", "expression-unreadable")
def expression_unreadable(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds expressions, in fields and in figures, that are not in the language.

    Why is this bad?
    Nothing can be measured.

    Example
        solution: k^2 * c

    Use instead
        solution: k**2 * c
    """
    for item in view.items:
        for expression in item.expressions:
            if failure := unreadable(expression.source):
                yield _at_failure(item, expression.path, expression.source, failure)
        for form, figure in item.figures:
            if not figure.in_math and (failure := unreadable(figure.source)):
                yield _at_failure(item, form.path, figure.source, failure)


def unreadable(source: str) -> Failure | None:
    """Why a source is no expression; None if it is one."""
    try:
        names_in(source)
    except Refused as refusal:
        return refusal.failure(source)
    return None


def reason(failure: Failure) -> dict[str, str]:
    """The engine's words for a failure, in both languages, and the column it names."""
    said = {f"reason.{language}": describe(failure, language) for language in ("en", "zh")}
    return {**said, "source": failure.source or "", "failure": failure.code}


def _at_failure(item: ItemView, path: Path, source: str, failure: Failure) -> Diagnostic:
    return at_column(item, "G501", path, source, failure)


def at_column(
    item: ItemView, code: str, path: Path, source: str, failure: Failure, **details: str
) -> Diagnostic:
    """A diagnostic at the column of an expression that a failure names."""
    skipped = (failure.column or 1) - 1
    more = {**details, **reason(failure)}
    if failure.code == "operator-refused":
        more |= {"hint": "operator", "written": failure.detail("operator")}
        more |= {"meant": failure.detail("meant")}
        skipped = max(skipped, source.find(more["written"], skipped))
    found = item.report(code, path, fragment=source[skipped:] or source, more=more)
    whole = item.source.positions.find((*item.base, *path), source)
    if skipped and whole != item.source.positions.value((*item.base, *path)):
        line, column = whole
        return type(found)(
            code, found.severity, found.file, line, column + skipped, found.item, found.details
        )
    return found


@rule("G502", "name-unknown")
def name_unknown(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds names in expressions that no draw and no earlier `let` binds.

    Why is this bad?
    The expression has no value.

    Example
        draw: {k: [3, 5]}
        solution: kernel * kernel

    Use instead
        solution: k * k
    """
    for item in view.items:
        bound = frozenset(item.item.let) | frozenset(getattr(item.item, "draw", ()))
        for expression in item.expressions:
            if expression.names is not None and expression.path != ("solution",):
                yield from _unknown(item, expression.path, expression.source, expression.names)
        for form, figure in item.figures:
            scope = bound | {"answer"} if form.path[:1] == ("require",) else bound
            yield from _unknown(item, form.path, figure.source, scope)


def _unknown(
    item: ItemView, path: Path, source: str, scope: frozenset[str]
) -> Iterator[Diagnostic]:
    try:
        used = names_in(source) - variables_in(source)
    except Refused:
        return
    for name in sorted(used - scope):
        if truth := _BOOLEANS.get(name.lower()):
            yield item.report("G502", path, fragment=name, name=name, hint="boolean", truth=truth)
            continue
        near = nearest(name, sorted(scope))
        yield item.report("G502", path, fragment=name, name=name, nearest=near)


@rule("G503", "name-taken")
def name_taken(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds names in `draw` and `let` that the language already uses, or that are bound twice.

    Why is this bad?
    `sum` would mean one thing in this item and another everywhere else.

    Example
        draw: {max: [1, 2, 3]}

    Use instead
        draw: {largest_logit: [1, 2, 3]}
    """
    for item in view.items:
        drawn = item.exercise.draw if item.exercise else {}
        for name in drawn:
            if _is_taken(name):
                yield item.report("G503", ("draw", name), key=True, name=name)
        for name in item.item.let:
            if name in drawn:
                yield item.report("G503", ("let", name), key=True, name=name, slip="twice")
            elif _is_taken(name):
                yield item.report("G503", ("let", name), key=True, name=name)
    for proof in view.proofs.values():
        for failed in proof.failed:
            if failed.failure.code == "shadows-listed":
                name = failed.failure.detail("name")
                path = ("let", name) if name in proof.view.item.let else ("draw", name)
                if not _is_taken(name):
                    yield proof.view.report("G503", path, key=True, name=name)


def _is_taken(name: str) -> bool:
    if name in SCALARS:
        return True
    try:
        check_binding(name)
    except Refused as refusal:
        return refusal.code == "shadows-listed"
    return False


@rule("G504", "solution-not-closed")
def solution_not_closed(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds solutions that use `let` names or functions that build or run something.

    Why is this bad?
    Solution and measurement must be two independent ways to the truth. A solution that measures
    proves nothing.

    Example
        measure: parameters(layer)
        solution: parameters(layer)

    Use instead
        solution: k*k*c_in*c_out + c_out
    """
    for item, exercise in view.exercises:
        if exercise.solution is None:
            continue
        try:
            used, called = names_in(exercise.solution), calls_in(exercise.solution)
        except Refused:
            continue  # G501 tells
        for name in sorted(used - set(exercise.draw)):
            slip = "let" if name in exercise.let else "name"
            near = nearest(name, sorted(exercise.draw))
            yield item.report(
                "G504", ("solution",), fragment=name, name=name, slip=slip, nearest=near
            )
        for name in sorted(called - set(SCALARS)):
            yield item.report("G504", ("solution",), fragment=name, name=name, slip="function")


@rule("G505", "name-unused")
def name_unused(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Warns of names in `draw` and `let` that no expression and no figure uses.

    Why is this bad?
    A drawn number that changes nothing makes the same exercise look like a new one.

    Example
        draw: {k: [3, 5], s: [1, 2]}
        solution: k * k

    Use instead
        draw: {k: [3, 5]}
    """
    for item in view.items:
        used = _used(item)
        for field in ("draw", "let"):
            for name in getattr(item.item, field, {}):
                if used is not None and name not in used and not _is_taken(name):  # G503 tells
                    yield item.report("G505", (field, name), key=True, name=name, slip=field)


def _used(item: ItemView) -> set[str] | None:
    """Every name the item's expressions read or call; None if one of them is unreadable."""
    used: set[str] = set()
    sources = [expression.source for expression in item.expressions]
    sources += [figure.source for _, figure in item.figures]
    for source in sources:
        try:
            used |= names_in(source) | calls_in(source)
        except Refused:
            return None
    return used


@rule("G506", "measure-builds-nothing")
def measure_builds_nothing(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds a `measure` that only computes with plain numbers.

    Why is this bad?
    The truth would be a formula again, typed by a person. A measurement builds a model or runs a
    tensor operation and reports what it saw.

    Example
        measure: k*k*c_in*c_out + c_out

    Use instead
        measure: parameters(Conv2d(c_in, c_out, k))
    """
    for item, exercise in view.exercises:
        if exercise.measure is None:
            continue
        try:
            if not _builds(exercise):
                yield item.report("G506", ("measure",))
        except Refused:
            continue  # G501 tells


def _builds(exercise: Exercise) -> bool:
    """Whether `measure`, with the bindings it uses, calls more than scalar functions."""
    todo, seen = [exercise.measure or ""], set[str]()
    while todo:
        source = todo.pop()
        called = calls_in(source)
        if called - set(SCALARS) - set(exercise.let) - set(exercise.draw):
            return True
        for name in (called | names_in(source)) & set(exercise.let) - seen:
            seen.add(name)
            todo.append(exercise.let[name])
    return False
