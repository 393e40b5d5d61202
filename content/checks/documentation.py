"""The documentation of diagnostic codes, in both languages.

Promise: English is the docstring above each check; Chinese stands in `words/documentation.zh.md`,
one section per code with the same four parts. Must not hold the texts itself.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from content.checks.registry import RULES

_CHINESE = Path(__file__).parent / "words" / "documentation.zh.md"


def documentation(code: str, language: str) -> str | None:
    """What a code means; None if there is no such code."""
    rule = RULES.get(code)
    if rule is None:
        return None
    body = _chinese().get(code) if language == "zh" else rule.documentation
    return f"{code} {rule.name} ({rule.severity})\n\n{body}"


def overview(language: str) -> list[str]:
    """Every code in order, with its name and the first sentence of what it does."""
    lines = []
    for code, rule in sorted(RULES.items()):
        body = (documentation(code, language) or "").split("\n\n", 1)[1]
        does = body.partition("\n")[2].partition("\n\n")[0].split("\n")
        words, end = (
            ("".join(does), "(?<=。)") if language == "zh" else (" ".join(does), r"(?<=\.) ")
        )
        first = re.split(end, words)[0]
        lines.append(f"{code}  {rule.name}: {first}")
    return lines


@cache
def _chinese() -> dict[str, str]:
    """Sections of the file by code: each begins with `# G101`."""
    sections: dict[str, str] = {}
    for section in _CHINESE.read_text(encoding="utf-8").split("\n# ")[1:]:
        code, _, body = section.partition("\n")
        sections[code.strip()] = body.strip()
    return sections
