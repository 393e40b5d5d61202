"""How a setting is edited: what it is made of, how it reads in a field, what typing gives.

Promise: every field of `Settings` has a kind, so that a new one can be shown and edited without a
word more; what cannot be used is refused by the rule that also guards the file. No interface.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import fields, replace
from datetime import date
from typing import Any, Literal

from app.calendar import coming_day
from app.settings import CHOICES, Settings, usable

Kind = Literal["choice", "switch", "number", "share", "text", "date", "list", "keys"]
Value = bool | int | float | str | tuple[str, ...]

NAMES = tuple(one.name for one in fields(Settings))
DATES = frozenset({"goal_date", "spread_from"})
"""Settings that hold a day as YYYY-MM-DD, or nothing."""
_APART = re.compile(r"[\s,，、;；]+")
_LONGEST = 2_000


class RefusedError(ValueError):
    """What was typed is no value of the setting."""


def kind_of(name: str) -> Kind:
    """How that setting is edited."""
    if name == "keys":
        return "keys"
    if name in CHOICES:
        return "choice"
    if name in DATES:
        return "date"
    default = getattr(Settings(), name)
    if isinstance(default, bool):
        return "switch"
    if isinstance(default, int):
        return "number"
    if isinstance(default, float):
        return "share"
    return "list" if isinstance(default, tuple) else "text"


def as_text(value: object) -> str:
    """A value as it stands in a field: 20, 90%, 2026-12-24, 2026-12-31."""
    if isinstance(value, float):
        return f"{value * 100:.10g}%"
    if isinstance(value, tuple | list):
        return ", ".join(str(part) for part in value)
    return str(value)


def typed(name: str, text: str, today: int) -> Value:
    """The value that was typed; a date without its year is the next one. Raises `RefusedError`."""
    text = unicodedata.normalize("NFKC", text).strip()
    try:
        value = _read(name, text, today) if len(text) <= _LONGEST else None
    except (ValueError, OverflowError):
        value = None
    if value is None or not usable(name, value):
        raise RefusedError(text)
    return value


def changed(settings: Settings, name: str, value: Any) -> Settings:
    """The settings with another value for one of them."""
    return replace(settings, **{name: value})


def _read(name: str, text: str, today: int) -> Value:
    kind = kind_of(name)
    if kind == "number":
        return int(text.replace(",", "").replace("_", " ") or "x")
    if kind == "share":
        number = float(text.removesuffix("%").strip())
        return number / 100 if number > 1 or text.endswith("%") else number
    if kind == "date":
        day = coming_day(text, today)
        return "" if day is None else date.fromordinal(day).isoformat()
    if kind == "list":
        return tuple(part for part in _APART.split(text) if part)
    return text
