"""An item that was found: as it is asked and answered, what is remembered of it, its history.

Promise: rendered by the very code that shows it in a session, its figures measured; nothing is
counted and nothing is scheduled. Must not change the item.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from app.browse.preview import Wanted, wanted
from app.browse.telling import when
from app.tui.apart import apart
from app.tui.commands import Command, bindings
from app.tui.flags import flag_mark
from app.tui.page import document_lines, text_lines
from app.tui.screens.overlay import ReadingPage
from app.tui.screens.preview_page import item_lines
from app.tui.widgets.laid import Laid, fitted, line
from content.pack import Card, in_language
from content.text import clean_line, render
from engine.messages import describe
from engine.protocol import Failure

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.browse.browser import Browser
    from app.browse.collection import Item
    from app.locale import Locale
    from app.progress.browsing import Given
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
    prepared: Prepared | Failure | None = None
    history: tuple[Given, ...] = ()


async def look(app: Gradus, name: str, seed: int) -> Prepared | Failure | None:
    """The item under that draw, measured; None where no pack has it any more."""
    study = await app.desk.study()
    try:
        found = await asyncio.to_thread(wanted, study.library, name, seed)
    except KeyError:
        return None
    if not isinstance(found, Wanted):
        return found
    return found.shown(await app.desk.measure(found.job))


def looked_lines(
    looked: Looked, say: Locale, width: int, screen: int, day_words: Callable[[int], str]
) -> list[Content]:
    """Question, answer, memory, note, history."""
    item, language = looked.item, say.language
    rows: list[Content] = []
    if isinstance(looked.prepared, Failure):
        rows += text_lines(describe(looked.prepared, language), width, language, "$error")
    elif looked.prepared is None:
        rows.append(line((say("tui.browse.measuring"), "$muted")))
    else:
        rows += item_lines(looked.prepared, language, width, None, say, screen)[1:]
    rows += [Content(""), line(("─" * width, "$faint"))]
    rows += _memory(item, say, width)
    if item.note:
        rows.append(Content(""))
        rows += document_lines(render(item.note, {}, language), width, language)
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


class BrowseItemScreen(ReadingPage[int]):
    """One item, over the table; the arrows beside it bring its neighbours."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("neighbour(-1)", ("left", "k"), words="browse-before", weight=6),
        Command("neighbour(1)", ("right", "j"), words="browse-next", weight=6),
        Command("draw_again", ("r",), words="browse-draw", weight=7),
    )
    BINDINGS = bindings(KEYS)

    def __init__(self, browser: Browser, places: list[int], at: int) -> None:
        super().__init__()
        self._browser, self._places, self._at = browser, places, at
        self._seed = 0
        self._found: Prepared | Failure | None = None
        self._history: tuple[Given, ...] = ()

    @property
    def item(self) -> Item:
        """The item on screen."""
        return self._browser.item(self._places[self._at], self.say.language)

    def on_mount(self) -> None:
        """Measure it."""
        super().on_mount()
        self._look()

    def allows(self, action: str) -> bool:
        """New numbers only where there are any."""
        if action == "draw_again":
            found = self._found
            return (
                found is not None
                and not isinstance(found, Failure)
                and not isinstance(found.item, Card)
                and bool(found.draw)
            )
        if action.startswith("neighbour"):
            return len(self._places) > 1
        return True

    def _look(self) -> None:
        self._found, self._history = None, ()
        self.relay()
        apart(self, self._looking, "browse-look", exclusive=True)

    async def _looking(self) -> None:
        name = self.item.name
        self._history = tuple(await asyncio.to_thread(self._browser.history, name))
        self._found = await look(self.gradus, name, self._seed)
        self.relay()
        self.refooter()

    def header(self, width: int) -> tuple[Content, Content]:  # noqa: ARG002
        """Topic and kind; which of how many."""
        item, say = self.item, self.say
        title = in_language(item.topic.title, say.language)
        kind = say(f"study.kind.{item.kind}")
        count = f"{say.number(self._at + 1)} / {say.number(len(self._places))}"
        return line((title, "bold"), (f" · {kind}", "$muted")), line((count, "$muted"))

    def lay(self, width: int) -> list[Content]:
        """The item's lines."""
        looked = Looked(self.item, self._found, self._history)
        rows = looked_lines(looked, self.say, width, self.app.size.height, day_words(self.say))
        return [
            *rows,
            Content(""),
            *text_lines(looked.item.name, width, self.say.language, "$muted"),
        ]

    def action_neighbour(self, step: int) -> None:
        """The item before or behind."""
        self._at = (self._at + step) % len(self._places)
        self._seed = 0
        self.query_one("#sheet").scroll_home(animate=False)
        self._look()

    def action_draw_again(self) -> None:
        """The same item with other numbers."""
        self._seed += 1
        self._look()

    def action_back(self) -> None:
        """Back to the table, the cursor on this item."""
        self.dismiss(self._at)
