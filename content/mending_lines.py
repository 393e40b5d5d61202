"""Mends of single lines that YAML misreads: tabs, full-width signs, texts that want quotes.

Promise: proposes, never decides: each proposal is the whole file with one slip mended, everything
else as it stood, comments and layout included. Must not know packs beyond the names of fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import cache

from content import pack
from content.manifest import Chapter, Drill, Manifest, MistakeTitle, Mix

_LANGUAGE = r"[a-z]{2}(?:-[A-Za-z0-9]{2,8})?"
_WORD = r"[A-Za-z0-9_.-]+"
_INDENTED = re.compile(r"[ ]*\t[ \t]*")
_WIDE_KEY = re.compile(rf"(?P<before> *(?:- )*)(?P<key>{_WORD})(?:：|\uff1a)\s*(?P<rest>.*)")
_TIGHT_COLON = re.compile(rf"^ *(?:- +)*{_WORD}:(?=[^\s:/])")
_TIGHT_DASH = re.compile(r"^ *-(?=[A-Za-z{\[\"'])")
_DOUBLE_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"')
_FORMULA = re.compile(r"\$[^$]+\$")
_LONE = re.compile(r"(?<!\\)\\(?=[A-Za-z])")
_SINGLE_QUOTED = re.compile(rf"(?P<before> *(?:- +)*(?:{_WORD}: +)?')(?P<text>.+)(?P<rest>' *)")
_KEYED = re.compile(rf"(?P<before> *(?:- )*{_WORD}:[ ]+)(?P<text>\S.*)")
_LISTED = re.compile(r"(?P<before> *- +)(?P<text>\S.*)")
_FLOW = re.compile(r"(?<!\{)\{(?!\{)(?P<inside>(?:\{\{.*?\}\}|[^{}])*)\}")
_FORM = re.compile(rf"(?:^|[,，]) *(?P<language>{_LANGUAGE})(?::[ ]+|：\s*)")
_PECULIAR = re.compile(r"[,\[\]{}#&*!|>'\"%@`]|: |:$|^[-?]")
_COMMENT = re.compile(r"\s+#.*$")
_BLOCK = re.compile(r"(?:^|[:-][ ]+)[|>][-+0-9]*[ ]*(?:#.*)?$")


@cache
def known_fields() -> frozenset[str]:
    """Every field of every part of a pack."""
    models = (
        Manifest, Chapter, MistakeTitle, Drill, Mix, pack.Topic, pack.Card, pack.Exercise,
        pack.Span, pack.Mistake, pack.Option, pack.Step, pack.Requirement,
        pack.Tolerance,
    )  # fmt: skip
    return frozenset(field.name.rstrip("_") for model in models for field in fields(model))


def proposals(lines: Sequence[str], number: int) -> Iterator[list[str]]:
    """The lines with one slip mended in line `number` (counted from 1), likeliest first."""
    at = number - 1
    if not 0 <= at < len(lines):
        return
    line = lines[at]
    for mend in (_untabbed, _narrow_key, _spaced, _flow, _doubled, _apostrophes):
        mended = mend(line)
        if mended is not None and mended != line:
            yield [*lines[:at], mended, *lines[at + 1 :]]
    for match in (_KEYED.fullmatch(line), _LISTED.fullmatch(line)):
        if match:
            yield from _quoted(lines, at, match["before"], match["text"])


def untabbed(lines: Sequence[str]) -> list[str]:
    """Every tab in an indentation as two spaces, blocks of text left alone."""
    inside = in_blocks(lines)
    return [
        line if kept else (_untabbed(line) or line)
        for line, kept in zip(lines, inside, strict=True)
    ]


def without_trailing_spaces(lines: Sequence[str]) -> list[str]:
    """Nothing behind the last sign of a line, blocks of text left alone."""
    inside = in_blocks(lines)
    return [line if kept else line.rstrip(" \t") for line, kept in zip(lines, inside, strict=True)]


def in_blocks(lines: Sequence[str]) -> list[bool]:
    """For each line, whether it belongs to a text behind `|` or `>`."""
    found: list[bool] = []
    depth: int | None = None
    for line in lines:
        indent = len(line) - len(line.lstrip(" "))
        if depth is not None and (not line.strip() or indent > depth):
            found.append(True)
            continue
        found.append(False)
        opened = _BLOCK.search(line) and not line.lstrip().startswith("#")
        behind = len(line) - len(line.lstrip(" -"))  # of `- back: |` the key counts
        depth = (behind if ":" in line else indent) if opened else None
    return found


def written(text: str) -> str:
    """The text in quotes, as plain as it can be."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _untabbed(line: str) -> str | None:
    match = _INDENTED.match(line)
    return match.group().replace("\t", "  ") + line[match.end() :] if match else None


