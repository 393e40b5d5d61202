"""The top of the home screen: what today asks for, and the week behind it.

Promise: says what Enter does; a first day is greeted instead of counted. Must not study.
"""

from __future__ import annotations

from datetime import date, timedelta

from rich.cells import cell_len
from textual.content import Content
from textual.events import Click
from textual.message import Message

from app.tui.themes import cursor_style
from app.tui.today import Today
from app.tui.widgets.bars import week_bars
from app.tui.widgets.laid import Laid, fitted, line, spread
from app.tui.widgets.outline import title_in

_DAY = 4


class DayView(Laid):
    """Counts at the left, seven days at the right where there is room."""

    class Pressed(Message):
        """ "Study now" was clicked."""

    def __init__(self) -> None:
        super().__init__(id="day")
        self._today = Today()
        self._date = date(2000, 1, 1)
        self.selected = True
        self.resuming = False

    def show(self, today: Today, day: date) -> None:
        """Show that day."""
        self._today, self._date = today, day
        self.relay()

    def select(self, selected: bool) -> None:
        """Whether Enter studies everything."""
        if selected != self.selected:
            self.selected = selected
            self.relay()

    def lay(self, width: int) -> list[Content]:
        """Three lines."""
        today, say = self._today, self.say
        waiting = today.due or today.new
        left = [self._counts(), self._now() if waiting else self._next(), Content("")]
        if not any(today.week):
            if waiting:
                left[2] = line((say("tui.home.welcome"), "$muted"))
            return left
        left[2] = self._worst()
        days = [self._date - timedelta(days=6 - n) for n in range(7)]
        names = "".join(fitted(say(f"tui.home.day.{day.weekday()}"), _DAY) for day in days)
        ends = [
            line((names.rstrip().ljust(len(names) - 1), "$muted")),
            line(week_bars(today.week, gap=_DAY - 2), "   "),
            line((fitted(self._streak(), cell_len(names)), "$muted")),
        ]
        size = max(end.cell_length for end in ends)
        if max(one.cell_length for one in left[:2]) >= width - size:
            return left  # what today asks for goes before the week that was
        return [
            spread(one, end.pad_right(size - end.cell_length), width)
            for one, end in zip(left, ends, strict=True)
        ]

    def _counts(self) -> Content:
        today, say = self._today, self.say
        if not today.complete and not today.chapters:
            if self.gradus.trouble is not None:
                return Content("")  # the notice below says what to do
            return line((say("tui.home.opening"), "$muted"))
        if not (today.due or today.new):
            return line(("✓ ", "$success"), (say("tui.home.nothing"), "bold"))
        parts: list[Content | tuple[str, str] | str] = []
        for key, amount in (("due", today.due), ("new", today.new)):
            if amount:
                parts += [(" · ", "$muted")] if parts else []
                parts.append((say(f"tui.home.{key}", n=amount), "bold"))
        if today.minutes:
            parts.append((" · " + say("tui.home.minutes", n=today.minutes), "$muted"))
        return line(*parts)

    def _now(self) -> Content:
        words = self.say("tui.home.resume" if self.resuming else "tui.home.study-now")
        style = cursor_style(self.app.theme) if self.selected else ""
        return line((f" ⏎ {words} ", style), "   ", self._minutes())

    def _minutes(self) -> Content:
        """How far the day's minutes are, if there is a goal."""
        wanted, done = self.gradus.settings.minutes_per_day, self._today.studied // 60
        if not wanted:
            return Content("")
        if done < wanted:
            return line((self.say("tui.home.minutes-of", n=done, wanted=wanted), "$muted"))
        return line(("✓ ", "$success"), self.say("tui.home.minutes-reached", n=wanted))

    def _worst(self) -> Content:
        """The mistake made most often."""
        topics = [topic for chapter in self._today.chapters for topic in chapter.topics]
        troubles = [trouble for topic in topics for trouble in topic.troubles]
        if not troubles:
            return Content("")
        worst = max(troubles, key=lambda trouble: trouble.times)
        title = title_in(worst.title, self.say.language)
        return line(("◆ " + self.say("tui.home.trouble", title=title, n=worst.times), "$mistake"))

    def _next(self) -> Content:
        due = self._today.next_due
        if due is None:
            return line("  ", self._minutes())
        seconds = max(0.0, (due - self.gradus.clock.now()).total_seconds())
        words = self.say("tui.home.next", interval=self.say.interval(seconds))
        return line(("  " + words + "   ", "$muted"), self._minutes())

    def _streak(self) -> str:
        streak = self._today.streak
        if streak == 1:
            week = self._today.week
            studied = "today" if week[-1] else "yesterday" if week[-2] else "before"
            return self.say(f"tui.home.studied-{studied}")
        return self.say("tui.home.streak", n=streak) if streak else ""

    def on_click(self, event: Click) -> None:
        """The second line studies."""
        offset = event.get_content_offset(self)
        if offset is not None and offset.y == 1:
            self.post_message(self.Pressed())
