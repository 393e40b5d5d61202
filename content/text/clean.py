"""Text made safe to show: no control character, terminal escape or hidden direction change.

Promise: what `clean` returns holds no character that a terminal would act on, only newlines; it
is clean of itself (cleaning again changes nothing). Must not judge what the text means.
"""

from __future__ import annotations

import re
import unicodedata

TAB = 4
"""Cells between tab stops."""

_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor, screen
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?"  # OSC, DCS
    r"|\x1b[ -/]*[0-~]"
)
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"
    "\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_UNKNOWN = re.compile("[\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff]")
_BREAKS = re.compile("\r\n?|\u2028|\u2029|\x85")


def clean(text: str) -> str:
    """The text as it may be shown; tabs become spaces, line ends become newlines."""
    text = _BREAKS.sub("\n", text)
    if text.isascii() and text.isprintable():
        return text
    text = _ESCAPES.sub("", text)
    text = _HIDDEN.sub("", text)
    text = _UNKNOWN.sub("\ufffd", text)
    return text.expandtabs(TAB) if "\t" in text else text


def clean_line(text: str) -> str:
    """As `clean`, on one line."""
    return " ".join(clean(text).split("\n"))


def hidden_in(text: str) -> tuple[tuple[int, str], ...]:
    """Every character that `clean` would take away: (position from 0, its Unicode name).

    A terminal escape counts once, at its first character.
    """
    found = [(m.start(), "ESCAPE SEQUENCE") for m in _ESCAPES.finditer(text)]
    inside = {n for m in _ESCAPES.finditer(text) for n in range(*m.span())}
    for pattern in (_HIDDEN, _UNKNOWN):
        for match in pattern.finditer(text):
            at = match.start()
            if at in inside or match.group() == "\r" or match.group() == "\x85":
                continue
            name = unicodedata.name(match.group(), f"U+{ord(match.group()):04X}")
            found.append((at, name))
    return tuple(sorted(found))
