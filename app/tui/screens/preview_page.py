"""What stands on a preview: an item in its languages, one mistake, what is wrong.

Promise: functions from what was prepared to lines; called again they give the same. Must not
measure and must not change anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from textual.content import Content

from app.locale import LANGUAGES, Locale
from app.previewing import Slip
from app.tui.page import document_lines, text_lines
from app.tui.widgets.laid import line
from app.tui.widgets.solution import solution_lines
from content.checks.report import Words
from content.pack import Card, in_language
from content.prepare import Prepared
from content.text import format_value
from engine.choosing import LETTERS
from engine.messages import describe
from engine.protocol import Failure, Skipped

if TYPE_CHECKING:
    from content.diagnostic import Diagnostic
    from content.text import Document

_GAP = 3
_COLUMN = 44
"""Cells a column needs to be read."""


def columns_for(width: int, wanted: int) -> bool:
    """Whether that many columns stand side by side."""
    return width >= wanted * _COLUMN + (wanted - 1) * _GAP


def side_by_side(parts: Sequence[list[Content]], widths: Sequence[int]) -> list[Content]:
    """Columns of lines beside each other."""
    rows = []
    for cells in zip_longest(*parts, fillvalue=Content("")):
        row = Content("")
        for n, (cell, width) in enumerate(zip(cells, widths, strict=True)):
            space = width - cell.cell_length + _GAP if n < len(parts) - 1 else 0
            row = line(row, cell, " " * max(0, space))
        rows.append(row)
    return rows


def widths(width: int, count: int) -> list[int]:
    """Equal widths of columns."""
    return [(width - _GAP * (count - 1)) // count] * count


def item_lines(
    prepared: Prepared, language: str, width: int, slip: Slip | None, say: Locale, screen: int
) -> list[Content]:
    """The item in one language: question, answer, hints, and one mistake's explanation."""

    def laid(document: Document) -> list[Content]:
        return document_lines(document, width, language, screen=screen)

    def led(mark: str, style: str, document: Document) -> list[Content]:
        rows = document_lines(document, width - 4, language)
        first, later = f"{mark:4}", " " * 4
        return [line((later if n else first, style), r) for n, r in enumerate(rows)]

    rule = line(("─" * width, "$faint"))
    rows = [line((language, "$muted")), *laid(prepared.question(language)), rule]
    item = prepared.item
    if isinstance(item, Card):
        rows += laid(prepared.back(language))
    else:
        rights = [choice.right for choice in prepared.truth.options]
        for n, option in enumerate(prepared.options(language)):
            mark, style = ("✓", "bold $success") if rights[n] else ("·", "$muted")
            rows += led(f"{mark} {LETTERS[n % len(LETTERS)]}", style, option)
        for text in item.accept:
            rows.append(line(("✓   ", "bold $success"), in_language(text, language)))
        for point in prepared.points(language):
            rows += led("•", "$muted", point)
        if item.example:
            rows += text_lines(item.example, width, language, "$code")
        rows += _solution(prepared, language, width)
    hints = prepared.hints(language)
    for n, hint in enumerate(hints, 1):
        rows += [Content("")] if n == 1 else []
        rows += led("?", "$accent", hint)
    if slip is not None:
        rows += [Content(""), *_slip(prepared, slip, language, width, say)]
    return rows


def _solution(prepared: Prepared, language: str, width: int) -> list[Content]:
    if language in LANGUAGES:
        return solution_lines(prepared, Locale(language), width)
    work = prepared.solution(language)
    rows = document_lines(work.text, width, language) if work.text else []
    if work.filled_in:
        value = format_value(work.measured, language)
        rows += text_lines(f"{work.filled_in} = {value}", width, language, "$math")
    return rows


def _slip(prepared: Prepared, slip: Slip, language: str, width: int, say: Locale) -> list[Content]:
    """`bias-forgotten · 576`, and what the learner would read."""
    say = _in(language, say)
    if slip.option is not None:
        head = say("tui.preview.option", letter=slip.gives, id=slip.id)
        why = prepared.option_why(slip.option, language)
    elif isinstance(slip.gives, Skipped | Failure):
        key = "unmeasured" if isinstance(slip.gives, Failure) else "skipped"
        head = say(f"tui.preview.{key}", id=slip.id, expression=slip.expression)
        why = prepared.why(slip.id, language)
    else:
        head = say("tui.preview.mistake", id=slip.id, value=format_value(slip.gives, language))
        why = prepared.why(slip.id, language)
    rows = text_lines(head, width, language, "bold $mistake")
    return [*rows, *document_lines(why, width, language)]


def _in(language: str, say: Locale) -> Locale:
    """The interface's words in the column's language, where it has them."""
    return Locale(language) if language in LANGUAGES else say


def failure_lines(
    failures: Sequence[Failure], language: str, say: Locale, width: int
) -> list[Content]:
    """What could not be measured, in the column's language."""
    say = _in(language, say)
    rows: list[Content] = []
    for failure in dict.fromkeys(failures):
        rows += text_lines(describe(failure, say.language), width, say.language, "$error")
    return rows


def elsewhere_lines(found: Sequence[Diagnostic], say: Locale, width: int) -> list[Content]:
    """That something is wrong with other items, and where first."""
    if not found:
        return []
    first = found[0]
    place = f"{_file(first)}:{first.line}:{first.column}"
    words = say("tui.preview.elsewhere", n=len(found), code=first.code, place=place)
    return [Content(""), *text_lines(words, width, say.language, "$mistake")]


def _file(one: Diagnostic) -> str:
    return one.file.replace("\\", "/").rpartition("/")[2]


def diagnostic_lines(
    found: Sequence[Diagnostic], say: Locale, width: int, *, differs: bool = False
) -> list[Content]:
    """Code, place, what is wrong, how to mend it."""
    if not found and differs:
        return text_lines(say("tui.preview.differs"), width, say.language, "bold $error")
    if not found:
        return text_lines(say("tui.preview.sound"), width, say.language, "$success")
    words = Words(say.language)
    rows: list[Content] = []
    for one in found:
        style = "bold $error" if one.severity == "error" else "bold $mistake"
        name = _file(one)
        place = f"{name}:{one.line}:{one.column}" if one.line else name
        rows += text_lines(f"{one.code}  {place}", width, say.language, style)
        rows += text_lines(words.message(one), width, say.language)
        rows += [*text_lines(words.mend(one), width, say.language, "$muted"), Content("")]
    return rows[:-1]
