"""What is checked before Python may parse: length, characters, brackets, digits, spelling.

Promise: one linear pass that cannot recurse, so that no text, however hostile, reaches a parser
that it could break, and each slip is named where it stands. Must not import torch.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from engine import limits
from engine.refusal import over_limit, refused

_TOKEN: Final = re.compile(
    r"""
    (?P<text>'[^'\n]*'|"[^"\n]*")
    |(?P<comment>\#[^\n]*)
    |(?P<number>0[xXoObB][0-9a-fA-F_]+
        |(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9][0-9_]*)?)
    |(?P<name>[^\W\d]\w*)
    |(?P<open>[(\[{])
    |(?P<close>[)\]}])
    |(?P<space>\s+)
    |(?P<equals>(?<![=!<>:])=(?!=))
    |(?P<sign>[-+*/%@<>=!,.:;^&|~])
    |(?P<odd>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_PARTNER: Final = {")": "(", "]": "[", "}": "{"}
_RAISED: Final = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_MEANT: Final = {"×": "*", "·": "*", "∙": "*", "⋅": "*", "÷": "/", "−": "-", "–": "-",
                 "“": '"', "”": '"', "‘": "'", "’": "'", "、": ",", "。": ".", "【": "[",
                 "】": "]", "∞": "inf", "≤": "<=", "≥": ">=", "≠": "!=", "√": "sqrt"}  # fmt: skip


def cleaned(source: str) -> tuple[str, int]:
    """The source on one line without comments and indent, and how long the indent was."""
    _check_characters(source)
    pieces: list[str] = []
    opened: list[tuple[str, int]] = []
    before = ""
    run = 0
    for match in _TOKEN.finditer(source):
        kind, piece, column = match.lastgroup or "", match.group(), match.start() + 1
        run = 0 if piece == "," else run + 1
        if run > limits.RUN:
            raise over_limit("too-deep", column=column, limit=limits.DEPTH)
        if kind == "open":
            opened.append((piece, column))
            if len(opened) > limits.BRACKET_DEPTH:
                raise over_limit("too-deep", column=column, limit=limits.BRACKET_DEPTH)
        elif kind == "close":
            _close(opened, piece, column)
        elif kind == "equals" and not opened:
            raise refused("no-assignment", column=column)
        elif kind == "name" and before == "number":
            raise refused("number-then-letter", column=column, text=piece)
        else:
            _check_token(kind, piece, column)
        pieces.append(" " * len(piece) if kind in ("space", "comment") else piece)
        before = kind
    if opened:
        raise refused("bracket-not-closed", column=opened[-1][1], bracket=opened[-1][0])
    text = "".join(pieces).rstrip()
    if not text:
        raise refused("empty")
    stripped = text.lstrip()
    return stripped, len(text) - len(stripped)


def _check_characters(source: str) -> None:
    size = len(source) if source.isascii() else len(source.encode("utf-8", "surrogatepass"))
    if size > limits.SOURCE_BYTES:
        raise over_limit("too-long", size=size, limit=limits.SOURCE_BYTES)
    if source.isprintable():
        return
    for place, character in enumerate(source, start=1):
        if not character.isprintable() and character not in "\n\r\t":
            raise refused("invisible-character", column=place, number=f"{ord(character):04X}")


def _close(opened: list[tuple[str, int]], bracket: str, column: int) -> None:
    if not opened:
        raise refused("bracket-not-opened", column=column, bracket=bracket)
    partner, place = opened.pop()
    if partner != _PARTNER[bracket]:
        raise refused("bracket-not-closed", column=place, bracket=partner)


def _check_name(name: str, column: int) -> None:
    if len(name) > limits.NAME_LENGTH:
        raise over_limit("name-too-long", column=column, limit=limits.NAME_LENGTH)
    if name.isascii():
        return
    for place, character in enumerate(name, start=column):
        if character in _RAISED:
            meant = f"**{unicodedata.digit(character)}"
            raise refused("odd-character-meant", column=place, character=character, meant=meant)
    # Python folds compatibility letters in names; two spellings of one name must not meet.
    folded = unicodedata.normalize("NFKC", name)
    if folded != name:
        raise refused("odd-name", column=column, name=name, meant=folded)


def _check_token(kind: str, piece: str, column: int) -> None:
    if kind == "number":
        if sum(c not in "._" for c in piece) > limits.DIGITS:
            raise over_limit("number-too-long", column=column, limit=limits.DIGITS)
    elif kind == "name":
        _check_name(piece, column)
    elif kind == "text":
        if len(piece) - 2 > limits.TEXT_LENGTH:
            raise over_limit("text-too-long", column=column, limit=limits.TEXT_LENGTH)
        if "\\" in piece:
            raise refused("odd-character", column=column + piece.index("\\"), character="\\")
    elif kind == "odd":
        if piece in "'\"":
            raise refused("text-not-closed", column=column)
        meant = _MEANT.get(piece) or unicodedata.normalize("NFKC", piece)
        meant = meant if meant != piece and meant.isascii() else ""
        code = "odd-character-meant" if meant else "odd-character"
        raise refused(code, column=column, character=piece, meant=meant)
