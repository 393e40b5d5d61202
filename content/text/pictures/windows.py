"""Maps side by side: where a window lies, and which cell it gives; receptive fields in one map.

Promise: one cell of a map is one sign or number; what is marked is marked by its sign, not by
colour alone. Must not compute a window's place.
"""

from __future__ import annotations

from collections.abc import Sequence

from content.text.document import Span, Spans
from content.text.pictures.words import label, number, short, word
from content.text.wrap import cells
from engine.values import Grid, Windows

_GAP = 3
_ASCII = {"□": ".", "■": "#", "·": ",", "▪": "+", "→": ">", "∗": "*"}


def draw_windows(
    picture: Windows,
    width: int,
    height: int,
    language: str,
    *,
    ascii: bool,  # noqa: A002
) -> list[Spans]:
    """Title, maps and what they show."""
    head: list[Spans] = [(Span(picture.title, "strong"),)] if picture.title else []
    if picture.kind == "receptive":
        lines = _receptive(picture, width, height - len(head), language)
    else:
        lines = _sliding(picture, width, height - len(head), language)
    if ascii:
        table = str.maketrans(_ASCII)
        lines = [tuple(Span(s.text.translate(table), s.style) for s in line) for line in lines]
    return [*head, *lines]


def _sliding(picture: Windows, width: int, height: int, language: str) -> list[Spans]:
    facts = dict(picture.facts)
    counted = "step" not in facts
    blocks = [_block(grid, language, counted=counted) for grid in picture.grids]
    signs = ["∗", "→"] if len(blocks) == 3 else ["→"]
    note = _note(picture, facts, language, counted=counted)
    total = sum(_wide(block) for block in blocks) + (2 * _GAP + 1) * (len(blocks) - 1)
    if total <= width:
        lines = _beside(blocks, signs)
    else:
        lines = [line for n, block in enumerate(blocks) for line in [*([()] if n else []), *block]]
    room = max(1, height - len(note))
    if len(lines) > room:
        lines = [*lines[: room - 1], (Span("⋮", "axis"),)]
    return [*lines, *note]


def _note(
    picture: Windows, facts: dict[str, float], language: str, *, counted: bool
) -> list[Spans]:
    """Stride, padding and the window's number; what the signs mean."""
    told = [word(picture.kind, language)] if picture.kind in ("max", "average") else []
    if not any(grid.role == "kernel" for grid in picture.grids):
        size = f"{facts['kernel_height']:.0f}×{facts['kernel_width']:.0f}"
        told.append(f"{word('window', language)} {size}")
    told += [word("stride", language, n=int(facts["stride"]))]
    told += [word(name, language, n=int(facts[name])) for name, usual in
             (("padding", 0), ("dilation", 1)) if facts[name] != usual]  # fmt: skip
    steps = int(facts["steps"])
    if counted:
        told.append(word("windows", language, all=steps))
    else:
        told.append(word("step-of", language, n=int(facts["step"]), all=steps))
    line: list[Span] = [Span(" · ".join(told), "axis")]
    result = _result(picture)
    if result is not None:
        line += [Span(" · ", "axis"),
                 Span(word("gives", language, value=number(result)), "figure")]  # fmt: skip
    if counted:
        return [tuple(line), (Span(word("counted", language), "axis"),)]
    if not _valued(picture.grids[0]):
        legend = [Span("■ ", "mark"), Span(word("under", language), "axis")]
        if any(picture.grids[0].padding):
            legend += [Span("   · ▪ ", "axis"), Span(word("padded", language), "axis")]
        return [tuple(line), tuple(legend)]
    return [tuple(line)]


def _result(picture: Windows) -> float | None:
    """The value of the marked cell of the output."""
    output = picture.grids[-1]
    for row, marks in zip(output.cells, output.marks, strict=True):
        for value, mark in zip(row, marks, strict=True):
            if mark:
                return value
    return None


def _valued(grid: Grid) -> bool:
    return any(value is not None for row in grid.cells for value in row)


