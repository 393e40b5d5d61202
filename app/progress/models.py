"""The tables, as SQLAlchemy declares them.

Promise: exactly what the migrations build (a test compares them). `event`, `answer` and
`parameter_set` are the log, `drill_round`, `drill_step` and `drill_step_apart` the log of drills:
triggers refuse every update and delete. `memory`, `standing` and `fresh` are caches that
`app.study.doctor` proves against the log and the catalogue; `topic`, `item` and `item_name` are
the catalogue, a mirror of the packs. Every row of a learner names the learner.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Double,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.progress.base import Base, Id, Key
from app.progress.drill_models import DrillClockRow, DrillRoundRow, DrillStepApartRow, DrillStepRow
from app.progress.events import SAID, EventKind

__all__ = [
    "AnswerRow", "Base", "CatalogueRow", "DeviceRow", "DrillClockRow", "DrillRoundRow",
    "DrillStepApartRow", "DrillStepRow", "EventRow", "FreshRow", "ItemNameRow", "ItemRow",
    "LearnerAliasRow", "LearnerRow", "MemoryTable", "ParameterSetRow", "StandingRow", "TopicRow",
]  # fmt: skip

KINDS = ", ".join(f"'{kind}'" for kind in EventKind)
WORDS = ", ".join(f"'{kind}'" for kind in (*SAID, EventKind.RESET))


class LearnerRow(Base):
    """A person who studies."""

    __tablename__ = "learner"
    key: Mapped[int] = mapped_column(Key, primary_key=True)
    id: Mapped[str] = mapped_column(Id, unique=True)
    created: Mapped[int] = mapped_column(BigInteger)


class LearnerAliasRow(Base):
    """Another id of a learner: what a file merged here called the same person."""

    __tablename__ = "learner_alias"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    learner: Mapped[int] = mapped_column(ForeignKey("learner.key"))
    __table_args__ = ({"sqlite_with_rowid": False},)


class DeviceRow(Base):
    """A place where answers are given. `own` marks this file's."""

    __tablename__ = "device"
    key: Mapped[int] = mapped_column(Key, primary_key=True)
    id: Mapped[str] = mapped_column(Id, unique=True)
    own: Mapped[bool] = mapped_column(Boolean)
    created: Mapped[int] = mapped_column(BigInteger)


class CatalogueRow(Base):
    """Which packs the catalogue mirrors: one row."""

    __tablename__ = "catalogue"
    key: Mapped[int] = mapped_column(Key, primary_key=True)
    packs: Mapped[str] = mapped_column(Text)


class TopicRow(Base):
    """A topic of a pack. Titles are JSON: a string, or one per language."""

    __tablename__ = "topic"
    key: Mapped[int] = mapped_column(Key, primary_key=True)
    pack: Mapped[str] = mapped_column(String(200))
    pack_title: Mapped[str] = mapped_column(Text, server_default=text("'\"\"'"))
    name: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(Text)
    chapter: Mapped[str] = mapped_column(String(200))
    chapter_title: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(Integer)
    present: Mapped[bool] = mapped_column(Boolean)
    __table_args__ = (UniqueConstraint("pack", "name"),)


