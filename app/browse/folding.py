"""Words as they are compared: case and width folded, Han characters one by one.

Promise: text and query pass through the very same folding, so what is found does not depend on how
it is written (`Conv2D`, `ｃｏｎｖ２ｄ`; 卷积 in 卷积层). A token holds letters and digits only.
Must not know where the words come from.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_SINGLE = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Scripts written without spaces: each character is a word of its own."""
_TOKEN = re.compile(f"[{_SINGLE}]|[^\\W_{_SINGLE}]+")
APART = "␞"
"""Stands between two texts put together: no phrase holds it."""
_PARTED = re.compile(f"{_TOKEN.pattern}|{APART}")


def folded(text: str) -> str:
    """In one case and one width."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def tokens(text: str) -> list[str]:
    """The words of a text, in order."""
    return _TOKEN.findall(folded(text))


def together(texts: Sequence[str]) -> str:
    """The tokens of several texts parted by spaces, `APART` between two texts."""
    parts = (text.replace(APART, " ") for text in texts)
    return " ".join(_PARTED.findall(folded(f"\n{APART}\n".join(parts))))


def holds(words: Sequence[str], phrase: Sequence[str], *, prefix: bool) -> bool:
    """Whether the words stand one after the other in a text; with `prefix` the last of them may
    go on."""
    size = len(phrase)
    if not size:
        return False
    *whole, last = phrase
    for start in range(len(words) - size + 1):
        if words[start : start + size - 1] == whole:
            found = words[start + size - 1]
            if found == last or (prefix and found.startswith(last)):
                return True
    return False
