"""An item that was found, in words and as data.

Promise: texts that come from packs, notes and answers are cleaned of what a terminal would act on;
days, recall and state read the same on a screen and in a pipe. Must not look for anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from app.browse.fields import FLAGS
from app.locale import Locale
from content.pack import in_language
from content.text import clean, clean_line

if TYPE_CHECKING:
    from app.browse.collection import Item

_DAY = 86_400
_STATE, _NAME = 12, 44


def state(item: Item) -> str:
    """Where it stands: "suspended", "buried", "new", "due", "learning" or "review"."""
    if item.suspended:
        return "suspended"
    if item.buried:
        return "buried"
    if item.due is None:
        return "new"
    if item.due <= 0:
        return "due"
    return "learning" if item.phase in (1, 3) else "review"


def when(item: Item, say: Locale) -> str:
    """What stands in a column of dates: a state, or how many days it has."""
    standing = state(item)
    if standing == "due" and item.due is not None and item.due < 0:
        return say("browse.when.overdue", days=-item.due)
    if standing in ("review", "learning") and item.due is not None:
        return say.interval(item.due * _DAY)
    return say(f"browse.when.{standing}")


def counted(items: int, say: Locale) -> str:
    """`1,313 items`."""
    return say("browse.items", n=items, count=say.number(items))


def flag_words(flag: int, say: Locale) -> str:
    """A flag's name."""
    return say(f"browse.value.flag.{FLAGS[flag]}")


def as_line(item: Item, say: Locale) -> str:
    """One line: name, state, first line of the question."""
    flag = f" [{flag_words(item.flag, say)}]" if item.flag else ""
    return f"{_wide(clean_line(item.name), _NAME)}  {_wide(when(item, say), _STATE)}{flag}  " + (
        clean_line(item.title)
    )


def as_data(item: Item, say: Locale) -> dict[str, object]:
    """Everything known of it; what was never measured is null."""
    return {
        "item": item.name,
        "title": clean_line(item.title),
        "topic": clean_line(in_language(item.topic.title, say.language)),
        "kind": item.kind,
        "level": item.level,
        "state": state(item),
        "due_days": item.due,
        "recall": _rounded(item.recall, 4),
        "stability": _rounded(item.stability, 2),
        "difficulty": _rounded(item.difficulty, 2),
        "reviews": item.reviews,
        "lapses": item.lapses,
        "suspended": item.suspended,
        "flag": FLAGS[item.flag],
        "note": clean(item.note),
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _wide(text: str, cells: int) -> str:
    return set_cell_size(text, max(cells, cell_len(text)))
