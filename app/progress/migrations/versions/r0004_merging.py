"""Merging: other ids of the same learner, and steps of a drill that went on in two places.

Revision ID: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Build both tables, then refuse changes of what is a log."""
    op.create_table(
        "learner_alias",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("learner", _KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["learner"], ["learner.key"], name=op.f("fk_learner_alias_learner")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learner_alias")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "drill_step_apart",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("round", _KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("parent", sa.String(length=32), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("question", sa.Integer(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "kind IN ('asked', 'answered', 'skipped', 'flagged', 'unflagged', 'paused', "
            "'resumed', 'ended')",
            name=op.f("ck_drill_step_apart_kind"),
        ),
        sa.ForeignKeyConstraint(["event"], ["event.id"], name=op.f("fk_drill_step_apart_event")),
        sa.ForeignKeyConstraint(
            ["round"], ["drill_round.key"], name=op.f("fk_drill_step_apart_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drill_step_apart")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_drill_step_apart_round"), "drill_step_apart", ["round"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER drill_step_apart_no_{change.lower()} BEFORE {change} "
                f"ON drill_step_apart BEGIN SELECT RAISE(ABORT, 'the log is never changed'); END"
            )
