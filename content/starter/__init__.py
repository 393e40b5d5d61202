"""A small pack to begin from: one example of every kind, in the languages asked for.

Promise: what `files` gives passes `pack check` as it is, in any choice of its languages; comments
stand in one language. The texts are data beside this file: a language that every text has is
offered without a change here. Must not write files.

In the data a text is always a block mapping with one key per language, and a comment line names
its language (`#en`), so that lines alone can be taken or left and the layout stays the author's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
_LANGUAGES = re.compile(r"^languages: \[(?P<all>.+)\]$", re.M)
_KEYED = re.compile(r"(?P<lead> *(?:- )?)(?P<language>[a-z]{2}): (?P<rest>.+)")
_COMMENT = re.compile(r"(?P<lead> *)#(?P<language>[a-z]{2}) (?P<rest>.+)")
_COMMENTED_IN = ("en", "zh")


def files(name: str, languages: Sequence[str], comments: str = "en") -> dict[str, str]:
    """The pack's files by name: texts in `languages`, comments in the language `comments`.

    Raises ValueError for a language the texts are not written in.
    """
    unknown = [language for language in languages if language not in offered()]
    if unknown or not languages:
        raise ValueError(", ".join(unknown))
    comments = comments if comments in _COMMENTED_IN else "en"
    found = {}
    for path in _sources():
        lines = list(_chosen(path.read_text(encoding="utf-8").splitlines(), languages, comments))
        text = "\n".join(lines) + "\n"
        text = _LANGUAGES.sub(f"languages: [{', '.join(languages)}]", text)
        found[path.name] = text.replace("NAME", name)
    return found


@cache
def offered() -> tuple[str, ...]:
    """The languages the texts are written in."""
    found = _LANGUAGES.search((_FOLDER / "pack.yaml").read_text(encoding="utf-8"))
    return tuple(found["all"].split(", ")) if found else ()


def _text(line: str) -> re.Match[str] | None:
    """The match of a line that is a text in one language."""
    found = _KEYED.fullmatch(line)
    return found if found and found["language"] in offered() else None


def _sources() -> list[Path]:
    return sorted(_FOLDER.glob("*.yaml"), key=lambda path: (path.name != "pack.yaml", path.name))


def _chosen(lines: list[str], languages: Sequence[str], comments: str) -> Iterator[str]:
    """The lines of the chosen languages; with one language a text becomes a plain string."""
    at = 0
    while at < len(lines):
        line = lines[at]
        if comment := _COMMENT.fullmatch(line):
            at += 1
            if comment["language"] == comments:
                yield f"{comment['lead']}# {comment['rest']}"
        elif text := _text(line):  # an item of a list; a text behind a key is met with its key
            at, forms = _forms(lines, at)
            yield from _written(forms, languages, text["lead"])
        elif (first := _first_form(lines, at + 1)) is not None:
            said = list(_chosen(lines[at + 1 : first], languages, comments))
            at, forms = _forms(lines, first)
            if len(languages) == 1:
                # A plain string has no room for a comment between its key and itself.
                indent = line[: len(line) - len(line.lstrip(" -"))].replace("-", " ")
                yield from (indent + comment.lstrip() for comment in said)
                yield from _plain(forms[languages[0]], line)
            else:
                yield line
                yield from said
                lead = lines[first][: len(lines[first]) - len(lines[first].lstrip())]
                yield from _written(forms, languages, lead)
        else:
            yield line
            at += 1


def _first_form(lines: list[str], at: int) -> int | None:
    """Where the text of the key on the line before begins, comments passed over; None if nowhere.

    The items of a list are no text of the key above them.
    """
    if not lines[at - 1].endswith(":"):
        return None
    while at < len(lines) and _COMMENT.fullmatch(lines[at]):
        at += 1
    found = _text(lines[at]) if at < len(lines) else None
    return at if found and "-" not in found["lead"] else None


def _forms(lines: list[str], at: int) -> tuple[int, dict[str, tuple[str, list[str]]]]:
    """The forms of the text that begins at a line: what follows the key, and further lines."""
    first = _text(lines[at])
    width = len(first["lead"]) if first else 0
    forms: dict[str, tuple[str, list[str]]] = {}
    while at < len(lines):
        match = _text(lines[at])
        if match is None or len(match["lead"]) != width or match["language"] in forms:
            break
        at += 1
        more: list[str] = []
        while at < len(lines) and len(lines[at]) - len(lines[at].lstrip()) > width:
            more.append(lines[at])
            at += 1
        forms[match["language"]] = (match["rest"], more)
    return at, forms


def _written(
    forms: dict[str, tuple[str, list[str]]], languages: Sequence[str], lead: str
) -> Iterator[str]:
    """The chosen forms as a mapping, or the only one as an item of a list."""
    for language in languages:
        rest, more = forms[language]
        yield f"{lead}{language}: {rest}" if len(languages) > 1 else lead + rest
        yield from more
        lead = " " * len(lead)


def _plain(form: tuple[str, list[str]], key: str) -> Iterator[str]:
    """The only form behind its key."""
    rest, more = form
    yield f"{key} {rest}"
    yield from (line[2:] for line in more)
