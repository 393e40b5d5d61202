"""What a subject found, and the table of it.

Promise: a row says what was measured, what it was held against in the same run, and whether the
goal was met. Ratios are medians of paired ratios where runs were paired. Must not measure.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `met` is None where nothing was there to hold it against."""

    subject: str
    measured: str
    against: str
    ratio: float | None
    goal: str
    met: bool | None
    notes: tuple[str, ...] = ()


def median(values: Iterable[float]) -> float:
    """The middle value."""
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of values does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]


def paired(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the ratios of runs that lay side by side."""
    return median(one / other for one, other in zip(ours, theirs, strict=True))


def ms(seconds: float) -> str:
    """A duration in milliseconds, three figures."""
    value = seconds * 1000
    if value < 1:
        return f"{value:.3f} ms"
    return (
        f"{value:.2f} ms" if value < 10 else f"{value:.1f} ms" if value < 100 else f"{value:.0f} ms"
    )


_HEAD = ("subject", "measured", "against", "ratio", "goal", "met")


def cells(row: Row) -> tuple[str, ...]:
    """The row as texts."""
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    met = {True: "yes", False: "NO", None: "skipped"}[row.met]
    return row.subject, row.measured, row.against, ratio, row.goal, met


def table(rows: Sequence[Row]) -> str:
    """All rows, columns aligned, notes below."""
    lines = [_HEAD, *map(cells, rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(_HEAD))]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in lines]  # fmt: skip
    text.insert(1, "-" * max(map(len, text)))
    return "\n".join(text)
