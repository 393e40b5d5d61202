"""What learners say of items: payload and act of an event, resets, the cache of what stands.

SQLite cannot widen a CHECK, so `event` is built anew, with every row, index and guard.

Revision ID: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEPT = "key, id, learner, device, counter, at, day, kind, item, target, rating"
_COPY = f"INSERT INTO event_anew ({_KEPT}) SELECT {_KEPT} FROM event ORDER BY key"  # noqa: S608
_INDEXES = (
    ("ix_event_counter", ["counter"], None),
    ("ix_event_item", ["item", "learner"], "item IS NOT NULL"),
    (
        "ix_event_said",
        ["learner", "item"],
        "kind IN ('suspend', 'bury', 'flag', 'note', 'reset')",
    ),
    ("ix_event_act", ["act"], "act IS NOT NULL"),
    ("ix_event_target", ["target"], "target IS NOT NULL"),
    ("ix_event_day", ["learner", "day", "item", "kind"], "kind = 'review'"),
    ("ix_event_undone", ["learner", "day", "target"], "kind = 'undo'"),
    ("ix_event_parameters", ["counter"], "kind = 'parameters'"),
)


def upgrade() -> None:
    """Widen the log, then build the cache. Nothing that older logs say stands in it."""
    _event()
    op.create_table(
        "standing",
        sa.Column("learner", _KEY, nullable=False),
        sa.Column("item", _KEY, nullable=False),
        sa.Column("suspended", sa.Boolean(), nullable=False),
        sa.Column("buried_until", sa.Integer(), nullable=False),
        sa.Column("flag", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["item.key"], name=op.f("fk_standing_item")),
        sa.ForeignKeyConstraint(["learner"], ["learner.key"], name=op.f("fk_standing_learner")),
        sa.PrimaryKeyConstraint("learner", "item", name=op.f("pk_standing")),
        sqlite_with_rowid=False,
    )
    for name, columns, where in (
        ("ix_standing_suspended", ["learner", "item"], "suspended = 1"),
        ("ix_standing_buried", ["learner", "buried_until", "item"], "buried_until > 0"),
        ("ix_standing_flag", ["learner", "flag", "item"], "flag > 0"),
    ):
        op.create_index(name, "standing", columns, unique=False, sqlite_where=sa.text(where))


def _event() -> None:
    op.create_table(
        "event_anew",
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
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("act", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "kind IN ('review', 'rerate', 'undo', 'redo', 'practice', 'parameters', "
            "'suspend', 'bury', 'flag', 'note', 'reset')",
            name=op.f("ck_event_kind"),
        ),
        sa.CheckConstraint("rating BETWEEN 1 AND 4", name=op.f("ck_event_rating")),
        sa.ForeignKeyConstraint(["device"], ["device.key"], name=op.f("fk_event_device")),
        sa.ForeignKeyConstraint(["item"], ["item_name.key"], name=op.f("fk_event_item")),
        sa.ForeignKeyConstraint(["learner"], ["learner.key"], name=op.f("fk_event_learner")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_event")),
        sa.UniqueConstraint("id", name=op.f("uq_event_id")),
    )
    op.execute(_COPY)
    op.drop_table("event")  # the guards go with it, and do not see it go
    op.rename_table("event_anew", "event")
    for name, columns, where in _INDEXES:
        condition = None if where is None else sa.text(where)
        op.create_index(name, "event", columns, unique=False, sqlite_where=condition)
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER event_no_{change.lower()} BEFORE {change} ON event "
                f"BEGIN SELECT RAISE(ABORT, 'the log is never changed'); END"
            )
