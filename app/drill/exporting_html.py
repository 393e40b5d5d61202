"""Documents as one self-contained page: light and dark, and good on paper.

Promise: every text is escaped; the page loads nothing, runs nothing and names no address. Must not
know what a document is about.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from content.text import (
    Block,
    Code,
    Diagram,
    Document,
    Drawing,
    Heading,
    Listing,
    Paragraph,
    Quote,
    Spans,
    Table,
    clean,
)
from content.text.pictures import described, draw_picture, height_of

_PICTURE_WIDTH = 72
_PICTURE_HEIGHT = 14
_TAGS = {"strong": "strong", "emphasis": "em", "code": "code", "math": "i", "figure": "b"}
_STYLE = """
:root { color-scheme: light dark; --ink: #1c2230; --paper: #ffffff; --soft: #5b6472;
  --line: #d8dde6; --wash: #f4f6fa; --mark: #0b62a8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8f0; --paper: #14181f; --soft: #9aa5b5;
  --line: #323a47; --wash: #1c222c; --mark: #79b8f2; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 52rem; padding: 2rem 1.25rem 4rem; background: var(--paper);
  color: var(--ink); font: 1rem/1.55 system-ui, "PingFang SC", "Microsoft YaHei",
  "Noto Sans CJK SC", sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .75rem; line-height: 1.25; }
h2 { font-size: 1.15rem; margin: 2.25rem 0 .5rem; padding-top: 1rem;
  border-top: 1px solid var(--line); color: var(--mark); }
h3 { font-size: .95rem; margin: 1.25rem 0 .35rem; color: var(--soft); }
p { margin: .35rem 0; overflow-wrap: anywhere; }
pre { background: var(--wash); border: 1px solid var(--line); border-radius: 6px;
  padding: .6rem .8rem; overflow-x: auto; line-height: 1.35; }
pre, code { font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, "Noto Sans Mono CJK SC",
  monospace; font-size: .88rem; }
pre.picture { line-height: 1.15; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .93rem; }
th, td { padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; overflow-wrap: anywhere; }
th { color: var(--soft); font-weight: 600; white-space: nowrap; }
.right { text-align: right; } .centre { text-align: center; }
blockquote { margin: .5rem 0; padding-left: .9rem; border-left: 3px solid var(--line);
  color: var(--soft); }
@media print { :root { color-scheme: light; --ink: #000; --paper: #fff; --soft: #444;
  --line: #bbb; --wash: #fff; --mark: #000; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  h2, h3 { break-after: avoid; } pre, table, blockquote { break-inside: avoid; }
  pre { white-space: pre-wrap; } @page { margin: 18mm 16mm; } }
"""


def page(document: Document, title: str, language: str) -> str:
    """The whole page."""
    body = "\n".join(_block(block, language) for block in document)
    tongue = "zh-Hans" if language == "zh" else "en"
    return (
        f'<!DOCTYPE html>\n<html lang="{tongue}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_escaped(title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _block(block: Block, language: str) -> str:
    if isinstance(block, Paragraph):
        return f"<p>{_spans(block.spans)}</p>"
    if isinstance(block, Heading):
        level = min(6, max(1, block.level))
        return f"<h{level}>{_spans(block.spans)}</h{level}>"
    if isinstance(block, Code):
        text = "\n".join("".join(span.text for span in line) for line in block.lines)
        return f"<pre><code>{_escaped(text)}</code></pre>"
    if isinstance(block, Diagram):
        text = "\n".join(block.lines)
        told = f' role="img" aria-label="{_escaped(block.told)}"' if block.told else ""
        return f"<pre{told}>{_escaped(text)}</pre>"
    if isinstance(block, Drawing):
        height = min(_PICTURE_HEIGHT, height_of(block.picture))
        rows = draw_picture(block.picture, _PICTURE_WIDTH, height, language)
        drawn = "\n".join("".join(span.text for span in row).rstrip() for row in rows)
        words = _escaped(described(block.picture, language))
        return f'<pre class="picture" role="img" aria-label="{words}">{_escaped(drawn)}</pre>'
    if isinstance(block, Listing):
        return _listing(block, language)
    if isinstance(block, Table):
        return f'<div class="scroll"><table>{"".join(_table(block))}</table></div>'
    assert isinstance(block, Quote)
    inner = "\n".join(_block(one, language) for one in block.blocks)
    return f"<blockquote>{inner}</blockquote>"


def _listing(block: Listing, language: str) -> str:
    items = "".join(
        f"<li>{''.join(_block(one, language) for one in item)}</li>" for item in block.items
    )
    if block.ordered:
        start = "" if block.start == 1 else f' start="{block.start}"'
        return f"<ol{start}>{items}</ol>"
    return f"<ul>{items}</ul>"


def _table(block: Table) -> Iterator[str]:
    align = block.align or ("left",) * len(block.header)
    cells = "".join(
        f'<th class="{one}">{_spans(cell)}</th>'
        for one, cell in zip(align, block.header, strict=False)
    )
    yield f"<thead><tr>{cells}</tr></thead><tbody>"
    for row in block.rows:
        cells = "".join(
            f'<td class="{one}">{_spans(cell)}</td>' for one, cell in zip(align, row, strict=False)
        )
        yield f"<tr>{cells}</tr>"
    yield "</tbody>"


def _spans(spans: Spans) -> str:
    parts = []
    for span in spans:
        text = _escaped(span.text).replace("\n", "<br>\n")
        tag = _TAGS.get(span.style)
        parts.append(f"<{tag}>{text}</{tag}>" if tag else text)
    return "".join(parts)


def _escaped(text: str) -> str:
    return escape(clean(text), quote=True)
