"""Codes of the schema: fields, types, ids, ranges and draws.

Promise: these pass on what `content.schema` and `content.constraints` found, one code each. Must
not look at texts or expressions.
"""

from __future__ import annotations

from collections.abc import Iterator

from content.checks.registry import rule
from content.checks.view import PackView
from content.diagnostic import Diagnostic


@rule("G101", "field-unknown")
def field_unknown(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds a field the schema does not know and names the nearest one it knows.

    Why is this bad?
    A misspelled field would be ignored, and with it what the author meant.

    Example
        mistaks: [...]

    Use instead
        mistakes: [...]
    """
    return view.read("G101")


@rule("G102", "field-missing")
def field_missing(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds a required field that is not there.

    Why is this bad?
    Without it the item cannot be shown or judged.

    Example
        - id: padding
          front: What is padding?

    Use instead
        - id: padding
          front: What is padding?
          back: Zeros around the input.
    """
    return view.read("G102")


@rule("G103", "wrong-type")
def wrong_type(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds a value of another type than the field takes. `true` is no number and 1 is not true.

    Why is this bad?
    A guess at what was meant would be wrong some day.

    Example
        level: "2"

    Use instead
        level: 2
    """
    return view.read("G103")


@rule("G104", "value-unknown")
def value_unknown(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds a value outside a fixed list, such as an answer kind that does not exist.

    Why is this bad?
    Nothing could judge such an exercise.

    Example
        kind: numbr

    Use instead
        kind: number
    """
    return view.read("G104")


@rule("G105", "bad-id")
def bad_id(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds ids that are not lower-case words joined by hyphens or dots, and versions and languages
    of another form than theirs.

    Why is this bad?
    Ids are kept for ever in learners' progress, typed in commands and used in file names.

    Example
        id: Conv Parameters!

    Use instead
        id: conv-parameters
    """
    return view.read("G105")


@rule("G106", "out-of-range")
def out_of_range(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds numbers outside their range: `level` 1 to 3, `seconds` 1 to 3600, `tolerance` 0 to 1.

    Why is this bad?
    Scheduling and judging rest on these ranges.

    Example
        level: 5

    Use instead
        level: 3
    """
    return view.read("G106")


@rule("G107", "bad-name")
def bad_name(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds names in `draw` and `let` that cannot stand in an expression.

    Why is this bad?
    No expression could ever use them.

    Example
        draw: {c-in: [1, 3]}

    Use instead
        draw: {c_in: [1, 3]}
    """
    return view.read("G107")


@rule("G108", "bad-draw")
def bad_draw(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds draws that have no value, a range that runs backwards or never ends, or values that are
    no finite numbers.

    Why is this bad?
    There would be nothing to draw.

    Example
        draw: {n: {from: 64, to: 8}}

    Use instead
        draw: {n: {from: 8, to: 64, step: 8}}
    """
    return view.read("G108")
