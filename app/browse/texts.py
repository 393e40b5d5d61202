"""What is searched of an item: its texts in every language as words, without markup.

Promise: works from the pack's texts alone, so nothing is measured: a figure stands as its
expression, `code(layer)` as what `layer` is. What a title holds is clean to print. Must not know
how it is stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.browse.folding import together
from content.pack import Card, Item, Text, texts_by_language
from content.prepare import item_texts
from content.text import clean, clean_line, latex
from content.text.render import UNMEASURED

LANGUAGES = ("en", "zh")
_TITLE = 160
"""Characters of a title that are kept: more than a screen's line."""
_FIGURE = re.compile(r"(?<!\\)\{\{(.*?)\}\}", re.S)
_FORMAT = re.compile(r"\s*\|\s*(?:fixed|sig|percent|words|unit)\b[^|]*\Z")
_CODE = re.compile(r"code\((\w+)\)\Z")
_FORMULA = re.compile(r"(?<!\\)\$\$?(.+?)\$\$?", re.S)
_LINK = re.compile(r"\[([^\]]*)\]\([^)\s]*\)")
_FENCE = re.compile(r"```.*")
_MARKS = re.compile(r"^\s*(?:[#>]+|[-*+]|\d+\.)\s+|\*\*|\*(?=\S)|(?<=\S)\*(?!\w)|`")


@dataclass(frozen=True, slots=True)
class Found:
    """An item as it is searched: tokens parted by spaces, and its first line by language."""

    name: str
    asked: str
    rest: str
    label: str
    en: str
    zh: str
    tags: tuple[str, ...]


def searched(name: str, topic_title: Text, item: Item) -> Found:
    """What is searched of that item."""
    lets = item.let
    asked: list[str] = []
    rest: list[str] = []
    for where, text, _ in item_texts(item):
        part = asked if where in ("front", "question") or where.endswith(".text") else rest
        part += (unmarked(form, lets) for form in texts_by_language(text).values())
    rest += _programs(item)
    label = [name.replace("/", " "), *item.tags, *texts_by_language(topic_title).values()]
    first = item.front if isinstance(item, Card) else item.question
    titles = texts_by_language(first)
    any_title = next(iter(titles.values()), "")
    en, zh = (title_of(titles.get(one, any_title), lets) for one in LANGUAGES)
    return Found(name, together(asked), together(rest), together(label), en, zh, item.tags)


def title_of(text: str, lets: Mapping[str, str]) -> str:
    """The first line of a question on one line, without markup."""
    for line in text.strip().split("\n"):
        words = " ".join(clean_line(_MARKS.sub("", unmarked(line, lets))).split())
        if words:
            return words[:_TITLE]
    return ""


def unmarked(text: str, lets: Mapping[str, str]) -> str:
    """A text of a pack without links, fences and LaTeX, its figures as expressions."""
    text = clean(text)
    if "{{" in text:
        text = _FIGURE.sub(lambda found: _expression(found[1], lets), text)
    if "$" in text:
        text = _FORMULA.sub(lambda found: _formula(found[1]), text)
    if "```" in text:
        text = _FENCE.sub("", text)
    return _LINK.sub(r"\1", text) if "](" in text else text


def _expression(source: str, lets: Mapping[str, str]) -> str:
    source = _FORMAT.sub("", source.strip())
    code = _CODE.match(source)
    source = lets.get(code[1], source) if code else source
    return UNMEASURED if " if " in source else source


@lru_cache(4096)
def _formula(source: str) -> str:
    try:
        return latex.one_line(source)
    except latex.LatexError:
        return source


def _programs(item: Item) -> Iterator[str]:
    """Expressions behind an item: who looks for `Conv2d` means these too."""
    yield from item.let.values()
    if not isinstance(item, Card):
        yield from (part for part in (item.measure, item.example, item.reference) if part)
        yield from item.allow
        for text in item.accept:
            yield from texts_by_language(text).values()
