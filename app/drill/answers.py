"""What an answer in a drill is: its verdict, its credit, the truth in words.

Promise: every kind is judged by the code that judges it in study; cards and key points are what
the person says of them. Must not store.
"""

from __future__ import annotations

import re

from app.study.mistakes import mistake_title
from app.worked import right_options
from content.compiled import PackLibrary
from content.judging import Run, judged
from content.pack import Card, Text
from content.prepare import Prepared
from content.text import plain
from engine.answer import Unreadable, read_number
from engine.spelling import comparable
from engine.verdict import Verdict, VerdictKind, canonical

LANGUAGES = ("en", "zh")
_AFTER_HINTS = 0.75
"""A right answer after a hint, as a share of one without."""
_LONGEST = 2000
_EXACT = re.compile(r"\s*-?(?:\d+\s*/\s*\d+|(?:2|10)\s*(?:\^|\*\*)\s*-?\d+)\s*")
"""Forms in which an exact number is written without reckoning: 1/3, 2^20."""
_NUMERAL = re.compile(r"\d+(?:[.,]\d+)*")
_SAID = {
    **dict.fromkeys(("1", "k", "known", "知道", "会"), VerdictKind.RIGHT),
    **dict.fromkeys(("2", "p", "partly", "部分", "一部分"), VerdictKind.CLOSE),
    **dict.fromkeys(("3", "n", "not", "no", "notknown", "不知道", "不会"), VerdictKind.WRONG),
}


def is_concept(kind: str) -> bool:
    """Whether a kind is answered in free text and then compared."""
    return kind in ("card", "self")


def verdict_on(prepared: Prepared, typed: str, run: Run, *, calculator: bool = True) -> Verdict:
    """The verdict; of a card, what the person said of it."""
    if isinstance(prepared.item, Card):
        kind = _SAID.get(comparable(typed))
        if kind is None:
            return Verdict(VerdictKind.UNREADABLE, code="known-partly-not")
        return Verdict(kind)
    if not calculator and prepared.truth.kind == "number" and _reckons(prepared, typed):
        return Verdict(VerdictKind.UNREADABLE, code="no-calculator")
    return judged(prepared, typed, run)


def credit_of(prepared: Prepared, verdict: Verdict, hints: int) -> float:
    """How much of the answer was right, 0 to 1."""
    share = {VerdictKind.RIGHT: 1.0, VerdictKind.CLOSE: 0.5}.get(verdict.kind, 0.0)
    if not isinstance(prepared.item, Card) and prepared.truth.points:
        share = len(set(verdict.ticked)) / prepared.truth.points
    return share * _AFTER_HINTS if hints else share


def told(
    library: PackLibrary, prepared: Prepared, typed: str, verdict: Verdict, hints: int
) -> dict[str, object]:
    """What is written down of a verdict: enough to tell it without measuring again."""
    return {
        "typed": typed,
        "verdict": verdict.kind.value,
        "mistake": verdict.mistake,
        "mistake_title": mistake_text(library, prepared.name, verdict),
        "credit": credit_of(prepared, verdict, hints),
        "truth": truth_text(prepared),
    }


def truth_text(prepared: Prepared) -> Text:
    """The right answer in words, in every language."""
    return {language: _truth(prepared, language)[:_LONGEST] for language in LANGUAGES}


def mistake_text(library: PackLibrary, name: str, verdict: Verdict) -> Text:
    """What a named mistake is called; empty for any other verdict."""
    if verdict.mistake is None or verdict.generic:
        return ""
    return {
        language: mistake_title(library, name, verdict.mistake, language) for language in LANGUAGES
    }


def _truth(prepared: Prepared, language: str) -> str:
    if isinstance(prepared.item, Card):
        return plain(prepared.back(language), language).strip()
    kind = prepared.truth.kind
    if kind == "self":
        points = prepared.points(language)
        return "\n".join(f"{n}) {plain(p, language).strip()}" for n, p in enumerate(points, 1))
    if kind in ("choice", "several"):
        options = right_options(prepared, language)
        return "\n".join(f"{letter}) {plain(text, language).strip()}" for letter, text in options)
    return canonical(prepared.truth, language)


def _reckons(prepared: Prepared, typed: str) -> bool:
    """Whether a number was typed as an expression; fractions, 2^20 and sqrt(2) are none."""
    if _EXACT.fullmatch(typed) or len(_NUMERAL.findall(typed)) < 2:
        return False
    try:
        reading = read_number(typed, prepared.truth.unit)
    except Unreadable:
        return False
    return reading.step is None