class ItemRow(Base):
    """A card or an exercise. One no longer in any pack is kept with `present` false.

    `rank` is its place in the order of teaching over all packs.
    """

    __tablename__ = "item"
    key: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(String(600), unique=True)
    topic: Mapped[int] = mapped_column(ForeignKey("topic.key"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    level: Mapped[int] = mapped_column(Integer)
    rank: Mapped[int] = mapped_column(Integer)
    content_hash: Mapped[str] = mapped_column(String(64))
    present: Mapped[bool] = mapped_column(Boolean)


class ItemNameRow(Base):
    """Every name an item has had in the log or has in a pack; a rename points it elsewhere."""

    __tablename__ = "item_name"
    key: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(String(600), unique=True)
    item: Mapped[int] = mapped_column(ForeignKey("item.key"), index=True)


class EventRow(Base):
    """What happened, in the order (counter, device, id)."""

    __tablename__ = "event"
    key: Mapped[int] = mapped_column(Key, primary_key=True)
    id: Mapped[str] = mapped_column(Id, unique=True)
    learner: Mapped[int] = mapped_column(ForeignKey("learner.key"))
    device: Mapped[int] = mapped_column(ForeignKey("device.key"))
    counter: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[int] = mapped_column(BigInteger)
    day: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(16))
    item: Mapped[int | None] = mapped_column(ForeignKey("item_name.key"))
    target: Mapped[str | None] = mapped_column(Id)
    rating: Mapped[int | None] = mapped_column(Integer)
    payload: Mapped[str | None] = mapped_column(Text)
    act: Mapped[str | None] = mapped_column(Id)
    __table_args__ = (
        CheckConstraint(f"kind IN ({KINDS})", name="kind"),
        CheckConstraint("rating BETWEEN 1 AND 4", name="rating"),
        Index("ix_event_counter", "counter"),
        Index("ix_event_item", "item", "learner", sqlite_where=text("item IS NOT NULL")),
        Index("ix_event_said", "learner", "item", sqlite_where=text(f"kind IN ({WORDS})")),
        Index("ix_event_act", "act", sqlite_where=text("act IS NOT NULL")),
        Index("ix_event_target", "target", sqlite_where=text("target IS NOT NULL")),
        Index(
            "ix_event_day", "learner", "day", "item", "kind", sqlite_where=text("kind = 'review'")
        ),
        Index(
            "ix_event_undone",
            "learner",
            "day",
            "target",
            sqlite_where=text("kind = 'undo'"),
        ),
        Index("ix_event_parameters", "counter", sqlite_where=text("kind = 'parameters'")),
    )


class AnswerRow(Base):
    """The rest of a review or practice event."""

    __tablename__ = "answer"
    event: Mapped[int] = mapped_column(ForeignKey("event.key"), primary_key=True)
    pack_version: Mapped[str] = mapped_column(String(40))
    content_hash: Mapped[str] = mapped_column(String(64))
    parameters: Mapped[str | None] = mapped_column(Id)
    proposed: Mapped[int | None] = mapped_column(Integer)
    seconds: Mapped[float] = mapped_column(Double)
    hints: Mapped[int] = mapped_column(Integer)
    seed: Mapped[int] = mapped_column(BigInteger)
    draw: Mapped[str] = mapped_column(Text)
    typed: Mapped[str | None] = mapped_column(Text)
    measured: Mapped[str | None] = mapped_column(Text)
    verdict: Mapped[str | None] = mapped_column(String(16))
    mistake: Mapped[str | None] = mapped_column(String(200))
    __table_args__ = (
        Index("ix_answer_mistake", "event", sqlite_where=text("mistake IS NOT NULL")),
    )


class ParameterSetRow(Base):
    """The rest of a parameters event; lists are JSON."""

    __tablename__ = "parameter_set"
    event: Mapped[int] = mapped_column(ForeignKey("event.key"), primary_key=True)
    scheduler: Mapped[str] = mapped_column(String(40))
    weights: Mapped[str] = mapped_column(Text)
    desired_retention: Mapped[float] = mapped_column(Double)
    learning_steps: Mapped[str] = mapped_column(Text)
    relearning_steps: Mapped[str] = mapped_column(Text)
    maximum_interval: Mapped[int] = mapped_column(Integer)
    fuzz: Mapped[bool] = mapped_column(Boolean)


class MemoryTable(Base):
    """Cache: one row per learner and reviewed item, a replay of its reviews in force.

    `topic` mirrors the catalogue; `active` says that the item is present and awake (neither
    suspended nor buried today). So what is due is counted from one index. The indexes repeat the
    columns of their own conditions: without them SQLite would read the table.
    """

    __tablename__ = "memory"
    learner: Mapped[int] = mapped_column(ForeignKey("learner.key"), primary_key=True)
    item: Mapped[int] = mapped_column(ForeignKey("item.key"), primary_key=True)
    topic: Mapped[int] = mapped_column(Integer)
    active: Mapped[bool] = mapped_column(Boolean)
    phase: Mapped[int] = mapped_column(Integer)
    step: Mapped[int] = mapped_column(Integer)
    stability: Mapped[float] = mapped_column(Double)
    difficulty: Mapped[float] = mapped_column(Double)
    due_at: Mapped[int | None] = mapped_column(BigInteger)
    due_day: Mapped[int] = mapped_column(Integer)
    first_day: Mapped[int] = mapped_column(Integer)
    last_day: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[int] = mapped_column(BigInteger)
    reviews: Mapped[int] = mapped_column(Integer)
    lapses: Mapped[int] = mapped_column(Integer)
    __table_args__ = (
        Index(
            "ix_memory_due",
            "learner",
            "due_day",
            "item",
            "topic",
            "active",
            "due_at",
            sqlite_where=text("active = 1 AND due_at IS NULL"),
        ),
        Index(
            "ix_memory_steps",
            "learner",
            "due_at",
            "item",
            "topic",
            "due_day",
            "active",
            sqlite_where=text("active = 1 AND due_at IS NOT NULL"),
        ),
        Index("ix_memory_first", "learner", "first_day"),
        {"sqlite_with_rowid": False},
    )


class StandingRow(Base):
    """Cache: one row per learner and item of which something is said that is in force."""

    __tablename__ = "standing"
    learner: Mapped[int] = mapped_column(ForeignKey("learner.key"), primary_key=True)
    item: Mapped[int] = mapped_column(ForeignKey("item.key"), primary_key=True)
    suspended: Mapped[bool] = mapped_column(Boolean)
    buried_until: Mapped[int] = mapped_column(Integer)
    flag: Mapped[int] = mapped_column(Integer)
    note: Mapped[str] = mapped_column(Text)
    __table_args__ = (
        Index("ix_standing_suspended", "learner", "item", sqlite_where=text("suspended = 1")),
        Index(
            "ix_standing_buried",
            "learner",
            "buried_until",
            "item",
            sqlite_where=text("buried_until > 0"),
        ),
        Index("ix_standing_flag", "learner", "flag", "item", sqlite_where=text("flag > 0")),
        {"sqlite_with_rowid": False},
    )


class FreshRow(Base):
    """Cache: one row per learner and item that is present, awake and not remembered."""

    __tablename__ = "fresh"
    learner: Mapped[int] = mapped_column(ForeignKey("learner.key"), primary_key=True)
    rank: Mapped[int] = mapped_column(Integer, primary_key=True)
    item: Mapped[int] = mapped_column(ForeignKey("item.key"), primary_key=True)
    topic: Mapped[int] = mapped_column(Integer)
    __table_args__ = (
        Index("ix_fresh_topic", "learner", "topic", "rank"),
        Index("ix_fresh_item", "item"),
        {"sqlite_with_rowid": False},
    )
