"""Options that say what to study, the same wherever a command takes them.

Promise: small enough to be imported before the first frame; a value that cannot be is refused by
the parser with what it should look like. Must not read packs: whether a topic exists is told where
it is looked for.
"""

from __future__ import annotations

import re
from argparse import ArgumentTypeError
from typing import TYPE_CHECKING

from app.locale import Locale
from app.study.choice import Choice

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

_LEVELS = range(1, 4)
_SPAN = re.compile(r"(\d{1,4})\s*([dwm天日周月]?)")
_DAYS = {"": 1, "d": 1, "天": 1, "日": 1, "w": 7, "周": 7, "m": 30, "月": 30}


def add_choice(parser: argparse.ArgumentParser, say: Locale) -> None:
    """Add every option of a choice."""
    add_topics(parser, say)
    for name in ("pack", "tag"):
        parser.add_argument(
            f"--{name}",
            action="append",
            type=_words,
            metavar="A,B",
            help=say(f"help.study.{name}"),
        )
    refused = Refused(say)
    parser.add_argument("--level", type=refused.levels, metavar="1-3", help=say("help.study.level"))
    parser.add_argument(
        "--kind", action="append", type=refused.kinds, metavar="A,B", help=say("help.study.kind")
    )
    parser.add_argument("--weak", action="store_true", help=say("help.study.weak"))
    parser.add_argument(
        "--mistaken-since", type=refused.span, metavar="7d", help=say("help.study.mistaken-since")
    )
    parser.add_argument(
        "--ahead", type=refused.span, metavar="DAYS", default=0, help=say("help.study.ahead")
    )
    parser.add_argument("--beyond-limits", action="store_true", help=say("help.study.beyond"))
    for name in ("minutes", "limit"):
        parser.add_argument(
            f"--{name}", type=refused.count, metavar="N", help=say(f"help.study.{name}")
        )


def add_topics(parser: argparse.ArgumentParser, say: Locale) -> None:
    """Add `--topic`."""
    parser.add_argument(
        "--topic", action="append", type=_words, metavar="A,B", help=say("help.study.topics")
    )


def chosen(options: argparse.Namespace) -> Choice | None:
    """What the options choose; None where they choose nothing."""
    choice = Choice(
        topics=joined(options.topic),
        packs=joined(options.pack),
        tags=joined(options.tag),
        kinds=joined(options.kind),
        levels=frozenset(options.level or ()),
        weak=options.weak,
        mistaken_since=options.mistaken_since,
        ahead_days=options.ahead,
        beyond=options.beyond_limits,
        minutes=options.minutes,
        limit=options.limit,
    )
    return None if choice == Choice() else choice


class Refused:
    """Readers of values that say in the person's language what was wrong."""

    def __init__(self, say: Locale) -> None:
        self._say = say

    def count(self, text: str) -> int:
        """A number from 1 on."""
        return self._number(text, int(text) if text.isdecimal() else 0, "count")

    def span(self, text: str) -> int:
        """`7`, `7d`, `2w` or `1m` as days."""
        found = _SPAN.fullmatch(text.strip().lower())
        return self._number(text, int(found[1]) * _DAYS[found[2]] if found else 0, "span")

    def levels(self, text: str) -> frozenset[int]:
        """`2`, `1-3` or `1,3`."""
        found: set[int] = set()
        try:
            for part in _words(text):
                first, dash, last = part.partition("-")
                found |= set(range(int(first), int(last if dash else first) + 1))
        except ValueError:
            found = set()
        if not found or not found <= set(_LEVELS):
            raise self._refusal("levels", text)
        return frozenset(found)

    def kinds(self, text: str) -> tuple[str, ...]:
        """Kinds of items."""
        from content.prepare import STUDIED_KINDS

        for word in _words(text):
            if word not in STUDIED_KINDS:
                raise self._refusal("kind", word, known=", ".join(sorted(STUDIED_KINDS)))
        return _words(text)

    def _number(self, text: str, number: int, what: str) -> int:
        if number < 1:
            raise self._refusal(what, text)
        return number

    def _refusal(self, what: str, text: str, **values: str) -> ArgumentTypeError:
        return ArgumentTypeError(self._say(f"cli.choose.bad-{what}", text=text, **values))


def _words(text: str) -> tuple[str, ...]:
    parts = re.split(r"[,，、]", text)
    return tuple(part.strip() for part in parts if part.strip())


def joined(given: Sequence[Sequence[str]] | None) -> frozenset[str]:
    """The words of an option that may be given several times."""
    return frozenset(word for words in given or () for word in words)
