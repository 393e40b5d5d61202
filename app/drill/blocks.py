"""Blocks of a drill's documents, made from plain words.

Promise: what a person typed is cleaned of signs that are not text. Must not know of rounds.
"""

from __future__ import annotations

from collections.abc import Iterable

from content.text import Code, Heading, Paragraph, Span, clean, clean_line


def heading(text: str, level: int) -> Heading:
    """A heading."""
    return Heading(spans(text), level)


def lines(sentences: Iterable[str]) -> Paragraph:
    """Each on a line of its own."""
    return paragraph("\n".join(sentences))


def paragraph(text: str) -> Paragraph:
    """A paragraph."""
    return Paragraph(spans(text))


def code(lines: Iterable[str]) -> Code:
    """Lines of code."""
    return Code(tuple((Span(clean_line(line), "code"),) for line in lines))


def spans(text: str) -> tuple[Span, ...]:
    """The words as a line's only piece."""
    return (Span(clean(text)),)
