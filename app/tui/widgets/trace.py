"""What the engine did: named steps and a table of layers, with device and time.

Promise: columns that do not fit are left out whole, the weights first, then the work, then the
shapes; sums stand under the columns. Must not measure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from app.tui.widgets.laid import Laid, fitted, line, right
from app.values import overflown, shape_text
from engine.protocol import Failure, LayerRow, Measured, Skipped, TraceStep

if TYPE_CHECKING:
    from app.locale import Locale

_GAP = 2
_CODE_AT_LEAST = 14
_ROWS_AT_MOST = 40


@dataclass(frozen=True, slots=True)
class _Column:
    key: str
    cells: tuple[str, ...]
    total: str
    drop: int


def layer_lines(layers: Sequence[LayerRow], say: Locale, width: int) -> list[Content]:
    """The per-layer table."""
    if not layers:
        return []
    columns = _columns(layers, say)
    while columns and width - sum(_size(column, say) + _GAP for column in columns) < min(
        max(cell_len(_code(row)) for row in layers), _CODE_AT_LEAST
    ):
        columns.remove(max(columns, key=lambda column: column.drop))
    sizes = [_size(column, say) for column in columns]
    widest = max(cell_len(_code(row)) for row in layers)
    first = min(width - sum(size + _GAP for size in sizes), max(widest, _CODE_AT_LEAST))
    head = [(fitted(say("tui.trace.layer"), first), "$muted")]
    head += [
        (" " * _GAP + right(say(f"tui.trace.{column.key}"), size), "$muted")
        for column, size in zip(columns, sizes, strict=True)
    ]
    rows = [line(*head)]
    for n, layer in enumerate(layers[:_ROWS_AT_MOST]):
        pieces = [(fitted(_code(layer), first), "$code")]
        pieces += [
            (" " * _GAP + right(column.cells[n], size), "")
            for column, size in zip(columns, sizes, strict=True)
        ]
        rows.append(line(*pieces))
    if len(layers) > _ROWS_AT_MOST:
        rows.append(line((say("tui.trace.more", n=len(layers) - _ROWS_AT_MOST), "$muted")))
    if len(layers) > 1:
        pieces = [(fitted(say("tui.trace.total"), first), "$muted")]
        pieces += [
            (" " * _GAP + right(column.total, size), "bold")
            for column, size in zip(columns, sizes, strict=True)
        ]
        rows.append(line(*pieces))
    return rows


def _columns(layers: Sequence[LayerRow], say: Locale) -> list[_Column]:
    number = say.number
    columns = []
    if any(row.weights for row in layers):
        shapes = tuple(", ".join(shape_text(shape) for shape in row.weights) for row in layers)
        columns.append(_Column("weights", shapes, "", 3))
    if any(row.output_shape for row in layers):
        outputs = tuple(shape_text(row.output_shape) if row.output_shape else "" for row in layers)
        columns.append(_Column("output", outputs, "", 1))
    counts = tuple(number(row.parameters) for row in layers)
    columns.append(_Column("parameters", counts, number(sum(row.parameters for row in layers)), 0))
    if any(row.macs is not None for row in layers):
        work = tuple("" if row.macs is None else number(row.macs) for row in layers)
        columns.append(_Column("macs", work, number(sum(row.macs or 0 for row in layers)), 2))
    return columns


def _size(column: _Column, say: Locale) -> int:
    return max(
        cell_len(say(f"tui.trace.{column.key}")),
        cell_len(column.total),
        *(cell_len(cell) for cell in column.cells),
    )


def _code(row: LayerRow) -> str:
    return row.code.removeprefix("nn.")


def step_lines(steps: Sequence[TraceStep], say: Locale, width: int) -> list[Content]:
    """Each step: its name and expression, then its value under it where both do not fit."""
    from app.code_text import with_names
    from app.tui.page import document_lines
    from app.tui.widgets.solution import broken
    from content.text import Drawing, format_value
    from content.text.pictures import picture_of
    from engine.messages import describe

    rows: list[Content] = []
    said: set[str] = set()
    for name, expression, step in with_names(steps):
        if isinstance(step.value, Skipped) or step.expression in said:
            continue
        said.add(step.expression)
        if isinstance(step.value, Failure):
            value, style = describe(step.value, say.language), "$error"
        else:
            value, style = format_value(step.value, say.language), "$figure"
            if not_finite := overflown(step.value):
                value, style = f"{value} ← {not_finite}", "bold $warning"
        full = f"{name} = {expression}" if name else expression
        if (picture := picture_of(step.value)) is not None:
            rows += [*_code_rows(full, width), Content("")]
            rows += [*document_lines((Drawing(picture),), width, say.language), Content("")]
            continue
        if _same(value, step.expression):
            rows += _code_rows(full, width)
        elif cell_len(full) + 3 + cell_len(value) <= width:
            rows.append(line((full, "$code"), (" → ", "$muted"), (value, style)))
        else:
            rows += _code_rows(full, width)
            rows += [
                line(("→ " if n == 0 else "  ", "$muted"), (part, style))
                for n, part in enumerate(broken(value, width - 2))
            ]
    return rows


def _code_rows(text: str, width: int) -> list[Content]:
    from app.code_text import code_lines
    from app.tui.widgets.solution import broken

    rows = code_lines(text, width)
    fitting = [
        part for row in rows for part in ([row] if cell_len(row) <= width else broken(row, width))
    ]
    return [line((part, "$code")) for part in fitting]


def _same(value: str, expression: str) -> bool:
    """A layer's value is its own code: said once."""
    return value.removeprefix("nn.").replace(" ", "") == expression.removeprefix("nn.").replace(
        " ", ""
    )


class TraceView(Laid):
    """A trace under its title."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._measured: Measured | None = None
        self._steps: Callable[[TraceStep], bool] = bool
        self._told = False

    def show(
        self,
        measured: Measured | None,
        steps: Callable[[TraceStep], bool] = bool,
        *,
        told: bool = False,
    ) -> None:
        """Show that measurement's trace, of its steps only some; None clears.

        `told`: device and time stand elsewhere on the page.
        """
        self._measured, self._steps, self._told = measured, steps, told
        self.relay()

    def lay(self, width: int) -> list[Content]:
        """Title, steps, layers."""
        measured = self._measured
        if measured is None or measured.trace is None:
            return []
        from app.values import duration

        title = self.say("tui.trace.title-again")
        if not self._told:
            time = duration(measured.seconds)
            title = self.say("tui.trace.title", device=measured.device, time=time)
        steps = step_lines([s for s in measured.trace.steps if self._steps(s)], self.say, width)
        layers = layer_lines(measured.trace.layers, self.say, width)
        if not steps and not layers:
            return []
        rows = [line((title, "$muted"))]
        if steps:
            rows += [Content(""), *steps]
        if layers:
            rows += [Content(""), *layers]
        return rows
