"""The documentation of diagnostic codes, in both languages.

Promise: English is the docstring above each check; Chinese stands in `words/documentation.zh.md`,
one section per code with the same four parts. Must not hold the texts itself.
"""

from __future__ import annotations

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


@cache
def _chinese() -> dict[str, str]:
    """Sections of the file by code: each begins with `# G101`."""
    sections: dict[str, str] = {}
    for section in _CHINESE.read_text(encoding="utf-8").split("\n# ")[1:]:
        code, _, body = section.partition("\n")
        sections[code.strip()] = body.strip()
    return sections
