"""A day to be ready by: its date, its name, and what it takes, worked out as one types.

Promise: Enter keeps it, only where its day is to come; the plan is lived through beside the event
loop a moment after the last key. Must not plan itself.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input

from app.calendar import Goal, coming_day, goal_of, with_goal
from app.study.plan_words import shortfall, told
from app.study.ready import plan_for
from app.study.selecting import UnknownWord
from app.tui.commands import Command, bindings
from app.tui.screens.calling import CallingPage
from app.tui.screens.choose_words import titles_of
from app.tui.screens.page import band
from app.tui.widgets.bars import load_bars
from app.tui.widgets.footer import CommandFooter
from app.tui.widgets.header import HeaderLine
from app.tui.widgets.laid import Laid, fitted, line
from app.tui.widgets.notice import Notice, Tone

if TYPE_CHECKING:
    from app.settings import Settings
    from app.study.deadline import Plan
    from app.study.offering import Offered

_PAUSE = 0.25
_AHEAD = 21
"""Days from today that are proposed."""
_LONGEST = 40


class PlanView(Laid):
    """What it takes, in words and as a bar a day."""

    def __init__(self, page: ReadyScreen) -> None:
        super().__init__(id="plan")
        self._page = page

    def lay(self, width: int) -> list[Content]:
        """The plan, or what is wrong with the date."""
        from app.tui.page import text_lines

        page, say = self._page, self.say
        goal, plan = page.goal, page.plan
        rows = [Content(""), line((page.topics_words(width), "$muted"))]
        if goal is None or goal.day <= page.today:
            words = say("choose.ready.no-date" if goal is None else "choose.ready.past")
            return [*rows, Content(""), *text_lines(words, width, say.language, "$warning")]
        if plan is None:
            return [*rows, Content(""), line((say("choose.counting"), "$muted"))]
        first, *others = told(plan, goal, page.limit, say)
        rows += [Content(""), *text_lines(first, width, say.language, "bold")]
        short = shortfall(plan, page.limit, say)
        for words in others:
            style = "$warning" if words in short else "$muted"
            rows += text_lines(words, width, say.language, style)
        loads = [load.new + load.reviews for load in plan.course.loads]
        if any(loads):
            ends = (say.date(date.fromordinal(page.today)), say.date(date.fromordinal(goal.day)))
            rows += [Content(""), *load_bars(loads, width, ends)]
        return rows


class ReadyScreen(CallingPage):
    """Setting a goal."""

    KEYS: ClassVar[tuple[Command, ...]] = (
        Command("keep", ("enter",), words="ready-keep", weight=9),
        Command("other", (), twin="tab", words="ready-other", weight=5),
        Command("week(1)", (), twin="pagedown", words="ready-week", weight=4),
        Command("week(-1)", (), twin="pageup", words="ready-week-back", weight=0),
        Command("raise_limit", (), twin="f2", words="ready-raise", weight=8),
        Command("forget", (), twin="f8", words="ready-forget", weight=6),
    )
    LAST: ClassVar[tuple[Command, ...]] = (Command("back", ("escape",), weight=9),)
    BINDINGS = bindings((*KEYS, *LAST))

    def __init__(self, topics: frozenset[str], offered: Offered | None) -> None:
        super().__init__()
        self._topics = topics
        self._offered = offered
        self.plan: Plan | None = None
        self.today = 0
        self.limit: int | None = None

    def compose(self) -> ComposeResult:
        """Header, two fields, the plan, footer."""
        yield band(HeaderLine(self._header))
        with VerticalScroll(id="sheet", can_focus=False), Vertical(id="column"):
            for name in ("date", "name"):
                with Horizontal(classes="field-row"):
                    yield FieldName(f"choose.ready.{name}")
                    yield Input(id=f"ready-{name}", max_length=_LONGEST, compact=True)
            yield PlanView(self)
        with Horizontal(classes="band"), Vertical(id="dock"):
            yield Notice()
        yield band(CommandFooter())

    def on_mount(self) -> None:
        """What was kept before, or three weeks from now."""
        super().on_mount()
        self.today = self.gradus.clock.today()
        kept = goal_of(self.gradus.settings)
        if kept is not None and not self._topics:
            self._topics = kept.topics
        day = kept.day if kept is not None and kept.day > self.today else self.today + _AHEAD
        self._date.value = str(date.fromordinal(day))
        self._purpose.value = kept.name if kept is not None else ""
        self.set_focus(self._date)
        self._at_once(self._counted)

    def _header(self, _width: int) -> tuple[Content, Content]:
        return line((self.say("choose.ready.title"), "bold")), Content("")

    @property
    def _date(self) -> Input:
        return self.query_one("#ready-date", Input)

    @property
    def _purpose(self) -> Input:
        return self.query_one("#ready-name", Input)

    @property
    def goal(self) -> Goal | None:
        """What stands in the fields; None where the date is none."""
        try:
            day = coming_day(self._date.value, self.today)
        except ValueError:
            return None
        return None if day is None else Goal(day, self._purpose.value.strip(), self._topics)

    def topics_words(self, width: int) -> str:
        """For which topics: as many of their names as there is room for."""
        say = self.say
        if not self._topics:
            return say("choose.ready.all-topics")
        titles = {} if self._offered is None else titles_of(self._offered, say.language)
        names = [titles.get(word, word) for word in sorted(self._topics)]
        words = say("choose.ready.topics", names=say("choose.comma").join(names))
        for count in range(len(names) - 1, 0, -1):
            if cell_len(words) <= width:
                break
            some = say("choose.comma").join(names[:count])
            words = say("choose.ready.topics-some", names=some, n=len(names) - count)
        return fitted(words, width).rstrip()

    def allows(self, action: str) -> bool:
        """A goal that is kept can be given up; a limit that is too low can be raised."""
        if action == "forget":
            return bool(self.gradus.settings.goal_date)
        if action == "raise_limit":
            plan = self.plan
            return bool(plan and plan.days and (plan.limited.unmet or plan.limits_reviews))
        if action == "keep":
            return self.is_mounted and self.goal is not None and self.goal.day > self.today
        return True

    # Counting

    @on(Input.Changed)
    def _typed(self) -> None:
        self.plan = None
        self._relay()
        self._soon(_PAUSE, self._counted)

    async def _counted(self) -> None:
        goal = self.goal
        if goal is None or goal.day <= self.today:
            return
        try:
            study = await self.gradus.desk.study()
            self.limit = study.limits.new
            plan = await self.gradus.desk.do(partial(plan_for, study, goal))
        except asyncio.CancelledError:
            raise
        except UnknownWord as word:
            gone = word.word
            self._notice.tell(lambda: self.say("choose.ready.no-topic", word=gone), Tone.PROBLEM)
            return
        except Exception as error:  # told where other failures are
            self._go(self._failed(error))
            return
        if goal == self.goal:
            self.plan = plan
            self._relay()

    async def _failed(self, error: Exception) -> None:
        raise error

    def _relay(self) -> None:
        self.query_one(PlanView).relay()
        self.refooter()

    # Actions

    @on(Input.Submitted)
    def action_keep(self) -> None:
        """Keep the goal: home shows it, its new items come first."""
        goal = self.goal
        if goal is None or goal.day <= self.today:
            return
        problem = self.gradus.comfort.adopt(with_goal(self.gradus.settings, goal))
        if problem is None:
            self.dismiss(None)
        else:
            self._unsaved(problem)

    def action_forget(self) -> None:
        """No goal any more."""
        problem = self.gradus.comfort.adopt(with_goal(self.gradus.settings, None))
        if problem is None:
            self.dismiss(None)
        else:
            self._unsaved(problem)

    def action_raise_limit(self) -> None:
        """As many new items and reviews a day as it takes; a limit that is enough stays."""
        plan = self.plan
        if plan is None:
            return
        settings, raised = self.gradus.settings, list[tuple[str, int]]()
        if plan.limited.unmet:
            new = plan.needed.new_per_day
            settings = replace(settings, new_per_day=new, new_from_minutes=False)
            raised.append(("choose.ready.raised", new))
        # More new items bring more reviews than the limit may allow, whatever it kept waiting.
        reviews = plan.reviews_needed
        if reviews > settings.reviews_per_day:
            settings = replace(settings, reviews_per_day=reviews)
            raised.append(("choose.ready.raised-reviews", reviews))
        self._go(self._raised(settings, raised))

    async def _raised(self, settings: Settings, raised: list[tuple[str, int]]) -> None:
        problem = self.gradus.comfort.adopt(settings)
        if problem is not None:
            self._unsaved(problem)
            return
        self._notice.tell(
            lambda: " · ".join(self.say(key, n=self.say.number(n)) for key, n in raised),
            Tone.DONE,
        )
        self._at_once(self._counted)

    def _unsaved(self, problem: OSError) -> None:
        path, why = str(self.gradus.paths.settings), problem.strerror or ""
        self._notice.tell(lambda: self.say("cli.choose.unsaved", path=path, why=why), Tone.PROBLEM)

    def action_other(self) -> None:
        """The other field."""
        self.set_focus(self._purpose if self.focused is self._date else self._date)

    def action_week(self, step: int) -> None:
        """A week later or earlier."""
        goal = self.goal
        if goal is not None:
            moved = max(self.today + 1, goal.day + 7 * step)
            self._date.value = str(date.fromordinal(self.today) + timedelta(moved - self.today))

    def action_back(self) -> None:
        """Back, nothing kept."""
        self.dismiss(None)


class FieldName(Laid):
    """What a field is for."""

    def __init__(self, words: str) -> None:
        super().__init__(classes="field-name")
        self._words = words

    def lay(self, width: int) -> list[Content]:
        """One line."""
        return [line((fitted(self.say(self._words), width).rstrip(), "$muted"))]