def _block(grid: Grid, language: str, *, counted: bool) -> list[Spans]:
    """A map under its name and size."""
    top, left, bottom, right = grid.padding
    rows, columns = len(grid.cells), len(grid.cells[0])
    role = grid.role
    title = f"{word(role, language)} {rows - top - bottom}×{columns - left - right}"
    valued = _valued(grid)
    texts = [[_text(grid, r, c, valued=valued, counted=counted and role == "input")
              for c in range(columns)] for r in range(rows)]  # fmt: skip
    wide = max(cells(text) for row in texts for text in row)
    lines: list[Spans] = [(Span(title, "axis"),)]
    for r, row in enumerate(texts):
        spans: list[Span] = []
        for c, text in enumerate(row):
            style = _style(grid, r, c, counted=counted)
            spans.append(Span(" " * (wide - cells(text) + (c > 0 and not valued)) + text, style))
        lines.append(tuple(spans))
    return lines


def _padded(grid: Grid, row: int, column: int) -> bool:
    top, left, bottom, right = grid.padding
    return (row < top or row >= len(grid.cells) - bottom or column < left
            or column >= len(grid.cells[0]) - right)  # fmt: skip


def _text(grid: Grid, row: int, column: int, *, valued: bool, counted: bool) -> str:
    mark, padded = grid.marks[row][column], _padded(grid, row, column)
    if counted:
        return str(mark)
    if valued:
        value = grid.cells[row][column]
        shown = short(0.0 if value is None else value)
        marked = mark and grid.role != "kernel"
        return f"[{shown}]" if marked else f" {shown} "
    if padded:
        return "▪" if mark else "·"
    return "■" if mark else "□"


def _style(grid: Grid, row: int, column: int, *, counted: bool) -> str:
    if grid.marks[row][column] and grid.role != "kernel" and not counted:
        return "mark"
    return "axis" if _padded(grid, row, column) else "plain"


def _wide(block: Sequence[Spans]) -> int:
    return max(sum(cells(span.text) for span in line) for line in block)


def _beside(blocks: list[list[Spans]], signs: list[str]) -> list[Spans]:
    """Blocks side by side, centred on the tallest, a sign between them."""
    high = max(map(len, blocks)) - 1
    lines: list[list[Span]] = [[] for _ in range(high + 1)]
    for n, block in enumerate(blocks):
        wide = _wide(block)
        start = 1 + (high - (len(block) - 1)) // 2
        for row in range(high + 1):
            if n:
                sign = signs[n - 1] if row == 1 + (high - 1) // 2 else " "
                lines[row].append(Span(" " * _GAP + sign + " " * _GAP, "axis"))
            inner = block[0] if row == 0 else ()
            if start <= row < start + len(block) - 1:
                inner = block[row - start + 1]
            free = wide - sum(cells(span.text) for span in inner)
            lines[row] += [*inner, Span(" " * free)]
    return [tuple(line) for line in lines]


# Receptive fields.


def _receptive(picture: Windows, width: int, height: int, language: str) -> list[Spans]:
    facts = [value for name, value in picture.facts if name != "scale"]
    scale = int(dict(picture.facts).get("scale", 1.0))
    sizes = [f"{facts[n]:.0f}×{facts[n + 1]:.0f}" for n in range(0, len(facts), 2)]
    legend: list[Spans] = []
    longest = max(map(cells, sizes), default=0)
    for n, (name, size) in enumerate(zip(picture.names, sizes, strict=False)):
        text = f"{n + 1}  {size:>{longest}}  "
        legend.append((Span(text, f"series.{n % 6 + 1}"), Span(label(name, language), "code")))
    if scale > 1:
        legend.append((Span(word("scale", language, n=scale), "axis"),))
    grid = picture.grids[0]
    lines: list[Spans] = []
    for row in grid.marks:
        spans: list[Span] = []
        for c, mark in enumerate(row):
            space = " " if c else ""
            spans.append(Span(f"{space}{mark}", f"series.{(mark - 1) % 6 + 1}"))
        lines.append(tuple(spans))
    wide = _wide(lines)
    beside = wide + _GAP + max(_wide([line]) for line in legend) <= width
    if not beside:
        room = max(1, height - len(legend) - 1)
        shown = lines if len(lines) <= room else [*lines[: room - 1], (Span("⋮", "axis"),)]
        return [*legend, (), *shown]
    shown = lines if len(lines) <= height else [*lines[: height - 1], (Span("⋮", "axis"),)]
    start = max(0, (len(shown) - len(legend)) // 2)
    found: list[Spans] = []
    for n in range(max(len(shown), start + len(legend))):
        left = shown[n] if n < len(shown) else ()
        free = wide - sum(cells(span.text) for span in left) + _GAP
        told = legend[n - start] if start <= n < start + len(legend) else ()
        found.append((*left, Span(" " * free), *told))
    return found
