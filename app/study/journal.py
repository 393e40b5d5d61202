"""What happens to the log and the memories: answer, change a rating, replay.

Promise: each call is one transaction that writes the event and the memory it leads to, and raises
`StoreProblem` with nothing written otherwise. A memory is always what `replay` makes of the item's
reviews in force since it was reset last: each under the parameter set it was given under, so that
a changed setting moves nothing already planned. Must not choose items or judge answers.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from app.progress.events import (
    Answer,
    EventKind,
    MemoryRow,
    NewEvent,
    ParameterSet,
    Review,
    new_id,
)
from app.progress.store import Store, StoreProblem
from app.study.clock import Clock, milliseconds
from app.study.scheduling import Memory, Parameters, Phase, Scheduler
from app.study.views import Rating

Outlook = tuple[Memory, Memory, Memory, Memory]


class Journal:
    """Writes one learner's log and keeps the memories in step with it."""

    def __init__(
        self, store: Store, clock: Clock, parameters: Parameters, *, seed: int | None = None
    ) -> None:
        """Logs `parameters` unless they are the set logged last. `seed` makes ids repeatable."""
        self._store = store
        self._clock = clock
        with store.reading():
            known = store.log.parameters()
            counter = store.log.counter()
        # The counter keeps another run with the same seed from making the same ids again.
        chance = random.Random(f"{seed}:{counter}")  # noqa: S311
        self._bits = secrets.randbits if seed is None else chance.getrandbits
        self.schedulers: dict[str, Scheduler] = schedulers(known, store)
        wanted = _logged(parameters)
        if known and known[-1][1] == wanted:
            self._current = known[-1][0]
            return
        self._current = self.new_id()
        at, day = self._moment()
        event = NewEvent(self._current, at, day, EventKind.PARAMETERS, parameters=wanted)
        with store.transaction():
            store.log.append(event)
        self.schedulers[self._current] = Scheduler(parameters)

    @property
    def scheduler(self) -> Scheduler:
        """The scheduler of new reviews."""
        return self.schedulers[self._current]

    def new_id(self) -> str:
        """An id for an event that may come."""
        return new_id(milliseconds(self._clock.now()), self._bits)

    def memory(self, item: int) -> Memory | None:
        """What is remembered of an item."""
        with self._store.reading():
            return memory_of(self._store.memories.get(item))

    def outlook(self, memory: Memory | None, review: str) -> Outlook:
        """What each rating of the review with that id would lead to, were it given now."""
        return self.scheduler.outlook(memory, review, *self._moment())

    def review(
        self,
        review: str,
        item: int,
        name: str,
        rating: Rating,
        answer: Answer,
        *,
        also: Callable[[], None] | None = None,
    ) -> Outlook:
        """Log a review; returns what each rating leads to, that rating's having been written.

        `also` writes more in the same transaction, after the review.
        """
        at, day = self._moment()
        event = NewEvent(
            id=review,
            at=at,
            day=day,
            kind=EventKind.REVIEW,
            item=name,
            rating=int(rating),
            answer=replace(answer, parameters=self._current),
        )
        with self._store.transaction():
            before = memory_of(self._store.memories.get(item))
            outlook = self.scheduler.outlook(before, review, at, day)
            self._store.log.append(event)
            self._store.memories.put(item, row_of(outlook[rating - 1]))
            if also is not None:
                also()
        return outlook

    def practise(self, name: str, answer: Answer) -> None:
        """Log an answer that is not scheduled."""
        at, day = self._moment()
        event = NewEvent(self.new_id(), at, day, EventKind.PRACTICE, item=name, answer=answer)
        with self._store.transaction():
            self._store.log.append(event)

    def rerate(self, review: str, item: int, rating: Rating) -> Memory | None:
        """Let a review count as another rating; returns the item's memory."""
        at, day = self._moment()
        event = NewEvent(
            self.new_id(), at, day, EventKind.RERATE, target=review, rating=int(rating)
        )
        with self._store.transaction():
            self._store.log.append(event)
            self.replay_all([item])
            return memory_of(self._store.memories.get(item))

    def replay(self, item: int) -> Memory | None:
        """The memory that the log says an item has."""
        return replay(self._store.log.reviews(item), self.schedulers)

    def replay_all(self, items: Iterable[int]) -> None:
        """Write these items' memories anew. Call inside a transaction."""
        for item in items:
            memory = self.replay(item)
            self._store.memories.put(item, None if memory is None else row_of(memory))

    def _moment(self) -> tuple[int, int]:
        now = self._clock.now()
        return milliseconds(now), self._clock.day(now)


def replay(reviews: Iterable[Review], known: Mapping[str, Scheduler]) -> Memory | None:
    """The memory after these reviews, those in force since the last reset, in order."""
    memory: Memory | None = None
    for review in reviews:
        if review.in_force and not review.forgotten:
            scheduler = known[review.parameters]
            memory = scheduler.after(
                memory, Rating(review.rating), review.order.id, review.at, review.day
            )
    return memory


def schedulers(logged: Iterable[tuple[str, ParameterSet]], store: Store) -> dict[str, Scheduler]:
    """A scheduler for every logged parameter set. Raises `StoreProblem` for a version from the
    future, or for values no scheduler takes."""
    found = {}
    for event, values in logged:
        try:
            found[event] = Scheduler(
                Parameters(
                    weights=values.weights,
                    desired_retention=values.desired_retention,
                    learning_steps=values.learning_steps,
                    relearning_steps=values.relearning_steps,
                    maximum_interval=values.maximum_interval,
                    fuzz=values.fuzz,
                    scheduler=values.scheduler,
                )
            )
        except ValueError as error:
            details = {"path": str(store.path), "revision": values.scheduler, "reason": str(error)}
            raise StoreProblem("newer", details) from error
    return found


def _logged(parameters: Parameters) -> ParameterSet:
    return ParameterSet(
        scheduler=parameters.scheduler,
        weights=parameters.weights,
        desired_retention=parameters.desired_retention,
        learning_steps=parameters.learning_steps,
        relearning_steps=parameters.relearning_steps,
        maximum_interval=parameters.maximum_interval,
        fuzz=parameters.fuzz,
    )


def memory_of(row: MemoryRow | None) -> Memory | None:
    """What the store keeps, as a memory."""
    if row is None:
        return None
    return Memory(
        Phase(row.phase),
        row.step,
        row.stability,
        row.difficulty,
        row.due_at,
        row.due_day,
        row.first_day,
        row.last_day,
        row.last_at,
        row.reviews,
        row.lapses,
    )


def row_of(memory: Memory) -> MemoryRow:
    """A memory as the store keeps it."""
    return MemoryRow(
        int(memory.phase),
        memory.step,
        memory.stability,
        memory.difficulty,
        memory.due_at,
        memory.due_day,
        memory.first_day,
        memory.last_day,
        memory.last_at,
        memory.reviews,
        memory.lapses,
    )
