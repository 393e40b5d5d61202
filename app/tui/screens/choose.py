"""Study what: topics with prerequisites and mastery, filters of one key each, what it will bring.

Promise: every change is counted anew a moment later, beside the event loop; Enter begins; the
choices made last come first. Must not select items itself.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content

from app.study.choice import Choice
from app.study.offering import Brought, Offered, brought, offered
from app.study.recent import recent, remember
from app.study.selecting import UnknownWord
from app.tui.commands import Command, bindings
from app.tui.screens.calling import CallingPage
from app.tui.screens.choose_words import FILTERS, following
from app.tui.screens.page import band
from app.tui.widgets.choosing import FiltersView, OutlookView, RecentView
from app.tui.widgets.footer import CommandFooter
from app.tui.widgets.header import HeaderLine
from app.tui.widgets.laid import line
from app.tui.widgets.notice import Notice
from app.tui.widgets.topic_tree import Row, TopicTree

_PAUSE = 0.15
"""Seconds after a change before it is counted."""


class ChooseScreen(CallingPage):
    """What a session is to bring."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("begin", ("enter",), words="choose-begin", weight=9),
        Command("recall", ("1", "2", "3"), words="choose-recall", numbered=True, weight=0),
        Command("tick", ("space",), words="choose-tick", weight=8),
        Command("move(-1)", ("up", "k"), words="up", weight=0),
        Command("move(1)", ("down", "j"), words="choose-down", weight=2),
        Command("page(-1)", ("pageup",), words="choose-page-up", weight=0),
        Command("page(1)", ("pagedown",), words="choose-page-down", weight=0),
        Command("fold(True)", ("left", "h"), words="fold-close", weight=0),
        Command("fold(False)", ("right", "l"), words="fold-open", weight=0),
        *(
            Command(f"turn('{one.name}')", (one.key,), words=f"choose-{one.name}", weight=0)
            for one in FILTERS
        ),
        Command("clear", ("backspace", "0"), words="choose-clear", weight=3),
        Command("goal", ("d",), words="choose-goal", weight=7),
    )
    LAST: ClassVar[tuple[Command, ...]] = (Command("back", ("escape",), weight=9),)
    BINDINGS = bindings((*KEYS, *LAST))

    def __init__(self, choice: Choice | None = None) -> None:
        super().__init__()
        self.choice = choice or Choice()
        """Everything but the topics, which are what is ticked."""
        self.offered: Offered | None = None
        self.brought: Brought | None = None
        self.earlier: list[Choice] = []

    def compose(self) -> ComposeResult:
        """Header; choices made before, filters, topics; what it brings; footer."""
        yield band(HeaderLine(self._header))
        with VerticalScroll(id="sheet", can_focus=False), Vertical(id="column"):
            yield RecentView(self)
            yield FiltersView(self)
            yield TopicTree()
        with Horizontal(classes="band"), Vertical(id="dock"):
            yield OutlookView(self)
            yield Notice()
        yield band(CommandFooter())

    def on_mount(self) -> None:
        """Look what there is."""
        super().on_mount()
        self.earlier = recent(self.gradus.paths.choices)
        self._go(self._load())

    async def _load(self) -> None:
        study = await self.gradus.desk.study()
        self.offered = await self._call("tui.study.opening", partial(offered, study))
        self.query_one(TopicTree).show(self.offered, self.choice.topics)
        self.choice = replace(self.choice, topics=frozenset())
        self._relay()
        self._at_once(self._counted)

    def _header(self, _width: int) -> tuple[Content, Content]:
        return line((self.say("choose.title"), "bold")), Content("")

    @property
    def wanted(self) -> Choice:
        """The choice with the topics that are ticked."""
        return replace(self.choice, topics=self.query_one(TopicTree).words())

    def allows(self, action: str) -> bool:
        """What is chosen by number, and what can be taken back, must be there."""
        name = action.partition("(")[0]
        if name == "recall":
            return bool(self.earlier)
        if name == "clear":
            return self.is_mounted and self.wanted != Choice()
        if name in ("tick", "fold", "move", "page"):
            return self.offered is not None
        return True

    # Counting

    def _changed(self) -> None:
        self.brought = None
        self._relay()
        self._soon(_PAUSE, self._counted)

    async def _counted(self) -> None:
        wanted = self.wanted
        try:
            study = await self.gradus.desk.study()
            found = await self.gradus.desk.do(partial(brought, study, wanted))
        except asyncio.CancelledError:
            raise
        except UnknownWord:
            # Remembered from packs that are gone: the rest of the choice is kept.
            self.choice = replace(self.choice, packs=frozenset(), tags=frozenset())
            self._changed()
            return
        except Exception as error:  # told where the count would stand
            self._go(self._failed(error))
            return
        if wanted == self.wanted:
            self.brought = found
            self._relay()

    async def _failed(self, error: Exception) -> None:
        raise error

    def _relay(self) -> None:
        for view in (RecentView, FiltersView, OutlookView):
            self.query_one(view).relay()
        self.refooter()

    # Actions

    def action_begin(self) -> None:
        """A session of what is chosen, if there is anything in it."""
        wanted = self.wanted
        if self.brought is not None and not self.brought.items:
            self._notice.tell(lambda: self.say("choose.nothing"))
            return
        remember(self.gradus.paths.choices, wanted)
        self.dismiss(None)
        self.gradus.study(wanted if wanted != Choice() else None)

    def action_recall(self, number: int) -> None:
        """A choice made before."""
        if number <= len(self.earlier):
            choice = self.earlier[number - 1]
            self.query_one(TopicTree).tick_words(choice.topics)
            self.choice = replace(choice, topics=frozenset())
            self._changed()

    def action_turn(self, name: str) -> None:
        """A filter's next value."""
        self.choice = following(self.choice, name, self.offered)
        self._changed()

    def action_clear(self) -> None:
        """Everything again."""
        self.choice = Choice()
        self.query_one(TopicTree).tick_words(frozenset())
        self._changed()

    def action_tick(self) -> None:
        """The chapter or topic under the cursor, or no longer."""
        self.query_one(TopicTree).tick()
        self._changed()

    def action_move(self, step: int) -> None:
        """Up or down."""
        self._to(self.query_one(TopicTree).cursor + step)

    def action_page(self, step: int) -> None:
        """A screen up or down."""
        height = max(2, self.query_one("#sheet").size.height - 2)
        self._to(self.query_one(TopicTree).cursor + step * height)

    def _to(self, cursor: int) -> None:
        tree = self.query_one(TopicTree)
        tree.move_to(cursor)
        self.query_one(OutlookView).relay()
        sheet = self.query_one("#sheet", VerticalScroll)
        top = tree.virtual_region.y + tree.line_of(tree.cursor)
        offset, height = sheet.scroll_offset.y, sheet.size.height
        if tree.cursor <= 0:
            sheet.scroll_home(animate=False)
        elif top < offset + 1:
            sheet.scroll_to(y=top - 1, animate=False)
        elif top >= offset + height - 1:
            sheet.scroll_to(y=top - height + 2, animate=False)

    def action_fold(self, closed: bool) -> None:
        """Close or open the chapter."""
        self.query_one(TopicTree).fold(closed=closed)
        self.query_one(OutlookView).relay()

    def action_goal(self) -> None:
        """A day to be ready by, for the topics that are ticked."""
        from app.tui.screens.ready import ReadyScreen

        topics = self.wanted.topics
        page = ReadyScreen(topics, self.offered)
        self.app.push_screen(page, lambda _: self._at_once(self._counted))

    def action_back(self) -> None:
        """Home."""
        self.dismiss(None)

    # The mouse

    @on(FiltersView.Turned)
    def _turned(self, message: FiltersView.Turned) -> None:
        self.action_turn(message.name)

    @on(RecentView.Picked)
    def _picked(self, message: RecentView.Picked) -> None:
        self.action_recall(message.number)

    @on(TopicTree.Pressed)
    def _pressed(self, message: TopicTree.Pressed) -> None:
        tree = self.query_one(TopicTree)
        if message.row == tree.cursor:
            self.action_tick()
        else:
            self._to(message.row)

    @property
    def row(self) -> Row | None:
        """The chapter or topic under the cursor."""
        return self.query_one(TopicTree).selected
