"""Writing and reading drills: rounds, their steps, their clocks.

Promise: rounds and steps are only inserted, a step at a position of its own; a clock is
overwritten. Must not know what a step means for a round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, insert, select, text

from app.progress.events import StepKind
from app.progress.hot import Hot
from app.progress.models import DrillClockRow, DrillRoundRow, DrillStepRow


@dataclass(frozen=True, slots=True)
class NewRound:
    """A round about to be written; learner and device are the store's to give."""

    id: str
    at: int
    day: int
    setup: str
    luck: int
    packs: str
    language: str


@dataclass(frozen=True, slots=True)
class StoredRound:
    """A round as it was begun. `number` is what a person calls it by."""

    number: int
    id: str
    at: int
    day: int
    setup: str
    luck: int
    packs: str
    language: str


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened; `payload` is JSON, `event` the review written with it."""

    at: int
    kind: StepKind
    question: int | None = None
    payload: str = "{}"
    event: str | None = None


@dataclass(frozen=True, slots=True)
class RoundClock:
    """How far a round's clocks had run at that moment."""

    at: int
    question: int | None
    question_seconds: float
    round_seconds: float


_ROUND = select(
    DrillRoundRow.key,
    DrillRoundRow.id,
    DrillRoundRow.at,
    DrillRoundRow.day,
    DrillRoundRow.setup,
    DrillRoundRow.luck,
    DrillRoundRow.packs,
    DrillRoundRow.language,
).where(DrillRoundRow.learner == bindparam("learner"))
_ONE = _ROUND.where(DrillRoundRow.key == bindparam("number"))
_ALL = _ROUND.order_by(DrillRoundRow.key)
_INSERT_STEP = insert(DrillStepRow)
_LAST = select(func.max(DrillStepRow.position)).where(DrillStepRow.round == bindparam("number"))
_STEP_COLUMNS = ("round", "position", "at", "kind", "question", "payload", "event")
_STEPS = (
    select(
        DrillStepRow.at,
        DrillStepRow.kind,
        DrillStepRow.question,
        DrillStepRow.payload,
        DrillStepRow.event,
    )
    .where(DrillStepRow.round == bindparam("number"))
    .order_by(DrillStepRow.position)
)
_CLOCK = select(
    DrillClockRow.at,
    DrillClockRow.question,
    DrillClockRow.question_seconds,
    DrillClockRow.round_seconds,
).where(DrillClockRow.round == bindparam("number"))
_SET_CLOCK = """INSERT INTO drill_clock (round, at, question, question_seconds, round_seconds)
    VALUES (:number, :at, :question, :question_seconds, :round_seconds)
    ON CONFLICT (round) DO UPDATE SET at = excluded.at, question = excluded.question,
    question_seconds = excluded.question_seconds, round_seconds = excluded.round_seconds"""
UNSOUND = {
    "steps-missing": """SELECT round FROM drill_step GROUP BY round
        HAVING count(*) <> max(position) OR min(position) <> 1""",
    "review-missing": """SELECT s.round FROM drill_step s
        LEFT JOIN event e ON e.id = s.event AND e.kind = 'review'
        WHERE s.event IS NOT NULL AND e.key IS NULL""",
    "step-unreadable": "SELECT round FROM drill_step WHERE json_valid(payload) = 0",
    "setup-unreadable": """SELECT key FROM drill_round
        WHERE json_valid(setup) = 0 OR json_valid(packs) = 0""",
}


class Rounds:
    """One learner's drills in one file."""

    def __init__(self, connection: Connection, learner: int, device: int) -> None:
        self._connection = connection
        self._learner = learner
        self._device = device
        self._insert_step = Hot(connection, _INSERT_STEP, _STEP_COLUMNS)
        self._set_clock = text(_SET_CLOCK)

    def add(self, new: NewRound) -> int:
        """Write a round; returns its number. Call inside a transaction."""
        done = self._connection.execute(
            insert(DrillRoundRow),
            {
                "id": new.id,
                "learner": self._learner,
                "device": self._device,
                "at": new.at,
                "day": new.day,
                "setup": new.setup,
                "luck": new.luck,
                "packs": new.packs,
                "language": new.language,
            },
        )
        return int(done.lastrowid)

    def get(self, number: int) -> StoredRound | None:
        """The round of that number."""
        values = {"learner": self._learner, "number": number}
        row = self._connection.execute(_ONE, values).first()
        return None if row is None else StoredRound(*row)

    def all(self) -> list[StoredRound]:
        """Every round, oldest first."""
        rows = self._connection.execute(_ALL, {"learner": self._learner})
        return [StoredRound(*row) for row in rows]

    def append(self, number: int, step: Step, position: int) -> None:
        """Write a step of that round, at that position. Call inside a transaction."""
        self._insert_step(
            {
                "round": number,
                "position": position,
                "at": step.at,
                "kind": step.kind.value,
                "question": step.question,
                "payload": step.payload,
                "event": step.event,
            }
        )

    def last(self, number: int) -> int:
        """The position of the round's last step; 0 where there is none."""
        return self._connection.execute(_LAST, {"number": number}).scalar() or 0

    def steps(self, number: int) -> Sequence[Step]:
        """Everything that happened in that round, in order."""
        return [
            Step(row.at, StepKind(row.kind), row.question, row.payload, row.event)
            for row in self._connection.execute(_STEPS, {"number": number})
        ]

    def clock(self, number: int) -> RoundClock | None:
        """How far the round's clocks had run when that was last written."""
        row = self._connection.execute(_CLOCK, {"number": number}).first()
        return None if row is None else RoundClock(*row)

    def set_clock(self, number: int, clock: RoundClock) -> None:
        """Write how far the clocks have run. Call inside a transaction."""
        self._connection.execute(
            self._set_clock,
            {
                "number": number,
                "at": clock.at,
                "question": clock.question,
                "question_seconds": clock.question_seconds,
                "round_seconds": clock.round_seconds,
            },
        )

    def damage(self) -> list[tuple[int, str]]:
        """(round, what is wrong with it), empty if nothing is: a code of `UNSOUND`."""
        return [
            (number, code)
            for code, sql in UNSOUND.items()
            for number in sorted({row[0] for row in self._connection.exec_driver_sql(sql)})
        ]

    def count(self) -> int:
        """How many rounds there are."""
        return len(self.all())
