"""LaTeX formulas as Unicode, on one line or in two dimensions.

Promise: raises `LatexError` for what it cannot read and nothing else; what it returns holds no
control character. Must not know where the formula stands.
"""

from __future__ import annotations

from functools import lru_cache

from content.text.latex_block import box
from content.text.latex_line import line
from content.text.latex_parse import LatexError, parsed

__all__ = ["LatexError", "block", "is_command", "one_line"]


@lru_cache(maxsize=512)
def one_line(source: str) -> str:
    """The formula on one line. Raises LatexError."""
    return line(parsed(source)).strip()


@lru_cache(maxsize=256)
def block(source: str) -> tuple[str, ...]:
    """The formula in two dimensions. Raises LatexError."""
    rows = [row.rstrip() for row in box(parsed(source)).lines]
    return tuple(rows)


@lru_cache(maxsize=256)
def is_command(name: str) -> bool:
    """Whether a formula may hold the command of that name."""
    try:
        one_line(f"\\{name} {{x}} {{x}}")
    except LatexError as error:
        return error.code != "math-unknown"
    return True
