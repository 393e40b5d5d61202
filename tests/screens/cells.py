"""A painted screen as a grid of cells, and the grid as an SVG of one text per cell.

Textual's own SVG stretches text by code points, which squeezes Chinese; here every glyph stands
in its own cell or two.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from rich.cells import cell_len
from rich.color import Color
from rich.style import Style
from rich.terminal_theme import DEFAULT_TERMINAL_THEME
from textual.app import App

CELL = 10.0
LINE = 21.0
_SIZE = 16.6
_BASELINE = 15.8
_WIDE_SIZE = 19.0
_WIDE_BASELINE = 16.8
_FONTS = '"DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace'


@dataclass(frozen=True)
class Glyph:
    """What stands at a cell: `width` is 1 or 2 (the next cell is then taken)."""

    text: str
    width: int
    style: Style


def grid_of(app: App[object]) -> list[list[Glyph]]:
    """The screen as it is painted, line by line, glyphs from left to right."""
    update = app.screen._compositor.render_update(
        full=True, screen_stack=app._background_screens, simplify=True
    )
    rows: list[list[Glyph]] = []
    for strips in update.strips:
        row: list[Glyph] = []
        for strip in strips:
            for segment in strip:
                if segment.control:
                    continue
                for char in segment.text:
                    width = cell_len(char)
                    if width == 0 and row:
                        last = row.pop()
                        row.append(Glyph(last.text + char, last.width, last.style))
                    elif width:
                        row.append(Glyph(char, width, segment.style or Style()))
        rows.append(row)
    return rows


def text_of(app: App[object]) -> list[str]:
    """The screen's lines as text."""
    return ["".join(glyph.text for glyph in row).rstrip() for row in grid_of(app)]


def svg_of(app: App[object]) -> str:
    """The screen as SVG."""
    rows = grid_of(app)
    width = max(sum(glyph.width for glyph in row) for row in rows) * CELL
    height = len(rows) * LINE
    paper = _background(app)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}">',
        f'<g font-size="{_SIZE}">',
        f"<style>text{{font-family:{_FONTS};white-space:pre}}</style>",
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="{paper}"/>',
    ]
    for y, row in enumerate(rows):
        x = 0.0
        marks: list[str] = []
        for glyph in row:
            ink, ground = _colours(glyph.style, paper)
            size = glyph.width * CELL
            if ground != paper:
                parts.append(
                    f'<rect x="{x:.1f}" y="{y * LINE:.1f}" width="{size + 0.4:.1f}" '
                    f'height="{LINE + 0.4:.1f}" fill="{ground}"/>'
                )
            if glyph.text.strip():
                marks.append(_mark(glyph, x, y, ink))
            x += size
        parts += marks
    parts.append("</g></svg>")
    return "\n".join(parts)


_BLOCKS = {
    **{char: (0.0, 1 - (n + 1) / 8, 1.0, (n + 1) / 8) for n, char in enumerate("▁▂▃▄▅▆▇█")},
    **{char: (0.0, 0.0, 1 - (n + 1) / 8, 1.0) for n, char in enumerate("▉▊▋▌▍▎▏")},
    "▔": (0.0, 0.0, 1.0, 1 / 8),
    "▕": (7 / 8, 0.0, 1 / 8, 1.0),
    "▀": (0.0, 0.0, 1.0, 0.5),
    "▐": (0.5, 0.0, 0.5, 1.0),
}
"""Blocks are drawn, as terminals draw them: a font's own leave gaps between cells."""


def _mark(glyph: Glyph, x: float, y: int, ink: str) -> str:
    if glyph.text in _BLOCKS:
        left, top, width, height = _BLOCKS[glyph.text]
        return (
            f'<rect x="{x + left * CELL:.2f}" y="{(y + top) * LINE:.2f}" '
            f'width="{width * CELL:.2f}" height="{height * LINE:.2f}" fill="{ink}"/>'
        )
    if glyph.text == "─":
        middle = (y + 0.5) * LINE
        return f'<rect x="{x:.1f}" y="{middle:.1f}" width="{CELL}" height="1.2" fill="{ink}"/>'
    style = glyph.style
    wide = glyph.width == 2
    base = y * LINE + (_WIDE_BASELINE if wide else _BASELINE)
    size = f' font-size="{_WIDE_SIZE}"' if wide else ""
    extra = ' font-weight="bold"' if style.bold else ""
    extra += ' font-style="italic"' if style.italic and glyph.width == 1 else ""
    extra += ' text-decoration="underline"' if style.underline else ""
    return (
        f'<text x="{x + 0.5 * wide:.1f}" y="{base:.1f}" fill="{ink}"{size}{extra}>'
        f"{escape(glyph.text)}</text>"
    )


def _background(app: App[object]) -> str:
    return app.screen.background_colors[1].rich_color.get_truecolor(DEFAULT_TERMINAL_THEME).hex


def _colours(style: Style, paper: str) -> tuple[str, str]:
    ink = _hex(style.color, "#d9dce1", foreground=True)
    ground = _hex(style.bgcolor, paper, foreground=False)
    if style.reverse:
        ink, ground = ground, ink
    if style.dim:
        ink = _between(ink, ground)
    return ink, ground


def _hex(color: Color | None, default: str, *, foreground: bool) -> str:
    if color is None or color.is_default:
        return default
    return color.get_truecolor(DEFAULT_TERMINAL_THEME, foreground=foreground).hex


def _between(ink: str, ground: str) -> str:
    pairs = [(int(ink[n : n + 2], 16), int(ground[n : n + 2], 16)) for n in (1, 3, 5)]
    return "#" + "".join(f"{(a + b) // 2:02x}" for a, b in pairs)
