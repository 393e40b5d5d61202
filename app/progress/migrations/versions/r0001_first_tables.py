"""First tables: the log, its caches, the catalogue.

Revision ID: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_LOG = ("event", "answer", "parameter_set")


def upgrade() -> None:
    """Build every table, then refuse changes of the log."""
    _catalogue()
    _log()
    _caches()
    if op.get_bind().dialect.name == "sqlite":
        for table in _LOG:
            for change in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, 'the log is never changed'); END"
                )


def _catalogue() -> None:
    op.create_table(
        "catalogue",
        sa.Column("key", _KEY, nullable=False),
        sa.Column("packs", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_catalogue")),
    )
    op.create_table(
        "topic",
        sa.Column("key", _KEY, nullable=False),
        sa.Column("pack", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("chapter", sa.String(length=200), nullable=False),
        sa.Column("chapter_title", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_topic")),
        sa.UniqueConstraint("pack", "name", name=op.f("uq_topic_pack_name")),
    )
    op.create_table(
        "item",
        sa.Column("key", _KEY, nullable=False),
        sa.Column("name", sa.String(length=600), nullable=False),
        sa.Column("topic", _KEY, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["topic"], ["topic.key"], name=op.f("fk_item_topic")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_item")),
        sa.UniqueConstraint("name", name=op.f("uq_item_name")),
    )
    op.create_index(op.f("ix_item_topic"), "item", ["topic"], unique=False)
    op.create_table(
        "item_name",
        sa.Column("key", _KEY, nullable=False),
        sa.Column("name", sa.String(length=600), nullable=False),
        sa.Column("item", _KEY, nullable=False),
        sa.ForeignKeyConstraint(["item"], ["item.key"], name=op.f("fk_item_name_item")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_item_name")),
        sa.UniqueConstraint("name", name=op.f("uq_item_name_name")),
    )
    op.create_index(op.f("ix_item_name_item"), "item_name", ["item"], unique=False)


def _log() -> None:
    op.create_table(
        "device",
        sa.Column("key", _KEY, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_device")),
        sa.UniqueConstraint("id", name=op.f("uq_device_id")),
    )
    op.create_table(
        "learner",
        sa.Column("key", _KEY, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_learner")),
        sa.UniqueConstraint("id", name=op.f("uq_learner_id")),
    )
    op.create_table(
        "event",
        sa.Column("key", _KEY, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("learner", _KEY, nullable=False),
        sa.Column("device", _KEY, nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("item", _KEY, nullable=True),
        sa.Column("target", sa.String(length=32), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('review', 'rerate', 'undo', 'redo', 'practice', 'parameters', "
            "'suspend', 'bury', 'flag', 'note')",
            name=op.f("ck_event_kind"),
        ),
        sa.CheckConstraint("rating BETWEEN 1 AND 4", name=op.f("ck_event_rating")),
        sa.ForeignKeyConstraint(["device"], ["device.key"], name=op.f("fk_event_device")),
        sa.ForeignKeyConstraint(["item"], ["item_name.key"], name=op.f("fk_event_item")),
        sa.ForeignKeyConstraint(["learner"], ["learner.key"], name=op.f("fk_event_learner")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_event")),
        sa.UniqueConstraint("id", name=op.f("uq_event_id")),
    )
    op.create_index("ix_event_counter", "event", ["counter"], unique=False)
    op.create_index(
        "ix_event_day",
        "event",
        ["learner", "day", "item", "kind"],
        unique=False,
        sqlite_where=sa.text("kind = 'review'"),
    )
    op.create_index(
        "ix_event_item",
        "event",
        ["item", "learner"],
        unique=False,
        sqlite_where=sa.text("kind = 'review'"),
    )
    op.create_index(
        "ix_event_parameters",
        "event",
        ["counter"],
        unique=False,
        sqlite_where=sa.text("kind = 'parameters'"),
    )
    op.create_index(
        "ix_event_target",
        "event",
        ["target"],
        unique=False,
        sqlite_where=sa.text("target IS NOT NULL"),
    )
    op.create_index(
        "ix_event_undone",
        "event",
        ["learner", "day", "target"],
        unique=False,
        sqlite_where=sa.text("kind = 'undo'"),
    )
    op.create_table(
        "answer",
        sa.Column("event", _KEY, nullable=False),
        sa.Column("pack_version", sa.String(length=40), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("parameters", sa.String(length=32), nullable=True),
        sa.Column("proposed", sa.Integer(), nullable=True),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("hints", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("draw", sa.Text(), nullable=False),
        sa.Column("typed", sa.Text(), nullable=True),
        sa.Column("measured", sa.Text(), nullable=True),
        sa.Column("verdict", sa.String(length=16), nullable=True),
        sa.Column("mistake", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["event"], ["event.key"], name=op.f("fk_answer_event")),
        sa.PrimaryKeyConstraint("event", name=op.f("pk_answer")),
    )
    op.create_index(
        "ix_answer_mistake",
        "answer",
        ["event"],
        unique=False,
        sqlite_where=sa.text("mistake IS NOT NULL"),
    )
    op.create_table(
        "parameter_set",
        sa.Column("event", _KEY, nullable=False),
        sa.Column("scheduler", sa.String(length=40), nullable=False),
        sa.Column("weights", sa.Text(), nullable=False),
        sa.Column("desired_retention", sa.Double(), nullable=False),
        sa.Column("learning_steps", sa.Text(), nullable=False),
        sa.Column("relearning_steps", sa.Text(), nullable=False),
        sa.Column("maximum_interval", sa.Integer(), nullable=False),
        sa.Column("fuzz", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["event"], ["event.key"], name=op.f("fk_parameter_set_event")),
        sa.PrimaryKeyConstraint("event", name=op.f("pk_parameter_set")),
    )


def _caches() -> None:
    op.create_table(
        "fresh",
        sa.Column("learner", _KEY, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("item", _KEY, nullable=False),
        sa.Column("topic", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["item.key"], name=op.f("fk_fresh_item")),
        sa.ForeignKeyConstraint(["learner"], ["learner.key"], name=op.f("fk_fresh_learner")),
        sa.PrimaryKeyConstraint("learner", "rank", "item", name=op.f("pk_fresh")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_fresh_item", "fresh", ["item"], unique=False)
    op.create_index("ix_fresh_topic", "fresh", ["learner", "topic", "rank"], unique=False)
    op.create_table(
        "memory",
        sa.Column("learner", _KEY, nullable=False),
        sa.Column("item", _KEY, nullable=False),
        sa.Column("topic", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("phase", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("stability", sa.Double(), nullable=False),
        sa.Column("difficulty", sa.Double(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("due_day", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Integer(), nullable=False),
        sa.Column("last_day", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("lapses", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["item.key"], name=op.f("fk_memory_item")),
        sa.ForeignKeyConstraint(["learner"], ["learner.key"], name=op.f("fk_memory_learner")),
        sa.PrimaryKeyConstraint("learner", "item", name=op.f("pk_memory")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_memory_due",
        "memory",
        ["learner", "due_day", "item", "topic", "active", "due_at"],
        unique=False,
        sqlite_where=sa.text("active = 1 AND due_at IS NULL"),
    )
    op.create_index("ix_memory_first", "memory", ["learner", "first_day"], unique=False)
    op.create_index(
        "ix_memory_steps",
        "memory",
        ["learner", "due_at", "item", "topic", "due_day", "active"],
        unique=False,
        sqlite_where=sa.text("active = 1 AND due_at IS NOT NULL"),
    )
