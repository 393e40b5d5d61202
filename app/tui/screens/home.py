"""The home screen: what is due and new, and where the learner stands.

Promise: painted from a glance at the database, before the study loop is open; filled in when it
is. Enter studies everything, or the topic under the cursor. Must not import content's machinery.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content

from app.calendar import spreading
from app.tui.apart import apart
from app.tui.commands import Command, bindings
from app.tui.screens.page import Page, band
from app.tui.today import ChapterRow, Today, TopicRow
from app.tui.widgets.ahead_lines import AheadView, look_ahead
from app.tui.widgets.day import DayView
from app.tui.widgets.footer import CommandFooter
from app.tui.widgets.header import HeaderLine
from app.tui.widgets.laid import line
from app.tui.widgets.notice import Notice
from app.tui.widgets.outline import Outline

if TYPE_CHECKING:
    from app.tui.browsing import Browsing

_LANGUAGES = {"en": "English", "zh": "中文"}


class HomeScreen(Page[None]):
    """Today and the topics."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("study", ("enter",), weight=9),
        Command("study_topic", ("enter",), weight=9),
        Command("fold", ("enter", "space"), weight=6),
        Command("move(-1)", ("up", "k"), words="up", weight=0),
        Command("move(1)", ("down", "j"), words="down", weight=4),
        Command("close", ("left",), words="fold-close", weight=0),
        Command("open", ("right",), words="fold-open", weight=0),
        Command("undo", ("u",), twin="ctrl+z", weight=3),
        Command("drill", ("d",), weight=6),
        Command("lab", ("l",), weight=6),
        Command("stats", ("s",), weight=4),
        Command("browse", ("slash",), twin="ctrl+f", weight=6),
        Command("choose", ("c",), weight=6),
        Command("spread", ("b",), weight=8),
        Command("settings", ("comma",), weight=2),
        Command("retry_open", ("r",), weight=8),
    )
    LAST: ClassVar[tuple[Command, ...]] = (
        Command("to_top", ("escape",), weight=0),
        Command("app.quit", ("q",), weight=9),
    )
    BINDINGS = bindings((*KEYS, *LAST))

    def __init__(self, today: Today, day: date) -> None:
        super().__init__()
        self.today = today
        self._day = day
        self._browsing: Browsing | None = None

    def compose(self) -> ComposeResult:
        """Header, today, topics, footer."""
        yield band(HeaderLine(self._header))
        with VerticalScroll(id="home", can_focus=False), Vertical(id="home-column"):
            yield DayView()
            yield Outline()
        with Horizontal(classes="band"), Vertical(id="dock"):
            yield AheadView()
            yield Notice()
        yield band(CommandFooter())

    def on_mount(self) -> None:
        """Show what is known."""
        self.show(self.today, self._day)
        super().on_mount()

    def show(self, today: Today, day: date) -> None:
        """Show a newer picture."""
        self.today, self._day = today, day
        view = self.query_one(DayView)
        view.resuming = self.gradus.paused
        view.show(today, day)
        self.query_one(Outline).show(today)
        self.query_one(HeaderLine).relay()
        self.refooter()
        if today.complete:
            apart(self, self._look_ahead, "ahead", exclusive=True)

    async def _look_ahead(self) -> None:
        study = await self.gradus.desk.study()
        self.query_one(AheadView).show(await self.gradus.desk.do(partial(look_ahead, study)))
        self.refooter()

    def _header(self, _width: int) -> tuple[Content, Content]:
        parts = [self.say.date(self._day), self.gradus.device, _LANGUAGES[self.say.language]]
        state = " · ".join(part for part in parts if part)
        return line(("Gradus", "bold $accent")), line((state, "$muted"))

    def allows(self, action: str) -> bool:
        """Enter does the one thing that fits the cursor."""
        name = action.partition("(")[0]
        row = self.query_one(Outline).selected if self.is_mounted else None
        if name == "study":
            return row is None and bool(self.today.due or self.today.new)
        if name == "study_topic":
            return isinstance(row, TopicRow)
        if name in ("close", "open"):
            return row is not None
        if name == "fold":
            return isinstance(row, ChapterRow)
        if name == "move":
            return bool(self.today.chapters)
        if name == "to_top":
            return row is not None
        if name == "spread":
            return self.is_mounted and self.query_one(AheadView).spreads
        if name == "undo":
            return self.today.complete and any(self.today.week)
        if name in ("drill", "browse", "stats", "choose"):
            return self.gradus.trouble is None
        if name == "retry_open":
            return self.gradus.trouble is not None
        return True

    # Actions

    def action_study(self) -> None:
        """Everything due and new."""
        self.gradus.study()

    def action_study_topic(self) -> None:
        """The topic under the cursor."""
        row = self.query_one(Outline).selected
        if isinstance(row, TopicRow):
            self.gradus.study(row.topic)

    def action_move(self, step: int) -> None:
        """Up or down, between today and the topics."""
        outline = self.query_one(Outline)
        self._move_to(outline.cursor + step)

    def action_to_top(self) -> None:
        """Back to today."""
        self._move_to(-1)

    def _move_to(self, cursor: int) -> None:
        outline = self.query_one(Outline)
        outline.move_to(cursor)
        self.query_one(DayView).select(outline.cursor < 0)
        scroll = self.query_one("#home", VerticalScroll)
        if outline.cursor < 0:
            scroll.scroll_home(animate=False)
        else:
            top = outline.virtual_region.y + 1 + outline.line_of(outline.cursor)
            offset = scroll.scroll_offset.y
            if top < offset + 1:
                scroll.scroll_to(y=top - 1, animate=False)
            elif top >= offset + scroll.size.height - 1:
                scroll.scroll_to(y=top - scroll.size.height + 2, animate=False)
        self.refooter()

    def action_fold(self) -> None:
        """Open or close the chapter."""
        self.query_one(Outline).fold()
        self.refooter()

    def action_close(self) -> None:
        """Close the chapter."""
        self.query_one(Outline).fold(closed=True)
        self.refooter()

    def action_open(self) -> None:
        """Open the chapter."""
        self.query_one(Outline).fold(closed=False)
        self.refooter()

    def action_drill(self) -> None:
        """Interview drills."""
        self.gradus.drilling.choose()

    def action_choose(self) -> None:
        """What to study."""
        from app.tui.screens.choose import ChooseScreen

        self.app.push_screen(ChooseScreen(), lambda _: self.gradus.refresh_home())

    def action_spread(self) -> None:
        """Lay the backlog over days, as the line above says."""
        backlog = self.query_one(AheadView).ahead.backlog
        if backlog is not None:
            today = self.gradus.clock.today()
            self.gradus.comfort.adopt(spreading(self.gradus.settings, today, backlog.days))
            self.gradus.refresh_home()

    def action_lab(self) -> None:
        """The lab."""
        self.gradus.lab()

    def action_browse(self) -> None:
        """Every item, searched."""
        if self._browsing is None:
            from app.tui.browsing import Browsing

            self._browsing = Browsing(self.gradus)
        self._browsing.open()

    def action_settings(self) -> None:
        """The settings."""
        self.gradus.comfort.settings()

    def action_stats(self) -> None:
        """Statistics; one key in them is for the topic under the cursor."""
        from app.tui.screens.stats import StatsScreen

        row = self.query_one(Outline).selected
        self.app.push_screen(StatsScreen(row.topic if isinstance(row, TopicRow) else None))

    def action_retry_open(self) -> None:
        """Try to open the progress again."""
        self.gradus.open_desk()

    def action_undo(self) -> None:
        """Take the last answer back, also one of an earlier run."""
        self.gradus.undo_last()

    @on(DayView.Pressed)
    def _pressed(self) -> None:
        if self.allows("study"):
            self.action_study()

    @on(Outline.Chosen)
    def _chosen_line(self, message: Outline.Chosen) -> None:
        if message.line == self.query_one(Outline).cursor:
            if self.allows("fold"):
                self.action_fold()
            else:
                self.action_study_topic()
        else:
            self._move_to(message.line)
