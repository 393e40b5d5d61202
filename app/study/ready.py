"""The plan for a goal, from what the learner knows now.

Promise: the goal's topics are resolved as a choice's are; read-only; one pass over the memories of
those topics. Must not simulate anything itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.calendar import Goal
from app.progress import counts
from app.study.choice import Choice
from app.study.deadline import Known, Plan, plan
from app.study.load import days_for
from app.study.selecting import resolved

if TYPE_CHECKING:
    from app.study.session import Study

_CARD, _EXERCISE = 20.0, 60.0
"""Seconds that packs assume of items that say nothing else."""
_USUAL_DAYS = 14


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits after a break, and over how many days it would best be spread."""

    waiting: int
    usual: int
    """Reviews a day that fall due in the days to come."""
    days: int
    """0 where spreading is not worth while, or is under way."""


def plan_for(study: Study, goal: Goal) -> Plan | None:
    """The way to the goal, None where its day is today or past. Raises `UnknownWord`."""
    store, today = study.store, study.clock.today()
    if goal.day <= today:
        return None
    limits = study.limits
    with store.reading():
        scope = resolved(store, study.library, Choice(topics=goal.topics))
        known = [Known(*found) for found in store.chosen.known(scope)]
        fresh = len(store.chosen.fresh(None, scope))
        kinds = store.chosen.kinds(scope)
        pace = counts.pace(store.execute)
    cards = kinds.get("card", 0)
    others = sum(kinds.values()) - cards
    seconds = (cards * _CARD + others * _EXERCISE) / max(1, cards + others) * pace
    return plan(
        known,
        fresh,
        today=today,
        day=goal.day,
        scheduler=study.journal.scheduler,
        calendar=limits.calendar,
        new_per_day=limits.new,
        reviews_per_day=limits.reviews,
        seconds_per_item=seconds,
    )


def backlog_of(study: Study) -> Backlog:
    """Whether there is a backlog that is worth spreading."""
    store, today = study.store, study.clock.today()
    with store.reading():
        learner = store.learner_key
        waiting = counts.backlog(store.execute, learner, today)
        coming = counts.arriving(store.execute, learner, today, today + _USUAL_DAYS)
    usual = round(sum(coming.values()) / _USUAL_DAYS)
    spreading = study.limits.calendar.window(today) is not None
    return Backlog(waiting, usual, 0 if spreading else days_for(waiting, usual))
