"""What is drawn of a value: a picture as it is, a training run as its losses.

Promise: a run's losses by step, those on validation data beside them, by powers of ten where
they differ much. Must not draw.
"""

from __future__ import annotations

import math

from engine.protocol import Bars, Curves, Heat, Picture, RunValue, Series, Windows

_WIDE = 1000.0
"""From this ratio of the largest to the smallest loss on, an axis goes by powers of ten."""


def picture_of(value: object) -> Picture | None:
    """The picture that a value is, or that a training run gives; None of any other value."""
    if isinstance(value, Curves | Bars | Heat | Windows):
        return value
    return _of_run(value) if isinstance(value, RunValue) else None


def _of_run(run: RunValue) -> Curves:
    series = [Series("@training", tuple(map(float, run.steps)), run.losses)]
    if run.validation_losses:
        steps = tuple(map(float, run.validation_steps))
        series.append(Series("@validation", steps, run.validation_losses))
    finite = [y for one in series for y in one.ys if math.isfinite(y)]
    log = bool(finite) and min(finite) > 0 and max(finite) / min(finite) >= _WIDE
    return Curves(tuple(series), x_label="@step", y_label="@loss", log_y=log)
