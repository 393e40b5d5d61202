"""What a person may write in an answer that is a program, told alike in line mode and on screens.

Promise: one line under the question; the names are the exercise's own. Must not judge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.programs import PROGRAM_KINDS
from engine.scalars import SCALARS

if TYPE_CHECKING:
    from app.locale import Locale
    from content.prepare import Prepared


def program_note(prepared: Prepared, say: Locale) -> str:
    """The symbols and functions to write with; empty for any other kind of exercise."""
    kind = prepared.truth.kind
    if kind not in PROGRAM_KINDS:
        return ""
    names = own_names(prepared)
    if kind == "formula":
        return say("study.program.formula", names=", ".join(names))
    if kind == "layer":
        known = say("study.program.drawn", names=", ".join(names)) if names else ""
        return say("study.program.layer") + known
    return say("study.program.tensor", names=", ".join(names),
               allowed=", ".join(prepared.exercise.allow))  # fmt: skip


def own_names(prepared: Prepared) -> list[str]:
    """The exercise's own names: inputs first, then what was drawn."""
    inputs = [name for group in prepared.exercise.inputs for name in group]
    return list(dict.fromkeys([*inputs, *dict(prepared.draw)]))


def completions(prepared: Prepared, listed: tuple[str, ...] = ()) -> list[str]:
    """What the answer field completes: own names, then functions; `listed` for a layer."""
    kind = prepared.truth.kind
    functions: list[str] = []
    if kind == "formula":
        functions = list(SCALARS)
    elif kind == "tensor":
        functions = list(prepared.exercise.allow)
    elif kind == "layer":
        functions = [name for name in listed if name[:1].isupper()]
    return [*own_names(prepared), *functions]


def open_brackets(text: str) -> bool:
    """Whether brackets are still open, so that a program goes on."""
    return sum(text.count(sign) for sign in "([（【") > sum(text.count(sign) for sign in ")]）】")
