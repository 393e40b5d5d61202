"""The study loop: what a learner meets, what becomes of the answers, what is said of items.

Promise: an answer is saved when its verdict is handed out, or `StoreProblem` is raised and the
same answer can be given again; a failed measurement counts for nothing; the interval shown for a
rating is the interval it gives. All methods block and are called from one thread, except
`StudySession.cancel`. Must not know of screens.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.progress.events import Standing, Undone
from app.progress.store import Store
from app.study.actions import Actions, undone
from app.study.catalogue import synchronise
from app.study.choice import Choice
from app.study.clock import Clock
from app.study.journal import Journal
from app.study.limits import DailyLimits
from app.study.overview import overview
from app.study.scheduling import Parameters
from app.study.selecting import Selection
from app.study.sitting import StudySession
from app.study.views import Overview
from content.compiled import PackLibrary
from engine.client import EngineClient

__all__ = ["DailyLimits", "Study", "StudySession"]


class Study:
    """The study loop of one program run."""

    def __init__(
        self,
        store: Store,
        library: PackLibrary,
        engine: EngineClient,
        clock: Clock,
        *,
        limits: DailyLimits | None = None,
        desired_retention: float = 0.9,
        seed: int | None = None,
    ) -> None:
        """Raises `StoreProblem`; store and packs are then still the caller's to close. `seed`
        makes draws, fuzz and order repeatable."""
        self.store = store
        self.library = library
        self.engine = engine
        self.clock = clock
        self.limits = limits or DailyLimits()
        self.seed = seed
        parameters = Parameters(desired_retention=desired_retention)
        self.journal = Journal(store, clock, parameters, seed=seed)
        self.actions = Actions(store, clock, self.journal.new_id, self.journal.replay_all)
        self.refresh()

    def refresh(self) -> None:
        """Bring the catalogue up to date with the packs."""
        with self.store.transaction():
            taken_over = synchronise(self.store, self.library)
            self.actions.replay_standings([*taken_over], self.clock.today())
            self.journal.replay_all(taken_over)
        self.actions.wake(anew=True)
        self.store.checkpoint()
        self.versions = {pack.id: pack.version for pack in self.library.manifests()}

    def overview(self) -> Overview:
        """Home: what is due and new, how well each topic is known, how the week went."""
        self.actions.wake()
        return overview(self.store, self.library, self.clock, self.journal.scheduler, self.limits)

    def begin(
        self, choice: Choice | None = None, *, limit: int | None = None, topic: str | None = None
    ) -> StudySession:
        """A session of what was chosen, or of everything due and new; of at most `limit` answers,
        of one topic (`topic` or `pack:topic`).

        Raises `UnknownWord`, a KeyError, where no pack has what the choice names.
        """
        choice = choice or Choice()
        if topic is not None:
            choice = replace(choice, topics=choice.topics | {topic})
        if limit is not None:
            choice = replace(choice, limit=limit)
        return StudySession(self, choice)

    def selection(self, choice: Choice) -> Selection:
        """The items that a choice may bring today. Raises `UnknownWord`."""
        return Selection(self.store, self.library, choice, self.clock.today())

    def undo(self) -> Undone | None:
        """Take back the newest action in force, also one of an earlier run: what it was."""
        return undone(self.actions.undo())

    def redo(self) -> Undone | None:
        """Bring back what was undone last, until something new is done: what it was."""
        return undone(self.actions.redo())

    def undoable(self) -> bool:
        """Whether there is something that `undo` would take back."""
        return self.actions.undoable()

    def redoable(self) -> bool:
        """Whether there is something that `redo` would bring back."""
        return self.actions.redoable()

    def standing(self, name: str) -> Standing:
        """How the item of that name stands: suspended, buried, flagged, noted."""
        return self.actions.standing(name)

    def suspend(self, names: Iterable[str], on: bool = True) -> int:
        """Bring these items no more, or again; how many it was."""
        return self.actions.suspend(names, on=on)

    def bury(self, names: Iterable[str], until: int | None = None) -> int:
        """Put these items off until that study day, by default tomorrow; how many it was."""
        return self.actions.bury(names, until)

    def unbury(self, names: Iterable[str]) -> int:
        """Bring these items at once where they were put off; how many it was."""
        return self.actions.unbury(names)

    def flag(self, names: Iterable[str], flag: int) -> int:
        """Give these items that flag (0 none, 1 red, 2 orange, 3 green, 4 blue); how many it was.

        Raises ValueError.
        """
        return self.actions.flag(names, flag)

    def note(self, name: str, text: str) -> None:
        """Keep the learner's own words (Markdown) on an item; empty removes them."""
        self.actions.note(name, text)

    def reset(self, names: Iterable[str]) -> int:
        """Make these items new again; their reviews stay in the history. How many it was."""
        return self.actions.reset(names)

    def content_hash(self, name: str) -> str:
        """Which text of an item is studied."""
        with self.store.reading():
            return self.store.items.content_hash(name)

    def close(self) -> None:
        """Close the store and let the packs go. The engine belongs to the caller."""
        self.library.close()
        self.store.close()
