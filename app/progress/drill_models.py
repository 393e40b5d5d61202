"""The tables of drills, as SQLAlchemy declares them.

Promise: as `app.progress.models`. `drill_round`, `drill_step` and `drill_step_apart` are a log;
`drill_clock` is overwritten.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Double, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.progress.base import Base, Id, Key
from app.progress.events import StepKind

STEPS = ", ".join(f"'{kind}'" for kind in StepKind)


class DrillRoundRow(Base):
    """A drill as it was begun. `setup` and `packs` are JSON; `luck` fixes what is left to chance.

    `packs` holds each pack's version and, of what was planned, which text of each item was meant.
    """

    __tablename__ = "drill_round"
    key: Mapped[int] = mapped_column(Key, primary_key=True)
    id: Mapped[str] = mapped_column(Id, unique=True)
    learner: Mapped[int] = mapped_column(ForeignKey("learner.key"), index=True)
    device: Mapped[int] = mapped_column(ForeignKey("device.key"))
    at: Mapped[int] = mapped_column(BigInteger)
    day: Mapped[int] = mapped_column(Integer)
    setup: Mapped[str] = mapped_column(Text)
    luck: Mapped[int] = mapped_column(BigInteger)
    packs: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))


class DrillStepRow(Base):
    """What happened in a drill, in the order of `position`, from 1. `event` is its review."""

    __tablename__ = "drill_step"
    round: Mapped[int] = mapped_column(ForeignKey("drill_round.key"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(16))
    question: Mapped[int | None] = mapped_column(Integer)
    payload: Mapped[str] = mapped_column(Text)
    event: Mapped[str | None] = mapped_column(ForeignKey("event.id"))
    __table_args__ = (
        CheckConstraint(f"kind IN ({STEPS})", name="kind"),
        {"sqlite_with_rowid": False},
    )


class DrillStepApartRow(Base):
    """A step of a drill that went on in two places: what happened elsewhere. `id` is the digest
    of the step and of all before it, `parent` the id of the one before."""

    __tablename__ = "drill_step_apart"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    round: Mapped[int] = mapped_column(ForeignKey("drill_round.key"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    parent: Mapped[str | None] = mapped_column(Id)
    at: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(16))
    question: Mapped[int | None] = mapped_column(Integer)
    payload: Mapped[str] = mapped_column(Text)
    event: Mapped[str | None] = mapped_column(ForeignKey("event.id"))
    __table_args__ = (
        CheckConstraint(f"kind IN ({STEPS})", name="kind"),
        {"sqlite_with_rowid": False},
    )


class DrillClockRow(Base):
    """How far the clocks of a drill had run at `at`: what a lost process leaves behind."""

    __tablename__ = "drill_clock"
    round: Mapped[int] = mapped_column(ForeignKey("drill_round.key"), primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)
    question: Mapped[int | None] = mapped_column(Integer)
    question_seconds: Mapped[float] = mapped_column(Double)
    round_seconds: Mapped[float] = mapped_column(Double)
