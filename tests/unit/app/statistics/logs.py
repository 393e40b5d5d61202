"""Logs written at once, and the slow way to say what they come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.progress.events import Answer, EventKind, NewEvent, Order, Turn, Turns
from app.progress.store import Store
from app.study.scheduling import Memory, Phase, Scheduler
from app.study.views import Rating

EXERCISE = """exercises:
- {id: e1, kind: number, question: How many?, measure: 'sum(tensor([1.0, 2.0]))', solution: 1 + 2}
"""


@dataclass(frozen=True)
class Given:
    """A review that a test wrote."""

    id: str
    item: str
    day: int
    rating: int
    seconds: float
    mistake: str | None


class Writer:
    """Writes events in one transaction each, with ids that sort as they were given."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.parameters = store.log.parameters()[-1][0]
        self.given: list[Given] = []
        self.turns: list[tuple[EventKind, str, int | None, str]] = []
        self.resets: list[tuple[str, str]] = []
        self._count = 0

    def review(
        self, item: str, day: int, rating: int, seconds: float = 5.0, mistake: str | None = None
    ) -> str:
        """An answer that counts."""
        event = self._id()
        answer = Answer("1.0.0", "", None, seconds, 0, 0, "{}", mistake=mistake,
                        parameters=self.parameters)  # fmt: skip
        self._append(NewEvent(event, day, day, EventKind.REVIEW, item, None, rating, answer))
        self.given.append(Given(event, item, day, rating, seconds, mistake))
        return event

    def practice(
        self, item: str, day: int, seconds: float = 5.0, mistake: str | None = None
    ) -> str:
        """An answer that no review counts."""
        event = self._id()
        answer = Answer("1.0.0", "", None, seconds, 0, 0, "{}", mistake=mistake)
        self._append(NewEvent(event, day, day, EventKind.PRACTICE, item, answer=answer))
        return event

    def turn(self, kind: EventKind, target: str, day: int, rating: int | None = None) -> str:
        """An undo, a redo or a rerate."""
        event = self._id()
        self._append(NewEvent(event, day, day, kind, target=target, rating=rating))
        self.turns.append((kind, target, rating, event))
        return event

    def reset(self, item: str, day: int) -> str:
        """The item is new again."""
        event = self._id()
        self._append(NewEvent(event, day, day, EventKind.RESET, item))
        self.resets.append((event, item))
        return event

    def in_force(self) -> list[Given]:
        """The reviews that count, with what they count as, decided one by one."""
        found = self._decided()
        return [
            Given(one.id, one.item, one.day, found.rating(one.id, one.rating), one.seconds,
                  one.mistake)
            for one in self.given
            if found.in_force(one.id)
        ]  # fmt: skip

    def resets_in_force(self) -> list[tuple[str, str]]:
        """(event, item), oldest first."""
        found = self._decided()
        return [one for one in self.resets if found.in_force(one[0])]

    def _decided(self) -> Turns:
        return Turns.of(
            Turn(Order(int(event, 16), "", event), kind, target, rating)
            for kind, target, rating, event in self.turns
        )

    def _append(self, event: NewEvent) -> None:
        self.store.log.append(event)

    def _id(self) -> str:
        self._count += 1
        return f"{self._count:032x}"


def lived_through(
    writer: Writer, item: str, scheduler: Scheduler
) -> Iterable[tuple[int, float, bool]]:
    """(day, predicted, passed) of the reviews that true retention counts, one review at a time."""
    memory: Memory | None = None
    resets = [event for event, name in writer.resets_in_force() if name == item]
    for review in (one for one in writer.in_force() if one.item == item):
        if any(reset < review.id for reset in resets):
            memory = None
            resets = [reset for reset in resets if reset > review.id]
        if memory is not None and memory.phase is Phase.REVIEW and review.day > memory.last_day:
            yield review.day, scheduler.retrievability(memory, review.day), review.rating > 1
        memory = scheduler.after(memory, Rating(review.rating), review.id, 0, review.day)
