"""Guesses the slip behind a YAML syntax error.

Promise: from libyaml's words and the line in question, a stable hint name; the wording stands with
the messages of `content.checks`. Must not read files.
"""

from __future__ import annotations

import re

NEVER_CLOSED = frozenset({"quote-open", "flow-open"})
"""Slips that stand where something was opened, not where reading stopped."""
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"')
_CLOSED_TOO_EARLY = re.compile(r"did not find expected ',' or '[}\]]'")


def hint(said: str, lines: list[str], line: int, column: int, began: int) -> str:
    """A hint's name: what most likely happened, "" if there is no good guess."""
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    before = lines[began - 1] if 0 < began <= len(lines) else ""
    at = text[column - 1 : column]
    if re.match(r" *\t", text):
        return "tab"
    if re.search(r"(:|-|,|\{|\[)\s*\{\{", _QUOTED.sub("", text)):
        return "figure-unquoted"
    if "mapping values are not allowed" in said:
        return _second_colon(lines, line, column)
    if "cannot start any token" in said:
        return "start-character" if at in {"`", "@", "%"} else ""
    if "alphabetic or numeric character" in said or "while scanning an a" in said:
        return "start-character"
    if "end of stream" in said or "document indicator" in said:
        return "quote-open"
    if "unknown escape" in said or "hexdecimal" in said:
        return "backslash"
    if began < line and _CLOSED_TOO_EARLY.search(said) and not text[: column - 1].strip(" -"):
        return "flow-open"
    if re.search(r"(:|-)\s+[\[{][^\]}]*[\]}]\s*$", text[: column - 1]):
        return "start-character"
    return _structure(said, before)


def _structure(said: str, before: str) -> str:
    if _CLOSED_TOO_EARLY.search(said):
        return "flow-unquoted"
    if "could not find expected ':'" in said:
        return "colon-missing"
    if "did not find expected key" in said or "did not find expected '-'" in said:
        return "after-quote" if before.count('"') % 2 == 0 and '"' in before else "indentation"
    return ""


def _second_colon(lines: list[str], line: int, column: int) -> str:
    """A colon inside a text, or a key that is indented under a value."""
    text = lines[line - 1]
    if re.search(r"\S:\s+\S", text[: column - 1]):
        return "colon-unquoted"
    return "indentation"
