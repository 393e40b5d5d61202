"""The pages of `gradus measure --help-language` and `--explain`, laid out for a terminal.

Promise: no line is wider than 80 cells, in either script, unless a single word is. Must not ask
the engine and must not print.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from app.locale import Locale
from content.text.document import Span
from content.text.wrap import cells, wrapped
from engine.documented import Allowed, Documented, Example, Parameter
from engine.elements import ELEMENTS, Element

Listed = Sequence[tuple[str, Sequence[Documented]]]
"""Subjects and what belongs to them."""

_WIDTH: Final = 80
_NAME: Final = 20
_ARGUMENT: Final = 24
_INDENT: Final = "  "


def listed(subjects: Listed, say: Locale) -> str:
    """Every name with its line, by subject."""
    parts = [_paragraph(say("language.intro"))]
    for subject, elements in ELEMENTS.items():
        rows = [(shown_name(one), one.line(say.language)) for one in elements]
        parts.append(_section(subject_title(subject, say), _rows(rows, _NAME)))
    for subject, entries in subjects:
        rows = [(entry.name, line_of(entry, say)) for entry in entries]
        parts.append(_section(subject_title(subject, say), _rows(rows, _NAME)))
    return "\n\n".join(parts) + "\n"


def explained(found: Documented | Element, say: Locale) -> str:
    """The page of one name."""
    parts = _element(found, say) if isinstance(found, Element) else _entry(found, say)
    return "\n\n".join(part for part in parts if part) + "\n"


def nothing(name: str, nearest: Sequence[str], say: Locale) -> str:
    """That there is no such name, and which ones are most like it."""
    message = say("language.unknown", name=name)
    if nearest:
        names = say("language.comma").join(f"`{one}`" for one in nearest)
        message += say("language.nearest", names=names)
    return _paragraph(f"gradus: {message}")


def shown_name(one: Element) -> str:
    """All spellings of an element where they fit the column, otherwise the first."""
    every = " ".join(one.names)
    return every if cells(every) <= _NAME else one.names[0]


def line_of(entry: Documented, say: Locale) -> str:
    """One line on a name in the language asked for; in English where that has none."""
    key = f"names.{entry.name}"
    return say(key) if say.language != "en" and say.has(key) else entry.summary


def text_of(entry: Documented, say: Locale) -> tuple[str, ...]:
    """All paragraphs on a name in the language asked for; in English where that has none."""
    if say.language == "en" or not say.has(f"names.{entry.name}"):
        return entry.text
    key = f"more.{entry.name}"
    more = say(key) if say.has(key) else ""
    return (line_of(entry, say), *filter(None, more.split("\n\n")))


def subject_title(subject: str, say: Locale) -> str:
    """The heading of a subject; of one that has none, its own name."""
    key = f"language.subject.{subject}"
    return say(key) if say.has(key) else subject.rpartition(".")[2].replace("_", " ")


def allowed_text(allowed: Allowed, say: Locale) -> str:
    """What a parameter takes, in words; empty where its check cannot say."""
    if allowed.kind == "type":
        key = f"language.type.{allowed.words[0]}"
        return say(key) if say.has(key) else allowed.words[0]
    key = f"language.allowed.{allowed.kind}"
    if allowed.kind == "real":
        key += (".low" if allowed.low else "") + (".high" if allowed.high else "")
    if allowed.kind in ("sizes", "gaps", "padding") and allowed.dims == 1:
        key += ".one"
    texts = [repr(word) for word in allowed.words]
    choice = say("language.comma").join(texts[:-1])
    words = say("language.or", a=choice, b=texts[-1]) if choice else "".join(texts)
    low, high = _grouped(allowed.low), _grouped(allowed.high)
    return say(key, low=low, high=high, words=words, dims=allowed.dims) if say.has(key) else ""


def _element(found: Element, say: Locale) -> Iterable[str]:
    yield found.usage
    yield _paragraph(found.line(say.language))
    yield _examples(found.examples, say)


def _entry(entry: Documented, say: Locale) -> Iterable[str]:
    name, bracket, rest = entry.signature.partition("(")
    yield _hanging(name + bracket, rest)
    yield "\n\n".join(map(_paragraph, text_of(entry, say)))
    yield _section(say("language.arguments"), _arguments(entry.parameters, say))
    yield "\n".join(_paragraph(fact) for fact in _facts(entry, say))
    yield _section(say("language.source"), [_indented(text) for text in entry.sources])
    yield _examples(entry.examples, say)


def _facts(entry: Documented, say: Locale) -> Iterable[str]:
    if entry.torch:
        kind = "layer" if entry.group == "layer" else "function"
        yield say(f"language.torch.{kind}", name=entry.torch)
    elif entry.group in ("layer", "network"):
        yield say(f"language.own.{entry.group}")
    if entry.unevaluated:
        yield say("language.unevaluated")
    if entry.other_names:
        yield say("language.also", names=say("language.comma").join(entry.other_names))
    if entry.method and entry.parameters:
        yield say("language.method", call=f"{entry.parameters[0].name}.{entry.name}(...)")


def _arguments(parameters: Sequence[Parameter], say: Locale) -> list[str]:
    rows = []
    for parameter in parameters:
        text = allowed_text(parameter.allowed, say)
        if parameter.default is not None:
            text += say("language.default", value=parameter.default)
        if text.strip():
            rows.append((parameter.name, text.strip()))
    return _rows(rows, min(_ARGUMENT, max((cells(name) for name, _ in rows), default=0)))


def _examples(examples: Sequence[Example], say: Locale) -> str:
    lines = []
    for example in examples:
        lines += [_indented(example.expression), _hanging(f"{_INDENT}= ", example.value)]
    return _section(say("language.example"), lines)


def _section(title: str, lines: Sequence[str]) -> str:
    return "\n".join([title, *lines]) if lines else ""


def _rows(rows: Sequence[tuple[str, str]], width: int) -> list[str]:
    """Names in a column, what is said of them beside it; below a name that is too wide."""
    lines = []
    for name, text in rows:
        start = _INDENT + name + " " * (width - cells(name)) + _INDENT
        if cells(name) > width:
            lines.append(_INDENT + name)
            start = " " * (width + 2 * len(_INDENT))
        lines.append(_hanging(start, text))
    return lines


def _paragraph(text: str) -> str:
    return _hanging("", text)


def _indented(text: str) -> str:
    return _hanging(_INDENT, text)


def _hanging(start: str, text: str) -> str:
    """A text behind its start, its further lines below its own beginning."""
    room = cells(start)
    lines = wrapped((Span(text),), _WIDTH - room)
    texts = ["".join(span.text for span in line) for line in lines]
    return start + ("\n" + " " * room).join(texts)


def _grouped(number: str) -> str:
    return f"{int(number):,}" if number.lstrip("-").isdecimal() else number
