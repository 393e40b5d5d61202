"""Diagnostics as a compiler would print them, and as JSON, in either language.

Promise: every line is safe for a terminal and fits its width; the caret stands under the place
meant, wide characters counted as two cells. Must not decide what is wrong.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from rich.cells import cell_len

from content.checks.registry import RULES
from content.diagnostic import Diagnostic
from content.text import clean_line

WIDTH = 100
"""Cells of a report's lines, excerpts included."""
_NEAR = 4
"""How many characters a cell of an excerpt is looked for in."""
PER_CODE = 20
"""Findings of one code that are shown in full."""

Lines = Callable[[str], Sequence[str]]
"""The lines of a file, empty if they cannot be shown."""


class Words:
    """The wording of diagnostics in one language."""

    def __init__(self, language: str) -> None:
        self.language = language if language in ("en", "zh") else "en"
        self._words = _table(self.language)

    def __call__(self, key: str, **values: object) -> str:
        """The words of a key, placeholders filled."""
        return self._words[key].format(**values)

    def counted(self, key: str, n: int) -> str:
        """`1 error`, `2 errors`."""
        return self(f"{key}.one" if n == 1 else f"{key}.other", n=n)

    def part(self, part: str, found: Diagnostic) -> str:
        """`what`, `why` or `mend` of a diagnostic, the variant that fits its details."""
        details = self._details(found)
        variant = next(
            (details[k] for k in ("slip", "hint", "what", "belongs") if k in details), ""
        )
        key = f"{found.code}.{part}:{variant}"
        template = self._words.get(key) or self._words[f"{found.code}.{part}"]
        return clean_line(template.format_map(_Forgiving(details)))

    def message(self, found: Diagnostic) -> str:
        """What is wrong, with how often and on which draw."""
        text = self.part("what", found)
        total, draw = found.detail("total"), found.detail("draw")
        extra = []
        if total and total != "1":
            extra.append(self("word.count", count=found.detail("count"), total=total))
        if draw:
            extra.append(self("word.draw", draw=draw))
        if not extra:
            return text
        opened, comma, closed = "（，）" if self.language == "zh" else ("; ", ", ", "")
        return clean_line(f"{text}{opened}{comma.join(extra)}{closed}")

    def mend(self, found: Diagnostic) -> str:
        """How to mend it, the nearest spelling first."""
        near = found.detail("nearest")
        if near:
            return clean_line(self("word.nearest", nearest=near))
        return self.part("mend", found)

    def _details(self, found: Diagnostic) -> dict[str, str]:
        details = dict(found.details)
        if found.code == "G105" and details.get("form") == "1.2.0":
            details["slip"] = "version"
        if found.code == "G103" and not details.keys() & {"slip", "hint"}:
            details["hint"] = details.get("expected", "").replace(" ", "-")
        for name in ("expected", "found"):
            if found.code == "G103" and name in details:
                types = [self(f"type.{kind}") for kind in details[name].split()]
                details[name] = self("word.or").join(types)
        chosen = f".{self.language}"
        translated = {k.removesuffix(chosen): v for k, v in details.items() if k.endswith(chosen)}
        return {**details, **translated}


class _Forgiving(dict[str, str]):
    """A missing detail shows as nothing rather than breaking a report."""

    def __missing__(self, key: str) -> str:
        return ""


@cache
def _table(language: str) -> dict[str, str]:
    path = Path(__file__).parent / "words" / f"{language}.json"
    words: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return words


def render(
    diagnostics: Sequence[Diagnostic],
    lines: Lines,
    language: str,
    *,
    per_code: int | None = PER_CODE,
    width: int = WIDTH,
) -> Iterator[str]:
    """The report, one printed line at a time."""
    words = Words(language)
    shown: Counter[str] = Counter()
    for found in diagnostics:
        shown[found.code] += 1
        if per_code is None or shown[found.code] <= per_code:
            yield from _one(found, lines, words, width)
            yield ""
    for code, count in sorted(shown.items()):
        if per_code is not None and count > per_code:
            yield words("more", n=count - per_code, code=code)


def _one(found: Diagnostic, lines: Lines, words: Words, width: int) -> Iterator[str]:
    grade = words(f"word.{found.severity}")
    yield f"{grade}[{found.code}] {words.message(found)}"
    place = clean_line(found.file)
    if found.line:
        place += f":{found.line}:{found.column}"
    item = f" ({clean_line(found.item)})" if found.item else ""
    yield f"  --> {place}{item}"
    number = str(found.line) if found.line else ""
    margin = " " * len(number)
    source = lines(found.file)
    if 0 < found.line <= len(source):
        excerpt, column, length = _excerpt(source[found.line - 1], found, width - len(number) - 4)
        yield f"{margin} |"
        yield f"{number} | {excerpt}"
        yield f"{margin} | {' ' * column}{'^' * length}"
    for part, text in (("why", words.part("why", found)), ("mend", words.mend(found))):
        yield f"{margin} = {words(f'word.{part}')}: {text}"


def _excerpt(line: str, found: Diagnostic, width: int) -> tuple[str, int, int]:
    """The part of a line around the place meant, the caret's cell and its length."""
    at = max(0, min(found.column - 1, len(line)))
    near = _NEAR * width  # a line may have two million characters
    before, after = _visible(line[max(0, at - near) : at]), _visible(line[at : at + near])
    marked = _visible(line[at : at + _length(found, line, at)])
    room = max(width // 2, width - cell_len(after))
    if cell_len(before) > room:
        before = "…" + _last_cells(before, room - 1)
    column = cell_len(before)
    shown = before + after
    if cell_len(shown) > width:
        shown = _first_cells(shown, width - 1) + "…"
    return shown, column, max(1, min(cell_len(marked), width - column))


def _length(found: Diagnostic, line: str, at: int) -> int:
    """How much is underlined: the thing named in the details if it stands there, else a word."""
    for name in ("field", "name", "id", "key", "number", "tag", "value", "unit", "source"):
        detail = found.detail(name)
        if detail and line.startswith(detail, at):
            return len(detail)
    end = at
    while end < len(line) and (line[end].isalnum() or line[end] in "_-."):
        end += 1
    return max(1, end - at)


def _visible(text: str) -> str:
    return clean_line(text.replace("\t", " "))


def _last_cells(text: str, cells: int) -> str:
    while cell_len(text) > cells:
        text = text[1:]
    return text


def _first_cells(text: str, cells: int) -> str:
    while cell_len(text) > cells:
        text = text[:-1]
    return text


def as_json(diagnostics: Sequence[Diagnostic], language: str) -> list[dict[str, Any]]:
    """The diagnostics for other programs; codes and details do not depend on the language."""
    words = Words(language)
    return [
        {
            "code": found.code,
            "name": RULES[found.code].name,
            "severity": found.severity,
            "file": found.file,
            "line": found.line,
            "column": found.column,
            "item": found.item,
            "message": words.message(found),
            "why": words.part("why", found),
            "mend": words.mend(found),
            "details": {k: v for k, v in found.details if not k.startswith("reason.")},
        }
        for found in diagnostics
    ]
