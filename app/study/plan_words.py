"""A plan in words, for screens and lines alike.

Promise: what cannot be done is said before what can. Must not know a screen.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.calendar import Goal
    from app.locale import Locale
    from app.study.deadline import Plan


def headline(plan: Plan, goal: Goal, say: Locale) -> str:
    """`Before Sat 12 Dec (interview): 31 items a day, expected recall 93%`."""
    when = say.date(date.fromordinal(goal.day))
    name = say("choose.plan.named", name=goal.name) if goal.name else ""
    course = plan.course
    if not plan.items:
        return say("choose.plan.nothing", date=when, name=name)
    return say(
        "choose.plan.line",
        date=when,
        name=name,
        n=course.items_per_day,
        recall=percent(course.recall),
    )


def shortfall(plan: Plan, limit: int | None, say: Locale) -> list[str]:
    """What the limits leave undone, and what it would take; empty where all fits."""
    words = []
    if not plan.days and plan.items > plan.met:
        return [say("choose.plan.no-day", n=plan.items - plan.met)]
    if plan.limited.unmet:
        words.append(
            say(
                "choose.plan.unmet",
                n=plan.limited.unmet,
                all=plan.items,
                limit=limit if limit is not None else plan.limited.new_per_day,
                needed=plan.needed.new_per_day,
                recall=percent(plan.needed.recall),
            )
        )
    if plan.limits_reviews:
        words.append(say("choose.plan.waiting", n=plan.limited.waiting, needed=plan.reviews_needed))
    elif plan.limited.waiting:
        kind = "easy" if plan.spread_until is None else "spread"
        words.append(say(f"choose.plan.waiting-{kind}", n=plan.limited.waiting))
    return words


def told(plan: Plan, goal: Goal, limit: int | None, say: Locale) -> list[str]:
    """The whole plan, line by line."""
    lines = [headline(plan, goal, say)]
    if not plan.items:
        return lines
    lines.append(say("choose.plan.items", n=plan.items, met=plan.met, left=plan.items - plan.met))
    lines.append(
        say(
            "choose.plan.load",
            n=plan.days,
            new=plan.limited.new_per_day,
            minutes=plan.minutes_per_day,
        )
    )
    busiest = plan.course.busiest
    if busiest is not None and busiest.new + busiest.reviews:
        day = say.date(date.fromordinal(busiest.day))
        lines.append(say("choose.plan.busiest", date=day, new=busiest.new, reviews=busiest.reviews))
    if plan.spread_until is not None:
        day = say.date(date.fromordinal(plan.spread_until))
        lines.append(say("choose.plan.spread", date=day))
    return [*lines, *shortfall(plan, limit, say)]


def percent(share: float) -> str:
    """93%, and never 100% for nearly all."""
    return f"{int(share * 100 + 0.5) if share < 0.995 else int(share * 100)}%"
