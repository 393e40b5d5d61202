"""Spans wrapped to a width in terminal cells, by the rules of both scripts.

Promise: no line is wider than asked (two cells at least, one wide character), and nothing but
spaces at a line's end is lost. No closing punctuation starts a line and no opening one ends it
(kinsoku); a number, a date, a formula, a figure or inline code breaks only where it is longer than
a line.
Must not know about blocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rich.cells import cell_len

from content.text.document import Span, Spans
from content.text.emphasis import is_wide

NARROWEST = 2
"""Cells of the narrowest line: one wide character."""

_CLOSING = frozenset("，。、；：？！）】」』》〉〕］｝％％℃…—·～”’),.;:!?]}%")
_OPENING = frozenset("（【「『《〈〔［｛“‘([{$#")
_OF_DATES = frozenset("年月日")
_WHOLE = frozenset({"code", "math", "figure", "link"})


@lru_cache(maxsize=4096)
def cells(text: str) -> int:
    """The width of a text in terminal cells."""
    return cell_len(text)


@dataclass(slots=True)
class _Cluster:
    """A character with its combining marks."""

    text: str
    style: str
    span: int
    width: int


def wrapped(spans: Spans, width: int) -> tuple[Spans, ...]:
    """The spans as lines no wider than `width`; at least one line."""
    width = max(NARROWEST, width)
    lines: list[Spans] = []
    for paragraph in _split_at_newlines(spans):
        lines.extend(_fill(_pieces(list(_clusters(paragraph)), width), width))
    return tuple(lines)


def cut(spans: Spans, width: int) -> Spans:
    """One line of spans, its end replaced by `…` where it is too wide."""
    if sum(cells(span.text) for span in spans) <= width:
        return spans
    kept: list[_Cluster] = []
    room = width - 1
    for cluster in _clusters(spans):
        if cluster.width > room:
            break
        room -= cluster.width
        kept.append(cluster)
    style = kept[-1].style if kept else "plain"
    return (*_spans(kept), Span("…", style)) if width > 0 else ()


def _split_at_newlines(spans: Spans) -> Iterator[Spans]:
    line: list[Span] = []
    for span in spans:
        first, *rest = span.text.split("\n")
        line.append(Span(first, span.style))
        for part in rest:
            yield tuple(line)
            line = [Span(part, span.style)]
    yield tuple(line)


def _clusters(spans: Spans) -> Iterator[_Cluster]:
    for number, span in enumerate(spans):
        pending = ""
        for char in span.text:
            if _alone(char) and (not pending or _alone(pending)):
                if pending:
                    yield _Cluster(pending, span.style, number, cells(pending))
                pending = char
            elif pending and cells(pending + char) > cells(pending):
                yield _Cluster(pending, span.style, number, cells(pending))
                pending = char
            else:
                pending += char
        if pending:
            yield _Cluster(pending, span.style, number, cells(pending))


def _alone(text: str) -> bool:
    """A character that never joins the one before it."""
    return len(text) == 1 and (text.isascii() or "\u2e80" <= text <= "\u9fff")


def _pieces(clusters: list[_Cluster], width: int) -> Iterator[list[_Cluster]]:
    """Runs that stay on one line wherever they fit on one; spaces stand alone."""
    widths: dict[int, int] = {}
    for cluster in clusters:
        if cluster.style in _WHOLE:
            widths[cluster.span] = widths.get(cluster.span, 0) + cluster.width
    whole = {span for span, size in widths.items() if size <= max(12, width * 2 // 3)}
    piece: list[_Cluster] = []
    for cluster in clusters:
        if piece and _may_break(piece[-1], cluster, whole):
            yield piece
            piece = []
        piece.append(cluster)
    if piece:
        yield piece


def _may_break(before: _Cluster, after: _Cluster, whole: set[int]) -> bool:
    if before.span == after.span and before.span in whole:
        return False
    left, right = before.text[-1], after.text[0]
    if left == " " or right == " ":
        return left != right or before.span != after.span
    if right in _CLOSING or left in _OPENING:
        return False
    if (left.isdigit() and right in _OF_DATES) or (left in _OF_DATES and right.isdigit()):
        return False
    if is_wide(left) or is_wide(right):
        return True
    return (
        left in "-–—/"
        and right.isalpha()
        and before.span == after.span
        and (before.style not in _WHOLE)
    )


def _fill(pieces: Iterator[list[_Cluster]], width: int) -> Iterator[Spans]:
    line: list[_Cluster] = []
    used = 0
    for piece in pieces:
        size = sum(c.width for c in piece)
        blank = all(c.text == " " for c in piece)
        if used + size > width and line and not blank:
            yield _spans(_without_end_spaces(line))
            line, used = [], 0
        if blank and (used + size > width):
            continue  # spaces at a line's end take no room
        if size > width:
            for part in _forced(piece, width):
                if line:
                    yield _spans(line)
                line = part
            used = sum(c.width for c in line)
            continue
        line.extend(piece)
        used += size
    yield _spans(_without_end_spaces(line))


def _forced(piece: list[_Cluster], width: int) -> Iterator[list[_Cluster]]:
    """A piece longer than a line, cut where it must be."""
    line: list[_Cluster] = []
    used = 0
    for cluster in piece:
        if line and used + cluster.width > width:
            yield line
            line, used = [], 0
        line.append(cluster)
        used += cluster.width
    yield line


def _without_end_spaces(line: list[_Cluster]) -> list[_Cluster]:
    end = len(line)
    while end and line[end - 1].text == " ":
        end -= 1
    return line[:end]


def _spans(clusters: list[_Cluster]) -> Spans:
    spans: list[Span] = []
    last = -1
    for cluster in clusters:
        if spans and cluster.span == last:
            spans[-1] = Span(spans[-1].text + cluster.text, cluster.style)
        else:
            spans.append(Span(cluster.text, cluster.style))
        last = cluster.span
    return tuple(spans)
