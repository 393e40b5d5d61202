"""Figures as one self-contained page: light and dark, and good on paper.

Promise: every text is escaped; the page loads nothing, runs nothing and names no address, and its
policy forbids it to. Must not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from app.locale import Locale
from app.statistics.figure import Figure, Table
from app.statistics.svg import svg
from content.text import clean

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = """
:root { color-scheme: light dark; --ink: #1c2230; --paper: #fff; --soft: #5b6472; --line: #d8dde6;
  --wash: #eef1f6; --one: #1f7a8c; --two: #d08a3c; --l1: #bfe0e6; --l2: #7fc0cc; --l3: #3f98aa;
  --l4: #145a6a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8f0; --paper: #14181f; --soft: #9aa5b5;
  --line: #323a47; --wash: #222936; --one: #7fb8c9; --two: #dfa06e; --l1: #24424b; --l2: #3a6b7a;
  --l3: #5c9bad; --l4: #a5dceb; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 52rem; padding: 2rem 1.25rem 4rem; background: var(--paper);
  color: var(--ink); font: 1rem/1.55 system-ui, "PingFang SC", "Microsoft YaHei",
  "Noto Sans CJK SC", sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; line-height: 1.25; }
h2 { font-size: 1.15rem; margin: 2.25rem 0 .25rem; padding-top: 1rem;
  border-top: 1px solid var(--line); }
p { margin: .35rem 0; overflow-wrap: anywhere; }
.range, footer { color: var(--soft); font-size: .9rem; }
.defined { color: var(--soft); font-size: .85rem; margin: .75rem 0 0; padding-left: 1.1rem; }
.defined li { margin: .2rem 0; }
svg { display: block; width: 100%; height: auto; margin: .75rem 0; font: 11px system-ui,
  "Noto Sans CJK SC", sans-serif; }
svg text { fill: var(--soft); }
.note { font-family: ui-monospace, "DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace; }
.grid { stroke: var(--line); stroke-width: 1; }
.axis { stroke: var(--soft); stroke-width: 1; }
.track, .l0 { fill: var(--wash); }
.s1, .d1 { fill: var(--one); } .s2 { fill: var(--two); }
.c1, .c2 { fill: none; stroke-width: 1.8; } .c1 { stroke: var(--one); }
.c2 { stroke: var(--two); stroke-dasharray: 5 4; }
.l1 { fill: var(--l1); } .l2 { fill: var(--l2); } .l3 { fill: var(--l3); } .l4 { fill: var(--l4); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .93rem; margin: .5rem 0; }
th, td { padding: .25rem 1.2rem .25rem 0; border-bottom: 1px solid var(--line); text-align: right;
  white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
th { color: var(--soft); font-weight: 600; }
@media print { :root { color-scheme: light; --ink: #000; --paper: #fff; --soft: #444; --line: #bbb;
  --wash: #eee; --one: #1f5f6e; --two: #b0b0b0; --l1: #ccc; --l2: #999; --l3: #666; --l4: #222; }
  body { max-width: none; padding: 0; font-size: 10pt; } section { break-inside: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  @page { margin: 16mm 14mm; } }
"""


def page(figures: Sequence[Figure], title: str, made: str, say: Locale) -> str:
    """The whole page."""
    tongue = "zh-Hans" if say.language == "zh" else "en"
    body = "\n".join(_section(one) for one in figures)
    return (
        f'<!DOCTYPE html>\n<html lang="{tongue}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_safe(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f'<main>\n<h1>{_safe(title)}</h1>\n<p class="range">{_safe(made)}</p>\n{body}\n'
        "</main>\n</body>\n</html>\n"
    )


def _section(figure: Figure) -> str:
    parts = [
        f'<section id="{_safe(figure.name)}">',
        f"<h2>{_safe(figure.title)}</h2>",
        f'<p class="range">{_safe(figure.range)}</p>',
    ]
    if figure.empty:
        parts.append(f"<p>{_safe(figure.empty)}</p>")
    parts += [f"<p>{_safe(sentence)}</p>" for sentence in figure.said]
    told = " ".join(figure.said)
    parts += [svg(picture, f"{figure.title}. {told}") for picture in figure.pictures]
    if figure.table is not None:
        parts.append(_table(figure.table))
    if defined := (*figure.defined, *figure.legend):
        items = "".join(f"<li>{_safe(sentence)}</li>" for sentence in defined)
        parts.append(f'<ul class="defined">{items}</ul>')
    return "\n".join([*parts, "</section>"])


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{_safe(text)}</th>' for text in table.header)
    rows = "".join(
        "<tr>" + "".join(f"<td>{_safe(text)}</td>" for text in row) + "</tr>" for row in table.rows
    )
    return (
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _safe(text: str) -> str:
    return escape(clean(text), quote=True)
