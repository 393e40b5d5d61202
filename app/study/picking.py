"""Which item comes next: learning steps that are due, then the plan, then steps due soon.

Promise: an item comes only while the store says it is due or new; what another window answered,
or what was set aside, does not come; what is practised comes once, and again where it was not
known. A new study day makes a new plan. Must not measure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app.calendar import MOST_EARLY
from app.progress import counts
from app.progress.events import MemoryRow
from app.progress.memories import Candidate
from app.progress.store import Store
from app.study.clock import Clock, milliseconds
from app.study.queue import Planned, plan
from app.study.selecting import Everything, Selection

if TYPE_CHECKING:
    from app.study.limits import DailyLimits

SOON = 20 * 60 * 1000
"""Milliseconds: a step due within this time is shown at the end rather than ending the session."""
_AT_ONCE = 300
"""Items planned at once; when they are through, the next are planned."""


class Picker:
    """Picks items of one session."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        limits: DailyLimits,
        selection: Selection | None = None,
        seed: int | None = None,
    ) -> None:
        """`selection` is all that may come; `seed` orders, by default the day does."""
        self._store = store
        self._clock = clock
        self._limits = limits
        self._source = selection or Everything(store, limits)
        self._narrow = selection is not None
        self._unlimited = selection is not None and selection.choice.unlimited
        self._ahead = 0 if selection is None else selection.choice.ahead_days
        self._seed = seed
        self._plan: list[Planned] = []
        self._beyond = 0
        self._day = 0
        self._aside: set[int] = set()
        self._met: set[int] = set()
        self._last_topic: int | None = None

    def take(self, previous: int | None = None) -> Planned | None:
        """The next item; `previous` is the one just shown. None if nothing is left."""
        with self._store.reading():
            if not self._plan or self._day != self._clock.today():
                self._fill()
            chosen = self._due_step(previous) or self._planned() or self._soon_step()
        if chosen is not None:
            self._last_topic = chosen.topic
            self._met.add(chosen.item)
        return chosen

    def upcoming(self, most: int) -> list[Planned]:
        """What will probably come after the item taken last."""
        with self._store.reading():
            steps = self._known(self._steps(0, most))
            if len(steps) + len(self._plan) < most:
                steps += [s for s in self._known(self._steps(SOON, most)) if s not in steps]
        return (steps + self._plan[:most])[:most]

    def coming(self) -> tuple[frozenset[int], int]:
        """The items still to come, and how many more wait for a plan of their own."""
        with self._store.reading():
            steps = {step.item for step in self._steps(SOON)}
        return frozenset(steps | {planned.item for planned in self._plan}), self._beyond

    def put_back(self, item: Planned) -> None:
        """Bring a taken item again, first."""
        self._plan.insert(0, item)

    def set_aside(self, item: int) -> None:
        """Bring an item no more."""
        self._aside.add(item)
        self.taken(item)

    def repeat(self, item: Planned) -> None:
        """Bring a practised item once more, last."""
        self._plan.append(item)

    def taken(self, item: int) -> None:
        """An item came by another way."""
        self._plan = [planned for planned in self._plan if planned.item != item]

    def _fill(self) -> None:
        """Plan anew from what is due and new now."""
        store, source = self._store, self._source
        self._day = self._clock.today()
        today = self._limits.today(store, self._day)
        if self._unlimited:
            today = replace(today, reviews_left=None, new_left=None)
        reviews, fresh = _least(today.reviews_left), _least(today.new_left)
        aside = len(self._aside)
        riskiest = self._limits.calendar.cuts(self._day)
        due = source.due(self._day, reviews + aside, riskiest=riskiest)
        new = source.fresh(fresh + aside, today.first)
        early = self._known(source.early(self._day), most=_AT_ONCE)
        resting = [c for c in source.practice(self._day) if c.item not in self._met]
        self._plan = plan(
            [
                *self._known(due, most=reviews),
                *(replace(planned, early=True) for planned in early),
                *(replace(p, practice=True) for p in self._known(resting, most=_AT_ONCE)),
            ],
            self._known(new, most=fresh, new=True),
            str(self._seed) if self._seed is not None else f"{store.learner}:{self._day}",
        )
        everything = sum(today.due.values()) + sum(today.new.values())
        steps = sum(counts.steps_due(store.execute, store.learner_key, self._day).values())
        whole = not self._narrow and len(self._plan) >= _AT_ONCE
        self._beyond = max(0, everything - steps - len(self._plan)) if whole else 0

    def _planned(self) -> Planned | None:
        while self._plan:
            planned = self._plan.pop(0)
            asleep = self._store.standings.get(planned.item).asleep(self._day)
            memory = self._store.memories.get(planned.item)
            if not asleep and self._still_wanted(planned, memory):
                return planned
        return None

    def _still_wanted(self, planned: Planned, memory: MemoryRow | None) -> bool:
        if planned.new or memory is None:
            return planned.new and memory is None
        if planned.practice:
            return memory.due_at is None
        until = self._day + (max(self._ahead, MOST_EARLY) if planned.early else 0)
        return memory.due_at is None and memory.due_day <= until

    def _due_step(self, previous: int | None) -> Planned | None:
        step = next(iter(self._known(self._steps(0, 1))), None)
        if step is None:
            return None
        sibling = step.item == previous or step.topic == self._last_topic
        return None if sibling and self._plan else step

    def _soon_step(self) -> Planned | None:
        return next(iter(self._known(self._steps(SOON, 1))), None)

    def _steps(self, within: int, most: int | None = None) -> list[Candidate]:
        until = milliseconds(self._clock.now()) + within
        asked = None if most is None else most + len(self._aside)
        if not self._narrow and not self._limits.calendar.share(self._clock.today()):
            return []  # a day off; who chooses something studies all the same
        steps = self._source.steps(until, asked)
        return [step for step in steps if step.item not in self._aside][:most]

    def _known(
        self, candidates: Sequence[Candidate], *, most: int | None = None, new: bool = False
    ) -> list[Planned]:
        wanted = [c for c in candidates if c.item not in self._aside][:most]
        known = self._store.items.known([candidate.item for candidate in wanted])
        return [
            Planned(c.item, known[c.item].name, c.topic, known[c.item].kind, new) for c in wanted
        ]


def _least(limit: int | None) -> int:
    return _AT_ONCE if limit is None else min(limit, _AT_ONCE)
