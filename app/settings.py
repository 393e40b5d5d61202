"""Settings: typed, few, each explained by the string under its field.

Promise: reading never fails; what cannot be used falls back to its default and is reported by
`problems`. Saving is atomic. Must not know of screens.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from app.locale import LANGUAGES, system_language

DEVICES = ("auto", "cpu", "cuda", "mps")
THEMES = ("dark", "light")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person may choose."""

    language: str = field(default_factory=system_language)
    """Language of everything: en or zh."""
    theme: str = "dark"
    """Colours: dark or light."""
    new_per_day: int = 20
    """New items a study day."""
    reviews_per_day: int = 200
    """Due items a study day."""
    desired_retention: float = 0.9
    """Share of due items you want to know when they come back, 0.7 to 0.97."""
    device: str = "auto"
    """Where tensors are measured: auto, cpu, cuda or mps."""
    plain_keyboard: bool = False
    """Turn off the extended keyboard protocol (mends input methods in some terminals)."""


_RULES: dict[str, Callable[[Any], bool]] = {
    "language": lambda v: v in LANGUAGES,
    "theme": lambda v: v in THEMES,
    "new_per_day": lambda v: type(v) is int and 0 <= v <= 10_000,
    "reviews_per_day": lambda v: type(v) is int and 0 <= v <= 100_000,
    "desired_retention": lambda v: type(v) in (int, float) and 0.7 <= v <= 0.97,
    "device": lambda v: v in DEVICES,
    "plain_keyboard": lambda v: type(v) is bool,
}


def load(path: Path) -> tuple[Settings, tuple[str, ...]]:
    """The settings in that file and the names of those that could not be used.

    A missing file gives the defaults; an unreadable one gives the defaults and the problem
    "settings.json".
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings(), ()
    except (OSError, ValueError, RecursionError):
        return Settings(), (path.name,)
    if not isinstance(raw, dict):
        return Settings(), (path.name,)
    known = {f.name for f in fields(Settings)}
    good = {k: v for k, v in raw.items() if k in known and _RULES[k](v)}
    return replace(Settings(), **good), tuple(str(k) for k in raw if k not in good)


def save(settings: Settings, path: Path) -> None:
    """Write atomically; raises OSError where the folder cannot be written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".settings-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(asdict(settings), file, ensure_ascii=False, indent=1)
            file.write("\n")
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
