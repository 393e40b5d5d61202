"""The words under a verdict: the author's explanation where there is one, else a general one.

Promise: a document in the language asked for. Must not judge.
"""

from __future__ import annotations

from collections.abc import Iterator

from content.pack import Exercise, in_language
from content.prepare import Prepared
from content.text import (
    Block,
    Code,
    Document,
    Listing,
    Paragraph,
    Span,
    clean,
    clean_line,
    plain,
    render,
)
from engine.formulas import written
from engine.messages import caret, describe
from engine.protocol import Failure, Slopes, Tried
from engine.trials import unmet
from engine.values import TensorValue, Value
from engine.verdict import Verdict, VerdictKind, describe_verdict

_SHOWN = 8
"""Elements of one row of a tensor under a verdict."""
_WIDEST = 72
"""Cells of a line that could not be read."""
_ROW = 56
"""Cells of a tensor in its line; the name of what it is stands before it."""
_WORDS = {
    "yours": {"en": "yours", "zh": "你的"},
    "truth": {"en": "PyTorch", "zh": "PyTorch"},
    "slope": {"en": "gradient by {name}", "zh": "对 {name} 的梯度"},
}


def explanation(prepared: Prepared, verdict: Verdict, language: str) -> Document:
    """The explanation as a document; empty where the verdict speaks for itself."""
    if isinstance(prepared.item, Exercise) and prepared.item.options:
        chosen = _on_chosen(prepared, verdict, language)
        if chosen:
            return chosen
    if verdict.kind is VerdictKind.UNREADABLE and verdict.failure is not None:
        return _unread(verdict.failure, language)
    own: Document = ()
    if verdict.mistake is not None and not verdict.generic:
        own = prepared.why(verdict.mistake, language, verdict.at)
        if own and verdict.at is None and verdict.tried is None:
            return own
    return (*own, *_said(prepared, verdict, language))


def why(prepared: Prepared, verdict: Verdict, language: str) -> str:
    """The explanation as plain text."""
    return plain(explanation(prepared, verdict, language), language)


def _said(prepared: Prepared, verdict: Verdict, language: str) -> Iterator[Block]:
    """The general words, and what a program gave where it fails."""
    words = describe_verdict(verdict, language)
    if words:
        yield _paragraph(words)
    if verdict.code == "layer-fails":
        yield Listing(tuple(unmet_texts(prepared, verdict, language)))
    if verdict.tried is not None:
        yield _shown(verdict.tried, verdict.code, language)
    failure = verdict.failure
    if verdict.tried is not None and isinstance(verdict.tried.answer, Failure):
        failure = verdict.tried.answer
    elif verdict.tried is not None and verdict.code == "tensor-slopes":
        slopes = verdict.tried.answer_slopes
        failure = None if slopes is None else slopes.failure
    if failure is not None:
        yield _paragraph(describe(failure, language))


def unmet_texts(prepared: Prepared, verdict: Verdict, language: str) -> Iterator[Document]:
    """What each requirement that is not met says, with figures over the answer."""
    values = dict(verdict.values)
    for n in unmet(verdict):
        prefix = f"require.{n}"
        value = values[prefix]
        if isinstance(value, Failure):
            yield (_paragraph(describe(value, language)),)
            continue
        figures = {k.removeprefix(f"{prefix}:"): v for k, v in values.items()
                   if k.startswith(f"{prefix}:")}  # fmt: skip
        yield render(in_language(prepared.exercise.require[n].why, language), figures, language)


def _shown(tried: Tried, code: str, language: str) -> Code:
    """The inputs that break a tensor expression, what it gives and what PyTorch has."""
    entries = [(name, value_text(value)) for name, value in tried.inputs]
    if code == "tensor-slopes":
        entries += _slopes(tried, language)
    else:
        if not isinstance(tried.answer, Failure):
            entries.append((_WORDS["yours"][language], value_text(tried.answer)))
        entries.append((_WORDS["truth"][language], value_text(tried.truth)))
    width = max(_cells(name) for name, _ in entries)
    lines = [f"{name}{' ' * (width - _cells(name))} = {text}" for name, text in entries]
    return Code(tuple((Span(clean_line(line), "code"),) for line in lines))


def _slopes(tried: Tried, language: str) -> Iterator[tuple[str, str]]:
    for whose, slopes in (("yours", tried.answer_slopes), ("truth", tried.truth_slopes)):
        for name, value in (slopes or Slopes()).by:
            words = _WORDS["slope"][language].format(name=name)
            yield f"{_WORDS[whose][language]}: {words}", value_text(value)


def value_text(value: Value) -> str:
    """A tensor as a line of bounded length: numbers of its beginning, shape and dtype."""
    if not isinstance(value, TensorValue):
        return str(value) if isinstance(value, bool) or value is None else _number(value)
    shape = "×".join(map(str, value.shape))
    about = value.dtype if len(value.shape) < 2 else f"{shape} {value.dtype}"
    if value.data is None:
        return f"[…] {shape} {value.dtype}"
    for room in (_SHOWN, 5, 3, 2):
        text = f"{_row(value.data, room)} {about}"
        if len(text) <= _ROW:
            return text
    return text[: _ROW - 1] + "…"


def _row(data: Value, room: int) -> str:
    if not isinstance(data, tuple):
        return _number(data)
    shown = data if len(data) <= room else data[: room - 1]
    parts = [_row(part, room) for part in shown]
    return "[" + ", ".join(parts + ["…"] * (len(shown) < len(data))) + "]"


def _number(value: Value) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return written(value) if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _unread(failure: Failure, language: str) -> Document:
    """Where the text cannot be read, with a caret where the place is known."""
    words = _paragraph(describe(failure, language))
    if failure.source is None or failure.column is None:
        return (words,)
    line, place, *_ = caret(failure, language, cells=_WIDEST).split("\n")
    lines = tuple((Span(clean(part).rstrip("\n"), "code"),) for part in (line, place))
    return (Code(lines), words)


def _paragraph(words: str) -> Paragraph:
    return Paragraph((Span(clean(words), "plain"),))


def _cells(text: str) -> int:
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)


def _on_chosen(prepared: Prepared, verdict: Verdict, language: str) -> Document:
    """What the author says of the options that were chosen wrongly."""
    options = prepared.truth.options
    wrong = [n - 1 for n in verdict.ticked if not options[n - 1].right]
    return tuple(block for n in wrong for block in prepared.option_why(n, language))
