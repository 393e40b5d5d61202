"""Command lines whose help is in the person's language.

Promise: the words argparse adds by itself (usage, options, the help of --help, what it refuses)
come from the same strings as all others; `%` in them is plain text; lines are measured in cells and
broken as Chinese is. Must not know any command.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from app.commands.refusals import refusal
from app.locale import LANGUAGES, Locale

if TYPE_CHECKING:
    from typing import Any

_HELD = "\0"
"""Stands for a cell that argparse counts and a terminal needs not: a wide character takes two."""
_TWO_COLONS = re.compile("：:(?=\x1b|$)", re.MULTILINE)


def asked_language(words: Sequence[str]) -> str:
    """What `--language` says, before anything is parsed; empty where it says nothing usable."""
    for word, following in zip(words, [*words[1:], ""], strict=True):
        name, equals, value = word.partition("=")
        if name == "--language" and (value if equals else following) in LANGUAGES:
            return value if equals else following
    return ""


class Parser(argparse.ArgumentParser):
    """An argument parser that speaks `say`'s language; its subcommands do too."""

    def __init__(self, say: Locale, **options: Any) -> None:
        super().__init__(add_help=False, formatter_class=partial(_Lines, say), **options)
        self._say = say
        self._positionals.title = say("help.positional")
        self._optionals.title = say("help.options")
        self.add_argument("-h", "--help", action="help", help=say("help.help"))

    def add_subparsers(self, **options: Any) -> Any:
        """Commands below this one, which speak its language."""
        options.setdefault("parser_class", partial(Parser, self._say))
        return super().add_subparsers(**options)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and end."""
        self.print_usage(sys.stderr)
        what = refusal(message, self._say)
        self.exit(2, self._say("help.refused", prog=self.prog, what=what) + "\n")


class _Lines(argparse.HelpFormatter):
    def __init__(self, say: Locale, prog: str, **options: Any) -> None:
        super().__init__(prog, **options)
        self._say = say

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        if prefix is None:
            prefix = self._say("help.usage")
            prefix = prefix.ljust(_cells(prefix), _HELD)
        super().add_usage(usage, actions, groups, prefix)

    def format_help(self) -> str:
        return _TWO_COLONS.sub("：", super().format_help().replace(_HELD, ""))

    def _split_lines(self, text: str, width: int) -> list[str]:
        return _lines(" ".join(text.split()), width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        # Each line of a description for itself: a list of columns stays a list.
        return "\n".join(
            indent + part
            for line in text.splitlines()
            for part in _lines(line, width - len(indent))
        )


def _lines(text: str, width: int) -> list[str]:
    from content.text.document import Span
    from content.text.wrap import wrapped

    return ["".join(span.text for span in line) for line in wrapped((Span(text),), width)]


def _cells(text: str) -> int:
    from content.text.wrap import cells

    return cells(text)