def _narrow_key(line: str) -> str | None:
    """`title：x` as `title: x`."""
    match = _WIDE_KEY.fullmatch(line)
    if match is None:
        return None
    return f"{match['before']}{match['key']}: {match['rest']}".rstrip()


def _spaced(line: str) -> str:
    """`id:x` as `id: x`, `-{a: 1}` as `- {a: 1}`."""
    return _TIGHT_DASH.sub(r"\g<0> ", _TIGHT_COLON.sub(r"\g<0> ", line, count=1))


def _doubled(line: str) -> str:
    """The commands of formulas in double quotes with two backslashes."""
    return _DOUBLE_QUOTED.sub(
        lambda text: _FORMULA.sub(lambda one: _LONE.sub(r"\\\\", one.group()), text.group()), line
    )


def _apostrophes(line: str) -> str | None:
    """`'It isn't'` as `'It isn''t'`."""
    match = _SINGLE_QUOTED.fullmatch(line)
    if match is None:
        return None
    return match["before"] + re.sub(r"(?<=\w)'(?=\w)", "''", match["text"]) + match["rest"]


def _flow(line: str) -> str:
    """`{en: Why, oh why?, zh: ...}` with its texts in quotes."""
    return _FLOW.sub(lambda match: _forms(match["inside"]) or match.group(), line)


def _forms(inside: str) -> str | None:
    """What stands between braces with each language's text in quotes; None if it is no text."""
    forms = [one for one in _FORM.finditer(inside) if _is_language(one["language"])]
    if not forms or inside[: forms[0].start()].strip():
        return None
    ends = [*(form.start() for form in forms[1:]), len(inside)]
    parts = []
    for form, end in zip(forms, ends, strict=True):
        text = inside[form.end() : end].strip()
        if not text:
            return None
        whole = text[0] in "'\"" and text[-1] == text[0] and len(text) > 1
        plain = whole or not _PECULIAR.search(text)
        parts.append(f"{form['language']}: {text if plain else written(text)}")
    return f"{{{', '.join(parts)}}}"


def _is_language(name: str) -> bool:
    return name not in known_fields()


def _quoted(lines: Sequence[str], at: int, before: str, text: str) -> Iterator[list[str]]:
    """The text of a line, and of those that continue it, in quotes."""
    if text[0] in "'\"|>#" or (text[0] in "[{" and not text.startswith("{{")):
        return
    width = len(before) - len(before.lstrip(" "))
    last = at
    while last + 1 < len(lines) and lines[last + 1].strip():
        following = lines[last + 1]
        if len(following) - len(following.lstrip(" ")) <= width or _KEYED.fullmatch(following):
            break
        last += 1
    said = "\n".join((text, *lines[at + 1 : last + 1]))
    comment = _COMMENT.search(said) if last == at else None
    if comment:
        said = said[: comment.start()]
    said = said.rstrip()
    mended = (before + written(said) + (comment.group() if comment else "")).split("\n")
    yield [*lines[:at], *mended, *lines[last + 1 :]]
