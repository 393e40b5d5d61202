"""What is drawn where its shape is the point: pictures, and the curves of training runs.

Promise: a run under way and the same run when it has ended are drawn alike. Must not style.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.expression import Refused, parse
from engine.values import RunValue

if TYPE_CHECKING:
    from content.text import Spans

Points = Sequence[tuple[int, float]]


def run_so_far(points: Points, validation: Points) -> RunValue:
    """A run that has not ended, as far as it was told."""
    return RunValue(
        "",
        tuple(step for step, _ in points),
        tuple(loss for _, loss in points),
        tuple(step for step, _ in validation),
        tuple(loss for _, loss in validation),
    )


def names_in(source: str) -> tuple[str, ...]:
    """What the parts of `(A, B, C)` are called; empty unless each of them is a name."""
    try:
        node = parse(source)
    except Refused:
        return ()
    parts = node.elts if isinstance(node, ast.Tuple) else []
    named = tuple(part.id for part in parts if isinstance(part, ast.Name))
    return named if len(named) == len(parts) else ()


def drawn(
    value: object,
    width: int,
    room: int,
    language: str,
    *,
    ascii_only: bool = False,
    names: Sequence[str] = (),
) -> tuple[Spans, ...]:
    """The lines of a value's picture, curves in about `room` of them; none where it has none.

    `names` are what several training runs are called.
    """
    from content.text.pictures import draw_picture, height_of, picture_of

    picture = picture_of(value, names)
    if picture is None:
        return ()
    height = height_of(picture, room)
    return draw_picture(picture, width, height, language, ascii=ascii_only)
