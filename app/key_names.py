"""Names of keys as a person may choose them for a command: `z`, `question_mark`, `ctrl+g`, `f7`.

Promise: pure text, no toolkit; whatever is handed in, the answer is a choice or None. Must not
know any command.

A command has two slots. A character acts where nothing is typed; a control or function key acts
everywhere, also inside a field. So a text field's own keys, and those that every screen keeps for
itself (Enter, Esc, arrows), cannot be chosen.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, NamedTuple

Slot = Literal["character", "control"]

FIELDS_OWN = frozenset(
    {f"ctrl+{letter}" for letter in "abcdefhijkmuvwx"} | {f"ctrl+shift+{c}" for c in "acvxz"}
)
"""What text fields do with control keys: move, delete, copy, paste, undo their own typing."""
FIXED = frozenset(
    {"enter", "escape", "up", "down", "left", "right", "tab", "shift+tab", "backspace", "delete"}
    | {"home", "end", "pageup", "pagedown", "space"}
)
"""Keys that mean the same everywhere."""
_CONTROL = re.compile(r"ctrl\+[a-z]|alt\+[a-z0-9]|(shift\+|ctrl\+)?f([1-9]|1[0-9]|2[0-4])")
_NAME = re.compile(r"[a-z]+(_[a-z]+)*")
_RENAMED = {
    "slash": "SOLIDUS",
    "backslash": "REVERSE SOLIDUS",
    "at": "COMMERCIAL AT",
    "minus": "HYPHEN-MINUS",
    "plus": "PLUS SIGN",
    "underscore": "LOW LINE",
}
_LONGEST = 40


class Chosen(NamedTuple):
    """What was chosen for a command; None leaves the command's own."""

    character: str | None = None
    control: str | None = None

    def text(self) -> str:
        """As it is stored: `z,f7`."""
        return ",".join(key for key in self if key)


def slot_of(key: str) -> Slot | None:
    """Which slot a key fits; None where it can be chosen for none."""
    if key in FIXED or key in FIELDS_OWN or len(key) > _LONGEST:
        return None
    if _CONTROL.fullmatch(key):
        return "control"
    return "character" if character_of(key) else None


def character_of(key: str) -> str:
    """The character that a key's name stands for: `?` for question_mark; empty for none."""
    if len(key) == 1:
        return key if key.isprintable() and not key.isspace() else ""
    if not _NAME.fullmatch(key) or key in FIXED:
        return ""
    for name in (_RENAMED.get(key, ""), key.replace("_", " ").upper(), key.upper()):
        try:
            found = unicodedata.lookup(name)
        except KeyError:
            continue
        return found if found.isascii() and found.isprintable() and not found.isspace() else ""
    return ""


def read(text: object) -> Chosen | None:
    """A stored choice: at most one key of each slot; None where it cannot be used."""
    if not isinstance(text, str) or not text or len(text) > 3 * _LONGEST:
        return None
    found: dict[Slot, str] = {}
    for key in text.split(","):
        slot = slot_of(key.strip())
        if slot is None or slot in found:
            return None
        found[slot] = key.strip()
    return Chosen(found.get("character"), found.get("control"))
