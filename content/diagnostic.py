"""A problem found in a pack, with its place: plain data, no wording.

Promise: importing this costs nothing. `code` is stable for ever (`G101`); the words for it stand in
`content.checks`. Must not read files or hold messages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]
Details = tuple[tuple[str, str], ...]

WARNINGS = frozenset(
    {
        "G012",  # file-ignored
        "G209",  # topic-not-in-chapters
        "G211",  # item-duplicated
        "G212",  # item-gone
        "G305",  # looks-untranslated
        "G407",  # looks-like-markup
        "G408",  # figure-note-unused
        "G505",  # name-unused
        "G509",  # where-rarely-holds
        "G606",  # slow-measurement
        "G702",  # mistake-title-unused
        "G705",  # mistake-never-applies
    }
)
"""Codes that tell of something odd; every other code makes the check fail."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem. `line` and `column` are 1-based characters; 0 where the whole file is meant.

    `file` is the path as a person finds it; `item` is `topic/id`, or "" outside an item. `details`
    fill the placeholders of the code's message.
    """

    code: str
    severity: Severity
    file: str
    line: int = 0
    column: int = 0
    item: str = ""
    details: Details = ()

    def detail(self, name: str) -> str:
        """The detail of that name, or an empty string."""
        return dict(self.details).get(name, "")


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem inside one file, before the file's name is known."""

    code: str
    line: int
    column: int
    details: Details = ()
    item: str = ""

    def at(self, file: str) -> Diagnostic:
        """The diagnostic for a file of that name."""
        return diagnostic(
            self.code, file, self.line, self.column, item=self.item, details=self.details
        )


def diagnostic(
    code: str,
    file: str,
    line: int = 0,
    column: int = 0,
    *,
    item: str = "",
    details: Details = (),
) -> Diagnostic:
    """A diagnostic with the severity its code has."""
    severity: Severity = "warning" if code in WARNINGS else "error"
    return Diagnostic(code, severity, file, line, column, item, details)


def by_place(diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """Sorted as a person mends them: by file, line, column."""
    return tuple(sorted(diagnostics, key=lambda d: (d.file, d.line, d.column, d.code, d.details)))
