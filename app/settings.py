"""Settings: typed, few, each explained by the string under its field.

Promise: reading never fails; what cannot be used falls back to its default and is reported by
`load`. Saving is atomic. Must not know of screens.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from app.calendar import LONGEST_SPREAD, day_of, days_off_in, easy_days_in
from app.locale import LANGUAGES, system_language

DEVICES = ("auto", "cpu", "cuda", "mps")
THEMES = ("dark", "light", "contrast-dark", "contrast-light", "safe-dark", "safe-light")
_LONGEST_TEXT = 2_000
MINUTES_PER_NEW = 3
"""Minutes of a day that one new item is given: its first meeting and the eight or so reviews a
day that new items bring once they have been coming for some months."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person may choose."""

    language: str = field(default_factory=system_language)
    """Language of everything: en or zh."""
    theme: str = "dark"
    """Colours: dark, light, and both with high contrast or safe for the colour-blind."""
    minutes_per_day: int = 0
    """Minutes to study a day; home says when they are reached. 0 is no goal."""
    new_from_minutes: bool = False
    """Take the number of new items from the minutes: one for every three minutes."""
    new_per_day: int = 20
    """New items a study day."""
    reviews_per_day: int = 200
    """Due items a study day."""
    easy_days: str = ""
    """Weekdays with less to do: "sat, sun 0%"; half the work unless a share is given."""
    days_off: str = ""
    """Days on which nothing is due: "2026-12-24..2026-12-27, 2027-01-01"."""
    spread_days: int = 0
    """Days over which a backlog is spread, from `spread_from` on; 0 spreads nothing."""
    spread_from: str = ""
    """The first of the days over which a backlog is spread: "2026-11-20"."""
    goal_date: str = ""
    """The day to be ready by: "2026-12-12"; empty for none."""
    goal_name: str = ""
    """What happens on that day: "interview"."""
    goal_topics: str = ""
    """Topics to have met by then, with commas between: "cnn, loss.mse"; empty for all."""
    desired_retention: float = 0.9
    """Share of due items you want to know when they come back, 0.7 to 0.97."""
    device: str = "auto"
    """Where tensors are measured: auto, cpu, cuda or mps."""
    reduced_motion: bool = False
    """Nothing scrolls or fades in steps."""
    terminal_title: bool = True
    """Tell the terminal's title how many items are due."""
    plain: bool = False
    """`gradus` alone studies line by line, for screen readers."""
    plain_keyboard: bool = False
    """Turn off the extended keyboard protocol (mends input methods in some terminals)."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Keys chosen for commands: a command's id, and one character, one control key or both."""

    @property
    def daily_new(self) -> int:
        """New items a study day, as chosen or as the minutes allow."""
        if self.new_from_minutes and self.minutes_per_day:
            return max(1, self.minutes_per_day // MINUTES_PER_NEW)
        return self.new_per_day


_RULES: dict[str, Callable[[Any], bool]] = {
    "language": lambda v: v in LANGUAGES,
    "theme": lambda v: v in THEMES,
    "minutes_per_day": lambda v: type(v) is int and 0 <= v <= 1_440,
    "new_from_minutes": lambda v: type(v) is bool,
    "new_per_day": lambda v: type(v) is int and 0 <= v <= 10_000,
    "reviews_per_day": lambda v: type(v) is int and 0 <= v <= 100_000,
    "easy_days": lambda v: _reads(v, easy_days_in),
    "days_off": lambda v: _reads(v, days_off_in),
    "spread_days": lambda v: type(v) is int and 0 <= v <= LONGEST_SPREAD,
    "spread_from": lambda v: _reads(v, day_of),
    "goal_date": lambda v: _reads(v, day_of),
    "goal_name": lambda v: isinstance(v, str) and len(v) <= _LONGEST_TEXT,
    "goal_topics": lambda v: isinstance(v, str) and len(v) <= _LONGEST_TEXT,
    "desired_retention": lambda v: type(v) in (int, float) and 0.7 <= v <= 0.97,
    "device": lambda v: v in DEVICES,
    "reduced_motion": lambda v: type(v) is bool,
    "terminal_title": lambda v: type(v) is bool,
    "plain": lambda v: type(v) is bool,
    "plain_keyboard": lambda v: type(v) is bool,
    "keys": lambda v: isinstance(v, dict) and all(_usable(key) for key in v.values()),
}
CHOICES: dict[str, tuple[str, ...]] = {
    "language": LANGUAGES,
    "theme": THEMES,
    "device": DEVICES,
}
"""Settings of which one of a few is chosen; the others are typed, or on or off."""


def usable(name: str, value: object) -> bool:
    """Whether a setting may have that value."""
    return _RULES[name](value)


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
    known = {f.name: getattr(_DEFAULTS, f.name) for f in fields(Settings)}
    good: dict[str, Any] = {}
    problems: list[str] = []
    for name, stored in raw.items():
        value = stored
        if isinstance(value, list) and isinstance(known.get(name), tuple):
            value = tuple(value)
        if name == "keys" and isinstance(value, dict):
            problems += [f"keys.{one}" for one, text in value.items() if not _usable(text)]
            value = {one: text for one, text in value.items() if _usable(text)}
        if name in known and _RULES[name](value):
            good[name] = value
        else:
            problems.append(name)
    return replace(Settings(), **good), tuple(problems)


def _reads(value: object, reader: Callable[[str], object]) -> bool:
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
        return False
    try:
        reader(value)
    except ValueError:
        return False
    return True


def _usable(text: object) -> bool:
    from app.key_names import read  # only who has chosen keys pays for it before the first frame

    return read(text) is not None


_DEFAULTS = Settings(language="en")


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
