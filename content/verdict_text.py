"""The words under a verdict: the author's explanation where there is one, else a general one.

Promise: one string, plain, in the language asked for. Must not judge.
"""

from __future__ import annotations

from content.pack import Exercise
from content.prepare import Prepared
from content.text import Document, Paragraph, Span, plain
from engine.verdict import Verdict, describe_verdict


def explanation(prepared: Prepared, verdict: Verdict, language: str) -> Document:
    """The explanation as a document; empty where the verdict speaks for itself."""
    if isinstance(prepared.item, Exercise) and prepared.item.options:
        chosen = _on_chosen(prepared, verdict, language)
        if chosen:
            return chosen
    if verdict.mistake is not None and not verdict.generic:
        own = prepared.why(verdict.mistake, language)
        if own:
            return own
    words = describe_verdict(verdict, language)
    return (Paragraph((Span(words, "plain"),)),) if words else ()


def why(prepared: Prepared, verdict: Verdict, language: str) -> str:
    """The explanation as plain text."""
    return plain(explanation(prepared, verdict, language), language)


def _on_chosen(prepared: Prepared, verdict: Verdict, language: str) -> Document:
    """What the author says of the options that were chosen wrongly."""
    options = prepared.truth.options
    wrong = [n - 1 for n in verdict.ticked if not options[n - 1].right]
    return tuple(block for n in wrong for block in prepared.option_why(n, language))
