"""What is drawn of a value: a picture as it is, a training run as its losses, several together.

Promise: a run's losses by step, those on validation data beside them, by powers of ten where
they differ much; of several runs each has a label. Must not draw.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from content.text.pictures.settings import settings
from engine.values import Bars, Curves, Heat, Picture, RunValue, Series, Windows

_WIDE = 1000.0
"""From this ratio of the largest to the smallest loss on, an axis goes by powers of ten."""


def picture_of(value: object, names: Sequence[str] = ()) -> Picture | None:
    """The picture that a value is, or that training runs give; None of any other value.

    `names` are what several runs are called.
    """
    if isinstance(value, Curves | Bars | Heat | Windows):
        return value
    runs = runs_in(value)
    if not runs:
        return None
    labels = labels_of(runs, names) if len(runs) > 1 else ("",)
    series = [one for run, label in zip(runs, labels, strict=True) for one in _of_run(run, label)]
    return Curves(tuple(series), x_label="@step", y_label="@loss", log_y=_differ_much(series))


def runs_in(value: object) -> tuple[RunValue, ...]:
    """The runs that a value consists of; empty where it is anything else."""
    parts = value if isinstance(value, tuple) else (value,)
    runs = tuple(part for part in parts if isinstance(part, RunValue))
    return runs if len(runs) == len(parts) else ()


def labels_of(runs: Sequence[RunValue], names: Sequence[str] = ()) -> tuple[str, ...]:
    """Each run's name and what sets it apart, or its place among them."""
    told = settings([run.code for run in runs])
    if len(names) != len(runs):
        return told or tuple(str(n) for n in range(1, len(runs) + 1))
    return (
        tuple(": ".join(pair) for pair in zip(names, told, strict=True)) if told else tuple(names)
    )


def _of_run(run: RunValue, label: str) -> list[Series]:
    series = [Series(label or "@training", tuple(map(float, run.steps)), run.losses)]
    if run.validation_losses:
        steps = tuple(map(float, run.validation_steps))
        name = f"@validation {label}" if label else "@validation"
        series.append(Series(name, steps, run.validation_losses))
    return series


def _differ_much(series: Sequence[Series]) -> bool:
    finite = [y for one in series for y in one.ys if math.isfinite(y)]
    return bool(finite) and min(finite) > 0 and max(finite) / min(finite) >= _WIDE
