"""Under home's topics: the day to be ready by, a backlog that could be spread, a day forgiven.

Promise: worked out beside the event loop, once for a state of the progress; nothing where there is
none of it. Must not spread anything by itself.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content

from app.tui.widgets.laid import Laid

if TYPE_CHECKING:
    from app.calendar import Goal
    from app.study.deadline import Plan
    from app.study.ready import Backlog
    from app.study.session import Study


class Ahead(NamedTuple):
    """What lies ahead."""

    goal: Goal | None = None
    plan: Plan | None = None
    backlog: Backlog | None = None
    day_off: bool = False
    spreading_until: int | None = None
    limit: int | None = None
    forgiven: int | None = None
    """The newest day left out of the row of days studied."""


def look_ahead(study: Study) -> Ahead:
    """What lies ahead of that learner. Blocks."""
    from app.progress import days
    from app.study.clock import milliseconds
    from app.study.ready import backlog_of, plan_for
    from app.study.selecting import UnknownWord

    goal, plan = study.limits.goal, None
    today = study.clock.today()
    if goal is not None:
        try:
            plan = plan_for(study, goal)
        except UnknownWord:
            goal = None
    calendar = study.limits.calendar
    now = milliseconds(study.clock.now())
    with study.store.reading():
        row = days.row(study.store.execute, study.store.learner_key, today, now)
    return Ahead(
        goal,
        plan,
        backlog_of(study),
        not calendar.share(today),
        calendar.window(today),
        study.limits.new,
        row.forgiven[0] if row.forgiven and row.days > 1 else None,
    )


class AheadView(Laid):
    """A few lines."""

    def __init__(self) -> None:
        super().__init__(id="ahead")
        self.ahead = Ahead()

    def show(self, ahead: Ahead) -> None:
        """Show these."""
        self.ahead = ahead
        self.relay()

    @property
    def spreads(self) -> bool:
        """Whether spreading is offered."""
        backlog = self.ahead.backlog
        return backlog is not None and backlog.days > 0 and not self.ahead.day_off

    def lay(self, width: int) -> list[Content]:
        """Under an empty line."""
        from app.study.plan_words import headline, shortfall
        from app.tui.page import text_lines

        ahead, say, rows = self.ahead, self.say, list[Content]()
        if ahead.forgiven is not None:
            words = say("choose.home.forgiven", date=say.date(date.fromordinal(ahead.forgiven)))
            rows += text_lines(words, width, say.language, "$muted")
        if ahead.day_off:
            rows += text_lines(say("choose.home.day-off"), width, say.language, "$muted")
        if self.spreads and ahead.backlog is not None:
            found = ahead.backlog
            words = say(
                "choose.home.backlog",
                n=found.waiting,
                days=found.days,
                each=-(-found.waiting // found.days),
            )
            rows += text_lines(words, width, say.language, "$warning")
        if ahead.goal is not None and ahead.plan is not None:
            words = headline(ahead.plan, ahead.goal, say)
            rows += text_lines(words, width, say.language)
            for words in shortfall(ahead.plan, ahead.limit, say)[:1]:
                rows += text_lines(words, width, say.language, "$warning")
        return [Content(""), *rows] if rows else []
