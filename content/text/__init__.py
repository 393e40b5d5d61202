"""Texts of a pack: Markdown, formulas and measured figures, made into documents and lines.

Promise: the names exported here are the whole interface; importing it loads neither Pygments nor
pylatexenc. Must not know packs, learners or screens.
"""

from content.text.clean import clean, clean_line, hidden_in
from content.text.document import (
    Block,
    Code,
    Diagram,
    Document,
    Drawing,
    Heading,
    Listing,
    Paragraph,
    Quote,
    Span,
    Spans,
    Table,
    TextError,
)
from content.text.figures import Figure
from content.text.layout import lines, plain
from content.text.numbers import format_value, literal
from content.text.render import figures_in, problems_in, render

__all__ = [
    "Block",
    "Code",
    "Diagram",
    "Document",
    "Drawing",
    "Figure",
    "Heading",
    "Listing",
    "Paragraph",
    "Quote",
    "Span",
    "Spans",
    "Table",
    "TextError",
    "clean",
    "clean_line",
    "figures_in",
    "format_value",
    "hidden_in",
    "lines",
    "literal",
    "plain",
    "problems_in",
    "render",
]
