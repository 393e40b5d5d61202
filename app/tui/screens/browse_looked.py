"""An item as it is looked at: asked and answered, what is remembered of it, its history.

Promise: rendered by the very code that shows it in a session, its figures measured; nothing is
counted and nothing is scheduled; where no pack has the item any more it says so, and why. Must not
change the item.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from app.browse.gone import Gone, gone, gone_words
from app.browse.preview import Wanted, wanted
from app.browse.telling import when
from app.own_words import own_words
from app.tui.flags import flag_mark
from app.tui.page import document_lines, text_lines
from app.tui.screens.preview_page import item_lines
from app.tui.widgets.laid import Laid, fitted, line
from content.text import clean_line
from engine.messages import describe
from engine.protocol import Failure

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.browse.browser import Browser
    from app.browse.collection import Item
    from app.locale import Locale
    from app.progress.browsing import Given
    from app.study.session import Study
    from app.tui.app import Gradus
    from content.prepare import Prepared

_ANSWERS = 12
_DAY = 86_400
_DATE = 15
_VERDICTS = {
    "right": ("✓", "$success"),
    "close": ("≈", "$warning"),
    "mistake": ("◆", "$mistake"),
    "wrong": ("✗", "$error"),
}


@dataclass(frozen=True, slots=True)
class Looked:
    """An item with what was found out about it; `prepared` is None while it is measured."""

    item: Item
    prepared: Prepared | Failure | Gone | None = None
    history: tuple[Given, ...] = ()


async def look(app: Gradus, browser: Browser, name: str, seed: int) -> Prepared | Failure | Gone:
    """The item under that draw, measured; or that it is gone, and then `browser` finds it and
    whatever went with it no more."""
    study = await app.desk.study()
    found: Wanted | Failure | Gone
    try:
        found = await asyncio.to_thread(wanted, study.library, name, seed)
    except KeyError:
        found = await app.desk.do(partial(_read_anew, study, browser, name, seed))
    if not isinstance(found, Wanted):
        return found
    return found.shown(await app.desk.measure(found.job))


def _read_anew(study: Study, browser: Browser, name: str, seed: int) -> Wanted | Failure | Gone:
    """Another version of the pack may have the item."""
    study.library.refresh()
    study.refresh()
    browser.miss_what_is_gone()
    try:
        return wanted(study.library, name, seed)
    except KeyError:
        return gone(study.library, name)


def looked_lines(
    looked: Looked, say: Locale, width: int, screen: int, day_words: Callable[[int], str]
) -> list[Content]:
    """Question, answer, memory, note, history."""
    item, language = looked.item, say.language
    rows: list[Content] = []
    if isinstance(looked.prepared, Failure):
        rows += text_lines(describe(looked.prepared, language), width, language, "$error")
    elif isinstance(looked.prepared, Gone):
        words = say("tui.browse.gone-here") + gone_words(looked.prepared, say)
        rows += text_lines(words, width, language, "$warning")
    elif looked.prepared is None:
        rows.append(line((say("tui.browse.measuring"), "$muted")))
    else:
        rows += item_lines(looked.prepared, language, width, None, say, screen)[1:]
    rows += [Content(""), line(("─" * width, "$faint"))]
    rows += _memory(item, say, width)
    if item.note:
        rows.append(Content(""))
        rows += document_lines(own_words(item.note, language), width, language)
    if looked.history:
        rows += [Content(""), line((say("tui.browse.history"), "$muted"))]
        rows += [_answer(one, say, width, day_words) for one in looked.history[:_ANSWERS]]
        left = len(looked.history) - _ANSWERS
        if left > 0:
            rows.append(line((say("tui.browse.more-answers", n=left), "$muted")))
    return rows


def day_words(say: Locale) -> Callable[[int], str]:
    """Study days as dates of the language."""
    return lambda day: say.date(date.fromordinal(day))


def _memory(item: Item, say: Locale, width: int) -> list[Content]:
    parts = [when(item, say)]
    if item.recall is not None and item.stability is not None and item.difficulty is not None:
        parts += [
            say("tui.browse.recall", percent=round(item.recall * 100)),
            say("tui.browse.stability", interval=say.interval(item.stability * _DAY)),
            say("tui.browse.difficulty", value=f"{item.difficulty:.1f}"),
        ]
    if item.reviews:
        parts.append(say("tui.browse.answers", n=item.reviews))
    if item.lapses:
        parts.append(say("tui.browse.lapsed", n=item.lapses))
    rows = text_lines(" · ".join(parts), width, say.language, "$muted")
    if item.flag:
        rows.append(flag_mark(item.flag, say))
    return rows


def _answer(one: Given, say: Locale, width: int, day_words: Callable[[int], str]) -> Content:
    glyph, style = _VERDICTS.get(one.verdict or "", ("·", "$muted"))
    said = say(f"study.rating.{one.rating}") if one.rating else say("tui.browse.practised")
    if one.undone:
        said = say("tui.browse.undone-answer")
    words = f"{said} · {say('tui.browse.seconds', n=round(one.seconds))}"
    typed = clean_line(one.typed or one.mistake or "")
    lead = fitted(day_words(one.day), _DATE)
    rest = f"{words}  {typed}".rstrip()
    room = width - 3 - _DATE
    if cell_len(rest) > room:
        rest = set_cell_size(rest, max(0, room - 3)).rstrip() + " .."
    return line((glyph, style), " ", (lead, "$muted"), (rest, "$muted" if one.undone else ""))


class LookedView(Laid):
    """The item beside the table."""

    def __init__(self) -> None:
        super().__init__(id="browse-looked")
        self._looked: Looked | None = None

    @property
    def waiting(self) -> bool:
        """Whether the item is still being measured."""
        return self._looked is not None and self._looked.prepared is None

    def show(self, looked: Looked | None) -> None:
        """That item; None shows nothing."""
        self._looked = looked
        self.relay()

    def lay(self, width: int) -> list[Content]:
        """Its lines, under its name."""
        looked, say = self._looked, self.say
        if looked is None:
            return []
        rows = text_lines(looked.item.name, width, say.language, "$muted")
        return [
            *rows,
            Content(""),
            *looked_lines(looked, say, width, self.app.size.height, day_words(self.say)),
        ]
