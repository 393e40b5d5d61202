"""What line mode and screens tell alike after an answer: the solution's lines, the right options.

Promise: the formula as it was written first, then the steps, then the formula with this draw's
numbers unless the last step says it already; values as a person reads them. Must not compute.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from content.text import Document, format_value

if TYPE_CHECKING:
    from content.prepare import Prepared
    from engine.verdict import Verdict

LETTERS = "abcdefghijklmnop"
"""Options by letter."""


@dataclass(frozen=True, slots=True)
class Step:
    """`3 · 3 · 64`, `576`, what it counts (empty: nothing more to say)."""

    expression: str
    value: str
    label: Document


@dataclass(frozen=True, slots=True)
class Worked:
    """A worked solution in one language. Empty parts are not shown; `measured` may be None."""

    text: Document
    formula: str
    steps: tuple[Step, ...]
    measured: str | None
    agrees: bool
    """Whether the formula says what was measured, as far as it is shown."""


def worked(prepared: Prepared, language: str) -> Worked:
    """The solution of that draw."""
    work = prepared.solution(language)
    steps = [
        Step(line.expression, format_value(line.value, language), line.label) for line in work.lines
    ]
    uncounted = bool(work.filled_in) and work.stated is None
    if (
        work.filled_in
        and not uncounted
        and not (work.lines and work.lines[-1].value == work.stated)
    ):
        steps.append(Step(work.filled_in, format_value(work.stated, language), ()))
    measured = None if work.measured is None else format_value(work.measured, language)
    return Worked(
        text=work.text,
        formula=work.formula if work.formula != work.filled_in else "",
        steps=tuple(steps),
        measured=measured,
        agrees=(work.stated is None and not uncounted)
        or work.stated == work.measured
        or format_value(work.stated, language) == measured,
    )


def right_options(
    prepared: Prepared, language: str, *, but: Verdict | None = None
) -> Iterator[tuple[str, Document]]:
    """Letter and text of each right option; `but` leaves out those chosen in that answer."""
    chosen = () if but is None else but.ticked
    options = zip(prepared.options(language), prepared.truth.options, strict=True)
    for n, (text, choice) in enumerate(options):
        if choice.right and n + 1 not in chosen:
            yield LETTERS[n], text
