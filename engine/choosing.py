"""Answers in letters and words: options, terms, ticked key points.

Promise: case, width, spaces and hyphens never matter. Raises `Unreadable` and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.answer import LONGEST, Unreadable, read_number
from engine.spelling import comparable, folded
from engine.truth import Choice, Truth, Verdict, VerdictKind

LETTERS = "abcdefghijklmnopqrstuvwxyz"
"""Options are lettered in the pack's order."""

_INTRODUCED = re.compile(
    r"^(?:(?:the )?(?:answers?|options?)(?: is| are)?|答案是?|选项?|我?选择?)\s*[:.]?\s*", re.I
)
_LETTER = re.compile(r"^[(\[]?([a-z]|\d{1,2})[)\].:]?$")
_LETTERED = re.compile(r"^[(\[]?([a-z]|\d{1,2})[)\].:]\s*(\S.*)$", re.I)
_SEPARATED = re.compile(r"\s*(?:[,;、/&+]|\band\b|和|与|及|\s)\s*")
_NONE = frozenset({"none", "noneofthem", "noneoftheabove", "nothing", "0", "无", "没有", "都不对"})
_ALL = frozenset({"all", "allofthem", "alloftheabove", "全部", "都对", "全选", "所有"})
_HAN = re.compile(r"[\u3400-\u9fff]")
_ARTICLE = re.compile(r"^(?:the|an?)\s+", re.I)


def judge_choice(truth: Truth, typed: str) -> Verdict:
    """One option, by letter, text or number; a text that is itself a number goes before a number
    that counts options."""
    chosen = _option(truth.options, _bare(typed))
    if chosen is None:
        raise Unreadable("option", last=_last_letter(truth))
    option = truth.options[chosen]
    kind = VerdictKind.WRONG
    if option.right:
        kind = VerdictKind.RIGHT
    elif option.mistake:
        kind = VerdictKind.MISTAKE
    mistake = None if option.right else option.mistake
    return Verdict(kind, mistake, value=_shown(option), ticked=(chosen + 1,))


def judge_several(truth: Truth, typed: str) -> Verdict:
    """All right options and no other; the first chosen wrong one with a mistake explains."""
    chosen = _several(truth, _bare(typed))
    right = {n for n, option in enumerate(truth.options) if option.right}
    ticked = tuple(n + 1 for n in sorted(chosen))
    if chosen == right:
        return Verdict(VerdictKind.RIGHT, ticked=ticked)
    for n in sorted(chosen - right):
        if truth.options[n].mistake:
            return Verdict(VerdictKind.MISTAKE, truth.options[n].mistake, ticked=ticked)
    missed, extra = right - chosen, chosen - right
    code = "several-both" if missed and extra else "several-missed" if missed else "several-extra"
    details = (("missed", _lettered(missed)), ("extra", _lettered(extra)))
    return Verdict(VerdictKind.WRONG, code=code, details=details, ticked=ticked)


def judge_term(truth: Truth, typed: str) -> Verdict:
    """A term or one of its aliases, in any language."""
    text = _bare(typed)
    said = _term(text)
    if not said:
        raise Unreadable("empty")
    for known in truth.accept:
        if said == _term(known):
            return Verdict(VerdictKind.RIGHT, value=known)
    for mistake in truth.mistakes:
        if isinstance(mistake.value, str) and said == _term(mistake.value):
            return Verdict(VerdictKind.MISTAKE, mistake.id, value=text)
    for known in truth.accept:
        if _misspelt(said, _term(known)):
            return Verdict(VerdictKind.CLOSE, code="term-close", details=(("term", known),),
                           value=text)  # fmt: skip
    return Verdict(VerdictKind.WRONG, value=text)


def judge_self(truth: Truth, typed: str) -> Verdict:
    """The ticked key points: all is right, half or more is close; `0` ticks none."""
    text = comparable(_bare(typed))
    if text in _NONE:
        points: set[int] = set()
    elif text in _ALL:
        points = set(range(1, truth.points + 1))
    else:
        parts = [part for part in _SEPARATED.split(folded(typed)) if part]
        points = {int(part) for part in parts if part.isascii() and part.isdigit()}
        if len(points) < len(set(parts)) or not all(1 <= p <= truth.points for p in points):
            raise Unreadable("points", last=str(truth.points))
    details = (("ticked", str(len(points))), ("points", str(truth.points)))
    kind = VerdictKind.WRONG
    if len(points) == truth.points:
        kind = VerdictKind.RIGHT
    elif 2 * len(points) >= truth.points:
        kind = VerdictKind.CLOSE
    return Verdict(kind, code="points-ticked", details=details, ticked=tuple(sorted(points)))


