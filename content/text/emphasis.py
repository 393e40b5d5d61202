"""Emphasis between marks, and spans joined across the line ends of the source.

Promise: emphasis works beside Chinese punctuation, where CommonMark's own rule fails; names such
as `c_in` and products such as `k*k` stay text. Must not know what else a text may hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from content.text.document import Span, Spans

SOFT = "soft"
_CLOSING = ",.;:!?)]}"
"""Style of a line end in the source; it becomes a space, or nothing beside Chinese."""

_STARS = re.compile(r"\*+|_+")


@dataclass(slots=True)
class Mark:
    """A run of stars or underscores that may open or close emphasis."""

    text: str
    opens: bool
    closes: bool


def read_mark(text: str, at: int, end: int) -> tuple[list[Span | Mark], int]:
    """The stars or underscores at `at`, and the position after them."""
    found = _STARS.match(text, at, end)
    run = found.group() if found else text[at]
    after_at = at + len(run)
    before = text[at - 1] if at else " "
    after = text[after_at] if after_at < len(text) else " "
    inside_word = _latin(before) and _latin(after)
    opens = not after.isspace() and not inside_word
    closes = not before.isspace() and not inside_word
    if run[0] == "_":  # names such as c_in are far more frequent than emphasis
        opens, closes = opens and not before.isalnum(), closes and not after.isalnum()
    if len(run) > 3 or not (opens or closes):
        return [Span(run)], after_at
    if len(run) < 3:
        return [Mark(run, opens, closes)], after_at
    pair = [Mark(run[:2], opens, closes), Mark(run[0], opens, closes)]
    return list(reversed(pair)) if closes else list(pair), after_at


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def emphasised(tokens: list[Span | Mark]) -> Iterator[Span]:
    """The spans with marks paired off; a mark without a partner is text."""
    styles: list[str] = ["plain"] * len(tokens)
    open_marks: list[int] = []
    used: set[int] = set()
    for at, token in enumerate(tokens):
        if not isinstance(token, Mark):
            continue
        opener = _opener(tokens, open_marks, token) if token.closes else None
        if opener is not None:
            del open_marks[open_marks.index(opener) :]
            used |= {opener, at}
            style = "strong" if len(token.text) == 2 else "emphasis"
            for inner in range(opener + 1, at):
                if styles[inner] != "strong":
                    styles[inner] = style
        elif token.opens and len(open_marks) < 40:
            open_marks.append(at)
    for at, token in enumerate(tokens):
        if isinstance(token, Span):
            yield Span(token.text, styles[at]) if token.style == "plain" else token
        elif at not in used:
            yield Span(token.text, styles[at])


def _opener(tokens: list[Span | Mark], open_marks: list[int], closer: Mark) -> int | None:
    for at in reversed(open_marks):
        token = tokens[at]
        if isinstance(token, Mark) and token.text == closer.text:
            return at
    return None


def settled(spans: Spans) -> Spans:
    """Spans of equal style joined, and line ends of the source made spaces where words need them.

    Between two Chinese characters, or beside their punctuation, a line end is nothing; between a
    Chinese character and a number, a Latin word or code it is the space that is written there.
    """
    texts = [span for span in spans if span.text]
    kept: list[tuple[str, list[str]]] = []
    for at, span in enumerate(texts):
        text, style = span.text, span.style
        if style == SOFT:
            before = kept[-1][1][-1][-1:] if kept else ""
            after = texts[at + 1].text[:1] if at + 1 < len(texts) else ""
            if not _parted(before, after):
                continue
            text, style = " ", "plain"
        if text == "\n" and kept:
            kept[-1][1][-1] = kept[-1][1][-1].rstrip(" ")
        if kept and kept[-1][0] == style and style not in ("code", "figure", "math"):
            kept[-1][1].append(text)
        else:
            kept.append((style, [text]))
    joined = (Span("".join(parts), style) for style, parts in kept)
    return tuple(span for span in joined if span.text)


def _parted(before: str, after: str) -> bool:
    """Whether a space stands between these two at a line's end."""
    if not before or not after or before.isspace() or after.isspace():
        return False
    wide = [char for char in (before, after) if is_wide(char)]
    if not wide:
        return True
    return len(wide) == 1 and wide[0].isalnum() and after not in _CLOSING


def is_wide(char: str) -> bool:
    """Chinese, Japanese or Korean writing, or its punctuation."""
    return (
        "\u2e80" <= char <= "\u9fff"
        or "\uac00" <= char <= "\ud7af"
        or ("\uf900" <= char <= "\ufaff" or "\uff00" <= char <= "\uffef" or char > "\U0001ffff")
    )
