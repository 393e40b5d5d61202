"""LaTeX formulas as Unicode."""

from __future__ import annotations


class LatexError(Exception):
    """A formula that cannot be read; `code` and `details` as in `TextError`."""

    def __init__(self, code: str, **details: str) -> None:
        self.code = code
        self.details = details
        super().__init__(code)


def one_line(source: str) -> str:
    """The formula on one line."""
    return " ".join(source.split())


def block(source: str) -> tuple[str, ...]:
    """The formula in two dimensions."""
    return tuple(source.strip().split("\n"))
