"""Diagnostics as workflow commands, which GitHub shows beside the lines of a change.

Promise: one line per diagnostic, nothing in it ends the command early. Must not choose words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from content.checks.registry import RULES
from content.checks.report import Words
from content.diagnostic import Diagnostic


def as_github(diagnostics: Sequence[Diagnostic], language: str) -> Iterator[str]:
    """`::error file=...,line=...,col=...,title=...::what, why and how to mend it`."""
    words = Words(language)
    for found in diagnostics:
        place = {"file": found.file}
        if found.line:
            place |= {"line": str(found.line), "col": str(found.column)}
        place["title"] = f"{found.code} {RULES[found.code].name}"
        properties = ",".join(f"{name}={_property(value)}" for name, value in place.items())
        said = (words.message(found), words.part("why", found), words.mend(found))
        yield f"::{found.severity} {properties}::{_data(chr(10).join(filter(None, said)))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
