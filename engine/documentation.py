"""Docstrings of listed names, read as documentation.

Promise: a docstring is its first sentence, further paragraphs, then lines `Source: ...` and
`Example: EXPRESSION -> VALUE`, each of which may go on in the lines below it. Nothing is invented
here: what a docstring does not say stays empty. Must not import torch.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from engine.documented import Example

_MARKED: Final = re.compile(r"(Source|Example):\s*(.*)", re.DOTALL)
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z`(|])")
_ARROW: Final = " -> "
_LAST_ARROW: Final = re.compile(r"(.*) ->\s(.*)", re.DOTALL)
_DRAWN: Final = "┌│└"
"""A drawing keeps its lines."""


@dataclass(frozen=True, slots=True)
class Read:
    """The parts of one docstring."""

    text: tuple[str, ...]
    sources: tuple[str, ...]
    examples: tuple[Example, ...]

    @property
    def summary(self) -> str:
        """The first sentence."""
        return _SENTENCE_END.split(self.text[0])[0] if self.text else ""

    def without(self, start: str) -> Read:
        """The same with that start of the first paragraph left out."""
        if not self.text or not self.text[0].startswith(start):
            return self
        rest = self.text[0].removeprefix(start).strip()
        return replace(self, text=(rest[:1].upper() + rest[1:], *self.text[1:]))


def read(docstring: str) -> Read:
    """The parts of a docstring whose indentation is gone already."""
    text: list[str] = []
    sources: list[str] = []
    examples: list[Example] = []
    for part in _parts(docstring):
        marked = _MARKED.match(part)
        if marked is None:
            text.append(part)
        elif marked[1] == "Source":
            sources.append(marked[2])
        else:
            pair = _LAST_ARROW.fullmatch(marked[2])
            examples.append(Example(pair[1], pair[2]) if pair else Example(marked[2], ""))
    return Read(tuple(text), tuple(sources), tuple(examples))


def joined(tensors: str, numbers: str) -> str:
    """One docstring of two: of a function for tensors, and of its twin for plain numbers."""
    first, second = read(tensors), read(numbers)
    paragraphs = [*first.text, f"On plain numbers: {' '.join(second.text)}"]
    marked = [f"Source: {source}" for source in (*first.sources, *second.sources)]
    marked += [f"Example: {e.expression}{_ARROW}{e.value}" for e in first.examples]
    marked += [f"Example: {e.expression}{_ARROW}{e.value}" for e in second.examples]
    return "\n\n".join([*paragraphs, "\n".join(marked)]).strip()


def _parts(docstring: str) -> list[str]:
    """Paragraphs and marked lines, each on one line."""
    parts: list[list[str]] = []
    open_part = False
    for line in docstring.splitlines():
        words = line.split()
        if not words:
            open_part = False
        elif open_part and not _MARKED.match(line.strip()):
            if words[0][0] in _DRAWN:
                words[0] = "\n" + words[0]
            parts[-1].extend(words)
        else:
            parts.append(words)
            open_part = True
    return [" ".join(part).replace(" \n", "\n") for part in parts]
