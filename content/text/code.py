"""Code blocks with highlighting.

Promise: the text of the lines is the code, whatever the lexer makes of it. Pygments is imported
with the first block of Python, never before. Must not run or format code.
"""

from __future__ import annotations

from content.text.document import Code, Span, Spans

_PYTHON = frozenset({"", "python", "py", "pytorch", "torch"})


def highlighted(text: str, language: str) -> Code:
    """The code as styled lines; a language without a lexer stays plain."""
    if language not in _PYTHON:
        return Code(tuple((Span(line, "code"),) for line in text.split("\n")), language)
    from pygments.lexers.python import PythonLexer

    lines: list[list[Span]] = [[]]
    lexer = PythonLexer(stripnl=False, ensurenl=False)
    for kind, token in lexer.get_tokens(text):
        style = _style(str(kind))
        for at, part in enumerate(token.split("\n")):
            if at:
                lines.append([])
            if part:
                lines[-1].append(Span(part, style))
    return Code(tuple(_joined(line) for line in lines), "python")


def _style(kind: str) -> str:
    if kind.startswith("Token.Keyword"):
        return "code.keyword"
    if kind.startswith("Token.Literal.Number"):
        return "code.number"
    if kind.startswith("Token.Literal.String"):
        return "code.string"
    if kind.startswith("Token.Comment"):
        return "code.comment"
    if kind.startswith("Token.Operator"):
        return "code.operator"
    return "code.name" if kind.startswith("Token.Name") else "code"


def _joined(spans: list[Span]) -> Spans:
    kept: list[Span] = []
    for span in spans:
        if kept and kept[-1].style == span.style:
            kept[-1] = Span(kept[-1].text + span.text, span.style)
        else:
            kept.append(span)
    return tuple(kept)
