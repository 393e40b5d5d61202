"""Drills: their rounds, what happened in them, their clocks; topics name their pack's title.

Revision ID: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_LOG = ("drill_round", "drill_step")


def upgrade() -> None:
    """Build the tables, then refuse changes of what is a log."""
    op.add_column(
        "topic",
        sa.Column("pack_title", sa.Text(), server_default=sa.text("'\"\"'"), nullable=False),
    )
    op.create_table(
        "drill_round",
        sa.Column("key", _KEY, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("learner", _KEY, nullable=False),
        sa.Column("device", _KEY, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("setup", sa.Text(), nullable=False),
        sa.Column("luck", sa.BigInteger(), nullable=False),
        sa.Column("packs", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["device"], ["device.key"], name=op.f("fk_drill_round_device")),
        sa.ForeignKeyConstraint(["learner"], ["learner.key"], name=op.f("fk_drill_round_learner")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_drill_round")),
        sa.UniqueConstraint("id", name=op.f("uq_drill_round_id")),
    )
    op.create_index(op.f("ix_drill_round_learner"), "drill_round", ["learner"], unique=False)
    op.create_table(
        "drill_step",
        sa.Column("round", _KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("question", sa.Integer(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "kind IN ('asked', 'answered', 'skipped', 'flagged', 'unflagged', 'paused', "
            "'resumed', 'ended')",
            name=op.f("ck_drill_step_kind"),
        ),
        sa.ForeignKeyConstraint(["event"], ["event.id"], name=op.f("fk_drill_step_event")),
        sa.ForeignKeyConstraint(["round"], ["drill_round.key"], name=op.f("fk_drill_step_round")),
        sa.PrimaryKeyConstraint("round", "position", name=op.f("pk_drill_step")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "drill_clock",
        sa.Column("round", _KEY, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("question", sa.Integer(), nullable=True),
        sa.Column("question_seconds", sa.Double(), nullable=False),
        sa.Column("round_seconds", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["round"], ["drill_round.key"], name=op.f("fk_drill_clock_round")),
        sa.PrimaryKeyConstraint("round", name=op.f("pk_drill_clock")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for table in _LOG:
            for change in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, 'the log is never changed'); END"
                )
