"""What argparse refuses, in the person's language.

Promise: what a command's own types say is left as it is, and a sentence of argparse that is not
known here too. Must not know any command.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.locale import Locale

_SENTENCES = tuple(
    (re.compile(pattern, re.DOTALL), key)
    for pattern, key in (
        (r"expected one argument", "one"),
        (r"expected at least one argument", "some"),
        (r"(?:invalid|unknown) choice: (?P<value>.+) \(choose from (?P<choices>.+)\)", "choice"),
        (r"invalid int value: (?P<value>.+)", "int"),
        (r"invalid float value: (?P<value>.+)", "float"),
        (r"invalid \S+ value: (?P<value>.+)", "type"),
        (r"unrecognized arguments: (?P<words>.+)", "unknown"),
        (r"the following arguments are required: (?P<names>.+)", "missing"),
        (r"not allowed with argument (?P<other>.+)", "together"),
        (r"ambiguous option: (?P<value>.+) could match (?P<choices>.+)", "several"),
        (r"ignored explicit argument (?P<value>.+)", "no-value"),
    )
)
_OF = re.compile(r"argument (?P<name>.+?): (?P<rest>.+)", re.DOTALL)
_QUOTED = re.compile(r"'([^',]*)'")


def refusal(message: str, say: Locale) -> str:
    """argparse's sentence as `say`'s language has it."""
    of = _OF.fullmatch(message)
    told = _told(of["rest"] if of else message, say)
    return say("help.refused.of", name=of["name"], what=told) if of else told


def _told(sentence: str, say: Locale) -> str:
    for pattern, key in _SENTENCES:
        if found := pattern.fullmatch(sentence):
            comma = say("help.refused.comma")
            values = {
                name: _QUOTED.sub(r"\1", text).replace(", ", comma)
                for name, text in found.groupdict().items()
            }
            return say(f"help.refused.{key}", **values)
    return sentence
