"""Interface strings as data: `Locale("zh")("tui.home.due", n=23)`.

Promise: a key names its room before the first dot; each room is one flat JSON file per language,
or several (`tui.json` and `tui_settings.json` are one room), read once and only when needed. A
missing key raises `KeyError` (a test holds both languages to the same keys). Must not hold
strings itself.

Plurals: where a key has the forms `key.one` and `key.other`, the placeholder `n` decides.
Chinese: where a filled-in word or number meets Han, a space stands between Han and Latin, as it
does within the strings.
"""

from __future__ import annotations

import json
import locale as system_locale
import os
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter

LANGUAGES = ("en", "zh")
_FOLDER = Path(__file__).parent
_UNITS = (("y", 31_557_600), ("mo", 2_629_800), ("d", 86_400), ("h", 3600), ("min", 60))
"""Seconds in each unit, largest first."""


@cache
def _room(language: str, room: str) -> Mapping[str, str]:
    folder = _FOLDER / language
    strings: dict[str, str] = {}
    for path in (folder / f"{room}.json", *sorted(folder.glob(f"{room}_*.json"))):
        strings |= json.loads(path.read_text(encoding="utf-8"))
    return strings


_FILL = Formatter()
_OF_DATES = "年月日"


@cache
def _pieces(text: str) -> tuple[tuple[str, str | None, str | None, str | None], ...]:
    return tuple(_FILL.parse(text))


def _set_in_han(text: str, values: Mapping[str, object]) -> str:
    """The text filled in; nothing inside what is filled in is touched."""
    filled = ""
    for literal, name, spec, _ in _pieces(text):
        filled = _joined(filled, literal)
        if name is not None:
            filled = _joined(filled, format(values[name], spec or ""))
    return filled


def _joined(left: str, right: str) -> str:
    if left and right:
        before, after = left[-1], right[0]
        meet = (_is_han(before) and _is_latin(after)) or (_is_latin(before) and _is_han(after))
        if meet and before not in _OF_DATES and after not in _OF_DATES:
            return f"{left} {right}"
    return left + right


def _is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


def _is_latin(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char in "%`")


def listed_names() -> tuple[str, ...]:
    """Every name of the expression language that has words of its own here: all of them."""
    return tuple(_room("zh", "names"))


def system_language(environment: Mapping[str, str] | None = None) -> str:
    """The language the system asks for: zh where its locale is Chinese, English otherwise."""
    env = os.environ if environment is None else environment
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if env.get(name):
            return "zh" if env[name].lower().startswith("zh") else "en"
    if environment is None:
        code = system_locale.getlocale()[0] or ""
        return "zh" if code.lower().startswith(("zh", "chinese")) else "en"
    return "en"


class Locale:
    """One language's strings and its way of writing numbers, dates and intervals."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else "en"

    def __call__(self, key: str, /, **values: object) -> str:
        """The string of `room.rest` with its placeholders filled; KeyError if there is none."""
        room, _, rest = key.partition(".")
        strings = _room(self.language, room)
        if rest not in strings and "n" in values:
            rest += ".one" if values["n"] == 1 and f"{rest}.one" in strings else ".other"
        text = strings[rest]
        if not values:
            return text
        return _set_in_han(text, values) if self.language == "zh" else text.format(**values)

    def has(self, key: str) -> bool:
        """Whether the key exists."""
        room, _, rest = key.partition(".")
        return rest in _room(self.language, room)

    @staticmethod
    def number(value: int) -> str:
        """138357544 as 138,357,544."""
        return f"{value:,}"

    def date(self, day: date) -> str:
        """Fri 20 Nov, or 11月20日 周五."""
        weekday = self(f"study.weekday.{day.weekday()}")
        if self.language == "zh":
            return f"{day.month}月{day.day}日 {weekday}"
        return f"{weekday} {day.day} {self(f'study.month.{day.month}')}"

    def interval(self, seconds: float) -> str:
        """A distance in time in its largest fitting unit: 10 min, 6 d, 2.4 mo, 1.3 y."""
        unit, size = next((u for u in _UNITS if seconds >= u[1]), ("", 0))
        if not unit:
            return self("study.interval.under-minute")
        amount = seconds / size
        shown = f"{amount:.1f}" if unit in ("y", "mo") and amount < 10 else f"{round(amount)}"
        return self(f"study.interval.{unit}", n=shown.removesuffix(".0"))
