"""Codes of languages: every text in every language of the pack, saying the same.

Promise: compares forms of one text with each other. Must not judge what they say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from content.checks.everywhere import Found, every_text
from content.checks.registry import rule
from content.checks.view import PackView
from content.diagnostic import Diagnostic
from content.pack import Text, texts_by_language
from content.schema import nearest
from content.text import TextError, figures_in

_WORD = re.compile(r"[A-Za-z]{2,}")
_PROSE_WORDS = 4
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_]\w+)?")


@rule("G301", "language-missing")
def language_missing(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds a text that lacks a language the pack promises.

    Why is this bad?
    A learner would meet a foreign language in the middle of a card.

    Example
        front: {en: What is padding?}

    Use instead
        front: {en: What is padding?, zh: 什么是填充？}
    """
    for found in every_text(view):
        missing = [name for name in view_languages(view) if name not in found.languages]
        if missing and not found.alias and not _meant(found, view_languages(view)):
            slip = {"slip": "plain"} if found.languages == ("",) else {}
            yield found.report("G301", languages=", ".join(missing), more=slip)


def _meant(found: Found, known: Sequence[str]) -> str:
    """The one language that a text lacks, where one of another name stands in its place."""
    missing = [name for name in known if name not in found.languages]
    other = [name for name in found.languages if _LANGUAGE.fullmatch(name) and name not in known]
    return missing[0] if len(missing) == len(other) == 1 else ""


@rule("G302", "language-unknown")
def language_unknown(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds a language in a text that pack.yaml does not list.

    Why is this bad?
    It is never shown. Most often a comma inside an unquoted text made a new key.

    Example
        front: {en: Why, oh why?, zh: 为什么？}

    Use instead
        front: {en: "Why, oh why?", zh: 为什么？}
    """
    known = view_languages(view)
    for found in every_text(view):
        for language in found.languages:
            if language and known and language not in known:
                near = _meant(found, known) or nearest(language, list(known))
                yield found.report("G302", language, name=language[:60], nearest=near)


@rule("G303", "figures-differ")
def figures_differ(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds a text whose languages hold different figures.

    Why is this bad?
    Both must say the same; a figure that one lacks is a sentence that one lacks.

    Example
        en: It has {{ parameters(layer) }} weights.
        zh: 它有很多权重。

    Use instead
        zh: 它有 {{ parameters(layer) }} 个权重。
    """
    for item in view.items:
        for path, text in item.texts:
            figures = _figures(text)
            every = frozenset().union(*figures.values()) if figures else frozenset()
            if len(figures) == 2 and all(len(every - held) == 1 for held in figures.values()):
                language, held = list(figures.items())[1]
                (first, _) = figures.values()
                (other,), (figure,) = held - first, first - held
                details = {"slip": "other", "other": other, "figure": figure}
                where = (*path, language)
                yield item.report("G303", where, fragment=other, language=language, more=details)
                continue
            for language, held in figures.items():
                if lacking := sorted(every - held):
                    where = (*path, language)
                    yield item.report("G303", where, language=language, figure=lacking[0])


def _figures(text: Text) -> dict[str, frozenset[str]]:
    found = {}
    for language, form in texts_by_language(text).items():
        try:
            found[language] = frozenset(figure.source for figure in figures_in(form))
        except TextError:
            return {}  # G401 tells
    return found if len(found) > 1 else {}


@rule("G304", "text-empty")
def text_empty(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds a text that holds nothing but white space.

    Why is this bad?
    The learner would look at an empty card.

    Example
        back: {en: "", zh: ""}

    Use instead
        back: {en: Zeros around the input., zh: 在输入四周补零。}
    """
    for found in every_text(view):
        for language, form in texts_by_language(found.text).items():
            if not form.strip():
                yield found.report("G304", language)


@rule("G305", "looks-untranslated")
def looks_untranslated(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Warns of a sentence that is the same in two languages.

    Why is this bad?
    It was probably copied to be translated later.

    Example
        front: {en: What does padding do here?, zh: What does padding do here?}

    Use instead
        front: {en: What does padding do here?, zh: 这里的填充起什么作用？}
    """
    for found in every_text(view):
        seen: dict[str, str] = {}
        for language, form in texts_by_language(found.text).items():
            prose = re.sub(r"`[^`]*`|\$[^$]*\$|\{\{.*?\}\}", " ", form)
            first = seen.setdefault(form.strip(), language)
            if first != language and len(_WORD.findall(prose)) >= _PROSE_WORDS:
                yield found.report("G305", language, first=first, second=language)


def view_languages(view: PackView) -> tuple[str, ...]:
    """The languages each text must have; none if pack.yaml is unreadable or has only one."""
    languages = view.manifest.languages if view.manifest else ()
    return languages if len(languages) > 1 else ()
