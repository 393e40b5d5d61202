"""Expressions as a person reads them, with values written in: as code or as a formula.

Promise: gives text for reading and for code blocks; evaluates nothing but plain constants. Must
not import torch.
"""

from __future__ import annotations

from collections.abc import Mapping


def filled(
    source: str,
    names: Mapping[str, object],
    lets: Mapping[str, str] | None = None,
    *,
    pytorch: bool,
) -> str:
    raise NotImplementedError
