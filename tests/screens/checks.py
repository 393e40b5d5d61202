"""What is wrong with a painted screen, cell by cell: clipped, overlapped, cut or unfinished text.

Works on what was painted, so it needs no fonts: every line that a widget laid out is compared with
the cells at its place.
"""

from __future__ import annotations

import re

from textual.app import App
from textual.geometry import Region

from app.tui.widgets.browse_table import BrowseTable
from app.tui.widgets.entry import EntryView
from app.tui.widgets.footer import CommandFooter
from app.tui.widgets.laid import Laid
from app.tui.widgets.trace import TraceView
from tests.screens.cells import Glyph, grid_of

_MAY_BE_SHORTENED = (TraceView, EntryView, BrowseTable)
"""Code and questions in a table's first column give way by design."""


def faults(app: App[object]) -> list[str]:
    """One sentence for each fault; empty for a sound screen."""
    grid = grid_of(app)
    width = app.size.width
    found = [
        f"row {y} is {cells} cells wide"
        for y, row in enumerate(grid)
        if (cells := sum(glyph.width for glyph in row)) != width
    ]
    for widget in app.screen.query(Laid):
        if widget.size.width and widget.size.height and widget.is_on_screen:
            found += _of_widget(app, widget, grid)
    return found


def _of_widget(app: App[object], widget: Laid, grid: list[list[Glyph]]) -> list[str]:
    found = []
    place = app.screen.find_widget(widget)
    content = place.region.shrink(widget.styles.gutter)
    visible = content.intersection(place.clip)
    name = f"{type(widget).__name__}#{widget.id}"
    if visible.width < content.width:
        found.append(f"{name}: {content.width - visible.width} cells beyond its region")
    for number, laid in enumerate(widget.lines(content.width)):
        text = laid.plain.rstrip()
        y = content.y + number
        if laid.cell_length > content.width:
            found.append(f"{name}: line {number} is too wide: {text!r}")
        elif visible.y <= y < visible.bottom:
            painted = _cells(grid[y], content).rstrip()
            if painted != text:
                found.append(f"{name}: laid out {text!r} but painted {painted!r}")
        if re.search(r"(?<!…)…(\s|$)", text) and not isinstance(widget, _MAY_BE_SHORTENED):
            found.append(f"{name}: shortened: {text!r}")
    if isinstance(widget, CommandFooter):
        shown = widget.lines(content.width)[0].plain
        found += [
            f"{name}: no room for {words!r}"
            for command, _, words in widget.entries()
            if words not in shown and command.weight > 4
        ]
    return found


def _cells(row: list[Glyph], region: Region) -> str:
    """The text in the region's columns; a wide glyph cut by its edge shows as a missing one."""
    text, x = "", 0
    for glyph in row:
        if region.x <= x and x + glyph.width <= region.right:
            text += glyph.text
        x += glyph.width
    return text
