"""Codes of characters that do not reach the learner: hidden ones, and those that YAML made of a
formula's backslash.

Promise: what is told is written in the file: a line's end in a block of text is no slip. Must not
measure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from content.checks.everywhere import Found, every_text
from content.checks.registry import rule
from content.checks.view import PackView
from content.diagnostic import Diagnostic
from content.pack import texts_by_language
from content.text import hidden_in
from content.text.latex import is_command

_EATEN = re.compile("[\0\a\b\t\n\v\f\r\x1b\x85\xa0\u2028\u2029][A-Za-z]+")
"""What YAML leaves of a command in double quotes."""
_COMMAND = re.compile(r"\\([A-Za-z]+)")


@rule("G406", "hidden-character")
def hidden_character(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds control characters, terminal escapes and direction marks written as YAML escapes, and
    commands of a formula that YAML takes for one: in double quotes `\\t` of `\\tilde` is a tab.

    Why is this bad?
    They are taken out before anything is shown, so the text shown is not the text written.

    Example
        front: "\\e[31mWhat is padding?"

    Use instead
        front: "What is padding?"
    """
    for found in every_text(view):
        for language, form in texts_by_language(found.text).items():
            if eaten := next(_eaten(found, language, form), None):
                yield eaten
                continue
            for position, name in hidden_in(form)[:1]:
                yield _hidden(found, language, form[position], name)


def _hidden(found: Found, language: str, sign: str, name: str) -> Diagnostic:
    if sign in "\x1b\x9b":
        return found.report("G406", language, fragment=sign, slip="escape")
    point = f"U+{ord(sign):04X}"
    english = point if name == point else f"{point} {name}"
    details = {"character.en": english, "character.zh": point}
    return found.report("G406", language, fragment=sign, more=details)


def _eaten(found: Found, language: str, form: str) -> Iterator[Diagnostic]:
    """The commands inside formulas that lost their backslash and first letter."""
    for match in _EATEN.finditer(form):
        if form.count("$", 0, match.start()) % 2 == 0:
            continue
        rest = match.group()
        occurrence = form.count(rest, 0, match.start())
        written = _COMMAND.match(found.written(language, rest, occurrence))
        if written and is_command(written[1]):
            details = {"slip": "command", "command": written[0], "escape": written[0][:2]}
            yield found.report("G406", language, fragment=rest, occurrence=occurrence, more=details)
