"""The query language: `topic:cnn is:due lapses>3 "exact phrase" or (tag:code -is:new)`.

Promise: every text is either read or refused with the column, the reason and the nearest spelling;
`printed` of what was read is read as the same again. Full-width signs, which a Chinese keyboard
gives, mean what their narrow twins mean. Must not look for anything.

    query   one or more terms; all must hold; `or` between terms binds less, `and` may be written
    term    word | "exact words" | field:value | field>number | -term | ( query )

A word is found at the beginning of words, a phrase in quotes only whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from app.browse.fields import FIELDS, FLAGS, Field
from app.browse.folding import tokens
from app.browse.terms import All, Compare, Either, Match, Not, Query, Text, printed
from app.locale import Locale

__all__ = ["LONGEST", "QueryError", "narrow", "parse", "printed"]

LONGEST = 1000
_DEEPEST = 40
_NARROW = str.maketrans(
    {chr(wide): chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)}
    | {"\u3000": " ", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "「": '"', "」": '"'}
    | {"−": "-", "–": "-", "—": "-"}
)
_ENDS = re.compile(r'[\s()"]')
_HEAD = re.compile(r"([A-Za-z_]+)(<=|>=|[:<>=≤≥])")
_SIGN = re.compile(r"<=|>=|[<>=≤≥]")
_NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,9})?")
_WORDS = {"or": "or", "and": "and"}
_SIMILAR = 0.5


class QueryError(Exception):
    """A query that cannot be read; `at` is the place in the text, from 0."""

    def __init__(self, code: str, at: int, **details: str) -> None:
        self.code, self.at, self.details = code, at, details
        super().__init__(f"{code} at {at}")

    @property
    def unfinished(self) -> bool:
        """Whether it may become a query while one goes on typing."""
        return self.code in ("no-value", "open-quote", "open-bracket", "nothing-after")

    def describe(self, say: Locale) -> str:
        """Where, what, and how to mend it."""
        words = say(f"browse.error.{self.code}", **self.details)
        nearest = self.details.get("nearest")
        if nearest:
            words += say("browse.error.nearest", nearest=nearest)
        return say("browse.error", column=self.at + 1, words=words)


def parse(text: str) -> Query:
    """The query. Raises `QueryError`."""
    if len(text) > LONGEST:
        raise QueryError("too-long", LONGEST, most=str(LONGEST))
    return _Parser(list(_signs(narrow(text))), len(text)).query()


def narrow(text: str) -> str:
    """The text with full-width signs made narrow, each in its place."""
    return text.translate(_NARROW)


@dataclass(frozen=True, slots=True)
class _Sign:
    """A piece of the text: a bracket, a minus, a word of the language, or a term."""

    kind: str
    at: int
    term: Query | None = None


def _signs(text: str) -> Iterator[_Sign]:
    at = 0
    while at < len(text):
        char = text[at]
        if char.isspace():
            at += 1
        elif char in "()":
            yield _Sign(char, at)
            at += 1
        elif char == "-":
            yield _Sign("-", at)
            at += 1
        elif char == '"':
            words, end = _phrase(text, at)
            yield _Sign("term", at, _text(words, "", True, at))
            at = end
        else:
            sign, at = _word(text, at)
            yield sign


def _phrase(text: str, at: int) -> tuple[str, int]:
    """What stands between the quotes, and the place behind them."""
    end = text.find('"', at + 1)
    if end < 0:
        raise QueryError("open-quote", at)
    return text[at + 1 : end], end + 1


def _word(text: str, at: int) -> tuple[_Sign, int]:
    ending = _ENDS.search(text, at)
    end = ending.start() if ending else len(text)
    word = text[at:end]
    if word.lower() in _WORDS:
        return _Sign(_WORDS[word.lower()], at), end
    head = _HEAD.match(word)
    if head is None:
        return _Sign("term", at, _text(word, "", False, at)), end
    field = FIELDS.get(head[1].lower())
    if field is None:
        raise QueryError("no-field", at, field=head[1], nearest=_near(head[1], FIELDS))
    sign, place = head[2], at + head.end()
    value, exact = text[place:end], False
    if sign == ":" and (more := _SIGN.match(value)):
        sign, value, place = more[0], value[more.end() :], place + more.end()
    if not value and end < len(text) and text[end] == '"':
        value, end = _phrase(text, end)
        exact = True
    elif _SIGN.match(value):
        raise QueryError("no-value", place, field=field.name)
    return _Sign("term", at, _term(field, _plain(sign), value, exact, at, place)), end


def _plain(sign: str) -> str:
    return {"≤": "<=", "≥": ">="}.get(sign, sign)


def _term(field: Field, sign: str, value: str, exact: bool, at: int, place: int) -> Query:
    if not value.strip():
        raise QueryError("no-value", place, field=field.name)
    if field.takes == "number":
        return _compare(field, sign, value, place)
    if sign not in (":", "="):
        raise QueryError("no-order", at, field=field.name, sign=sign)
    if value == "*" and field.star and not exact:
        return Match(field.name, "*")
    if field.takes == "text":
        return _text(value, field.name, exact, place)
    if field.takes == "choice":
        return Match(field.name, _choice(field, value, place))
    return Match(field.name, value.strip())


def _choice(field: Field, value: str, place: int) -> str:
    known = value.strip().lower()
    if field.name == "flag" and known.isdecimal() and int(known) < len(FLAGS):
        return FLAGS[int(known)]
    if known not in field.values:
        raise QueryError(
            "no-choice",
            place,
            field=field.name,
            value=value,
            values=", ".join(field.values),
            nearest=_near(known, field.values),
        )
    return known


def _compare(field: Field, sign: str, value: str, place: int) -> Compare:
    number = value.strip().lower().removesuffix("%").removesuffix("d")
    if not _NUMBER.fullmatch(number):
        raise QueryError("no-number", place, field=field.name, value=value)
    return Compare(field.name, ":" if sign == "=" else sign, float(number))


def _text(words: str, where: str, exact: bool, at: int) -> Text:
    if not tokens(words):
        raise QueryError("no-word", at, value=words)
    return Text(words, where, exact)


def _near(name: str, known: Sequence[str] | dict[str, Field]) -> str:
    return next(iter(get_close_matches(name.lower(), list(known), 1, _SIMILAR)), "")


class _Parser:
    """Reads signs from the left."""

    def __init__(self, signs: list[_Sign], end: int) -> None:
        self._signs = signs
        self._end = end
        self._next = 0
        self._open: list[int] = []

    def query(self) -> Query:
        if not self._signs:
            return All()
        found = self._either()
        left = self._peek()
        if left is not None:
            raise QueryError("close-bracket", left.at)
        return found

    def _peek(self) -> _Sign | None:
        return self._signs[self._next] if self._next < len(self._signs) else None

    def _either(self) -> Query:
        parts = [self._all()]
        while (sign := self._peek()) is not None and sign.kind == "or":
            self._next += 1
            parts.append(self._all(sign))
        return parts[0] if len(parts) == 1 else Either(_flat(parts, Either))

    def _all(self, after: _Sign | None = None) -> Query:
        parts: list[Query] = []
        while (sign := self._peek()) is not None and sign.kind not in (")", "or"):
            if sign.kind == "and":
                self._next += 1
                if not parts:
                    raise QueryError("nothing-before", sign.at, word="and")
                after = sign
                continue
            parts.append(self._one())
            after = None
        if after is not None:
            raise QueryError("nothing-after", after.at, word=after.kind)
        if not parts:
            raise self._nothing(sign)
        return parts[0] if len(parts) == 1 else All(_flat(parts, All))

    def _nothing(self, sign: _Sign | None) -> QueryError:
        if sign is None:
            return QueryError("open-bracket", self._open[-1] if self._open else self._end)
        if sign.kind == "or":
            return QueryError("nothing-before", sign.at, word="or")
        if self._open:
            return QueryError("empty-bracket", self._open[-1])
        return QueryError("close-bracket", sign.at)

    def _one(self) -> Query:
        sign = self._signs[self._next]
        self._next += 1
        if sign.term is not None:
            return sign.term
        if len(self._open) >= _DEEPEST:
            raise QueryError("too-deep", sign.at)
        self._open.append(sign.at)
        found = self._without(sign) if sign.kind == "-" else self._group(sign)
        self._open.pop()
        return found

    def _without(self, minus: _Sign) -> Query:
        sign = self._peek()
        if sign is None or sign.kind in (")", "or", "and"):
            raise QueryError("nothing-after", minus.at, word="-")
        return Not(self._one())

    def _group(self, bracket: _Sign) -> Query:
        found = self._either()
        sign = self._peek()
        if sign is None or sign.kind != ")":
            raise QueryError("open-bracket", bracket.at)
        self._next += 1
        return found


def _flat(parts: list[Query], kind: type[All] | type[Either]) -> tuple[Query, ...]:
    """Without a group of the same kind inside: `(a b) c` says `a b c`."""
    found: list[Query] = []
    for part in parts:
        found += part.parts if isinstance(part, kind) else (part,)
    return tuple(found)
