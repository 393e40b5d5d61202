"""How a typed answer is folded before it is read: width, signs, superscripts, Chinese numerals.

Promise: folding never changes what a person meant; full-width and half-width, `−` and `-`, `²` and
`^2` come out the same. Must not judge.
"""

from __future__ import annotations

import re
import unicodedata

_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"
_RAISED = re.compile(f"[{_SUPERSCRIPTS}]+")
_LOWERED = str.maketrans(_SUPERSCRIPTS, "0123456789+-")
_SIGNS = str.maketrans("−–—‐‑‒﹣✕✖⨯⋅∙•∗÷∕⁄’‘＇", "-------×××···*///'''")
_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_NUMERAL = re.compile("[零〇一二两兩三四五六七八九十百千万萬亿億]+")
_COMPOUND = re.compile(
    r"(?:\d+\s*(?:万亿|亿|億|万|萬|千|百)\s*零?)+(?:\d+(?:\.\d+)?)?(?:亿|億|万|萬|千|百)?"
)
_COMPOUND_PART = re.compile(r"(\d+)\s*(万亿|亿|億|万|萬|千|百)?")
_PART_SCALES = {"万亿": 12, "亿": 8, "億": 8, "万": 4, "萬": 4, "千": 3, "百": 2, "": 0}


def folded(typed: str) -> str:
    """The answer in half-width characters, with plain signs and single spaces."""
    raised = _RAISED.sub(lambda m: "^" + m.group().translate(_LOWERED), _HIDDEN.sub("", typed))
    plain = unicodedata.normalize("NFKC", raised).translate(_SIGNS)
    return " ".join("".join(c if c.isprintable() else " " for c in plain).split())


def comparable(text: str) -> str:
    """Words for comparison: case, width, spaces, hyphens and punctuation folded away."""
    return "".join(c for c in folded(text).casefold() if c.isalnum() or c in "+%")


def han_numeral(text: str) -> tuple[int, str] | None:
    """A number in Chinese numerals at the start, and the rest: `一千七百九十二个`."""
    found = _NUMERAL.match(text)
    if found is None or found.group()[0] in "百千万萬亿億":
        return None
    total = section = digit = 0
    for char in found.group():
        if char in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[char]
        elif char in _SMALL:
            section += (digit or 1) * _SMALL[char]
            digit = 0
        else:
            group = section + digit
            large = _LARGE[char]
            total = (total + group) * large if large == 10**8 else total + group * large
            section = digit = 0
    return total + section + digit, text[found.end() :]


def compound(text: str) -> tuple[int, int, str] | None:
    """`1亿3835万`: (value, power of ten of its last place, the rest); None if it is none.

    Digits after the last number word must fill their places: `3万2` is not guessed at.
    """
    found = _COMPOUND.match(text)
    if found is None:
        return None
    parts = _COMPOUND_PART.findall(found.group().replace("零", " "))
    if len(parts) < 2 or "." in found.group():
        return None
    value, above = 0, 99
    for digits, word in parts:
        power = _PART_SCALES[word]
        if power >= above or len(digits) > above - power:
            return None
        if power == 0 and len(digits) != above and "零" not in found.group():
            return None
        value += int(digits) * 10**power
        above = power
    return value, above, text[found.end() :]
