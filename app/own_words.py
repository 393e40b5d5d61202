"""What a learner writes of an item, as a document.

Promise: the same Markdown as in packs, made safe by the same renderer; braces are only braces.
"""

from __future__ import annotations

from content.text import Document, render


def own_words(text: str, language: str) -> Document:
    """The document of a note."""
    return render(text.replace("{{", "\\{{"), {}, language)
