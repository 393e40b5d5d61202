"""The log's events and the rows derived from them, as plain frozen data.

Promise: no database, no clock. The log is the truth: an event is never changed or removed; what it
says may only be answered by a later event (`rerate`, `undo`, `redo`). Times are milliseconds since
1970 (UTC), days study-day ordinals, ids lower-case hexadecimal UUIDs. What a learner says of an
item (suspend, bury, flag, note) stands until the same is said anew: `app.progress.saying`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class EventKind(StrEnum):
    """What an event says."""

    REVIEW = "review"
    """An item was answered and counts."""
    RERATE = "rerate"
    """The review `target` counts as `rating` instead."""
    UNDO = "undo"
    """The event `target` is not in force."""
    REDO = "redo"
    """The event `target` is in force again."""
    PRACTICE = "practice"
    """An item was answered without being scheduled."""
    PARAMETERS = "parameters"
    """From here on reviews are scheduled under these parameters."""
    SUSPEND = "suspend"
    """The item comes no more, or again: `{"on": bool}`."""
    BURY = "bury"
    """The item comes again on that study day, 0 for at once: `{"until": day}`."""
    FLAG = "flag"
    """`{"flag": 0..4}`: none, red, orange, green, blue."""
    NOTE = "note"
    """The learner's own words on the item, empty to remove them: `{"text": str}`."""
    RESET = "reset"
    """The item is new again: its reviews before this build no memory, and stay in history."""


SAID = (EventKind.SUSPEND, EventKind.BURY, EventKind.FLAG, EventKind.NOTE)
"""What a learner says of an item."""
ACTIONS = (EventKind.REVIEW, EventKind.RESET, *SAID)
"""What an undo takes back, the newest first."""
FLAGS = 4
"""Flags are 1 to this; 0 is none."""


class StepKind(StrEnum):
    """What happened in a drill."""

    ASKED = "asked"
    """A question was shown; again, where it had been skipped."""
    ANSWERED = "answered"
    SKIPPED = "skipped"
    """Left without an answer: for later, or for good."""
    FLAGGED = "flagged"
    UNFLAGGED = "unflagged"
    PAUSED = "paused"
    RESUMED = "resumed"
    """Taken up again, after a pause or after the process was lost."""
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a review or a practice answer was about."""

    pack_version: str
    content_hash: str
    proposed: int | None
    """The rating an exercise proposed; None for a card."""
    seconds: float
    hints: int
    seed: int
    draw: str
    """Drawn values as a JSON object."""
    typed: str | None = None
    measured: str | None = None
    """The measured truth as JSON."""
    verdict: str | None = None
    mistake: str | None = None
    parameters: str | None = None
    """Id of the parameter set a review was scheduled under; None for practice."""


@dataclass(frozen=True, slots=True)
class ParameterSet:
    """What a schedule depends on, as logged."""

    scheduler: str
    weights: tuple[float, ...]
    desired_retention: float
    learning_steps: tuple[int, ...]
    relearning_steps: tuple[int, ...]
    maximum_interval: int
    fuzz: bool


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event about to be logged; learner, device and counter are the store's to give."""

    id: str
    at: int
    day: int
    kind: EventKind
    item: str | None = None
    """Full name of the item, as it was called then."""
    target: str | None = None
    rating: int | None = None
    answer: Answer | None = None
    parameters: ParameterSet | None = None
    payload: str | None = None
    """JSON object; its keys stand with the kinds."""
    act: str | None = None
    """Shared by the events of one action of the person; None is the event's own id."""


@dataclass(frozen=True, slots=True)
class Order:
    """An event's place in the log, the same wherever logs are merged."""

    counter: int
    device: str
    id: str

    def key(self) -> tuple[int, str, str]:
        """By what events are sorted."""
        return self.counter, self.device, self.id


@dataclass(frozen=True, slots=True)
class Review:
    """A review as the log tells it now: `rating` is the last rerate's, if one is in force."""

    order: Order
    item: str
    at: int
    day: int
    rating: int
    parameters: str
    in_force: bool
    forgotten: bool = False
    """A reset in force came after it: it builds no memory."""


@dataclass(frozen=True, slots=True)
class MemoryRow:
    """A scheduler's state of one item, the cache of its reviews in force."""

    phase: int
    step: int
    stability: float
    difficulty: float
    due_at: int | None
    due_day: int
    first_day: int
    last_day: int
    last_at: int
    reviews: int
    lapses: int


@dataclass(frozen=True, slots=True)
class Acted:
    """One event of an action: what was done to which item, and for a review what was drawn."""

    event: str
    kind: EventKind
    item: int
    name: str
    """What the item is called now."""
    seed: int = 0
    draw: str = "{}"


@dataclass(frozen=True, slots=True)
class Undone:
    """An action that was taken back, or brought back: what it was and the items it was about."""

    kind: EventKind
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How an item stands with a learner. `buried_until` is the first study day on which it comes
    again, 0 where it never was put off."""

    suspended: bool = False
    buried_until: int = 0
    flag: int = 0
    note: str = ""

    def asleep(self, day: int) -> bool:
        """Whether the item does not come on that study day."""
        return self.suspended or self.buried_until > day


PLAIN = Standing()
"""An item of which nothing was said."""


@dataclass(frozen=True, slots=True)
class Turn:
    """An event that decides about another: an undo, a redo or a rerate of `target`."""

    order: Order
    kind: EventKind
    target: str
    rating: int | None = None


@dataclass(slots=True)
class Turns:
    """All turns that concern some reviews, asked for what they amount to."""

    by_target: Mapping[str, list[Turn]] = field(default_factory=dict)

    @classmethod
    def of(cls, turns: Iterable[Turn]) -> Turns:
        """Grouped by target, oldest first."""
        grouped: dict[str, list[Turn]] = {}
        for turn in sorted(turns, key=lambda t: t.order.key()):
            grouped.setdefault(turn.target, []).append(turn)
        return cls(grouped)

    def in_force(self, event: str) -> bool:
        """Whether an event counts: unless its last undo or redo is an undo."""
        last = next(
            (
                turn.kind
                for turn in reversed(self.by_target.get(event, ()))
                if turn.kind in (EventKind.UNDO, EventKind.REDO)
            ),
            EventKind.REDO,
        )
        return last is not EventKind.UNDO

    def rating(self, review: str, given: int) -> int:
        """What a review counts as: its last rerate in force, else the rating given."""
        for turn in reversed(self.by_target.get(review, ())):
            if turn.kind is EventKind.RERATE and turn.rating and self.in_force(turn.order.id):
                return turn.rating
        return given


def new_id(at: int, random_bits: Callable[[int], int]) -> str:
    """A UUID of version 7 at that millisecond: ids made later sort later, so an index grows at
    its end."""
    value = (at & (1 << 48) - 1) << 80 | random_bits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return f"{value:032x}"