def _bare(typed: str) -> str:
    if len(typed) > LONGEST:
        raise Unreadable("too-long", limit=str(LONGEST))
    text = folded(typed).rstrip("。.!;")
    if not text:
        raise Unreadable("empty")
    return text


def _option(options: Sequence[Choice], text: str) -> int | None:
    for said in (text, _INTRODUCED.sub("", text)):
        found = _by_text(options, said)
        if found is None:
            found = _by_letter(options, said)
        if found is None and (both := _LETTERED.match(said)):
            found = _by_letter(options, both[1])
            found = found if found == _by_text(options, both[2]) else None
        if found is not None:
            return found
    return _by_value(options, text)


def _by_text(options: Sequence[Choice], text: str) -> int | None:
    exact = _exact(text)
    same = [n for n, option in enumerate(options) if exact in map(_exact, option.texts)]
    if len(same) == 1:  # A @ (H @ W) and (A @ H) @ W differ in signs alone
        return same[0]
    wanted = comparable(text)
    fits = [
        n for n, option in enumerate(options) if wanted and wanted in map(comparable, option.texts)
    ]
    if not fits and len(wanted) >= 4:
        fits = [
            n
            for n, option in enumerate(options)
            if any(comparable(form).startswith(wanted) for form in option.texts)
        ]
    return fits[0] if len(fits) == 1 else None


def _exact(text: str) -> str:
    """The text with its signs, however wide it is written."""
    return "".join(folded(text).casefold().rstrip("。.!;").split())


def _by_letter(options: Sequence[Choice], text: str) -> int | None:
    letter = _LETTER.match(text.casefold())
    if letter is None:
        return None
    sign = letter[1]
    at = int(sign) - 1 if sign.isdigit() else LETTERS.index(sign)
    return at if 0 <= at < len(options) else None


def _by_value(options: Sequence[Choice], text: str) -> int | None:
    """The one option that is the same number in another form."""
    try:
        wanted = read_number(text).value
    except Unreadable:
        return None
    fits = []
    for n, option in enumerate(options):
        for form in option.texts:
            try:
                if read_number(form).value == wanted:
                    fits.append(n)
                    break
            except Unreadable:
                continue
    return fits[0] if len(fits) == 1 else None


def _several(truth: Truth, text: str) -> set[int]:
    if comparable(text) in _NONE and _by_text(truth.options, text) is None:
        return set()
    if comparable(text) in _ALL:
        return set(range(len(truth.options)))
    if (only := _option(truth.options, text)) is not None:
        return {only}
    said = _INTRODUCED.sub("", text)
    parts = [part for part in _SEPARATED.split(said) if part]
    if len(parts) == 1 and parts[0].isascii() and parts[0].isalpha():
        parts = list(parts[0])
    chosen = [_option(truth.options, part) for part in parts]
    known = {n for n in chosen if n is not None}
    if not parts or None in chosen:
        raise Unreadable("options", last=_last_letter(truth))
    return known


def _shown(option: Choice) -> str:
    return option.texts[0] if option.texts else ""


def _last_letter(truth: Truth) -> str:
    return LETTERS[max(0, min(len(truth.options), len(LETTERS)) - 1)]


def _lettered(options: set[int]) -> str:
    return ", ".join(LETTERS[n] for n in sorted(options))


def _term(text: str) -> str:
    return comparable(_ARTICLE.sub("", folded(text)))


def _misspelt(said: str, known: str) -> bool:
    """A slip of the keys: one change in five characters or more, two in nine or more.

    Names that differ in a digit (float16, float32) are different names, and so are Chinese terms
    that differ in a character (不变性, 等变性): there a character is a word.
    """
    if _HAN.search(said) or _HAN.search(known):
        return False
    if re.sub(r"\D", "", said) != re.sub(r"\D", "", known) or re.search(r"\d", known):
        return False
    shorter = min(len(said), len(known))
    allowed = 2 if shorter >= 9 else 1 if shorter >= 5 else 0
    return 0 < _distance(said, known, allowed) <= allowed


def _distance(left: str, right: str, most: int) -> int:
    """Edits (insert, delete, replace, swap neighbours) from left to right; above `most`, any."""
    if abs(len(left) - len(right)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        above, before, row = before, row, [i]
        for j, b in enumerate(right, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                best = min(best, above[j - 2] + 1)
            row.append(best)
    return row[-1]
