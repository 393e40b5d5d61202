"""`Refused`: how the language, the library and drawing say no.

Promise: a refusal is a message code with details, never a sentence, so that it can be shown in
every language. Must not import torch.
"""

from __future__ import annotations

from engine import limits
from engine.protocol import Failure, FailureKind

Details = tuple[tuple[str, str], ...]


class Refused(Exception):  # noqa: N818 - a verdict about an expression, not an error of ours
    """An expression is not evaluated, or not any further.

    `code` names a message in `engine.messages`, `details` fill its placeholders. A detail that
    starts with "@" is a word of `engine.messages.WORDS` ("@tensor"). The detail `argument` names
    the parameter at fault: the column then points at that argument of the call. `column` is
    1-based, in characters; whoever evaluates fills it in where it is None, the innermost first.
    """

    def __init__(
        self, kind: FailureKind, code: str, details: Details = (), column: int | None = None
    ) -> None:
        super().__init__(kind, code, details, column)
        self.kind = kind
        self.code = code
        self.details = details
        self.column = column
        self.source: str | None = None
        self.where = ""

    def detail(self, name: str) -> str:
        """The detail of that name, or an empty string."""
        return dict(self.details).get(name, "")

    def located(self, source: str, where: str) -> Refused:
        """This refusal, told where it happened unless it knows already."""
        if self.source is None:
            self.source = source
        self.where = self.where or where
        return self

    def failure(self, source: str | None = None, where: str = "") -> Failure:
        """The same as plain data; a source beyond all limits is cut."""
        text = self.source if self.source is not None else source
        if text is not None and len(text) > limits.SOURCE_BYTES:
            text = text[: limits.SHOWN_SOURCE] + "…"
        column = self.column
        if text is None or (column is not None and column > len(text) + 1):
            column = None
        return Failure(self.kind, self.code, self.details, text, column, self.where or where)

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value}" for name, value in self.details)
        return f"{self.code} ({details})" if details else self.code


def refused(code: str, column: int | None = None, **details: object) -> Refused:
    """A refusal of a wrong expression."""
    return Refused(FailureKind.EXPRESSION, code, _shown(details), column)


def over_limit(code: str, column: int | None = None, **details: object) -> Refused:
    """A refusal by a limit: well formed, but too large."""
    return Refused(FailureKind.LIMIT, code, _shown(details), column)


def out_of_time(column: int | None = None) -> Refused:
    """The deadline has passed."""
    return Refused(FailureKind.TIMEOUT, "out-of-time", (), column)


def _shown(details: dict[str, object]) -> Details:
    return tuple((name, shown(value)) for name, value in details.items())


def shown(value: object) -> str:
    """A detail as text: short, and never the digits of an enormous integer."""
    if isinstance(value, int) and value.bit_length() > limits.INTEGER_BITS:
        sign = "-" if value < 0 else ""
        return f"{sign}2^{value.bit_length() - 1}"
    text = str(value)
    return text if len(text) <= limits.SHOWN_DETAIL else text[: limits.SHOWN_DETAIL - 1] + "…"
