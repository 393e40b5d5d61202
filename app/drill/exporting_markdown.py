"""Documents as Markdown.

Promise: nothing in a text is taken for markup: signs that Markdown reads are escaped, code stands
in fences longer than any in it. Must not know what a document is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

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

_SIGNS = re.compile(r"([\\`*_{}\[\]<>|~$])")
_AT_START = re.compile(r"^(\s*)([#+\-=]|\d+[.)])(?=\s|$)", re.M)
_PICTURE_WIDTH = 76
_PICTURE_HEIGHT = 14


def markdown(document: Document, language: str) -> str:
    """The document, ending in a newline."""
    return "\n\n".join(_block(block, language) for block in document) + "\n"


def _block(block: Block, language: str) -> str:
    if isinstance(block, Paragraph):
        return _at_start(_spans(block.spans)).replace("\n", "  \n")
    if isinstance(block, Heading):
        return f"{'#' * min(6, block.level)} {_spans(block.spans)}"
    if isinstance(block, Code):
        text = "\n".join("".join(span.text for span in line) for line in block.lines)
        return _fenced(text, block.language)
    if isinstance(block, Diagram):
        told = f"{_escaped(block.told)}\n\n" if block.told and block.style == "plain" else ""
        return told + _fenced("\n".join(block.lines))
    if isinstance(block, Drawing):
        height = min(_PICTURE_HEIGHT, height_of(block.picture))
        rows = draw_picture(block.picture, _PICTURE_WIDTH, height, language)
        drawn = "\n".join("".join(span.text for span in row).rstrip() for row in rows)
        return f"{_escaped(described(block.picture, language))}\n\n{_fenced(drawn)}"
    if isinstance(block, Listing):
        return "\n".join(_listing(block, language))
    if isinstance(block, Table):
        return "\n".join(_table(block))
    assert isinstance(block, Quote)
    inner = "\n\n".join(_block(one, language) for one in block.blocks)
    return "\n".join(f"> {line}".rstrip() for line in inner.split("\n"))


def _listing(block: Listing, language: str) -> Iterator[str]:
    for n, item in enumerate(block.items, block.start):
        sign = f"{n}. " if block.ordered else "- "
        inner = "\n\n".join(_block(one, language) for one in item).split("\n")
        yield sign + inner[0]
        yield from (f"{' ' * len(sign)}{line}".rstrip() for line in inner[1:])


def _table(block: Table) -> Iterator[str]:
    align = block.align or ("left",) * len(block.header)
    yield _row(block.header)
    rule = {"left": "---", "right": "--:", "centre": ":-:"}
    yield "| " + " | ".join(rule[one] for one in align) + " |"
    yield from map(_row, block.rows)


def _row(cells: tuple[Spans, ...]) -> str:
    return "| " + " | ".join(_spans(cell).replace("\n", " ") for cell in cells) + " |"


def _spans(spans: Spans) -> str:
    parts = []
    for span in spans:
        text = clean(span.text)
        bare = text.strip()
        if not bare:
            parts.append(text)
            continue
        before, after = text[: text.index(bare)], text[text.index(bare) + len(bare) :]
        if span.style in ("code", "math") and "\n" not in bare:
            parts.append(f"{before}{_ticked(bare)}{after}")
        elif span.style in ("strong", "emphasis") and "\n" not in bare:
            mark = "**" if span.style == "strong" else "*"
            parts.append(f"{before}{mark}{_escaped(bare)}{mark}{after}")
        else:
            parts.append(_escaped(text))
    return "".join(parts)


def _ticked(text: str) -> str:
    """Code inside a line; a `|` would end a table's cell, so it is escaped there as tables want."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}".replace("|", "\\|")


def _escaped(text: str) -> str:
    return _SIGNS.sub(r"\\\1", clean(text).replace("&", "&amp;"))


def _at_start(text: str) -> str:
    """Signs that open a list or a heading at the start of a line, escaped."""
    return _AT_START.sub(lambda m: f"{m[1]}{_quoted(m[2])}", text)


def _quoted(sign: str) -> str:
    return f"{sign[:-1]}\\{sign[-1]}" if sign[0].isdigit() else f"\\{sign}"


def _fenced(text: str, language: str = "") -> str:
    text = clean(text)
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"
