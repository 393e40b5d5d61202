"""What is drawn where its shape is the point: pictures, and the curves of training runs.

Promise: a run under way and the same run when it has ended are drawn alike. Must not style.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.protocol import Bars, Curves, Heat, Picture, RunValue, Series, Value, Windows

if TYPE_CHECKING:
    from content.text import Spans

Points = Sequence[tuple[int, float]]


def picture_of(value: object, language: str) -> Picture | None:
    """The picture of a value; None where its digits say more."""
    if isinstance(value, Curves | Bars | Heat | Windows):
        return value
    if isinstance(value, RunValue):
        return run_curves(
            tuple(zip(value.steps, value.losses, strict=False)),
            tuple(zip(value.validation_steps, value.validation_losses, strict=False)),
            language,
        )
    return None


def run_curves(points: Points, validation: Points, language: str) -> Curves:
    """Loss by step, with that on validation data where there is one."""
    from app.locale import Locale

    say = Locale(language)
    series = [_series(say("lab.curve.training"), points)]
    if validation:
        series.append(_series(say("lab.curve.validation"), validation))
    return Curves(tuple(series), "", say("lab.curve.step"), say("lab.curve.loss"))


def drawn(
    value: Value, width: int, height: int, language: str, *, ascii_only: bool = False
) -> tuple[Spans, ...]:
    """The lines of a value's picture; none where it has none."""
    picture = picture_of(value, language)
    if picture is None:
        return ()
    from content.text.pictures.draw import draw_picture

    return draw_picture(picture, width, height, language, ascii=ascii_only)


def _series(label: str, points: Points) -> Series:
    return Series(
        label, tuple(float(step) for step, _ in points), tuple(loss for _, loss in points)
    )
